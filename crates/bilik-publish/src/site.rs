//! The site: writing its files under their digests, and publishing all of them at once.

use anyhow::{Context as _, bail, ensure};
use bilik::format::{self, Document, FileRef};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A site in the making, in a folder of its own beside where it will be. Removed when it is dropped unpublished.
pub struct Staging {
    folder: tempfile::TempDir,
    site: PathBuf,
    /// Locked while this run lives, so that another one does not take the folder for a dead run's.
    lock: File,
}

/// Bytes and number of files that were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files.
    pub files: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Staging {
    /// Begins a site that will be published at `site`.
    ///
    /// # Errors
    /// When something else than a site stands there, or its folder cannot be written.
    pub fn new(site: &Path) -> anyhow::Result<Self> {
        if site.exists() {
            ensure!(site.is_dir(), "{}: a folder was expected; give another --out", site.display());
            let is_empty = fs::read_dir(site).with_context(|| format!("{}: cannot be read", site.display()))?.next().is_none();
            ensure!(
                is_empty || site.join(format::HEAD_PATH).is_file(),
                "{}: the folder is not empty and holds no {}, so it is no site of Bilik's; give an empty folder, or another --out",
                site.display(),
                format::HEAD_PATH
            );
        }
        let (parent, name) = place(site)?;
        let turn = Turn::take(&parent)?;
        remove_leftovers(&parent);
        refuse_second(&parent, &name, site)?;
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&parent)
            .with_context(|| format!("{}: no folder can be made here", parent.display()))?;
        let cannot = || format!("{}: cannot be written", folder.path().display());
        let mut lock = File::create(folder.path().join(LOCK)).with_context(cannot)?;
        lock.write_all(name.as_encoded_bytes()).with_context(cannot)?;
        lock.lock().with_context(|| format!("{}: cannot be locked", folder.path().display()))?;
        drop(turn);
        Ok(Self { folder, site: parent.join(name), lock })
    }

    /// Where its files are written.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a document under its digest.
    ///
    /// # Errors
    /// When the document is out of its limits or the disk will not have it.
    pub fn add<T: Document>(&self, document: &T, written: &mut Written) -> anyhow::Result<FileRef> {
        let (bytes, file) = format::write(document).map_err(|e| anyhow::anyhow!("a {}: {e}", T::KIND))?;
        self.add_bytes(&file.path(T::KIND), &bytes, written)?;
        Ok(file)
    }

    /// Writes bytes at a path of the site.
    ///
    /// # Errors
    /// When the disk will not have them.
    pub fn add_bytes(&self, path: &str, bytes: &[u8], written: &mut Written) -> anyhow::Result<()> {
        let to = self.path().join(path);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
        }
        fs::write(&to, bytes).with_context(|| format!("{}: cannot be written: is the disk full?", to.display()))?;
        written.files += 1;
        written.bytes += u64::try_from(bytes.len()).unwrap_or_default();
        Ok(())
    }

    /// Publishes: a new site appears at once; over an old one, the immutable files are moved in first, then the app, and the
    /// head, which makes all of it current, last. Whoever asks meanwhile gets answers from the old data or the new. Immutable
    /// files of earlier builds stay, for those who still have their head, unless `prune` says otherwise. Gives the number of
    /// those that stay.
    ///
    /// # Errors
    /// When a file cannot be moved; the old head still stands then, and the old site is as it was but for files that nothing
    /// points to.
    pub fn publish(self, prune: bool) -> anyhow::Result<u64> {
        // Without its lock this build is not seen any more: until all is moved, no other one may begin.
        let _turn = self.site.parent().map(Turn::take).transpose()?;
        fs::remove_file(self.path().join(LOCK))
            .with_context(|| format!("{}: the staging folder vanished", self.path().display()))?;
        drop(self.lock);
        open_to_all(self.folder.path())?;
        let is_new = fs::read_dir(&self.site).map_or(true, |mut entries| entries.next().is_none());
        if is_new {
            if self.site.exists() {
                fs::remove_dir(&self.site).with_context(|| format!("{}: cannot be replaced", self.site.display()))?;
            }
            let made = self.folder.keep();
            fs::rename(&made, &self.site)
                .with_context(|| format!("{}: cannot be moved to {}", made.display(), self.site.display()))?;
            return Ok(0);
        }
        let mut current = BTreeSet::new();
        let mut files = Vec::new();
        walk(self.folder.path(), &mut files)?;
        // The files that a page is made of change under the same name, so they go late; the head goes last of all.
        files.sort_by_key(|file| (rank(file.strip_prefix(self.folder.path()).unwrap_or(file)), file.clone()));
        for from in files {
            let inner = from
                .strip_prefix(self.folder.path())
                .with_context(|| format!("{}: not in the staging folder", from.display()))?;
            let to = self.site.join(inner);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
                open_one(folder, 0o755)?;
            }
            fs::rename(&from, &to).with_context(|| format!("{}: cannot be moved into the site", to.display()))?;
            current.insert(to);
        }
        let mut earlier = 0;
        for folder in IMMUTABLE.map(|folder| self.site.join(folder)).into_iter().filter(|folder| folder.is_dir()) {
            let mut files = Vec::new();
            walk(&folder, &mut files)?;
            for file in files.into_iter().filter(|file| !current.contains(file)) {
                if prune {
                    fs::remove_file(&file).with_context(|| format!("{}: cannot be removed", file.display()))?;
                } else {
                    earlier += 1;
                }
            }
        }
        Ok(earlier)
    }
}

