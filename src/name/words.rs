//! Words: drops titles, unifies the spellings of the most frequent names, and says which words distinguish people.

use super::letters::{Letter, letter};
use std::borrow::Cow;

/// One word of a name, in A to Z and 0 to 9.
#[derive(Debug)]
pub(super) struct Word {
    /// The word; frequent names in one spelling.
    pub text: Cow<'static, str>,
    /// Whether it distinguishes people.
    pub significant: bool,
}

/// Titles and honorifics before or within a name, with or without a dot.
const BEFORE: &[&str] = &[
    "ALM", "ALMH", "BAPAK", "BIN", "BINTI", "BPK", "BU", "DR", "DRA", "DRG", "DRH", "DRS", "DRSEC", "H", "HADJI", "HAJI",
    "HAJJAH", "HJ", "HJH", "IBU", "IR", "KH", "KHJ", "KIAI", "KYAI", "NN", "NY", "PAK", "PDT", "PROF", "R", "RA", "RADEN", "RM",
    "RR", "SDR", "SDRI", "TB", "TGH", "TGK", "TN", "UST", "USTAD", "USTADZ", "USTADZAH",
];

/// Academic titles after a name. Without dots they are dropped only at the end of the name.
const AFTER: &[&str] = &[
    "AK", "AMD", "AMDKEB", "AMDKEP", "AMDKOM", "AMK", "AMKEB", "AMKG", "APT", "BA", "BE", "BSC", "CA", "LC", "LLM", "MA", "MAG",
    "MAP", "MBA", "MD", "MESY", "MH", "MHUM", "MI", "MIKOM", "MIP", "MKES", "MKN", "MKOM", "MM", "MPD", "MPDI", "MPH", "MPSI",
    "MSC", "MSI", "MSN", "MT", "MTH", "NERS", "NS", "PHD", "SAB", "SAG", "SAP", "SAPD", "SARS", "SDS", "SE", "SEI", "SESY",
    "SFARM", "SFIL", "SGZ", "SH", "SHI", "SHUM", "SHUT", "SI", "SIK", "SIKOM", "SIP", "SK", "SKED", "SKEL", "SKEP", "SKG", "SKH",
    "SKM", "SKOM", "SKPM", "SMB", "SP", "SPD", "SPDI", "SPDK", "SPDSD", "SPI", "SPSI", "SPT", "SS", "SSI", "SSN", "SSOS",
    "SSOSI", "SST", "SSTP", "ST", "STH", "STHI", "STI", "STP", "STRKEB", "STRKEP", "SY",
];

/// The many spellings of four very frequent names.
const SPELLINGS: &[(&str, &[&str])] = &[
    (
        "MUHAMMAD",
        &[
            "M",
            "MHD",
            "MHMD",
            "MOCH",
            "MOCHAMAD",
            "MOCHAMMAD",
            "MOCHMAD",
            "MOEH",
            "MOEHAMAD",
            "MOEHAMMAD",
            "MOH",
            "MOHAMAD",
            "MOHAMED",
            "MOHAMMAD",
            "MOHAMMED",
            "MOHD",
            "MUCH",
            "MUCHAMAD",
            "MUCHAMMAD",
            "MUCHMAD",
            "MUH",
            "MUHAMAD",
            "MUHAMED",
            "MUHAMMED",
            "MUHD",
            "MUHMAD",
            "MUKH",
            "MUKHAMAD",
            "MUKHAMMAD",
            "MOKH",
            "MOKHAMAD",
            "MOKHAMMAD",
        ],
    ),
    ("AHMAD", &["ACH", "ACHM", "ACHMAD", "ACHMED", "AHM", "AHMED", "AKH", "AKHMAD", "AKHMED"]),
    ("ABDUL", &["ABD", "ABDL", "ABDOEL", "ABDOL"]),
    ("SITI", &["SITTI", "SITY"]),
];

