//! Types of files: which of them browsers insist on.

use super::finding::{Finding, described};

/// All that scripts may be called (MIME Sniffing standard).
const JAVASCRIPT: [&str; 16] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// What a browser takes a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    Page,
    Script,
    Style,
    Module,
    Data,
}

pub(super) fn is_javascript(kind: &str) -> bool {
    JAVASCRIPT.contains(&kind.trim().to_ascii_lowercase().as_str())
}

/// The type in a header, without parameters. Of several the last one counts.
pub(super) fn essence(text: Option<&str>) -> String {
    let last = text.unwrap_or_default().rsplit(',').find(|part| part.contains('/')).or(text).unwrap_or_default();
    last.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// What a browser makes of a file with that `Content-Type`; with `nosniff` it does not guess.
pub(super) fn judged(media: Media, content_type: Option<&str>, nosniff: bool) -> Option<Finding> {
    let kind = essence(content_type);
    let is = described("Content-Type", Some(&kind));
    match media {
        // Module scripts and service workers need one; a plain script may have none, which is not worth a rule of its own.
        Media::Script if !is_javascript(&kind) => {
            Some(Finding::Problem(format!("{is}: browsers do not run scripts of this type. Fix: send text/javascript")))
        }
        // Without a type it is guessed, unless that is forbidden; another type is refused by every page with a doctype.
        Media::Style if kind != "text/css" && (nosniff || !kind.is_empty()) => {
            Some(Finding::Problem(format!("{is}: browsers do not apply styles of this type. Fix: send text/css")))
        }
        Media::Page if kind != "text/html" && (nosniff || !kind.is_empty()) => {
            Some(Finding::Problem(format!("{is}: browsers do not show pages of this type. Fix: send text/html")))
        }
        Media::Page if kind.is_empty() => {
            Some(Finding::Advice("Content-Type", "it is missing, so browsers guess; send text/html; charset=utf-8".into()))
        }
        Media::Module if kind != "application/wasm" => Some(Finding::Advice(
            "Content-Type",
            "it is not application/wasm, so browsers cannot compile the module while it loads".into(),
        )),
        Media::Data if kind.starts_with("text/") => Some(Finding::Advice(
            "Content-Type",
            "sealed data is not text; send application/octet-stream, so that nothing on the way converts it".into(),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_problem(media: Media, content_type: Option<&str>, nosniff: bool) -> Option<bool> {
        judged(media, content_type, nosniff).map(|finding| matches!(finding, Finding::Problem(_)))
    }

    #[test]
    fn a_script_needs_a_type_of_scripts() {
        for kind in
            ["text/javascript", "Application/JavaScript; charset=utf-8", "text/x-ecmascript", "text/plain, text/javascript"]
        {
            assert_eq!(is_problem(Media::Script, Some(kind), true), None, "{kind}");
        }
        for kind in [None, Some(""), Some("text/plain"), Some("application/octet-stream"), Some("text/html; x=text/javascript")] {
            assert_eq!(is_problem(Media::Script, kind, false), Some(true), "{kind:?}");
        }
    }

    #[test]
    fn a_style_or_a_page_may_have_no_type_where_guessing_is_allowed() {
        for (media, right) in [(Media::Style, "text/css"), (Media::Page, "text/html; charset=utf-8")] {
            assert_eq!(is_problem(media, Some(right), true), None);
            assert_eq!(is_problem(media, Some("text/plain"), false), Some(true));
            assert_eq!(is_problem(media, None, true), Some(true));
        }
        assert_eq!(is_problem(Media::Style, None, false), None);
        assert_eq!(is_problem(Media::Page, None, false), Some(false));
    }

    #[test]
    fn the_module_and_data_are_read_whatever_their_type_is() {
        assert_eq!(is_problem(Media::Module, Some("application/wasm"), true), None);
        assert_eq!(is_problem(Media::Module, Some("text/html"), true), Some(false));
        assert_eq!(is_problem(Media::Data, Some("application/octet-stream"), true), None);
        assert_eq!(is_problem(Media::Data, Some("text/plain"), true), Some(false));
    }
}
