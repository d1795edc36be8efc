//! What comes before a head is signed, in a build and in a patch alike: its serial, its time, and that no secret is published.

use crate::clock::{ClockError, now};
use bilik::DAY_SECONDS;
use bilik::format::Head;
use std::path::{Path, PathBuf};

/// When a demo with a fixed seed is signed: 14 February 2024, which is in the past for any reader.
const SEEDED_SIGNING_TIME: u64 = 1_707_868_800;

/// Now; with a seed always the same time, since the bytes must repeat.
pub(crate) fn signing_time(seed: Option<u64>) -> Result<u64, ClockError> {
    seed.map_or_else(now, |_| Ok(SEEDED_SIGNING_TIME))
}

/// The head with its serial: higher than that of the site that is replaced, and than that of any site signed earlier on another machine.
/// The same content from the same seed keeps its serial, so that building again changes nothing.
///
/// # Errors
/// When the serial would be more than a day after the signing, as readers refuse it.
pub(crate) fn with_serial(head: Head, before: Option<&Head>, is_seeded: bool) -> Result<Head, ClockError> {
    let serial = before.map_or(head.signed_at, |before| {
        let same = Head { serial: before.serial, ..head.clone() };
        if is_seeded && same == *before { before.serial } else { head.signed_at.max(before.serial.saturating_add(1)) }
    });
    match before {
        Some(before) if serial > head.signed_at.saturating_add(DAY_SECONDS) => {
            Err(ClockError::BehindTheSite { serial: before.serial })
        }
        _ => Ok(Head { serial, ..head }),
    }
}

/// A secret inside the site's folder would be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", tr::tr!("{}: refusing to publish: this secret is inside the site directory {}. Fix: move it out", secret.display(), site.display()))]
pub struct SecretInsideError {
    /// The election folder or the secret key.
    pub secret: PathBuf,
    /// The site.
    pub site: PathBuf,
}

/// Refuses a site that contains the roll or a secret key.
pub(crate) fn refuse_secrets_inside<'a>(
    site: &Path,
    secrets: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), SecretInsideError> {
    let site = resolve(site);
    let is_inside = |secret: &&PathBuf| resolve(secret).starts_with(&site);
    match secrets.into_iter().find(is_inside) {
        Some(secret) => Err(SecretInsideError { secret: secret.clone(), site }),
        None => Ok(()),
    }
}

/// A path without links, as far as it exists.
fn resolve(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = whole.ancestors().find_map(|ancestor| Some((ancestor, ancestor.canonicalize().ok()?)));
    existing.map_or_else(
        || whole.clone(),
        |(ancestor, resolved)| whole.strip_prefix(ancestor).map_or(resolved.clone(), |rest| resolved.join(rest)),
    )
}
