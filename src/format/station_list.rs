//! The stations of one district: a public file.

use super::code::Code;
use super::container::{Decode, Document, Encode, Kind, read_fields, read_whole};
use crate::date::Day;

/// The maximum number of stations of an election, so that three of them fit into a slot of 63 bits.
pub const MAX_STATIONS: u32 = (1 << 21) - 8;
/// The longest name of a time zone, in bytes.
const MAX_ZONE_LEN: usize = 16;
/// Coordinates are stored in units of a degree divided by this: about 1.1 m.
const UNITS_PER_DEGREE: f64 = 100_000.0;

/// One polling station, as published.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Station {
    /// The operator's id, where it differs from the default: the village's ten digits and the number in three digits.
    id: Option<String>,
    /// The last four digits of its village's code.
    village: u16,
    /// Its number within the village; extension stations are numbered from 901.
    pub number: u16,
    /// The building.
    pub venue: String,
    /// Street and locality.
    pub address: String,
    /// Its coordinates.
    pub place: Option<Place>,
    /// Whether it is wheelchair accessible; `None` where unknown.
    pub accessible: Option<bool>,
    /// A notice of the operator, for example that the station moved.
    pub notice: Option<String>,
    /// A page with more about the notice.
    pub notice_url: Option<String>,
    /// When it is open, where that is not as in the rest of the election.
    pub time: Option<Box<PollingTime>>,
    /// What it is.
    pub kind: StationKind,
    /// What is near it that people know.
    pub landmark: Option<String>,
    /// What helps people to get in and to vote, in the order of [`AccessDetail`].
    pub access: Vec<AccessDetail>,
}

/// What helps people to get into a station and to vote there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessDetail {
    /// A ramp.
    #[default]
    Ramp,
    /// No steps between the street and the booth.
    Level,
    /// Parking at the door.
    Parking,
    /// Somebody who helps.
    Help,
}

/// What a station is, as its number is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StationKind {
    /// A polling station at home.
    #[default]
    Tps,
    /// A polling station abroad.
    Tpsln,
    /// A ballot box that goes to the voters (kotak suara keliling).
    Ksk,
    /// Voting by post.
    Pos,
}

impl StationKind {
    /// What stands before its number.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tps => "TPS",
            Self::Tpsln => "TPSLN",
            Self::Ksk => "KSK",
            Self::Pos => "POS",
        }
    }
}

/// When a station is open. All times are those of its clocks.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct PollingTime {
    /// Its polling day, in days since 1970.
    pub day: u32,
    /// When it opens, in minutes of that day.
    pub opens: u16,
    /// When it closes, in minutes of that day.
    pub closes: u16,
    /// How many minutes its clocks are ahead of UTC on that day.
    pub offset: i16,
    /// What people call its time zone, such as `WIB` or `UTC+8`.
    pub zone: String,
}

impl PollingTime {
    fn is_possible(&self) -> bool {
        self.opens < self.closes
            && self.closes <= 24 * 60
            && self.offset.unsigned_abs() <= 15 * 60
            && Day::of_number(self.day).is_some()
            && (1..=MAX_ZONE_LEN).contains(&self.zone.len())
    }
}

/// Coordinates, and whether they are doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct Place {
    lat: i32,
    lon: i32,
    /// Whether they are far from the district's other stations.
    pub doubtful: bool,
}

impl Place {
    /// From degrees, rounded to hundred-thousandths; `None` where they are out of range.
    #[must_use]
    pub fn of_degrees(lat: f64, lon: f64, doubtful: bool) -> Option<Self> {
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
            return None;
        }
        // Within ±18,000,000 after the check above.
        let scaled = |degrees: f64| format!("{:.0}", degrees * UNITS_PER_DEGREE).parse().ok();
        Some(Self { lat: scaled(lat)?, lon: scaled(lon)?, doubtful })
    }

    /// Latitude in degrees, north positive.
    #[must_use]
    pub fn lat(&self) -> f64 {
        f64::from(self.lat) / UNITS_PER_DEGREE
    }

    /// Longitude in degrees, east positive.
    #[must_use]
    pub fn lon(&self) -> f64 {
        f64::from(self.lon) / UNITS_PER_DEGREE
    }
}

