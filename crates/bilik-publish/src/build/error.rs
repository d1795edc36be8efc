//! Why a site cannot be built.

use crate::app::AppError;
use crate::cancel::Interrupted;
use crate::clock::ClockError;
use crate::io_error::IoError;
use crate::layout::LayoutError;
use crate::partition::PartitionError;
use crate::problem::{InputProblem, Unreadable};
use crate::randomness::RandomnessError;
use crate::rejects::RejectsError;
use crate::release::SecretInsideError;
use crate::seal::SealError;
use crate::signing::SigningError;
use crate::staging::StagingError;
use bilik::format::Code;
use std::path::PathBuf;

/// Why a site cannot be built. The previous site is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The input cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Every line can be used, but there is nothing to publish: the election is over, or the roll has no voter.
    #[error("{0}")]
    NothingToPublish(Box<InputProblem>),
    /// More lines were rejected than allowed.
    #[error("{rejected} lines of the input are rejected: see {}", rejects.display())]
    Rejected {
        /// How many.
        rejected: u64,
        /// The rejects file.
        rejects: PathBuf,
    },
    /// The roll cannot be partitioned.
    #[error(transparent)]
    Partition(#[from] PartitionError),
    /// The rejects file cannot be written.
    #[error(transparent)]
    Rejects(#[from] RejectsError),
    /// A secret is inside the site's folder.
    #[error(transparent)]
    SecretInside(#[from] SecretInsideError),
    /// The site's path has a site of another election.
    #[error("{}: the site there is of another election, {election}. Fix: give another --out, or remove that site", site.display())]
    AnotherElection {
        /// The site.
        site: PathBuf,
        /// Its election.
        election: String,
    },
    /// The keys cannot be used.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// Stations cannot be numbered.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// A regency's code does not fit a directory.
    #[error("the code of regency {0} is out of range")]
    Regency(Code),
    /// Stations would be in no directory.
    #[error("regions.csv: some stations are in regions that belong to no regency")]
    StationsOutside,
    /// A directory exceeds its limits, or cannot be written.
    #[error("the directory of regency {regency:04}: {error}")]
    Directory {
        /// The regency; 0 for the prefixes in no regency.
        regency: u16,
        /// What is wrong.
        error: StagingError,
    },
    /// Voters cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The machine's clock cannot be used.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The web app cannot be written.
    #[error(transparent)]
    App(#[from] AppError),
    /// The site cannot be staged or published.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}
