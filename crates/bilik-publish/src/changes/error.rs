//! Why two election folders cannot be compared.

use crate::cancel::Interrupted;
use crate::io_error::IoError;
use crate::partition::PartitionError;
use crate::problem::Unreadable;
use std::path::PathBuf;

/// Why two election folders cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The earlier election folder cannot be read.
    #[error("{}", tr::tr!("the earlier election folder {} cannot be read: {}", folder.display(), problems))]
    Earlier {
        /// The folder.
        folder: PathBuf,
        /// Why.
        problems: Unreadable,
    },
    /// The earlier roll is read twice, and was not the same both times.
    #[error("{}", tr::tr!("{}: the earlier roll changed while it was read. Expected: the same files in all passes. Fix: run again", folder.display()))]
    EarlierChanged {
        /// The folder.
        folder: PathBuf,
    },
    /// The roll cannot be read, or its scratch files cannot be written.
    #[error(transparent)]
    Partition(#[from] PartitionError),
    /// A list of changes is never overwritten.
    #[error("{}", tr::tr!("{}: exists already, and a list of changes is never overwritten. Fix: give another --changes", path.display()))]
    ListExists {
        /// What is there.
        path: PathBuf,
    },
    /// The list cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}