impl Station {
    /// A station of a village at the election's time, without place, accessibility and notice.
    #[must_use]
    pub fn new(id: String, village: Code, number: u16, venue: String, address: String) -> Self {
        let id = (id != default_id(village, number)).then_some(id);
        Self {
            id,
            village: village.last_four(),
            number,
            venue,
            address,
            place: None,
            accessible: None,
            notice: None,
            notice_url: None,
            time: None,
            kind: StationKind::Tps,
            landmark: None,
            access: Vec::new(),
        }
    }

    /// The operator's id. `district` is the one whose list contains the station.
    #[must_use]
    pub fn id(&self, district: Code) -> String {
        self.id.clone().unwrap_or_else(|| default_id(self.village(district), self.number))
    }

    /// The village's code. `district` is the one whose list contains the station.
    #[must_use]
    pub fn village(&self, district: Code) -> Code {
        district.village(self.village)
    }
}

fn default_id(village: Code, number: u16) -> String {
    format!("{village}{number:03}")
}

/// The stations of one district. Tables refer to positions, so a later build or a patch edits or appends and never moves.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct StationList {
    /// The district's code.
    pub district: u32,
    /// Its stations by position: those of the first build by village and number, then those that were added. `None` where one
    /// was that is no more.
    pub stations: Vec<Option<Station>>,
}

impl StationList {
    /// The station at a position.
    #[must_use]
    pub fn at(&self, position: u32) -> Option<&Station> {
        usize::try_from(position).ok().and_then(|at| self.stations.get(at))?.as_ref()
    }

    /// The stations that there are.
    pub fn present(&self) -> impl Iterator<Item = &Station> {
        self.stations.iter().flatten()
    }
}

read_whole!(AccessDetail, StationKind);

read_fields! {
    Station { id, village, number, venue, address, place, accessible, notice, notice_url, time, kind, landmark, access }
    PollingTime { day, opens, closes, offset, zone }
    Place { lat, lon, doubtful }
    StationList { district, stations }
}

impl Document for StationList {
    const KIND: Kind = Kind::StationList;

    fn check(&self) -> Result<(), &'static str> {
        let count = u32::try_from(self.stations.len()).unwrap_or(u32::MAX);
        if Code::district(self.district).is_none() || count > MAX_STATIONS {
            return Err("district code out of range, or too many stations");
        }
        let on_globe = |place: &Place| place.lat.unsigned_abs() <= 9_000_000 && place.lon.unsigned_abs() <= 18_000_000;
        if self.present().any(|station| station.village > 9999 || station.place.is_some_and(|place| !on_globe(&place))) {
            return Err("village code or coordinates of a station out of range");
        }
        if self.present().any(|station| station.time.as_ref().is_some_and(|time| !time.is_possible())) {
            return Err("polling time of a station out of range");
        }
        if self.present().filter_map(|station| station.notice_url.as_ref()).any(|url| !url.starts_with("https://")) {
            return Err("a link of a notice is not an https:// address");
        }
        if self.present().any(|station| !station.access.is_sorted_by(|a, b| a < b)) {
            return Err("details of a station's access out of order");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_ids_are_not_stored_and_others_are() {
        let village = Code::parse("32.01.01.2001").unwrap();
        let district = village.district_of().unwrap();
        let usual = Station::new("3201012001004".into(), village, 4, "SDN 1".into(), "Jl. Contoh".into());
        assert_eq!((usual.id.as_deref(), usual.id(district).as_str()), (None, "3201012001004"));
        let other = Station::new("TPS-4".into(), village, 4, "SDN 1".into(), "Jl. Contoh".into());
        assert_eq!(other.id(district), "TPS-4");
        assert_eq!(other.village(district), village);
    }

    #[test]
    fn places_are_exact_to_a_metre_and_within_the_globe() {
        let place = Place::of_degrees(-6.482_134, 106.841_299, false).unwrap();
        assert!((place.lat() + 6.482_13).abs() < 1e-9 && (place.lon() - 106.841_3).abs() < 1e-9);
        for (lat, lon) in [(91.0, 0.0), (0.0, 181.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0)] {
            assert!(Place::of_degrees(lat, lon, false).is_none());
        }
    }
}
