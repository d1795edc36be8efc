//! The language of messages for people: English as they stand in the source, or Indonesian by the catalogue `locales/id.toml`.
//!
//! The language belongs to the process, as a locale does: an error's text is made by `Display`, which takes no argument. A binary
//! sets it once, at its start; a library that never sets it gets English. What programs read stays English: [`Message`].

mod catalogue;
mod message;

pub use catalogue::{Catalogue, translated};
pub use message::{Count, Message};
pub(crate) use message::{message, translatable};

use serde::Serialize;
use std::sync::OnceLock;

/// A language of pages and messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

static OF_MESSAGES: OnceLock<Language> = OnceLock::new();

impl Language {
    /// Its code, for `lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language that a locale's name such as `id_ID.UTF-8` asks for: Indonesian, or else English.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        // `in` is its code of before 1989, which some systems keep.
        if ["id", "in", "ind", "indonesian"].iter().any(|code| name.eq_ignore_ascii_case(code)) { Self::Id } else { Self::En }
    }

    /// English digits in this language: Indonesian exchanges comma and point.
    #[must_use]
    pub fn localized(self, english: &str) -> String {
        let swap = |c| match c {
            ',' => '.',
            '.' => ',',
            other => other,
        };
        match self {
            Self::En => english.to_owned(),
            Self::Id => english.chars().map(swap).collect(),
        }
    }

    /// Sets the language of this crate's messages. It stays as it was first set.
    pub fn set_for_messages(self) {
        if OF_MESSAGES.set(self).is_ok() && self == Self::Id {
            tr::set_translator!(Catalogue);
        }
    }

    /// The language of messages.
    #[must_use]
    pub fn of_messages() -> Self {
        OF_MESSAGES.get().copied().unwrap_or(Self::En)
    }
}

/// A count in a message.
#[must_use]
pub fn number(count: u64) -> String {
    Language::of_messages().localized(&indicatif::HumanCount(count).to_string())
}

/// The number of things in memory in a message.
#[must_use]
pub fn number_len(length: usize) -> String {
    number(u64::try_from(length).unwrap_or(u64::MAX))
}

/// A number with some decimals in a message.
#[must_use]
pub fn decimal(value: f64, decimals: usize) -> String {
    Language::of_messages().localized(&format!("{value:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language() {
        for locale in ["id", "id_ID", "id_ID.UTF-8", "in_ID", "ID", "id-ID", "id@x"] {
            assert_eq!(Language::of_locale(locale), Language::Id, "{locale}");
        }
        for locale in ["", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "idle", "jv_ID"] {
            assert_eq!(Language::of_locale(locale), Language::En, "{locale}");
        }
    }

    #[test]
    fn a_library_speaks_english_unless_told() {
        assert_eq!(Language::of_messages(), Language::En);
        assert_eq!((number(1_234_567), decimal(1.25, 1)), ("1,234,567".into(), "1.2".into()));
        assert_eq!(Language::Id.localized("1,234.5"), "1.234,5");
    }
}
