//! Which coordinates to doubt: outside Indonesia, or far from the district's other stations. (Swapped ones are reported where they
//! are read.)

use super::station_row::StationRow;
use crate::language::{Message, message};
use crate::problem::{FileLine, FileNames, InputProblem, ProblemKind, Report};
use bilik::format::Place;
use std::ops::RangeInclusive;

/// Indonesia with some sea around it.
const LATITUDES: RangeInclusive<f64> = -11.5..=6.5;
const LONGITUDES: RangeInclusive<f64> = 94.0..=142.0;
/// Farther from the middle of its district's stations, a station's coordinates are more likely wrong than right.
const FAR_KM: f64 = 50.0;
/// With fewer places the outlier cannot be determined.
const MIN_PLACES: usize = 3;
/// The province of voters abroad.
const ABROAD: u8 = 99;
const KM_OF_A_DEGREE: f64 = 111.2;

/// Marks doubtful places and reports them. The rows are sorted by village, each with its line.
pub(super) fn doubt(rows: &mut [(StationRow, FileLine)], files: &FileNames, column: &str, report: &mut Report) {
    for district in rows.chunk_by_mut(|(a, _), (b, _)| a.village.district_of() == b.village.district_of()) {
        let middle = middle(district);
        for (row, line) in district {
            let in_indonesia = is_indonesian(row.village.province());
            let Some(place) = row.station.place.as_mut().filter(|place| !place.doubtful) else { continue };
            // Abroad, a committee's stations may be a country apart.
            let middle = middle.filter(|_| row.village.province() != ABROAD);
            let Some(message) = why(place, in_indonesia, middle) else { continue };
            place.doubtful = true;
            report.add(ProblemKind::DoubtfulCoordinates, || {
                InputProblem::new(ProblemKind::DoubtfulCoordinates, files.of(*line), line.number(), Some(column), message)
            });
        }
    }
}

fn why(place: &Place, in_indonesia: bool, middle: Option<(f64, f64)>) -> Option<Message> {
    let (lat, lon) = (place.lat(), place.lon());
    if in_indonesia && !is_inside(lat, lon) {
        return Some(message!("{}, {} is outside Indonesia", lat, lon));
    }
    let (middle_lat, middle_lon) = middle?;
    let far = kilometres(lat, lon, middle_lat, middle_lon);
    (far > FAR_KM).then(|| message!("{}, {} is {} km from the middle of the district's stations", lat, lon, format!("{far:.0}")))
}

fn is_inside(lat: f64, lon: f64) -> bool {
    LATITUDES.contains(&lat) && LONGITUDES.contains(&lon)
}

/// The provinces of Indonesia by their two digits; 99 is for voters abroad.
fn is_indonesian(province: u8) -> bool {
    matches!(province, 11..=21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81..=82 | 91..=97)
}

/// The median latitude and longitude of a district's stations, those outside Indonesia apart.
fn middle(district: &[(StationRow, FileLine)]) -> Option<(f64, f64)> {
    let places = || {
        let inside =
            |row: &StationRow, place: &Place| !is_indonesian(row.village.province()) || is_inside(place.lat(), place.lon());
        district.iter().filter_map(move |(row, _)| row.station.place.filter(|place| inside(row, place)))
    };
    let median = |of: fn(&Place) -> f64| {
        let mut values: Vec<f64> = places().map(|place| of(&place)).collect();
        values.sort_by(f64::total_cmp);
        if values.len() < MIN_PLACES { None } else { values.get(values.len() / 2).copied() }
    };
    median(Place::lat).zip(median(Place::lon))
}

/// On a plane: good enough for telling 50 km from 500.
fn kilometres(lat: f64, lon: f64, other_lat: f64, other_lon: f64) -> f64 {
    let north = lat - other_lat;
    let east = (lon - other_lon) * other_lat.to_radians().cos();
    north.hypot(east) * KM_OF_A_DEGREE
}
