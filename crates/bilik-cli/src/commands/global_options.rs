//! The options of every command.

use bilik_publish::language::Language;
use clap::ValueEnum;
use std::ffi::OsString;

/// What every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct GlobalOptions {
    /// The language of help and messages, and of the page of `bilik report` [default: by `LC_ALL`, `LC_MESSAGES` or `LANG`]
    #[arg(long, global = true, value_name = "LANGUAGE", value_enum)]
    pub lang: Option<LanguageChoice>,
    /// Print errors, warnings and what was asked for only: no progress, no summary, no advice on the next step
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// A language as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LanguageChoice {
    /// Indonesian
    Id,
    /// English
    En,
}

impl From<LanguageChoice> for Language {
    fn from(choice: LanguageChoice) -> Self {
        match choice {
            LanguageChoice::Id => Self::Id,
            LanguageChoice::En => Self::En,
        }
    }
}

/// The language that a command line asks for, or else the locale. It is needed before the line is parsed, for its help and errors;
/// any other value is refused later.
pub(super) fn language(arguments: &[OsString], locale: impl Fn(&str) -> Option<OsString>) -> Language {
    let mut texts = arguments.iter().skip(1).map(|argument| argument.to_string_lossy()).take_while(|argument| argument != "--");
    while let Some(argument) = texts.next() {
        let value = match argument.strip_prefix("--lang") {
            Some("") => texts.next().map(std::borrow::Cow::into_owned),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(choice) = value.and_then(|value| LanguageChoice::from_str(&value, false).ok()) {
            return choice.into();
        }
    }
    // As POSIX has it: the first that is set and not empty.
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(locale).find(|value| !value.is_empty());
    set.map_or(Language::En, |value| Language::of_locale(&value.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_comes_before_the_locale_and_the_first_variable_before_the_others() {
        let ask = |line: &str, set: &[(&str, &str)]| {
            let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            language(&arguments, |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)))
        };
        assert_eq!(ask("bilik check x", &[]), Language::En);
        assert_eq!(ask("bilik check x", &[("LANG", "id_ID.UTF-8")]), Language::Id);
        assert_eq!(ask("bilik check x", &[("LANG", "id_ID.UTF-8"), ("LC_ALL", "C")]), Language::En);
        assert_eq!(ask("bilik check x", &[("LANG", "en_US"), ("LC_MESSAGES", "id"), ("LC_ALL", "")]), Language::Id);
        assert_eq!(ask("bilik --lang id check x", &[("LANG", "en_US")]), Language::Id);
        assert_eq!(ask("bilik check x --lang=en", &[("LANG", "id")]), Language::En);
        assert_eq!(ask("bilik check -- --lang id", &[]), Language::En);
        assert_eq!(ask("bilik check --language id --lang xx", &[]), Language::En);
    }
}
