//! The manifest: the public root of one build, which names every directory by its digest.

use super::code::Code;
use super::container::{Decode, Document, Encode, FileRef, Kind, read_fields, read_whole};
use super::station_list::{MAX_STATIONS, PollingTime};
use crate::date::{DAY_SECONDS, Day};
use crate::key::{Cost, KeyBits, Recipe};

/// The election that a site is about.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Election {
    /// Its id: 1 to 32 of a-z, 0-9 and hyphens.
    pub id: String,
    /// Its name, as people call it.
    pub name: String,
    /// Polling day, in days since 1970.
    pub day: u32,
    /// When stations open, in minutes of the day, in their own time zone.
    pub opens: u16,
    /// When stations close, in minutes of the day, in their own time zone.
    pub closes: u16,
    /// Whether all of it is made up.
    pub demo: bool,
    /// A telephone number for voters.
    pub help_phone: Option<String>,
    /// An address with more information.
    pub help_url: Option<String>,
}

/// The maximum length of an election's id.
pub const MAX_ID_LEN: usize = 32;

impl Election {
    /// Whether a text is a valid id: 1 to [`MAX_ID_LEN`] of a-z, 0-9 and hyphens.
    #[must_use]
    pub fn is_id(text: &str) -> bool {
        (1..=MAX_ID_LEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }

    /// When stations of a time zone are open that have no time of their own.
    #[must_use]
    pub fn time_in(&self, zone: TimeZone) -> PollingTime {
        let offset = i16::from(zone.hours()) * 60;
        PollingTime { day: self.day, opens: self.opens, closes: self.closes, offset, zone: zone.to_string() }
    }
}

/// What deriving a key of this build costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct Sealing {
    /// The cost of one derivation.
    pub cost: Cost,
    /// What else protects the keys by [`Recipe::Full`].
    pub full: KeyBits,
    /// What else protects the keys by [`Recipe::Near`].
    pub near: KeyBits,
}

impl Sealing {
    /// The pepper and check bits of a recipe.
    #[must_use]
    pub fn bits(self, recipe: Recipe) -> KeyBits {
        match recipe {
            Recipe::Full => self.full,
            Recipe::Near => self.near,
        }
    }
}

/// A time zone of Indonesia.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeZone {
    /// Western, UTC+7.
    #[default]
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
    /// The usual time zone of the province with these two digits.
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
    pub fn hours(self) -> i8 {
        match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }
}

/// A province of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Province {
    /// The two digits of its code.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// The time zone of its stations.
    pub zone: TimeZone,
    /// The file of its names, for browsing.
    pub names: FileRef,
    /// Its regencies, sorted by code.
    pub regencies: Vec<Regency>,
}

/// A regency of a province. Its name is in its directory.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Regency {
    /// The last two digits of its code.
    pub code: u8,
    /// Its directory.
    pub directory: FileRef,
    /// How many addressable positions it has. Stations of an election are numbered regency by regency.
    pub stations: u32,
}

/// The public root of one build: the election, the cost of its keys, and the digest and size of each directory.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Manifest {
    /// The election.
    pub election: Election,
    /// What deriving a key costs.
    pub sealing: Sealing,
    /// The provinces, sorted by code.
    pub provinces: Vec<Province>,
    /// The directory of the prefixes that belong to no present-day regency.
    pub elsewhere: Option<FileRef>,
}

impl Province {
    /// The regency with the last two digits of its code, where it exists today.
    #[must_use]
    pub fn regency(&self, last_two: u8) -> Option<&Regency> {
        self.regencies.iter().find(|regency| regency.code == last_two)
    }

    /// How many addressable positions it has.
    #[must_use]
    pub fn station_count(&self) -> u32 {
        self.regencies.iter().fold(0, |sum, regency| sum.saturating_add(regency.stations))
    }
}

impl Manifest {
    /// The regency with this code, where it exists today.
    #[must_use]
    pub fn regency(&self, code: Code) -> Option<&Regency> {
        self.province(code.province())?.regency(code.last_two())
    }

    /// The province with these two digits.
    #[must_use]
    pub fn province(&self, code: u8) -> Option<&Province> {
        self.provinces.iter().find(|province| province.code == code)
    }

    /// All regencies with their codes, in the order in which stations are numbered.
    pub fn regencies(&self) -> impl Iterator<Item = (Code, &Regency)> {
        // Loops, and a list between: less code than nested iterators, wherever this is used.
        let mut all = Vec::new();
        for province in &self.provinces {
            for regency in &province.regencies {
                all.extend(Code::regency(u16::from(province.code) * 100 + u16::from(regency.code)).map(|code| (code, regency)));
            }
        }
        all.into_iter()
    }

    /// How many addressable positions the election has.
    #[must_use]
    pub fn station_count(&self) -> u32 {
        self.provinces.iter().fold(0, |sum, province| sum.saturating_add(province.station_count()))
    }
}

read_whole!(TimeZone);

read_fields! {
    Election { id, name, day, opens, closes, demo, help_phone, help_url }
    Sealing { cost, full, near }
    Province { code, name, zone, names, regencies }
    Regency { code, directory, stations }
    Manifest { election, sealing, provinces, elsewhere }
}

/// What manifest and parts of it have in common.
pub(super) fn check(
    election: &Election,
    sealing: Sealing,
    provinces: &[Province],
    station_count: u32,
) -> Result<(), &'static str> {
    if !Election::is_id(&election.id)
        || Day::of_number(election.day).is_none()
        || u64::from(election.day) > u64::from(u32::MAX) / DAY_SECONDS * 2
    {
        return Err("invalid id or polling day of the election");
    }
    if election.opens >= election.closes || election.closes > 24 * 60 {
        return Err("opening hours out of range");
    }
    let Sealing { cost, full, near } = sealing;
    if !cost.is_within_limits() || !full.are_within_limits() || !near.are_within_limits() {
        return Err("cost of derivation, pepper bits or check bits out of range");
    }
    if station_count > MAX_STATIONS {
        return Err("too many stations");
    }
    let sorted = |province: &Province| {
        let regencies = &province.regencies;
        province.code <= 99
            && regencies.iter().all(|regency| regency.code <= 99)
            && regencies.is_sorted_by(|a, b| a.code < b.code)
    };
    if !provinces.is_sorted_by(|a, b| a.code < b.code) || !provinces.iter().all(sorted) {
        return Err("codes of provinces or regencies out of order or out of range");
    }
    Ok(())
}

impl Document for Manifest {
    const KIND: Kind = Kind::Manifest;

    fn check(&self) -> Result<(), &'static str> {
        check(&self.election, self.sealing, &self.provinces, self.station_count())
    }
}
