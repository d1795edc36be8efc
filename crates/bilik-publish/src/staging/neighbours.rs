//! Other builds beside this one: their staging folders, alive or dead.

use super::error::StagingError;
use crate::cancel::CancellationToken;
use crate::io_error::IoError;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(super) const PREFIX: &str = ".bilik-staging-";
/// Says in a staging folder for which site it is, and is locked as long as its build lives.
pub(super) const LOCK: &str = ".lock";

/// The parent folder of a site, without links, and the site's name in it: one site has one place, however its path is written.
pub(super) fn resolve(site: &Path) -> Result<(PathBuf, OsString), StagingError> {
    let not_usable = || IoError::at(site, "not a usable path");
    let whole = if site.exists() { site.canonicalize() } else { std::path::absolute(site) }.map_err(not_usable())?;
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else {
        return Err(StagingError::Root { site: site.to_owned() });
    };
    fs::create_dir_all(parent).map_err(IoError::at(parent, "cannot be created"))?;
    Ok((parent.canonicalize().map_err(not_usable())?, name.to_owned()))
}

/// One build at a time looks for others in a folder, or publishes in it: the folder itself is locked, so that no lock file
/// stays behind.
pub(crate) struct FolderLock {
    /// None where a system cannot lock a folder: then two builds that begin in the same instant do not see each other.
    _folder: Option<File>,
}

impl FolderLock {
    /// Waits for it.
    ///
    /// # Errors
    /// When another run holds it for a minute, or this one is cancelled.
    pub(crate) fn take(folder: &Path, cancel: &CancellationToken) -> Result<Self, StagingError> {
        let Ok(open) = File::open(folder) else { return Ok(Self { _folder: None }) };
        // Others hold it for as long as it takes to move files.
        for _ in 0..600 {
            match open.try_lock() {
                Ok(()) => return Ok(Self { _folder: Some(open) }),
                Err(TryLockError::Error(_)) => return Ok(Self { _folder: None }),
                Err(TryLockError::WouldBlock) => cancel.check()?,
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(StagingError::Busy { folder: folder.to_owned() })
    }
}

/// Refuses a second build of the same site: both would write the pages and the head, and the later one would win with
/// a serial that does not know of the earlier.
pub(super) fn refuse_second(parent: &Path, name: &OsStr, site: &Path) -> Result<(), StagingError> {
    for staging in stagings(parent) {
        // Those of dead builds were removed.
        let is_same = fs::read(staging.join(LOCK)).is_ok_and(|owner| owner == name.as_encoded_bytes());
        if is_same {
            return Err(StagingError::AlreadyBuilding { site: site.to_owned(), staging });
        }
    }
    Ok(())
}

/// The staging folders of builds, alive or dead.
fn stagings(parent: &Path) -> impl Iterator<Item = PathBuf> {
    let is_staging = |entry: &fs::DirEntry| {
        // Not a link.
        entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX))
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
    };
    fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter(is_staging)
        .map(|entry| entry.path())
        .collect::<Vec<_>>()
        .into_iter()
}

/// What a build that was killed left behind. The folder must be locked: then a staging folder without a lock file belongs to a dead
/// run too. Gives what was removed.
pub(super) fn remove_leftovers(parent: &Path) -> Vec<PathBuf> {
    let mut removed = Vec::new();
    for staging in stagings(parent) {
        let is_free = match File::open(staging.join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(error) => error.kind() == ErrorKind::NotFound,
        };
        // Another run may be removing it too.
        if is_free && fs::remove_dir_all(&staging).is_ok() {
            removed.push(staging);
        }
    }
    removed
}
