//! Bytes from anywhere as a sealed table. The laws are those of `document::laws`; one that is accepted can be asked for any key, and names
//! no station that it does not have.
use crate::document;
use bilik::{Key, StationRef, Table, TableValue};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Some(table) = document::laws::<Table>(bytes) else { return };
    let (home, all) = table.stations();
    let _ = table.salt("example-2029");
    let mut key = [0; 32];
    for (at, byte) in bytes.iter().enumerate() {
        key[at % 32] ^= byte.rotate_left(u32::try_from(at % 7).expect("small"));
    }
    let is_known = |station: &StationRef| match station {
        StationRef::Home(position) => *position < home,
        StationRef::Elsewhere(number) => *number < all,
    };
    for key in [[0; 32], [0xff; 32], key] {
        match table.open(&Key::from_bytes(key)) {
            Some(TableValue::One(station)) => assert!(is_known(&station), "{station:?}"),
            Some(TableValue::Several(stations)) => assert!(stations.iter().all(|station| *station < all), "{stations:?}"),
            None => {}
        }
    }
}
