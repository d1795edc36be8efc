//! One CSV file that is being written.

use super::error::ImportError;
use crate::durable::NewFile;
use crate::io_error::IoError;
use std::io;
use std::path::{Path, PathBuf};

/// Bytes that are written at a time.
const BUFFER: usize = 256 << 10;

/// A file that is being written.
pub(super) struct Table {
    path: PathBuf,
    writer: csv::Writer<NewFile>,
}

impl Table {
    /// Begins a file.
    pub fn new(path: PathBuf) -> Result<Self, ImportError> {
        let writer = csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(NewFile::new(&path)?);
        Ok(Self { path, writer })
    }

    /// Writes one line.
    pub fn write(&mut self, cells: &[&str]) -> Result<(), ImportError> {
        let written = self.writer.write_record(cells);
        Ok(written.map_err(io::Error::from).map_err(cannot_write(&self.path))?)
    }

    /// The whole file, which is still to get its name.
    pub fn finish(self) -> Result<NewFile, ImportError> {
        let Self { path, writer } = self;
        Ok(writer.into_inner().map_err(|error| cannot_write(&path)(error.into_error()))?)
    }
}

fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> IoError {
    IoError::advising(path, "cannot be written", "Fix: make room on the disk, and let this user write in the folder")
}
