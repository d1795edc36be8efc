//! The staging folder of a site: its files are written there under their digests, and all are published at once.

mod error;
mod heads;
mod neighbours;

use crate::cancel::CancellationToken;
use crate::durable::sync_folder;
use crate::io_error::IoError;
use bilik::format::{self, Document, FileRef, Kind, Manifest, ProvincePart, ProvinceRef};
pub use error::StagingError;
use heads::keep_head;
pub(crate) use heads::{HEADS, earlier_heads};
pub(crate) use neighbours::FolderLock;
use neighbours::{LOCK, PREFIX, refuse_second, remove_leftovers, resolve};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use walkdir::WalkDir;

/// A site that is not yet published, in a folder of its own beside its place. Removed when it is dropped.
pub struct Staging {
    /// Holds the lock and the files.
    _folder: tempfile::TempDir,
    files: PathBuf,
    site: PathBuf,
    removed: Vec<PathBuf>,
    /// Folders of the site of which nothing stays that is not in this one.
    replaced: Mutex<BTreeSet<&'static str>>,
    /// Locked while this run lives, so that no other run takes it for a dead one's.
    _lock: File,
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
    /// When there is something else than a site, another build is making the same site, or its folder cannot be written.
    pub fn new(site: &Path, cancel: &CancellationToken) -> Result<Self, StagingError> {
        if site.exists() {
            if !site.is_dir() {
                return Err(StagingError::NotAFolder { site: site.to_owned() });
            }
            let is_empty = fs::read_dir(site).map_err(IoError::at(site, "cannot be read"))?.next().is_none();
            if !is_empty && !site.join(format::HEAD_PATH).is_file() {
                return Err(StagingError::NotASite { site: site.to_owned() });
            }
        }
        let (parent, name) = resolve(site)?;
        let folder_lock = FolderLock::take(&parent, cancel)?;
        let removed = remove_leftovers(&parent);
        refuse_second(&parent, &name, site)?;
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&parent)
            .map_err(IoError::at(&parent, "cannot create a folder here"))?;
        let cannot_write = || IoError::at(folder.path(), "cannot be written");
        let mut lock = File::create(folder.path().join(LOCK)).map_err(cannot_write())?;
        lock.write_all(name.as_encoded_bytes()).map_err(cannot_write())?;
        lock.lock().map_err(IoError::at(folder.path(), "cannot be locked"))?;
        let files = folder.path().join(FILES);
        fs::create_dir(&files).map_err(cannot_write())?;
        drop(folder_lock);
        Ok(Self { _folder: folder, files, site: parent.join(name), removed, replaced: Mutex::default(), _lock: lock })
    }

    /// What runs left that were killed while they published; it was removed.
    #[must_use]
    pub fn removed(&self) -> &[PathBuf] {
        &self.removed
    }

    /// Where its files are written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.files
    }

    /// From now on that folder's files are those of this site alone: publishing removes others from it.
    pub fn replace_folder(&self, folder: &'static str) {
        self.replaced.lock().unwrap_or_else(PoisonError::into_inner).insert(folder);
    }

    /// Writes a document under its digest.
    ///
    /// # Errors
    /// When the document exceeds its limits or cannot be written.
    pub fn add<T: Document>(&self, document: &T, written: &mut Written) -> Result<FileRef, StagingError> {
        let (bytes, file) = encoded(document)?;
        self.add_bytes(&file.path(T::KIND), &bytes, written)?;
        Ok(file)
    }

    /// Writes a manifest and its parts, which a head names. A part that is there already need not be written again.
    ///
    /// # Errors
    /// Those of [`Staging::add`].
    pub fn add_manifest(
        &self,
        manifest: &Manifest,
        there: &[ProvinceRef],
        written: &mut Written,
    ) -> Result<(FileRef, Vec<ProvinceRef>), StagingError> {
        let mut provinces = Vec::with_capacity(manifest.provinces.len());
        for part in ProvincePart::all(manifest) {
            let (bytes, file) = encoded(&part)?;
            if there.iter().all(|province| province.part != file) {
                self.add_bytes(&file.path(Kind::Province), &bytes, written)?;
            }
            provinces.push(ProvinceRef { code: part.province.code, part: file });
        }
        Ok((self.add(manifest, written)?, provinces))
    }

    /// Writes bytes at a path of the site.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add_bytes(&self, path: &str, bytes: &[u8], written: &mut Written) -> Result<(), IoError> {
        let to = self.path().join(path);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(IoError::at(folder, "cannot be created"))?;
        }
        fs::write(&to, bytes).map_err(IoError::advising(&to, "cannot be written", "Fix: make room on the disk"))?;
        written.files += 1;
        written.bytes += u64::try_from(bytes.len()).unwrap_or_default();
        Ok(())
    }

    /// Publishes: a new site appears at once; over an old one, the immutable files are moved in first, then the app, and the
    /// head, which makes all of it current, last. All of it is on the disk before the head is. Requests meanwhile get the old data or the new. Immutable
    /// files of earlier builds stay, for those who still have their head, and the earlier head is kept in [`HEADS`], unless `prune`
    /// says otherwise. Gives the number of files that stay.
    ///
    /// # Errors
    /// When a file cannot be moved. Then the old head still stands, and the old site is as it was but for files that nothing
    /// points to.
    pub fn publish(self, prune: bool, cancel: &CancellationToken) -> Result<u64, StagingError> {
        // Until all is moved, no other build may begin.
        let _folder_lock = self.site.parent().map(|parent| FolderLock::take(parent, cancel)).transpose()?;
        make_world_readable(&self.files)?;
        let mut files = files_in(&self.files)?;
        sync(&self.files, &files)?;
        let is_new = fs::read_dir(&self.site).map_or(true, |mut entries| entries.next().is_none());
        if is_new {
            if self.site.exists() {
                fs::remove_dir(&self.site).map_err(IoError::at(&self.site, "cannot be replaced"))?;
            }
            fs::rename(&self.files, &self.site).map_err(IoError::at(&self.site, "the new site cannot be moved here"))?;
            sync_folder(self.site.parent().unwrap_or(&self.site))?;
            return Ok(0);
        }
        let mut current = BTreeSet::new();
        // The files of the app change under the same name, so they follow; the head is last.
        files.sort_by_key(|file| (rank(file.strip_prefix(&self.files).unwrap_or(file)), file.clone()));
        let mut folders = BTreeSet::new();
        for from in files {
            let to = self.site.join(from.strip_prefix(&self.files).unwrap_or(&from));
            if to == self.site.join(format::HEAD_PATH) {
                // What the head makes current is there after a power cut too.
                folders.iter().try_for_each(|folder: &PathBuf| sync_folder(folder))?;
                if let Some(kept) = if prune { None } else { keep_head(&self.site, &from)? } {
                    set_mode(&kept, 0o644)?;
                    set_mode(&self.site.join(HEADS), 0o755)?;
                }
            }
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).map_err(IoError::at(folder, "cannot be created"))?;
                set_mode(folder, 0o755)?;
                folders.insert(folder.to_owned());
            }
            // A page that stays the same keeps its time, so that a tool that copies folders leaves it alone.
            if rank(from.strip_prefix(&self.files).unwrap_or(&from)) == 1 && same_bytes(&from, &to) {
                current.insert(to);
                continue;
            }
            fs::rename(&from, &to).map_err(IoError::at(&to, "cannot be moved into the site"))?;
            current.insert(to);
        }
        sync_folder(&self.site)?;
        for folder in self.replaced.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|folder| self.site.join(folder)) {
            remove_others(&folder, &current)?;
        }
        if prune {
            // What they lead to goes as well.
            for (_, head) in earlier_heads(&self.site) {
                fs::remove_file(&head).map_err(IoError::at(&head, "cannot be removed"))?;
            }
        }
        let mut earlier = 0;
        for folder in IMMUTABLE.map(|folder| self.site.join(folder)).into_iter().filter(|folder| folder.is_dir()) {
            for file in files_in(&folder)?.into_iter().filter(|file| !current.contains(file)) {
                if prune {
                    fs::remove_file(&file).map_err(IoError::at(&file, "cannot be removed"))?;
                } else {
                    earlier += 1;
                }
            }
        }
        Ok(earlier)
    }
}

