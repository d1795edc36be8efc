//! Voters on disk by bins of whole groups, each of which becomes a part of the work.

use super::error::PartitionError;
use super::scratch::Scratch;
use super::spool::{self, Spool};
use crate::cancel::CancellationToken;
use crate::grouping::Group;
use crate::input::Input;
use crate::language::translatable;
use crate::problem::Report;
use crate::progress::Progress;
use crate::rejects::Rejects;
use crate::roll::{self, RollCounts, Voter};
use bilik::Digits;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

/// How many bins a roll is divided into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bins {
    /// About this number of voters in each, if its groups are not bigger themselves.
    OfVoters(u64),
    /// This number, or one for each group where there are fewer groups.
    Count(usize),
}

impl Default for Bins {
    /// Some 60 MB of memory for each.
    fn default() -> Self {
        Self::OfVoters(Self::MAX_VOTERS)
    }
}

impl Bins {
    /// The voters in a bin whose groups are not bigger themselves, at most.
    pub const MAX_VOTERS: u64 = 400_000;
    /// The voters in a bin on average, at most, whatever number of bins is asked for: some 300 MB of memory.
    const MAX_ASKED_VOTERS: u64 = 2_000_000;
    /// The number of bins, at most: each has a buffer of 96 KiB while they are filled.
    pub const MAX_COUNT: usize = 4_096;

    /// Groups in a row, as bins.
    fn divide(self, groups: &[Group]) -> Vec<Range<usize>> {
        match self {
            Self::OfVoters(most) => up_to(groups, most),
            Self::Count(count) => {
                let voters: u64 = groups.iter().map(|group| group.voters).sum();
                let least = usize::try_from(voters.div_ceil(Self::MAX_ASKED_VOTERS)).unwrap_or(Self::MAX_COUNT).max(1);
                this_many(groups, count.clamp(least.min(Self::MAX_COUNT), Self::MAX_COUNT))
            }
        }
    }
}

/// Voters by bins of whole groups, in a scratch folder that is removed with this.
#[derive(Debug)]
pub struct Partition {
    pub(super) groups: Vec<Group>,
    bins: Vec<Range<usize>>,
    /// The group of each prefix.
    group_of: HashMap<u32, usize>,
    pub(super) scratch: Scratch,
}

impl Partition {
    pub(super) fn new(groups: Vec<Group>, bins: Bins, scratch: Scratch) -> Self {
        let prefixes = groups.iter().enumerate().flat_map(|(at, group)| group.prefixes.iter().map(move |&prefix| (prefix, at)));
        let (bins, group_of) = (bins.divide(&groups), prefixes.collect());
        Self { groups, bins, group_of, scratch }
    }

    fn group_of(&self, digits: &Digits) -> Option<usize> {
        self.group_of.get(&digits.prefix()).copied()
    }

    /// The groups, each with its exact number of voters.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How many bins there are.
    #[must_use]
    pub fn bin_count(&self) -> usize {
        self.bins.len()
    }

    /// The groups of one bin, by their place among all.
    #[must_use]
    pub fn groups_of(&self, bin: usize) -> Range<usize> {
        self.bins.get(bin).cloned().unwrap_or_default()
    }

    /// Removes a bin that is no longer needed.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, bin: usize) -> Result<(), PartitionError> {
        Ok(self.scratch.bin(bin).remove()?)
    }

    /// Where the bins lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// The voters of one bin by group, in the order of their lines, without duplicates and crowded keys. Every group of the bin is
    /// there, even if it is empty.
    ///
    /// # Errors
    /// When the scratch files cannot be read, or another program changed them.
    pub fn read(&self, bin: usize) -> Result<Vec<(usize, Vec<Voter>)>, PartitionError> {
        let groups = self.spooled(bin)?;
        for (at, voters) in &groups {
            let expected = self.groups.get(*at).map_or(0, |group| group.voters);
            if !u64::try_from(voters.len()).is_ok_and(|count| count == expected) {
                return Err(self.scratch.changed());
            }
        }
        Ok(groups)
    }

    /// The voters of a bin as they were written.
    pub(super) fn spooled(&self, bin: usize) -> Result<Vec<(usize, Vec<Voter>)>, PartitionError> {
        let Some(range) = self.bins.get(bin) else { return Ok(Vec::new()) };
        let mut groups: Vec<(usize, Vec<Voter>)> = range.clone().map(|group| (group, Vec::new())).collect();
        spool::read(&self.scratch.bin(bin), &mut |voter| {
            let group = self.group_of(&voter.digits).and_then(|group| group.checked_sub(range.start));
            if let Some((_, voters)) = group.and_then(|at| groups.get_mut(at)) {
                voters.push(voter);
            }
        })?;
        Ok(groups)
    }
}

