//! The lookup's source of files in the terminal: a folder, or an address.

mod address;

pub use address::{Address, Answer};
use anyhow::ensure;
use bilik::format::{self, FormatError};
use bilik::lookup::{FileRequest, FoundHead, Problem, Source};
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
    /// From what stands on the command line.
    ///
    /// # Errors
    /// When it is neither an address nor a folder.
    pub fn open(text: &str) -> anyhow::Result<Self> {
        if text.starts_with("http://") || text.starts_with("https://") {
            return Ok(Self::Address(Address::new(text)));
        }
        let folder = PathBuf::from(text);
        ensure!(folder.is_dir(), "{text}: a site's folder or address was expected; `bilik build --out` makes the folder");
        Ok(Self::Folder(folder))
    }

    /// The same, with all that is asked of an address to be answered within some time from now.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(folder),
            Self::Address(address) => Self::Address(address.within(time)),
        }
    }

    /// Whether a folder has something at that path; of an address nobody knows without asking.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        matches!(self, Self::Folder(folder) if folder.join(path).exists())
    }

    /// The bytes at a path, at most so many of them: more are refused, whatever they are.
    ///
    /// # Errors
    /// The problem with the file: it is not there, out of reach, or too long.
    pub fn read(&self, path: &str, most: u32) -> Result<Vec<u8>, Problem> {
        // One more, to see that there are more.
        let enough = u64::from(most) + 1;
        let read = match self {
            Self::Folder(folder) => read(&folder.join(path), enough),
            Self::Address(address) => address.bytes(path, enough),
        };
        let bytes = read.map_err(|error| Problem::unreachable(&self.name(), path, format!("{error:#}")))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length < enough) {
            return Ok(bytes);
        }
        let reason = if path == format::HEAD_PATH {
            format!("it is longer than {most} bytes, and no head is: another file stands in its place, or an error page")
        } else {
            format!("it has {enough} or more bytes, expected {most}: replaced, or an error page")
        };
        Err(Problem { source: self.name(), file: path.to_owned(), reason, refused: true })
    }

    fn checked<T>(
        &self,
        path: &str,
        most: u32,
        check: &dyn Fn(&[u8]) -> Result<T, FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let bytes = self.read(path, most).map_err(|problem| vec![problem])?;
        check(&bytes).map_err(|refusal| vec![Problem::refused(&self.name(), path, &refusal)])?;
        Ok(bytes)
    }
}

fn read(path: &std::path::Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let kind = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => anyhow::anyhow!("there is no such file"),
        _ => anyhow::anyhow!("it cannot be read: {error}"),
    })?;
    ensure!(kind.is_file(), "it is no ordinary file");
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
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
