//! Which prefixes share a table: few voters of a prefix would stand out in a table of their own.
//!
//! Prefixes with fewer than `min_voters` are gathered within their regency (the first four digits) in ascending order; what is
//! left over joins the nearest table of the regency. Only where there is none is it gathered across regencies. So a table under
//! `min_voters` remains only if there are no more voters. How many files a table fills is decided when its keys are known
//! (`tables`).
//!
//! A later build keeps the groups of the one before as long as they are within the limits, so that a voter who is added or gone
//! changes no table but their own.

use std::collections::{BTreeMap, BTreeSet};

/// A group of several prefixes is divided anew once all of them but the largest have this many times `min_voters`. Fewer than this
/// are together in a group that is made for the first time.
const DIVIDED_AT: u64 = 3;

/// The voters of one table by each recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// For people, and different for each group: it goes into the salt.
    pub label: String,
    /// Six digits each, ascending.
    pub prefixes: Vec<u32>,
    /// How many voters it has.
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

/// Groups prefixes by how many voters they have. The groups come by their first prefix. Groups of an earlier build, each by its
/// prefixes, stay as they are while they have `min_voters`, and no others that could well be on their own.
#[must_use]
pub fn group_prefixes<'a>(
    counts: &BTreeMap<u32, u64>,
    min_voters: u32,
    earlier: impl IntoIterator<Item = &'a [u32]>,
) -> Vec<Group> {
    let min = u64::from(min_voters);
    let mut counts: BTreeMap<u32, u64> = counts.iter().filter(|(_, voters)| **voters > 0).map(|(&p, &n)| (p, n)).collect();
    let mut whole: Vec<Gathered> = Vec::new();
    let mut kept: BTreeMap<u32, Vec<Gathered>> = BTreeMap::new();
    for prefixes in earlier {
        let Some(group) = keep(prefixes, &counts, min) else { continue };
        for prefix in &group.prefixes {
            counts.remove(prefix);
        }
        match regency_of(&group) {
            Some(regency) => kept.entry(regency).or_default().push(group),
            None => whole.push(group),
        }
    }
    let mut left: Vec<Gathered> = Vec::new();
    let counts: Vec<(u32, u64)> = counts.into_iter().collect();
    for regency in counts.chunk_by(|(a, _), (b, _)| a / 100 == b / 100) {
        let kept = regency.first().and_then(|(prefix, _)| kept.remove(&(prefix / 100))).unwrap_or_default();
        let (groups, rest) = group_regency(kept, regency, min);
        whole.extend(groups);
        left.extend(rest);
    }
    whole.extend(kept.into_values().flatten());
    let (across, rest) = gather(left, min);
    whole.extend(across);
    let alone = rest.and_then(|rest| join_nearest(&mut whole, rest));
    whole.extend(alone);
    let mut groups: Vec<Group> = whole.into_iter().map(group_of).collect();
    groups.sort_by(|a, b| a.prefixes.cmp(&b.prefixes));
    groups
}

/// An earlier group with today's voters, if it is within the limits.
fn keep(prefixes: &[u32], counts: &BTreeMap<u32, u64>, min: u64) -> Option<Gathered> {
    let prefixes: BTreeSet<u32> = prefixes.iter().copied().filter(|prefix| counts.contains_key(prefix)).collect();
    let voters_of = || prefixes.iter().filter_map(|prefix| counts.get(prefix));
    let (voters, largest) = (voters_of().sum(), voters_of().max().copied().unwrap_or_default());
    let is_within = voters >= min && voters - largest < min.saturating_mul(DIVIDED_AT);
    (is_within && !prefixes.is_empty()).then(|| Gathered { prefixes: prefixes.into_iter().collect(), voters })
}

/// The regency of all prefixes; none where there are several.
fn regency_of(group: &Gathered) -> Option<u32> {
    let regency = group.first() / 100;
    group.prefixes.iter().all(|prefix| prefix / 100 == regency).then_some(regency)
}

/// The groups of one regency, and what is too few for one. Those that are kept come first.
fn group_regency(kept: Vec<Gathered>, counts: &[(u32, u64)], min: u64) -> (Vec<Gathered>, Option<Gathered>) {
    let (big, small): (Vec<_>, Vec<_>) =
        counts.iter().map(|&(prefix, voters)| Gathered::one(prefix, voters)).partition(|gathered| gathered.voters >= min);
    let mut groups = kept;
    groups.extend(big);
    let (gathered, rest) = gather(small, min);
    groups.extend(gathered);
    let rest = rest.and_then(|rest| join_nearest(&mut groups, rest));
    (groups, rest)
}

/// Joins prefixes to the nearest group; gives them back where there is none.
fn join_nearest(groups: &mut [Gathered], rest: Gathered) -> Option<Gathered> {
    match groups.iter_mut().min_by_key(|group| group.first().abs_diff(rest.first())) {
        Some(group) => {
            group.join(rest);
            None
        }
        None => Some(rest),
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
    Group { label, prefixes: gathered.prefixes, voters: gathered.voters }
}
