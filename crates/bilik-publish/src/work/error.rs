//! Why a work folder cannot be used.

use crate::io_error::IoError;
use crate::language::{translatable, translated};
use crate::randomness::RandomnessError;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Why a work folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// There is no plan.
    #[error("{}", tr::tr!("{}: there is no plan here. Expected: a work folder that `bilik plan` made. Fix: run it first; if it did run, see that this disk is in reach", folder.display()))]
    NoPlan {
        /// The work folder.
        folder: PathBuf,
    },
    /// It has no key, and none was given.
    #[error("{}", tr::tr!("{}: the key of the run is not here. Fix: give the key of the part with --part-key", path.display()))]
    NoKey {
        /// Where it was expected.
        path: PathBuf,
    },
    /// What should be a key is none.
    #[error("{}", tr::tr!("{}: not a key of a run or a part. Expected: 64 hex digits", path.display()))]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// Another run is planning in the same folder.
    #[error("{}", tr::tr!("{}: another run is planning here. Fix: wait for it, or give another work folder", folder.display()))]
    Busy {
        /// The work folder.
        folder: PathBuf,
    },
    /// What a part's worker needs is not here.
    #[error("{}", tr::tr!("{}: not there. Expected: what `bilik plan` wrote for this part. Fix: give a part of the plan, or copy its file here", path.display()))]
    NoInput {
        /// Where it was expected.
        path: PathBuf,
    },
    /// A part that the plan does not have.
    #[error("{}", tr::tr!("there is no part {}. Expected: 1 to {}", part, parts))]
    NoPart {
        /// What was asked for.
        part: usize,
        /// How many parts there are.
        parts: usize,
    },
    /// A file that is damaged, of another part, or of another plan.
    #[error("{}", tr::tr!("{}: {}. Expected: {}. Fix: {}", path.display(), translated(what), expected, translated(fix)))]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
        /// What was expected.
        expected: String,
        /// What to do.
        fix: &'static str,
    },
}

impl WorkError {
    /// Whether trying again later may help. Where a file is missing or cannot be read, a shared folder may be out of reach.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Randomness(_) | Self::NoPlan { .. })
    }
}

/// A file that cannot be read: damaged, of another part or plan, or out of reach.
pub(super) fn foreign(path: &Path, error: io::Error, expected: &str, fix: &'static str) -> WorkError {
    match error.kind() {
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof | ErrorKind::InvalidInput => WorkError::Foreign {
            path: path.to_owned(),
            what: translatable!("it is damaged, of another part or of another plan"),
            expected: expected.to_owned(),
            fix,
        },
        _ => IoError::at(path, "cannot be read")(error).into(),
    }
}
