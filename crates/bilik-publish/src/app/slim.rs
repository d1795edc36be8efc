//! What only people who work on the page read is not sent to those who use it: comments and empty lines, a quarter of its
//! bytes. Nothing else is touched: what a browser shows of the page's source is the source that stands in `www/`.

use std::path::Path;

/// Whether this is a script, a style sheet or the words of the page.
pub(super) fn is_for(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    !name.starts_with("pkg/") && matches!(extension, Some("js" | "css" | "json"))
}

/// The text without the comments that begin a line, and without empty lines.
///
/// It knows no syntax: it relies on no line of a text in backticks looking like a comment or being empty, which a test looks
/// after. Spaces at the start of such a line are lost.
pub(super) fn slim(text: &str) -> String {
    let mut slimmed = String::with_capacity(text.len());
    let mut is_comment = false;
    for line in text.lines() {
        let mut rest = line.trim();
        let starts = !is_comment && rest.starts_with("/*");
        if is_comment || starts {
            let from = if starts { rest.get(2..).unwrap_or_default() } else { rest };
            let after = from.split_once("*/").map(|(_, after)| after);
            is_comment = after.is_none();
            rest = after.unwrap_or_default().trim_start();
        } else if rest.starts_with("//") {
            rest = "";
        }
        if !rest.is_empty() {
            slimmed.push_str(rest);
            slimmed.push('\n');
        }
    }
    slimmed
}

/// A page without the spaces that begin its lines. None of ours has preformatted text.
pub(super) fn trim(page: &str) -> String {
    page.lines().map(str::trim).filter(|line| !line.is_empty()).fold(String::new(), |page, line| page + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::super::Www;
    use super::*;

    #[test]
    fn comments_at_the_start_of_a_line_go_and_code_stays() {
        let text = "/** What it is. */\n/// <reference path=\"x\" />\nconst a = 1; // stays\n\n  /*\n   * b\n   */\n  \
                    /** @type {any} */ const c = 'http://x/*y*/';\nconst d = /** @type {any} */ (e);\n  } // */\n";
        assert_eq!(slim(text), "const a = 1; // stays\nconst c = 'http://x/*y*/';\nconst d = /** @type {any} */ (e);\n} // */\n");
    }

    #[test]
    fn every_line_of_a_text_in_backticks_stays() {
        for name in Www::iter().filter(|name| is_for(name)) {
            let file = Www::get(&name).unwrap();
            let text = std::str::from_utf8(&file.data).unwrap();
            let mut is_inside = false;
            for line in text.lines() {
                assert!(!is_inside || slim(line).trim_end() == line.trim(), "{name}: {line}");
                let is_comment = slim(line).is_empty() || line.trim_start().starts_with('*');
                is_inside ^= !is_comment && line.matches('`').count() % 2 == 1;
            }
            assert!(!is_inside, "{name}");
        }
    }
}