impl Partition {
    /// The second pass: each voter into the bin of their group.
    pub(super) fn spool(
        &self,
        input: &Input,
        expected: &RollCounts,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<(), PartitionError> {
        let mut bin_of = vec![0; self.groups.len()];
        for (bin, range) in self.bins.iter().enumerate() {
            bin_of.get_mut(range.clone()).unwrap_or_default().fill(bin);
        }
        let mut spool = Spool::new(&self.scratch, 0..self.bins.len())?;
        let (mut report, mut rejects) = (Report::muted(), Rejects::nowhere());
        let counted = roll::read(
            input,
            &mut report,
            &mut rejects,
            (translatable!("partitioning the roll"), progress),
            cancel,
            &mut |voter| {
                let bin = self.group_of(&voter.digits).and_then(|group| bin_of.get(group));
                spool.write(*bin.ok_or(PartitionError::RollChanged)?, &voter)
            },
        )?;
        if counted != *expected {
            return Err(PartitionError::RollChanged);
        }
        Ok(spool.finish()?)
    }
}

/// Neighbouring groups together, up to a number of voters.
fn up_to(groups: &[Group], most: u64) -> Vec<Range<usize>> {
    let mut bins: Vec<Range<usize>> = Vec::new();
    let mut voters = 0;
    for (at, group) in groups.iter().enumerate() {
        voters += group.voters;
        match bins.last_mut() {
            Some(bin) if voters <= most => bin.end = at + 1,
            _ => {
                bins.push(at..at + 1);
                voters = group.voters;
            }
        }
    }
    bins
}

/// Neighbouring groups together, in a number of bins with about the same number of voters.
fn this_many(groups: &[Group], count: usize) -> Vec<Range<usize>> {
    let mut bins = Vec::new();
    let mut left: u64 = groups.iter().map(|group| group.voters).sum();
    let mut from = 0;
    for still in (1..=count.min(groups.len())).rev() {
        let share = left / u64::try_from(still).unwrap_or(u64::MAX);
        // One group at least for each bin that follows.
        let last = groups.len() - (still - 1);
        let (mut end, mut voters) = (from, 0);
        while let Some(group) = groups.get(end).filter(|_| end < last) {
            let with = voters + group.voters;
            // Not where the share is met better without.
            if end > from && still > 1 && with.abs_diff(share) > share.abs_diff(voters) {
                break;
            }
            (end, voters) = (end + 1, with);
        }
        left -= voters;
        bins.push(from..end);
        from = end;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn groups(voters: impl IntoIterator<Item = u64>) -> Vec<Group> {
        voters.into_iter().map(|voters| Group { label: String::new(), prefixes: Vec::new(), voters }).collect()
    }

    #[test]
    fn bins_hold_whole_groups_in_a_row_and_not_too_many_voters() {
        let groups = groups([300_000, 100_000, 1, 500_000, 5, 399_995, 1]);
        assert_eq!(Bins::default().divide(&groups), [0..2, 2..3, 3..4, 4..6, 6..7]);
        assert!(Bins::default().divide(&[]).is_empty());
    }

    #[test]
    fn a_number_of_bins_is_what_is_asked_for_where_there_are_as_many_groups() {
        assert_eq!(Bins::Count(3).divide(&groups([10, 10, 10, 10, 10, 10])), [0..2, 2..4, 4..6]);
        assert_eq!(Bins::Count(2).divide(&groups([100, 1, 1, 1])), [0..1, 1..4]);
        assert_eq!(Bins::Count(9).divide(&groups([5, 5])), [0..1, 1..2]);
        assert!(Bins::Count(9).divide(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn each_group_is_in_one_bin(voters in prop::collection::vec(0_u64..1_000, 0..60), count in 1_usize..70) {
            let groups = groups(voters);
            let bins = Bins::Count(count).divide(&groups);
            prop_assert_eq!(bins.len(), count.min(groups.len()));
            prop_assert!(bins.iter().all(|bin| !bin.is_empty()));
            prop_assert!(bins.into_iter().flatten().eq(0..groups.len()));
        }
    }
}
