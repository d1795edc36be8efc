//! What a site says of regions and stations, beside the operator's files. A voter who is led to the right station and reads its old
//! address there goes to the wrong place all the same: a patch was forgotten, or has not come to this mirror.

use super::error::VerifyError;
use super::files::SiteReport;
use super::published::{document, head_of};
use super::said::refused;
use crate::cancel::CancellationToken;
use crate::input::Input;
use crate::patch::differing;
use crate::source::Site;
use bilik::format::{Code, Directory, FileRef, Kind, Manifest, Province, StationList, Trust};
use bilik::lookup::Problem;
use std::collections::HashSet;

/// How many differences are listed.
const MAX_LISTED: usize = 100;

/// Compares names and time zones of regions, contacts, and all that is published of stations with the files of the election folder.
///
/// # Errors
/// When the site cannot be read, or the run is cancelled.
pub fn check_places(
    site: &Site,
    trust: &Trust,
    input: &Input,
    cancel: &CancellationToken,
    found: &mut SiteReport,
) -> Result<(), VerifyError> {
    let head = head_of(site, trust)?;
    let manifest: Manifest = document(site, &head.manifest).map_err(VerifyError::File)?;
    let mut places = Places { site, input, published: HashSet::new(), problems: Vec::new(), omitted: 0 };
    for province in &manifest.provinces {
        places.compare_province(province, &head.manifest.path(Kind::Manifest));
    }
    for (code, regency) in manifest.regencies() {
        cancel.check()?;
        places.compare_regency(code, &regency.directory)?;
    }
    places.compare_missing();
    found.problems.extend(places.problems);
    if places.omitted > 0 {
        let reason = tr::tr!("{} more differences of this kind", places.omitted);
        found.problems.push(refused(site, &input.config.files.stations.to_string(), reason));
    }
    Ok(())
}

struct Places<'a> {
    site: &'a Site,
    input: &'a Input,
    /// The stations of the input that the site has, by their number.
    published: HashSet<u32>,
    problems: Vec<Problem>,
    omitted: u64,
}

impl Places<'_> {
    fn compare_province(&mut self, province: &Province, path: &str) {
        let Some(code) = Code::parse(&format!("{:02}", province.code)) else { return };
        self.compare_name(code, &province.name, path);
        let zone = self.input.config.areas.time_zone(province.code);
        if province.zone != zone {
            let reason = tr::tr!(
                "province {} has the time zone {}, but election.toml says {}. Fix: build again, and upload it",
                code,
                province.zone,
                zone
            );
            self.differs(path, reason);
        }
    }

    fn compare_regency(&mut self, code: Code, file: &FileRef) -> Result<(), VerifyError> {
        let path = file.path(Kind::Directory);
        let directory: Directory = document(self.site, file).map_err(VerifyError::File)?;
        self.compare_name(code, &directory.name, &path);
        // Only a file can say that there is none: it may not be on this machine.
        if self.input.config.files.contacts.is_some() && directory.contact != self.input.contacts.of(code) {
            self.differs(
                &path,
                tr::tr!("regency {} has another contact than the contacts file says. Fix: `bilik patch`, and upload it", code),
            );
        }
        for district in &directory.districts {
            let code = code.within(district.code);
            self.compare_name(code, &district.name, &path);
            for village in &district.villages {
                self.compare_name(code.village(village.code), &village.name, &path);
            }
            if let Some(file) = &district.stations {
                self.compare_stations(code, file)?;
            }
        }
        Ok(())
    }

    fn compare_name(&mut self, code: Code, name: &str, path: &str) {
        match self.input.regions.name(code) {
            Some(known) if known == name => {}
            Some(known) => {
                self.differs(
                    path,
                    tr::tr!("region {} is {}, but the regions file says {}. Fix: build again, and upload it", code, name, known),
                );
            }
            None => self.differs(
                path,
                tr::tr!("region {} is {}, but the regions file has no such code. Fix: build again, and upload it", code, name),
            ),
        }
    }

    fn compare_stations(&mut self, district: Code, file: &FileRef) -> Result<(), VerifyError> {
        let path = file.path(Kind::StationList);
        let list: StationList = document(self.site, file).map_err(VerifyError::File)?;
        let stations = &self.input.stations;
        let name = &self.input.config.files.stations;
        for station in list.present() {
            let id = station.id(district);
            let Some((number, row)) = stations.by_id(&id).and_then(|number| Some((number, stations.get(number)?))) else {
                self.differs(&path, tr::tr!("station {}: no line of {} has it. Fix: build again, and upload it", id, name));
                continue;
            };
            self.published.insert(number);
            if row.village.district_of() != Some(district) {
                self.differs(
                    &path,
                    tr::tr!("station {}: {} has it in village {}. Fix: build again, and upload it", id, name, row.village),
                );
            } else if *station != row.station {
                let fields = differing(station, &row.station, district).into_iter().map(crate::language::translated);
                let fields = fields.collect::<Vec<_>>().join(", ");
                self.differs(
                    &path,
                    tr::tr!("station {}: {} says otherwise: {}. Fix: `bilik patch`, and upload it", id, name, fields),
                );
            }
        }
        Ok(())
    }

    /// Stations of the input that no list has.
    fn compare_missing(&mut self) {
        let name = self.input.config.files.stations.to_string();
        for (number, row) in (0..).zip(self.input.stations.rows()) {
            if !self.published.contains(&number) {
                self.differs(
                    &name,
                    tr::tr!("station {} is in no list of the site. Fix: `bilik patch` or `bilik build`, and upload it", row.id),
                );
            }
        }
    }

    fn differs(&mut self, path: &str, reason: String) {
        if self.problems.len() < MAX_LISTED {
            self.problems.push(refused(self.site, path, reason));
        } else {
            self.omitted += 1;
        }
    }
}