/// The files of a staging folder.
const FILES: &str = "site";

/// The folders of files that are named by their digest.
const IMMUTABLE: [&str; 6] = ["m", "p", "d", "t", "s", "n"];

fn encoded<T: Document>(document: &T) -> Result<(Vec<u8>, FileRef), StagingError> {
    format::write(document).map_err(|error| StagingError::Document { kind: T::KIND, error })
}

/// Makes sure that files and the folders that hold them are on the disk: by one call for the whole file system where there is
/// one, since a country has a hundred thousand files.
fn sync(folder: &Path, files: &[PathBuf]) -> Result<(), IoError> {
    #[cfg(target_os = "linux")]
    {
        let _ = files;
        let open = File::open(folder).map_err(IoError::at(folder, "cannot be read"))?;
        rustix::fs::syncfs(open).map_err(|error| IoError::at(folder, "cannot be written to the disk")(error.into()))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        let sync = |file: &PathBuf| File::open(file).and_then(|open| open.sync_all());
        files.iter().try_for_each(|file| sync(file).map_err(IoError::at(file, "cannot be written to the disk")))
    }
}

fn same_bytes(new: &Path, old: &Path) -> bool {
    let length = |path: &Path| fs::metadata(path).map(|file| file.len()).ok();
    length(new) == length(old) && fs::read(old).is_ok_and(|old| fs::read(new).is_ok_and(|new| old == new))
}

/// Removes the files of a folder that are not among those of now, and folders that nothing is left in.
fn remove_others(folder: &Path, current: &BTreeSet<PathBuf>) -> Result<(), IoError> {
    for entry in WalkDir::new(folder).contents_first(true).into_iter().flatten() {
        let path = entry.path();
        if entry.file_type().is_dir() {
            // One that still holds files stays.
            let _: std::io::Result<()> = fs::remove_dir(path);
        } else if !current.contains(path) {
            fs::remove_file(path).map_err(IoError::at(path, "cannot be removed"))?;
        }
    }
    Ok(())
}

fn rank(inner: &Path) -> u8 {
    let is_sealed = inner.extension().is_some_and(|extension| extension == "bilik");
    match (inner == Path::new(format::HEAD_PATH), is_sealed) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) => 0,
    }
}

/// The files below a folder.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, IoError> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.map_err(std::io::Error::from).map_err(IoError::at(folder, "cannot be read"))?;
        if !entry.file_type().is_dir() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Make files world-readable: temp dirs and strict umasks are private.
fn make_world_readable(folder: &Path) -> Result<(), IoError> {
    for entry in WalkDir::new(folder) {
        let entry = entry.map_err(std::io::Error::from).map_err(IoError::at(folder, "cannot be read"))?;
        set_mode(entry.path(), if entry.file_type().is_dir() { 0o755 } else { 0o644 })?;
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<(), IoError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .map_err(IoError::at(path, "cannot be made readable for everybody"))?;
    }
    let _ = (path, mode);
    Ok(())
}
