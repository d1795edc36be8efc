//! Folding a name: from the many ways to write it to the one form that goes into a key.
//!
//! The builder folds the roll and the browser folds what is typed, both by [`fold`], which does not depend on a locale. The
//! rules apply in this order (their word lists are part of the format and stand in `docs/format.md`):
//!
//! 1. *Letters* (`name/letters.rs`): compatibility decomposition, marks stripped, upper case, A to Z and 0 to 9.
//! 2. *Words* (`name/words.rs`): titles and honorifics dropped, one spelling each for MUHAMMAD, AHMAD, ABDUL and SITI.
//! 3. *Sounds* (`name/sounds.rs`): old spelling modernised, sounds that people confuse merged.
//!
//! `full` uses all tokens without the spaces between them; `near` uses the first token that distinguishes people.

mod letters;
mod sections;
mod sounds;
mod words;

use sha2::{Digest as _, Sha256};

/// The maximum length of a name in characters. A longer one is a mistake or an attack.
pub const MAX_NAME_CHARS: usize = 200;

/// Words that do not distinguish people, folded: the most frequent first names, birth-order, caste and noble names.
const INSIGNIFICANT: &str = "ABDAL AL AMAT ANAK ANDI BAIK DAING DISAK DIWA GASTI GDI GIDI IDA KADIK KAKARDA KAMANG KAT KITAT LA LALA MADI MAMAT NAR NI NIAMAN NINGA PATA SITI SRI TIAKA TINGKA WAIAN";

/// A name in the form that goes into keys. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct FoldedName {
    whole: String,
    tokens: Vec<Token>,
    alias: Vec<Token>,
}

#[derive(Clone, PartialEq, Eq)]
struct Token {
    folded: String,
    significant: bool,
}

/// Why a name cannot be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// The name is empty.
    Missing,
    /// No Latin letter is left after folding.
    NoLetters,
    /// More than [`MAX_NAME_CHARS`] characters.
    TooLong,
}

/// Folds a name. Cost: linear in its length, some microseconds.
///
/// ```
/// use bilik::fold_name;
///
/// // Spelling, titles, case and spaces do not matter.
/// let folded = fold_name("Drs. H. Mochamad Soeharto, M.Si.")?;
/// assert_eq!(folded, fold_name("MUHAMMAD SUHARTO")?);
/// assert_eq!(folded.whole(), "MAMATSARTA");
/// # Ok::<(), bilik::NameError>(())
/// ```
///
/// # Errors
/// When no letter is left after folding, or the name is longer than [`MAX_NAME_CHARS`] characters.
pub fn fold(name: &str) -> Result<FoldedName, NameError> {
    if name.trim().is_empty() {
        return Err(NameError::Missing);
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(NameError::TooLong);
    }
    let words = words::words(name);
    let tokens: Vec<Token> = words.name.iter().map(|word| Token::of(word)).collect();
    let alias = words.alias.iter().map(|word| Token::of(word)).collect();
    let whole = sounds::join(tokens.iter().map(|token| token.folded.as_str()));
    if !whole.bytes().any(|letter| letter.is_ascii_alphabetic()) {
        return Err(NameError::NoLetters);
    }
    Ok(FoldedName { whole, tokens, alias })
}

impl Token {
    fn of(word: &str) -> Self {
        let folded = sounds::merge(word);
        // A letter is an initial, and so is all that has no vowel: "Bq.", "Nym.".
        let is_initial = word.len() == 1 || !word.contains(['A', 'E', 'I', 'O', 'U']);
        let significant = !is_initial && !words::has(INSIGNIFICANT, &folded);
        Self { folded, significant }
    }
}

