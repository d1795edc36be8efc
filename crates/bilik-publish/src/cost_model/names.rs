//! The distribution of names: how often each significant token stands first and last, by sex.

use super::curve::{Covered, Gains, cover, pairs_above};
use crate::number::float;
use bilik::{CommonTokens, FoldedName, Sex};
use std::collections::HashMap;

/// Counts the tokens that keys are made of. Memory: some 100 bytes for each different token. `Debug` hides them.
#[derive(Clone, Default)]
pub struct NameCounter {
    men: SexCounter,
    women: SexCounter,
}

#[derive(Clone, Default)]
struct SexCounter {
    tokens: HashMap<Box<str>, TokenCounts>,
    /// Voters with two tokens for `near`, and with one.
    two: u64,
    one: u64,
    /// Voters whom `full` holds.
    long: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct TokenCounts {
    first: u64,
    last: u64,
    only: u64,
}

impl std::fmt::Debug for NameCounter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NameCounter(hidden)")
    }
}

impl NameCounter {
    /// Counts a voter. `common` are the digests of the tokens that too many voters of the table share, sorted.
    pub fn add(&mut self, sex: Sex, name: &FoldedName, common: &[u32]) {
        let counter = match sex {
            Sex::Male => &mut self.men,
            Sex::Female => &mut self.women,
        };
        counter.long += u64::from(name.is_long());
        let is_common = |token: &str| !common.is_empty() && common.binary_search(&CommonTokens::digest(token)).is_ok();
        let mut distinctive = name.significant().filter(|token| !is_common(token));
        let only = || name.asked_tokens(&CommonTokens::new(common.to_vec())).first().map_or("", |token| token).to_owned();
        match (distinctive.next(), distinctive.last()) {
            (Some(first), Some(last)) if first != last => {
                counter.two += 1;
                counter.of(first).first += 1;
                counter.of(last).last += 1;
            }
            (Some(token), _) => counter.add_only(token),
            (None, _) => counter.add_only(&only()),
        }
    }

    /// The shares.
    #[must_use]
    pub fn shape(&self) -> NameShape {
        let voters = |counter: &SexCounter| counter.two + counter.one;
        let all = float(voters(&self.men) + voters(&self.women)).max(1.0);
        let sexes = [&self.men, &self.women].map(|counter| counter.shape(float(voters(counter)) / all));
        let long = float(self.men.long + self.women.long);
        NameShape { sexes, long_share: long / all }
    }
}

impl SexCounter {
    fn of(&mut self, token: &str) -> &mut TokenCounts {
        self.tokens.entry(token.into()).or_default()
    }

    fn add_only(&mut self, token: &str) {
        self.one += 1;
        self.of(token).only += 1;
    }

    fn shape(&self, share: f64) -> SexShape {
        let voters = float(self.two + self.one).max(1.0);
        let (two, one) = (float(self.two) / voters, float(self.one) / voters);
        let within = |count: u64, all: u64| float(count) / float(all).max(1.0);
        let mut tokens: Vec<[f64; 3]> = self
            .tokens
            .values()
            .map(|counts| [within(counts.first, self.two), within(counts.last, self.two), within(counts.only, self.one)])
            .collect();
        let bearers = |[first, last, only]: &[f64; 3]| two * (first + last) + one * only;
        tokens.sort_by(|a, b| bearers(b).total_cmp(&bearers(a)));
        let (mut firsts, mut lasts) = (0.0, 0.0);
        let either = tokens.iter().map(|[first, last, only]| {
            // Of voters with two tokens, those whom an earlier token has not found already.
            let added = first * (1.0 - lasts) + last * (1.0 - firsts) - first * last;
            firsts += first;
            lasts += last;
            two * added + one * only
        });
        SexShape {
            share,
            either: Gains::new(either.collect()),
            first: Gains::new(tokens.iter().map(|token| token[0]).collect()),
            last: Gains::new(tokens.iter().map(|token| token[1]).collect()),
            leading: tokens.iter().map(|[first, _, only]| two * first + one * only).collect(),
        }
    }
}

/// How names are distributed.
#[derive(Clone, Debug)]
pub struct NameShape {
    sexes: [SexShape; 2],
    long_share: f64,
}

