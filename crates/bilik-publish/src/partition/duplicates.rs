//! What only a whole group shows: duplicates, voters who seem to be listed twice, and keys with more stations than a table can
//! hold. All of them share their 12 digits, so that only the few voters who do are looked at closely.

use super::bins::Partition;
use super::common::common_among;
use super::deferred::{DeferredRejects, Reason};
use super::error::PartitionError;
use super::spool;
use crate::cancel::CancellationToken;
use crate::input::Input;
use crate::language::message;
use crate::problem::{FileLine, InputProblem, ProblemKind, Report};
use crate::progress::Progress;
use crate::rejects::Rejects;
use crate::roll::{RollCounts, Voter};
use bilik::format::Code;
use bilik::{FoldedName, MAX_STATIONS_PER_KEY, fold_name};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is left out of a group, by the line.
#[derive(Debug, Default)]
struct LeftOut {
    rejected: BTreeMap<FileLine, Reason>,
    /// The line and the earlier one.
    repeated: BTreeMap<FileLine, FileLine>,
    /// Not left out, but to be told: the line and the earlier one whose NIK a spreadsheet has made the same.
    rounded: BTreeMap<FileLine, FileLine>,
}

impl LeftOut {
    fn holds(&self, line: FileLine) -> bool {
        self.rejected.contains_key(&line) || self.repeated.contains_key(&line)
    }

    fn is_empty(&self) -> bool {
        self.rejected.is_empty() && self.repeated.is_empty()
    }
}

/// Removes duplicates and crowded keys from every bin, and gives the number of voters that remain.
pub(super) fn remove_duplicates(
    partition: &mut Partition,
    counted: &mut RollCounts,
    input: &Input,
    report: &mut Report,
    rejects: &mut Rejects,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<u64, PartitionError> {
    let mut deferred = DeferredRejects::new(&partition.scratch);
    let files = &input.roll_files;
    progress.begin("looking for duplicates", counted.voters);
    let (mut read, mut left) = (0, 0);
    for bin in 0..partition.bin_count() {
        let mut is_changed = false;
        let mut groups = partition.spooled(bin)?;
        for (group, voters) in &mut groups {
            cancel.check()?;
            let count = |voters: &[Voter]| u64::try_from(voters.len()).unwrap_or_default();
            progress.advance(count(voters));
            read += count(voters);
            let left_out = left_out(voters);
            for (&line, &reason) in &left_out.rejected {
                deferred.note(line, reason)?;
            }
            for (&line, &earlier) in &left_out.repeated {
                report.add(ProblemKind::SameVoterTwice, || {
                    let earlier = files.earlier(earlier, line);
                    let message = message!("the 12 digits, the name and the station are those of {}", earlier);
                    InputProblem::new(ProblemKind::SameVoterTwice, files.of(line), line.number(), None, message)
                });
            }
            for (&line, &earlier) in &left_out.rounded {
                report.add(ProblemKind::RoundedNik, || {
                    let message = message!("the same 16 digits are in {} under another name", files.earlier(earlier, line));
                    InputProblem::new(ProblemKind::RoundedNik, files.of(line), line.number(), None, message)
                });
            }
            if !left_out.is_empty() {
                voters.retain(|voter| {
                    if left_out.rejected.contains_key(&voter.line) {
                        counted.stations.reject(voter.station);
                    }
                    !left_out.holds(voter.line)
                });
                is_changed = true;
            }
            left += count(voters);
            if let Some(group) = partition.groups.get_mut(*group) {
                group.voters = count(voters);
            }
        }
        if is_changed {
            spool::rewrite(&partition.scratch.bin(bin), groups.iter().flat_map(|(_, voters)| voters))?;
        }
    }
    progress.end();
    if read != counted.voters {
        return Err(partition.scratch.changed());
    }
    deferred.reject(input, counted, report, rejects, progress, cancel)?;
    Ok(left)
}

/// What to leave out of a group's voters, who come in the order of their lines.
fn left_out(voters: &[Voter]) -> LeftOut {
    let mut order: Vec<&Voter> = voters.iter().collect();
    order.sort_by_key(|voter| (voter.digits, voter.line));
    let alike: Vec<&[&Voter]> = order.chunk_by(|a, b| a.digits == b.digits).filter(|alike| alike.len() > 1).collect();
    let mut left_out = LeftOut::default();
    let mut crowds: Vec<Vec<FoldedVoter>> = Vec::new();
    for alike in alike {
        duplicates(alike, &mut left_out);
        let different: HashSet<u32> = alike.iter().map(|voter| voter.station).collect();
        if different.len() <= MAX_STATIONS_PER_KEY && alike.iter().all(|voter| voter.serial.is_some()) {
            continue;
        }
        let crowd = merge_repeated(alike, &mut left_out);
        let stations: HashSet<u32> = crowd.iter().map(|sealed| sealed.voter.station).collect();
        if stations.len() > MAX_STATIONS_PER_KEY {
            crowds.push(crowd);
        }
    }
    if !crowds.is_empty() {
        thin_out(voters, crowds, &mut left_out);
    }
    left_out
}

/// The later ones of the same 16 digits. A spreadsheet keeps 15 digits of a number and makes the last one a zero, so that people
/// of different names who share such a NIK are different people.
fn duplicates(alike: &[&Voter], left_out: &mut LeftOut) {
    let mut of_serial: HashMap<u16, Vec<&Voter>> = HashMap::new();
    for &voter in alike {
        let Some(serial) = voter.serial else { continue };
        let kept = of_serial.entry(serial).or_default();
        match kept.first().map(|first| first.line) {
            None => kept.push(voter),
            Some(first) if serial.is_multiple_of(10) => {
                if let Some(same) = kept.iter().find(|other| has_same_name(other, voter)) {
                    left_out.rejected.insert(voter.line, Reason::Duplicate(same.line));
                } else {
                    left_out.rounded.insert(voter.line, first);
                    kept.push(voter);
                }
            }
            Some(first) => {
                left_out.rejected.insert(voter.line, Reason::Duplicate(first));
            }
        }
    }
}

fn has_same_name(one: &Voter, other: &Voter) -> bool {
    let folded = |voter: &Voter| fold_name(voter.name.reveal()).ok().map(|name| name.whole().to_owned());
    one.name == other.name || folded(one) == folded(other)
}

/// A voter with the folded name that goes into keys.
struct FoldedVoter<'a> {
    voter: &'a Voter,
    folded: FoldedName,
}