impl FoldedName {
    /// The whole name without spaces, for [`Recipe::Full`](crate::Recipe::Full).
    #[must_use]
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// Whether it has at least two significant tokens, so that the builder seals it by `full`.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.tokens.iter().filter(|token| token.significant).count() >= 2
    }

    /// The token for [`Recipe::Near`](crate::Recipe::Near): the first that is neither insignificant nor common in the table, or
    /// else the last one.
    #[must_use]
    pub fn first_significant(&self, common: &CommonTokens) -> &str {
        let distinctive = self.tokens.iter().find(|token| token.significant && !common.contains(&token.folded));
        distinctive.or(self.tokens.last()).map_or("", |token| &token.folded)
    }

    /// The tokens that a voter is sealed under by [`Recipe::Near`](crate::Recipe::Near): those of [`Self::asked_tokens`] and the
    /// same of the alias, each once. At least one and at most four.
    #[must_use]
    pub fn sealed_tokens(&self, common: &CommonTokens) -> Vec<&str> {
        let mut sealed = self.asked_tokens(common);
        sealed.extend(ends(&self.alias, common));
        unique(sealed)
    }

    /// The tokens that a question asks with by [`Recipe::Near`](crate::Recipe::Near): the first and the last token that is
    /// neither insignificant nor common in the table, once where they are the same. Where there is none, the last token.
    #[must_use]
    pub fn asked_tokens(&self, common: &CommonTokens) -> Vec<&str> {
        unique(ends(&self.tokens, common).collect())
    }

    /// Whether every token is insignificant or common in the table, so that more of the name might identify the voter.
    #[must_use]
    pub fn is_only_common(&self, common: &CommonTokens) -> bool {
        self.tokens.iter().all(|token| !token.significant || common.contains(&token.folded))
    }

    /// Whether both names have a significant token in common: possibly the same name, written differently.
    #[must_use]
    pub fn shares_a_token(&self, other: &Self) -> bool {
        self.significant().any(|token| other.significant().any(|same| same == token))
    }

    /// The significant tokens of the name and its alias, which the builder counts to find the common ones.
    pub fn significant(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().chain(&self.alias).filter(|token| token.significant).map(|token| token.folded.as_str())
    }
}

/// The first and the last token that tells people apart, or the last token twice.
fn ends<'a>(tokens: &'a [Token], common: &CommonTokens) -> impl Iterator<Item = &'a str> {
    let distinctive = |token: &&Token| token.significant && !common.contains(&token.folded);
    let first = tokens.iter().find(distinctive).or(tokens.last());
    let last = tokens.iter().rev().find(distinctive);
    first.into_iter().chain(last).map(|token| token.folded.as_str())
}

/// Each token once, in the order of the first. There are four at most.
fn unique(tokens: Vec<&str>) -> Vec<&str> {
    tokens.into_iter().fold(Vec::new(), |mut once, token| {
        if !once.contains(&token) {
            once.push(token);
        }
        once
    })
}

impl std::fmt::Display for NameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("expected a name, got an empty text"),
            Self::NoLetters => f.write_str("expected a name with Latin letters, got none"),
            Self::TooLong => write!(f, "expected a name of at most {MAX_NAME_CHARS} characters, got more"),
        }
    }
}

impl std::error::Error for NameError {}

impl std::fmt::Debug for FoldedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FoldedName(hidden)")
    }
}

/// The tokens that too many voters of a table share, as sorted 32-bit digests, so that a table contains no name. A token whose
/// digest collides counts as common too, for builder and browser alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonTokens(Vec<u32>);

impl CommonTokens {
    /// From the digests in a table's header.
    #[must_use]
    pub fn new(mut digests: Vec<u32>) -> Self {
        digests.sort_unstable();
        digests.dedup();
        Self(digests)
    }