/// Words that do not distinguish people: the most frequent first names, and Balinese birth-order and caste names, also in the
/// old spelling.
const INSIGNIFICANT: &[&str] = &[
    "AHMAD", "ANAK", "COKORDA", "DESAK", "DEWA", "GDE", "GEDE", "GOESTI", "GUSTI", "I", "IDA", "KADEK", "KETOET", "KETUT",
    "KOMANG", "LOEH", "LUH", "MADE", "MUHAMMAD", "NENGAH", "NI", "NJOMAN", "NOER", "NUR", "NYOMAN", "POETOE", "PUTU", "SITI",
    "SRI", "TJOKORDA", "WAYAN", "WAJAN",
];

/// The words of a name that are not titles, or all words where otherwise no letter would be left.
pub(super) fn words(name: &str) -> Vec<Word> {
    let chunks = chunks(name);
    let mut kept = untitled(&chunks);
    if !kept.iter().any(|text| text.bytes().any(|letter| letter.is_ascii_alphabetic())) {
        kept = chunks.iter().flat_map(|chunk| chunk.parts.iter().map(String::as_str)).collect();
    }
    let mut words = Vec::with_capacity(kept.len());
    for (at, text) in kept.iter().enumerate() {
        // A leading ST is Siti, as in the Buginese "St. Aminah"; after a name it is a degree.
        if at == 0 && *text == "ST" && kept.len() > 1 {
            words.push(word(Cow::Borrowed("SITI")));
        } else if let Some(rest) = after_abdul(text) {
            words.push(word(Cow::Borrowed("ABDUL")));
            words.extend((!rest.is_empty()).then(|| word(Cow::Owned(rest.to_owned()))));
        } else {
            words.push(word(one_spelling(text)));
        }
    }
    words
}

/// The letters of a run of characters without white space or a comma.
struct Chunk {
    /// The letters between dots.
    parts: Vec<String>,
    /// Whether it ends with a dot.
    ends_dotted: bool,
    /// Whether there is a dot between letters.
    inner_dot: bool,
}

impl Chunk {
    fn joined(&self) -> String {
        self.parts.concat()
    }
}

fn chunks(name: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut text = String::new();
    let mut dots: Vec<usize> = Vec::new();
    let mut close = |text: &mut String, dots: &mut Vec<usize>| {
        if !text.is_empty() {
            let mut parts = Vec::new();
            let mut from = 0;
            for &dot in dots.iter().chain([&text.len()]) {
                parts.extend(text.get(from..dot).filter(|part| !part.is_empty()).map(str::to_owned));
                from = dot;
            }
            let ends_dotted = dots.last() == Some(&text.len());
            chunks.push(Chunk { inner_dot: parts.len() > 1, parts, ends_dotted });
        }
        text.clear();
        dots.clear();
    };
    for c in name.chars() {
        match letter(c) {
            Letter::One(l) => text.push(l),
            Letter::Several(l) => text.push_str(l),
            Letter::Nothing => {}
            Letter::Between if c == '.' => dots.push(text.len()),
            Letter::Between => close(&mut text, &mut dots),
        }
    }
    close(&mut text, &mut dots);
    chunks
}

/// The parts of the chunks that are not titles.
fn untitled(chunks: &[Chunk]) -> Vec<&str> {
    let is_title = |text: &str| BEFORE.contains(&text) || AFTER.contains(&text);
    let mut kept: Vec<(&str, bool)> = Vec::new();
    let mut rest = chunks;
    while let [chunk, after @ ..] = rest {
        // "S. Pd. I": several chunks that end in dots and together are a title.
        let dotted = rest.iter().take_while(|c| c.ends_dotted).count();
        let title = (2..=4.min(dotted + 1).min(rest.len())).rev().find(|&n| {
            let joined: String = rest.iter().take(n).map(Chunk::joined).collect();
            rest.iter().take(n).all(|c| c.joined().len() <= 4) && AFTER.contains(&joined.as_str())
        });
        if let Some(n) = title {
            rest = rest.get(n..).unwrap_or_default();
            continue;
        }
        rest = after;
        if chunk.inner_dot && is_title(&chunk.joined()) {
            continue;
        }
        for part in &chunk.parts {
            if !BEFORE.contains(&part.as_str()) {
                kept.push((part, AFTER.contains(&part.as_str())));
            }
        }
    }
    while kept.last().is_some_and(|(_, is_after)| *is_after) {
        kept.pop();
    }
    kept.into_iter().map(|(text, _)| text).collect()
}

