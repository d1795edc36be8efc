//! Regions: official codes, and the directory that leads from a NIK's prefix to its tables.
//!
//! A code has 2 digits for a province, 4 for a regency, 6 for a district, 10 for a village. The first six digits of a NIK are
//! the district of *first issue*, often a code that no longer exists; so the directory maps prefixes to tables ([`Route`]),
//! and never assumes that a prefix is one of today's districts.

mod finder;

use crate::file::{Decode, Document, Encode, FileRef, Kind};
use crate::nik::Digits;
use crate::station::MOST_STATIONS;
pub use finder::find;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The most bits of a hash of the 12 digits that choose among the parts of a split district.
pub const MOST_SPLIT_BITS: u8 = 4;

/// An official code of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    number: u64,
    level: Level,
}

/// How deep a region lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// 2 digits.
    Province,
    /// 4 digits: kabupaten or kota.
    Regency,
    /// 6 digits: kecamatan.
    District,
    /// 10 digits: kelurahan or desa.
    Village,
}

impl Code {
    /// Reads a code with or without dots.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.trim().chars().filter(|&c| c != '.').collect();
        let level = match digits.len() {
            2 => Level::Province,
            4 => Level::Regency,
            6 => Level::District,
            10 => Level::Village,
            _ => return None,
        };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Self { number: digits.parse().ok()?, level })
    }

    /// A district by its six digits as a number.
    #[must_use]
    pub fn district(number: u32) -> Option<Self> {
        (number <= 999_999).then_some(Self { number: number.into(), level: Level::District })
    }

    /// A regency by its four digits as a number.
    #[must_use]
    pub fn regency(number: u16) -> Option<Self> {
        (number <= 9999).then_some(Self { number: number.into(), level: Level::Regency })
    }

    /// The digits as a number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.number
    }

    /// The digits as a number, of a district or what lies above it.
    #[must_use]
    pub fn short(self) -> u32 {
        u32::try_from(self.number).unwrap_or(u32::MAX)
    }

    /// How deep it lies.
    #[must_use]
    pub fn level(self) -> Level {
        self.level
    }

    /// The region one level up; none above a province.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let (divisor, level) = match self.level {
            Level::Province => return None,
            Level::Regency => (100, Level::Province),
            Level::District => (100, Level::Regency),
            Level::Village => (10_000, Level::District),
        };
        Some(Self { number: self.number / divisor, level })
    }

    /// The district that it is, or lies in.
    #[must_use]
    pub fn district_of(self) -> Option<Self> {
        match self.level {
            Level::Village => self.parent(),
            Level::District => Some(self),
            Level::Province | Level::Regency => None,
        }
    }

    /// The regency that a district or village lies in, or that it is.
    #[must_use]
    pub fn regency_of(self) -> Option<Self> {
        match self.level {
            Level::Province => None,
            Level::Regency => Some(self),
            Level::District | Level::Village => self.parent().and_then(Self::regency_of),
        }
    }

    /// The two digits of its province.
    #[must_use]
    pub fn province(self) -> u8 {
        let number = self.parent().map_or(self.number, |parent| parent.province().into());
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    /// The village of a district by its last four digits.
    #[must_use]
    pub fn village(self, last_four: u16) -> Self {
        Self { number: self.number * 10_000 + u64::from(last_four), level: Level::Village }
    }

    /// The district of a regency by its last two digits.
    #[must_use]
    pub fn within(self, last_two: u8) -> Self {
        let level = if self.level == Level::Province { Level::Regency } else { Level::District };
        Self { number: self.number * 100 + u64::from(last_two), level }
    }

    /// The last four digits of a village.
    #[must_use]
    pub fn last_four(self) -> u16 {
        u16::try_from(self.number % 10_000).unwrap_or_default()
    }

    /// The last two digits of a regency or district.
    #[must_use]
    pub fn last_two(self) -> u8 {
        u8::try_from(self.number % 100).unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.level {
            Level::Province => 2,
            Level::Regency => 4,
            Level::District => 6,
            Level::Village => 10,
        };
        write!(f, "{:0digits$}", self.number)
    }
}

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
                && route.split_bits <= MOST_SPLIT_BITS
                && u64::from(route.table) + (1 << route.split_bits) <= tables
        };
        if !self.routes.iter().all(fits) {
            return Err("a prefix leads to a table that is not there");
        }
        let own = |tables: &Tables| tables.homes.iter().map(|home| u64::from(home.stations)).sum::<u64>();
        if self
            .tables
            .iter()
            .any(|tables| own(tables) > MOST_STATIONS.into() || tables.homes.iter().any(|home| home.district > 999_999))
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
    if bits == 0 { 0 } else { first >> (8 - bits.min(MOST_SPLIT_BITS)) }
}

/// The names of one province, for finding a village: only somebody who browses fetches it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Names {
    /// The province's two digits.
    pub province: u8,
    /// Its regencies, by code.
    pub regencies: Vec<RegencyNames>,
}

/// The names in one regency.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RegencyNames {
    /// The last two digits.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its districts with their villages.
    pub districts: Vec<DistrictNames>,
}

/// The names in one district.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DistrictNames {
    /// The last two digits.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its villages.
    pub villages: Vec<Village>,
}

impl Document for Names {
    const KIND: Kind = Kind::Names;

    fn check(&self) -> Result<(), &'static str> {
        let fits = |district: &DistrictNames| district.code <= 99 && district.villages.iter().all(|village| village.code <= 9999);
        if self.province > 99 || self.regencies.iter().any(|regency| regency.code > 99 || !regency.districts.iter().all(fits)) {
            return Err("names with impossible codes");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_with_and_without_dots() {
        let village = Code::parse("32.01.01.2001").unwrap();
        assert_eq!(Code::parse(" 3201012001 "), Some(village));
        assert_eq!((village.to_string().as_str(), village.level()), ("3201012001", Level::Village));
        assert_eq!(village.district_of().unwrap().to_string(), "320101");
        assert_eq!(village.regency_of().unwrap().to_string(), "3201");
        assert_eq!((village.province(), village.last_four()), (32, 2001));
        assert_eq!(Code::parse("01").unwrap().to_string(), "01");
        for bad in ["", "3", "320", "32.01.01.20", "3201O1", "320101200１"] {
            assert_eq!(Code::parse(bad), None, "{bad}");
        }
    }

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