/// Those without a serial to tell them apart, where 12 digits, name, village and station are the same: one person, most
/// likely, who is sealed once. Gives everybody else who is not left out.
fn merge_repeated<'a>(alike: &[&'a Voter], left_out: &mut LeftOut) -> Vec<FoldedVoter<'a>> {
    let mut kept: Vec<FoldedVoter> = Vec::new();
    let mut same: HashMap<(String, Code, u32), Vec<&Voter>> = HashMap::new();
    for &voter in alike.iter().filter(|voter| !left_out.rejected.contains_key(&voter.line)) {
        let Ok(folded) = fold_name(voter.name.reveal()) else { continue };
        let earlier = same.entry((folded.whole().to_owned(), voter.village, voter.station)).or_default();
        let is_same = |other: &&&Voter| voter.serial.is_none() || other.serial.is_none();
        match earlier.iter().find(is_same) {
            Some(other) => {
                left_out.repeated.insert(voter.line, other.line);
            }
            None => kept.push(FoldedVoter { voter, folded }),
        }
        earlier.push(voter);
    }
    kept
}

/// Leaves out the voters after the third different station of a key. Which tokens are common depends on who is left, and
/// the key by `near` on that, so this goes on until nothing changes; what is left has the common tokens that
/// [`super::common_tokens`] finds again.
fn thin_out(voters: &[Voter], mut crowds: Vec<Vec<FoldedVoter>>, left_out: &mut LeftOut) {
    for crowd in &mut crowds {
        let full = |sealed: &FoldedVoter| sealed.folded.is_long().then(|| sealed.folded.whole().to_owned()).into_iter().collect();
        crowded(crowd, full, Reason::CrowdedFull, left_out);
    }
    // Finding the common tokens takes the whole group: only where the village alone does not settle it.
    crowds.retain(|crowd| has_crowded_village(crowd));
    while !crowds.is_empty() {
        let remaining = voters.iter().filter(|voter| !left_out.holds(voter.line));
        let (common, _) = common_among(remaining.filter_map(|voter| fold_name(voter.name.reveal()).ok()));
        let before = left_out.rejected.len();
        for crowd in &mut crowds {
            let near = |sealed: &FoldedVoter| {
                let tokens = sealed.folded.sealed_tokens(&common).into_iter();
                tokens.map(|token| (sealed.voter.village, token.to_owned())).collect()
            };
            crowded(crowd, near, Reason::CrowdedNear, left_out);
        }
        if left_out.rejected.len() == before {
            return;
        }
    }
}

/// Whether any village has more stations than a key can have, whatever the names.
fn has_crowded_village(crowd: &[FoldedVoter]) -> bool {
    let mut stations: BTreeMap<Code, BTreeSet<u32>> = BTreeMap::new();
    for sealed in crowd {
        stations.entry(sealed.voter.village).or_default().insert(sealed.voter.station);
    }
    stations.values().any(|stations| stations.len() > MAX_STATIONS_PER_KEY)
}

fn crowded<K: Ord>(crowd: &mut Vec<FoldedVoter>, keys: impl Fn(&FoldedVoter) -> Vec<K>, why: Reason, left_out: &mut LeftOut) {
    let mut stations: BTreeMap<K, BTreeSet<u32>> = BTreeMap::new();
    crowd.retain(|sealed| {
        let (keys, station) = (keys(sealed), sealed.voter.station);
        let has_room = |stations: &BTreeSet<u32>| stations.contains(&station) || stations.len() < MAX_STATIONS_PER_KEY;
        if !keys.iter().all(|key| stations.get(key).is_none_or(has_room)) {
            left_out.rejected.insert(sealed.voter.line, why);
            return false;
        }
        for key in keys {
            stations.entry(key).or_default().insert(station);
        }
        true
    });
}
