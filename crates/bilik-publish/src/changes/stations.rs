//! Stations of both folders, by their ids.

use super::change::{BeforeAndNow, ChangedStation};
use super::error::ChangesError;
use crate::input::{StationRow, Stations};
use bilik::format::Code;

/// The stations of both folders, and which are the same.
pub(super) struct StationPairs<'a> {
    before: &'a Stations,
    now: &'a Stations,
    /// For each one of before, the place of that with its id now.
    now_of: Vec<Option<u32>>,
}

/// A station in whichever of both folders it is: equal where the id is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum EitherStation {
    /// Its place now.
    Now(u32),
    /// Its place before; now there is none.
    Before(u32),
}

impl<'a> StationPairs<'a> {
    pub fn new(before: &'a Stations, now: &'a Stations) -> Self {
        Self { before, now, now_of: before.rows().iter().map(|row| now.by_id(&row.id)).collect() }
    }

    pub fn before(&self, station: u32) -> Option<&'a StationRow> {
        self.before.get(station)
    }

    pub fn now(&self, station: u32) -> Option<&'a StationRow> {
        self.now.get(station)
    }

    /// A station of before, as it is compared.
    pub fn of_before(&self, station: u32) -> EitherStation {
        let now = usize::try_from(station).ok().and_then(|at| self.now_of.get(at).copied()).flatten();
        now.map_or(EitherStation::Before(station), EitherStation::Now)
    }

    pub fn totals(&self) -> BeforeAndNow {
        let count = |stations: &Stations| u64::try_from(stations.rows().len()).unwrap_or(u64::MAX);
        BeforeAndNow { before: count(self.before), now: count(self.now) }
    }

    /// The villages of all stations.
    pub fn villages(&self) -> impl Iterator<Item = Code> {
        self.before.rows().iter().chain(self.now.rows()).map(|row| row.village)
    }

    /// All changes: those of stations that were there before, then those that are new.
    pub fn each_change(&self, each: &mut dyn FnMut(ChangedStation<'a>) -> Result<(), ChangesError>) -> Result<(), ChangesError> {
        for (row, now) in self.before.rows().iter().zip(&self.now_of) {
            match now.and_then(|now| self.now.get(now)) {
                None => each(ChangedStation::Gone(row))?,
                Some(other) if has_moved(row, other) => each(ChangedStation::Moved(row, other))?,
                Some(_) => {}
            }
        }
        let mut added = self.now.rows().iter().filter(|row| self.before.by_id(&row.id).is_none());
        added.try_for_each(|row| each(ChangedStation::Added(row)))
    }
}

/// Whether a voter would go to another place, or look for another number.
fn has_moved(before: &StationRow, now: &StationRow) -> bool {
    let (one, other) = (&before.station, &now.station);
    let at = |row: &StationRow| row.station.place.map(|place| (place.lat().to_bits(), place.lon().to_bits()));
    before.village != now.village
        || (one.number, &one.venue, &one.address) != (other.number, &other.venue, &other.address)
        || at(before) != at(now)
}
