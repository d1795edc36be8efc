//! What names are made of: words with counts, groups of spellings, titles.

use std::collections::HashMap;

/// Rules are chosen by one half of the groups of spellings; the other half judges them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Tuning,
    HeldOut,
}

/// Spellings of one name.
pub struct Group {
    pub half: Half,
    pub spellings: Vec<String>,
}

pub struct Corpus {
    /// Word, how often first, how often later.
    pub words: Vec<(String, u32, u32)>,
    pub groups: Vec<Group>,
    /// The group of a word in capitals.
    pub group_of: HashMap<String, usize>,
    pub before: Vec<String>,
    pub after: Vec<String>,
}

fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

impl Corpus {
    pub fn new() -> Self {
        let words = lines(include_str!("tokens.tsv"))
            .map(|fields| (fields[0].to_owned(), fields[1].parse().unwrap(), fields[2].parse().unwrap()))
            .collect();
        let groups: Vec<Group> = lines(include_str!("variants.tsv"))
            .map(|fields| {
                let spellings: Vec<String> = fields[1].split(' ').map(|spelling| spelling.replace('_', " ")).collect();
                let half = if hash(&spellings[0]).is_multiple_of(2) { Half::Tuning } else { Half::HeldOut };
                Group { half, spellings }
            })
            .collect();
        let mut group_of = HashMap::new();
        for (at, group) in groups.iter().enumerate() {
            for spelling in &group.spellings {
                group_of.entry(spelling.to_uppercase()).or_insert(at);
            }
        }
        let titles = |place: &str| {
            let mut titles = lines(include_str!("titles.tsv")).filter(|fields| fields[0] == place);
            titles.next().unwrap()[1].split(' ').map(str::to_owned).collect()
        };
        Self { words, groups, group_of, before: titles("before"), after: titles("after") }
    }

    /// Whether two words are spellings of one name.
    pub fn are_one(&self, one: &str, other: &str) -> bool {
        self.group_of.get(one).is_some_and(|group| self.group_of.get(other) == Some(group))
    }
}

/// FNV-1a and a finaliser: the same on every machine.
fn hash(text: &str) -> u64 {
    let hash =
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// `SplitMix64`: deterministic.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    pub fn chance(&mut self, percent: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 * 100.0 < percent
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
