//! The directory of a regency: its districts and villages, and which tables a NIK's prefix leads to.
//!
//! The first six digits of a NIK are the district of *first issue*, often a code that no longer exists. The directory therefore
//! maps prefixes to tables ([`Route`]) and never assumes that a prefix is a present-day district. Tables with many keys are split
//! into files by a hash of the 12 digits ([`split_part`]).

use super::code::Code;
use super::container::{Document, Encode, FileRef, Kind, read_fields};
use super::station_list::MAX_STATIONS;
use crate::key::Recipe;
use crate::nik::Digits;
use sha2::{Digest as _, Sha256};

/// The maximum number of hash bits that choose among the files of a split table.
pub const MAX_SPLIT_BITS: u8 = 4;

/// A village of a district.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Village {
    /// The last four digits of its code.
    pub code: u16,
    /// Its name.
    pub name: String,
}

/// Whether villages are in the order of their codes, and these are codes.
pub(super) fn are_sorted(villages: &[Village]) -> bool {
    villages.is_sorted_by(|a, b| a.code < b.code) && villages.last().is_none_or(|last| last.code <= 9999)
}

/// A district of a regency.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct District {
    /// The last two digits of its code.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its villages, by code.
    pub villages: Vec<Village>,
    /// Its station list; `None` where it has no stations.
    pub stations: Option<FileRef>,
    /// How many positions of its list tables can point to: some more than there are stations at a first build, so that stations
    /// that are added later change no table. Unchanged by patches.
    pub addressable: u32,
}

/// Which tables hold the voters whose NIK starts with a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct Route {
    /// The first six digits of a NIK.
    pub prefix: u32,
    /// Index in [`Directory::tables`].
    pub table: u32,
}

/// A home district of a table: many of its voters vote there, so that its stations get the smallest values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct Home {
    /// The district's code.
    pub district: u32,
    /// How many addressable positions it has.
    pub stations: u32,
}

/// The sealed tables of one group of voters. Each is one file, or 2^n of them, among which [`split_part`] chooses.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Tables {
    /// By [`Recipe::Full`](crate::Recipe::Full); empty where no voter's name is long enough.
    pub full: Vec<FileRef>,
    /// By [`Recipe::Near`](crate::Recipe::Near): every voter. At least as many files as by `full`.
    pub near: Vec<FileRef>,
    /// The home districts, whose stations are numbered one list after another in this order.
    pub homes: Vec<Home>,
}

impl Tables {
    /// The file by `recipe` for 12 digits; `None` where no voter has a long enough name.
    #[must_use]
    pub fn file_of(&self, recipe: Recipe, election: &str, digits: &Digits) -> Option<&FileRef> {
        let files = self.files(recipe);
        files.get(usize::from(split_part(election, digits, bits_among(files.len())?)))
    }

    /// The file by `recipe`, whatever the digits; `None` where there are none or several.
    #[must_use]
    pub fn only_file(&self, recipe: Recipe) -> Option<&FileRef> {
        self.files(recipe).first().filter(|_| self.files(recipe).len() == 1)
    }

    /// All files by `recipe`.
    #[must_use]
    pub fn files(&self, recipe: Recipe) -> &[FileRef] {
        match recipe {
            Recipe::Full => &self.full,
            Recipe::Near => &self.near,
        }
    }

    fn are_split_rightly(&self) -> bool {
        let near = bits_among(self.near.len());
        near.is_some() && (self.full.is_empty() || bits_among(self.full.len()).is_some_and(|full| Some(full) <= near))
    }
}

/// How many bits choose among as many files, if that is a number of bits.
fn bits_among(files: usize) -> Option<u8> {
    (0..=MAX_SPLIT_BITS).find(|bits| files == 1 << bits)
}

/// Whom the voters of a regency can ask, where that is not as in the rest of the election.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode)]
pub struct Contact {
    /// A telephone number.
    pub phone: Option<String>,
    /// A page.
    pub url: Option<String>,
}

impl Contact {
    fn is_possible(&self) -> bool {
        self != &Self::default()
            && self.url.as_ref().is_none_or(|url| ["https://", "http://"].iter().any(|web| url.starts_with(web)))
    }
}

