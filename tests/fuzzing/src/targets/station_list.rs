//! Bytes from anywhere as a station list. The laws are those of `document::laws`; in one that is accepted, each position has the
//! station that the list has there.
use crate::document;
use bilik::format::{Code, StationList};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Some(list) = document::laws::<StationList>(bytes) else { return };
    let district = Code::district(list.district).expect("checked");
    for (position, station) in (0..).zip(&list.stations) {
        assert_eq!(list.at(position), station.as_ref());
        if let Some(station) = station {
            let _ = (station.id(district), station.village(district));
        }
    }
    assert_eq!(list.at(u32::try_from(list.stations.len()).expect("a short list")), None);
}
