//! The private list of all changes: it holds part of the roll.

use super::change::{ChangedStation, VoterChange};
use super::error::ChangesError;
use super::stations::StationPairs;
use crate::durable::NewFile;
use crate::input::StationRow;
use crate::io_error::IoError;
use crate::roll::Voter;
use crate::sinks::for_spreadsheet;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

const HEADER: [&str; 5] = ["change", "nik", "name", "old_station", "new_station"];

/// A CSV file that only its owner can read, and that takes its name when it is whole. It never replaces another file.
pub struct ChangesList {
    path: PathBuf,
    to: csv::Writer<NewFile>,
}

impl ChangesList {
    /// Begins a list.
    ///
    /// # Errors
    /// When something has its name, or its folder cannot be written.
    pub fn create(path: &Path) -> Result<Self, ChangesError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if path.symlink_metadata().is_ok() {
            return Err(ChangesError::ListExists { path });
        }
        let mut list = Self { to: csv::Writer::from_writer(NewFile::new(&path)?), path };
        list.write(&HEADER.map(Cow::from))?;
        Ok(list)
    }

    /// Gives the list its name.
    ///
    /// # Errors
    /// When it cannot be written, or something has got its name meanwhile.
    pub fn finish(self) -> Result<(), ChangesError> {
        let Self { path, to } = self;
        let file = to.into_inner().map_err(|error| cannot_write(&path)(error.into_error()))?;
        match file.persist_new() {
            Err(error) if error.cause.kind() == io::ErrorKind::AlreadyExists => Err(ChangesError::ListExists { path }),
            other => Ok(other?),
        }
    }

    pub(super) fn add_station(&mut self, change: &ChangedStation) -> Result<(), ChangesError> {
        let (what, before, now): (_, Option<&StationRow>, Option<&StationRow>) = match change {
            ChangedStation::Added(row) => ("station_added", None, Some(row)),
            ChangedStation::Gone(row) => ("station_gone", Some(row), None),
            ChangedStation::Moved(before, now) => ("station_moved", Some(before), Some(now)),
        };
        self.write(&[what.into(), "".into(), "".into(), id(before), id(now)])
    }

    pub(super) fn add_voter(&mut self, change: &VoterChange, pairs: &StationPairs) -> Result<(), ChangesError> {
        let (what, before, now): (_, Option<&Voter>, Option<&Voter>) = match change {
            VoterChange::Added(voter) => ("voter_added", None, Some(voter)),
            VoterChange::Gone(voter) => ("voter_gone", Some(voter), None),
            VoterChange::Moved(before, now) => ("voter_moved", Some(before), Some(now)),
        };
        let Some(voter) = now.or(before) else { return Ok(()) };
        let old = before.and_then(|voter| pairs.before(voter.station));
        let new = now.and_then(|voter| pairs.now(voter.station));
        self.write(&[what.into(), nik(voter).into(), voter.name.reveal().into(), id(old), id(new)])
    }

    fn write(&mut self, record: &[Cow<str>; 5]) -> Result<(), ChangesError> {
        let written = self.to.write_record(record.iter().map(|cell| for_spreadsheet(cell.as_bytes())));
        Ok(written.map_err(io::Error::from).map_err(cannot_write(&self.path))?)
    }
}

impl std::fmt::Debug for ChangesList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChangesList({}, hidden)", self.path.display())
    }
}

fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> IoError {
    IoError::advising(path, "cannot be written", "Fix: make room on the disk, and let this user write in the folder")
}

fn id(row: Option<&StationRow>) -> Cow<'_, str> {
    row.map_or(Cow::default(), |row| row.id.as_str().into())
}

/// As the roll has it, with the serial where there is one.
fn nik(voter: &Voter) -> String {
    let digits = String::from_utf8_lossy(voter.digits.as_bytes());
    voter.serial.map_or(digits.to_string(), |serial| format!("{digits}{serial:04}"))
}
