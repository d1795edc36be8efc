//! Why the pages of the stations cannot be made.

use crate::app::AppError;
use crate::cancel::Interrupted;
use crate::io_error::IoError;
use bilik::lookup::Problem;

/// Why the pages of the stations cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum StationPagesError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A file that they are made from is missing or damaged.
    #[error("{}/{}: {}", .0.source, .0.file, .0.reason)]
    File(Problem),
    /// The templates cannot be filled in.
    #[error(transparent)]
    App(#[from] AppError),
    /// A page cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}

impl From<Problem> for StationPagesError {
    fn from(problem: Problem) -> Self {
        Self::File(problem)
    }
}
