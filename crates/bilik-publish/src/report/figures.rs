//! The figures of a site, as `--json` has them. All of them follow from the public files.

use bilik::{KeyBits, Recipe};
use serde::Serialize;
use std::collections::BTreeMap;

/// What anybody can compute from a site's public files.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteFigures {
    /// The election.
    pub election: ElectionFigures,
    /// The head.
    pub head: HeadFigures,
    /// How keys are sealed.
    pub sealing: SealingFigures,
    /// Files and bytes by kind: `head`, `manifest`, `provinceParts`, `directories`, `names`, `stationLists`, `tablesByFull`, `tablesByNear`.
    pub files: BTreeMap<&'static str, FileTotal>,
    /// Sums over the whole site.
    pub totals: SiteTotals,
    /// Wrong answers by chance.
    pub false_answers: FalseAnswers,
    /// Derivations of building and verifying.
    pub derivations: Derivations,
    /// Each regency, by code.
    pub regencies: Vec<RegencyFigures>,
    /// Each group of voters whose tables are fetched together, by label.
    pub groups: Vec<GroupFigures>,
}

/// The election, as the manifest has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElectionFigures {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Polling day, as YYYY-MM-DD.
    pub day: String,
    /// Whether all of it is made up.
    pub demo: bool,
}

/// The head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadFigures {
    /// Its serial.
    pub serial: u64,
    /// When it was signed, in UTC.
    pub signed_at: String,
    /// Until when it answers, in UTC.
    pub expires: String,
    /// The manifest's digest.
    pub manifest: String,
    /// Whether its signature was checked against public keys that were given.
    pub signature_checked: bool,
}

/// How keys are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SealingFigures {
    /// Memory of one derivation.
    pub memory_kib: u32,
    /// Its passes.
    pub passes: u32,
    /// By `full`.
    pub full: BitFigures,
    /// By `near`.
    pub near: BitFigures,
}

/// Bits of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BitFigures {
    /// A key has one of 2 to this power peppers.
    pub pepper_bits: u8,
    /// A wrong key passes with 2 to minus this power, for each layer of the table.
    pub check_bits: u8,
}

impl From<KeyBits> for BitFigures {
    fn from(bits: KeyBits) -> Self {
        Self { pepper_bits: bits.pepper_bits, check_bits: bits.check_bits }
    }
}

/// Files of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileTotal {
    /// How many.
    pub files: u64,
    /// Their bytes, as stored.
    pub bytes: u64,
}

impl FileTotal {
    pub(super) fn add(&mut self, stored: u32) {
        self.files += 1;
        self.bytes += u64::from(stored);
    }
}

/// Sums over the whole site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteTotals {
    /// All files that the head leads to, the head included.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Table files.
    pub tables: u64,
    /// Stations in the lists.
    pub stations: u64,
    /// Stations with coordinates.
    pub stations_with_coordinates: u64,
    /// Districts with a name in a directory.
    pub districts: u64,
    /// Villages in the directories.
    pub villages: u64,
    /// About how many voters, from the keys.
    pub voters: u64,
    /// Keys by `full`: one for each voter with a long name.
    pub full_keys: u64,
    /// Keys by `near`: one for each end of a name.
    pub near_keys: u64,
    /// Keys by `near` whose voters vote outside the home districts of their table.
    pub elsewhere_keys: u64,
    /// Keys that lead to two or three stations, at most.
    pub ambiguous_keys: u64,
}

/// Wrong answers by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FalseAnswers {
    /// By `full`.
    pub full: FalseAnswer,
    /// By `near`, for a name of which both ends are tried.
    pub near: FalseAnswer,
    /// How many of all voters with a key by `full` are shown a second station by chance.
    pub voters_with_a_second_station: f64,
}

/// How often somebody who is not on the roll is shown a station.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FalseAnswer {
    /// Layers of the deepest table.
    pub layers: u32,
    /// The chance of one question, in the deepest table: layers × peppers × 2^-check bits, for each word that is tried.
    pub chance: f64,
}

/// Derivations of building and verifying.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Derivations {
    /// To build: one for each key.
    pub build: f64,
    /// To ask the usual sample of voters, on average.
    pub verify_sample: f64,
    /// How many voters the usual sample has.
    pub sampled_voters: u64,
    /// To ask every voter, on average.
    pub verify_all: f64,
    /// To look one voter up by `full`; it is the same for everybody.
    pub lookup_by_full: u64,
    /// To look one voter up by `near`, for one word of the name.
    pub lookup_by_near: u64,
}

/// One regency.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegencyFigures {
    /// Its four digits; `None` for the prefixes that belong to no regency of today.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// The mean latitude of its stations with coordinates.
    pub latitude: Option<f64>,
    /// The mean longitude.
    pub longitude: Option<f64>,
    /// Its districts.
    pub districts: u64,
    /// Its stations.
    pub stations: u64,
    /// About how many voters have a NIK from there; a table of several prefixes counts for each in equal parts.
    pub voters: u64,
    /// Bytes of its tables, counted in the same way.
    pub table_bytes: u64,
    /// Bytes of its directory and station lists.
    pub public_bytes: u64,
    /// Bytes that a voter fetches for an answer, page and module not counted: the median of its prefixes.
    pub download_bytes: u64,
    /// The fewest voters among whom a file that is fetched hides somebody.
    pub fewest_voters: u64,
}

/// A group of voters whose tables are fetched together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupFigures {
    /// The label of its tables: the prefix, or the first of several and how many more.
    pub label: String,
    /// How many prefixes lead to it.
    pub prefixes: u64,
    /// About how many voters.
    pub voters: u64,
    /// Its table by `full`; no file where nobody has a long name.
    pub full: TableFigures,
    /// Its table by `near`.
    pub near: TableFigures,
}

/// The table of a group by one recipe, in one file or several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableFigures {
    /// Files.
    pub files: u64,
    /// Bytes of all.
    pub bytes: u64,
    /// Bytes of the longest.
    pub longest: u64,
    /// Keys of all.
    pub keys: u64,
    /// Keys of the file that has the fewest.
    pub fewest_keys: u64,
    /// Keys of voters who vote outside the home districts.
    pub elsewhere_keys: u64,
    /// Keys that lead to two or three stations, at most.
    pub ambiguous_keys: u64,
    /// Layers of the deepest file.
    pub layers: u32,
}

impl GroupFigures {
    /// Its table by a recipe.
    #[must_use]
    pub fn table(&self, recipe: Recipe) -> &TableFigures {
        match recipe {
            Recipe::Full => &self.full,
            Recipe::Near => &self.near,
        }
    }

    /// Among how many voters somebody hides who fetches the smallest of its files.
    #[must_use]
    pub fn fewest_voters(&self) -> u64 {
        // `near` holds everybody and is split at least as finely.
        self.voters / self.near.files.max(1)
    }
}
