//! The published distribution of names: words of a public roll of 2017, composed into names and folded as a roll's are.
//!
//! `name-words.tsv` lists the words that ten or more of 12,950 people bear, with how often each stands first and later, and
//! says how many words names have. It holds single words with counts: nobody's name. The rarer words, two thirds of all, are
//! not listed; they are made up here so that as many words are borne by 9, 8, ... people as a law of 1/n² continues the list,
//! and 38 % by one or two.
//!
//! The list does not say who is a man. Each word is given to one sex, and each rare word to one place in a name too. Both make
//! names easier to guess than real ones, in which sexes and places share words.

use super::names::{NameCounter, NameShape};
use bilik::{Sex, fold_name};
use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, SeedableRng as _};

const WORDS: &str = include_str!("name-words.tsv");

/// People of the list.
const PEOPLE: u64 = 12_950;
/// Of 100 names, how many have one word, two, ...
const WORD_COUNTS: [u64; 5] = [30, 46, 20, 3, 1];
/// Rare words by how many people bear them, and how many such words there are; the first are borne by fewer than one of 12,950.
const RARE: [(u64, u64); 9] = [(1, 13_054), (4, 1_632), (6, 603), (8, 339), (10, 217), (12, 151), (14, 111), (16, 85), (18, 67)];
/// Names that are composed. More would change the figures by less than they are rounded.
const NAMES: u32 = 60_000;

/// Measures the published distribution, by the folding that keys use. Takes some tenths of a second.
#[must_use]
pub fn published_names() -> NameShape {
    let (men, women) = (Words::of(0), Words::of(1));
    let mut random = Random(ChaCha8Rng::seed_from_u64(2_017));
    let mut counter = NameCounter::default();
    for number in 0..NAMES {
        let (sex, words) = if number % 2 == 0 { (Sex::Male, &men) } else { (Sex::Female, &women) };
        if let Ok(name) = fold_name(&words.compose(&mut random)) {
            counter.add(sex, &name, &[]);
        }
    }
    counter.shape()
}

struct Random(ChaCha8Rng);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        (u64::from(self.0.next_u32()) * limit) >> 32
    }
}

/// The words of one sex.
struct Words {
    first: Weighted,
    later: Weighted,
}

impl Words {
    fn of(sex: usize) -> Self {
        let listed: Vec<(&str, u64, u64)> = WORDS.lines().filter_map(listed).skip(sex).step_by(2).collect();
        // Half of the people are of this sex, and those of the list have 1.99 words each.
        let (firsts, laters) = (PEOPLE / 2, PEOPLE / 2 * 99 / 100);
        Self {
            first: Weighted::of(listed.iter().map(|(word, first, _)| (*word, *first)), rare(sex * 2), firsts),
            later: Weighted::of(listed.iter().map(|(word, _, later)| (*word, *later)), rare(sex * 2 + 1), laters),
        }
    }

    fn compose(&self, random: &mut Random) -> String {
        let mut name = self.first.draw(random).to_owned();
        let mut left = random.below(WORD_COUNTS.iter().sum());
        for share in WORD_COUNTS {
            let Some(rest) = left.checked_sub(share) else { break };
            left = rest;
            name.push(' ');
            name.push_str(self.later.draw(random));
        }
        name
    }
}

fn listed(line: &str) -> Option<(&str, u64, u64)> {
    let mut fields = line.split('\t');
    let word = fields.next().filter(|word| !word.starts_with('#'))?;
    Some((word, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// Every fourth rare word, with its weight.
fn rare(which: usize) -> impl Iterator<Item = (String, u64)> {
    let weights = RARE.into_iter().flat_map(|(weight, words)| (0..words).map(move |_| weight));
    (0..).zip(weights).skip(which).step_by(4).map(|(number, weight)| (made_up(number), weight))
}

/// A word of four syllables whose sounds no folding merges; each number gives another one. No consonant follows itself, since
/// folding drops a syllable that repeats the one before.
fn made_up(number: u32) -> String {
    const CONSONANTS: &str = "BGKLMNPRT";
    let pick = |letters: &str, at: u32| letters.chars().nth(usize::try_from(at).unwrap_or(0)).unwrap_or('A');
    let mut consonant = 0;
    let syllable = |power: u32| {
        let at = number / 16_u32.pow(power) % 16;
        consonant = (consonant + 1 + at / 2) % 9;
        [pick(CONSONANTS, consonant), pick("AI", at % 2)]
    };
    (0..4).flat_map(syllable).collect()
}

/// Words with weights: listed ones, and made-up ones in the place of those that are not.
struct Weighted {
    /// Each with the sum of the weights up to it.
    listed: Vec<(String, u64)>,
    rare: Vec<(String, u64)>,
    all: u64,
}

impl Weighted {
    fn of<'a>(listed: impl Iterator<Item = (&'a str, u64)>, rare: impl Iterator<Item = (String, u64)>, all: u64) -> Self {
        let summed = |words: &mut dyn Iterator<Item = (String, u64)>| {
            let mut sum = 0;
            let words = words.filter(|(_, weight)| *weight > 0).map(|(word, weight)| {
                sum += weight;
                (word, sum)
            });
            words.collect()
        };
        Self { listed: summed(&mut listed.map(|(word, weight)| (word.to_owned(), weight))), rare: summed(&mut { rare }), all }
    }

    fn draw(&self, random: &mut Random) -> &str {
        let at = random.below(self.all);
        let listed = self.listed.partition_point(|(_, sum)| *sum <= at);
        if let Some((word, _)) = self.listed.get(listed) {
            return word;
        }
        let at = random.below(self.rare.last().map_or(0, |(_, sum)| *sum));
        let rare = self.rare.partition_point(|(_, sum)| *sum <= at);
        self.rare.get(rare).map_or("", |(word, _)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn made_up_words_stay_apart_when_folded() {
        let all: u64 = RARE.iter().map(|(_, words)| words).sum();
        let folded: HashSet<String> =
            (0..u32::try_from(all).unwrap()).map(|number| fold_name(&made_up(number)).unwrap().whole().to_owned()).collect();
        assert_eq!(folded.len(), usize::try_from(all).unwrap());
    }

    #[test]
    fn the_composed_names_have_the_published_shape() {
        let shape = published_names();
        assert!((0.58..0.66).contains(&shape.long_share()), "62 % have two significant tokens: {}", shape.long_share());
        let tokens = shape.tokens_for_half();
        assert!((200.0..1_000.0).contains(&tokens), "{tokens}");
    }

    #[test]
    fn every_line_of_the_list_is_a_word_with_its_counts() {
        let words: Vec<_> = WORDS.lines().filter_map(listed).collect();
        assert_eq!(words.len(), WORDS.lines().filter(|line| !line.starts_with('#')).count());
        assert!(
            words.iter().all(|(word, first, later)| !word.contains(' ') && first + later >= 10),
            "single, frequent words only"
        );
    }
}
