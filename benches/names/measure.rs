//! What the rules gain, and what they cost.

use super::corpus::{Corpus, Half, Random};
use super::district::{District, Voter, digits, name};
use super::questions::{Kind, typed};
use bilik::{CommonTokens, FoldedName};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Questions of one kind: how many were answered with the right station, with another, and how many there were.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recall {
    pub right: usize,
    /// Of the right ones, those with another voter's station beside the right one.
    pub beside: usize,
    pub wrong: usize,
    pub all: usize,
}

impl std::ops::Add for Recall {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            beside: self.beside + other.beside,
            wrong: self.wrong + other.wrong,
            all: self.all + other.all,
        }
    }
}

impl Recall {
    pub fn percent(&self) -> f64 {
        self.right as f64 * 100.0 / self.all as f64
    }
}

/// Asks questions of one kind, for voters that `of` picks.
pub fn recall(
    corpus: &Corpus,
    district: &District,
    (kind, half): (Kind, Half),
    questions: usize,
    of: fn(&Voter) -> bool,
) -> Recall {
    let mut random = Random(kind as u64 * 2 + half as u64);
    let mut recall = Recall::default();
    while recall.all < questions {
        let voter = random.pick(&district.voters);
        if !of(voter) {
            continue;
        }
        let Some(typed) = typed(corpus, kind, half, &voter.name, &mut random) else { continue };
        let found = district.ask(voter.digits, voter.village, &typed);
        let is_right = found.iter().any(|&at| district.voters[at].station == voter.station);
        recall.all += 1;
        recall.right += usize::from(is_right);
        recall.beside += usize::from(is_right && found.iter().any(|&at| district.voters[at].station != voter.station));
        recall.wrong += usize::from(!is_right && !found.is_empty());
        if !is_right && std::env::var_os("BILIK_NAMES_MISSED").is_some() {
            println!("missed\t{kind:?}\t{}\t{typed}", voter.name);
        }
    }
    recall
}

/// People of the district who are on no roll: how many are told a station, and how many of these share a word, as it is written,
/// with the voter whose station it is.
pub fn strangers(corpus: &Corpus, district: &District, questions: usize) -> (usize, usize) {
    let mut random = Random(77);
    let (mut told, mut same_word) = (0, 0);
    for _ in 0..questions {
        let (name, _) = name(corpus, &mut random);
        let found = district.ask(digits(&mut random), random.below(12), &name);
        told += usize::from(!found.is_empty());
        let words: HashSet<&str> = name.split(' ').collect();
        same_word += usize::from(found.iter().any(|&at| district.voters[at].name.split(' ').any(|word| words.contains(word))));
    }
    (told, same_word)
}

/// Pairs of different significant words that fold to one and are not spellings of one name: how many, and the chance that two words of the
/// list are such a pair.
pub fn false_merges(corpus: &Corpus) -> (Vec<(String, String)>, f64) {
    let words: Vec<(&str, f64)> = corpus
        .words
        .iter()
        .filter(|(word, ..)| bilik::fold_name(word).unwrap().significant().next().is_some())
        .map(|(word, first, later)| (word.as_str(), f64::from(first + later)))
        .collect();
    let all: f64 = words.iter().map(|(_, count)| count).sum();
    let folded: Vec<String> = words
        .iter()
        .map(|(word, _)| bilik::fold_name(word).unwrap().asked_tokens(&CommonTokens::default())[0].to_owned())
        .collect();
    let mut merged = Vec::new();
    let mut chance = 0.0;
    for (at, (word, count)) in words.iter().enumerate() {
        for (other_at, (other, other_count)) in words.iter().enumerate().skip(at + 1) {
            if folded[at] == folded[other_at] && !corpus.are_one(word, other) {
                merged.push(((*word).to_owned(), (*other).to_owned()));
                chance += 2.0 * count * other_count / all / all;
            }
        }
    }
    (merged, chance)
}

/// The tokens of a district, most frequent first by how many voters they newly cover.
#[derive(Debug)]
pub struct Spread {
    /// Bits of Shannon entropy.
    pub entropy: f64,
    /// How many tokens open half of the voters.
    pub half: usize,
}

/// How names are spread: by their words as written or folded, by the first significant word or by either end.
pub fn spread(district: &District, tokens: impl Fn(&str, &FoldedName, &CommonTokens) -> Vec<String>) -> Spread {
    let borne: Vec<BTreeSet<String>> =
        district.voters.iter().map(|voter| tokens(&voter.name, &voter.folded, &district.common).into_iter().collect()).collect();
    let mut bearers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, tokens) in borne.iter().enumerate() {
        for token in tokens {
            bearers.entry(token).or_default().push(at);
        }
    }
    let all: f64 = bearers.values().map(|bearers| bearers.len() as f64).sum();
    let entropy = bearers.values().map(|bearers| bearers.len() as f64 / all).map(|share| -share * share.log2()).sum();
    // The attacker guesses what opens most first.
    let mut order: Vec<(&str, &Vec<usize>)> = bearers.iter().map(|(token, bearers)| (*token, bearers)).collect();
    order.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    let mut open = HashSet::new();
    let half = order
        .iter()
        .position(|(_, bearers)| {
            open.extend(bearers.iter().copied());
            open.len() * 2 >= district.voters.len()
        })
        .map_or(0, |at| at + 1);
    Spread { entropy, half }
}

/// The words of a name by their folded tokens, but as they are written.
pub fn written(name: &str, wanted: &[&str]) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    wanted
        .iter()
        .map(|token| {
            let word = words.iter().find(|word| bilik::fold_name(word).is_ok_and(|word| word.significant().eq([*token])));
            word.map_or_else(|| (*token).to_owned(), |word| (*word).to_owned())
        })
        .collect()
}
