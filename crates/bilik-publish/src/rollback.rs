//! Back to an earlier manifest of a site, as a new head with a higher serial: for a build or a patch that should not have been
//! published. The earlier files must still be there; all of them are verified before anything is signed.

use crate::app::{MAX_SITE_FILE, SITE_FILE, SiteFile};
use crate::cancel::{CancellationToken, Interrupted};
use crate::clock::{ClockError, now};
use crate::io_error::IoError;
use crate::release::{SecretInsideError, refuse_secrets_inside, with_serial};
use crate::signing::{Signers, SigningError};
use crate::source::Site;
use crate::staging::{HEADS, Staging, StagingError, Written, earlier_heads};
use crate::station_pages::{Scope, StationPagesError, write_pages};
use crate::verify::{check_files_of_head, unlike_signed};
use bilik::format::{self, FormatError, Head, PublicKey, Trust, TrustError};
use bilik::lookup::{Problem, Source as _};
use std::fs;
use std::path::PathBuf;

/// What to go back to.
#[derive(Clone, Debug)]
pub struct RollbackOptions {
    /// The site's folder.
    pub site: PathBuf,
    /// Which head to go back to.
    pub to: EarlierHead,
    /// The secret keys that sign.
    pub keys: Vec<PathBuf>,
    /// Other keys sign afterwards: fewer signatures than pages demand will do.
    pub signatures_follow: bool,
}

/// A head that a site had before.
#[derive(Clone, Debug)]
pub enum EarlierHead {
    /// The last one with another manifest than the site's.
    Last,
    /// The one with this serial.
    Serial(u64),
    /// A copy of it.
    Copy(PathBuf),
}

/// Whether the site went back.
#[derive(Debug)]
pub enum RollbackOutcome {
    /// It did.
    RolledBack(Box<RolledBack>),
    /// Files of the earlier manifest are missing or damaged; nothing was written.
    Refused(Vec<Problem>),
}

/// What was published.
#[derive(Clone, Debug)]
pub struct RolledBack {
    /// The serial before.
    pub from: u64,
    /// The serial of the earlier head, and when it was signed.
    pub earlier: (u64, u64),
    /// The serial now.
    pub serial: u64,
    /// Files that were verified.
    pub files: u64,
    /// Who signed.
    pub signed_by: Vec<PublicKey>,
    /// Facts of the election that the page, which stays, says otherwise than the data now: name, what the page says, what the data says.
    pub page_differs: Vec<(String, String, String)>,
}

