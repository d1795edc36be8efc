//! Why a roll cannot be partitioned.

use crate::cancel::Interrupted;
use crate::io_error::IoError;
use crate::problem::Unreadable;
use crate::randomness::RandomnessError;
use crate::roll::RollError;
use std::path::PathBuf;

/// A bigger group would exceed the memory; every real district has fewer voters.
pub(super) const MAX_IN_A_GROUP: u64 = 1_000_000;

/// Why a roll cannot be partitioned.
#[derive(Debug, thiserror::Error)]
pub enum PartitionError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The roll cannot be read to its end.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A scratch file cannot be written or read.
    #[error(transparent)]
    Io(#[from] IoError),
    /// The operating system gives no random bytes for the key of the scratch files.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The roll is read more than once, and was not the same each time.
    #[error("{}", tr::tr!("the roll changed while it was read. Expected: the same file in all passes. Fix: run again"))]
    RollChanged,
    /// The scratch files are not what was written.
    #[error("{}", tr::tr!("{}: another program changed the scratch files. Fix: run again", folder.display()))]
    ScratchChanged {
        /// The scratch folder.
        folder: PathBuf,
    },
    /// A prefix has more voters than any district.
    #[error("{}", tr::tr!("{}: {} voters have a NIK that starts with {}. Expected: a district's voters, at most {} in a table. Fix: check that the NIK column is the right one", file, voters, prefix, MAX_IN_A_GROUP))]
    GroupTooLarge {
        /// The roll's file name.
        file: String,
        /// Voters with the prefix.
        voters: u64,
        /// The first six digits.
        prefix: String,
    },
}

impl From<RollError> for PartitionError {
    fn from(error: RollError) -> Self {
        match error {
            RollError::Interrupted(interrupted) => Self::Interrupted(interrupted),
            RollError::Unreadable(unreadable) => Self::Unreadable(unreadable),
        }
    }
}
