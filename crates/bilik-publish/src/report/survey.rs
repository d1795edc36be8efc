//! Reads a published site for its figures: every file that the head leads to, each verified against its parent, one table at a
//! time for each thread. Of a country, some 50 MB stay in memory: what each group and district comes to.

use super::error::ReportError;
use super::figures::{
    ElectionFigures, FileTotal, GroupFigures, HeadFigures, RegencyFigures, SealingFigures, SiteFigures, SiteTotals, TableFigures,
};
use super::odds::{derivations, false_answers};
use crate::cancel::CancellationToken;
use crate::number::float;
use crate::source::Site;
use crate::verify::keys_of;
use bilik::format::{self, Code, Directory, Document, FileRef, Head, Manifest, StationList, Tables, Trust};
use bilik::lookup::{Problem, Source as _};
use bilik::{Day, Recipe, Table};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The public files of a site without its tables: what leads where.
pub(super) struct Outline {
    pub head: Head,
    pub head_bytes: u64,
    pub manifest: Manifest,
    pub places: Vec<RegencyOutline>,
}

/// A regency, or the prefixes that belong to none.
pub(super) struct RegencyOutline {
    pub code: Option<Code>,
    pub directory_file: FileRef,
    pub directory: Directory,
}

impl Outline {
    /// Without trust, the signature is not checked.
    pub(super) fn read(site: &Site, trust: Option<&Trust>, cancel: &CancellationToken) -> Result<Self, ReportError> {
        let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(ReportError::File)?;
        let head = match trust {
            Some(trust) => Head::read(&bytes, trust),
            None => Head::read_unverified(&bytes).map(|(head, _)| head),
        };
        let head = head.map_err(|error| ReportError::File(Problem::refused(&site.name(), format::HEAD_PATH, &error)))?;
        let manifest: Manifest = document(site, &head.manifest)?;
        let mut places = Vec::new();
        let present = manifest.regencies().map(|(code, regency)| (Some(code), regency.directory));
        for (code, directory_file) in present.chain(manifest.elsewhere.map(|file| (None, file))) {
            cancel.check()?;
            places.push(RegencyOutline { code, directory_file, directory: document(site, &directory_file)? });
        }
        let head_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Self { head, head_bytes, manifest, places })
    }

    /// The prefixes of a place that a lookup asks there, with their tables.
    pub(super) fn routes<'a>(&'a self, place: &'a RegencyOutline) -> impl Iterator<Item = (u32, &'a Tables)> {
        let regency_of = |prefix| Code::district(prefix).and_then(Code::regency_of);
        let is_asked = move |prefix| match place.code {
            Some(code) => regency_of(prefix) == Some(code),
            None => regency_of(prefix).is_none_or(|regency| self.manifest.regency(regency).is_none()),
        };
        let routes = place.directory.routes.iter().filter(move |route| is_asked(route.prefix));
        routes.filter_map(|route| Some((route.prefix, place.directory.tables_of(route.prefix)?)))
    }
}

impl RegencyOutline {
    /// The station lists, with their districts.
    pub(super) fn lists(&self) -> impl Iterator<Item = (Code, FileRef)> {
        let code = self.code;
        let lists = self.directory.districts.iter();
        lists.filter_map(move |district| Some((code?.within(district.code), district.stations?)))
    }
}

/// What a table file comes to.
#[derive(Clone)]
struct TableFile {
    label: String,
    keys: u64,
    elsewhere: u64,
    several: u64,
    layers: u32,
}

/// What a station list comes to.
#[derive(Clone, Copy, Default)]
struct ListFile {
    stations: u64,
    with_coordinates: u64,
    latitudes: f64,
    longitudes: f64,
}

