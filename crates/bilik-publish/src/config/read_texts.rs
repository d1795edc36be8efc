//! Refuses texts that pages and terminals would obey rather than show: settings go to pages, packs and manifests as they are.

use super::read::ConfigReader;
use crate::language::{message, translatable};
use crate::sinks::is_command;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

impl ConfigReader<'_> {
    /// Looks at every text of the file, whatever setting it is of.
    pub(super) fn refuse_commands(&mut self, text: &str) {
        if let Ok(table) = DeTable::parse(text) {
            self.commands_in_table("", table.get_ref());
        }
    }

    fn commands_in_table(&mut self, above: &str, table: &DeTable) {
        for (key, value) in table {
            let key = key.get_ref();
            self.commands_in(&if above.is_empty() { key.to_string() } else { format!("{above}.{key}") }, value);
        }
    }

    fn commands_in(&mut self, setting: &str, given: &Spanned<DeValue>) {
        match given.get_ref() {
            DeValue::String(text) => {
                // Ends of lines around a text are cut off.
                let Some(command) = text.trim().chars().find(|c| is_command(*c)) else { return };
                let message = message!("`{}` contains the character {}", setting, format!("U+{:04X}", u32::from(command)));
                let expected = translatable!("text in one line, without control characters and those that change its direction");
                self.fault(Some(given.span().start), message, expected, "remove the character, or type the text again");
            }
            DeValue::Array(values) => values.iter().for_each(|value| self.commands_in(setting, value)),
            DeValue::Table(table) => self.commands_in_table(setting, table),
            _ => {}
        }
    }
}
