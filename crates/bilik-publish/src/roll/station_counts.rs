//! How many voters of the roll each station has: what the official totals are compared with. 16 bytes a station, whatever the roll.

use bilik::format::Code;
use std::collections::BTreeMap;

/// The lines of the roll that name one station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StationCount {
    /// Its voters, withheld ones too.
    pub voters: u64,
    /// Its lines that were rejected.
    pub rejected: u64,
}

/// The lines of the roll by station.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StationCounts {
    /// By the station's place in [`crate::input::Stations::rows`].
    of: Vec<StationCount>,
    /// Lines whose station was rejected itself, by its village where that can be read.
    of_rejected: BTreeMap<Code, u64>,
    /// Rejected lines whose station nothing tells.
    unplaced: u64,
}

impl StationCounts {
    pub(super) fn new(stations: usize) -> Self {
        Self { of: vec![StationCount::default(); stations], ..Self::default() }
    }

    fn count_mut(&mut self, station: u32) -> Option<&mut StationCount> {
        self.of.get_mut(usize::try_from(station).ok()?)
    }

    pub(super) fn add_voter(&mut self, station: u32) {
        if let Some(count) = self.count_mut(station) {
            count.voters += 1;
        }
    }

    pub(super) fn add_rejected(&mut self, station: u32) {
        if let Some(count) = self.count_mut(station) {
            count.rejected += 1;
        }
    }

    pub(super) fn add_of_rejected_station(&mut self, village: Code) {
        *self.of_rejected.entry(village).or_default() += 1;
    }

    pub(super) fn add_unplaced(&mut self) {
        self.unplaced += 1;
    }

    /// Counts a voter as rejected after all.
    pub(crate) fn reject(&mut self, station: u32) {
        if let Some(count) = self.count_mut(station) {
            count.voters = count.voters.saturating_sub(1);
            count.rejected += 1;
        }
    }

    /// The counts in the order of [`crate::input::Stations::rows`].
    #[must_use]
    pub fn stations(&self) -> &[StationCount] {
        &self.of
    }

    /// Rejected lines of stations that were rejected themselves, by village.
    pub fn of_rejected_stations(&self) -> impl Iterator<Item = (Code, u64)> {
        self.of_rejected.iter().map(|(&village, &lines)| (village, lines))
    }

    /// Rejected lines whose region nothing tells.
    #[must_use]
    pub fn unplaced(&self) -> u64 {
        self.unplaced
    }
}
