//! What an outsider can check: signature, digests, sizes, formats, and that the files agree with each other.

use crate::file::{self, Document, FileRef};
use crate::head::{self, Head, Trust};
use crate::lookup::{Problem, Source as _};
use crate::manifest::{Manifest, Regency};
use crate::publish::source::Site;
use crate::region::{Code, Directory, Names, Tables};
use crate::station::StationList;
use crate::table::Table;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Files of the app that a page cannot do without.
const APP: [&str; 3] = ["index.html", "pkg/bilik.js", "pkg/bilik_bg.wasm"];
/// The longest of these that is read.
const LONGEST_APP_FILE: u32 = 4 << 20;

/// What was found.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Files {
    /// The election's id; empty where the head was refused.
    pub election: String,
    /// The head's serial.
    pub serial: u64,
    /// When it was signed, in UTC.
    pub signed_at: String,
    /// Until when it answers, in UTC.
    pub expires: String,
    /// It answers no longer.
    pub expired: bool,
    /// Files that were read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Sealed tables among them.
    pub tables: u64,
    /// Stations in the lists.
    pub stations: u64,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Reads every file of a site, `told` of each. Nothing is decoded that its parent does not vouch for.
pub fn check_files(site: &Site, trust: &Trust, told: &dyn Fn(u64)) -> Files {
    let mut check = Check { site, told, found: Files::default(), seen: BTreeSet::new(), addressable: BTreeMap::new() };
    check.root(trust);
    for path in APP {
        if let Err(error) = site.read(path, LONGEST_APP_FILE) {
            check.found.problems.push(Problem::unreachable(&site.name(), path, format!("{error:#}")));
        }
    }
    check.found
}

struct Check<'a> {
    site: &'a Site,
    told: &'a dyn Fn(u64),
    found: Files,
    seen: BTreeSet<FileRef>,
    /// Addressable stations by district, from the directories read so far.
    addressable: BTreeMap<u32, u32>,
}

impl Check<'_> {
    fn root(&mut self, trust: &Trust) {
        let bytes = match self.site.read(head::PATH, head::LONGEST) {
            Ok(bytes) => bytes,
            Err(error) => {
                return self.found.problems.push(Problem::unreachable(&self.site.name(), head::PATH, format!("{error:#}")));
            }
        };
        self.count(bytes.len());
        let head = match Head::read(&bytes, trust) {
            Ok(head) => head,
            Err(refusal) => return self.found.problems.push(Problem::refused(&self.site.name(), head::PATH, &refusal)),
        };
        self.found.election.clone_from(&head.election);
        self.found.serial = head.serial;
        self.found.signed_at = crate::date::iso_utc(head.signed_at);
        self.found.expires = crate::date::iso_utc(head.expires);
        self.found.expired = self.site.now() > head.expires;
        let Some(manifest) = self.read::<Manifest>(&head.manifest) else { return };
        if manifest.election.id != head.election {
            self.wrong(&head.manifest.path(Manifest::KIND), "it is for another election than the head");
        }
        self.manifest(&manifest);
    }

    fn manifest(&mut self, manifest: &Manifest) {
        let mut directories = Vec::new();
        for (code, regency) in manifest.regencies() {
            if let Some(directory) = self.read::<Directory>(&regency.directory) {
                self.directory(code, regency, &directory);
                directories.push((regency.directory, directory));
            }
        }
        for province in &manifest.provinces {
            if self.read::<Names>(&province.names).is_some_and(|names| names.province != province.code) {
                self.wrong(&province.names.path(Names::KIND), "it holds the names of another province");
            }
        }
        if let Some(file) = &manifest.elsewhere {
            directories.extend(self.read::<Directory>(file).map(|directory| (*file, directory)));
        }
        let all = manifest.station_count();
        for (file, directory) in directories {
            for tables in &directory.tables {
                self.tables(&file, tables, all);
            }
        }
    }

    fn directory(&mut self, code: Code, regency: &Regency, directory: &Directory) {
        let path = regency.directory.path(Directory::KIND);
        if u64::from(directory.regency) != code.number() {
            self.wrong(&path, "it is the directory of another regency");
        }
        if directory.districts.iter().map(|district| u64::from(district.addressable)).sum::<u64>() != u64::from(regency.stations)
        {
            self.wrong(&path, "its stations are not as many as the manifest says");
        }
        for district in &directory.districts {
            let district_code = code.within(district.code);
            self.addressable.insert(district_code.short(), district.addressable);
            let Some(file) = district.stations else { continue };
            let Some(list) = self.read::<StationList>(&file) else { continue };
            let count = u64::try_from(list.stations.len()).unwrap_or_default();
            self.found.stations += count;
            if list.district != district_code.short() || count < district.addressable.into() {
                self.wrong(&file.path(StationList::KIND), "it is another district's list, or lacks stations that tables lead to");
            }
            if list.stations.iter().any(|station| {
                !district.villages.iter().any(|village| village.code == station.village(district_code).last_four())
            }) {
                self.wrong(&file.path(StationList::KIND), "a station lies in a village that the directory does not know");
            }
        }
    }

    fn tables(&mut self, directory: &FileRef, tables: &Tables, all: u32) {
        let known = |home: &crate::region::Home| self.addressable.get(&home.district) == Some(&home.stations);
        if !tables.homes.iter().all(known) {
            self.wrong(
                &directory.path(Directory::KIND),
                "a table's home district has another number of stations in its own directory",
            );
        }
        let home: u32 = tables.homes.iter().map(|home| home.stations).sum();
        for (file, recipe) in
            tables.full.iter().map(|file| (file, crate::key::Recipe::Full)).chain([(&tables.near, crate::key::Recipe::Near)])
        {
            // A merged table stands in several directories; it is read once.
            if self.seen.contains(file) {
                continue;
            }
            let Some(table) = self.read::<Table>(file) else { continue };
            self.found.tables += 1;
            if table.recipe() != recipe || table.stations() != (home, all) {
                self.wrong(&file.path(Table::KIND), "its recipe or its numbers of stations are not those of the directory");
            }
        }
    }

    fn read<T: Document>(&mut self, file: &FileRef) -> Option<T> {
        let path = file.path(T::KIND);
        self.seen.insert(*file);
        let read = match self.site.read(&path, file.stored) {
            Ok(bytes) => {
                self.count(bytes.len());
                file::read(&bytes, file).map_err(|refusal| Problem::refused(&self.site.name(), &path, &refusal))
            }
            Err(error) => Err(Problem::unreachable(&self.site.name(), &path, format!("{error:#}"))),
        };
        read.map_err(|problem| self.found.problems.push(problem)).ok()
    }

    fn count(&mut self, bytes: usize) {
        self.found.files += 1;
        self.found.bytes += u64::try_from(bytes).unwrap_or_default();
        (self.told)(self.found.files);
    }

    fn wrong(&mut self, path: &str, what: &'static str) {
        self.found.problems.push(Problem::refused(&self.site.name(), path, &file::Refusal::Nonsense(what)));
    }
}
