//! A simulated district whose names have the published shape, and what its two files would answer.

use super::corpus::{Corpus, Random};
use bilik::{CommonTokens, FoldedName, fold_name};
use std::collections::{BTreeSet, HashMap};

const VILLAGES: usize = 12;
const VOTERS_PER_STATION: usize = 248;
/// Of 100 words of names: borne by ten or more of 12,950 people, and by three to nine. The rest is rarer.
const FREQUENT: f64 = 33.0;
const MEDIUM: f64 = 29.0;
const MEDIUM_WORDS: u64 = 1_000;
const RARE_WORDS: u64 = 9_000;
/// Of 100 names: those with fewer than two significant words.
const SHORT: f64 = 38.0;

pub struct Voter {
    pub name: String,
    pub folded: FoldedName,
    /// Birth date and sex.
    pub digits: u32,
    pub village: usize,
    pub station: usize,
}

pub struct District {
    pub voters: Vec<Voter>,
    pub common: CommonTokens,
    full: HashMap<(u32, String), BTreeSet<usize>>,
    near: HashMap<(u32, usize, String), BTreeSet<usize>>,
}

impl District {
    pub fn new(corpus: &Corpus, size: usize, random: &mut Random) -> Self {
        let stations = (size / VOTERS_PER_STATION).max(VILLAGES);
        let voters: Vec<Voter> = (0..size)
            .map(|_| {
                let (name, folded) = name(corpus, random);
                let village = random.below(VILLAGES);
                let station = village + VILLAGES * random.below(stations / VILLAGES);
                Voter { name, folded, digits: digits(random), village, station }
            })
            .collect();
        let common = common_tokens(&voters);
        let mut district = Self { voters: Vec::new(), common, full: HashMap::new(), near: HashMap::new() };
        for (at, voter) in voters.iter().enumerate() {
            if voter.folded.is_long() {
                district.full.entry((voter.digits, voter.folded.whole().to_owned())).or_default().insert(at);
            }
            for token in voter.folded.sealed_tokens(&district.common) {
                district.near.entry((voter.digits, voter.village, token.to_owned())).or_default().insert(at);
            }
        }
        district.voters = voters;
        district
    }

    /// The voters whose stations a question is answered with.
    pub fn ask(&self, digits: u32, village: usize, name: &str) -> BTreeSet<usize> {
        let Ok(name) = fold_name(name) else { return BTreeSet::new() };
        if let Some(found) = self.full.get(&(digits, name.whole().to_owned())) {
            return found.clone();
        }
        let tokens = name.asked_tokens(&self.common);
        tokens.iter().filter_map(|token| self.near.get(&(digits, village, (*token).to_owned()))).flatten().copied().collect()
    }
}

/// As the builder does: borne by more than 3 % of a table's voters and more than 60.
fn common_tokens(voters: &[Voter]) -> CommonTokens {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for voter in voters {
        for token in voter.folded.significant().collect::<BTreeSet<_>>() {
            *counts.entry(token).or_default() += 1;
        }
    }
    let common = counts.iter().filter(|(_, count)| **count > 60 && **count * 100 > voters.len() * 3);
    CommonTokens::new(common.map(|(token, _)| CommonTokens::digest(token)).collect())
}

/// Birth date and sex; some birthdays were chosen by an office.
pub fn digits(random: &mut Random) -> u32 {
    let age = random.below(76).min(random.below(76)) + 17;
    let (day, month) = if random.chance(4.0) {
        *random.pick(&[(1, 1), (1, 7), (1, 7), (31, 12), (31, 12), (31, 12), (17, 8)])
    } else {
        (random.below(28) + 1, random.below(12) + 1)
    };
    u32::try_from((day + 40 * random.below(2)) * 10_000 + month * 100 + (128 - age) % 100).unwrap()
}

/// A name of the published shape.
pub fn name(corpus: &Corpus, random: &mut Random) -> (String, FoldedName) {
    let is_short = random.chance(SHORT);
    loop {
        let words = match random.below(100) {
            0..30 => 1,
            30..76 => 2,
            76..96 => 3,
            96..99 => 4,
            _ => 5,
        };
        let name = (0..words).map(|at| word(corpus, at == 0, random)).collect::<Vec<_>>().join(" ");
        if !name.split(' ').any(is_a_name) {
            continue;
        }
        let folded = fold_name(&name).unwrap();
        if folded.is_long() != is_short {
            return (name, folded);
        }
    }
}

/// Whether a word of a roll is a name, and not an initial, a title or a degree.
pub fn is_a_name(word: &str) -> bool {
    const TITLES: [&str; 15] = ["AL", "BIN", "BINTI", "BR", "BT", "DR", "DRS", "HJ", "IR", "MOCH", "MOH", "NY", "SE", "SH", "ST"];
    let word = word.trim_end_matches('.');
    word.len() > 1 && !TITLES.contains(&word)
}

fn word(corpus: &Corpus, is_first: bool, random: &mut Random) -> String {
    if random.chance(FREQUENT) {
        let weight = |(_, first, later): &(String, u32, u32)| if is_first { *first } else { *later };
        let all: u32 = corpus.words.iter().map(weight).sum();
        let mut left = u32::try_from(random.below(all as usize)).unwrap();
        let found = corpus.words.iter().find(|word| {
            let here = left < weight(word);
            left = left.saturating_sub(weight(word));
            here
        });
        return found.unwrap().0.clone();
    }
    if random.chance(MEDIUM / (100.0 - FREQUENT) * 100.0) {
        // Half of them are names whose spellings are known.
        if random.chance(50.0) {
            let spellings = &random.pick(&corpus.groups).spellings;
            return if random.chance(50.0) { spellings[0].to_uppercase() } else { random.pick(spellings).to_uppercase() };
        }
        return made_up(random.next() % MEDIUM_WORDS);
    }
    made_up(MEDIUM_WORDS + random.next() % RARE_WORDS)
}

/// The word of that number, of two to four syllables.
fn made_up(number: u64) -> String {
    const FIRST: &[&str] =
        &["B", "C", "D", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "W", "Y", "Z", "", "F", "SY", "KH", "TR", "PR"];
    const VOWELS: &[&str] = &["A", "A", "A", "I", "I", "U", "U", "E", "O"];
    const LAST: &[&str] = &["", "", "", "", "N", "R", "NG", "S", "H", "L", "M", "T"];
    let mut random = Random(number);
    let syllables = [2, 2, 3, 3, 4][random.below(5)];
    (0..syllables).flat_map(|_| [*random.pick(FIRST), *random.pick(VOWELS), *random.pick(LAST)]).collect()
}
