//! The columns of a file: those that Bilik wants, and where they are.

use std::collections::BTreeMap;
use std::path::Path;

/// What a file's columns are called in Bilik.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet {
    /// Its key in election.toml.
    pub key: &'static str,
    /// Columns that must be there.
    pub needed: &'static [&'static str],
    /// Columns that may be there.
    pub optional: &'static [&'static str],
}

/// The names that an operator gave to columns: Bilik's name, then the file's.
pub(crate) type Mapped = BTreeMap<String, String>;

/// One column of a file.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(super) at: usize,
    /// Its name as the file has it.
    pub name: String,
}

/// A file's name without its folder, for messages.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