    /// The digest of one token.
    #[must_use]
    pub fn digest(token: &str) -> u32 {
        let hash = Sha256::new().chain_update(b"bilik/1/common-token\0").chain_update(token).finalize();
        hash.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    fn contains(&self, token: &str) -> bool {
        !self.0.is_empty() && self.0.binary_search(&Self::digest(token)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(name: &str) -> String {
        fold(name).unwrap().whole().to_owned()
    }

    fn first(name: &str) -> String {
        fold(name).unwrap().first_significant(&CommonTokens::default()).to_owned()
    }

    /// Each line: ways to write one name.
    const SAME: &[&[&str]] = &[
        &[
            "Budi Santoso",
            " BUDI  SANTOSO ",
            "budi santoso, S.H.",
            "Drs. H. Budi Santoso, M.Si.",
            "Budi-Santoso",
            "Budi/Santoso",
            "Budisantoso",
            "Bpk. Budi Santoso SH MM",
            "Budi Santoso S.Tr.Kep",
            "Budi Santoso, M.Ak., Gr., CPA",
            "Budi Santoso alias Bambang",
        ],
        &["Siti Nurhayati", "Hj. Siti Nur Hayati", "St. Nurhayati", "SITI NURHAYATI, S.Pd.I", "Sitinurhayati"],
        &["Muhammad Yusuf", "M. Yusuf", "Moh. Joesoef", "MUCHAMMAD YUSUF", "Mohamad Jusup", "Mohammed Yusuf"],
        &["Djoko Soerjadi", "Joko Suryadi", "Djoko Surjadi"],
        &["Tjokro Wijaya", "Cokro Widjaja", "Tjokro Widjaja"],
        &["Sjamsoel Bahri", "Syamsul Bachri", "Samsul Bahri"],
        &["Njoman Rai", "Nyoman Rai"],
        &["Achmad Zaini", "Ahmad Saini", "Akhmad Zaini", "Ahmat Zaeni"],
        &["Nu'man Fauzi", "Numan Fausi", "Nu’man Vauzi"],
        &["Abdurrahman Wahid", "Abdul Rahman Wahid", "Abd. Rohman Wakhid", "ABDULRAHMAN WAHID", "Abdurahman Wahit"],
        &["Rachmat Bachtiar", "Rahmat Bahtiar", "Rakhmat Bakhtiar", "Rohmat Bahtiyar"],
        &["Choirul Anwar", "Khoirul Anwar", "Khairul Anuar"],
        &["José Müller", "JOSE MULLER", "Jose\u{301} Mu\u{308}ller", "Ｊｏｓｅ　Ｍｕｌｌｅｒ", "Ⓙⓞⓢⓔ ⓜⓤⓛⓛⓔⓡ"],
        &["Dhani Yudhistira", "Dani Yudistira"],
        &["Arief Latief", "Arip Latip"],
        &["Sumarni", "Sumarnih", "Soemarni"],
        &["Endang Suwarno", "Indang Suarno"],
        &["Dzulkifli Mochtar", "Zulkifli Mukhtar"],
        &["Vincentius Xaverius Philipus", "Vinsensius Saverius Filipus"],
        &["Khasanah", "Hasanah", "Chasanah"],
        &["Triwahyuningsih", "Tri Wahyuni Ningsih", "Tri Wahyuningsih"],
        &["Nur'aini", "Nur Aini", "NURAINI", "Nuraeni"],
        &["Chandra Dewi", "Candra Dewi", "Tjandra Dewi"],
    ];

    #[test]
    fn ways_to_write_one_name_fold_to_the_same() {
        for line in SAME {
            for name in *line {
                assert_eq!(whole(name), whole(line[0]), "{name} and {}", line[0]);
            }
        }
    }

    #[test]
    fn different_names_stay_apart() {
        for (one, other) in [
            ("Santoso", "Susanti"),
            ("Siti Aminah", "Siti Maimunah"),
            ("Dewi", "Dwi"),
            ("Agus", "Bagus"),
            ("Herman", "Hermawan"),
            ("Hadi", "Adi"),
            ("Bambang", "Pampang"),
        ] {
            assert_ne!(first(one), first(other));
        }
    }

    /// Written on the roll, typed: `near` finds the voter by a token that both have.
    const FOUND: &[(&str, &[&str])] = &[
        (
            "Budi Santoso",
            &["Budi", "Santoso", "Santoso Budi", "Budi Agus Santoso", "Bdui Santoso", "Budi Sntoso", "Letkol Budi Santoso"],
        ),
        ("Budi alias Bambang", &["Bambang", "Budi", "Budi Bambang", "Bambang alias Budi", "Budi @ Bambang", "Budi (Bambang)"]),
        ("Sri Lestari als. Mbok Nah", &["Lestari", "Nah", "Mbok Nah"]),
        ("Lim Siok Hwa", &["Siok Hwa Lim", "Lim", "Hwa"]),
        ("A. Rahman", &["Abdul Rahman", "Rahman", "Ahmad Rahman", "Abdurrahman"]),
        ("Budi S", &["Budi Santoso", "Budi Susilo"]),
        ("Apt. Dewi Lestari", &["Dewi Lestari", "Lestari"]),
        ("Andi Baso Makmur", &["Baso Makmur", "A. Baso Makmur", "Makmur"]),
        ("Lalu Wirajaya", &["L. Wirajaya", "Wirajaya", "Wiradjaja"]),
        ("Baiq Nurhayati", &["Bq. Nurhayati", "Nur Hayati", "Hayati"]),
        ("I Gusti Ngurah Rai", &["I Gst. Ngr. Rai", "Gusti Rai", "Ngurah Rai"]),
        ("Anak Agung Gde Raka", &["A.A. Gde Raka", "A A Gede Raka"]),
        ("Ida Bagus Oka", &["I.B. Oka", "IB Oka", "Bagus Oka"]),
        ("Teuku Rusli", &["T. Rusli", "Rusli"]),
        ("R.Ngt. Sumirah", &["Sumirah", "Raden Nganten Sumirah"]),
        ("R. Ay. Kartini", &["Raden Ayu Kartini", "Kartini"]),
        ("Pastor Yosef", &["Yosef", "Joseph"]),
        ("Dt. Marajo", &["Datuk Maradjo", "Marajo"]),
        ("Ns. Rina, S.Kep.", &["Rina", "Rina S.Kep., Ners"]),
        ("Siti/Aminah", &["Siti Aminah", "Aminah"]),
        ("Ｓｉｔｉ　Ａｍｉｎａｈ", &["Siti Aminah"]),
        ("Nur'aini", &["Nur Aini", "Aini", "Noer Aini"]),
    ];

    #[test]
    fn near_finds_a_name_by_either_end_and_by_its_alias() {
        let common = CommonTokens::default();
        for (roll, typed) in FOUND {
            let roll = fold(roll).unwrap();
            let sealed = roll.sealed_tokens(&common);
            for typed in *typed {
                let name = fold(typed).unwrap();
                let asked = name.asked_tokens(&common);
                assert!(asked.iter().any(|token| sealed.contains(token)), "{typed}: asked {asked:?}, sealed {sealed:?}");
            }
        }
    }

    #[test]
    fn a_voter_is_sealed_under_four_tokens_at_most_each_once() {
        for (name, tokens) in [
            ("Budi Hari Santoso", &["BADI", "SANTASA"][..]),
            ("Budi alias Budi", &["BADI"]),
            ("Budi Santoso alias Siti Rina Dewi", &["BADI", "SANTASA", "RINA", "DIWI"]),
            ("Budi (Alm.)", &["BADI"]),
            ("Rani Rani", &["RANI"]),
        ] {
            assert_eq!(fold(name).unwrap().sealed_tokens(&CommonTokens::default()), tokens, "{name}");
        }
    }

    #[test]
    fn the_first_significant_token_skips_insignificant_words() {
        for (name, token) in [
            ("Muhammad Rizki Pratama", "RISKI"),
            ("Hj. Siti Nur Aminah", "AMINA"),
            ("I Wayan Sudarta", "SADARTA"),
            ("Ni Luh Putu Ayu", "AIA"),
            ("Ni Wayan", "WAIAN"),
            ("Siti", "SITI"),
            ("Ahmad bin Saleh", "SALI"),
            ("Prof. Dr. Ir. Slamet", "SLAMIT"),
        ] {
            assert_eq!(first(name), token, "{name}");
        }
    }

    #[test]
    fn words_that_half_a_roll_bears_are_insignificant_in_every_spelling() {
        for name in "Ahmad Akhmad Ahmed Abdul Abd Al Anak Andi Baiq Bq Cokorda Tjokorda Cut Daeng Dg Desak Dewa Gde Gede Gd Gusti Goesti Gst \
            Ida Kadek Kd Ketut Ketoet Kt Komang Kmg Lalu Luh Loeh Made Md Muhammad Moch Mohammed Nengah Ni Noer Nur Nyoman Njoman Nym \
            Poetoe Putu Siti Sitti Sri Teuku Tengku Wayan Wajan Wy I A"
            .split_whitespace()
        {
            assert_eq!(fold(name).unwrap().significant().count(), 0, "{name}");
        }
        assert!(INSIGNIFICANT.split(' ').all(|word| sounds::merge(word) == word));
    }

    #[test]
    fn common_tokens_are_skipped_while_another_is_there() {
        let common = CommonTokens::new(vec![CommonTokens::digest("BADI")]);
        for (name, tokens, only_common) in [
            ("Budi Santoso", &["SANTASA"][..], false),
            ("Budi Hari Santoso", &["HARI", "SANTASA"], false),
            ("Santoso Budi", &["SANTASA"], false),
            ("Budi", &["BADI"], true),
            ("Siti Budi", &["BADI"], true),
        ] {
            let folded = fold(name).unwrap();
            assert_eq!((folded.asked_tokens(&common), folded.is_only_common(&common)), (tokens.to_vec(), only_common), "{name}");
        }
    }

    #[test]
    fn two_significant_tokens_make_a_long_name() {
        for (name, long) in [
            ("Budi Santoso", true),
            ("Siti Aminah", false),
            ("Suharto", false),
            ("I Made Arta", false),
            ("Drs. Suharto, S.H.", false),
            ("Nur Hayati Dewi", true),
            ("Abdurrahman", false),
            ("Suharto S.", false),
            ("Suharto alias Budi", false),
        ] {
            assert_eq!(fold(name).unwrap().is_long(), long, "{name}");
        }
    }

    #[test]
    fn a_name_that_is_only_a_title_is_kept() {
        assert_eq!(whole("Ir"), "IR");
        assert_eq!(whole("H."), "H");
        assert_eq!(whole("1 S.H."), "1S");
        assert_eq!(whole("(Alm.)"), "ALM");
        assert_eq!(whole(", S.H."), "S");
    }

    #[test]
    fn names_without_letters_are_rejected() {
        assert_eq!(fold("  "), Err(NameError::Missing));
        assert_eq!(fold("---"), Err(NameError::NoLetters));
        assert_eq!(fold("12 3"), Err(NameError::NoLetters));
        assert_eq!(fold("王小明"), Err(NameError::NoLetters));
        assert_eq!(fold(&"A".repeat(MAX_NAME_CHARS + 1)), Err(NameError::TooLong));
    }
}
