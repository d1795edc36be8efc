//! Words: drops titles and unifies the spellings and abbreviations of the most frequent names.

use super::lists::{AFTER, BEFORE, JOINED, SPELLINGS, has};
use super::sections::{Chunk, Sections};

/// The letters that a word needs to be more than an abbreviation.
pub(super) const VOWELS: [char; 5] = ['A', 'E', 'I', 'O', 'U'];

/// The words of a name and of its alias, in A to Z and 0 to 9; frequent names in one spelling.
pub(super) struct Words {
    pub name: Vec<String>,
    pub alias: Vec<String>,
}

/// The words that are not titles. Where otherwise no letter would be left, what follows the comma, the alias, or all words.
pub(super) fn words(text: &str) -> Words {
    let Sections { name, alias, rest } = Sections::of(text);
    let (named, other) = (untitled(&name), untitled(&alias));
    let has_letter = |texts: &[&str]| texts.iter().any(|text| text.bytes().any(|letter| letter.is_ascii_alphabetic()));
    let kept = if has_letter(&named) {
        named
    } else {
        let left = [untitled(&rest), other.clone()].into_iter().find(|texts| has_letter(texts));
        left.unwrap_or_else(|| {
            let mut all = Vec::new();
            for chunk in [&name, &alias, &rest].into_iter().flatten() {
                all.extend(chunk.parts.iter().map(String::as_str));
            }
            all
        })
    };
    Words { name: spelled(&kept), alias: spelled(&other) }
}

/// One spelling for frequent names, which also stand as words of their own.
fn spelled(texts: &[&str]) -> Vec<String> {
    let mut words = Vec::with_capacity(texts.len());
    for (at, &text) in texts.iter().enumerate() {
        let mut left = text;
        // A leading ST is Siti, as in the Buginese "St. Aminah"; after a name it is a degree.
        if at == 0 && text == "ST" && texts.len() > 1 {
            left = "SITI";
        } else if let Some((one, _)) = SPELLINGS.iter().find(|(_, spellings)| has(spellings, text)) {
            left = one;
        }
        while let Some(first) = JOINED.split(' ').find(|first| left.strip_prefix(first).is_some_and(|rest| rest.len() > 3)) {
            words.push(first.to_owned());
            left = left.get(first.len()..).unwrap_or_default();
        }
        if let Some(rest) = after_abdul(left) {
            words.push("ABDUL".to_owned());
            left = rest;
        }
        if !left.is_empty() {
            words.push(left.to_owned());
        }
    }
    words
}

/// The parts of the chunks that are not titles.
fn untitled(chunks: &[Chunk]) -> Vec<&str> {
    let mut kept: Vec<(&str, bool)> = Vec::new();
    let mut rest = chunks;
    while let [chunk, after @ ..] = rest {
        // "S. Pd. I": several chunks that end in dots and together are a title.
        let dotted = rest.iter().take_while(|c| c.ends_dotted).count();
        let title = (2..=4.min(dotted + 1).min(rest.len())).rev().find(|&n| {
            let joined: String = rest.iter().take(n).map(Chunk::joined).collect();
            rest.iter().take(n).all(|c| c.joined().len() <= 4) && has(AFTER, &joined)
        });
        if let Some(n) = title {
            rest = rest.get(n..).unwrap_or_default();
            continue;
        }
        rest = after;
        let joined = chunk.joined();
        if chunk.parts.len() > 1 && (has(BEFORE, &joined) || has(AFTER, &joined)) {
            continue;
        }
        let is_degree = !kept.is_empty() && looks_like_a_degree(&chunk.parts);
        for part in &chunk.parts {
            if !has(BEFORE, part) {
                kept.push((part, is_degree || has(AFTER, part)));
            }
        }
    }
    while kept.last().is_some_and(|(_, is_after)| *is_after) {
        kept.pop();
    }
    kept.into_iter().map(|(text, _)| text).collect()
}

/// Short parts with dots between them, of which the first is that of a degree: S.Tr.Kep, M.Ak, A.Md.Akun, Sp.A. There are more
/// of them each year than a list can know. Two parts may also be an initial and a name (M.Ali), which has a vowel and more letters.
fn looks_like_a_degree(parts: &[String]) -> bool {
    let [first, second, rest @ ..] = parts else { return false };
    let is_name = rest.is_empty() && second.len() > 2 && second.contains(VOWELS);
    let begins = matches!(first.as_str(), "S" | "M" | "SP") || first == "A" && matches!(second.as_str(), "MD" | "MA");
    begins && !is_name && parts.iter().all(|part| part.len() <= 4)
}

