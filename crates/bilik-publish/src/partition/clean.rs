//! What only a whole group shows: doubles, voters who seem to be there twice, and keys with more stations than a table can
//! hold. All of them share their 12 digits, so that only the few voters who do are looked at closely.

use super::late::{Late, Why};
use super::{Partition, spool};
use crate::input::{Input, Progress};
use crate::problem::{Kind, Problem, Report};
use crate::roll::{Rejects, Voter};
use anyhow::{bail, ensure};
use bilik::format::Code;
use bilik::{CommonTokens, FoldedName, MAX_STATIONS_PER_KEY, fold_name};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A token is common in a group if more than so many voters in a hundred bear it, and more than [`MIN_BEARERS`].
const COMMON_PERCENT: usize = 3;
/// In a small group 3 % is nobody.
const MIN_BEARERS: usize = 60;

/// The tokens that too many of a group's voters bear to tell them apart: more than 3 % and more than 60. The raw digests go
/// into the table's header. Linear in the voters: each name is folded.
#[must_use]
pub fn common_tokens(voters: &[Voter]) -> (CommonTokens, Vec<u32>) {
    common_among(voters.iter())
}

fn common_among<'a>(voters: impl Iterator<Item = &'a Voter>) -> (CommonTokens, Vec<u32>) {
    let mut bearers: HashMap<String, usize> = HashMap::new();
    let mut all = 0;
    for voter in voters {
        all += 1;
        let Ok(folded) = fold_name(&voter.name) else { continue };
        // A token counts once a voter.
        let tokens: BTreeSet<&str> = folded.significant().collect();
        for token in tokens {
            match bearers.get_mut(token) {
                Some(count) => *count += 1,
                None => {
                    bearers.insert(token.to_owned(), 1);
                }
            }
        }
    }
    let is_common = |count: usize| count > MIN_BEARERS && count * 100 > all * COMMON_PERCENT;
    let mut digests: Vec<u32> =
        bearers.iter().filter(|(_, count)| is_common(**count)).map(|(token, _)| CommonTokens::digest(token)).collect();
    digests.sort_unstable();
    digests.dedup();
    (CommonTokens::new(digests.clone()), digests)
}

/// What is left out of a group, by the line.
#[derive(Debug, Default)]
struct LeftOut {
    late: BTreeMap<u64, Why>,
    /// The line and the earlier one.
    twice: BTreeMap<u64, u64>,
}

impl LeftOut {
    fn holds(&self, line: u64) -> bool {
        self.late.contains_key(&line) || self.twice.contains_key(&line)
    }

    fn is_empty(&self) -> bool {
        self.late.is_empty() && self.twice.is_empty()
    }
}

