//! Folding a name: from the many ways to write it to the one form that goes into a key.
//!
//! The builder folds the roll and the browser folds what is typed, both by [`fold`], which depends on no locale. The rules
//! in order (`docs/format.md` has the lists, since they are part of the format):
//!
//! 1. *Letters* (`name/letters.rs`): compatibility decomposition, marks stripped, upper case, A to Z and 0 to 9.
//! 2. *Words* (`name/words.rs`): titles and honorifics dropped, the spellings of MUHAMMAD, AHMAD, ABDUL and SITI made one.
//! 3. *Sounds* (`name/sounds.rs`): old spelling made new, sounds that people confuse merged.
//!
//! `full` uses all tokens without the spaces between them; `near` uses the first token that tells people apart.

mod letters;
mod sounds;
mod words;

use sha2::{Digest as _, Sha256};

/// The longest name that is folded, in characters. Longer ones are somebody's mistake or an attack.
pub const MAX_NAME_CHARS: usize = 200;

/// A name in the form that goes into keys. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Folded {
    whole: String,
    tokens: Vec<Token>,
}

#[derive(Clone, PartialEq, Eq)]
struct Token {
    folded: String,
    significant: bool,
}

/// Why a name cannot be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was given.
    Missing,
    /// No Latin letter is left after folding.
    NoLetters,
    /// More than [`MAX_NAME_CHARS`] characters.
    TooLong,
}

/// Folds a name.
///
/// # Errors
/// When nothing is left of it, or it is longer than [`MAX_NAME_CHARS`] characters.
pub fn fold(name: &str) -> Result<Folded, NameError> {
    if name.trim().is_empty() {
        return Err(NameError::Missing);
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(NameError::TooLong);
    }
    let words = words::words(name);
    let fold_word = |word: &words::Word| Token { folded: sounds::merge(&word.text), significant: word.significant };
    let tokens: Vec<Token> = words.iter().map(fold_word).collect();
    let whole = sounds::join(tokens.iter().map(|token| token.folded.as_str()));
    if !whole.bytes().any(|letter| letter.is_ascii_alphabetic()) {
        return Err(NameError::NoLetters);
    }
    Ok(Folded { whole, tokens })
}

impl Folded {
    /// All of the name, for `full`.
    #[must_use]
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// Whether it has two significant tokens or more, so that the builder seals it by `full`. ABDUL and what follows it are
    /// one name.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.tokens.iter().filter(|token| token.significant && token.folded != "ABDUL").count() >= 2
    }

    /// The token for `near`: the first that is neither in the list of words that tell nobody apart nor common in the table,
    /// or the last one where all are.
    #[must_use]
    pub fn first_significant(&self, common: &Common) -> &str {
        let telling = self.tokens.iter().find(|token| token.significant && !common.holds(&token.folded));
        telling.or(self.tokens.last()).map_or("", |token| &token.folded)
    }

    /// Whether every token is insignificant or common in the table: more of the name might tell the voter apart.
    #[must_use]
    pub fn is_only_common(&self, common: &Common) -> bool {
        self.tokens.iter().all(|token| !token.significant || common.holds(&token.folded))
    }

    /// Whether a significant token is in both: the same person's name, perhaps, written otherwise.
    #[must_use]
    pub fn shares_a_token(&self, other: &Self) -> bool {
        self.significant().any(|token| other.significant().any(|same| same == token))
    }

    /// The significant tokens: what a table counts to find the common ones.
    pub fn significant(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter(|token| token.significant).map(|token| token.folded.as_str())
    }
}

impl std::fmt::Debug for Folded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Folded(hidden)")
    }
}

/// The tokens that too many of a table's voters bear to tell them apart, as 32-bit digests, so that no table holds a name.
/// A token whose digest collides is common too, for builder and browser alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Common(Vec<u32>);

impl Common {
    /// The list of a table's header.
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

    fn holds(&self, token: &str) -> bool {
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
        fold(name).unwrap().first_significant(&Common::default()).to_owned()
    }

