//! `bilik check`, and what `build` starts with: an election folder read from end to end.

// Tests may fail loudly; clippy.toml says so for the tests themselves, and this for what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cli;
mod inputs;
mod kinds;
mod mess;
mod plans;
mod rolls;
mod scratch;

use bilik_publish::input::{Input, Silent};
use bilik_publish::partition::{self, Checked};
use bilik_publish::problem::{Kind, Problem, Report};
use bilik_publish::roll::{Rejects, Voter};
use std::fs;
use std::path::Path;
use std::rc::Rc;
use tempfile::TempDir;

const ELECTION: &str = "id = \"uji\"\nname = \"Uji\"\nday = \"2029-02-14\"\nopens = \"07:00\"\ncloses = \"13:00\"\ndemo = true\n";
const REGIONS: &str = "code,name\n32,Jawa Barat\n32.01,Bogor\n32.01.01,Cibinong\n32.01.01.2001,Satu\n32.01.01.2002,Dua\n";
const STATIONS: &str = "id,village,number,venue,address,lat,lon\n\
    A1,3201012001,1,SD 1,Jl. 1,-6.481,106.841\n\
    A2,3201012001,2,SD 2,Jl. 2,-6.482,106.842\n\
    A3,3201012001,3,SD 3,Jl. 3,-6.483,106.843\n\
    A4,3201012001,4,SD 4,Jl. 4,-6.484,106.844\n\
    B1,3201012002,1,SD 5,Jl. 5,-6.485,106.845\n";
const VOTERS: &str = "nik,name,station\n3201010101900001,Budi Santoso,A1\n3201014101900001,Siti Aminah,B1\n";

/// An election folder without a fault, of which single files are replaced.
struct Folder(Rc<TempDir>);

/// What came of looking at it.
struct Looked {
    report: Report,
    result: anyhow::Result<Checked>,
    /// Keeps the folder as long as its partition is read.
    _folder: Rc<TempDir>,
}

impl Folder {
    fn new() -> Self {
        let folder = Self(Rc::new(tempfile::tempdir().unwrap()));
        for (name, text) in
            [("election.toml", ELECTION), ("regions.csv", REGIONS), ("stations.csv", STATIONS), ("voters.csv", VOTERS)]
        {
            folder.put(name, text);
        }
        folder
    }

    fn with(name: &str, text: impl AsRef<[u8]>) -> Self {
        Self::new().and(name, text)
    }

    fn and(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.put(name, text);
        self
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn input(&self) -> Input {
        Input::load(self.path(), &mut Report::new(), &mut Rejects::nowhere()).unwrap()
    }

    /// As `build` does it: with a rejects file.
    fn look(&self) -> Looked {
        let (mut report, mut rejects) = (Report::new(), Rejects::new(self.path()));
        let result = Input::load(self.path(), &mut report, &mut rejects)
            .and_then(|input| partition::check(&input, self.path(), &mut report, &mut rejects, &Silent));
        if result.is_ok() {
            rejects.finish().unwrap();
        }
        Looked { report, result, _folder: Rc::clone(&self.0) }
    }

    /// The problems that stopped everything.
    fn fatal(&self) -> Vec<Problem> {
        let error = self.look().result.expect_err("it should not be readable");
        error.downcast::<bilik_publish::problem::Unreadable>().unwrap().0
    }
}

impl Looked {
    /// All voters that are left, by line.
    fn voters(&self) -> Vec<Voter> {
        let partition = &self.result.as_ref().unwrap().partition;
        let bins = (0..partition.bin_count()).flat_map(|bin| partition.read(bin).unwrap());
        let mut voters: Vec<Voter> = bins.flat_map(|(_, voters)| voters).collect();
        voters.sort_by_key(|voter| voter.line);
        voters
    }

    fn lines(&self) -> Vec<u64> {
        self.voters().iter().map(|voter| voter.line).collect()
    }

    /// Kind, line and column of each problem.
    fn places(&self) -> Vec<(Kind, u64, String)> {
        let place = |problem: &&Problem| (problem.kind, problem.line, problem.column.clone().unwrap_or_default());
        self.report.problems().iter().map(place).collect()
    }

    fn assert_clean(&self) {
        assert!(self.report.counts().is_empty(), "{}", self.report);
        assert!(self.result.is_ok(), "{:?}", self.result);
    }
}

/// A roll of lines under the usual header.
fn roll(lines: &[&str]) -> String {
    format!("nik,name,station\n{}\n", lines.join("\n"))
}
