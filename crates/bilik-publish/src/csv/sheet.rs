//! The columns of a file: those that Bilik wants, and where they are.

use crate::config::FileSet;
use std::collections::BTreeMap;

/// Names of columns in other people's files, by Bilik's name.
pub(crate) type Aliases = &'static [(&'static str, &'static [&'static str])];

/// What a file's columns are called in Bilik.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet {
    /// Its key in election.toml.
    pub key: &'static str,
    /// Columns that must be there.
    pub needed: &'static [&'static str],
    /// Columns that may be there.
    pub optional: &'static [&'static str],
    /// Other names that can only mean a column, as their letters and digits in lower case.
    pub aliases: Aliases,
}

impl Sheet {
    /// All columns, the needed ones first.
    pub(super) fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.needed.iter().chain(self.optional).copied()
    }

    /// Other names of a column.
    pub(super) fn aliases_of(&self, column: &str) -> &'static [&'static str] {
        self.aliases.iter().find(|(name, _)| *name == column).map_or(&[], |(_, aliases)| aliases)
    }

    /// A column by its name, for all files of the same kind.
    pub(super) fn column(&self, name: &str) -> Column {
        Column(self.columns().position(|column| column == name).unwrap_or(usize::MAX))
    }
}

/// The names that an operator gave to columns: Bilik's name, then the file's.
pub(crate) type Mapped = BTreeMap<String, String>;

/// One of a [`Sheet`]'s columns, wherever the file at hand has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column(pub(super) usize);

/// Where one file has a column.
#[derive(Clone, Debug)]
pub(super) struct Located {
    /// None where the file lacks it.
    pub at: Option<usize>,
    /// Its name as the file has it.
    pub name: String,
}

/// The name of the files of one part of the input, for messages about all of them.
pub(crate) fn file_name(files: &FileSet) -> String {
    files.to_string()
}
