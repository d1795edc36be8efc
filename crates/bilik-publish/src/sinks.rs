//! Texts from outside (an operator's cells, a host's headers, names of places and elections) on their way out: one encoder for each
//! place that they go to. What a file or a host sends must not steer a terminal, run in a spreadsheet, or turn the text around it.
//!
//! | place | encoder |
//! |---|---|
//! | a terminal, a log | [`for_terminal`] |
//! | JSON | [`for_json`] |
//! | a cell of a CSV file for people | [`for_spreadsheet`] |
//! | a page, whose template escapes HTML | [`for_page`] |

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is obeyed rather than shown: a control character, or one that changes the direction or the lines of the text
/// around it (Unicode's `Bidi_Control`, and the separators of lines and paragraphs).
pub(crate) fn is_command(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same text with such characters written as `\u{1b}`; ends of lines and tabs stay.
#[must_use]
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_command(c) && !matches!(c, '\n' | '\t'), |c, out| out.extend(c.escape_unicode()))
}

/// The same JSON with such characters escaped. They are in its strings only, as JSON has no others than ends of lines elsewhere.
#[must_use]
pub fn for_json(json: &str) -> Cow<'_, str> {
    escaped(
        json,
        |c| is_command(c) && c != '\n',
        |c, out| {
            // All of them are below U+10000.
            let _: std::fmt::Result = write!(out, "\\u{:04x}", u32::from(c));
        },
    )
}

/// The same text without such characters.
#[must_use]
pub fn for_page(text: &str) -> String {
    text.chars().filter(|c| !is_command(*c)).collect()
}

/// A cell that no spreadsheet takes for a formula: with an apostrophe before what could begin one.
#[must_use]
pub fn for_spreadsheet(cell: &[u8]) -> Cow<'_, [u8]> {
    match cell.first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n') => [b"'", cell].concat().into(),
        _ => cell.into(),
    }
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool, escape: impl Fn(char, &mut String)) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_escaped(c) { escape(c, &mut out) } else { out.push(c) }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Unicode's `Bidi_Control`, and the separators: written out a second time, from the standard.
    const STEERING: [u32; 14] =
        [0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069];

    fn is_steering(c: char) -> bool {
        matches!(u32::from(c), 0..=0x1f | 0x7f..=0x9f) || STEERING.contains(&u32::from(c))
    }

    #[test]
    fn of_all_of_unicode_each_sink_lets_through_what_is_shown_and_nothing_that_is_obeyed() {
        for c in '\0'..=char::MAX {
            let text = format!("a{c}b");
            let terminal = for_terminal(&text);
            let json = serde_json::to_string(&text).unwrap();
            let json = for_json(&json);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text, "U+{:04X}", u32::from(c));
            if is_steering(c) {
                assert_eq!(for_page(&text), "ab", "U+{:04X}", u32::from(c));
                let is_kept = matches!(c, '\n' | '\t');
                assert_eq!(terminal.contains(c), is_kept, "U+{:04X}", u32::from(c));
                assert!(is_kept || terminal == format!("a\\u{{{:x}}}b", u32::from(c)), "{terminal}");
                assert!(!json.contains(c), "U+{:04X}: {json}", u32::from(c));
            } else {
                assert_eq!((&*terminal, for_page(&text)), (&*text, text.clone()), "U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn cells_that_could_be_formulas_begin_with_an_apostrophe() {
        for cell in ["=HYPERLINK(\"https://a.example\")", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(*for_spreadsheet(cell.as_bytes()), *format!("'{cell}").as_bytes());
        }
        for cell in ["", "Budi", "3901", "a=1", "'=1"] {
            assert_eq!(*for_spreadsheet(cell.as_bytes()), *cell.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn whatever_the_text_no_sink_lets_a_command_through(text: String, steering in prop::collection::vec(0..80_usize, 0..8)) {
            let commands: Vec<char> = ('\0'..='\u{2069}').filter(|c| is_steering(*c)).collect();
            let text: String = steering.iter().map(|at| commands[at % commands.len()]).chain(text.chars()).collect();
            let kept = |c: char| is_steering(c) && !matches!(c, '\n' | '\t');
            prop_assert!(!for_terminal(&text).contains(kept));
            prop_assert!(!for_page(&text).contains(is_steering));
            let json = serde_json::to_string_pretty(&[&text]).unwrap();
            let encoded = for_json(&json);
            prop_assert!(!encoded.contains(kept));
            prop_assert_eq!(serde_json::from_str::<[String; 1]>(&encoded).unwrap(), [text]);
        }
    }
}
