//! An election folder on disk, for parsers of files.

use bilik_publish::cancel::CancellationToken;
use bilik_publish::input::Input;
use bilik_publish::problem::Report;
use bilik_publish::progress::Silent;
use bilik_publish::rejects::Rejects;
use bilik_publish::roll::{self, RollError};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that is made once and whose files are overwritten: a target runs some thousand times a second.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with a valid, made-up election.
    #[must_use]
    pub fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder can be made"));
        for (name, content) in FILES {
            folder.put(name, content);
        }
        folder
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// Removes a file that may not be there.
    pub fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.path().join(name));
    }

    /// Makes a file what it was at first, or removes it.
    pub fn restore(&self, name: &str) {
        match FILES.iter().find(|(file, _)| *file == name) {
            Some((_, content)) => drop(self.put(name, content)),
            None => self.remove(name),
        }
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a folder as `check` does, all of it. Every line of the roll counts as a voter, as rejected, or as withheld.
pub fn reading(folder: &Path) {
    let mut report = Report::new();
    let mut rejects = Rejects::nowhere();
    let Ok(input) = Input::load(folder, &mut report, &mut rejects) else { return };
    let mut voters = 0_u64;
    let counts = roll::read::<RollError>(&input, &mut report, &mut rejects, ("", &Silent), &CancellationToken::new(), &mut |_| {
        voters += 1;
        Ok(())
    });
    if let Ok(counts) = counts {
        assert_eq!(counts.voters, voters, "voters who were counted and not given");
    }
}

/// The smallest configuration that is accepted.
pub const ELECTION: &str = "id = \"example-2029\"\nname = \"Pemilu Contoh\"\nday = \"2029-02-14\"\nopens = \"07:00\"\n\
    closes = \"13:00\"\ndemo = true\n";
const FILES: [(&str, &str); 4] =
    [("election.toml", ELECTION), ("regions.csv", REGIONS), ("stations.csv", STATIONS), ("voters.csv", VOTERS)];
const REGIONS: &str = "code,name\n32,JAWA CONTOH\n3201,KABUPATEN CONTOH\n320101,CONTOH\n3201012001,CONTOHREJO\n";
const STATIONS: &str = "id,village,number,venue,address,lat,lon\n3201012001001,3201012001,1,SDN Contoh 1,Jl. Contoh 1,-6.5,106.8\n";
const VOTERS: &str = "nik,name,station\n3201014101900001,Contoh Saja,3201012001001\n";
