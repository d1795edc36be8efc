//! What changed since an earlier site of the same election, by the files that both heads lead to. No table is opened, and no number
//! of voters is compared: a difference of one would be about one voter.

use super::error::ReportError;
use super::figures::{FileTotal, SiteFigures};
use super::survey::{Outline, RegencyOutline, count_stations};
use crate::cancel::CancellationToken;
use crate::source::Site;
use bilik::Recipe;
use bilik::format::{Code, FileRef, Trust};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What changed since an earlier site.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeFigures {
    /// The earlier site's serial.
    pub since_serial: u64,
    /// When it was signed, in UTC.
    pub since_signed_at: String,
    /// Whether cost, pepper or check bits differ.
    pub sealing_changed: bool,
    /// Stations that tables can lead to, then and now.
    pub stations: [u64; 2],
    /// Files by kind.
    pub files: BTreeMap<&'static str, KindChange>,
    /// Bytes of tables by regency, by code; `None` for the prefixes that belong to none.
    pub regencies: Vec<ChangedRegency>,
}

/// Files of one kind, compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KindChange {
    /// In both sites, byte for byte.
    pub kept: FileTotal,
    /// Only in this site.
    pub new: FileTotal,
    /// Only in the earlier one.
    pub gone: FileTotal,
}

/// The files of one regency, compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedRegency {
    /// Its four digits.
    pub code: Option<String>,
    /// Its name now.
    pub name: String,
    /// Bytes of tables and station lists now.
    pub bytes: u64,
    /// Of these, in files that the earlier site lacks.
    pub new_bytes: u64,
}

type Files = BTreeSet<(&'static str, FileRef)>;

impl ChangeFigures {
    /// Compares a site with an earlier one.
    ///
    /// # Errors
    /// When a file is missing or refused, the sites are of different elections, or the run is cancelled.
    pub fn between(site: &Site, since: &Site, trust: Option<&Trust>, cancel: &CancellationToken) -> Result<Self, ReportError> {
        let (now, then) = (Outline::read(site, trust, cancel)?, Outline::read(since, trust, cancel)?);
        let (expected, got) = (&now.head.election, &then.head.election);
        if expected != got {
            let what = bilik::lookup::Source::name(since);
            return Err(ReportError::AnotherElection { what, expected: expected.clone(), got: got.clone() });
        }
        let (current, earlier) = (all_files(&now), all_files(&then));
        let mut files: BTreeMap<&'static str, KindChange> = BTreeMap::new();
        for (kind, file) in &current {
            let change = files.entry(*kind).or_default();
            let total = if earlier.contains(&(*kind, *file)) { &mut change.kept } else { &mut change.new };
            total.add(file.stored);
        }
        for (kind, file) in earlier.difference(&current) {
            files.entry(*kind).or_default().gone.add(file.stored);
        }
        let regencies = now.places.iter().map(|place| regency(place, &earlier)).collect();
        Ok(Self {
            since_serial: then.head.serial,
            since_signed_at: bilik::iso_utc(then.head.signed_at),
            sealing_changed: now.manifest.sealing != then.manifest.sealing,
            stations: [count_stations(since, &then, cancel)?, count_stations(site, &now, cancel)?],
            files,
            regencies,
        })
    }

    /// Bytes of the site that the earlier one has, and that it lacks.
    #[must_use]
    pub fn kept_and_new(&self) -> [u64; 2] {
        let sum = |of: fn(&KindChange) -> u64| self.files.values().map(of).sum();
        [sum(|change| change.kept.bytes), sum(|change| change.new.bytes)]
    }
}

fn all_files(outline: &Outline) -> Files {
    let mut files = Files::from([("manifest", outline.head.manifest)]);
    files.extend(outline.head.provinces.iter().map(|province| ("provinceParts", province.part)));
    files.extend(outline.manifest.provinces.iter().map(|province| ("names", province.names)));
    for place in &outline.places {
        files.insert(("directories", place.directory_file));
        files.extend(sealed_and_listed(place));
    }
    files
}

/// The tables and station lists of a place.
fn sealed_and_listed(place: &RegencyOutline) -> Files {
    let mut files: Files = place.lists().map(|(_, file)| ("stationLists", file)).collect();
    for tables in &place.directory.tables {
        for (recipe, kind) in [(Recipe::Full, "tablesByFull"), (Recipe::Near, "tablesByNear")] {
            files.extend(tables.files(recipe).iter().map(|file| (kind, *file)));
        }
    }
    files
}

fn regency(place: &RegencyOutline, earlier: &Files) -> ChangedRegency {
    let files = sealed_and_listed(place);
    let bytes = |files: &mut dyn Iterator<Item = &(&str, FileRef)>| files.map(|(_, file)| u64::from(file.stored)).sum();
    ChangedRegency {
        code: place.code.map(|code: Code| code.to_string()),
        name: place.directory.name.clone(),
        bytes: bytes(&mut files.iter()),
        new_bytes: bytes(&mut files.difference(earlier)),
    }
}

impl SiteFigures {
    /// The bytes of all files of a kind.
    #[must_use]
    pub fn bytes_of(&self, kind: &str) -> u64 {
        self.files.get(kind).map_or(0, |total| total.bytes)
    }
}
