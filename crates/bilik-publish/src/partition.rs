//! From the roll to groups of voters on disk, so that memory stays bounded however big the roll is.
//!
//! Two passes over the roll: the first looks at every line and counts prefixes, from which [`super::plan`] makes groups; the
//! second spools the voters into bins of whole groups. Then each bin is read on its own to find doubles and crowded keys,
//! which only the voters of one group can be. Nothing is held in memory but one bin, the counts and the stations.

mod clean;
mod late;
mod scratch;
mod spool;

use super::config::Config;
use super::input::rows::file_name;
use super::input::{Input, Progress};
use super::plan::{Group, plan};
use super::problem::{Kind, Problem, Report};
use super::roll::{self, Rejects, Voter};
use anyhow::{bail, ensure};
use bilik::Digits;
use bilik::format::split_part;
pub use clean::common_tokens;
use scratch::Scratch;
use spool::Spool;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Voters in a bin, if its groups are not bigger themselves: some 60 MB of memory.
const VOTERS_IN_A_BIN: u64 = 400_000;
/// A group that is bigger than this would burst the memory, and is no district.
const MAX_IN_A_GROUP: u64 = 1_000_000;

/// Voters by bins of whole groups, in a scratch folder that is removed with this.
#[derive(Debug)]
pub struct Partition {
    groups: Vec<Group>,
    bins: Vec<std::ops::Range<usize>>,
    finder: Finder,
    scratch: Scratch,
}

impl Partition {
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

    /// The voters of one bin by group, in the order of their lines: no doubles, no crowded keys. Every group of the bin is
    /// there, even if it is empty.
    ///
    /// # Errors
    /// When the scratch files cannot be read, or somebody changed them.
    pub fn read(&self, bin: usize) -> anyhow::Result<Vec<(usize, Vec<Voter>)>> {
        let groups = self.spooled(bin)?;
        for (at, voters) in &groups {
            let expected = self.groups.get(*at).map_or(0, |group| group.voters);
            ensure!(u64::try_from(voters.len()).is_ok_and(|count| count == expected), "{}", self.scratch.changed());
        }
        Ok(groups)
    }

    /// The voters of a bin as they were written.
    fn spooled(&self, bin: usize) -> anyhow::Result<Vec<(usize, Vec<Voter>)>> {
        let Some(range) = self.bins.get(bin) else { return Ok(Vec::new()) };
        let mut groups: Vec<(usize, Vec<Voter>)> = range.clone().map(|group| (group, Vec::new())).collect();
        spool::read(&self.scratch.bin(bin), &mut |voter| {
            let group = self.finder.group(&voter.digits).and_then(|group| group.checked_sub(range.start));
            if let Some((_, voters)) = group.and_then(|at| groups.get_mut(at)) {
                voters.push(voter);
            }
        })?;
        Ok(groups)
    }
}

/// Which group a voter is in.
#[derive(Debug)]
struct Finder {
    election: String,
    /// The first group and the split bits of each prefix.
    first: HashMap<u32, (usize, u8)>,
}

impl Finder {
    fn new(election: &str, groups: &[Group]) -> Self {
        let mut first = HashMap::new();
        for (at, group) in groups.iter().enumerate().filter(|(_, group)| group.part == 0) {
            first.extend(group.prefixes.iter().map(|&prefix| (prefix, (at, group.split_bits))));
        }
        Self { election: election.to_owned(), first }
    }

    fn group(&self, digits: &Digits) -> Option<usize> {
        let (first, bits) = *self.first.get(&digits.prefix())?;
        Some(first + usize::from(split_part(&self.election, digits, bits)))
    }
}

/// An input that was looked at from end to end.
#[derive(Debug)]
pub struct Checked {
    /// The voters who can be sealed.
    pub partition: Partition,
    /// How many they are.
    pub voters: u64,
    /// How many voters of the roll are withheld.
    pub withheld: u64,
}

impl Checked {
    /// That there is nobody to seal, if so.
    #[must_use]
    pub fn nobody(&self, config: &Config) -> Option<Problem> {
        let file = file_name(&config.files.voters);
        (self.voters == 0).then(|| Problem::new(Kind::NoVoters, &file, 0, None, "it holds no voter to seal"))
    }
}

/// Looks at every line of the roll and partitions the voters. `check` and `build` both start here. Takes about three seconds
/// for a million lines, and disk space of about the roll's own size.
///
/// # Errors
/// When the roll cannot be read to its end, the scratch files cannot be written, or somebody pressed Ctrl-C.
pub fn check(
    input: &Input,
    dir: &Path,
    report: &mut Report,
    rejects: &mut Rejects,
    progress: &dyn Progress,
) -> anyhow::Result<Checked> {
    let scratch = Scratch::new(dir, report)?;
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    let counted = roll::read(input, report, rejects, ("checking the roll", progress), &mut |voter| {
        *counts.entry(voter.digits.prefix()).or_default() += 1;
        Ok(())
    })?;
    let groups = plan(&counts, input.config.min_voters, input.config.max_voters);
    if let Some(group) = groups.iter().find(|group| group.voters > MAX_IN_A_GROUP) {
        bail!(
            "{}: {} voters have a NIK that starts with {}. Expected: a district's voters, at most {MAX_IN_A_GROUP} in a table. \
             To do: look whether the column of the NIK is the right one",
            file_name(&input.config.files.voters),
            group.voters << group.split_bits,
            group.label.split(' ').next().unwrap_or_default(),
        );
    }
    let bins = bins(&groups);
    let finder = Finder::new(&input.config.election.id, &groups);
    let mut partition = Partition { groups, bins, finder, scratch };
    partition.spool(input, counted.voters, progress)?;
    let voters = clean::clean(&mut partition, counted.voters, input, report, rejects, progress)?;
    Ok(Checked { partition, voters, withheld: counted.withheld })
}

impl Partition {
    /// The second pass: each voter into the bin of their group.
    fn spool(&self, input: &Input, expected: u64, progress: &dyn Progress) -> anyhow::Result<()> {
        let mut bin_of = vec![0; self.groups.len()];
        for (bin, range) in self.bins.iter().enumerate() {
            bin_of.get_mut(range.clone()).unwrap_or_default().fill(bin);
        }
        let mut spool = Spool::new(&self.scratch, self.bins.len());
        let (mut report, mut rejects) = (Report::muted(), Rejects::nowhere());
        let counted = roll::read(input, &mut report, &mut rejects, ("partitioning the roll", progress), &mut |voter| {
            let bin = self.finder.group(&voter.digits).and_then(|group| bin_of.get(group));
            let Some(bin) = bin else { bail!(roll::CHANGED) };
            spool.write(*bin, &voter)
        })?;
        ensure!(counted.voters == expected, roll::CHANGED);
        spool.finish()
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
        let group = |voters| Group { label: String::new(), prefixes: Vec::new(), part: 0, split_bits: 0, voters };
        let groups = [300_000, 100_000, 1, 500_000, 5, 399_995, 1].map(group);
        assert_eq!(bins(&groups), [0..2, 2..3, 3..4, 4..6, 6..7]);
        assert!(bins(&[]).is_empty());
    }
}
