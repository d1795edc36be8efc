//! The numbers of stations in the election, and the station lists of the districts.

use super::input::{Regions, StationRow, Stations};
use bilik::StationRef;
use bilik::format::{Code, Home, MAX_STATIONS, StationList};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Positions that a district has beyond its stations when it is first numbered: `ROOM`, and one for each `ROOM_SHARE` stations.
const ROOM: u32 = 2;
const ROOM_SHARE: u32 = 32;

/// Why stations cannot be numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// A station's region is not a village.
    #[error("{}", tr::tr!("stations.csv: {} is not a village", _0))]
    NotAVillage(Code),
    /// There are more stations than numbers.
    #[error("{}", tr::tr!("stations.csv: too many stations"))]
    TooManyStations,
}

/// Where the stations of each district stand in its list, as a build keeps it for the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Positions {
    districts: BTreeMap<u32, DistrictPositions>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct DistrictPositions {
    /// How many positions tables can point to.
    addressable: u32,
    /// The operator's id of the station at each position; none where one was that is no more.
    ids: Vec<Option<String>>,
}

/// The stations by district, and their numbers in the election: the addressable positions of all districts before, and the position
/// in the district's list. A station keeps its number from build to build, and there is room for more, so that stations that come
/// and go change no table.
pub struct Layout {
    districts: BTreeMap<Code, DistrictLayout>,
    /// The district of each station, by its place in the input.
    district_of: Vec<Code>,
    /// The number of each station, by its place in the input.
    number_of: Vec<u32>,
    /// The place in the input of the station with each number.
    row_of: Vec<Option<u32>>,
    all: u32,
}

#[derive(Default)]
struct DistrictLayout {
    /// The number of its first position.
    first: u32,
    addressable: u32,
    /// By position: the station's place in the input.
    rows: Vec<Option<u32>>,
}

impl DistrictLayout {
    fn row(&self, position: u32) -> Option<u32> {
        usize::try_from(position).ok().and_then(|at| self.rows.get(at)).copied().flatten()
    }
}

impl Layout {
    /// From the stations of the input: those that had a position in an earlier build keep it, and the others get what is free.
    ///
    /// # Errors
    /// When a station is in no district, or there are too many.
    pub fn new(stations: &Stations, regions: &Regions, earlier: &Positions) -> Result<Self, LayoutError> {
        let mut in_district: BTreeMap<Code, Vec<u32>> = BTreeMap::new();
        let mut district_of = Vec::with_capacity(stations.rows().len());
        for (row, station) in (0_u32..).zip(stations.rows()) {
            let district = station.village.district_of().ok_or(LayoutError::NotAVillage(station.village))?;
            in_district.entry(district).or_default().push(row);
            district_of.push(district);
        }
        let mut districts: BTreeMap<Code, DistrictLayout> = BTreeMap::new();
        for (&number, positions) in &earlier.districts {
            let Some(code) = Code::district(number).filter(|code| regions.holds(*code)) else { continue };
            let row = |id: &Option<String>| stations.by_id(id.as_deref()?);
            let is_here = |row: &u32| usize::try_from(*row).ok().and_then(|row| district_of.get(row)) == Some(&code);
            let rows = positions.ids.iter().map(|id| row(id).filter(is_here)).collect();
            districts.insert(code, DistrictLayout { first: 0, addressable: positions.addressable, rows });
        }
        for (code, rows) in in_district {
            add_rows(&mut districts.entry(code).or_default().rows, rows);
        }
        let all = with_room(&mut districts)?;
        let mut number_of = vec![0; district_of.len()];
        let mut row_of = Vec::new();
        for district in districts.values() {
            for (number, row) in (district.first..).zip(&district.rows) {
                let place = row.and_then(|row| usize::try_from(row).ok()).and_then(|row| number_of.get_mut(row));
                if let Some(place) = place {
                    *place = number;
                }
            }
            row_of.extend(&district.rows);
            row_of.resize(usize::try_from(district.first + district.addressable).unwrap_or(usize::MAX), None);
        }
        Ok(Self { districts, district_of, number_of, row_of, all })
    }

    /// What the next build is to keep.
    #[must_use]
    pub fn positions(&self, stations: &Stations) -> Positions {
        let id = |row: &Option<u32>| row.and_then(|row| stations.get(row)).map(|row| row.id.clone());
        let kept = |district: &DistrictLayout| DistrictPositions {
            addressable: district.addressable,
            ids: district.rows.iter().map(id).collect(),
        };
        Positions { districts: self.districts.iter().map(|(code, district)| (code.short(), kept(district))).collect() }
    }

