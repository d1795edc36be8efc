//! The languages, and the one of messages.

use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// Whether messages are in Indonesian; `set_for_messages` sets it together with the translator.
pub(super) static IS_INDONESIAN: AtomicBool = AtomicBool::new(false);

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

    /// The language of messages.
    #[must_use]
    pub fn of_messages() -> Self {
        if IS_INDONESIAN.load(Ordering::Relaxed) { Self::Id } else { Self::En }
    }
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
}
