//! How much changed, in all and by regency: nothing of a voter.

use super::change::{BeforeAndNow, ChangedStation, VoterChange};
use super::stations::StationPairs;
use crate::input::Regions;
use bilik::format::Code;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many voters or stations changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChangeCounts {
    /// Only there now.
    pub added: u64,
    /// Only there before.
    pub gone: u64,
    /// Voters at another station; stations at another place.
    pub moved: u64,
}

impl ChangeCounts {
    fn total(self) -> u64 {
        self.added + self.gone + self.moved
    }
}

/// The changes of voters or of stations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChangeTotals {
    /// How many there were, and are.
    #[serde(flatten)]
    pub total: BeforeAndNow,
    /// How many of them changed.
    #[serde(flatten)]
    pub changed: ChangeCounts,
}

/// The changes of a regency. Who or what moved counts where it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RegencyChanges {
    /// Its four digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Voters by the regency of their station.
    pub voters: ChangeCounts,
    /// Stations.
    pub stations: ChangeCounts,
}

/// All changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Of voters.
    pub voters: ChangeTotals,
    /// Of stations.
    pub stations: ChangeTotals,
    /// Lines of the rolls that have errors, and were not compared.
    pub not_compared: BeforeAndNow,
    /// By regency, those with the most changes first; those without any are left out.
    pub regencies: Vec<RegencyChanges>,
    #[serde(skip)]
    by_code: BTreeMap<Code, RegencyChanges>,
}

impl Changes {
    pub(super) fn new(pairs: &StationPairs, before: &Regions, now: &Regions) -> Self {
        let all = pairs.villages().filter_map(Code::regency_of);
        let by_code = all.map(|code| {
            let name = now.name(code).or(before.name(code)).unwrap_or_default().to_owned();
            (code, RegencyChanges { code: code.to_string(), name, ..RegencyChanges::default() })
        });
        let mut changes = Self { by_code: by_code.collect(), ..Self::default() };
        changes.stations.total = pairs.totals();
        changes
    }

    pub(super) fn add_station(&mut self, change: &ChangedStation) {
        let (count, village): (fn(&mut ChangeCounts) -> &mut u64, _) = match change {
            ChangedStation::Added(row) => (|counts| &mut counts.added, row.village),
            ChangedStation::Gone(row) => (|counts| &mut counts.gone, row.village),
            ChangedStation::Moved(_, row) => (|counts| &mut counts.moved, row.village),
        };
        *count(&mut self.stations.changed) += 1;
        if let Some(regency) = village.regency_of().and_then(|code| self.by_code.get_mut(&code)) {
            *count(&mut regency.stations) += 1;
        }
    }

    pub(super) fn add_voter(&mut self, change: &VoterChange, pairs: &StationPairs) {
        let (count, station): (fn(&mut ChangeCounts) -> &mut u64, _) = match change {
            VoterChange::Added(voter) => (|counts| &mut counts.added, pairs.now(voter.station)),
            VoterChange::Gone(voter) => (|counts| &mut counts.gone, pairs.before(voter.station)),
            VoterChange::Moved(_, voter) => (|counts| &mut counts.moved, pairs.now(voter.station)),
        };
        *count(&mut self.voters.changed) += 1;
        let regency = station.and_then(|row| row.village.regency_of());
        if let Some(regency) = regency.and_then(|code| self.by_code.get_mut(&code)) {
            *count(&mut regency.voters) += 1;
        }
    }

    pub(super) fn finish(mut self) -> Self {
        let total = |regency: &RegencyChanges| regency.voters.total() + regency.stations.total();
        self.regencies = std::mem::take(&mut self.by_code).into_values().filter(|regency| total(regency) > 0).collect();
        self.regencies.sort_by_key(|regency| std::cmp::Reverse(total(regency)));
        self
    }
}
