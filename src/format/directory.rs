//! Regions: official codes, and the directory that leads from a NIK's prefix to its tables.
//!
//! A code has 2 digits for a province, 4 for a regency, 6 for a district, 10 for a village. The first six digits of a NIK are
//! the district of *first issue*, often a code that no longer exists; so the directory maps prefixes to tables ([`Route`]),
//! and never assumes that a prefix is one of today's districts.

use super::code::Code;
use super::container::{Decode, Document, Encode, FileRef, Kind};
use super::station_list::MAX_STATIONS;
use crate::nik::Digits;
use sha2::{Digest as _, Sha256};

/// The most bits of a hash of the 12 digits that choose among the parts of a split district.
pub const MAX_SPLIT_BITS: u8 = 4;

/// A village by the last four digits of its code.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Village {
    /// The last four digits.
    pub code: u16,
    /// Its name.
    pub name: String,
}

/// A district by the last two digits of its code.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct District {
    /// The last two digits.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its villages, by code.
    pub villages: Vec<Village>,
    /// Its stations; none where it has none.
    pub stations: Option<FileRef>,
    /// How many of its stations tables can point to: as many as there were at the build. A patch that appends leaves it.
    pub addressable: u32,
}

/// Which tables hold the voters whose NIK starts with a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Route {
    /// Six digits.
    pub prefix: u32,
    /// The first of 2^`split_bits` entries of [`Directory::tables`].
    pub table: u32,
    /// How many bits of [`part`] choose among them.
    pub split_bits: u8,
}

/// A district where many of a table's voters vote: its stations come first in the table's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Home {
    /// The district's code.
    pub district: u32,
    /// Its addressable stations.
    pub stations: u32,
}

/// The sealed files of one group of voters.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Tables {
    /// By `full`; none where no voter's name is long enough.
    pub full: Option<FileRef>,
    /// By `near`: every voter.
    pub near: FileRef,
    /// Whose stations the small values stand for, in their order.
    pub homes: Vec<Home>,
}

/// The public file of one regency; or of all prefixes that are in no regency of today.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Directory {
    /// The regency's four digits; 0 for the prefixes of no regency.
    pub regency: u16,
    /// Its name.
    pub name: String,
    /// Its districts, by code.
    pub districts: Vec<District>,
    /// Prefixes and their tables, by prefix.
    pub routes: Vec<Route>,
    /// The sealed files.
    pub tables: Vec<Tables>,
}

impl Directory {
    /// The tables for 12 digits; none where no voter of the roll has their prefix.
    #[must_use]
    pub fn tables_of(&self, election: &str, digits: &Digits) -> Option<&Tables> {
        let route = self.route(digits.prefix())?;
        let index = route.table.checked_add(u32::from(part(election, digits, route.split_bits)))?;
        self.tables.get(usize::try_from(index).ok()?)
    }

    /// The only tables for a prefix, where the district is not split.
    #[must_use]
    pub fn only_tables_of(&self, prefix: u32) -> Option<&Tables> {
        let route = self.route(prefix).filter(|route| route.split_bits == 0)?;
        self.tables.get(usize::try_from(route.table).ok()?)
    }

    fn route(&self, prefix: u32) -> Option<&Route> {
        self.routes.binary_search_by_key(&prefix, |route| route.prefix).ok().and_then(|at| self.routes.get(at))
    }

    /// One of its districts.
    #[must_use]
    pub fn district(&self, code: Code) -> Option<&District> {
        (code.regency_of().map(Code::number) == Some(self.regency.into())).then_some(())?;
        self.districts.iter().find(|district| district.code == code.last_two())
    }
}

impl Document for Directory {
    const KIND: Kind = Kind::Directory;

    fn check(&self) -> Result<(), &'static str> {
        if self.regency > 9999 || (self.regency == 0 && !self.districts.is_empty()) {
            return Err("a directory of an impossible regency");
        }
        if !self.districts.is_sorted_by(|a, b| a.code < b.code)
            || self.districts.iter().any(|d| d.code > 99 || d.villages.iter().any(|v| v.code > 9999))
        {
            return Err("a directory with impossible districts");
        }
        if !self.routes.is_sorted_by(|a, b| a.prefix < b.prefix) {
            return Err("a directory whose prefixes are out of order");
        }
        let tables = u64::try_from(self.tables.len()).unwrap_or(u64::MAX);
        let fits = |route: &Route| {
            route.prefix <= 999_999
                && route.split_bits <= MAX_SPLIT_BITS
                && u64::from(route.table) + (1 << route.split_bits) <= tables
        };
        if !self.routes.iter().all(fits) {
            return Err("a prefix leads to a table that is not there");
        }
        let own = |tables: &Tables| tables.homes.iter().map(|home| u64::from(home.stations)).sum::<u64>();
        if self
            .tables
            .iter()
            .any(|tables| own(tables) > MAX_STATIONS.into() || tables.homes.iter().any(|home| home.district > 999_999))
        {
            return Err("a table with impossible home districts");
        }
        Ok(())
    }
}

/// Which part of a split district the 12 digits fall in: `bits` bits of a hash of them. This much, and no more, tells the
/// host of the files anything beyond the prefix.
#[must_use]
pub fn part(election: &str, digits: &Digits, bits: u8) -> u8 {
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
    fn parts_are_even_and_depend_on_the_digits_alone() {
        let mut counts = [0; 4];
        for serial in 0..4_000 {
            let digits = Digits::typed(&format!("320101{serial:06}")).unwrap();
            counts[usize::from(part("e", &digits, 2))] += 1;
            assert_eq!(part("e", &digits, 0), 0);
        }
        assert!(counts.iter().all(|&n| (900..1100).contains(&n)), "{counts:?}");
    }
}
