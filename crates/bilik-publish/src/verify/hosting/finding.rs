//! What a rule says of an answer.

/// What a rule says of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Something keeps people from an answer.
    Problem(String),
    /// It works and could be better: the header, and what is and what is recommended.
    Advice(&'static str, String),
}

/// A header as sentences name it.
pub(super) fn described(what: &str, value: Option<&str>) -> String {
    match value {
        None | Some("") => format!("{what} is missing"),
        Some(value) => format!("{what} is `{}`", printable(value)),
    }
}

/// What a host sends, for a terminal: on one line, without control characters, and not too long.
pub(super) fn printable(text: &str) -> String {
    const MAX_CHARS: usize = 160;
    let shown = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    let mut line: String = text.chars().take(MAX_CHARS).map(shown).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        line.push('…');
    }
    line
}
