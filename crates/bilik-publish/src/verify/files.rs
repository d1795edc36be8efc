//! What an outsider can check: signature, digests, sizes, formats, and that the files agree with each other.

use super::parts::{OTHER_CONTENTS, OTHER_PROVINCES};
use crate::cancel::CancellationToken;
use crate::source::Site;
use bilik::format::{
    self, Code, Directory, Document, Election, FileRef, Head, Manifest, Names, ProvincePart, ProvinceRef, Regency, StationList,
    Tables, Trust,
};
use bilik::lookup::{Problem, Source as _};
use bilik::{Recipe, Table};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// After so long in vain, no more files are requested from a server.
const MAX_WASTED: Duration = Duration::from_secs(40);

/// What was found.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteReport {
    /// The election's id; empty if the head was refused.
    pub election: String,
    /// The head's serial.
    pub serial: u64,
    /// When it was signed, in UTC.
    pub signed_at: String,
    /// Until when it answers, in UTC.
    pub expires: String,
    /// It has expired.
    pub expired: bool,
    /// Files that were read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Sealed tables among them.
    pub tables: u64,
    /// Stations in the lists.
    pub stations: u64,
    /// Pages of villages and stations that say what the lists say.
    pub pages: u64,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What the signed manifest says of the election.
    #[serde(skip)]
    pub signed: Option<Election>,
    /// The path of one good file of each kind.
    #[serde(skip)]
    pub samples: BTreeMap<char, String>,
    /// Time spent on files that did not come.
    #[serde(skip)]
    pub wasted: Duration,
}

impl SiteReport {
    /// Whether the server does not respond: no more is asked of it.
    pub(super) fn is_given_up(&self) -> bool {
        self.wasted > MAX_WASTED
    }
}

/// Reads every file of a site, and calls `on_file` with the number of files so far. No file is decoded before its parent's digest
/// or the signature matches. Ends early when it is cancelled, and when a server stops responding.
pub fn check_files(site: &Site, trust: &Trust, cancel: &CancellationToken, on_file: &dyn Fn(u64)) -> SiteReport {
    let mut check = Check::new(site, cancel, on_file);
    check.root(trust);
    check.found
}

/// The same for the files that another head leads to than the site's: one that is to be published.
pub(crate) fn check_files_of_head(site: &Site, head: &[u8], trust: &Trust, cancel: &CancellationToken) -> SiteReport {
    let mut check = Check::new(site, cancel, &|_| ());
    check.head(head, trust);
    check.found
}

/// The recipe of a table, its check bits, and its numbers of home stations and of all.
type TableFacts = (Recipe, u8, (u32, u32));

struct Check<'a> {
    site: &'a Site,
    cancel: &'a CancellationToken,
    on_file: &'a dyn Fn(u64),
    found: SiteReport,
    seen: BTreeSet<FileRef>,
    /// The tables that were read.
    tables: BTreeMap<FileRef, TableFacts>,
    /// Addressable stations by district, from the directories read so far.
    addressable: BTreeMap<u32, u32>,
}

impl<'a> Check<'a> {
    fn new(site: &'a Site, cancel: &'a CancellationToken, on_file: &'a dyn Fn(u64)) -> Self {
        Self {
            site,
            cancel,
            on_file,
            found: SiteReport::default(),
            seen: BTreeSet::new(),
            tables: BTreeMap::new(),
            addressable: BTreeMap::new(),
        }
    }

    fn root(&mut self, trust: &Trust) {
        let bytes = match self.site.read(format::HEAD_PATH, format::MAX_HEAD_LEN) {
            Ok(bytes) => bytes,
            Err(problem) => return self.found.problems.push(problem),
        };
        self.head(&bytes, trust);
    }

    fn head(&mut self, bytes: &[u8], trust: &Trust) {
        self.count(bytes.len());
        let head = match Head::read(bytes, trust) {
            Ok(head) => head,
            Err(refusal) => return self.found.problems.push(Problem::refused(&self.site.name(), format::HEAD_PATH, &refusal)),
        };
        self.found.election.clone_from(&head.election);
        self.found.serial = head.serial;
        self.found.signed_at = bilik::iso_utc(head.signed_at);
        self.found.expires = bilik::iso_utc(head.expires);
        self.found.expired = self.site.now() > head.expires;
        let Some(manifest) = self.read::<Manifest>(&head.manifest) else { return };
        if manifest.election.id != head.election {
            self.wrong(&head.manifest.path(Manifest::KIND), "its election differs from that of the head");
        }
        self.parts(&head, &manifest);
        self.manifest(&manifest);
    }

