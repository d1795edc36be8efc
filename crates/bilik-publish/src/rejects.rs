//! The rejects file: every line that cannot be used, with the reason and as it was, but for an apostrophe before what a spreadsheet
//! would take for a formula. It holds details of voters, so nobody but the operator can read it.

use crate::io_error::IoError;
use crate::problem::ProblemKind;
use crate::sinks::for_spreadsheet;
use std::fs::{self, File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// The file's name in an election folder.
pub const FILE: &str = "rejects.csv";
const HEADER: [&str; 5] = ["file", "line", "kind", "reason", "raw"];

fn cannot_write(path: &Path) -> impl FnOnce(std::io::Error) -> IoError {
    IoError::advising(path, "cannot be written", "Fix: make room on the disk, and let this user write in the folder")
}

/// Why the rejects file is not in its place.
#[derive(Debug, thiserror::Error)]
pub enum RejectsError {
    /// Another file has its name.
    #[error("{}", tr::tr!("{}: this name is reserved for rejected lines, and this file is not a rejects file. Fix: rename this file", path.display()))]
    NameTaken {
        /// Where it is.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// Collects rejected lines. Nothing is written before the first one, and the file takes its name when it is whole.
#[derive(Debug, Default)]
pub struct Rejects {
    /// None where rejects are only counted.
    to: Option<PathBuf>,
    written: Option<csv::Writer<BufWriter<File>>>,
    failed: Option<IoError>,
}

impl Rejects {
    /// Rejects that go to `rejects.csv` in an election folder.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { to: Some(dir.join(FILE)), written: None, failed: None }
    }

    /// Rejects that are listed nowhere.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::default()
    }

    /// Lists one line. [`Rejects::finish`] returns what goes wrong.
    pub fn add(&mut self, file: &str, line: u64, kind: ProblemKind, reason: &str, raw: &[u8]) {
        if self.to.is_none() || self.failed.is_some() {
            return;
        }
        if let Err(error) = self.write(file, line, kind, reason, raw) {
            self.failed = Some(error);
        }
    }

    /// Puts the file in its place, or removes an older one where no line was rejected; gives its path.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<PathBuf, RejectsError> {
        let Some(to) = self.to.clone() else { return Ok(PathBuf::new()) };
        if self.written.is_none() {
            // A run that was killed left it: it holds part of the roll.
            let _: std::io::Result<()> = fs::remove_file(partial(&to));
        }
        if to.exists() && !is_ours(&to) {
            return Err(RejectsError::NameTaken { path: to });
        }
        if let Some(error) = self.failed.take() {
            return Err(error.into());
        }
        match self.written.take() {
            Some(mut written) => {
                written.flush().map_err(cannot_write(&to))?;
                drop(written);
                fs::rename(partial(&to), &to).map_err(cannot_write(&to))?;
            }
            None if to.exists() => {
                fs::remove_file(&to).map_err(IoError::advising(&to, "out of date, and cannot be removed", "Fix: remove it"))?;
            }
            None => {}
        }
        Ok(to)
    }

    fn write(&mut self, file: &str, line: u64, kind: ProblemKind, reason: &str, raw: &[u8]) -> Result<(), IoError> {
        let Some(to) = &self.to else { return Ok(()) };
        if self.written.is_none() {
            let file = private_file(&partial(to)).map_err(cannot_write(to))?;
            let mut writer = csv::Writer::from_writer(BufWriter::new(file));
            writer.write_record(HEADER).map_err(std::io::Error::from).map_err(cannot_write(to))?;
            self.written = Some(writer);
        }
        let Some(writer) = &mut self.written else { return Ok(()) };
        let line = line.to_string();
        let record = [file.as_bytes(), line.as_bytes(), kind.name().as_bytes(), reason.as_bytes(), raw];
        writer.write_record(record.map(for_spreadsheet)).map_err(std::io::Error::from).map_err(cannot_write(to))
    }
}

impl Drop for Rejects {
    fn drop(&mut self) {
        // What was not finished holds part of the roll and would mislead.
        if let (Some(to), true) = (&self.to, self.written.take().is_some()) {
            let _: std::io::Result<()> = fs::remove_file(partial(to));
        }
    }
}

/// Whether a file is a rejects file of an earlier run: nothing else is ever replaced or removed.
fn is_ours(path: &Path) -> bool {
    let header = csv::Reader::from_path(path).and_then(|mut file| file.byte_headers().cloned());
    header.is_ok_and(|header| header.iter().eq(HEADER.iter().map(|name| name.as_bytes())))
}

fn partial(to: &Path) -> PathBuf {
    to.with_extension("csv.partial")
}

/// A new file that only its owner can read, in place of an older one.
pub(crate) fn private_file(path: &Path) -> std::io::Result<File> {
    let _: std::io::Result<()> = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
