//! Why a site cannot be patched.

use crate::cancel::Interrupted;
use crate::clock::ClockError;
use crate::io_error::IoError;
use crate::layout::LayoutError;
use crate::problem::Unreadable;
use crate::release::SecretInsideError;
use crate::signing::SigningError;
use crate::staging::StagingError;
use crate::station_pages::StationPagesError;
use bilik::format::{self, Code, FormatError, PublicKey, TrustError};
use bilik::lookup::Problem;
use std::path::PathBuf;

/// How many reasons for refusing are listed; the others are counted.
const MAX_LISTED: usize = 20;

/// Why a site cannot be patched. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The input cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// There is no site.
    #[error("{}", tr::tr!("{}: not a site: it has no {}. Fix: give the folder of `bilik build --out`", site.display(), format::HEAD_PATH))]
    NoSite {
        /// The folder.
        site: PathBuf,
    },
    /// The site is of another election.
    #[error("{}", tr::tr!("{}: the site there is of another election, {}. Expected: {}, as in election.toml", site.display(), election, expected))]
    AnotherElection {
        /// The site.
        site: PathBuf,
        /// Its election.
        election: String,
        /// That of election.toml.
        expected: String,
    },
    /// The site has expired.
    #[error("{}", tr::tr!("{}: the election is over (the site expired {}): no page would show an answer", site.display(), expired))]
    Expired {
        /// The site.
        site: PathBuf,
        /// When it expired, in UTC.
        expired: String,
    },
    /// Too few of the known keys signed the site.
    #[error("{}", tr::tr!("{}: {}; the threshold in election.toml is {}. Fix: give each --key that signed this site, or add its public half to public_keys in election.toml; a site with fewer signatures must be built again", head, error, threshold))]
    Untrusted {
        /// Path of the head.
        head: String,
        /// Why it is refused.
        error: FormatError,
        /// How many signatures are needed.
        threshold: usize,
    },
    /// The site's page would refuse the new head.
    #[error("{}", tr::tr!("{}: the page demands {} signatures by {}. Given keys among them: {}. Fix: give --key for each key that must sign", page, threshold, crate::signing::listed(keys), known))]
    PageRefuses {
        /// Path of the page.
        page: String,
        /// How many signatures it demands.
        threshold: usize,
        /// The keys that it trusts.
        keys: Vec<PublicKey>,
        /// How many of the given keys it trusts.
        known: usize,
    },
    /// A file of the site is missing or damaged.
    #[error("{}", tr::tr!("{}/{}: {}. A damaged site is never signed. Fix: copy this file from a mirror that `bilik verify` accepts", _0.source, _0.file, _0.reason))]
    Damaged(Problem),
    /// The head cannot be read.
    #[error("{}", tr::tr!("the head: {}", _0))]
    Head(FormatError),
    /// The files of the site contradict each other.
    #[error("{}", tr::tr!("{}. Fix: run `bilik build`", _0))]
    Inconsistent(String),
    /// The new stations need new tables.
    #[error("{}", tr::tr!("nothing was patched.\n{}\nExpected: every published station, with its id, in its district; new ones only in villages of the site. Fix: correct {}; if the change is intended, run `bilik build`", listed(reasons), file))]
    Impossible {
        /// What a patch cannot do, each with its place.
        reasons: Vec<String>,
        /// The stations file.
        file: String,
    },
    /// The site has contacts, and the election folder has no file of them.
    #[error("{}", tr::tr!("nothing was patched: the site has a contact for regency {}, and the election folder has no contacts.csv. Fix: copy contacts.csv to this machine; if no regency is to have a contact any more, let it have its header alone", regency))]
    NoContacts {
        /// The first regency that has one.
        regency: Code,
    },
    /// A secret is inside the site's folder.
    #[error(transparent)]
    SecretInside(#[from] SecretInsideError),
    /// The keys cannot be used.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The keys and the threshold do not go together.
    #[error("{}", tr::tr!("the given keys and election.toml: {}", _0))]
    Trust(#[from] TrustError),
    /// Stations cannot be numbered.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The machine's clock cannot be used.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The site cannot be staged or published.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// The pages of the stations cannot be made.
    #[error("the pages of the stations: {0}")]
    StationPages(#[from] StationPagesError),
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}

fn listed(reasons: &[String]) -> String {
    let mut lines: Vec<String> = reasons.iter().take(MAX_LISTED).cloned().collect();
    if reasons.len() > MAX_LISTED {
        lines.push(tr::tr!("and {} more", reasons.len() - MAX_LISTED));
    }
    lines.join("\n")
}
