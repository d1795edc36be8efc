//! What one mirror has: a head that verifies and its manifest, or why not.

use crate::cancel::CancellationToken;
use crate::source::{Site, SourceError};
use crate::verify::require_parts;
use bilik::format::{self, FormatError, Head, Kind, Manifest, Trust};
use bilik::iso_utc;
use bilik::lookup::{Problem, Source as _};
use serde::Serialize;
use std::time::Duration;

/// All that is asked of one mirror takes this long at most.
const MAX_TIME: Duration = Duration::from_secs(60);
/// By how much the operator's clock may be ahead of the witness's.
const MAX_AHEAD_SECONDS: u64 = 300;

/// What a mirror has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MirrorState {
    /// The newest head of all mirrors.
    Current,
    /// An older one.
    Older,
    /// A file that is refused.
    Refused,
    /// No answer.
    Unreachable,
}

/// What a mirror has, and why that is not the newest head.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MirrorReport {
    /// Its address.
    pub site: String,
    /// What it has.
    pub state: MirrorState,
    /// The serial of its head, if that verifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u64>,
    /// What is wrong; empty where nothing is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A head that a mirror gave, verified, with its manifest.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    /// Who gave it.
    pub site: String,
    pub head: Head,
    pub bytes: Vec<u8>,
}

impl Sight {
    /// How this mirror stands beside the newest head.
    pub fn report(&self, newest: &Head) -> MirrorReport {
        if self.head.election != newest.election {
            return self.of_another_election();
        }
        let is_older = newest.serial > self.head.serial;
        MirrorReport {
            site: self.site.clone(),
            state: if is_older { MirrorState::Older } else { MirrorState::Current },
            serial: Some(self.head.serial),
            reason: if is_older {
                tr::tr!("serial {}, signed {}", self.head.serial, iso_utc(self.head.signed_at))
            } else {
                String::new()
            },
        }
    }

    /// A head that the log has nothing to do with.
    pub fn of_another_election(&self) -> MirrorReport {
        let reason = tr::tr!("{}: of another election: {}", format::HEAD_PATH, self.head.election);
        MirrorReport { site: self.site.clone(), state: MirrorState::Refused, serial: None, reason }
    }
}

/// Asks a mirror for its head and manifest, and verifies both.
///
/// # Errors
/// When it is neither an address nor a folder.
pub(super) fn look_at(
    address: &str,
    trust: &Trust,
    time: u64,
    cancel: &CancellationToken,
) -> Result<Result<Sight, MirrorReport>, SourceError> {
    let site = Site::open(address)?.cancelled_by(cancel).within(MAX_TIME);
    Ok(verified(&site, trust, time).map_err(|problem| MirrorReport {
        site: site.name(),
        state: if problem.refused { MirrorState::Refused } else { MirrorState::Unreachable },
        serial: None,
        reason: format!("{}: {}", problem.file, problem.reason),
    }))
}

fn verified(site: &Site, trust: &Trust, time: u64) -> Result<Sight, Problem> {
    let refused = |file: &str, reason: String| Problem { refused: true, ..Problem::unreachable(&site.name(), file, reason) };
    let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN)?;
    let head = Head::read(&bytes, trust).map_err(|error| Problem::refused(&site.name(), format::HEAD_PATH, &error))?;
    if head.expires < time {
        return Err(refused(format::HEAD_PATH, tr::tr!("expired {}", iso_utc(head.expires))));
    }
    if head.signed_at > time.saturating_add(MAX_AHEAD_SECONDS) {
        let reason =
            tr::tr!("signed {}, which this machine's clock has not reached. Fix: set the clock", iso_utc(head.signed_at));
        return Err(refused(format::HEAD_PATH, reason));
    }
    let path = head.manifest.path(Kind::Manifest);
    let manifest = site.read(&path, head.manifest.stored)?;
    let manifest: Manifest =
        format::read(&manifest, &head.manifest).map_err(|error| Problem::refused(&site.name(), &path, &error))?;
    if manifest.election.id != head.election {
        return Err(Problem::refused(&site.name(), &path, &FormatError::Election));
    }
    // A browser needs them: the first stands for all.
    require_parts(site, &head, &manifest, 1)?;
    Ok(Sight { site: site.name(), head, bytes })
}