const PREFIX: &str = ".bilik-staging-";
/// Says in a staging folder for which site it is, and is locked as long as its build lives.
const LOCK: &str = ".lock";

/// The folder that a site lies in, without links, and its name there: one site has one place however it is written.
fn place(site: &Path) -> anyhow::Result<(PathBuf, OsString)> {
    let no_path = || format!("{}: no usable path", site.display());
    let whole = if site.exists() { site.canonicalize() } else { std::path::absolute(site) }.with_context(no_path)?;
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else {
        bail!("{}: a site cannot be the root", site.display());
    };
    fs::create_dir_all(parent).with_context(|| format!("{}: cannot be made", parent.display()))?;
    Ok((parent.canonicalize().with_context(no_path)?, name.to_owned()))
}

/// The turn of one build in a folder, while it looks for others or publishes: the folder itself is locked, so that no file
/// stays behind.
struct Turn {
    /// None where a system cannot lock a folder: then two builds that begin in the same instant are not told apart.
    _folder: Option<File>,
}

impl Turn {
    fn take(folder: &Path) -> anyhow::Result<Self> {
        let Ok(open) = File::open(folder) else { return Ok(Self { _folder: None }) };
        // Others hold it for as long as it takes to move files.
        for _ in 0..600 {
            match open.try_lock() {
                Ok(()) => return Ok(Self { _folder: Some(open) }),
                Err(TryLockError::Error(_)) => return Ok(Self { _folder: None }),
                Err(TryLockError::WouldBlock) => ensure!(!super::interrupted(), "interrupted"),
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("{}: another build has been publishing there for a minute; try again when it is done", folder.display())
    }
}

/// That no other build is making the same site: both would write the pages and the head, and the later one would win with
/// a serial that does not know of the earlier.
fn refuse_second(parent: &Path, name: &OsStr, site: &Path) -> anyhow::Result<()> {
    for staging in stagings(parent) {
        // Those of dead builds were removed.
        let is_same = fs::read(staging.join(LOCK)).is_ok_and(|owner| owner == name.as_encoded_bytes());
        ensure!(
            !is_same,
            "{}: another build is making this site at this moment (in {}); wait until it is done, or give another --out",
            site.display(),
            staging.display()
        );
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
/// The folders of files that are named by their digest.
const IMMUTABLE: [&str; 5] = ["m", "d", "t", "s", "n"];

fn rank(inner: &Path) -> u8 {
    let is_sealed = inner.extension().is_some_and(|extension| extension == "bilik");
    match (inner == Path::new(format::HEAD_PATH), is_sealed) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) => 0,
    }
}

/// What a build that was killed left behind.
fn remove_leftovers(parent: &Path) {
    for staging in stagings(parent) {
        // Its run lives no more: else the lock would not be had.
        if File::open(staging.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok()) {
            // Somebody else may be removing it too.
            let _: std::io::Result<()> = fs::remove_dir_all(staging);
        }
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{}: cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// A temporary folder is private, and so is all that a careful operator's umask touches; a site is for everybody.
fn open_to_all(folder: &Path) -> anyhow::Result<()> {
    open_one(folder, 0o755)?;
    for entry in fs::read_dir(folder).with_context(|| format!("{}: cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { open_to_all(&path)? } else { open_one(&path, 0o644)? }
    }
    Ok(())
}

fn open_one(path: &Path, mode: u32) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .with_context(|| format!("{}: cannot be opened to all", path.display()))?;
    }
    let _ = mode;
    Ok(())
}
