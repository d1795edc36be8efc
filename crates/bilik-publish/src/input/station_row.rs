//! One line of the stations file.

use bilik::format::{Code, Station, StationKind};

/// One polling station of the input.
#[derive(Clone, Debug)]
pub struct StationRow {
    /// The operator's id: what the roll refers to.
    pub id: String,
    /// Its village.
    pub village: Code,
    /// What is published of it.
    pub station: Station,
}

impl StationRow {
    /// What stations are sorted by.
    pub(super) fn order(&self) -> (Code, StationKind, u16, &str) {
        (self.village, self.station.kind, self.station.number, &self.id)
    }
}
