//! Why a region cannot be packed.

use crate::app::AppError;
use crate::io_error::IoError;
use bilik::format::{Code, TrustError};
use bilik::lookup::Problem;
use std::path::PathBuf;

/// Why a region cannot be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file of the site is missing or refused.
    #[error("{}. Fix: run `bilik verify` on the site", line(.0))]
    File(Problem),
    /// It cannot be read what the site's page says.
    #[error("{}. Expected: a site with its page, as `bilik build` writes it; a mirror of the data alone cannot be packed", line(.0))]
    NoSiteFile(Problem),
    /// The site has expired.
    #[error("the site expired at {expires}, so a pack of it would not answer. Fix: build or patch the election first")]
    Expired {
        /// Until when it answered.
        expires: String,
    },
    /// The code is not that of a regency or a district of the site.
    #[error("{code}: no such {level} in this site. Expected: {expected}")]
    NoSuchRegion {
        /// What was given.
        code: String,
        /// `regency` or `district`.
        level: &'static str,
        /// Which codes there are.
        expected: String,
    },
    /// No voter has a NIK of that region.
    #[error("{code}: no voter's NIK begins with these digits, so a pack of it would find nobody. Fix: pack {} instead", .regency.map_or("another region".to_owned(), |code| format!("regency {code}")))]
    NoVoters {
        /// The region's code.
        code: String,
        /// The regency around it, where voters have NIKs of that.
        regency: Option<Code>,
    },
    /// Something else is where the pack is to be.
    #[error("{}: exists and is not a pack, so it is not replaced. Fix: give another name for the pack", .0.display())]
    OtherFile(PathBuf),
    /// The keys do not make a trust.
    #[error("--public-key: {0}")]
    Trust(#[from] TrustError),
    /// The web app cannot be read.
    #[error(transparent)]
    App(#[from] AppError),
    /// The pack cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// A problem in one line.
fn line(problem: &Problem) -> String {
    let Problem { source, file, reason, .. } = problem;
    format!("{}/{file}: {reason}", source.trim_end_matches('/'))
}
