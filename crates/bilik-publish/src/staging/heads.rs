//! The heads that a site had before, for `rollback`. They are not uploaded.

use crate::durable::NewFile;
use crate::io_error::IoError;
use bilik::format::{self, Head};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The folder of a site in which its earlier heads lie, each named by its serial.
pub(crate) const HEADS: &str = "h";

/// Keeps the head that is about to be replaced, unless it is the same. Gives where.
pub(super) fn keep_head(site: &Path, new: &Path) -> Result<Option<PathBuf>, IoError> {
    let Ok(old) = fs::read(site.join(format::HEAD_PATH)) else { return Ok(None) };
    let Ok((head, _)) = Head::read_unverified(&old) else { return Ok(None) };
    if fs::read(new).is_ok_and(|new| new == old) {
        return Ok(None);
    }
    let folder = site.join(HEADS);
    fs::create_dir_all(&folder).map_err(IoError::at(&folder, "cannot be created"))?;
    let path = folder.join(format!("{}.bilik", head.serial));
    let mut file = NewFile::new(&path)?;
    file.write_all(&old).map_err(IoError::advising(&path, "cannot be written", "Fix: make room on the disk"))?;
    file.persist()?;
    Ok(Some(path))
}

/// The earlier heads of a site, the newest first: serial and path.
pub(crate) fn earlier_heads(site: &Path) -> Vec<(u64, PathBuf)> {
    let entries = fs::read_dir(site.join(HEADS)).into_iter().flatten().flatten();
    let serial = |path: &Path| path.file_name()?.to_str()?.strip_suffix(".bilik")?.parse().ok();
    let mut heads: Vec<(u64, PathBuf)> = entries.filter_map(|entry| Some((serial(&entry.path())?, entry.path()))).collect();
    heads.sort_unstable_by(|a, b| b.cmp(a));
    heads
}
