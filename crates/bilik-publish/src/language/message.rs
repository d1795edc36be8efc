//! A message both for people and for programs.

use super::catalogue::translated;
use super::setting::Language;
use serde::{Serialize, Serializer};
use std::fmt::{self, Display, Write as _};

/// A text that people read in their language, and that JSON and the rejects file keep in English. `{:#}` shows the English one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    // Errors hold several of them, and are returned by value.
    english: Box<str>,
    shown: Box<str>,
}

/// A count in a [`Message`].
#[derive(Clone, Copy, Debug)]
pub struct Count(pub u64);

impl Message {
    /// A text with placeholders, `{}` in order or `{0}` by position, and their values.
    #[must_use]
    pub fn filled(english: &str, values: &[&dyn Display]) -> Self {
        let of = |value: &&dyn Display| (format!("{value:#}"), value.to_string());
        let (in_english, shown): (Vec<String>, Vec<String>) = values.iter().map(of).unzip();
        Self { english: fill(english, &in_english).into(), shown: fill(translated(english), &shown).into() }
    }

    /// The English text.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.english
    }

    /// The text in the language of messages.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

/// Puts values in the place of placeholders; one without a value stays.
fn fill(text: &str, values: &[String]) -> String {
    let (mut filled, mut rest, mut next) = (String::new(), text, 0);
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((place, after)) = after.split_once('}') else {
            rest = after;
            filled.push('{');
            continue;
        };
        let at = if place.is_empty() { Some(next) } else { place.parse::<usize>().ok() };
        next += usize::from(place.is_empty());
        match at.and_then(|at| values.get(at)) {
            Some(value) => filled.push_str(value),
            // Writing to a string cannot fail.
            None => write!(filled, "{{{place}}}").unwrap_or_default(),
        }
        rest = after;
    }
    filled + rest
}

/// A text without placeholders, by the catalogue.
impl From<&str> for Message {
    fn from(english: &str) -> Self {
        Self { english: english.into(), shown: translated(english).into() }
    }
}

/// A text that the catalogue does not have, such as another library's.
impl From<String> for Message {
    fn from(text: String) -> Self {
        Self { english: text.as_str().into(), shown: text.into() }
    }
}

impl PartialEq<&str> for Message {
    fn eq(&self, english: &&str) -> bool {
        *self.english == **english
    }
}

impl Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if f.alternate() { &self.english } else { &self.shown })
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = if f.alternate() { Language::En } else { Language::of_messages() };
        f.pad(&language.localized(&indicatif::HumanCount(self.0).to_string()))
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english)
    }
}

/// A [`Message`] from an English text with placeholders, and their values.
macro_rules! message {
    ($english:literal $(, $value:expr)* $(,)?) => {
        $crate::language::Message::filled($english, &[$(&$value),*])
    };
}
pub(crate) use message;

/// An English text that is translated where it is shown. Texts are marked so, or are arguments of the functions that make problems:
/// a test finds them there.
macro_rules! translatable {
    ($english:literal) => {
        $english
    };
}
pub(crate) use translatable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_in_order_or_by_position() {
        let values = ["a".to_owned(), "b".to_owned()];
        for (text, filled) in [("{} {}", "a b"), ("{1} {0}", "b a"), ("none", "none"), ("{} {} {}", "a b {}"), ("{x} {", "{x} {")]
        {
            assert_eq!(fill(text, &values), filled);
        }
        let inner = message!("line {}", 7);
        assert_eq!(message!("{} voters in {}", Count(1_234), inner), "1,234 voters in line 7");
    }
}
