//! Stations and the public list of one district's.

use super::code::Code;
use super::container::{Decode, Document, Encode, Kind};

/// The most stations of an election: three of them fit in a slot of 63 bits.
pub const MAX_STATIONS: u32 = (1 << 21) - 8;
/// Parts of a degree: about 1.1 m.
const DEGREE: f64 = 100_000.0;

/// One polling station, as published.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Station {
    /// The operator's id, where it is not the usual one: the village's ten digits and the number in three.
    id: Option<String>,
    /// The last four digits of its village's code.
    village: u16,
    /// Its number in the village; extension stations are numbered from 901.
    pub number: u16,
    /// The building.
    pub venue: String,
    /// Street and place.
    pub address: String,
    /// Where it stands.
    pub place: Option<Place>,
    /// Whether it can be used in a wheelchair; none where nobody said.
    pub accessible: Option<bool>,
    /// What the operator says of it, for example that it moved.
    pub notice: Option<String>,
}

/// Coordinates in hundred-thousandths of a degree, and whether to believe them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    lat: i32,
    lon: i32,
    /// Far from the district's other stations.
    pub doubtful: bool,
}

impl Place {
    /// From degrees; none outside the globe.
    #[must_use]
    pub fn of_degrees(lat: f64, lon: f64, doubtful: bool) -> Option<Self> {
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
            return None;
        }
        // Within ±18,000,000 after the check above.
        let scaled = |degrees: f64| format!("{:.0}", degrees * DEGREE).parse().ok();
        Some(Self { lat: scaled(lat)?, lon: scaled(lon)?, doubtful })
    }

    /// Latitude in degrees, north positive.
    #[must_use]
    pub fn lat(&self) -> f64 {
        f64::from(self.lat) / DEGREE
    }

    /// Longitude in degrees, east positive.
    #[must_use]
    pub fn lon(&self) -> f64 {
        f64::from(self.lon) / DEGREE
    }
}

impl Station {
    /// A station of a village, without place, accessibility and notice yet.
    #[must_use]
    pub fn new(id: String, village: Code, number: u16, venue: String, address: String) -> Self {
        let id = (id != usual_id(village, number)).then_some(id);
        Self { id, village: village.last_four(), number, venue, address, place: None, accessible: None, notice: None }
    }

    /// The operator's id, given the district whose list it stands in.
    #[must_use]
    pub fn id(&self, district: Code) -> String {
        self.id.clone().unwrap_or_else(|| usual_id(self.village(district), self.number))
    }

    /// Its village, given the district whose list it stands in.
    #[must_use]
    pub fn village(&self, district: Code) -> Code {
        district.village(self.village)
    }
}

fn usual_id(village: Code, number: u16) -> String {
    format!("{village}{number:03}")
}

/// The stations of one district. Positions never change after a build: a patch edits or appends.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StationList {
    /// The district's code.
    pub district: u32,
    /// Its stations, by village and number.
    pub stations: Vec<Station>,
}

impl Document for StationList {
    const KIND: Kind = Kind::StationList;

    fn check(&self) -> Result<(), &'static str> {
        let count = u32::try_from(self.stations.len()).unwrap_or(u32::MAX);
        if Code::district(self.district).is_none() || count > MAX_STATIONS {
            return Err("a station list of an impossible district or length");
        }
        let on_globe = |place: &Place| place.lat.unsigned_abs() <= 9_000_000 && place.lon.unsigned_abs() <= 18_000_000;
        if self.stations.iter().any(|station| station.village > 9999 || station.place.is_some_and(|place| !on_globe(&place))) {
            return Err("a station in an impossible place");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_id_costs_nothing_and_others_are_kept() {
        let village = Code::parse("32.01.01.2001").unwrap();
        let district = village.district_of().unwrap();
        let usual = Station::new("3201012001004".into(), village, 4, "SDN 1".into(), "Jl. Contoh".into());
        assert_eq!((usual.id.as_deref(), usual.id(district).as_str()), (None, "3201012001004"));
        let other = Station::new("TPS-4".into(), village, 4, "SDN 1".into(), "Jl. Contoh".into());
        assert_eq!(other.id(district), "TPS-4");
        assert_eq!(other.village(district), village);
    }

    #[test]
    fn places_keep_a_metre_and_refuse_what_is_off_the_globe() {
        let place = Place::of_degrees(-6.482_134, 106.841_299, false).unwrap();
        assert!((place.lat() + 6.482_13).abs() < 1e-9 && (place.lon() - 106.841_3).abs() < 1e-9);
        for (lat, lon) in [(91.0, 0.0), (0.0, 181.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0)] {
            assert!(Place::of_degrees(lat, lon, false).is_none());
        }
    }
}