/// Why a site does not go back. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RollbackError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A file cannot be read or trusted.
    #[error("{}/{}: {}", .0.source, .0.file, .0.reason)]
    File(Problem),
    /// The site keeps no such head.
    #[error("{}", tr::tr!("{}: it keeps no head{} (kept: {}). Fix: give --head with a copy of the earlier head.bilik", site.join(HEADS).display(), wanted.map_or(tr::tr!(" of another manifest than its own"), |serial| tr::tr!(" of serial {}", serial)), if kept.is_empty() { tr::tr!("none") } else { kept.iter().map(u64::to_string).collect::<Vec<_>>().join(", ") }))]
    NotKept {
        /// The site.
        site: PathBuf,
        /// The serial that was asked for, if one was.
        wanted: Option<u64>,
        /// The serials that it keeps.
        kept: Vec<u64>,
    },
    /// The earlier head is not one of this site's.
    #[error("{}: {reason}", head.display())]
    Head {
        /// Its path.
        head: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The site's page would refuse the new head.
    #[error("{}", tr::tr!("the page demands {} signatures by {}. Given keys among them: {}. Fix: give --key for each key that must sign", threshold, crate::signing::listed(keys), known))]
    PageRefuses {
        /// How many signatures it demands.
        threshold: usize,
        /// The keys that it trusts.
        keys: Vec<PublicKey>,
        /// How many of the given keys it trusts.
        known: usize,
    },
    /// The keys do not go together.
    #[error("{}", tr::tr!("the keys of the page: {}", _0))]
    Trust(#[from] TrustError),
    /// A secret is inside the site.
    #[error(transparent)]
    SecretInside(#[from] SecretInsideError),
    /// The keys cannot be used.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The machine's clock cannot be used.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The site cannot be published.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// The pages of the stations cannot be made.
    #[error("the pages of the stations: {0}")]
    StationPages(#[from] StationPagesError),
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// Publishes an earlier manifest again, under a serial that is higher than any before. The page and all data files stay;
/// the pages of the stations say again what they said then.
///
/// # Errors
/// Says what is wrong with keys, heads or site. Files that are missing are not an error but [`RollbackOutcome::Refused`].
pub fn rollback(options: &RollbackOptions, cancel: &CancellationToken) -> Result<RollbackOutcome, RollbackError> {
    refuse_secrets_inside(&options.site, &options.keys)?;
    let signers = Signers::read(&options.keys)?;
    let site = Site::Folder(options.site.clone());
    let bytes = site.read(SITE_FILE, MAX_SITE_FILE).map_err(RollbackError::File)?;
    let unreadable = |reason: String| RollbackError::File(Problem::unreachable(&site.name(), SITE_FILE, reason));
    let page = SiteFile::parse(&bytes).map_err(|error| unreadable(error.to_string()))?;
    let (threshold, keys) = (page.threshold, page.public_keys.clone());
    let known = signers.public_keys().iter().filter(|key| keys.contains(key)).count();
    let is_enough = if options.signatures_follow { known == options.keys.len() } else { known >= threshold };
    if !is_enough {
        return Err(RollbackError::PageRefuses { threshold, keys, known });
    }
    let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let trust = Trust::new(texts.iter().map(String::as_str), threshold, None)?;
    // What others have not signed yet, or refused to sign, can be undone by those who sign.
    let current = Trust::new(texts.iter().map(String::as_str), if options.signatures_follow { 1 } else { threshold }, None)?;
    let staging = Staging::new(&options.site, cancel)?;
    let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(RollbackError::File)?;
    let refused = |error: FormatError| RollbackError::File(Problem::refused(&site.name(), format::HEAD_PATH, &error));
    let before = Head::read(&bytes, &current).map_err(refused)?;
    let path = earlier_head(options, &before, &trust)?;
    let not_earlier = |reason: String| RollbackError::Head { head: path.clone(), reason };
    let bytes = fs::read(&path).map_err(IoError::at(&path, "cannot be read"))?;
    let earlier = Head::read(&bytes, &trust).map_err(|error| not_earlier(error.to_string()))?;
    let now = now()?;
    if earlier.election != before.election {
        return Err(not_earlier(tr::tr!("of another election, {}. Expected: {}", earlier.election, before.election)));
    }
    if earlier.serial >= before.serial || earlier.manifest == before.manifest {
        let (got, current) = (earlier.serial, before.serial);
        return Err(not_earlier(tr::tr!(
            "serial {}. Expected: an earlier serial than {}, the site's, with another manifest",
            got,
            current
        )));
    }
    if before.expires <= now {
        return Err(not_earlier(tr::tr!("the election is over, and the site has expired")));
    }
    let Head { manifest, provinces, .. } = earlier;
    let head = Head { signed_at: now.max(before.signed_at), manifest, provinces, ..before.clone() };
    let head = with_serial(head, Some(&before), false)?;
    let signed = signers.sign(&head)?;
    let signed_now = Trust::new(texts.iter().map(String::as_str), known.min(threshold), None)?;
    let found = check_files_of_head(&site, &signed, &signed_now, cancel);
    cancel.check()?;
    if !found.problems.is_empty() {
        return Ok(RollbackOutcome::Refused(found.problems));
    }
    write_pages(&staging, Some(&site), &page, &head.manifest, &Scope::All, cancel)?;
    staging.add_bytes(format::HEAD_PATH, &signed, &mut Written::default())?;
    staging.publish(false, cancel)?;
    Ok(RollbackOutcome::RolledBack(Box::new(RolledBack {
        from: before.serial,
        earlier: (earlier.serial, earlier.signed_at),
        serial: head.serial,
        files: found.files,
        signed_by: signers.public_keys(),
        page_differs: found.signed.iter().flat_map(|signed| unlike_signed(&page, signed)).collect(),
    })))
}

/// Where the head lies that is wanted.
fn earlier_head(options: &RollbackOptions, before: &Head, trust: &Trust) -> Result<PathBuf, RollbackError> {
    let kept = earlier_heads(&options.site);
    let head_at = |path: &PathBuf| fs::read(path).ok().and_then(|bytes| Head::read(&bytes, trust).ok());
    // A site that went back already has the manifest of an earlier head: from there it goes further back, and never forward.
    let heads = || kept.iter().filter_map(|(serial, path)| Some((*serial, head_at(path)?.manifest)));
    let origin = heads().filter(|(_, manifest)| *manifest == before.manifest).map(|(serial, _)| serial).min();
    let origin = origin.unwrap_or(before.serial);
    let is_before =
        |(serial, path): &&(u64, PathBuf)| *serial < origin && head_at(path).is_some_and(|head| head.manifest != before.manifest);
    let (wanted, found) = match &options.to {
        EarlierHead::Copy(path) => return Ok(path.clone()),
        EarlierHead::Serial(serial) => (Some(*serial), kept.iter().find(|(kept, _)| kept == serial)),
        EarlierHead::Last => (None, kept.iter().find(is_before)),
    };
    let serials = || kept.iter().map(|(serial, _)| *serial).collect();
    let missing = || RollbackError::NotKept { site: options.site.clone(), wanted, kept: serials() };
    found.map(|(_, path)| path.clone()).ok_or_else(missing)
}
