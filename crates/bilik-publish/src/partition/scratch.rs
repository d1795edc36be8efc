//! The scratch folder: where the partitioned roll lies while it is needed, encrypted with a key that only this process has. It is
//! removed with its owner, and what a killed run left behind is noise that the next one removes.

use super::error::PartitionError;
use crate::encrypted::{EncryptedReader, EncryptedWriter, FileKey};
use crate::io_error::IoError;
use crate::language::{message, translatable};
use crate::problem::{InputProblem, ProblemKind, Report};
use crate::rejects::private_file;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What its name starts with; the process id and some random letters follow.
const PREFIX: &str = ".bilik-scratch-";
/// Locked as long as the run lives: the system releases the lock however the run ends.
const LOCK: &str = "lock";
/// What it is called until it is locked.
const NEW_LOCK: &str = "lock.new";

fn cannot_create(dir: &Path) -> impl FnOnce(io::Error) -> IoError {
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
    pub fn open(&self) -> io::Result<EncryptedReader<BufReader<File>>> {
        EncryptedReader::new(&self.key, &self.label, BufReader::new(File::open(&self.path)?))
    }

    /// Removes it: it is no longer needed.
    pub fn remove(&self) -> Result<(), IoError> {
        fs::remove_file(&self.path).map_err(IoError::at(&self.path, "cannot be removed"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove_all_but_lock(self.folder.path());
    }
}

impl Scratch {
    /// Makes a new one, and removes what dead runs of this user left.
    pub fn new(dir: &Path, report: &mut Report) -> Result<Self, PartitionError> {
        let scratch = Self::empty(dir, report)?;
        let own = fs::metadata(scratch.path()).map_err(IoError::at(scratch.path(), "cannot be read"))?;
        remove_leftovers(dir, &own, report);
        remove_leftovers(&std::env::temp_dir(), &own, report);
        Ok(scratch)
    }

    fn empty(dir: &Path, report: &mut Report) -> Result<Self, PartitionError> {
        let key = FileKey::fresh()?;
        loop {
            let folder = new_folder(dir, report)?;
            match lock(folder.path()) {
                Ok(lock) => return Ok(Self { folder, key, _lock: lock }),
                // Before it was locked, another run took it for a dead one's.
                Err(error) if error.kind() == ErrorKind::NotFound && !folder.path().exists() => {}
                Err(error) => return Err(IoError::at(folder.path(), "cannot be locked")(error).into()),
            }
        }
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

/// A new folder that only its owner can read.
fn new_folder(dir: &Path, report: &mut Report) -> Result<TempDir, PartitionError> {
    let mut builder = tempfile::Builder::new();
    let prefix = format!("{PREFIX}{}-", std::process::id());
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    match builder.tempdir_in(dir) {
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            let elsewhere = std::env::temp_dir();
            let folder = builder.tempdir_in(&elsewhere).map_err(cannot_create(dir))?;
            report.add(ProblemKind::ScratchElsewhere, || {
                let message =
                    message!("this folder is not writable, so part of the roll lies in {} during this run", elsewhere.display());
                InputProblem::new(ProblemKind::ScratchElsewhere, &dir.display().to_string(), 0, None, message)
            });
            Ok(folder)
        }
        other => Ok(other.map_err(cannot_create(dir))?),
    }
}

/// The lock of the scratch folder that a run just made. It gets its name only once it is held.
fn lock(folder: &Path) -> io::Result<File> {
    let new = folder.join(NEW_LOCK);
    let file = private_file(&new)?;
    file.lock()?;
    fs::rename(new, folder.join(LOCK))?;
    Ok(file)
}

/// Removes the scratch folders of this user's runs that are certainly dead, and warns of those that may not be. `own` is the folder of
/// this run.
fn remove_leftovers(dir: &Path, own: &Metadata, report: &mut Report) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Not a link, and not what somebody else put there, which could make this run delete or wait for something elsewhere.
        let is_ours = |meta: Metadata| meta.is_dir() && is_of_same_user(&meta, own);
        if !name.starts_with(PREFIX) || !entry.metadata().is_ok_and(is_ours) {
            continue;
        }
        let (kind, message) = match remove_if_dead(&entry.path()) {
            Ok(Leftover::Alive | Leftover::Empty) => continue,
            Ok(Leftover::Removed) => (ProblemKind::ScratchRemoved, translatable!("left by a run that was killed; removed")),
            Err(_) => {
                (ProblemKind::ScratchLeft, translatable!("it cannot be removed, or nothing shows whether its run has ended"))
            }
        };
        report.add(kind, || InputProblem::new(kind, &name, 0, None, message));
    }
}

#[cfg(unix)]
fn is_of_same_user(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    one.uid() == other.uid()
}

#[cfg(not(unix))]
fn is_of_same_user(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// What a scratch folder of another run was.
enum Leftover {
    /// Its run lives, or just removed it.
    Alive,
    /// Its run ended with nothing in it, or has only begun.
    Empty,
    /// Its run was killed.
    Removed,
}

/// Removes a scratch folder unless its run lives.
fn remove_if_dead(folder: &Path) -> io::Result<Leftover> {
    for name in [NEW_LOCK, LOCK] {
        let path = folder.join(name);
        let lock = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Ok(meta) if !meta.is_file() => return Err(ErrorKind::InvalidData.into()),
            _ => File::open(path)?,
        };
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(Leftover::Alive),
            other => other?,
        }
        // Held until the folder is gone: a run that is about to take it sees that.
        let had_files = remove_all_but_lock(folder);
        fs::remove_dir_all(folder)?;
        return Ok(if had_files { Leftover::Removed } else { Leftover::Empty });
    }
    // Its run ended before it had a lock, and so before it wrote anything.
    match fs::remove_dir(folder) {
        // Its own run, or another, was first.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Leftover::Alive),
        other => other.map(|()| Leftover::Empty),
    }
}

/// What is left of a folder that is being removed when a run is killed still has its lock. Gives whether there was anything else.
fn remove_all_but_lock(folder: &Path) -> bool {
    let mut had_files = false;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if ![LOCK, NEW_LOCK].iter().any(|lock| entry.file_name() == *lock) {
            had_files = true;
            let _: io::Result<()> = fs::remove_file(entry.path());
        }
    }
    had_files
}
