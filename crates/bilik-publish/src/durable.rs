//! Files that are whole or not there, also after a power cut: written under another name, synced, then renamed.

use crate::io_error::IoError;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, PersistError};

/// What the names of unfinished files start with.
const PREFIX: &str = ".new-";
/// The mark of a file that may be replaced lies in its first bytes.
const MARK_WITHIN: u64 = 512;

/// A file that takes its name when it is finished. Removed when it is dropped before.
pub(crate) struct NewFile {
    file: NamedTempFile,
    to: PathBuf,
}

impl NewFile {
    /// Begins a file that only its owner can read, and removes what dead runs left of it.
    pub fn new(to: &Path) -> Result<Self, IoError> {
        let folder = folder_of(to);
        let prefix = format!("{PREFIX}{}-", to.file_name().unwrap_or_default().to_string_lossy());
        remove_leftovers(folder, &prefix);
        loop {
            let file = tempfile::Builder::new().prefix(&prefix).tempfile_in(folder);
            let file = file.map_err(IoError::at(folder, "cannot be written"))?;
            // Held as long as this run lives: a free lock is a dead run's. Where a system cannot lock, nobody removes the file.
            let _: io::Result<()> = file.as_file().lock();
            // Before it was locked, another run may have taken it for a dead one's.
            if file.path().exists() {
                return Ok(Self { file, to: to.to_owned() });
            }
        }
    }

    /// For a file that is given to others.
    pub fn let_everyone_read(&self) -> Result<(), IoError> {
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
            self.file.as_file().set_permissions(mode).map_err(IoError::at(&self.to, "cannot be made readable for everyone"))?;
        }
        Ok(())
    }

    /// Gives the file its name, once it is on the disk.
    pub fn persist(self) -> Result<(), IoError> {
        self.persist_by(|file, to| file.persist(to))
    }

    /// The same, but never in place of another file.
    pub fn persist_new(self) -> Result<(), IoError> {
        self.persist_by(|file, to| file.persist_noclobber(to))
    }

    fn persist_by(self, persist: impl FnOnce(NamedTempFile, &Path) -> Result<File, PersistError>) -> Result<(), IoError> {
        let Self { file, to } = self;
        file.as_file().sync_all().map_err(IoError::advising(&to, "cannot be written", "Fix: make room on the disk"))?;
        persist(file, &to).map_err(|error| IoError::at(&to, "cannot be written")(error.error))?;
        sync_folder(folder_of(&to))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The folder that a file lies in; of a bare name, the current one.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether there is nothing at a path, or an empty file, or one with this mark at its beginning: a slip in an option must not replace a
/// key or a roll.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn may_replace(path: &Path, mark: &[u8]) -> Result<bool, IoError> {
    let cannot_read = || IoError::at(path, "cannot be read");
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        // A pipe would be waited for.
        Ok(meta) if !meta.is_file() => return Ok(false),
        other => other.map_err(cannot_read())?,
    };
    let mut beginning = Vec::new();
    File::open(path).and_then(|file| file.take(MARK_WITHIN).read_to_end(&mut beginning)).map_err(cannot_read())?;
    Ok(beginning.is_empty() || beginning.windows(mark.len()).any(|bytes| bytes == mark))
}

/// Whether a name is that of an unfinished file.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with(PREFIX)
}

/// Makes sure that a folder's names are on the disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), IoError> {
    // Some systems cannot open or sync a folder; their names are as durable as they make them.
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if cfg!(target_os = "linux") && error.raw_os_error() == Some(5) => {
            Err(IoError::at(folder, "cannot be written to the disk")(error))
        }
        _ => Ok(()),
    }
}

/// Removes the files that nobody holds, whatever their age.
fn remove_leftovers(folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(prefix);
        let Some(file) = is_ours.then(|| File::open(entry.path()).ok()).flatten() else { continue };
        // Held until the file is gone, so that a run that is about to lock it sees that.
        if file.try_lock().is_ok() {
            let _: io::Result<()> = fs::remove_file(entry.path());
        }
    }
}

/// Refuses to begin what would end with a full disk.
///
/// # Errors
/// When fewer bytes are free than needed.
pub(crate) fn require_room(folder: &Path, needed: u64) -> Result<(), RoomError> {
    // Where the system does not say, the writes will.
    match fs4::available_space(folder) {
        Ok(free) if free < needed => Err(RoomError { folder: folder.to_owned(), needed, free }),
        _ => Ok(()),
    }
}

/// There is too little room on a disk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", tr::tr!("{}: not enough room on the disk. Expected: about {} MB free, got {} MB. Fix: make room, or give a folder on another disk", folder.display(), needed.div_ceil(1_000_000), free / 1_000_000))]
pub struct RoomError {
    /// The folder.
    pub folder: PathBuf,
    /// About how many bytes are needed.
    pub needed: u64,
    /// How many are free.
    pub free: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_a_dead_run_left_is_removed_at_once_and_what_a_living_one_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("list.csv");
        fs::write(folder.path().join(".new-list.csv-dead"), "half").unwrap();
        let mut living = NewFile::new(&to).unwrap();
        let other = NewFile::new(&to).unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        drop(other);
        living.write_all(b"whole").unwrap();
        living.persist().unwrap();
        assert_eq!(names(folder.path()), ["list.csv"]);
        assert_eq!(fs::read(to).unwrap(), b"whole");
    }

    #[test]
    fn a_bare_name_is_in_the_current_folder() {
        assert_eq!(folder_of(Path::new("a.html")), Path::new("."));
        assert_eq!(folder_of(Path::new("b/a.html")), Path::new("b"));
    }

    #[test]
    fn only_nothing_and_files_of_their_kind_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        assert!(may_replace(&path, b"MARK").unwrap());
        for (bytes, may) in [("", true), ("xMARKx", true), ("-----BEGIN PRIVATE KEY-----", false), ("MAR", false)] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(may_replace(&path, b"MARK").unwrap(), may, "{bytes}");
        }
        assert!(!may_replace(folder.path(), b"MARK").unwrap());
    }

    #[test]
    fn runs_that_begin_in_the_same_instant_do_not_take_each_other_for_dead() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("list.csv");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        NewFile::new(&to).unwrap().persist().unwrap();
                    }
                });
            }
        });
        assert_eq!(names(folder.path()), ["list.csv"]);
    }
}
