//! The manifest: the public root of one build.

use super::code::Code;
use super::container::{Decode, Document, Encode, FileRef, Kind};
use super::station_list::MAX_STATIONS;
use crate::date::{DAY_SECONDS, Day};
use crate::key::{Cost, MAX_PEPPER_BITS};

/// What the election is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Election {
    /// Its id: 1 to 32 of a-z, 0-9 and hyphens.
    pub id: String,
    /// Its name, as people call it.
    pub name: String,
    /// Polling day, in days since 1970.
    pub day: u32,
    /// When stations open, in minutes of the day, in their own time zone.
    pub opens: u16,
    /// When they close.
    pub closes: u16,
    /// All of it is made up.
    pub demo: bool,
    /// Whom to call.
    pub help_phone: Option<String>,
    /// Where to read more.
    pub help_url: Option<String>,
}

/// The longest id of an election.
pub const MAX_ID_LEN: usize = 32;

impl Election {
    /// Whether a text can be an election's id.
    #[must_use]
    pub fn is_id(text: &str) -> bool {
        (1..=MAX_ID_LEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }
}

/// What a key of this build costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sealing {
    /// One derivation.
    pub cost: Cost,
    /// Bits that a lookup by `near` must try out.
    pub pepper_bits: u8,
}

/// A time zone of Indonesia.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeZone {
    /// Western, UTC+7.
    Wib,
    /// Central, UTC+8.
    Wita,
    /// Eastern, UTC+9.
    Wit,
}

impl std::fmt::Display for TimeZone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        })
    }
}

impl TimeZone {
    /// The usual time zone of a province by its two digits.
    #[must_use]
    pub fn of_province(province: u8) -> Self {
        match province {
            51..=59 | 63..=65 | 71..=79 => Self::Wita,
            81..=89 | 91..=99 => Self::Wit,
            _ => Self::Wib,
        }
    }

    /// Hours ahead of UTC.
    #[must_use]
    pub fn hours(self) -> u8 {
        match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }
}

/// A province by the two digits of its code.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Province {
    /// The two digits.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// The time zone of its stations.
    pub zone: TimeZone,
    /// All its names, for browsing.
    pub names: FileRef,
    /// Its regencies, by code.
    pub regencies: Vec<Regency>,
}

/// A regency by the last two digits of its code. Its name stands in its directory.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Regency {
    /// The last two digits.
    pub code: u8,
    /// Its directory.
    pub directory: FileRef,
    /// Its addressable stations: those of all regencies before it give the number of its first.
    pub stations: u32,
}

/// The public root of one build: what the election is, what its keys cost, and a digest and size of each directory.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Manifest {
    /// What the answers are about.
    pub election: Election,
    /// What a key costs.
    pub sealing: Sealing,
    /// Provinces, by code.
    pub provinces: Vec<Province>,
    /// The directory of the prefixes that are in no regency of today.
    pub elsewhere: Option<FileRef>,
}

impl Manifest {
    /// The directory for the first four digits of a NIK: that of the regency, or else the one for all other prefixes.
    #[must_use]
    pub fn directory_for(&self, regency: Code) -> Option<&FileRef> {
        self.regency(regency).map(|regency| &regency.directory).or(self.elsewhere.as_ref())
    }

    /// One regency, where it exists today.
    #[must_use]
    pub fn regency(&self, code: Code) -> Option<&Regency> {
        self.province(code.province())?.regencies.iter().find(|regency| regency.code == code.last_two())
    }

    /// One province.
    #[must_use]
    pub fn province(&self, code: u8) -> Option<&Province> {
        self.provinces.iter().find(|province| province.code == code)
    }

    /// All regencies with their codes, in the order in which their stations are numbered.
    pub fn regencies(&self) -> impl Iterator<Item = (Code, &Regency)> {
        self.provinces.iter().flat_map(|province| {
            let of = |regency: &Regency| Code::regency(u16::from(province.code) * 100 + u16::from(regency.code));
            province.regencies.iter().filter_map(move |regency| Some((of(regency)?, regency)))
        })
    }

    /// The regency that holds a station by its number in the election, and the station's number in that regency.
    #[must_use]
    pub fn regency_of_station(&self, number: u32) -> Option<(Code, &Regency, u32)> {
        let mut left = number;
        for (code, regency) in self.regencies() {
            match left.checked_sub(regency.stations) {
                None => return Some((code, regency, left)),
                Some(rest) => left = rest,
            }
        }
        None
    }

    /// Addressable stations of the election.
    #[must_use]
    pub fn station_count(&self) -> u32 {
        self.regencies().fold(0, |sum: u32, (_, regency)| sum.saturating_add(regency.stations))
    }
}

impl Document for Manifest {
    const KIND: Kind = Kind::Manifest;

    fn check(&self) -> Result<(), &'static str> {
        let election = &self.election;
        if !Election::is_id(&election.id)
            || Day::of_number(election.day).is_none()
            || u64::from(election.day) > u64::from(u32::MAX) / DAY_SECONDS * 2
        {
            return Err("an impossible election");
        }
        if election.opens >= election.closes || election.closes > 24 * 60 {
            return Err("impossible opening hours");
        }
        if !self.sealing.cost.is_within_limits() || self.sealing.pepper_bits > MAX_PEPPER_BITS {
            return Err("a cost of derivation outside the limits");
        }
        if self.station_count() > MAX_STATIONS {
            return Err("more stations than an election can have");
        }
        let sorted = |province: &Province| {
            let regencies = &province.regencies;
            province.code <= 99
                && regencies.iter().all(|regency| regency.code <= 99)
                && regencies.is_sorted_by(|a, b| a.code < b.code)
        };
        if !self.provinces.is_sorted_by(|a, b| a.code < b.code) || !self.provinces.iter().all(sorted) {
            return Err("provinces or regencies out of order");
        }
        Ok(())
    }
}
