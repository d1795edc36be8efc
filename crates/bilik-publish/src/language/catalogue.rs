//! The catalogue: each English message with its Indonesian one.

use super::setting::{IS_INDONESIAN, Language};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::sync::atomic::Ordering;

/// A text without a translation stays English, and so does every text if the file is broken; tests refuse both.
static INDONESIAN: LazyLock<HashMap<String, String>> = LazyLock::new(|| Catalogue::read().unwrap_or_default());

/// The Indonesian catalogue: what `tr!` asks, for each crate that calls it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Catalogue;

impl Catalogue {
    /// The file: English messages and their translations.
    ///
    /// # Errors
    /// When it is not a table of texts in TOML, or names a message twice.
    pub fn read() -> Result<HashMap<String, String>, toml::de::Error> {
        toml::from_str(include_str!("../../locales/id.toml"))
    }
}

impl Language {
    /// Sets the language of this crate's messages.
    pub fn set_for_messages(self) {
        IS_INDONESIAN.store(self == Self::Id, Ordering::Relaxed);
        match self {
            Self::Id => tr::set_translator!(Catalogue),
            Self::En => tr::unset_translator!(),
        }
    }
}

impl tr::Translator for Catalogue {
    fn translate<'a>(&'a self, english: &'a str, _: Option<&'a str>) -> Cow<'a, str> {
        Cow::Borrowed(INDONESIAN.get(english).map_or(english, String::as_str))
    }

    /// Indonesian has one form for every number, under the English plural.
    fn ntranslate<'a>(&'a self, _: u64, _: &'a str, plural: &'a str, context: Option<&'a str>) -> Cow<'a, str> {
        self.translate(plural, context)
    }
}

/// A text without placeholders that a table or an argument holds, in the language of messages.
#[must_use]
pub fn translated(english: &str) -> &str {
    match Language::of_messages() {
        Language::En => english,
        Language::Id => INDONESIAN.get(english).map_or(english, String::as_str),
    }
}
