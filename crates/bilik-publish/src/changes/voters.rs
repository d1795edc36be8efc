//! The voters of both rolls, bin by bin.

use super::change::VoterChange;
use super::counts::Changes;
use super::error::ChangesError;
use super::list::ChangesList;
use super::pairs::changes;
use super::rolls::Earlier;
use super::stations::{EitherStation, StationPairs};
use crate::cancel::CancellationToken;
use crate::input::Input;
use crate::language::translatable;
use crate::partition::{Bins, PartitionError, Scratch, Spool, read_spool};
use crate::problem::Report;
use crate::progress::Progress;
use crate::rejects::Rejects;
use crate::roll::{self, RollCounts, Voter};
use bilik::fold_name;
use std::collections::BTreeMap;

/// A roll that was read before.
pub(super) enum CountedRoll<'a> {
    Earlier(&'a Earlier, &'a RollCounts),
    Now(&'a Input, &'a [u8; 32]),
}

impl<'a> CountedRoll<'a> {
    pub fn earlier(earlier: &'a Earlier, counted: &'a RollCounts) -> Self {
        Self::Earlier(earlier, counted)
    }

    pub fn now(input: &'a Input, digest: &'a [u8; 32]) -> Self {
        Self::Now(input, digest)
    }

    /// Reads it into bins; gives its voters, and its lines with errors.
    fn spool(
        &self,
        spool: &mut Spool,
        bins: &[u32],
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<(u64, u64), ChangesError> {
        let (input, phase) = match self {
            Self::Earlier(earlier, _) => (&earlier.input, translatable!("partitioning the earlier roll")),
            Self::Now(input, _) => (*input, "partitioning the roll"),
        };
        let mut report = Report::new();
        let read = roll::read(input, &mut report, &mut Rejects::nowhere(), (phase, progress), cancel, &mut |voter| {
            let bin = bins.partition_point(|&last| last < voter.digits.prefix());
            spool.write(bin.min(bins.len().saturating_sub(1)), &voter)
        });
        match (self, read) {
            (Self::Earlier(earlier, _), Err(PartitionError::Unreadable(problems))) => Err(earlier.unreadable(problems)),
            (_, Err(error)) => Err(error.into()),
            (Self::Earlier(earlier, counted), Ok(again)) if again != **counted => {
                Err(ChangesError::EarlierChanged { folder: earlier.folder.clone() })
            }
            (Self::Now(_, digest), Ok(again)) if again.digest != **digest => Err(PartitionError::RollChanged.into()),
            (_, Ok(again)) => Ok((again.voters, report.rejected())),
        }
    }
}

/// The last prefix of each bin: as many voters in each as in a bin of a build.
pub(super) fn bins_of(prefixes: &BTreeMap<u32, u64>) -> Vec<u32> {
    let voters: u64 = prefixes.values().sum();
    let count = u64::try_from(Bins::MAX_COUNT).unwrap_or(u64::MAX);
    let most = Bins::MAX_VOTERS.max(voters.div_ceil(count));
    let (mut bins, mut in_bin) = (Vec::new(), 0);
    for (&prefix, &voters) in prefixes {
        in_bin += voters;
        match bins.last_mut() {
            Some(last) if in_bin <= most => *last = prefix,
            _ => {
                bins.push(prefix);
                in_bin = voters;
            }
        }
    }
    // There is one at least, whatever the rolls.
    if bins.is_empty() { vec![u32::MAX] } else { bins }
}

/// Compares the rolls; gives the voters of that of now, and its lines with errors.
pub(super) fn compare_voters(
    [earlier, now]: [CountedRoll; 2],
    bins: &[u32],
    scratch: &Scratch,
    (pairs, counts): (&StationPairs, &mut Changes),
    mut list: Option<&mut ChangesList>,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<(u64, u64), ChangesError> {
    let bin_count = bins.len();
    let spooled = |roll: &CountedRoll, first: usize| -> Result<(u64, u64), ChangesError> {
        let mut spool = Spool::new(scratch, first..first + bin_count)?;
        let counted = roll.spool(&mut spool, bins, progress, cancel)?;
        spool.finish()?;
        Ok(counted)
    };
    let (before, _) = spooled(&earlier, 0)?;
    let (voters, rejected) = spooled(&now, bin_count)?;
    progress.begin("comparing the rolls", before + voters);
    let mut seen = [0, 0];
    for bin in 0..bin_count {
        cancel.check()?;
        let [before, now] = [bin, bin_count + bin].map(|at| read_sorted(scratch, at));
        let (before, now) = (before?, now?);
        let len = |voters: &[Voter]| u64::try_from(voters.len()).unwrap_or(u64::MAX);
        progress.advance(len(&before) + len(&now));
        seen = [seen[0] + len(&before), seen[1] + len(&now)];
        each_change(&before, &now, pairs, &mut |change| {
            counts.add_voter(&change, pairs);
            list.as_mut().map_or(Ok(()), |list| list.add_voter(&change, pairs))
        })?;
    }
    progress.end();
    if seen == [before, voters] { Ok((voters, rejected)) } else { Err(scratch.changed().into()) }
}

/// The voters of a bin by their digits, those of the same digits in the order of their lines. The bin is removed.
fn read_sorted(scratch: &Scratch, bin: usize) -> Result<Vec<Voter>, ChangesError> {
    let file = scratch.bin(bin);
    let mut voters = Vec::new();
    read_spool(&file, &mut |voter| voters.push(voter))?;
    file.remove()?;
    voters.sort_by_key(|voter| (voter.digits, voter.line));
    Ok(voters)
}

/// Walks through both rolls side by side.
fn each_change(
    before: &[Voter],
    now: &[Voter],
    pairs: &StationPairs,
    each: &mut dyn FnMut(VoterChange) -> Result<(), ChangesError>,
) -> Result<(), ChangesError> {
    let mut all_before = before.chunk_by(|a, b| a.digits == b.digits).peekable();
    let mut all_now = now.chunk_by(|a, b| a.digits == b.digits).peekable();
    loop {
        let digits = |group: &&[Voter]| group.first().map(|voter| voter.digits);
        let next = [all_before.peek(), all_now.peek()].map(|group| group.and_then(digits));
        let Some(first) = next.into_iter().flatten().min() else { return Ok(()) };
        let before = all_before.next_if(|group| digits(group) == Some(first)).unwrap_or_default();
        let now = all_now.next_if(|group| digits(group) == Some(first)).unwrap_or_default();
        compare_same_digits(before, now, pairs).into_iter().try_for_each(&mut *each)?;
    }
}

/// Compares the voters with the same 12 digits, name by name.
fn compare_same_digits<'a>(before: &'a [Voter], now: &'a [Voter], pairs: &StationPairs) -> Vec<VoterChange<'a>> {
    // Most are alone and as they were, so that no name has to be folded.
    if let ([one], [other]) = (before, now)
        && one.name == other.name
        && pairs.of_before(one.station) == EitherStation::Now(other.station)
    {
        return Vec::new();
    }
    let folded = |voter: &Voter| fold_name(voter.name.reveal()).map(|name| name.whole().to_owned()).unwrap_or_default();
    let mut by_name: BTreeMap<String, (Vec<_>, Vec<_>)> = BTreeMap::new();
    for voter in before {
        by_name.entry(folded(voter)).or_default().0.push((voter, pairs.of_before(voter.station)));
    }
    for voter in now {
        by_name.entry(folded(voter)).or_default().1.push((voter, EitherStation::Now(voter.station)));
    }
    by_name.into_values().flat_map(|(before, now)| changes(before, now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_whole_prefixes_and_every_prefix_has_one() {
        let counts = [(110_101, 300_000), (110_102, 100_000), (110_103, 1), (320_101, 500_000), (320_102, 7)];
        assert_eq!(bins_of(&counts.into()), [110_102, 110_103, 320_101, 320_102]);
        assert_eq!(bins_of(&BTreeMap::new()), [u32::MAX]);
    }
}
