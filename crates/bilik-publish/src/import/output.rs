//! The files of an import: private, and in place only when all of them are whole.

use super::error::ImportError;
use super::table::Table;
use super::unresolved;
use crate::durable::NewFile;
use crate::io_error::IoError;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// The files, the roll last: a folder without it is not read by chance while it is written.
pub(super) const FILES: [&str; 4] = ["unresolved.csv", "regions.csv", "stations.csv", "voters.csv"];

/// The tables of an import.
pub(super) struct Output {
    dir: PathBuf,
    pub unresolved: Table,
    pub regions: Table,
    pub stations: Table,
    pub voters: Table,
}

impl Output {
    /// Begins the files in a folder that is new, or has none but an earlier import's.
    pub fn create(dir: &Path) -> Result<Self, ImportError> {
        refuse_others(dir)?;
        make(dir)?;
        let [unresolved, regions, stations, voters] = FILES.map(|name| Table::new(dir.join(name)));
        Ok(Self { dir: dir.to_owned(), unresolved: unresolved?, regions: regions?, stations: stations?, voters: voters? })
    }

    /// Puts all files in place.
    pub fn finish(self) -> Result<(), ImportError> {
        let Self { dir, unresolved, regions, stations, voters } = self;
        let mut finished = Vec::new();
        for table in [unresolved, regions, stations, voters] {
            finished.push(table.finish()?);
        }
        // From here to the end there is no roll, rather than one beside other stations.
        for name in FILES.iter().rev() {
            remove(&dir.join(name))?;
        }
        finished.into_iter().try_for_each(NewFile::persist).map_err(ImportError::from)
    }
}

fn remove(path: &Path) -> Result<(), IoError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(IoError::at(path, "cannot be replaced")(error)),
        _ => Ok(()),
    }
}

/// Refuses to replace files that no import wrote, before any work.
pub(super) fn refuse_others(dir: &Path) -> Result<(), ImportError> {
    let is_ours = csv::Reader::from_path(dir.join(FILES[0]))
        .and_then(|mut file| file.byte_headers().cloned())
        .is_ok_and(|header| header.iter().eq(unresolved::HEADER.iter().map(|name| name.as_bytes())));
    let taken = FILES.iter().map(|name| dir.join(name)).find(|path| path.symlink_metadata().is_ok());
    taken.filter(|_| !is_ours).map_or(Ok(()), |path| Err(ImportError::Taken { path }))
}

/// Makes a folder that only its owner can read, where there is none.
fn make(dir: &Path) -> Result<(), IoError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(IoError::at(dir, "the folder cannot be made"))
}
