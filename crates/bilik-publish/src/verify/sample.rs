//! Which voters are asked: all, or a random sample in which each has the same chance.

use crate::randomness::{Randomness, RandomnessError};
use rand::RngExt as _;
use rand::rngs::ChaCha20Rng;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Of this many voters one is asked, unless the operator says otherwise. Asking one takes some 59 derivations and building 2.2, so
/// asking takes half as many as building.
const USUAL_SHARE: u64 = 60;
/// As many are asked of a small roll: enough to say that fewer than 1 in 100 are wrong.
const MIN_USUAL: u64 = 300;
/// As many are asked of a large one: enough to say that fewer than 1 in 133,000 are wrong.
const MAX_USUAL: u64 = 400_000;
/// Of this many voters who are asked one is looked up as well.
const LOOKED_UP_SHARE: u64 = 50;
const MIN_LOOKED_UP: u64 = 20;
/// More lookups would test the same code again.
const MAX_LOOKED_UP: u64 = 2_000;

/// How many voters are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RollSample {
    /// One of 60, at least 300 and at most 400,000.
    #[default]
    Usual,
    /// This many, or all if there are fewer.
    Count(u64),
    /// Everybody.
    All,
}

impl RollSample {
    /// How many are asked of this number of voters.
    #[must_use]
    pub fn of(self, voters: u64) -> u64 {
        match self {
            Self::Usual => (voters / USUAL_SHARE).clamp(MIN_USUAL, MAX_USUAL).min(voters),
            Self::Count(count) => count.min(voters),
            Self::All => voters,
        }
    }
}

/// One of several parts of a roll, by its groups: part `number` of `of`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollPart {
    /// From 1.
    pub number: u32,
    /// How many parts there are.
    pub of: u32,
}

impl Default for RollPart {
    fn default() -> Self {
        Self { number: 1, of: 1 }
    }
}

impl RollPart {
    /// Whether a group, by its index, is in it.
    pub(super) fn has(self, group: usize) -> bool {
        let remainder = u32::try_from(group).ok().and_then(|group| group.checked_rem(self.of));
        remainder.is_some_and(|remainder| remainder + 1 == self.number)
    }

    /// Whether it is all of the roll.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.of == 1
    }
}

impl fmt::Display for RollPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Not a part of a roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", tr::tr!("expected I/N, a number from 1 to N and how many parts there are, for example 3/16"))]
pub struct RollPartError;

impl FromStr for RollPart {
    type Err = RollPartError;

    fn from_str(text: &str) -> Result<Self, RollPartError> {
        let (number, of) = text.split_once('/').ok_or(RollPartError)?;
        let part = Self { number: number.parse().map_err(|_| RollPartError)?, of: of.parse().map_err(|_| RollPartError)? };
        if (1..=part.of).contains(&part.number) { Ok(part) } else { Err(RollPartError) }
    }
}

/// What is done with a voter besides the checks that need no derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    Nothing,
    Ask,
    AskAndLookUp,
}

/// Draws the sample in one pass over voters whose number is known: each voter is drawn with the chance that makes the sample
/// full at the end (Knuth, *The Art of Computer Programming*, algorithm S), so each sample is as likely as any other.
pub(super) struct Draw {
    random: ChaCha20Rng,
    voters: u64,
    asked: u64,
    looked_up: u64,
}

impl Draw {
    /// Of this number of voters, by random words of the operating system.
    pub(super) fn new(sample: RollSample, voters: u64) -> Result<Self, RandomnessError> {
        let asked = sample.of(voters);
        let looked_up = (asked / LOOKED_UP_SHARE).clamp(MIN_LOOKED_UP, MAX_LOOKED_UP).min(asked);
        Ok(Self { random: Randomness::fresh()?.stream("verify"), voters, asked, looked_up })
    }

    /// For the next voter.
    pub(super) fn pick(&mut self) -> Pick {
        let is_asked = self.is_drawn(self.asked, self.voters);
        self.voters = self.voters.saturating_sub(1);
        if !is_asked {
            return Pick::Nothing;
        }
        let is_looked_up = self.is_drawn(self.looked_up, self.asked);
        self.asked -= 1;
        if !is_looked_up {
            return Pick::Ask;
        }
        self.looked_up -= 1;
        Pick::AskAndLookUp
    }

    /// One of `wanted` among the `left` that follow, this one included.
    fn is_drawn(&mut self, wanted: u64, left: u64) -> bool {
        wanted > 0 && left > 0 && self.random.random_range(0..left) < wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(sample: RollSample, voters: u64) -> Vec<Pick> {
        let mut draw = Draw::new(sample, voters).unwrap();
        (0..voters).map(|_| draw.pick()).collect()
    }

    fn counts(picks: &[Pick]) -> (usize, usize) {
        let looked_up = picks.iter().filter(|pick| **pick == Pick::AskAndLookUp).count();
        (picks.iter().filter(|pick| **pick != Pick::Nothing).count(), looked_up)
    }

    #[test]
    fn a_sample_has_exactly_the_size_that_was_asked_for() {
        for (sample, voters, expected) in [
            (RollSample::Usual, 200, (200, 20)),
            (RollSample::Usual, 10_000, (300, 20)),
            (RollSample::Usual, 120_000, (2_000, 40)),
            (RollSample::Count(7), 1_000, (7, 7)),
            (RollSample::Count(7), 3, (3, 3)),
            (RollSample::All, 5_000, (5_000, 100)),
            (RollSample::All, 0, (0, 0)),
        ] {
            assert_eq!(counts(&drawn(sample, voters)), expected, "{sample:?} of {voters}");
        }
        assert_eq!(RollSample::Usual.of(204_807_222), 400_000);
    }

    #[test]
    fn every_voter_has_the_same_chance_and_each_sample_is_another() {
        let mut times = [0; 20];
        for _ in 0..4_000 {
            for (at, pick) in drawn(RollSample::Count(5), 20).into_iter().enumerate() {
                times[at] += u32::from(pick != Pick::Nothing);
            }
        }
        // 1,000 each, by chance 27 more or less; six times that is out of the question.
        assert!(times.iter().all(|times| (835..1_165).contains(times)), "{times:?}");
        assert_ne!(drawn(RollSample::Count(500), 1_000), drawn(RollSample::Count(500), 1_000));
    }

    #[test]
    fn parts_have_each_group_once() {
        let part = |text: &str| text.parse::<RollPart>();
        for bad in ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/x"] {
            assert_eq!(part(bad), Err(RollPartError), "{bad}");
        }
        for group in 0..10 {
            let parts = ["1/3", "2/3", "3/3"].map(|text| part(text).unwrap());
            assert_eq!(parts.iter().filter(|part| part.has(group)).count(), 1);
        }
        assert!(RollPart::default().has(5) && part("3/3").unwrap().to_string() == "3/3");
    }
}
