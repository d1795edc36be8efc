//! The keys of a run and of its parts.

use super::error::WorkError;
use crate::encrypted::FileKey;
use crate::io_error::IoError;
use crate::randomness::RandomnessError;
use std::fs;
use std::path::Path;
use zeroize::Zeroizing;

/// The key of a run, from which those of its parts are derived. `Debug` hides it.
#[derive(Clone, Debug)]
pub struct RunKey(FileKey);

impl RunKey {
    /// From a file with 64 hex digits.
    pub(super) fn read(path: &Path) -> Result<Self, WorkError> {
        Ok(Self(read_key(path)?))
    }

    /// A new one.
    pub(crate) fn fresh() -> Result<Self, RandomnessError> {
        Ok(Self(FileKey::fresh()?))
    }

    /// To be kept in a work folder.
    pub(crate) fn file_key(&self) -> &FileKey {
        &self.0
    }

    /// The key of a part: with it, one can read what the part's worker gets, and write what the part's worker makes.
    #[must_use]
    pub fn part(&self, part: usize) -> PartKey {
        PartKey(self.0.derive(&format!("part {part}")))
    }
}

/// The key of a part. `Debug` hides it.
#[derive(Clone, Debug)]
pub struct PartKey(FileKey);

impl PartKey {
    /// From a file with 64 hex digits.
    ///
    /// # Errors
    /// When it cannot be read, or has something else in it.
    pub fn read(path: &Path) -> Result<Self, WorkError> {
        Ok(Self(read_key(path)?))
    }

    /// 64 hex digits: a secret.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(base16ct::lower::encode_string(self.0.as_bytes()))
    }

    pub(super) fn input(&self) -> FileKey {
        self.0.derive("input")
    }

    pub(super) fn output(&self) -> FileKey {
        self.0.derive("output")
    }
}

fn read_key(path: &Path) -> Result<FileKey, WorkError> {
    let text = Zeroizing::new(fs::read(path).map_err(IoError::at(path, "cannot be read"))?);
    let mut key = Zeroizing::new([0; FileKey::LEN]);
    match base16ct::mixed::decode(text.trim_ascii(), key.as_mut_slice()) {
        Ok(decoded) if decoded.len() == FileKey::LEN => Ok(FileKey::from_bytes(*key)),
        _ => Err(WorkError::NotAKey { path: path.to_owned() }),
    }
}
