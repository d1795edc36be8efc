//! The tokens of names that are too common in a group to tell its voters apart.

use crate::roll::Voter;
use bilik::{CommonTokens, FoldedName, fold_name};
use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};

/// A token is common in a group if more than this percentage of its voters have it, and more than [`MIN_COMMON`].
const COMMON_PERCENT: usize = 3;
/// In a small group 3 % are too few to mean anything.
const MIN_COMMON: usize = 60;

/// The tokens that too many of a group's voters have to tell them apart: more than 3 % and more than 60. The raw digests go
/// into the table's header. Linear in the voters: each name is folded.
#[must_use]
pub fn common_tokens(voters: &[Voter]) -> (CommonTokens, Vec<u32>) {
    common_among(voters.iter().filter_map(|voter| fold_name(voter.name.reveal()).ok()))
}

/// The same for names that are folded already.
pub(crate) fn common_among(names: impl Iterator<Item = impl Borrow<FoldedName>>) -> (CommonTokens, Vec<u32>) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut all = 0;
    for name in names {
        all += 1;
        // A token counts once a voter.
        let tokens: BTreeSet<&str> = name.borrow().significant().collect();
        for token in tokens {
            match counts.get_mut(token) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(token.to_owned(), 1);
                }
            }
        }
    }
    let is_common = |count: usize| count > MIN_COMMON && count * 100 > all * COMMON_PERCENT;
    let mut digests: Vec<u32> =
        counts.iter().filter(|(_, count)| is_common(**count)).map(|(token, _)| CommonTokens::digest(token)).collect();
    digests.sort_unstable();
    digests.dedup();
    (CommonTokens::new(digests.clone()), digests)
}
