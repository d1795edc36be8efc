//! Reads `help_phone`.

use super::read::ConfigReader;
use super::values::filled;
use crate::language::message;
use crate::phone::{self, MAX_PHONE_CHARS};
use toml::Spanned;

impl ConfigReader<'_> {
    /// Empty is none.
    pub(super) fn help_phone(&mut self, given: &Spanned<String>) -> Option<String> {
        let text = filled(given.get_ref())?;
        let fits = |_: &String| phone::fits(&text).then(|| text.clone());
        self.fitting("help_phone", given, fits, message!("a telephone number of at most {} characters", MAX_PHONE_CHARS))
    }
}
