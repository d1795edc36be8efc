//! What the tables of a group hold, as one number that only the operator can compute.

use crate::tables::{GroupTables, TableInput};
use crate::work::PartHeader;
use bilik::{StationRef, TableValue};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The HMAC of everything that decides what a group's files say, in hex.
pub(super) fn contents(key: &str, header: &PartHeader, tables: &GroupTables) -> Option<String> {
    // HMAC takes keys of any length.
    let mut fed = Fed(Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?);
    let PartHeader { election, cost, full, near, all_stations, seed, .. } = header;
    fed.bytes(election.as_bytes());
    for (pepper_bits, check_bits) in [full, near] {
        fed.numbers(&[u32::from(*pepper_bits), u32::from(*check_bits)]);
    }
    fed.numbers(&[cost.0, cost.1, *all_stations]);
    fed.bytes(seed.map(u64::to_le_bytes).as_ref().map_or(&[], <[u8; 8]>::as_slice));
    fed.count(tables.homes.len());
    for home in &tables.homes {
        fed.numbers(&[home.district, home.stations]);
    }
    for files in [&tables.full, &tables.near] {
        fed.count(files.len());
        for file in files {
            fed.file(file);
        }
    }
    Some(base16ct::lower::encode_string(&fed.0.finalize().into_bytes()))
}

/// Each part is preceded by its length, so that no two sequences of parts are the same bytes.
struct Fed(Hmac<Sha256>);

impl Fed {
    fn file(&mut self, file: &TableInput) {
        self.bytes(file.label.as_bytes());
        self.count(file.common.len());
        self.numbers(&file.common);
        self.numbers(&[file.home_stations]);
        self.count(file.entries.len());
        for (details, value) in &file.entries {
            self.bytes(details.as_bytes());
            match value {
                TableValue::One(StationRef::Home(position)) => self.numbers(&[0, *position]),
                TableValue::One(StationRef::Elsewhere(station)) => self.numbers(&[1, *station]),
                TableValue::Several(stations) => {
                    self.count(stations.len());
                    self.numbers(stations);
                }
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    fn count(&mut self, count: usize) {
        self.0.update(&u64::try_from(count).unwrap_or(u64::MAX).to_le_bytes());
    }

    fn numbers(&mut self, numbers: &[u32]) {
        for number in numbers {
            self.0.update(&number.to_le_bytes());
        }
    }
}
