//! Errors of files and folders: each names its path.

use crate::language::translated;
use std::io;
use std::path::{Path, PathBuf};

/// A file or folder that could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}: {cause}{}{}", path.display(), translated(action), if advice.is_empty() { "" } else { ". " }, translated(advice))]
pub struct IoError {
    /// Which one.
    pub path: PathBuf,
    /// What could not be done with it.
    pub action: &'static str,
    /// What the operating system says.
    pub cause: io::Error,
    /// What was expected and how to fix it; empty where the cause says enough.
    pub advice: &'static str,
}

impl IoError {
    /// For `map_err`.
    pub(crate) fn at(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        Self::advising(path, action, "")
    }

    /// The same with advice.
    pub(crate) fn advising(path: &Path, action: &'static str, advice: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self { path: path.to_owned(), action, cause, advice }
    }
}
