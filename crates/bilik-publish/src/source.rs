//! The lookup's source of files in the terminal: a folder, or an address.

mod address;
mod encoding;
mod error;
mod timeouts;

use crate::base_url::base_url;
use crate::cancel::CancellationToken;
pub use address::{Address, HttpAnswer};
use bilik::format::{self, FormatError};
use bilik::lookup::{FileRequest, FoundHead, Problem, Source};
pub use error::SourceError;
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A site that `find` and `verify` read.
pub enum Site {
    /// On this machine.
    Folder(PathBuf),
    /// Behind an address.
    Address(Address),
}

impl Site {
    /// From what the command line gives.
    ///
    /// # Errors
    /// When it is neither an address that browsers can use nor a folder.
    pub fn open(text: &str) -> Result<Self, SourceError> {
        if text.contains("://") {
            return Ok(Self::Address(Address::new(base_url(text)?)));
        }
        let folder = PathBuf::from(text);
        if folder.is_dir() { Ok(Self::Folder(folder)) } else { Err(SourceError::NotASite { text: text.to_owned() }) }
    }

    /// The same, with all that is asked of an address to be answered within some time from now.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(folder),
            Self::Address(address) => Self::Address(address.within(time)),
        }
    }

    /// The same, with requests that end soon after they are cancelled.
    #[must_use]
    pub fn cancelled_by(self, cancel: &CancellationToken) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(folder),
            Self::Address(address) => Self::Address(address.cancelled_by(cancel)),
        }
    }

    /// Whether a folder has something at that path; false for an address, which would have to be asked.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        matches!(self, Self::Folder(folder) if folder.join(path).exists())
    }

    /// The bytes at a path. A file of more than `max` bytes is refused.
    ///
    /// # Errors
    /// The problem with the file: missing, unreachable, or too long.
    pub fn read(&self, path: &str, max: u32) -> Result<Vec<u8>, Problem> {
        // One more, to see whether there are more.
        let enough = u64::from(max) + 1;
        let read = match self {
            _ if !is_inside(path) => Err(SourceError::Outside),
            Self::Folder(folder) => read(&folder.join(path), enough),
            Self::Address(address) => address.bytes(path, enough),
        };
        let bytes = read.map_err(|error| error.problem(&self.name(), path))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length < enough) {
            return Ok(bytes);
        }
        let reason = if path == format::HEAD_PATH {
            format!("longer than {max} bytes, the maximum for a head: another file in its place, or an HTML error page")
        } else {
            format!("expected {max} bytes, got {enough} or more: replaced, or an HTML error page")
        };
        Err(Problem { source: self.name(), file: path.to_owned(), reason, refused: true, newer: false })
    }

    fn checked<T>(&self, path: &str, max: u32, check: &dyn Fn(&[u8]) -> Result<T, FormatError>) -> Result<Vec<u8>, Vec<Problem>> {
        let bytes = self.read(path, max).map_err(|problem| vec![problem])?;
        check(&bytes).map_err(|refusal| vec![Problem::refused(&self.name(), path, &refusal)])?;
        Ok(bytes)
    }
}

/// Whether a path stays in the site: those of `site.json` are signed by nobody.
fn is_inside(path: &str) -> bool {
    let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '?', '#', '%']);
    path.split('/').all(is_name)
}

fn read(path: &std::path::Path, max: u64) -> Result<Vec<u8>, SourceError> {
    let kind = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => SourceError::Missing,
        _ => SourceError::Io(error),
    })?;
    if !kind.is_file() {
        return Err(SourceError::NotAFile);
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(max).read_to_end(&mut bytes)).map_err(SourceError::Io)?;
    Ok(bytes)
}

impl Source for Site {
    async fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        self.checked(wanted.path, wanted.length, check)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        Ok(FoundHead { bytes: self.checked(format::HEAD_PATH, format::MAX_HEAD_LEN, check)?, kept_since: None })
    }

    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs())
    }

    fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Address(address) => address.base().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
