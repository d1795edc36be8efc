//! Reads `[rights]`.

use super::read::ConfigReader;
use super::rights::Rights;
use super::text::RightsText;
use super::values::filled;
use crate::app::languages;
use crate::language::message;
use std::collections::BTreeMap;
use toml::Spanned;

/// Every visitor loads these texts.
const MAX_CHARS: usize = 600;

impl ConfigReader<'_> {
    pub(super) fn rights(&mut self, given: &BTreeMap<Spanned<String>, RightsText>) -> Rights {
        let mut rights = Rights::new();
        let known = if given.is_empty() { Vec::new() } else { languages() };
        for (language, texts) in given {
            let is_known = |code: &String| known.contains(code).then(|| code.clone());
            let expected = message!("a language of the page: {}", known.join(", "));
            let Some(code) = self.fitting("rights", language, is_known, expected) else { continue };
            let texts = [("dpt", &texts.dpt), ("dptb", &texts.dptb), ("dpk", &texts.dpk)];
            let read = texts.into_iter().filter_map(|(list, text)| Some((list.to_owned(), self.right(list, text.as_ref()?)?)));
            let read: BTreeMap<String, String> = read.collect();
            if !read.is_empty() {
                rights.insert(code, read);
            }
        }
        rights
    }

    fn right(&mut self, list: &str, given: &Spanned<String>) -> Option<String> {
        let fits = |text: &String| filled(text).filter(|text| text.chars().count() <= MAX_CHARS && has_known_slots(text));
        let expected = message!("up to {} characters, with no braces but those of hours and last", MAX_CHARS);
        self.fitting(list, given, fits, expected)
    }
}

/// Whether all that is in braces is filled in by the page.
fn has_known_slots(text: &str) -> bool {
    let rest = text.replace("{hours}", "").replace("{last}", "");
    !rest.contains(['{', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slots_that_the_page_fills_in_are_known() {
        assert!(has_known_slots("Pukul {hours}, jam terakhir {last}") && has_known_slots("KTP-el"));
        for text in ["{hour}", "{hours", "last}", "{}", "{{hours}}"] {
            assert!(!has_known_slots(text), "{text}");
        }
    }
}
