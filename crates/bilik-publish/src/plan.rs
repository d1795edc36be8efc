//! Which prefixes share a table: few voters of a prefix would stand out in a table of their own, too many would make every
//! lookup's download long.
//!
//! In order: prefixes with more than `max_voters` are split by bits of a hash of the 12 digits; those with fewer than
//! `min_voters` are gathered within their regency (the first four digits) in ascending order, what is left over joins a table
//! of the regency that has room, and only the rest is gathered across regencies. So a table under `min_voters` remains only if
//! everything else is split, or if there are no more voters.

use bilik::format::MAX_SPLIT_BITS;
use std::collections::BTreeMap;

/// The voters of one table (by each recipe): some prefixes, or one part of a split one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// For people, and different for each group: it goes into the salt.
    pub label: String,
    /// Six digits each, ascending; one where the prefix is split.
    pub prefixes: Vec<u32>,
    /// Which part of a split prefix it is, from 0.
    pub part: u8,
    /// How many bits of [`bilik::format::split_part`] choose among the parts.
    pub split_bits: u8,
    /// About how many voters it has; exactly, once they are partitioned.
    pub voters: u64,
}

/// Prefixes that go together.
#[derive(Clone, Debug, Default)]
struct Gathered {
    prefixes: Vec<u32>,
    voters: u64,
}

impl Gathered {
    fn one(prefix: u32, voters: u64) -> Self {
        Self { prefixes: vec![prefix], voters }
    }

    fn join(&mut self, other: Self) {
        self.prefixes.extend(other.prefixes);
        self.prefixes.sort_unstable();
        self.voters += other.voters;
    }

    fn first(&self) -> u32 {
        self.prefixes.first().copied().unwrap_or_default()
    }
}

/// Groups prefixes by how many voters they have. The groups come by their first prefix, the parts of a split one in a row.
/// `max_voters` counts as three times `min_voters` where it is less.
#[must_use]
pub fn plan(counts: &BTreeMap<u32, u64>, min_voters: u32, max_voters: u32) -> Vec<Group> {
    let min = u64::from(min_voters);
    let max = u64::from(max_voters).max(min * 3);
    let mut split: Vec<(u32, u64)> = Vec::new();
    let mut whole: Vec<Gathered> = Vec::new();
    let mut left: Vec<Gathered> = Vec::new();
    let counts: Vec<(u32, u64)> = counts.iter().filter(|(_, voters)| **voters > 0).map(|(&p, &n)| (p, n)).collect();
    for regency in counts.chunk_by(|(a, _), (b, _)| a / 100 == b / 100) {
        let (groups, rest) = plan_regency(regency, min, max, &mut split);
        whole.extend(groups);
        left.extend(rest);
    }
    let (across, rest) = gather(left, min);
    whole.extend(across);
    if let Some(rest) = rest {
        // Nothing is left to gather with: too many in a table is better than too few.
        let nearest =
            whole.iter_mut().min_by_key(|group| (group.voters + rest.voters > max, group.first().abs_diff(rest.first())));
        match nearest {
            Some(group) => group.join(rest),
            None => whole.push(rest),
        }
    }
    let mut groups: Vec<Group> = whole.into_iter().map(group_of).collect();
    groups.extend(split.into_iter().flat_map(|(prefix, voters)| parts_of(prefix, voters, max)));
    groups.sort_by(|a, b| (&a.prefixes, a.part).cmp(&(&b.prefixes, b.part)));
    groups
}

/// The groups of one regency, and what is too few for one and finds no room.
fn plan_regency(counts: &[(u32, u64)], min: u64, max: u64, split: &mut Vec<(u32, u64)>) -> (Vec<Gathered>, Option<Gathered>) {
    let mut groups = Vec::new();
    let mut small = Vec::new();
    for &(prefix, voters) in counts {
        if voters > max {
            split.push((prefix, voters));
        } else if voters >= min {
            groups.push(Gathered::one(prefix, voters));
        } else {
            small.push(Gathered::one(prefix, voters));
        }
    }
    let (gathered, rest) = gather(small, min);
    groups.extend(gathered);
    let Some(rest) = rest else { return (groups, None) };
    let has_room = |group: &&mut Gathered| group.voters + rest.voters <= max;
    match groups.iter_mut().filter(has_room).min_by_key(|group| group.first().abs_diff(rest.first())) {
        Some(group) => {
            group.join(rest);
            (groups, None)
        }
        None => (groups, Some(rest)),
    }
}

/// Gathers neighbours until there are enough of them each time, and gives what is left at the end.
fn gather(small: Vec<Gathered>, min: u64) -> (Vec<Gathered>, Option<Gathered>) {
    let mut groups: Vec<Gathered> = Vec::new();
    let mut open: Option<Gathered> = None;
    for next in small {
        let mut gathered = open.take().unwrap_or_default();
        gathered.join(next);
        if gathered.voters >= min {
            groups.push(gathered);
        } else {
            open = Some(gathered);
        }
    }
    match (groups.last_mut(), open.take()) {
        (Some(last), Some(rest)) => {
            last.join(rest);
            (groups, None)
        }
        (_, rest) => (groups, rest),
    }
}

fn group_of(gathered: Gathered) -> Group {
    let (first, last) = (gathered.first(), gathered.prefixes.last().copied().unwrap_or_default());
    // No two groups share a prefix, so no two labels are the same.
    let label = if first == last { format!("{first:06}") } else { format!("{first:06}-{last:06}") };
    Group { label, prefixes: gathered.prefixes, part: 0, split_bits: 0, voters: gathered.voters }
}

fn parts_of(prefix: u32, voters: u64, max: u64) -> impl Iterator<Item = Group> {
    let split_bits = (1..MAX_SPLIT_BITS).find(|bits| voters >> bits <= max).unwrap_or(MAX_SPLIT_BITS);
    let parts = 1_u8 << split_bits;
    (0..parts).map(move |part| Group {
        label: format!("{prefix:06} part {} of {parts}", part + 1),
        prefixes: vec![prefix],
        part,
        split_bits,
        voters: voters / u64::from(parts),
    })
}
