//! Which files `election.toml` names for one part of the input. What is on the disk is looked at when they are read.

use super::text::{FilesText, InputText};
use crate::language::message;
use crate::problem::{InputProblem, ProblemKind};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::Spanned;

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
            [first, more @ ..] => f.write_str(&tr::tr!("{} and {} more", first, more.len())),
        }
    }
}

/// The input's files, and what their columns are called.
#[derive(Clone, Debug)]
pub struct InputFiles {
    /// The roll.
    pub voters: FileSet,
    /// The stations.
    pub stations: FileSet,
    /// The regions.
    pub regions: FileSet,
    /// Voters who are sealed nowhere, if there are any.
    pub withheld: Option<FileSet>,
    /// Official totals of regions, if there are any.
    pub totals: Option<FileSet>,
    /// Whom the voters of a region can ask, if regions have contacts of their own.
    pub contacts: Option<FileSet>,
    /// The names that the operator gave to columns: by the file's key, Bilik's name for the column, then the file's.
    pub columns: BTreeMap<String, BTreeMap<String, String>>,
}

impl InputFiles {
    /// The mapped column names of one file.
    pub(crate) fn columns_of(&self, key: &str) -> BTreeMap<String, String> {
        self.columns.get(key).cloned().unwrap_or_default()
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
        ("contacts", &given.contacts),
    ];
    let exist_both = |name: &str| [".csv", ".csv.gz"].iter().all(|end| dir.join(format!("{name}{end}")).exists());
    let problem = |name: &str| {
        let message = message!("{}.csv and {}.csv.gz both exist", name, name);
        InputProblem::new(ProblemKind::DoubleFile, &format!("{name}.csv"), 0, None, message)
    };
    named.into_iter().filter(|(name, given)| given.is_none() && exist_both(name)).map(|(name, _)| problem(name)).collect()
}

/// The input's files and columns. `names` gives those of one, or notes that they are invalid.
pub(super) fn input_files(
    given: InputText,
    dir: &Path,
    mut names: impl FnMut(&str, &Spanned<FilesText>) -> Option<Vec<String>>,
) -> InputFiles {
    // `voters.csv.gz` is used where there is no `voters.csv`.
    let usual = |name: &str| {
        let [plain, zipped] = [".csv", ".csv.gz"].map(|end| format!("{name}{end}"));
        if !dir.join(&plain).exists() && dir.join(&zipped).exists() { zipped } else { plain }
    };
    let mut set = |given: Option<Spanned<FilesText>>, name: &str| {
        let given = given.and_then(|given| names(name, &given));
        FileSet::new(dir, given.unwrap_or_else(|| vec![usual(name)]))
    };
    let is_there = |given: &Option<_>, name: &str| given.is_some() || dir.join(usual(name)).exists();
    let withheld = is_there(&given.withheld, "withheld");
    let totals = is_there(&given.totals, "totals");
    let contacts = is_there(&given.contacts, "contacts");
    let columns = given.columns;
    InputFiles {
        voters: set(given.voters, "voters"),
        stations: set(given.stations, "stations"),
        regions: set(given.regions, "regions"),
        withheld: withheld.then(|| set(given.withheld, "withheld")),
        totals: totals.then(|| set(given.totals, "totals")),
        contacts: contacts.then(|| set(given.contacts, "contacts")),
        columns: [
            ("voters", columns.voters.mapped()),
            ("stations", columns.stations.mapped()),
            ("regions", columns.regions.mapped()),
            ("withheld", columns.withheld.mapped()),
            ("totals", columns.totals.mapped()),
            ("contacts", columns.contacts.mapped()),
        ]
        .map(|(key, mapped)| (key.to_owned(), mapped))
        .into(),
    }
}
