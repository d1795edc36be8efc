//! Why there is no report.

use crate::cancel::Interrupted;
use crate::io_error::IoError;
use bilik::lookup::Problem;
use std::path::PathBuf;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file of the site is missing or refused.
    #[error("{}", tr::tr!("{}/{}: {}. Fix: `bilik verify` lists every file that is missing or refused", _0.source, _0.file, _0.reason))]
    File(Problem),
    /// The older site, the roll or the certificate is of another election.
    #[error("{}", tr::tr!("{}: it is of the election {}, but the site is of {}", what, got, expected))]
    AnotherElection {
        /// What was given.
        what: String,
        /// The site's election.
        expected: String,
        /// Its election.
        got: String,
    },
    /// The certificate is of another head.
    #[error("{}", tr::tr!("{}: it certifies serial {}, but the site has serial {} or another head. Fix: verify this site", certificate, got, expected))]
    AnotherHead {
        /// The certificate.
        certificate: String,
        /// The site's serial.
        expected: u64,
        /// The certificate's.
        got: u64,
    },
    /// Something else is where the page is to be.
    #[error("{}", tr::tr!("{}: exists and is not a report, so it is not replaced. Fix: give another --out", _0.display()))]
    OtherFile(PathBuf),
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The page cannot be filled in.
    #[error("{}", tr::tr!("the page of the report cannot be filled in: {}", _0))]
    Template(#[from] minijinja::Error),
    /// The page cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}