/// Cleans every bin of the voters who were spooled, and gives the number of voters that are left.
pub(super) fn clean(
    partition: &mut Partition,
    spooled: u64,
    input: &Input,
    report: &mut Report,
    rejects: &mut Rejects,
    progress: &dyn Progress,
) -> anyhow::Result<u64> {
    let mut late = Late::new(&partition.scratch);
    let file = crate::input::rows::file_name(&input.config.files.voters);
    progress.begin("looking for doubles", spooled);
    let (mut read, mut left) = (0, 0);
    for bin in 0..partition.bin_count() {
        let mut is_changed = false;
        let mut groups = partition.spooled(bin)?;
        for (group, voters) in &mut groups {
            if crate::interrupted() {
                bail!("interrupted");
            }
            let count = |voters: &[Voter]| u64::try_from(voters.len()).unwrap_or_default();
            progress.advance(count(voters));
            read += count(voters);
            let left_out = left_out(voters);
            for (&line, &why) in &left_out.late {
                late.note(line, why)?;
            }
            for (&line, &earlier) in &left_out.twice {
                report.add(Kind::SameVoterTwice, || {
                    let message = format!("the 12 digits, the name and the station are those of line {earlier}");
                    Problem::new(Kind::SameVoterTwice, &file, line, None, message)
                });
            }
            if !left_out.is_empty() {
                voters.retain(|voter| !left_out.holds(voter.line));
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
    ensure!(read == spooled, "{}", partition.scratch.changed());
    late.reject(input, report, rejects, progress)?;
    Ok(left)
}

/// What to leave out of a group's voters, who come in the order of their lines.
fn left_out(voters: &[Voter]) -> LeftOut {
    let mut order: Vec<&Voter> = voters.iter().collect();
    order.sort_by_key(|voter| (voter.digits, voter.line));
    let alike: Vec<&[&Voter]> = order.chunk_by(|a, b| a.digits == b.digits).filter(|alike| alike.len() > 1).collect();
    let mut left_out = LeftOut::default();
    let mut crowds: Vec<Vec<TableValue>> = Vec::new();
    for alike in alike {
        doubles(alike, &mut left_out);
        let different: HashSet<u32> = alike.iter().map(|voter| voter.station).collect();
        if different.len() <= MAX_STATIONS_PER_KEY && alike.iter().all(|voter| voter.serial.is_some()) {
            continue;
        }
        let crowd = twice(alike, &mut left_out);
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

/// The later ones of the same 16 digits.
fn doubles(alike: &[&Voter], left_out: &mut LeftOut) {
    let mut first: HashMap<u16, u64> = HashMap::new();
    for voter in alike {
        let Some(serial) = voter.serial else { continue };
        match first.get(&serial) {
            Some(&earlier) => {
                left_out.late.insert(voter.line, Why::Double(earlier));
            }
            None => {
                first.insert(serial, voter.line);
            }
        }
    }
}

/// A voter with the folded name that goes into keys.
struct TableValue<'a> {
    voter: &'a Voter,
    folded: FoldedName,
}

/// Those without a serial to tell them apart, where 12 digits, name, village and station are the same: one person, most
/// likely, who is sealed once. Gives everybody else who is not left out.
fn twice<'a>(alike: &[&'a Voter], left_out: &mut LeftOut) -> Vec<TableValue<'a>> {
    let mut kept: Vec<TableValue> = Vec::new();
    let mut same: HashMap<(String, Code, u32), Vec<&Voter>> = HashMap::new();
    for &voter in alike.iter().filter(|voter| !left_out.late.contains_key(&voter.line)) {
        let Ok(folded) = fold_name(&voter.name) else { continue };
        let earlier = same.entry((folded.whole().to_owned(), voter.village, voter.station)).or_default();
        let is_same = |other: &&&Voter| voter.serial.is_none() || other.serial.is_none();
        match earlier.iter().find(is_same) {
            Some(other) => {
                left_out.twice.insert(voter.line, other.line);
            }
            None => kept.push(TableValue { voter, folded }),
        }
        earlier.push(voter);
    }
    kept
}

/// Leaves out whoever comes after the third different station of a key. Which tokens are common depends on who is left, and
/// the key by `near` on that, so this goes on until nothing changes; what is left has the common tokens that
/// [`common_tokens`] finds again.
fn thin_out(voters: &[Voter], mut crowds: Vec<Vec<TableValue>>, left_out: &mut LeftOut) {
    for crowd in &mut crowds {
        let full = |sealed: &TableValue| sealed.folded.is_long().then(|| sealed.folded.whole().to_owned());
        crowded(crowd, full, Why::CrowdedFull, left_out);
    }
    // Finding the common tokens takes the whole group: only where the village alone does not settle it.
    crowds.retain(|crowd| has_crowded_village(crowd));
    while !crowds.is_empty() {
        let (common, _) = common_among(voters.iter().filter(|voter| !left_out.holds(voter.line)));
        let before = left_out.late.len();
        for crowd in &mut crowds {
            let near = |sealed: &TableValue| Some((sealed.voter.village, sealed.folded.first_significant(&common).to_owned()));
            crowded(crowd, near, Why::CrowdedNear, left_out);
        }
        if left_out.late.len() == before {
            return;
        }
    }
}

/// Whether any village has more stations than a key can have, whatever the names.
fn has_crowded_village(crowd: &[TableValue]) -> bool {
    let mut stations: BTreeMap<Code, BTreeSet<u32>> = BTreeMap::new();
    for sealed in crowd {
        stations.entry(sealed.voter.village).or_default().insert(sealed.voter.station);
    }
    stations.values().any(|stations| stations.len() > MAX_STATIONS_PER_KEY)
}

fn crowded<K: Ord>(crowd: &mut Vec<TableValue>, key: impl Fn(&TableValue) -> Option<K>, why: Why, left_out: &mut LeftOut) {
    let mut stations: BTreeMap<K, BTreeSet<u32>> = BTreeMap::new();
    crowd.retain(|sealed| {
        let Some(key) = key(sealed) else { return true };
        let stations = stations.entry(key).or_default();
        if stations.contains(&sealed.voter.station) || stations.len() < MAX_STATIONS_PER_KEY {
            stations.insert(sealed.voter.station);
            return true;
        }
        left_out.late.insert(sealed.voter.line, why);
        false
    });
}
