//! The scratch folder: where the partitioned roll lies while it is needed, encrypted with a key that only this process has. It is
//! removed with its owner, and what a killed run left behind is noise that the next one removes.

use super::error::PartitionError;
use crate::encrypted::{EncryptedReader, EncryptedWriter, FileKey};
use crate::io_error::IoError;
use crate::language::{message, translatable};
use crate::problem::{InputProblem, ProblemKind, Report};
use crate::rejects::private_file;
use std::fs::{self, File, TryLockError};
use std::io::{BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// What its name starts with; the process id and some random letters follow.
const PREFIX: &str = ".bilik-scratch-";
/// Locked as long as the run lives: the system releases the lock however the run ends.
const LOCK: &str = "lock";
/// A run makes its lock right after its folder: a folder without one that is older than this belongs to a dead run.
const LOCKED_WITHIN: Duration = Duration::from_secs(60);

fn cannot_create(dir: &Path) -> impl FnOnce(std::io::Error) -> IoError {
    let advice = translatable!("Expected: a folder that this user can write in. Fix: allow it, or copy the election folder");
    IoError::advising(dir, "cannot create a scratch folder", advice)
}

/// A scratch folder in an election folder; in the temporary folder where that is read-only.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: TempDir,
    key: FileKey,
    _lock: File,
}

/// A file of a scratch folder.
#[derive(Clone, Debug)]
pub(crate) struct ScratchFile {
    path: PathBuf,
    label: String,
    key: FileKey,
}

impl ScratchFile {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Encrypts what is written to `to`, which this file must be.
    pub fn encrypt<W: Write>(&self, to: W) -> Result<EncryptedWriter<W>, PartitionError> {
        Ok(EncryptedWriter::new(&self.key, &self.label, to)?)
    }

    /// Decrypts this file.
    pub fn open(&self) -> std::io::Result<EncryptedReader<BufReader<File>>> {
        EncryptedReader::new(&self.key, &self.label, BufReader::new(File::open(&self.path)?))
    }

    /// Removes it: it is no longer needed.
    pub fn remove(&self) -> Result<(), IoError> {
        fs::remove_file(&self.path).map_err(IoError::at(&self.path, "cannot be removed"))
    }
}

impl Scratch {
    /// Removes what dead runs left, and makes a new one.
    pub fn new(dir: &Path, report: &mut Report) -> Result<Self, PartitionError> {
        remove_leftovers(dir, report);
        remove_leftovers(&std::env::temp_dir(), report);
        let mut builder = tempfile::Builder::new();
        let prefix = format!("{PREFIX}{}-", std::process::id());
        builder.prefix(&prefix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = match builder.tempdir_in(dir) {
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                let elsewhere = std::env::temp_dir();
                let folder = builder.tempdir_in(&elsewhere).map_err(cannot_create(dir))?;
                report.add(ProblemKind::ScratchElsewhere, || {
                    let message = message!(
                        "this folder is not writable, so part of the roll lies in {} during this run",
                        elsewhere.display()
                    );
                    InputProblem::new(ProblemKind::ScratchElsewhere, &dir.display().to_string(), 0, None, message)
                });
                folder
            }
            other => other.map_err(cannot_create(dir))?,
        };
        let lock = lock(folder.path()).map_err(IoError::at(folder.path(), "cannot be locked"))?;
        Ok(Self { folder, key: FileKey::fresh()?, _lock: lock })
    }

    /// That its files are not what was written.
    pub fn changed(&self) -> PartitionError {
        PartitionError::ScratchChanged { folder: self.folder.path().to_owned() }
    }

    /// The file of a bin.
    pub fn bin(&self, at: usize) -> ScratchFile {
        self.file(format!("bin-{at}"))
    }

    /// The file of the lines that are rejected after partitioning.
    pub fn deferred(&self) -> ScratchFile {
        self.file("deferred".to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, label: String) -> ScratchFile {
        ScratchFile { path: self.folder.path().join(&label), label, key: self.key.clone() }
    }
}

/// The lock file gets its name only once it is locked, so that no other run sees it unlocked.
fn lock(folder: &Path) -> std::io::Result<File> {
    let new = folder.join("lock.new");
    let file = private_file(&new)?;
    file.lock()?;
    fs::rename(new, folder.join(LOCK))?;
    Ok(file)
}

/// Removes the scratch folders of runs that are certainly dead, and warns of those that may not be.
fn remove_leftovers(dir: &Path, report: &mut Report) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Not a link, which could make this run delete something elsewhere.
        if !name.starts_with(PREFIX) || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let locked = File::open(entry.path().join(LOCK)).map_err(TryLockError::Error).and_then(|lock| lock.try_lock());
        let is_dead = match locked {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => continue,
            Err(TryLockError::Error(error)) => error.kind() == ErrorKind::NotFound && is_old(&entry.path()),
        };
        let (kind, message) = if is_dead && fs::remove_dir_all(entry.path()).is_ok() {
            (ProblemKind::ScratchRemoved, translatable!("left by a run that was killed; removed"))
        } else {
            (ProblemKind::ScratchLeft, translatable!("it cannot be removed, or nothing shows whether its run has ended"))
        };
        report.add(kind, || InputProblem::new(kind, &name, 0, None, message));
    }
}

fn is_old(folder: &Path) -> bool {
    let changed = fs::metadata(folder).and_then(|meta| meta.modified());
    changed.is_ok_and(|changed| SystemTime::now().duration_since(changed).is_ok_and(|age| age > LOCKED_WITHIN))
}