impl SiteFigures {
    /// Reads a site. Without trust, the signature of its head is not checked, and the figures say so. Takes about as long as
    /// `verify` without a roll.
    ///
    /// # Errors
    /// When a file is missing or refused, or the run is cancelled.
    pub fn read(site: &Site, trust: Option<&Trust>, cancel: &CancellationToken) -> Result<Self, ReportError> {
        let outline = Outline::read(site, trust, cancel)?;
        let files = read_tables(site, &outline, cancel)?;
        let lists = read_lists(site, &outline, cancel)?;
        let groups = Groups::of(&outline, &files);
        let regencies: Vec<RegencyFigures> =
            outline.places.iter().map(|place| regency(&outline, place, &groups, &lists)).collect();
        let kinds = kinds(&outline);
        let groups: Vec<GroupFigures> = groups.figures.into_values().collect();
        let totals = totals(&outline, &kinds, &groups, &regencies, &lists);
        let sealing = outline.manifest.sealing;
        Ok(Self {
            election: election(&outline.manifest),
            head: head(&outline.head, trust.is_some()),
            sealing: SealingFigures {
                memory_kib: sealing.cost.memory_kib,
                passes: sealing.cost.passes,
                full: sealing.full.into(),
                near: sealing.near.into(),
            },
            files: kinds,
            false_answers: false_answers(sealing, &groups, totals),
            derivations: derivations(sealing, totals),
            totals,
            regencies,
            groups,
        })
    }
}

fn election(manifest: &Manifest) -> ElectionFigures {
    let election = &manifest.election;
    let day =
        Day::of_number(election.day).map_or_else(String::new, |day| format!("{:04}-{:02}-{:02}", day.year, day.month, day.day));
    ElectionFigures { id: election.id.clone(), name: election.name.clone(), day, demo: election.demo }
}

fn head(head: &Head, signature_checked: bool) -> HeadFigures {
    HeadFigures {
        serial: head.serial,
        signed_at: bilik::iso_utc(head.signed_at),
        expires: bilik::iso_utc(head.expires),
        manifest: head.manifest.digest.to_string(),
        signature_checked,
    }
}

fn read_tables(site: &Site, outline: &Outline, cancel: &CancellationToken) -> Result<BTreeMap<FileRef, TableFile>, ReportError> {
    let tables = outline.places.iter().flat_map(|place| &place.directory.tables);
    let files: BTreeSet<FileRef> = tables.flat_map(|tables| tables.full.iter().chain(&tables.near)).copied().collect();
    let read = |file: FileRef| {
        cancel.check()?;
        let table: Table = document(site, &file)?;
        let (keys, elsewhere, several) = keys_of(&table);
        let [narrow, ..] = table.ribbons();
        let label = table.label().split_once(" 1/").map_or(table.label(), |(label, _)| label).to_owned();
        Ok((file, TableFile { label, keys, elsewhere, several, layers: narrow.layer_count() }))
    };
    files.into_par_iter().map(read).collect()
}

/// Polling stations of a site.
pub(super) fn count_stations(site: &Site, outline: &Outline, cancel: &CancellationToken) -> Result<u64, ReportError> {
    Ok(read_lists(site, outline, cancel)?.values().map(|list| list.stations).sum())
}

fn read_lists(site: &Site, outline: &Outline, cancel: &CancellationToken) -> Result<BTreeMap<Code, ListFile>, ReportError> {
    let lists: Vec<(Code, FileRef)> = outline.places.iter().flat_map(RegencyOutline::lists).collect();
    let read = |(district, file): (Code, FileRef)| {
        cancel.check()?;
        let list: StationList = document(site, &file)?;
        let mut found = ListFile::default();
        for station in list.present() {
            found.stations += 1;
            if let Some(place) = station.place.filter(|place| !place.doubtful) {
                found.with_coordinates += 1;
                found.latitudes += place.lat();
                found.longitudes += place.lon();
            }
        }
        Ok((district, found))
    };
    lists.into_par_iter().map(read).collect()
}

/// The groups, each under its first file by `near`: several directories can refer to one.
struct Groups {
    figures: BTreeMap<FileRef, GroupFigures>,
}

