//! Why a witness cannot look, or cannot state what it saw.

use super::head_log::HeadLogError;
use crate::cancel::Interrupted;
use crate::clock::ClockError;
use crate::io_error::IoError;
use crate::signing::SigningError;
use crate::source::SourceError;
use bilik::format::StatementError;
use std::path::PathBuf;

/// Why a witness cannot look, or cannot state what it saw.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A mirror's address is not one.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The witness's key cannot be used.
    #[error(transparent)]
    Key(#[from] SigningError),
    /// The log of heads cannot be used.
    #[error(transparent)]
    Log(#[from] HeadLogError),
    /// The machine's clock cannot be used.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The machine's clock was set back.
    #[error("{}", tr::tr!("this machine's clock says {}, but the log has a head that was first seen {}. Fix: set the clock", now, last))]
    ClockWentBack {
        /// What the clock says.
        now: String,
        /// When the last head was first seen.
        last: String,
    },
    /// The statement cannot be made.
    #[error("{}", tr::tr!("the statement: {}", _0))]
    Statement(#[from] StatementError),
    /// The head is none.
    #[error("{}", tr::tr!("the head has an invalid election id"))]
    Head,
    /// Something else is where the statement is to be.
    #[error("{}", tr::tr!("{}: exists and is not a statement, so it is not replaced. Fix: give another --out", _0.display()))]
    OtherFile(PathBuf),
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
}

impl WitnessError {
    /// Whether the next look may succeed though nobody changes anything.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Io(_) | Self::Clock(_) | Self::ClockWentBack { .. } => true,
            Self::Log(error) => matches!(error, HeadLogError::InUse { .. } | HeadLogError::Io(_)),
            _ => false,
        }
    }
}
