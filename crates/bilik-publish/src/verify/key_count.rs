//! Whether a table has as many keys as the roll has voters for it, by the sizes of its ribbons alone.
//!
//! A ribbon's first layer says how many keys it was built from: up to 240 keys it has a slot for each and a few to spare, and
//! above that one slot for each 1.08 keys, rounded down (`layered-ribbon`'s builder).

use bilik::Table;
use bilik::format::{FileRef, Kind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

const MAX_DENSE_KEYS: u64 = 240;
const MAX_DENSE_SPARE: u64 = 16;
/// Keys for each thousand slots of a first layer.
const OVERLOAD: u64 = 1_080;
/// How many tables are listed.
const MAX_LISTED: usize = 20;

/// Keys of a table: all, those of stations elsewhere or several stations, and those of several stations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KeyCount {
    pub all: u64,
    pub elsewhere: u64,
    pub several: u64,
}

/// The sizes of one ribbon: slots of the first layer, and whether it has others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RibbonSize {
    first: u64,
    is_layered: bool,
}

impl RibbonSize {
    fn fits(self, keys: u64) -> bool {
        if keys <= MAX_DENSE_KEYS {
            let spare = if keys == 0 { 0 } else { MAX_DENSE_SPARE };
            !self.is_layered && (keys..=keys + spare).contains(&self.first)
        } else {
            self.is_layered && self.first == keys * 1_000 / OVERLOAD
        }
    }

    /// How many keys there are, more or less.
    fn keys(self) -> u64 {
        if self.is_layered { (self.first * OVERLOAD).div_ceil(1_000) } else { self.first }
    }
}

/// How many keys a table has, to within some: all, those of stations elsewhere or several stations, those of several stations.
pub(crate) fn keys_of(table: &Table) -> (u64, u64, u64) {
    let [all, elsewhere, several] = sizes_of(table).map(RibbonSize::keys);
    (all, elsewhere, several)
}

fn sizes_of(table: &Table) -> [RibbonSize; 3] {
    table.ribbons().map(|ribbon| RibbonSize {
        first: ribbon.layer_sizes().first().copied().unwrap_or_default().into(),
        is_layered: ribbon.layer_count() > 1,
    })
}

/// A table whose number of keys differs from the roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableFinding {
    /// Its path.
    pub file: String,
    /// Which keys differ.
    pub keys: KeysOf,
    /// How many the roll has for it.
    pub expected: u64,
    /// How many it was built from, to within some; `None` where the roll leads nobody to it, so that it was not read.
    pub found: Option<u64>,
}

/// Which of a table's keys are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeysOf {
    /// All.
    All,
    /// Those of stations outside the home districts, or of several stations.
    Elsewhere,
    /// Those of several stations.
    Several,
}

/// The keys of all tables: those of the roll, and those of the site.
#[derive(Default)]
pub(super) struct KeyCounts {
    by_file: BTreeMap<FileRef, (KeyCount, [RibbonSize; 3])>,
    /// Files that are not judged.
    shared: BTreeSet<FileRef>,
    /// Files of the site to which no voter of the roll leads.
    unused: BTreeSet<FileRef>,
}

impl KeyCounts {
    /// Adds keys of the roll to those of a table.
    pub(super) fn add(&mut self, file: FileRef, table: &Table, keys: KeyCount) {
        let (count, _) = self.by_file.entry(file).or_insert_with(|| (KeyCount::default(), sizes_of(table)));
        *count = *count + keys;
    }

    /// Does not judge these files: other parts of the roll have voters for them, or they cannot be read.
    pub(super) fn share(&mut self, files: impl IntoIterator<Item = FileRef>) {
        self.shared.extend(files);
    }

    /// Names those of a site's files to which no voter of the whole roll leads.
    pub(super) fn expect_all(&mut self, files: BTreeSet<FileRef>) {
        self.unused = files.into_iter().filter(|file| !self.by_file.contains_key(file) && !self.shared.contains(file)).collect();
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (file, (keys, sizes)) in other.by_file {
            let (count, _) = self.by_file.entry(file).or_insert((KeyCount::default(), sizes));
            *count = *count + keys;
        }
        self.shared.extend(other.shared);
    }

    /// All keys of the roll.
    pub(super) fn total(&self) -> u64 {
        self.by_file.values().map(|(keys, _)| keys.all).sum()
    }

