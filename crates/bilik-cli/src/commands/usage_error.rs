//! What is wrong with a command line, in the language of messages. clap's own words are English and cannot be replaced.

use bilik_publish::language::Language;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use tr::tr;

/// What clap found, or `None` where its own words are right: in English, for help, and for what has no translation.
pub(super) fn in_words(error: &clap::Error) -> Option<String> {
    if Language::of_messages() == Language::En || !error.use_stderr() {
        return None;
    }
    let problem = problem(error)?;
    let mut text = tr!("error: {}", problem);
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue] {
        if let Some(similar) = value(error, kind) {
            text.push_str("\n\n  ");
            text.push_str(&tr!("did you mean '{}'?", similar));
        }
    }
    let hint = tr!("For more information, try '--help'.");
    Some(format!("{text}\n\n{hint}\n"))
}

fn problem(error: &clap::Error) -> Option<String> {
    let argument = value(error, ContextKind::InvalidArg);
    let given = value(error, ContextKind::InvalidValue);
    match (error.kind(), argument, given) {
        (ErrorKind::InvalidSubcommand, ..) => {
            let command = value(error, ContextKind::InvalidSubcommand)?;
            Some(tr!("unknown command '{}'", command))
        }
        (ErrorKind::UnknownArgument, Some(argument), _) => Some(tr!("unexpected argument '{}'", argument)),
        (ErrorKind::MissingRequiredArgument, Some(arguments), _) => Some(tr!("these arguments are missing: {}", arguments)),
        (ErrorKind::ArgumentConflict, Some(argument), _) => Some(match value(error, ContextKind::PriorArg) {
            Some(other) if other != argument => tr!("'{}' cannot be used with {}", argument, other),
            _ => tr!("'{}' cannot be given more than once", argument),
        }),
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(argument), Some(given)) if given.is_empty() => {
            Some(tr!("'{}' needs a value", argument))
        }
        (ErrorKind::InvalidValue, Some(argument), Some(given)) => {
            let valid = value(error, ContextKind::ValidValue).unwrap_or_default();
            Some(tr!("invalid value '{}' for '{}'. Expected: {}", given, argument, valid))
        }
        (ErrorKind::ValueValidation, Some(argument), Some(given)) => Some(match error.source() {
            Some(why) => tr!("invalid value '{}' for '{}': {}", given, argument, why),
            None => tr!("invalid value '{}' for '{}'", given, argument),
        }),
        (ErrorKind::TooManyValues, Some(argument), Some(given)) => {
            Some(tr!("'{}' does not take the value '{}'", argument, given))
        }
        _ => None,
    }
}

fn value(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        _ => None,
    }
}