/// What follows ABDUL where the two are written as one word, assimilated (Abdurrahman, Abdusalam) or not (Abdulrahman).
fn after_abdul(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("ABDU")?;
    if matches!(rest, "L" | "R" | "S" | "N" | "SH" | "T" | "Z") {
        return Some("");
    }
    let mut letters = rest.chars();
    let (first, second) = (letters.next()?, letters.next()?);
    let after = rest.get(1..)?;
    match first {
        // Abdullah and Abdulah are names of their own.
        'L' if second == 'L' => None,
        'L' => (after.len() >= if VOWELS.contains(&second) { 4 } else { 3 }).then_some(after),
        _ if VOWELS.contains(&first) => None,
        _ if first == second => Some(after),
        _ => (rest.len() >= 4).then_some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str) -> Vec<String> {
        words(name).name
    }

    #[test]
    fn titles_are_dropped_in_every_position() {
        for name in [
            "Budi S.Pd.I",
            "Budi S. Pd. I",
            "H.Budi",
            "Dr. Ir. H. Budi, M.Sc., Ph.D",
            "Budi SH MM",
            "Prof Budi",
            "Alm. Budi bin",
            "Budi S.Tr.Kep",
            "Budi M.Ak.",
            "Budi A.Md.Akun. Sp.A",
            "Apt. Budi",
            "R.Ngt. Budi",
            "R. Ay. Budi",
            "Letkol Budi",
            "Budi (Alm)",
            "Drs., Budi",
        ] {
            assert_eq!(texts(name), ["BUDI"], "{name}");
        }
    }

    #[test]
    fn a_word_that_looks_like_a_degree_is_kept_where_it_is_a_name() {
        assert_eq!(texts("Tan Se Hok"), ["TAN", "SE", "HOK"]);
        assert_eq!(texts("M.Ali"), ["MUHAMMAD", "ALI"]);
        assert_eq!(texts("H. M.Ali S.Kom"), ["MUHAMMAD", "ALI"]);
        assert_eq!(texts("Budi S.Parman"), ["BUDI", "S", "PARMAN"]);
        assert_eq!(texts("Siti M.Nur"), texts("Siti M. Nur"));
        assert_eq!(texts("Lim Siok Meng"), ["LIM", "SIOK", "MENG"]);
    }

    #[test]
    fn abdul_is_split_from_the_word_it_is_joined_to() {
        for (name, rest) in [
            ("Abdurrahman", "RAHMAN"),
            ("Abdurahman", "RAHMAN"),
            ("Abdussalam", "SALAM"),
            ("Abdulrahman", "RAHMAN"),
            ("Abdulaziz", "AZIZ"),
            ("Abdul Azis", "AZIS"),
            ("Abdur Rohim", "ROHIM"),
            ("Abd. Rohim", "ROHIM"),
        ] {
            assert_eq!(texts(name), ["ABDUL", rest], "{name}");
        }
        for name in ["ABDULLAH", "ABDULOH", "ABDI", "ABDUH"] {
            assert_eq!(texts(name), [name]);
        }
    }

    #[test]
    fn first_names_are_split_from_the_word_they_are_joined_to() {
        assert_eq!(texts("Sitinurhayati"), ["SITI", "NUR", "HAYATI"]);
        assert_eq!(texts("Nur'aini"), ["NUR", "AINI"]);
        assert_eq!(texts("Muhammadyusuf"), ["MUHAMMAD", "YUSUF"]);
        assert_eq!(texts("Ahmadi"), ["AHMADI"]);
        assert_eq!(texts("Srimulyani"), ["SRI", "MULYANI"]);
        assert_eq!(texts("Nurul Nurdin"), ["NURUL", "NURDIN"]);
    }

    #[test]
    fn what_follows_a_comma_is_no_name_unless_nothing_else_is() {
        for name in ["Budi, M.Ak.", "Budi，S.Tr.Kep., Bdn.", "Budi , Santoso"] {
            assert_eq!(texts(name), ["BUDI"], "{name}");
        }
        assert_eq!(texts(", Budi"), ["BUDI"]);
        assert_eq!(texts("H., S.H."), ["H", "S", "H"]);
    }

    #[test]
    fn what_follows_an_alias_is_another_name() {
        for name in [
            "Budi alias Bambang",
            "BUDI ALS. BAMBANG",
            "Budi al. Bambang",
            "Budi @ Bambang",
            "Budi (Bambang)",
            "Budi dikenal sebagai Bambang",
            "Budi, S.H., alias H. Bambang",
            "Budi a.k.a. Bambang",
        ] {
            let words = words(name);
            assert_eq!((words.name, words.alias), (vec!["BUDI".to_owned()], vec!["BAMBANG".to_owned()]), "{name}");
        }
        assert_eq!(texts("Alias Bambang"), ["ALIAS", "BAMBANG"]);
        assert_eq!(texts("Budi Alias"), ["BUDI", "ALIAS"]);
        assert_eq!(texts("Habib Al Amin"), ["HABIB", "AL", "AMIN"]);
        assert_eq!(texts("Budi (alm) Santoso"), ["BUDI", "SANTOSO"]);
        assert_eq!(texts("(Budi)"), ["BUDI"]);
    }
}