    /// Each line: ways to write one name.
    const SAME: &[&[&str]] = &[
        &[
            "Budi Santoso",
            " BUDI  SANTOSO ",
            "budi santoso, S.H.",
            "Drs. H. Budi Santoso, M.Si.",
            "Budi-Santoso",
            "Budisantoso",
            "Bpk. Budi Santoso SH MM",
        ],
        &["Siti Nurhayati", "Hj. Siti Nur Hayati", "St. Nurhayati", "SITI NURHAYATI, S.Pd.I"],
        &["Muhammad Yusuf", "M. Yusuf", "Moh. Joesoef", "MUCHAMMAD YUSUF", "Mohamad Jusuf"],
        &["Djoko Soerjadi", "Joko Suryadi", "Djoko Surjadi"],
        &["Tjokro Wijaya", "Cokro Widjaja", "Tjokro Widjaja"],
        &["Sjamsoel Bahri", "Syamsul Bahri", "Samsul Bahri"],
        &["Njoman Rai", "Nyoman Rai"],
        &["Achmad Zaini", "Ahmad Saini", "Akhmad Zaini"],
        &["Nu'man Fauzi", "Numan Fausi", "Nu’man Vauzi"],
        &["Abdurrahman Wahid", "Abdul Rahman Wahid", "Abd. Rahman Wahid", "ABDULRAHMAN WAHID"],
        &["Rachmat Bachtiar", "Rahmat Bahtiar", "Rakhmat Bakhtiar"],
        &["Choirul Anwar", "Khoirul Anwar"],
        &["José Müller", "JOSE MULLER", "Jose\u{301} Mu\u{308}ller", "Ｊｏｓｅ　Ｍｕｌｌｅｒ"],
        &["Dhani Yudhistira", "Dani Yudistira"],
        &["Arief Latief", "Arif Latif"],
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
        for (one, other) in
            [("Budi Santoso", "Budi Susanto"), ("Siti Aminah", "Siti Maimunah"), ("Dewi", "Dwi Ayu"), ("Agus", "Bagus")]
        {
            assert_ne!(whole(one), whole(other));
        }
    }

    #[test]
    fn the_first_significant_token_skips_what_tells_nobody_apart() {
        for (name, token) in [
            ("Muhammad Rizki Pratama", "RISKI"),
            ("Hj. Siti Nur Aminah", "AMINAH"),
            ("I Wayan Sudarta", "SUDARTA"),
            ("Ni Luh Putu Ayu", "AIU"),
            ("Ni Wayan", "WAIAN"),
            ("Siti", "SITI"),
            ("Ahmad bin Saleh", "SALEH"),
            ("Prof. Dr. Ir. Slamet", "SLAMET"),
        ] {
            assert_eq!(first(name), token, "{name}");
        }
    }

    #[test]
    fn common_tokens_are_skipped_while_another_follows() {
        let common = Common::new(vec![Common::digest("BUDI")]);
        assert_eq!(fold("Budi Santoso").unwrap().first_significant(&common), "SANTOSO");
        assert_eq!(fold("Budi").unwrap().first_significant(&common), "BUDI");
        assert!(fold("Siti Budi").unwrap().is_only_common(&common));
        assert!(!fold("Budi Santoso").unwrap().is_only_common(&common));
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
        ] {
            assert_eq!(fold(name).unwrap().is_long(), long, "{name}");
        }
    }

    #[test]
    fn a_name_that_is_only_a_title_is_kept() {
        assert_eq!(whole("Ir"), "IR");
        assert_eq!(whole("H."), "H");
        assert_eq!(whole("1 S.H."), "1S");
    }

    #[test]
    fn names_without_letters_are_refused() {
        assert_eq!(fold("  "), Err(NameError::Missing));
        assert_eq!(fold("---"), Err(NameError::NoLetters));
        assert_eq!(fold("12 3"), Err(NameError::NoLetters));
        assert_eq!(fold("王小明"), Err(NameError::NoLetters));
        assert_eq!(fold(&"A".repeat(MAX_NAME_CHARS + 1)), Err(NameError::TooLong));
    }
}
