//! The two rolls that are compared.

use super::error::ChangesError;
use crate::input::Input;
use crate::problem::{Report, Unreadable};
use crate::rejects::Rejects;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An earlier election folder, opened.
#[derive(Debug)]
pub struct Earlier {
    pub(super) folder: PathBuf,
    pub(super) input: Input,
}

impl Earlier {
    /// Reads an election folder but for its roll. Its lines with errors are left out; it was checked in its day.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(folder: &Path) -> Result<Self, ChangesError> {
        let input = Input::load_for_comparison(folder, &mut Report::muted(), &mut Rejects::nowhere());
        let folder = folder.to_owned();
        match input {
            Ok(input) => Ok(Self { folder, input }),
            Err(problems) => Err(ChangesError::Earlier { folder, problems }),
        }
    }

    pub(super) fn unreadable(&self, problems: Unreadable) -> ChangesError {
        ChangesError::Earlier { folder: self.folder.clone(), problems }
    }
}

/// The input of now, which was checked.
#[derive(Debug)]
pub struct CheckedRoll {
    /// The input. Who is withheld is in the roll all the same, and counts.
    pub input: Input,
    /// The SHA-256 of the roll when it was checked.
    pub digest: [u8; 32],
    /// Its voters by the first six digits.
    pub prefixes: BTreeMap<u32, u64>,
}