/// What follows ABDUL where the two are written as one word, assimilated (Abdurrahman, Abdussalam) or not (Abdulrahman).
fn after_abdul(text: &str) -> Option<&str> {
    if matches!(text, "ABDUR" | "ABDUS" | "ABDUN" | "ABDUSH" | "ABDUT" | "ABDUZ") {
        return Some("");
    }
    let rest = text.strip_prefix("ABDU")?;
    let (first, second) = (rest.chars().next()?, rest.chars().nth(1)?);
    let after = rest.get(1..)?;
    let vowel = |c: char| matches!(c, 'A' | 'E' | 'I' | 'O' | 'U');
    match first {
        // Abdullah and Abdulloh are names of their own.
        'L' if second == 'L' => None,
        'L' if after.len() >= 3 && !vowel(second) => Some(after),
        _ if first == second && !vowel(first) => Some(after),
        _ => None,
    }
}

fn one_spelling(text: &str) -> Cow<'static, str> {
    let found = SPELLINGS.iter().find(|(_, spellings)| spellings.contains(&text));
    found.map_or_else(|| Cow::Owned(text.to_owned()), |(one, _)| Cow::Borrowed(*one))
}

fn word(text: Cow<'static, str>) -> Word {
    let significant = !INSIGNIFICANT.contains(&text.as_ref());
    Word { text, significant }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str) -> Vec<String> {
        words(name).into_iter().map(|word| word.text.into_owned()).collect()
    }

    #[test]
    fn titles_are_dropped_in_every_position() {
        for name in
            ["Budi S.Pd.I", "Budi S. Pd. I", "H.Budi", "Dr. Ir. H. Budi, M.Sc., Ph.D", "Budi SH MM", "Prof Budi", "Alm. Budi bin"]
        {
            assert_eq!(texts(name), ["BUDI"], "{name}");
        }
    }

    #[test]
    fn a_word_that_looks_like_a_degree_is_kept_in_the_middle() {
        assert_eq!(texts("Tan Se Hok"), ["TAN", "SE", "HOK"]);
    }

    #[test]
    fn abdul_is_split_from_the_word_it_is_joined_to() {
        assert_eq!(texts("Abdurrahman"), ["ABDUL", "RAHMAN"]);
        assert_eq!(texts("Abdussalam"), ["ABDUL", "SALAM"]);
        assert_eq!(texts("Abdulrahman"), ["ABDUL", "RAHMAN"]);
        assert_eq!(texts("Abdullah"), ["ABDULLAH"]);
        assert_eq!(texts("Abdur Rohim"), ["ABDUL", "ROHIM"]);
    }

    #[test]
    fn the_format_documents_every_word() {
        let page = include_str!("../../docs/format.md");
        let lists = page.split_once("## The lists of words").unwrap().1;
        let listed = |name: &str, words: &[&str]| {
            let (_, rest) = lists.split_once(&format!("\n{name}: ")).unwrap();
            let paragraph = rest.split("\n\n").next().unwrap();
            assert_eq!(paragraph.split_whitespace().collect::<Vec<_>>(), words, "{name}");
        };
        listed("BEFORE", BEFORE);
        listed("AFTER", AFTER);
        listed("INSIGNIFICANT", INSIGNIFICANT);
        for (one, spellings) in SPELLINGS {
            listed(one, spellings);
        }
    }

    #[test]
    fn the_lists_are_sorted_without_duplicates() {
        for list in [BEFORE, AFTER] {
            assert!(list.is_sorted() && list.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
