//! Voters on disk by bins of whole groups.

use super::error::PartitionError;
use super::scratch::Scratch;
use super::spool::{self, Spool};
use crate::cancel::CancellationToken;
use crate::input::Input;
use crate::plan::Group;
use crate::problem::Report;
use crate::progress::Progress;
use crate::rejects::Rejects;
use crate::roll::{self, Voter};
use bilik::Digits;
use std::collections::HashMap;

/// Voters in a bin, if its groups are not bigger themselves: some 60 MB of memory.
const VOTERS_IN_A_BIN: u64 = 400_000;

/// Voters by bins of whole groups, in a scratch folder that is removed with this.
#[derive(Debug)]
pub struct Partition {
    pub(super) groups: Vec<Group>,
    bins: Vec<std::ops::Range<usize>>,
    /// The group of each prefix.
    group_of: HashMap<u32, usize>,
    pub(super) scratch: Scratch,
}

impl Partition {
    pub(super) fn new(groups: Vec<Group>, scratch: Scratch) -> Self {
        let prefixes = groups.iter().enumerate().flat_map(|(at, group)| group.prefixes.iter().map(move |&prefix| (prefix, at)));
        let (bins, group_of) = (bins(&groups), prefixes.collect());
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
        expected: u64,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<(), PartitionError> {
        let mut bin_of = vec![0; self.groups.len()];
        for (bin, range) in self.bins.iter().enumerate() {
            bin_of.get_mut(range.clone()).unwrap_or_default().fill(bin);
        }
        let mut spool = Spool::new(&self.scratch, self.bins.len());
        let (mut report, mut rejects) = (Report::muted(), Rejects::nowhere());
        let counted = roll::read(input, &mut report, &mut rejects, ("partitioning the roll", progress), cancel, &mut |voter| {
            let bin = self.group_of(&voter.digits).and_then(|group| bin_of.get(group));
            spool.write(*bin.ok_or(PartitionError::RollChanged)?, &voter)
        })?;
        if counted.voters != expected {
            return Err(PartitionError::RollChanged);
        }
        Ok(spool.finish()?)
    }
}

/// Neighbouring groups together, up to [`VOTERS_IN_A_BIN`].
fn bins(groups: &[Group]) -> Vec<std::ops::Range<usize>> {
    let mut bins: Vec<std::ops::Range<usize>> = Vec::new();
    let mut voters = 0;
    for (at, group) in groups.iter().enumerate() {
        voters += group.voters;
        match bins.last_mut() {
            Some(bin) if voters <= VOTERS_IN_A_BIN => bin.end = at + 1,
            _ => {
                bins.push(at..at + 1);
                voters = group.voters;
            }
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_whole_groups_in_a_row_and_not_too_many_voters() {
        let group = |voters| Group { label: String::new(), prefixes: Vec::new(), voters };
        let groups = [300_000, 100_000, 1, 500_000, 5, 399_995, 1].map(group);
        assert_eq!(bins(&groups), [0..2, 2..3, 3..4, 4..6, 6..7]);
        assert!(bins(&[]).is_empty());
    }
}
