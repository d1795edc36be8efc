//! Folding a name: from the many ways to write it to the one form that goes into a key.
//!
//! The builder folds the roll and the browser folds what is typed, both by [`fold`], which does not depend on a locale. The
//! rules apply in this order (their word lists are part of the format and stand in `docs/format.md`):
//!
//! 1. *Letters* (`name/letters.rs`): compatibility decomposition, marks stripped, upper case, A to Z and 0 to 9.
//! 2. *Sections* (`name/sections.rs`): what follows a comma dropped, the alias apart.
//! 3. *Words* (`name/words.rs`): titles and degrees dropped, one spelling each for MUHAMMAD, AHMAD and ABDUL.
//! 4. *Sounds* (`name/sounds.rs`): old spelling modernised, sounds that people confuse merged.
//!
//! `full` uses all tokens without the spaces between them; `near` uses the first and the last token that distinguish people, and
//! those of the alias. `docs/names.md` says why, and what it gains and costs.

mod letters;
mod lists;
mod sections;
mod sounds;
mod words;

use sha2::{Digest as _, Sha256};

/// The maximum length of a name in characters. A longer one is a mistake or an attack.
pub const MAX_NAME_CHARS: usize = 200;

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
        let is_initial = word.len() == 1 || !word.contains(words::VOWELS);
        let significant = !is_initial && !lists::has(lists::INSIGNIFICANT, &folded);
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

    /// The tokens that a voter is sealed under by [`Recipe::Near`](crate::Recipe::Near): those of [`Self::asked_tokens`], and of
    /// the alias the first and the last that is neither insignificant nor common, each once. At least one and at most four.
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
        let asked = unique(ends(&self.tokens, common).collect());
        let last = self.tokens.last().filter(|_| asked.is_empty());
        asked.into_iter().chain(last.map(|token| token.folded.as_str())).collect()
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

/// The first and the last token that tells people apart.
fn ends<'a>(tokens: &'a [Token], common: &CommonTokens) -> impl Iterator<Item = &'a str> {
    let distinctive = |token: &&Token| token.significant && !common.contains(&token.folded);
    let first = tokens.iter().find(distinctive);
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
mod tests;
