//! Why a site cannot be staged or published.

use crate::cancel::Interrupted;
use crate::io_error::IoError;
use bilik::format::{self, FormatError};
use std::path::PathBuf;

/// Why a site cannot be staged or published.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// Something else than a folder has the site's path.
    #[error("{}", tr::tr!("{}: not a folder. Fix: give another --out", site.display()))]
    NotAFolder {
        /// The site.
        site: PathBuf,
    },
    /// The folder holds something else.
    #[error("{}", tr::tr!("{}: not a site: the folder is not empty and has no {}. Fix: give an empty folder, or another --out", site.display(), format::HEAD_PATH))]
    NotASite {
        /// The site.
        site: PathBuf,
    },
    /// The root of a file system cannot be replaced.
    #[error("{}", tr::tr!("{}: a site cannot be the root folder. Fix: give another --out", site.display()))]
    Root {
        /// The site.
        site: PathBuf,
    },
    /// Two builds of one site would overwrite each other's pages and head.
    #[error("{}", tr::tr!("{}: another build is making this site now (in {}). Fix: wait until it is done, or give another --out", site.display(), staging.display()))]
    AlreadyBuilding {
        /// The site.
        site: PathBuf,
        /// The other build's staging folder.
        staging: PathBuf,
    },
    /// Another build holds the folder for too long.
    #[error("{}", tr::tr!("{}: another build has been publishing here for a minute. Fix: try again when it is done", folder.display()))]
    Busy {
        /// The folder that the sites lie in.
        folder: PathBuf,
    },
    /// A document exceeds its limits.
    #[error("a {kind}: {error}")]
    Document {
        /// Which kind.
        kind: format::Kind,
        /// Which limit.
        error: FormatError,
    },
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A file or folder cannot be used.
    #[error(transparent)]
    Io(#[from] IoError),
}
