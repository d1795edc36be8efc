//! Who of one key of the earlier roll is who of the same key now.

use super::change::VoterChange;
use super::stations::EitherStation;
use crate::roll::Voter;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// A voter with the station as it is compared.
pub(super) type Placed<'a> = (&'a Voter, EitherStation);

/// The changes of the voters with one key: the same 12 digits and folded name. Voters with the same serial are the same person, then
/// those with the same station, then any two; a line that repeats an earlier one of its roll is left out, as in a build.
pub(super) fn changes<'a>(before: Vec<Placed<'a>>, now: Vec<Placed<'a>>) -> Vec<VoterChange<'a>> {
    let (mut before, mut now) = (without_repeats(before), without_repeats(now));
    let mut paired = pair_by(&mut before, &mut now, |(voter, station)| Some((voter.serial, *station)));
    paired.append(&mut pair_by(&mut before, &mut now, |(voter, _)| voter.serial));
    paired.append(&mut pair_by(&mut before, &mut now, |(_, station)| Some(*station)));
    paired.append(&mut pair_by(&mut before, &mut now, |_| Some(())));
    let moved = paired.into_iter().filter(|((_, one), (_, other))| one != other);
    let moved = moved.map(|((before, _), (now, _))| VoterChange::Moved(before, now));
    let gone = before.into_iter().map(|(voter, _)| VoterChange::Gone(voter));
    let added = now.into_iter().map(|(voter, _)| VoterChange::Added(voter));
    moved.chain(gone).chain(added).collect()
}

/// Those without an earlier one of the same serial or, where they have none, of the same station.
fn without_repeats(mut voters: Vec<Placed>) -> Vec<Placed> {
    let mut seen = HashSet::new();
    voters.retain(|(voter, station)| seen.insert((voter.serial, voter.serial.is_none().then_some(*station))));
    voters
}

/// Takes out those who have the same, in the order in which they come; linear, however many there are.
fn pair_by<'a, K: Eq + Hash>(
    before: &mut Vec<Placed<'a>>,
    now: &mut Vec<Placed<'a>>,
    key: impl Fn(&Placed<'a>) -> Option<K>,
) -> Vec<(Placed<'a>, Placed<'a>)> {
    if before.is_empty() || now.is_empty() {
        return Vec::new();
    }
    let mut waiting: HashMap<K, Vec<Placed<'a>>> = HashMap::new();
    let mut left = Vec::new();
    for voter in before.drain(..).rev() {
        match key(&voter) {
            Some(key) => waiting.entry(key).or_default().push(voter),
            None => left.push(voter),
        }
    }
    let mut pairs = Vec::new();
    now.retain(|voter| {
        let other = key(voter).and_then(|key| waiting.get_mut(&key)?.pop());
        pairs.extend(other.map(|other| (other, *voter)));
        other.is_none()
    });
    left.extend(waiting.into_values().flatten());
    left.sort_by_key(|(voter, _)| voter.line);
    *before = left;
    pairs
}