/// The public file of one regency, or of all prefixes that belong to no present-day regency.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Directory {
    /// The regency's four digits; 0 for the prefixes that belong to none.
    pub regency: u16,
    /// Its name.
    pub name: String,
    /// Whom its voters can ask, if it has a contact of its own.
    pub contact: Option<Contact>,
    /// Its districts, sorted by code.
    pub districts: Vec<District>,
    /// Prefixes and their tables, sorted by prefix.
    pub routes: Vec<Route>,
    /// The tables that routes point to.
    pub tables: Vec<Tables>,
}

impl Directory {
    /// The tables for the first six digits of a NIK; `None` where no voter of the roll has them.
    #[must_use]
    pub fn tables_of(&self, prefix: u32) -> Option<&Tables> {
        let at = self.routes.binary_search_by_key(&prefix, |route| route.prefix).ok()?;
        self.tables.get(usize::try_from(self.routes.get(at)?.table).ok()?)
    }

    /// The district with this code, if it is one of this regency's.
    #[must_use]
    pub fn district(&self, code: Code) -> Option<&District> {
        (code.regency_of().map(Code::number) == Some(self.regency.into())).then_some(())?;
        self.districts.iter().find(|district| district.code == code.last_two())
    }
}

read_fields! {
    Village { code, name }
    District { code, name, villages, stations, addressable }
    Route { prefix, table }
    Home { district, stations }
    Tables { full, near, homes }
    Contact { phone, url }
    Directory { regency, name, contact, districts, routes, tables }
}

impl Document for Directory {
    const KIND: Kind = Kind::Directory;

    fn check(&self) -> Result<(), &'static str> {
        if self.regency > 9999 || (self.regency == 0 && !self.districts.is_empty()) {
            return Err("the regency's code is out of range");
        }
        if self.contact.as_ref().is_some_and(|contact| !contact.is_possible()) {
            return Err("a contact without a telephone number or an address of the web");
        }
        if !self.districts.is_sorted_by(|a, b| a.code < b.code)
            || self.districts.iter().any(|district| district.code > 99 || !are_sorted(&district.villages))
        {
            return Err("codes of districts or villages out of order or out of range");
        }
        if !self.routes.is_sorted_by(|a, b| a.prefix < b.prefix) {
            return Err("prefixes out of order");
        }
        let tables = u64::try_from(self.tables.len()).unwrap_or(u64::MAX);
        let fits = |route: &Route| route.prefix <= 999_999 && u64::from(route.table) < tables;
        if !self.routes.iter().all(fits) {
            return Err("a prefix leads to a missing table");
        }
        if !self.tables.iter().all(Tables::are_split_rightly) {
            return Err("a table is split into a number of files that is not allowed");
        }
        let own = |tables: &Tables| tables.homes.iter().map(|home| u64::from(home.stations)).sum::<u64>();
        if self
            .tables
            .iter()
            .any(|tables| own(tables) > MAX_STATIONS.into() || tables.homes.iter().any(|home| home.district > 999_999))
        {
            return Err("home districts of a table out of range");
        }
        Ok(())
    }
}

/// The part of a split table that the 12 digits fall into: the first `bits` bits of a hash of them. The prefix and these bits
/// are all that a host of the files can learn from which table is fetched.
#[must_use]
pub fn split_part(election: &str, digits: &Digits, bits: u8) -> u8 {
    let length = u64::try_from(election.len()).unwrap_or(u64::MAX).to_le_bytes();
    let hash = Sha256::new()
        .chain_update(b"bilik/1/part")
        .chain_update(length)
        .chain_update(election)
        .chain_update(digits.as_bytes())
        .finalize();
    let first = hash.first().copied().unwrap_or_default();
    if bits == 0 { 0 } else { first >> (8 - bits.min(MAX_SPLIT_BITS)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_spread_evenly_over_parts() {
        let mut counts = [0; 4];
        for serial in 0..4_000 {
            let digits = Digits::typed(&format!("320101{serial:06}")).unwrap();
            counts[usize::from(split_part("e", &digits, 2))] += 1;
            assert_eq!(split_part("e", &digits, 0), 0);
        }
        assert!(counts.iter().all(|&n| (900..1100).contains(&n)), "{counts:?}");
    }
}
