//! The shape of an operator's roll, in the model's terms.

use super::names::{NameCounter, NameShape};
use super::population::Population;
use crate::cancel::CancellationToken;
use crate::input::Input;
use crate::number::{float, float_len};
use crate::partition::{Checked, PartitionError, common_among};
use crate::roll::Voter;
use bilik::{Digits, FoldedName, Sex, fold_name};
use std::collections::BTreeSet;

/// At most about this number of voters is counted for the whole roll, spread over it: more would change the figures by less than
/// they are rounded.
const MAX_MEASURED: u64 = 1_000_000;
/// The names of fewer voters do not show how frequent each is.
const MIN_TABLE: usize = 2_000;

/// What a roll is like.
#[derive(Clone, Debug)]
pub struct RollShape {
    /// Its people.
    pub population: Population,
    /// Their names.
    pub names: NameShape,
    /// How many voters were counted.
    pub measured: u64,
    /// The table whose names are the easiest to guess, if one is large enough to tell.
    pub weakest: Option<WeakTable>,
}

/// A table whose names are easy to guess.
#[derive(Clone, Debug)]
pub struct WeakTable {
    /// Which prefix it stands for.
    pub label: String,
    /// How many voters it has.
    pub voters: u64,
    /// Their names.
    pub names: NameShape,
}

impl RollShape {
    /// Measures a roll that was checked; none where it has no voter. Nothing of a voter is kept. Takes some seconds for a million
    /// voters: each name is folded.
    ///
    /// # Errors
    /// When the scratch files cannot be read, or the run is cancelled.
    pub fn measure(input: &Input, checked: &Checked, cancel: &CancellationToken) -> Result<Option<Self>, PartitionError> {
        let step = usize::try_from(checked.voters.div_ceil(MAX_MEASURED).max(1)).unwrap_or(usize::MAX);
        let mut counter = RollCounter::default();
        let mut weakest = Weakest::default();
        for bin in 0..checked.partition.bin_count() {
            cancel.check()?;
            for (group, voters) in checked.partition.read(bin)? {
                let named = voters.iter().filter_map(|voter| Some((voter, fold_name(voter.name.reveal()).ok()?)));
                let named: Vec<(&Voter, FoldedName)> = named.collect();
                let (_, common) = common_among(named.iter().map(|(_, name)| name));
                named.iter().step_by(step).for_each(|(voter, name)| counter.add(voter, name, &common));
                // Where prefixes share a table, each would have to be tried.
                if let Some(group) = checked.partition.groups().get(group).filter(|group| group.prefixes.len() == 1) {
                    weakest.look_at(&group.label, &named, &common);
                }
            }
        }
        let villages: BTreeSet<u64> = input.stations.rows().iter().map(|row| row.village.number()).collect();
        let districts: BTreeSet<u64> = villages.iter().map(|village| village / 10_000).collect();
        let shape = counter.shape(checked.voters, float_len(villages.len()), float_len(districts.len()));
        Ok(shape.map(|shape| Self { weakest: weakest.found.map(|(_, table)| table), ..shape }))
    }
}

/// Looks for the table of which the fewest words cover half.
#[derive(Default)]
struct Weakest {
    found: Option<(f64, WeakTable)>,
}

impl Weakest {
    fn look_at(&mut self, label: &str, named: &[(&Voter, FoldedName)], common: &[u32]) {
        if named.len() < MIN_TABLE {
            return;
        }
        let mut counter = NameCounter::default();
        for (voter, name) in named {
            counter.add(birth(&voter.digits).0, name, common);
        }
        let shape = counter.shape();
        let words = shape.tokens_for_half();
        if self.found.as_ref().is_none_or(|(fewest, _)| words < *fewest) {
            let voters = u64::try_from(named.len()).unwrap_or(u64::MAX);
            self.found = Some((words, WeakTable { label: label.to_owned(), voters, names: shape }));
        }
    }
}

struct RollCounter {
    names: NameCounter,
    /// By the last two digits of the year.
    births: [u64; 100],
    at_home: u64,
    all: u64,
}

impl Default for RollCounter {
    fn default() -> Self {
        Self { names: NameCounter::default(), births: [0; 100], at_home: 0, all: 0 }
    }
}

impl RollCounter {
    fn add(&mut self, voter: &Voter, name: &FoldedName, common: &[u32]) {
        let (sex, born) = birth(&voter.digits);
        self.names.add(sex, name, common);
        self.all += 1;
        self.at_home += u64::from(u64::from(voter.digits.prefix()) == voter.village.number() / 10_000);
        if let Some(count) = self.births.get_mut(usize::from(born)) {
            *count += 1;
        }
    }

    fn shape(self, voters: u64, villages: f64, districts: f64) -> Option<RollShape> {
        if self.all == 0 || districts == 0.0 {
            return None;
        }
        let names = self.names.shape();
        let population = Population {
            voters: float(voters),
            districts,
            villages_per_district: villages / districts,
            long_share: names.long_share(),
            home_share: float(self.at_home) / float(self.all),
            ages: Population::ages_of(self.births),
        };
        Some(RollShape { population: population.sorted(), names, measured: self.all, weakest: None })
    }
}

/// The sex that the digits say, and the last two digits of the year of birth.
fn birth(digits: &Digits) -> (Sex, u8) {
    let pair = |at: usize| digits.as_bytes().iter().skip(at).take(2).fold(0_u8, |n, &d| n * 10 + d.wrapping_sub(b'0'));
    (if pair(6) > 40 { Sex::Female } else { Sex::Male }, pair(10))
}