impl Groups {
    fn of(outline: &Outline, files: &BTreeMap<FileRef, TableFile>) -> Self {
        let mut figures: BTreeMap<FileRef, GroupFigures> = BTreeMap::new();
        for place in &outline.places {
            for (_, tables) in outline.routes(place) {
                let Some(first) = tables.near.first() else { continue };
                figures.entry(*first).or_insert_with(|| group(tables, files)).prefixes += 1;
            }
        }
        Self { figures }
    }

    fn of_tables(&self, tables: &Tables) -> Option<&GroupFigures> {
        self.figures.get(tables.near.first()?)
    }
}

fn group(tables: &Tables, files: &BTreeMap<FileRef, TableFile>) -> GroupFigures {
    let (full, near) = (table(&tables.full, files), table(&tables.near, files));
    let label = tables.near.first().and_then(|file| files.get(file)).map_or_else(String::new, |file| file.label.clone());
    // A long name has a key by `full`, and one more by `near` than a short one.
    let voters = near.keys.saturating_sub(full.keys).max(full.keys);
    GroupFigures { label, prefixes: 0, voters, full, near }
}

fn table(of: &[FileRef], files: &BTreeMap<FileRef, TableFile>) -> TableFigures {
    let mut found = TableFigures { fewest_keys: u64::MAX, ..TableFigures::default() };
    for (reference, file) in of.iter().filter_map(|reference| Some((reference, files.get(reference)?))) {
        found.files += 1;
        found.bytes += u64::from(reference.stored);
        found.longest = found.longest.max(reference.stored.into());
        found.keys += file.keys;
        found.fewest_keys = found.fewest_keys.min(file.keys);
        found.elsewhere_keys += file.elsewhere;
        found.ambiguous_keys += file.several;
        found.layers = found.layers.max(file.layers);
    }
    if found.files == 0 { TableFigures::default() } else { found }
}

fn regency(outline: &Outline, place: &RegencyOutline, groups: &Groups, lists: &BTreeMap<Code, ListFile>) -> RegencyFigures {
    let (mut voters, mut table_bytes, mut fewest, mut downloads) = (0.0, 0.0, u64::MAX, Vec::new());
    for (_, tables) in outline.routes(place) {
        let Some(group) = groups.of_tables(tables) else { continue };
        let prefixes = float(group.prefixes.max(1));
        voters += float(group.voters) / prefixes;
        table_bytes += float(group.full.bytes + group.near.bytes) / prefixes;
        fewest = fewest.min(group.fewest_voters());
        downloads.push(download(outline, place, tables, group));
    }
    downloads.sort_unstable();
    let mut own = ListFile::default();
    let mut public_bytes = u64::from(place.directory_file.stored);
    for (district, file) in place.lists() {
        public_bytes += u64::from(file.stored);
        let list = lists.get(&district).copied().unwrap_or_default();
        own.stations += list.stations;
        own.with_coordinates += list.with_coordinates;
        own.latitudes += list.latitudes;
        own.longitudes += list.longitudes;
    }
    let mean = |sum: f64| (own.with_coordinates > 0).then(|| sum / float(own.with_coordinates));
    RegencyFigures {
        code: place.code.map(|code| code.to_string()),
        name: place.directory.name.clone(),
        latitude: mean(own.latitudes),
        longitude: mean(own.longitudes),
        districts: u64::try_from(place.directory.districts.len()).unwrap_or(u64::MAX),
        stations: own.stations,
        voters: rounded_count(voters),
        table_bytes: rounded_count(table_bytes),
        public_bytes,
        download_bytes: downloads.get(downloads.len() / 2).copied().unwrap_or_default(),
        fewest_voters: if fewest == u64::MAX { 0 } else { fewest },
    }
}

