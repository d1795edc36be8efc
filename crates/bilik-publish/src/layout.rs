//! The numbers of stations in the election, and the station lists of the districts.

use super::input::{Regions, StationRow, Stations};
use bilik::StationRef;
use bilik::format::{Code, Home, StationList};
use std::collections::BTreeMap;

/// Why stations cannot be numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// A station's region is not a village.
    #[error("stations.csv: {0} is not a village")]
    NotAVillage(Code),
    /// There are more stations than numbers.
    #[error("stations.csv: too many stations")]
    TooManyStations,
}

/// The stations by district. A station's number in the election is its place among all, sorted by district, village, number.
pub struct Layout {
    /// First station and number of stations of each district that has any.
    districts: BTreeMap<Code, (u32, u32)>,
    /// The district of each station.
    district_of: Vec<Code>,
    all: u32,
}

impl Layout {
    /// From the stations of the input.
    ///
    /// # Errors
    /// When a station is in no district, or there are too many.
    pub fn new(stations: &Stations) -> Result<Self, LayoutError> {
        let mut districts: BTreeMap<Code, (u32, u32)> = BTreeMap::new();
        let mut district_of = Vec::with_capacity(stations.rows().len());
        for (number, row) in (0_u32..).zip(stations.rows()) {
            let district = row.village.district_of().ok_or(LayoutError::NotAVillage(row.village))?;
            let entry = districts.entry(district).or_insert((number, 0));
            entry.1 += 1;
            district_of.push(district);
        }
        let all = u32::try_from(district_of.len()).map_err(|_| LayoutError::TooManyStations)?;
        Ok(Self { districts, district_of, all })
    }

    /// Stations of the election.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.all
    }

    /// Stations of one district.
    #[must_use]
    pub fn stations_in(&self, district: Code) -> u32 {
        self.districts.get(&district).map_or(0, |(_, count)| *count)
    }

    /// The district of a station.
    #[must_use]
    pub fn district_of(&self, station: u32) -> Option<Code> {
        usize::try_from(station).ok().and_then(|at| self.district_of.get(at)).copied()
    }

    /// The home districts of a table: those of today that its prefixes name, or else the one where most of its voters vote.
    #[must_use]
    pub fn homes(&self, prefixes: &[u32], regions: &Regions, voting_at: impl Iterator<Item = u32>) -> Vec<Home> {
        let named = prefixes.iter().filter_map(|&prefix| Code::district(prefix)).filter(|code| regions.holds(*code));
        let mut homes: Vec<Code> = named.collect();
        if homes.is_empty() {
            let mut counts: BTreeMap<Code, u64> = BTreeMap::new();
            for district in voting_at.filter_map(|station| self.district_of(station)) {
                *counts.entry(district).or_default() += 1;
            }
            homes.extend(counts.into_iter().max_by_key(|(code, count)| (*count, std::cmp::Reverse(*code))).map(|(code, _)| code));
        }
        homes.into_iter().map(|code| Home { district: code.short(), stations: self.stations_in(code) }).collect()
    }

    /// How a table stores a station: by its position in the lists of the homes, or by its number in the election.
    #[must_use]
    pub fn station_ref(&self, homes: &[Home], station: u32) -> StationRef {
        let mut before = 0;
        for home in homes {
            let first = Code::district(home.district).and_then(|code| self.districts.get(&code)).map(|(first, _)| *first);
            match first.and_then(|first| station.checked_sub(first)).filter(|position| *position < home.stations) {
                Some(position) => return StationRef::Home(before + position),
                None => before += home.stations,
            }
        }
        StationRef::Elsewhere(station)
    }

    /// The station that a reference leads to: the way back.
    #[must_use]
    pub fn station(&self, homes: &[Home], station_ref: StationRef) -> Option<u32> {
        let mut position = match station_ref {
            StationRef::Elsewhere(station) => return Some(station),
            StationRef::Home(position) => position,
        };
        for home in homes {
            match position.checked_sub(home.stations) {
                Some(rest) => position = rest,
                None => return self.districts.get(&Code::district(home.district)?).map(|(first, _)| first + position),
            }
        }
        None
    }

    /// The districts that have stations, by code.
    pub fn districts(&self) -> impl Iterator<Item = Code> {
        self.districts.keys().copied()
    }

    /// The stations of one district, in their order.
    #[must_use]
    pub fn rows_in<'a>(&self, district: Code, stations: &'a Stations) -> &'a [StationRow] {
        let (first, count) = self.districts.get(&district).copied().unwrap_or_default();
        let range = usize::try_from(first).unwrap_or_default()..usize::try_from(first + count).unwrap_or_default();
        stations.rows().get(range).unwrap_or_default()
    }

    /// The station lists, by district.
    pub fn lists<'a>(&'a self, stations: &'a Stations) -> impl Iterator<Item = (Code, StationList)> + 'a {
        self.districts().map(|district| {
            let stations = self.rows_in(district, stations).iter().map(|row| row.station.clone()).collect();
            (district, StationList { district: district.short(), stations })
        })
    }
}
