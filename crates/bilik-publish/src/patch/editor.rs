//! Editing the published stations: lists, directories and the manifest.

use super::change::{StationChange, differing};
use super::error::PatchError;
use super::reading::read;
use crate::cancel::CancellationToken;
use crate::input::PublicInput;
use crate::layout::Layout;
use crate::source::Site;
use crate::staging::{Staging, Written};
use bilik::format::{Code, Directory, District, Document as _, FileRef, Manifest, StationList};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Edits the station lists of a site, and the directories and the manifest that refer to them.
pub(super) struct Editor<'a> {
    site: &'a Site,
    staging: &'a Staging,
    public: &'a PublicInput,
    layout: &'a Layout,
    /// The stations file's name.
    file: String,
    /// The districts that the site has.
    districts: BTreeSet<Code>,
    pub(super) changes: Vec<StationChange>,
    /// The regencies whose contact differs.
    pub(super) contacts: BTreeSet<Code>,
    /// Those of them that have none any more.
    pub(super) removed_contacts: BTreeSet<Code>,
    /// Whether the regions file has other names of regions than the site.
    pub(super) has_other_names: bool,
    /// Why it cannot be done.
    reasons: Vec<String>,
    pub(super) written: Written,
    cancel: &'a CancellationToken,
}

impl<'a> Editor<'a> {
    pub(super) fn new(
        site: &'a Site,
        staging: &'a Staging,
        public: &'a PublicInput,
        layout: &'a Layout,
        cancel: &'a CancellationToken,
    ) -> Self {
        let file = public.config.files.stations.to_string();
        Self {
            site,
            staging,
            public,
            layout,
            file,
            districts: BTreeSet::new(),
            changes: Vec::new(),
            contacts: BTreeSet::new(),
            removed_contacts: BTreeSet::new(),
            has_other_names: false,
            reasons: Vec::new(),
            written: Written::default(),
            cancel,
        }
    }

    /// The manifest with the directories that change. All lists are read: any station may have changed.
    pub(super) fn manifest(&mut self, mut manifest: Manifest) -> Result<Manifest, PatchError> {
        let mut replaced = BTreeMap::new();
        for province in &manifest.provinces {
            let code = format!("{:02}", province.code);
            self.note_name(Code::parse(&code), &province.name);
            // The times of its stations would be told by the one, and shown by the other.
            let zone = self.public.config.areas.time_zone(province.code);
            if zone != province.zone {
                self.reasons.push(tr::tr!(
                    "election.toml: province {} has the time zone {}, but {} in the site",
                    code,
                    zone,
                    province.zone
                ));
            }
        }
        for (code, regency) in manifest.regencies() {
            self.cancel.check()?;
            if let Some(new) = self.directory(code, &regency.directory)? {
                replaced.insert(regency.directory, new);
            }
        }
        for district in self.layout.districts().filter(|district| !self.districts.contains(district)) {
            let count = self.layout.rows_in(district, &self.public.stations).count();
            self.reasons.push(tr::tr!(
                "{}: {} stations are in district {}, which the site does not have",
                self.file,
                count,
                district
            ));
        }
        self.refuse()?;
        for regency in manifest.provinces.iter_mut().flat_map(|province| &mut province.regencies) {
            if let Some(new) = replaced.get(&regency.directory) {
                regency.directory = *new;
            }
        }
        Ok(manifest)
    }

    /// A regency's directory, where its contact or a list of it changes.
    fn directory(&mut self, code: Code, file: &FileRef) -> Result<Option<FileRef>, PatchError> {
        let mut directory: Directory = read(self.site, file)?;
        if u64::from(directory.regency) != code.number() {
            return Err(PatchError::Inconsistent(tr::tr!(
                "{}: not the directory of regency {}",
                file.path(Directory::KIND),
                code
            )));
        }
        self.note_name(Some(code), &directory.name);
        let contact = self.public.contacts.of(code);
        let mut is_changed = directory.contact != contact;
        if is_changed {
            // Only a file can say that there are none: it may not be on this machine.
            if self.public.config.files.contacts.is_none() {
                return Err(PatchError::NoContacts { regency: code });
            }
            if contact.is_none() {
                self.removed_contacts.insert(code);
            }
            directory.contact = contact;
            self.contacts.insert(code);
        }
        for district in &mut directory.districts {
            let code = code.within(district.code);
            self.note_name(Some(code), &district.name);
            for village in &district.villages {
                self.note_name(Some(code.village(village.code)), &village.name);
            }
            if let Some(list) = self.list(code, district)? {
                district.stations = Some(self.staging.add(&list, &mut self.written)?);
                is_changed = true;
            }
        }
        if is_changed { Ok(Some(self.staging.add(&directory, &mut self.written)?)) } else { Ok(None) }
    }

    /// A patch renames nothing.
    fn note_name(&mut self, code: Option<Code>, name: &str) {
        self.has_other_names |= code.and_then(|code| self.public.regions.name(code)) != Some(name);
    }

    /// A district's list, where it changes.
    fn list(&mut self, code: Code, district: &District) -> Result<Option<StationList>, PatchError> {
        self.districts.insert(code);
        let mut list = match &district.stations {
            Some(file) => read(self.site, file)?,
            None => StationList { district: code.short(), stations: Vec::new() },
        };
        if list.district != code.short() {
            return Err(PatchError::Inconsistent(tr::tr!("the station list of district {} is another district's", code)));
        }
        let (public, before) = (self.public, self.changes.len());
        let mut published = HashSet::new();
        for station in list.stations.iter_mut().flatten() {
            let id = station.id(code);
            match public.stations.by_id(&id).and_then(|number| public.stations.get(number)) {
                None => self.reasons.push(tr::tr!(
                    "{}: no line has station {}, which is in the published list of district {} {}",
                    self.file,
                    id,
                    code,
                    district.name
                )),
                Some(row) if row.village.district_of() != Some(code) => self.reasons.push(tr::tr!(
                    "{}: station {} is in village {}, but in the published list of district {} {}",
                    self.file,
                    id,
                    row.village,
                    code,
                    district.name
                )),
                Some(row) if *station != row.station => {
                    let fields = differing(station, &row.station, code);
                    self.change(&id, row.village, district, Some(fields));
                    *station = row.station.clone();
                }
                Some(_) => {}
            }
            published.insert(id);
        }
        for row in self.layout.rows_in(code, &public.stations).flatten().filter(|row| !published.contains(&row.id)) {
            self.change(&row.id, row.village, district, None);
            list.stations.push(Some(row.station.clone()));
        }
        Ok((self.changes.len() > before).then_some(list))
    }

    fn change(&mut self, id: &str, village: Code, district: &District, fields: Option<Vec<&'static str>>) {
        if let Some(known) = district.villages.iter().find(|known| known.code == village.last_four()) {
            self.changes.push(StationChange { id: id.to_owned(), village, village_name: known.name.clone(), fields });
        } else {
            let reason = tr::tr!("{}: station {} is in village {}, which the site does not have", self.file, id, village);
            self.reasons.push(reason);
        }
    }

    /// Refuses what a patch cannot do, with all reasons.
    fn refuse(&self) -> Result<(), PatchError> {
        if self.reasons.is_empty() {
            return Ok(());
        }
        Err(PatchError::Impossible { reasons: self.reasons.clone(), file: self.file.clone() })
    }
}
