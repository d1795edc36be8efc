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
}

impl Problem {
    /// A file that could not be fetched.
    #[must_use]
    pub fn unreachable(source: &str, file: &str, reason: impl Into<String>) -> Self {
        Self { source: source.to_owned(), file: file.to_owned(), reason: reason.into(), refused: false }
    }

    /// A file that was received and rejected.
    #[must_use]
    pub fn refused(source: &str, file: &str, error: &FormatError) -> Self {
        Self { source: source.to_owned(), file: file.to_owned(), reason: error.to_string(), refused: true }
    }
}

/// A file that is needed could not be fetched from any mirror, or was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable(pub Vec<Problem>);
