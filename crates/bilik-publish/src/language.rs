//! The language of messages for people: English as they stand in the source, or Indonesian by the catalogue `locales/id.toml`.
//!
//! The language belongs to the process, as a locale does: an error's text is made by `Display`, which takes no argument. A binary
//! sets it at its start; a library that never sets it gets English. What programs read stays English: [`Message`].

mod catalogue;
mod message;
mod setting;

pub use catalogue::{Catalogue, translated};
pub use message::{Count, Message};
pub(crate) use message::{message, translatable};
pub use setting::Language;

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
    fn a_library_speaks_english_unless_told() {
        assert_eq!(Language::of_messages(), Language::En);
        assert_eq!((number(1_234_567), decimal(1.25, 1)), ("1,234,567".into(), "1.2".into()));
        assert_eq!(Language::Id.localized("1,234.5"), "1.234,5");
    }
}