    /// How many tables differ, and the first of them.
    pub(super) fn findings(&self) -> (u64, Vec<TableFinding>) {
        let judged = self.by_file.iter().filter(|(file, _)| !self.shared.contains(file));
        let differing = judged.filter_map(|(file, (keys, [all, elsewhere, several]))| {
            let pairs = [
                (KeysOf::All, all, keys.all),
                (KeysOf::Elsewhere, elsewhere, keys.elsewhere),
                (KeysOf::Several, several, keys.several),
            ];
            let (of, size, expected) = pairs.into_iter().find(|(_, size, expected)| !size.fits(*expected))?;
            Some(TableFinding { file: file.path(Kind::Table), keys: of, expected, found: Some(size.keys()) })
        });
        let unused = self.unused.iter().map(|file| {
            let file = file.path(Kind::Table);
            TableFinding { file, keys: KeysOf::All, expected: 0, found: None }
        });
        let mut findings = differing.chain(unused);
        let listed: Vec<TableFinding> = findings.by_ref().take(MAX_LISTED).collect();
        let count = listed.len() + findings.count();
        (u64::try_from(count).unwrap_or(u64::MAX), listed)
    }
}

impl std::ops::Add for KeyCount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { all: self.all + other.all, elsewhere: self.elsewhere + other.elsewhere, several: self.several + other.several }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilik::{Key, KeyBits, Recipe, StationRef, TableHeader, TableValue};

    fn table(keys: u32, elsewhere: u32, several: u32) -> Table {
        let header = TableHeader {
            recipe: Recipe::Full,
            check_bits: KeyBits::usual(Recipe::Full).check_bits,
            label: "390101".into(),
            nonce: [1; 16],
            common: Vec::new(),
            home_stations: 50,
            all_stations: 1_000,
        };
        let mut word = 1_u64;
        let mut random = move || {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            word ^ (word >> 33)
        };
        let key = |number: u32| {
            let mut bytes = [0; 32];
            bytes[..4].copy_from_slice(&number.to_le_bytes());
            Key::from_bytes(bytes)
        };
        let value = |number: u32| match number {
            number if number < several => TableValue::Several(vec![1, 2]),
            number if number < elsewhere => TableValue::One(StationRef::Elsewhere(700)),
            _ => TableValue::One(StationRef::Home(number % 50)),
        };
        let entries: Vec<_> = (0..keys).map(|number| (key(number), value(number))).collect();
        Table::seal(&header, &entries, &mut random).unwrap()
    }

    fn findings(table: &Table, keys: KeyCount) -> Vec<TableFinding> {
        let file = bilik::format::write(table).unwrap().1;
        let mut counts = KeyCounts::default();
        counts.add(file, table, keys);
        let (count, listed) = counts.findings();
        assert_eq!(usize::try_from(count).unwrap(), listed.len());
        listed
    }

    #[test]
    fn the_sizes_of_a_table_tell_how_many_keys_it_has() {
        for (all, elsewhere, several) in
            [(1, 0, 0), (1, 1, 1), (239, 2, 1), (240, 9, 0), (241, 240, 3), (300, 250, 0), (5_000, 700, 260), (20_000, 0, 0)]
        {
            let table = table(all, elsewhere, several);
            let right = KeyCount { all: all.into(), elsewhere: elsewhere.into(), several: several.into() };
            assert_eq!(findings(&table, right), [], "{right:?}");
            let more = KeyCount { all: right.all + 20, ..right };
            let finding = &findings(&table, more)[0];
            assert_eq!((finding.keys, finding.expected), (KeysOf::All, right.all + 20));
            assert!(finding.found.unwrap().abs_diff(right.all) <= 16, "{finding:?}");
            let more = KeyCount { elsewhere: right.elsewhere + 20, ..right };
            assert_eq!(findings(&table, more)[0].keys, KeysOf::Elsewhere);
            let more = KeyCount { several: right.several + 20, ..right };
            assert_eq!(findings(&table, more)[0].keys, KeysOf::Several);
        }
    }

    #[test]
    fn a_table_that_other_parts_share_is_not_judged() {
        let table = table(100, 0, 0);
        let file = bilik::format::write(&table).unwrap().1;
        let half = KeyCount { all: 50, ..KeyCount::default() };
        let mut counts = KeyCounts::default();
        counts.add(file, &table, half);
        assert_eq!(counts.findings().0, 1);
        counts.share([file]);
        assert_eq!(counts.findings(), (0, Vec::new()));
        let mut whole = KeyCounts::default();
        for _ in 0..2 {
            let mut one = KeyCounts::default();
            one.add(file, &table, half);
            whole.merge(one);
        }
        assert_eq!((whole.findings().0, whole.total()), (0, 100));
    }
}