    /// The parts say what the manifest says, and the head names each of them.
    fn parts(&mut self, head: &Head, manifest: &Manifest) {
        let expected = ProvincePart::all(manifest);
        if !head.names_parts_of(manifest) {
            self.wrong(format::HEAD_PATH, OTHER_PROVINCES);
        }
        for ProvinceRef { code, part: file } in &head.provinces {
            let expected = expected.iter().find(|part| part.province.code == *code);
            if self.read::<ProvincePart>(file).is_some_and(|part| Some(&part) != expected) {
                self.wrong(&file.path(ProvincePart::KIND), OTHER_CONTENTS);
            }
        }
    }

    fn manifest(&mut self, manifest: &Manifest) {
        self.found.signed = Some(manifest.election.clone());
        let mut directories = Vec::new();
        for (code, regency) in manifest.regencies() {
            if let Some(directory) = self.read::<Directory>(&regency.directory) {
                self.directory(code, regency, &directory);
                directories.push((regency.directory, directory));
            }
        }
        for province in &manifest.provinces {
            if self.read::<Names>(&province.names).is_some_and(|names| names.province != province.code) {
                self.wrong(&province.names.path(Names::KIND), "it has the names of another province");
            }
        }
        if let Some(file) = &manifest.elsewhere {
            directories.extend(self.read::<Directory>(file).map(|directory| (*file, directory)));
        }
        for (file, directory) in directories {
            for tables in &directory.tables {
                self.tables(&file, tables, manifest);
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
            self.wrong(&path, "its number of stations differs from the manifest");
        }
        for district in &directory.districts {
            let district_code = code.within(district.code);
            self.addressable.insert(district_code.short(), district.addressable);
            let Some(file) = district.stations else { continue };
            let Some(list) = self.read::<StationList>(&file) else { continue };
            self.found.stations += u64::try_from(list.present().count()).unwrap_or_default();
            if list.district != district_code.short() {
                self.wrong(&file.path(StationList::KIND), "it is another district's list");
            }
            if list.present().any(|station| {
                !district.villages.iter().any(|village| village.code == station.village(district_code).last_four())
            }) {
                self.wrong(&file.path(StationList::KIND), "a station's village is not in the directory");
            }
        }
    }

    fn tables(&mut self, directory: &FileRef, tables: &Tables, manifest: &Manifest) {
        let known = |home: &bilik::format::Home| self.addressable.get(&home.district) == Some(&home.stations);
        if !tables.homes.iter().all(known) {
            self.wrong(
                &directory.path(Directory::KIND),
                "the number of stations of a table's home district differs from that district's own directory",
            );
        }
        let home: u32 = tables.homes.iter().map(|home| home.stations).sum();
        let files = |recipe| tables.files(recipe).iter().map(move |file| (file, recipe));
        for (file, recipe) in files(Recipe::Full).chain(files(Recipe::Near)) {
            let expected = (recipe, manifest.sealing.bits(recipe).check_bits, (home, manifest.station_count()));
            if self.table(file).is_some_and(|table| table != expected) {
                self.wrong(&file.path(Table::KIND), "it differs from what the manifest and the directory say of it");
            }
        }
    }

    /// What a table says of itself. Several directories can refer to one merged table; it is read once.
    fn table(&mut self, file: &FileRef) -> Option<TableFacts> {
        if !self.seen.contains(file) {
            let table = self.read::<Table>(file)?;
            self.found.tables += 1;
            self.tables.insert(*file, (table.recipe(), table.check_bits(), table.stations()));
        }
        self.tables.get(file).copied()
    }

    fn read<T: Document>(&mut self, file: &FileRef) -> Option<T> {
        let path = file.path(T::KIND);
        self.seen.insert(*file);
        if self.cancel.is_cancelled() || self.found.is_given_up() {
            return None;
        }
        let began = Instant::now();
        let read = self.site.read(&path, file.stored).and_then(|bytes| {
            self.count(bytes.len());
            format::read(&bytes, file).map_err(|refusal| Problem::refused(&self.site.name(), &path, &refusal))
        });
        match read {
            Ok(document) => {
                self.found.samples.entry(T::KIND.letter()).or_insert(path);
                Some(document)
            }
            Err(problem) => {
                if !problem.refused {
                    self.found.wasted += began.elapsed();
                }
                self.found.problems.push(problem);
                if self.found.is_given_up() {
                    let reason = "not requested, because the server did not respond too often";
                    self.found.problems.push(Problem::unreachable(&self.site.name(), "(all others)", reason));
                }
                None
            }
        }
    }

    fn count(&mut self, bytes: usize) {
        self.found.files += 1;
        self.found.bytes += u64::try_from(bytes).unwrap_or_default();
        (self.on_file)(self.found.files);
    }

    fn wrong(&mut self, path: &str, what: &'static str) {
        self.found.problems.push(Problem::refused(&self.site.name(), path, &format::FormatError::Invalid(what)));
    }
}
