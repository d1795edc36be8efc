//! Digests of the input's files, by which a later step knows that they are still the same.

use crate::config::{FILE, InputFiles};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The SHA-256 of each file of the input but the roll, in hex, by the file's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputDigests(BTreeMap<String, String>);

impl InputDigests {
    pub(super) fn of(dir: &Path, files: &InputFiles) -> Self {
        let config = dir.join(FILE);
        let paths = [Some(&config), Some(&files.regions), Some(&files.stations), files.withheld.as_ref()];
        let digest = |path: &std::path::PathBuf| {
            let bytes = std::fs::read(path).ok()?;
            Some((crate::csv::file_name(path), base16ct::lower::encode_string(&Sha256::digest(bytes))))
        };
        Self(paths.into_iter().flatten().filter_map(digest).collect())
    }

    /// The first file that differs.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<String> {
        let names = self.0.keys().chain(other.0.keys());
        names.filter(|name| self.0.get(*name) != other.0.get(*name)).min().cloned()
    }
}
