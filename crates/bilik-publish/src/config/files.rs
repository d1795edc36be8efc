//! Which files `election.toml` names for one part of the input. What is on the disk is looked at when they are read.

use super::text::InputText;
use crate::problem::{InputProblem, ProblemKind};
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

/// Files that exist both plain and compressed: which one is current is unknown.
pub(super) fn plain_and_compressed(given: &InputText, dir: &Path) -> Vec<InputProblem> {
    let named = [
        ("voters", &given.voters),
        ("stations", &given.stations),
        ("regions", &given.regions),
        ("withheld", &given.withheld),
        ("totals", &given.totals),
    ];
    let exist_both = |name: &str| [".csv", ".csv.gz"].iter().all(|end| dir.join(format!("{name}{end}")).exists());
    let problem = |name: &str| {
        let message = format!("{name}.csv and {name}.csv.gz both exist");
        InputProblem::new(ProblemKind::DoubleFile, &format!("{name}.csv"), 0, None, message)
    };
    named.into_iter().filter(|(name, given)| given.is_none() && exist_both(name)).map(|(name, _)| problem(name)).collect()
}
