//! What went wrong with a file of a site.

use crate::format::container::FormatError;
use serde::Serialize;

/// What went wrong with one file of one mirror.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The mirror's base address, or the folder.
    pub source: String,
    /// The file's path relative to the source.
    pub file: String,
    /// What went wrong, in English; never contains a voter's detail.
    pub reason: String,
    /// Whether the file was received and rejected, rather than unreachable.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// Whether the file was rejected because its format is newer than this reader.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub newer: bool,
}

impl Problem {
    /// A file that could not be fetched.
    #[must_use]
    pub fn unreachable(source: &str, file: &str, reason: impl Into<String>) -> Self {
        Self { source: source.to_owned(), file: file.to_owned(), reason: reason.into(), refused: false, newer: false }
    }

    /// A file that was received and rejected.
    #[must_use]
    pub fn refused(source: &str, file: &str, error: &FormatError) -> Self {
        let newer = error.is_newer_version();
        Self { refused: true, newer, ..Self::unreachable(source, file, error.to_string()) }
    }
}

/// A file that is needed could not be fetched from any mirror, or was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable(pub Vec<Problem>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_format_version_that_is_yet_to_come_makes_the_page_too_old() {
        let newer = |error: &FormatError| Problem::refused("memory", "head.bilik", error).newer;
        assert!(newer(&FormatError::Version(2)) && newer(&FormatError::Version(255)));
        assert!(!newer(&FormatError::Version(0)) && !newer(&FormatError::Magic) && !newer(&FormatError::Election));
    }
}
