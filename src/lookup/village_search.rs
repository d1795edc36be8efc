//! Finding villages by name, tolerating typing errors.
//!
//! A province's names are folded once, when they come. A keystroke then folds the query alone, and compares first which letters
//! words have: only those that lack no more of the query's letters than edits are forgiven are compared letter by letter.

#[cfg(test)]
mod tests;

use crate::format::code::Code;
use crate::format::names::Names;
use crate::name;
use std::rc::Rc;

/// The village names of one province, ready to be searched.
pub struct VillageIndex {
    names: Names,
    /// In the order of the names.
    villages: Vec<Village>,
}

struct Village {
    /// Every code that a file of names may have is one.
    code: Option<Code>,
    /// Of its name; where there are several, also all of them joined.
    words: Vec<Word>,
}

/// A folded word.
struct Word {
    text: Box<str>,
    /// A bit for each letter that it has.
    letters: u32,
}

impl Word {
    fn new(text: &str) -> Self {
        let letters = text.bytes().fold(0, |letters, letter| letters | 1 << (letter & 31));
        Self { text: text.into(), letters }
    }
}

/// A village that was found: its distance from the query, its name and those of district and regency, and its code.
type Found<'a> = (usize, [&'a str; 3], Code);

impl VillageIndex {
    /// Folds the names.
    #[must_use]
    pub fn new(names: Names) -> Self {
        let mut villages = Vec::new();
        for regency in &names.regencies {
            for district in &regency.districts {
                let number = (u32::from(names.province) * 100 + u32::from(regency.code)) * 100 + u32::from(district.code);
                for village in &district.villages {
                    let mut words = words(&village.name);
                    if words.len() > 1 {
                        let joined: String = words.iter().map(|word| &*word.text).collect();
                        words.push(Word::new(&joined));
                    }
                    villages.push(Village { code: Code::district(number).map(|code| code.village(village.code)), words });
                }
            }
        }
        Self { names, villages }
    }

    /// Shows each village with its names: its own, the district's and the regency's.
    fn each<'a>(&'a self, see: &mut dyn FnMut([&'a str; 3], &Village)) {
        let mut villages = self.villages.iter();
        for regency in &self.names.regencies {
            for district in &regency.districts {
                for (named, village) in district.villages.iter().zip(&mut villages) {
                    see([&named.name, &district.name, &regency.name], village);
                }
            }
        }
    }
}

/// Searches provinces: at most `limit` matches, best first, each with its code and the names of village, district and regency.
///
/// A query matches a village if each of its folded words is the beginning of a word of the village's name, or of the whole name,
/// or within one edit of one (two from eight letters on). Cost: some milliseconds for the whole country.
#[must_use]
pub fn search<'a>(
    provinces: &'a [Rc<VillageIndex>],
    query: &str,
    within: Option<Code>,
    limit: usize,
) -> Vec<(Code, [&'a str; 3])> {
    let query = words(query);
    let mut found: Vec<Found<'_>> = Vec::new();
    // Once there are enough, only what is better than the worst of the best.
    let mut worst = None;
    for index in provinces {
        index.each(&mut |names, village| {
            let Some(code) = village.code.filter(|code| within.is_none_or(|area| lies_in(*code, area))) else { return };
            let Some(distance) = distance(&query, &village.words) else { return };
            let one = (distance, names, code);
            if worst.is_none_or(|worst| one < worst) {
                found.push(one);
            }
            if found.len() / 2 >= limit {
                found.sort_unstable();
                found.truncate(limit);
                worst = found.last().copied();
            }
        });
    }
    found.sort_unstable();
    found.truncate(limit);
    found.into_iter().map(|(_, names, code)| (code, names)).collect()
}

fn lies_in(code: Code, area: Code) -> bool {
    std::iter::successors(Some(code), |code| code.parent()).any(|above| above == area)
}

/// The folded words of a text: old spelling and confused sounds do not matter.
fn words(text: &str) -> Vec<Word> {
    text.split_whitespace().filter_map(|word| name::fold(word).ok()).map(|folded| Word::new(folded.whole())).collect()
}

/// The sum of the ranks of the query's words; `None` where one of them matches nothing.
fn distance(query: &[Word], name: &[Word]) -> Option<usize> {
    query.iter().try_fold(0, |sum, word| Some(sum + name.iter().filter_map(|candidate| rank(word, candidate)).min()?))
}

/// 0 for the whole word, 1 for its beginning, 2 and 3 for one or two edits; `None` for more.
fn rank(word: &Word, candidate: &Word) -> Option<usize> {
    let allowed: u8 = match word.text.len() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    // Each edit brings one letter at most that the candidate lacks.
    if (word.letters & !candidate.letters).count_ones() > allowed.into() {
        return None;
    }
    let (word, candidate) = (word.text.as_bytes(), candidate.text.as_bytes());
    if candidate.starts_with(word) {
        return Some(usize::from(candidate != word));
    }
    // The query may be unfinished, so it is also compared with the beginning of a longer candidate.
    let start = candidate.get(..word.len()).filter(|start| start.len() < candidate.len());
    let edits =
        [Some(candidate), start].into_iter().flatten().filter_map(|candidate| edits_within(allowed.into(), word, candidate));
    edits.min().map(|edits| 1 + edits)
}

/// The number of edits (insert, delete, replace, swap neighbours: optimal string alignment distance) between two words, unless it is
/// above what is allowed. What they begin with alike takes none; where they differ, each edit is tried. Most words differ at once.
fn edits_within(allowed: usize, a: &[u8], b: &[u8]) -> Option<usize> {
    let alike = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(alike..)?, b.get(alike..)?);
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let ([x, after_a @ ..], [y, after_b @ ..]) = (a, b) else { return Some(a.len().max(b.len())) };
    let left = allowed.checked_sub(1)?;
    let swapped = match (after_a, after_b) {
        ([next_x, rest_a @ ..], [next_y, rest_b @ ..]) if x == next_y && y == next_x => edits_within(left, rest_a, rest_b),
        _ => None,
    };
    let tried = [swapped, edits_within(left, after_a, after_b), edits_within(left, a, after_b), edits_within(left, after_a, b)];
    tried.into_iter().flatten().min().map(|edits| edits + 1)
}