#[derive(Clone, Debug)]
struct SexShape {
    /// Of all voters.
    share: f64,
    /// What each token adds for somebody who tries it as either end of a name.
    either: Gains,
    first: Gains,
    last: Gains,
    /// The share of voters by the token that a list of names finds them by.
    leading: Vec<f64>,
}

impl NameShape {
    /// The share of voters whom `full` holds.
    #[must_use]
    pub fn long_share(&self) -> f64 {
        self.long_share
    }

    /// The tokens that cover half of the voters by either end of their names, both sexes together. A figure for people.
    #[must_use]
    pub fn tokens_for_half(&self) -> f64 {
        let above = |threshold| {
            self.tokens(threshold).into_iter().fold(Covered::default(), |all, (sex, covered)| Covered {
                candidates: all.candidates + covered.candidates,
                share: all.share + sex * covered.share,
            })
        };
        cover(0.5, above).candidates
    }

    /// For each sex, its share of the voters and the tokens for `near` that each find at least this share of them.
    pub(super) fn tokens(&self, threshold: f64) -> [(f64, Covered); 2] {
        self.sexes.each_ref().map(|sex| (sex.share, sex.either.above(threshold / sex.share.max(f64::MIN_POSITIVE))))
    }

    /// For each sex, its share and the pairs of tokens that stand for a whole name. Further words are left out, which only makes
    /// names cheaper to guess than they are.
    pub(super) fn pairs(&self, threshold: f64) -> [(f64, Covered); 2] {
        self.sexes
            .each_ref()
            .map(|sex| (sex.share, pairs_above(&sex.first, &sex.last, threshold / sex.share.max(f64::MIN_POSITIVE))))
    }

    /// How many different tokens a number of voters has, of one sex on average: what the holder of their names tries.
    pub(super) fn different_tokens(&self, voters: f64) -> f64 {
        let different = |sex: &SexShape| -> f64 {
            let missing = |share: &f64| (-share * voters * sex.share).exp();
            sex.leading.iter().map(|share| 1.0 - missing(share)).sum()
        };
        self.sexes.iter().map(different).sum::<f64>() / 2.0
    }

    /// A shape of equally frequent single tokens, alike for both sexes.
    #[cfg(test)]
    pub(super) fn uniform(tokens: u32) -> Self {
        let shares: Vec<f64> = (0..tokens).map(|_| 1.0 / f64::from(tokens)).collect();
        let either = Gains::new(shares.clone());
        let sex = SexShape { share: 0.5, first: either.clone(), last: either.clone(), either, leading: shares };
        Self { sexes: [sex.clone(), sex], long_share: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilik::fold_name;

    fn counted(names: &[(Sex, &str)], common: &[u32]) -> NameShape {
        let mut counter = NameCounter::default();
        for (sex, name) in names {
            counter.add(*sex, &fold_name(name).unwrap(), common);
        }
        counter.shape()
    }

    #[test]
    fn a_token_finds_voters_by_either_end() {
        let names = [(Sex::Male, "Budi Santoso"), (Sex::Male, "Joko Budi"), (Sex::Male, "Budi"), (Sex::Male, "Agus Salim")];
        let shape = counted(&names, &[]);
        assert!((shape.long_share() - 0.75).abs() < 1e-9);
        let [(men, covered), (women, _)] = shape.tokens(0.3);
        assert_eq!((men, women, covered.candidates), (1.0, 0.0, 1.0));
        // Three quarters have two tokens; the model takes their ends to be independent: 1 - 2/3 · 2/3 of them, and the one.
        assert!((covered.share - (0.75 * (1.0 - 4.0 / 9.0) + 0.25)).abs() < 1e-9, "{covered:?}");
    }

    #[test]
    fn sexes_are_counted_apart_and_common_tokens_skipped() {
        let names = [(Sex::Male, "Wayan Budi Arta"), (Sex::Female, "Budi Sari")];
        let shape = counted(&names, &[CommonTokens::digest("BUDI")]);
        let shares = shape.tokens(1e-9);
        assert_eq!(shares.map(|(share, covered)| (share, covered.candidates)), [(0.5, 1.0), (0.5, 1.0)]);
        assert!((shape.different_tokens(1e9) - 1.0).abs() < 1e-9);
    }
}
