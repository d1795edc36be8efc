//! Why nothing was imported.

use crate::cancel::Interrupted;
use crate::csv::Fault;
use crate::io_error::IoError;
use crate::language::message;
use crate::problem::{InputProblem, ProblemKind, Unreadable};
use crate::rejects::RejectsError;
use std::path::PathBuf;

/// Why an import ended without its files.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read, or lacks columns.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
    /// Rejected lines cannot be listed.
    #[error(transparent)]
    Rejects(#[from] RejectsError),
    /// The folder has files that no import wrote.
    #[error("{}", tr::tr!("{}: it is there already, and no import wrote it; nothing was changed. Expected: a new folder, or one of an earlier import. Fix: give another folder, or move the file away", path.display()))]
    Taken {
        /// The file.
        path: PathBuf,
    },
    /// The operator's decisions would be replaced.
    #[error("{}", tr::tr!("{}: this file is written anew, and your decisions in it would be lost. Fix: copy it, such as to names.csv, and give the copy", path.display()))]
    NamesReplaced {
        /// The file.
        path: PathBuf,
    },
    /// The region of all lines is not in the regions file.
    #[error("{}", tr::tr!("no region of the regions file has the code {}. Fix: correct --within, or add the region to the regions file", .0))]
    UnknownWithin(bilik::format::Code),
    /// A column that does not exist was mapped.
    #[error("{}", tr::tr!("`{}`: there is no such column. Expected one of: {}. Fix: correct --column", column, known))]
    UnknownColumn {
        /// What was given.
        column: String,
        /// What can be given.
        known: String,
    },
}

/// What stops reading: columns are named on the command line, not in election.toml.
pub(super) fn unreadable(part: &'static str) -> impl FnOnce(Vec<Fault>) -> ImportError {
    move |faults| {
        let advised = |fault: Fault| -> InputProblem {
            let column = fault.column.clone().unwrap_or_default();
            match fault.kind {
                ProblemKind::MissingColumn | ProblemKind::DoubleColumn => {
                    fault.advising(message!("say which column it is: --column {}.{}=\"…\"", part, column))
                }
                ProblemKind::MissingFile => fault.advising("give the path of a file, a folder or a pattern"),
                _ => *fault,
            }
        };
        Unreadable(faults.into_iter().map(advised).collect()).into()
    }
}
