//! Why the voters of a roll cannot be checked.

use crate::cancel::Interrupted;
use crate::derive::DeriveError;
use crate::partition::PartitionError;
use crate::randomness::RandomnessError;
use crate::source::SourceError;
use bilik::lookup::Problem;

/// Why the voters of a roll cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The site cannot be opened.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The spooled roll cannot be read.
    #[error(transparent)]
    Partition(#[from] PartitionError),
    /// A file of the site is unreachable or refused.
    #[error("{}: {}", .0.file, .0.reason)]
    File(Problem),
    /// The site has expired.
    #[error("{}", tr::tr!("the head has expired, so no page answers any more. Fix: build again"))]
    Expired,
    /// Keys cannot be derived.
    #[error(transparent)]
    Derive(DeriveError),
    /// The operating system gives no random bytes, so no sample can be drawn.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
}

impl From<DeriveError> for VerifyError {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::Interrupted(interrupted) => Self::Interrupted(interrupted),
            error => Self::Derive(error),
        }
    }
}
