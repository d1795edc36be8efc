//! Which files `election.toml` names for one part of the input. What is on the disk is looked at when they are read.

use std::fmt;
use std::path::{Path, PathBuf};

/// Files, folders and patterns such as `dpt/*.csv`, relative to the election folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSet {
    dir: PathBuf,
    given: Vec<String>,
}

impl FileSet {
    /// Names in an election folder, in the order of reading.
    #[must_use]
    pub fn new(dir: &Path, given: Vec<String>) -> Self {
        Self { dir: dir.to_owned(), given }
    }

    /// The election folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The names, as given.
    #[must_use]
    pub fn given(&self) -> &[String] {
        &self.given
    }
}

/// For messages about all of them.
impl fmt::Display for FileSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.given.as_slice() {
            [] => Ok(()),
            [one] => write!(f, "{one}"),
            [first, more @ ..] => write!(f, "{first} and {} more", more.len()),
        }
    }
}
