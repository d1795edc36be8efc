//! An election folder that is checked in this process.

use crate::election::Election;
use crate::files::names_in;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::input::Input;
use bilik_publish::partition::{self, Checked, PartitionError};
use bilik_publish::problem::{InputProblem, ProblemKind, Report, Unreadable};
use bilik_publish::progress::Silent;
use bilik_publish::rejects::Rejects;
use bilik_publish::roll::Voter;
use std::fs;
use std::path::Path;
use std::rc::Rc;
use tempfile::TempDir;

/// An election folder, removed at the end.
pub struct Folder(Rc<TempDir>);

/// What checking it came to.
pub struct CheckResult {
    /// All problems.
    pub report: Report,
    /// The voters that are left, or what stopped everything.
    pub result: Result<Checked, PartitionError>,
    /// Keeps the folder as long as its partition is read.
    _folder: Rc<TempDir>,
}

impl Folder {
    /// An election in a folder of its own.
    pub fn of(election: &Election) -> Self {
        let folder = Self(Rc::new(tempfile::tempdir().unwrap()));
        election.write(folder.path());
        folder
    }

    /// The sample without a fault.
    pub fn new() -> Self {
        Election::sample().folder()
    }

    /// The sample with another file.
    pub fn with(name: &str, text: impl AsRef<[u8]>) -> Self {
        Election::sample().with(name, text).folder()
    }

    /// The same with one more file, or another one.
    pub fn and(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.put(name, text);
        self
    }

    /// Writes a file, in a folder of its own if it names one.
    pub fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The text of a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// The names of what is in it, sorted.
    pub fn names(&self) -> Vec<String> {
        names_in(self.path())
    }

    /// The input as the build sees it.
    pub fn input(&self) -> Input {
        Input::load(self.path(), &mut Report::new(), &mut Rejects::nowhere()).unwrap()
    }

    /// Checks it as `build` does: with a rejects file.
    pub fn check(&self) -> CheckResult {
        let (mut report, mut rejects) = (Report::new(), Rejects::new(self.path()));
        let cancel = CancellationToken::new();
        let result = Input::load(self.path(), &mut report, &mut rejects)
            .map_err(PartitionError::from)
            .and_then(|input| partition::check(&input, self.path(), &mut report, &mut rejects, &Silent, &cancel));
        if result.is_ok() {
            rejects.finish().unwrap();
        }
        CheckResult { report, result, _folder: Rc::clone(&self.0) }
    }

    /// The problems that stopped everything.
    pub fn fatal(&self) -> Vec<InputProblem> {
        match self.check().result {
            Err(PartitionError::Unreadable(Unreadable(problems))) => problems,
            other => panic!("it should not be readable: {other:?}"),
        }
    }
}

impl CheckResult {
    /// All voters that are left, by line.
    pub fn voters(&self) -> Vec<Voter> {
        let partition = &self.result.as_ref().unwrap().partition;
        let bins = (0..partition.bin_count()).flat_map(|bin| partition.read(bin).unwrap());
        let mut voters: Vec<Voter> = bins.flat_map(|(_, voters)| voters).collect();
        voters.sort_by_key(|voter| voter.line);
        voters
    }

    /// The lines of all voters that are left.
    pub fn lines(&self) -> Vec<u64> {
        self.voters().iter().map(|voter| voter.line.number()).collect()
    }

    /// Kind, line and column of each problem.
    pub fn places(&self) -> Vec<(ProblemKind, u64, String)> {
        let place = |problem: &&InputProblem| (problem.kind, problem.line, problem.column.clone().unwrap_or_default());
        self.report.problems().iter().map(place).collect()
    }

    /// Fails where anything is reported.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(self.report.counts().is_empty(), "{}", self.report);
        assert!(self.result.is_ok(), "{:?}", self.result);
    }
}
