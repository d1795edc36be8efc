//! The ways in which people write a name that is not written so on the roll.

use super::corpus::{Corpus, Half, Random};
use super::district::is_a_name;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Titles, degrees, case, spaces, hyphens.
    Clothes,
    Spelling,
    /// Another order, or a word left out.
    Order,
    /// One slip of the finger in a name of two words or more, not counting initials and titles.
    Slip,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Clothes, Self::Spelling, Self::Order, Self::Slip];

    /// The title, and the least share that must be found.
    pub fn goal(self) -> (&'static str, f64) {
        match self {
            Self::Clothes => ("same names in other clothes", 99.0),
            Self::Spelling => ("other spellings", 96.0),
            Self::Order => ("other orders, left-out words", 92.0),
            Self::Slip => ("single slips, two words or more", 93.0),
        }
    }
}

/// What is typed for a name on the roll. None where the name cannot be written in that way.
pub fn typed(corpus: &Corpus, kind: Kind, half: Half, name: &str, random: &mut Random) -> Option<String> {
    match kind {
        Kind::Clothes => clothes(corpus, half, name, random),
        Kind::Spelling => spelling(corpus, half, name, random),
        Kind::Order => order(name, random),
        Kind::Slip => slip(name, random),
    }
}

/// The half of a list that belongs to one half of the corpus.
fn one_of<'a>(list: &'a [String], half: Half, random: &mut Random) -> &'a str {
    let at = random.below(list.len() / 2) * 2;
    &list[if half == Half::Tuning { at } else { at + 1 }]
}

fn clothes(corpus: &Corpus, half: Half, name: &str, random: &mut Random) -> Option<String> {
    let before = one_of(&corpus.before, half, random);
    let after = one_of(&corpus.after, half, random);
    let other = one_of(&corpus.after, half, random);
    Some(match random.below(10) {
        0 => format!("{before} {name}"),
        1 => format!("{name}, {after}"),
        2 => format!("{before} {name}, {after}, {other}"),
        // Degrees that cannot be told from a name stand behind a comma.
        3 if after.contains('.') => format!("{name} {after}"),
        4 => name.to_lowercase(),
        5 => format!(" {}  ", name.replace(' ', "   ")),
        6 if name.contains(' ') => name.replacen(' ', "-", 1),
        7 if name.contains(' ') => name.replace(' ', "/"),
        8 if name.split(' ').filter(|word| word.len() > 2).count() > 1 => name.replacen(' ', "", 1),
        9 if before.ends_with('.') => format!("{before}{}", name.to_lowercase()),
        _ => return None,
    })
}

/// Every word whose spellings are known, in another one.
fn spelling(corpus: &Corpus, half: Half, name: &str, random: &mut Random) -> Option<String> {
    let mut changed = false;
    let words: Vec<String> = name
        .split(' ')
        .map(|word| {
            let group = corpus.group_of.get(word).map(|&at| &corpus.groups[at]);
            let Some(group) = group.filter(|group| group.half == half) else { return word.to_owned() };
            changed = true;
            let others: Vec<String> =
                group.spellings.iter().map(|other| other.to_uppercase()).filter(|other| other != word).collect();
            random.pick(&others).clone()
        })
        .collect();
    changed.then(|| words.join(" "))
}

fn order(name: &str, random: &mut Random) -> Option<String> {
    let mut words: Vec<&str> = name.split(' ').collect();
    if words.len() < 2 {
        return None;
    }
    match random.below(4) {
        0 => words.reverse(),
        1 => words.rotate_left(1),
        // Any word, or the first.
        2 => drop(words.remove(random.below(words.len()))),
        _ => drop(words.remove(0)),
    }
    Some(words.join(" "))
}

const KEYBOARD: [&str; 3] = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];

fn slip(name: &str, random: &mut Random) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    if name.split(' ').filter(|word| is_a_name(word)).count() < 2 {
        return None;
    }
    let places: Vec<usize> = (0..letters.len()).filter(|&at| letters[at].is_ascii_alphabetic()).collect();
    let at = *random.pick(&places);
    let neighbour = KEYBOARD.iter().find_map(|row| {
        let keys: Vec<char> = row.chars().collect();
        let key = keys.iter().position(|&key| key == letters[at].to_ascii_uppercase())?;
        let is_right = key == 0 || key + 1 < keys.len() && random.chance(50.0);
        Some(keys[if is_right { key + 1 } else { key - 1 }])
    })?;
    match random.below(4) {
        0 => {
            letters.get(at + 1).filter(|next| next.is_ascii_alphabetic() && **next != letters[at])?;
            letters.swap(at, at + 1);
        }
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, if random.chance(50.0) { letters[at] } else { neighbour }),
        _ => letters[at] = neighbour,
    }
    Some(letters.into_iter().collect())
}
