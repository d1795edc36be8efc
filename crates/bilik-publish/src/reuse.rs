//! What a build keeps for the next one, so that tables whose contents did not change are taken over byte for byte.
//!
//! `reuse.json` lies in the election folder and is private. It has the position of each station, and for each group of voters the
//! HMAC of what its tables hold, under a key of its own, with the files that were sealed. It has no voter's line, name or number.
//! With each change a few groups that did not change are sealed again, so that a stranger who compares two sites learns little.

use crate::durable::NewFile;
use crate::encrypted::FileKey;
use crate::io_error::IoError;
use crate::language::translatable;
use crate::layout::Positions;
use crate::randomness::RandomnessError;
use bilik::format::{Digest, FileRef, Kind, Tables};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The name of the file in the election folder.
const FILE: &str = "reuse.json";
/// Raised when tables of the same contents are sealed in another way.
const VERSION: u32 = 1;

/// What an earlier build kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    version: u32,
    /// The election's id.
    pub election: String,
    /// The key of the HMACs, in hex.
    pub key: String,
    /// Where the stations stand.
    pub positions: Positions,
    /// The groups with their files.
    pub groups: Vec<KeptGroup>,
}

/// The tables of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptGroup {
    /// Its prefixes.
    pub prefixes: Vec<u32>,
    /// The HMAC of what its tables hold, in hex.
    pub contents: String,
    /// Its files.
    #[serde(flatten)]
    pub files: KeptFiles,
}

/// The files of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFiles {
    full: Vec<KeptFile>,
    near: Vec<KeptFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptFile {
    digest: String,
    stored: u32,
    inflated: u32,
}

/// Why what was kept cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReuseError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] IoError),
    /// It is something else.
    #[error("{}", tr::tr!("{}: expected what an earlier build kept, got something else: {}. Fix: remove the file; every table is sealed again", path.display(), error))]
    NotKept {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: serde_json::Error,
    },
}

impl Kept {
    /// What the last build of this election kept in its folder, if it did.
    ///
    /// # Errors
    /// When the file cannot be read, or is something else.
    pub fn read(folder: &Path, election: &str) -> Result<Option<Self>, ReuseError> {
        let path = folder.join(FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(IoError::at(&path, "cannot be read")(error).into()),
        };
        let kept: Self = serde_json::from_slice(&bytes).map_err(|error| ReuseError::NotKept { path, error })?;
        Ok((kept.version == VERSION && kept.election == election).then_some(kept))
    }

    /// What a build is to keep.
    pub fn new(election: String, key: String, positions: Positions, groups: Vec<KeptGroup>) -> Self {
        Self { version: VERSION, election, key, positions, groups }
    }

    /// Keeps it for the next build.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), IoError> {
        let path = folder.join(FILE);
        let cannot_write = || IoError::at(&path, "cannot be written");
        let text = serde_json::to_vec(self).map_err(std::io::Error::from).map_err(cannot_write())?;
        let mut file = NewFile::new(&path)?;
        file.write_all(&text).map_err(cannot_write())?;
        file.persist()
    }
}

/// What stands in the way of taking tables of a site over, if anything does.
#[must_use]
pub fn obstacle(folder: &Path, site: &Path) -> Option<&'static str> {
    if !site.join(bilik::format::HEAD_PATH).is_file() {
        return Some(translatable!("not a site: it has no head.bilik"));
    }
    (!folder.join(FILE).is_file()).then_some(translatable!("the election folder has no reuse.json of the build that made it"))
}

/// A new key for HMACs, as hex digits.
pub(crate) fn fresh_key() -> Result<String, RandomnessError> {
    Ok(base16ct::lower::encode_string(FileKey::fresh()?.as_bytes()))
}

impl KeptFiles {
    /// Those of a group's tables.
    pub(crate) fn of(tables: &Tables) -> Self {
        let kept = |file: &FileRef| KeptFile { digest: file.digest.to_string(), stored: file.stored, inflated: file.inflated };
        Self { full: tables.full.iter().map(kept).collect(), near: tables.near.iter().map(kept).collect() }
    }

    /// Bytes of all of them.
    pub(crate) fn len(&self) -> u64 {
        self.full.iter().chain(&self.near).map(|file| u64::from(file.stored)).sum()
    }

    /// By `full`.
    pub(crate) fn full(&self) -> Option<Vec<FileRef>> {
        self.full.iter().map(KeptFile::file).collect()
    }

    /// By `near`.
    pub(crate) fn near(&self) -> Option<Vec<FileRef>> {
        self.near.iter().map(KeptFile::file).collect()
    }

    /// Whether a site has all of them, whole.
    pub(crate) fn are_in(&self, site: &Path) -> bool {
        let is_there =
            |file: FileRef| fs::read(site.join(file.path(Kind::Table))).is_ok_and(|bytes| Digest::of(&bytes) == file.digest);
        self.full.iter().chain(&self.near).all(|file| file.file().is_some_and(is_there))
    }
}

impl KeptFile {
    fn file(&self) -> Option<FileRef> {
        let mut digest = [0; 16];
        let decoded = base16ct::lower::decode(&self.digest, &mut digest).ok()?;
        (decoded.len() == digest.len()).then_some(())?;
        Some(FileRef { digest: Digest(digest), stored: self.stored, inflated: self.inflated })
    }
}