/// What a voter of a prefix fetches for an answer by both recipes: head, the province's part of the manifest, directory, a table by
/// each, and the station lists of the home districts that this directory knows.
fn download(outline: &Outline, place: &RegencyOutline, tables: &Tables, group: &GroupFigures) -> u64 {
    let homes: BTreeSet<u32> = tables.homes.iter().map(|home| home.district).collect();
    let lists = place.lists().filter(|(district, _)| homes.contains(&district.short()));
    let lists: u64 = lists.map(|(_, file)| u64::from(file.stored)).sum();
    let part = outline.head.part_for(place.code.map(Code::province).unwrap_or_default());
    let part = part.map_or(0, |province| u64::from(province.part.stored));
    outline.head_bytes + part + u64::from(place.directory_file.stored) + group.full.longest + group.near.longest + lists
}

fn kinds(outline: &Outline) -> BTreeMap<&'static str, FileTotal> {
    let mut kinds: BTreeMap<&'static str, FileTotal> = BTreeMap::new();
    kinds.insert("head", FileTotal { files: 1, bytes: outline.head_bytes });
    let mut add = |kind, stored| kinds.entry(kind).or_default().add(stored);
    add("manifest", outline.head.manifest.stored);
    outline.head.provinces.iter().for_each(|province| add("provinceParts", province.part.stored));
    outline.manifest.provinces.iter().for_each(|province| add("names", province.names.stored));
    let mut tables: BTreeSet<(FileRef, Recipe)> = BTreeSet::new();
    for place in &outline.places {
        add("directories", place.directory_file.stored);
        place.lists().for_each(|(_, file)| add("stationLists", file.stored));
        for table in &place.directory.tables {
            tables.extend(table.full.iter().map(|file| (*file, Recipe::Full)));
            tables.extend(table.near.iter().map(|file| (*file, Recipe::Near)));
        }
    }
    for (file, recipe) in tables {
        add(if recipe == Recipe::Full { "tablesByFull" } else { "tablesByNear" }, file.stored);
    }
    kinds
}

fn totals(
    outline: &Outline,
    kinds: &BTreeMap<&'static str, FileTotal>,
    groups: &[GroupFigures],
    regencies: &[RegencyFigures],
    lists: &BTreeMap<Code, ListFile>,
) -> SiteTotals {
    let villages = outline.places.iter().flat_map(|place| &place.directory.districts).map(|district| district.villages.len());
    let tables = |kind| kinds.get(kind).map_or(0, |total| total.files);
    let sum = |of: &dyn Fn(&GroupFigures) -> u64| groups.iter().map(of).sum();
    SiteTotals {
        files: kinds.values().map(|total| total.files).sum(),
        bytes: kinds.values().map(|total| total.bytes).sum(),
        tables: tables("tablesByFull") + tables("tablesByNear"),
        stations: lists.values().map(|list| list.stations).sum(),
        stations_with_coordinates: lists.values().map(|list| list.with_coordinates).sum(),
        districts: regencies.iter().map(|regency| regency.districts).sum(),
        villages: u64::try_from(villages.sum::<usize>()).unwrap_or(u64::MAX),
        voters: sum(&|group| group.voters),
        full_keys: sum(&|group| group.full.keys),
        near_keys: sum(&|group| group.near.keys),
        elsewhere_keys: sum(&|group| group.near.elsewhere_keys),
        ambiguous_keys: sum(&|group| group.full.ambiguous_keys + group.near.ambiguous_keys),
    }
}

/// A sum of shares as a count.
fn rounded_count(value: f64) -> u64 {
    format!("{value:.0}").parse().unwrap_or(u64::MAX)
}

pub(super) fn document<T: Document>(site: &Site, file: &FileRef) -> Result<T, ReportError> {
    let path = file.path(T::KIND);
    let bytes = site.read(&path, file.stored).map_err(ReportError::File)?;
    format::read(&bytes, file).map_err(|error| ReportError::File(Problem::refused(&site.name(), &path, &error)))
}