    /// Addressable positions of the election.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.all
    }

    /// Stations of the election.
    #[must_use]
    pub fn stations(&self) -> u32 {
        u32::try_from(self.district_of.len()).unwrap_or(u32::MAX)
    }

    /// Addressable positions of one district.
    #[must_use]
    pub fn addressable_in(&self, district: Code) -> u32 {
        self.districts.get(&district).map_or(0, |district| district.addressable)
    }

    /// The district of a station, by its place in the input.
    #[must_use]
    pub fn district_of(&self, row: u32) -> Option<Code> {
        usize::try_from(row).ok().and_then(|at| self.district_of.get(at)).copied()
    }

    /// The number of a station in the election, by its place in the input.
    #[must_use]
    pub fn number_of(&self, row: u32) -> Option<u32> {
        usize::try_from(row).ok().and_then(|at| self.number_of.get(at)).copied()
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
        homes.into_iter().map(|code| Home { district: code.short(), stations: self.addressable_in(code) }).collect()
    }

    /// How a table stores a station: by its position in the lists of the homes, or by its number in the election.
    #[must_use]
    pub fn station_ref(&self, homes: &[Home], row: u32) -> Option<StationRef> {
        let number = self.number_of(row)?;
        let mut before = 0;
        for home in homes {
            let first = Code::district(home.district).and_then(|code| self.districts.get(&code)).map(|district| district.first);
            match first.and_then(|first| number.checked_sub(first)).filter(|position| *position < home.stations) {
                Some(position) => return Some(StationRef::Home(before + position)),
                None => before += home.stations,
            }
        }
        Some(StationRef::Elsewhere(number))
    }

    /// The station that a reference leads to, by its place in the input: the way back.
    #[must_use]
    pub fn row(&self, homes: &[Home], station_ref: StationRef) -> Option<u32> {
        let mut position = match station_ref {
            StationRef::Elsewhere(number) => {
                return usize::try_from(number).ok().and_then(|at| self.row_of.get(at)).copied().flatten();
            }
            StationRef::Home(position) => position,
        };
        for home in homes {
            match position.checked_sub(home.stations) {
                Some(rest) => position = rest,
                None => return self.districts.get(&Code::district(home.district)?)?.row(position),
            }
        }
        None
    }

    /// The districts that have stations, or had them, by code.
    pub fn districts(&self) -> impl Iterator<Item = Code> {
        self.districts.keys().copied()
    }

    /// The stations of one district, by position.
    pub fn rows_in<'a>(&'a self, district: Code, stations: &'a Stations) -> impl Iterator<Item = Option<&'a StationRow>> {
        let rows = self.districts.get(&district).map(|district| district.rows.as_slice()).unwrap_or_default();
        rows.iter().map(|row| stations.get((*row)?))
    }

    /// The station lists, by district.
    pub fn lists<'a>(&'a self, stations: &'a Stations) -> impl Iterator<Item = (Code, StationList)> + 'a {
        self.districts().map(|district| {
            let stations = self.rows_in(district, stations).map(|row| row.map(|row| row.station.clone())).collect();
            (district, StationList { district: district.short(), stations })
        })
    }
}

/// Gives each station that has no position yet a free one, or one at the end.
fn add_rows(positions: &mut Vec<Option<u32>>, rows: Vec<u32>) {
    let placed: BTreeSet<u32> = positions.iter().flatten().copied().collect();
    let mut added = rows.into_iter().filter(|row| !placed.contains(row));
    for free in positions.iter_mut().filter(|position| position.is_none()) {
        *free = added.next();
    }
    positions.extend(added.map(Some));
}

/// Numbers the positions, with some room in districts that have none left; without where there are not enough numbers. Gives how
/// many there are.
fn with_room(districts: &mut BTreeMap<Code, DistrictLayout>) -> Result<u32, LayoutError> {
    let room_for = |stations: u32| stations.saturating_add(ROOM).saturating_add(stations / ROOM_SHARE);
    let numbered = |districts: &mut BTreeMap<Code, DistrictLayout>, room_for: &dyn Fn(u32) -> u32| {
        let mut all = 0_u32;
        for district in districts.values_mut() {
            let needed = u32::try_from(district.rows.len()).unwrap_or(u32::MAX);
            district.first = all;
            if district.addressable < needed {
                district.addressable = room_for(needed);
            }
            all = all.saturating_add(district.addressable);
        }
        all
    };
    let mut all = numbered(districts, &room_for);
    if all > MAX_STATIONS {
        for district in districts.values_mut() {
            district.addressable = 0;
        }
        all = numbered(districts, &|needed| needed);
    }
    if all > MAX_STATIONS { Err(LayoutError::TooManyStations) } else { Ok(all) }
}
