//! A witness looks at a site from outside, through all of its mirrors, and states what it saw: this head, at this time.
//!
//! Data flows one way: mirrors → the newest head → the witness's own log → the statement. What the log does not hold is not stated,
//! and the log refuses a head that contradicts it, so that a witness says of an election that it has seen one row of heads.

mod error;
mod head_log;
mod mirror;

use crate::cancel::CancellationToken;
use crate::clock::now;
use crate::durable::{NewFile, may_replace};
use crate::io_error::IoError;
use crate::signing;
use bilik::format::{Head, PublicKey, Trust, WitnessStatement};
use bilik::iso_utc;
use ed25519_dalek::{Signer as _, SigningKey};
pub use error::WitnessError;
pub use head_log::{HeadLog, HeadLogError, LoggedHead};
pub use mirror::{MirrorReport, MirrorState};
use mirror::{Sight, look_at};
use serde::Serialize;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What statements begin with (docs/format.md).
const MARK: &[u8] = b"BILIKw";

/// What to look at, and where what was seen goes.
#[derive(Clone, Debug)]
pub struct WitnessOptions {
    /// Every mirror of the site, by address or folder.
    pub sites: Vec<String>,
    /// The operator's keys.
    pub trust: Trust,
    /// The witness's secret key.
    pub key: PathBuf,
    /// The statement's file.
    pub out: PathBuf,
    /// The log of all heads that were seen.
    pub log: PathBuf,
}

/// What a look came to.
#[derive(Debug)]
pub enum WitnessOutcome {
    /// A statement was written.
    Stated(Box<Stated>),
    /// No mirror has a head that can be stated; nothing was written.
    NoHead(Vec<MirrorReport>),
    /// What was seen contradicts what was seen before, or elsewhere; nothing was stated.
    Contradicted(Contradiction, Vec<MirrorReport>),
}

/// What was stated.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stated {
    /// The election's id.
    pub election: String,
    /// The serial of the head.
    pub serial: u64,
    /// When the operator signed it.
    pub signed_at: String,
    /// When it was seen.
    pub seen_at: String,
    /// The head's digest, in hex.
    pub head: String,
    /// The witness's public key.
    pub witness: String,
    /// Where mirrors serve the statement.
    pub path: String,
    /// The same as a signed note, for other tools.
    pub note: String,
    /// How many heads the log has.
    pub heads: usize,
    /// Whether this head is new in it.
    pub is_new: bool,
    /// What each mirror has.
    pub mirrors: Vec<MirrorReport>,
}

/// Two heads of which at most one can be right. The files of both are kept: anybody can check the signatures on them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "contradiction")]
pub enum Contradiction {
    /// Two heads of one serial.
    #[serde(rename_all = "camelCase")]
    TwoHeads {
        /// The serial.
        serial: u64,
        /// The mirror that gave the second.
        site: String,
        /// Who gave the first: a mirror, or the log.
        first: String,
        /// The file with the second one.
        kept: PathBuf,
    },
    /// The newest head of all mirrors is older than one that was seen before.
    #[serde(rename_all = "camelCase")]
    GoesBack {
        /// The serial that was seen before.
        seen: u64,
        /// The one that is there now.
        serial: u64,
        /// The mirror that has it.
        site: String,
    },
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::TwoHeads { serial, site, first, kept } => tr::tr!(
                "two heads have serial {}: {} serves another one than {}. Both are signed by the operator: voters can be shown two rolls. Kept as proof: {}",
                serial,
                site,
                first,
                kept.display()
            ),
            Self::GoesBack { seen, serial, site } => tr::tr!(
                "the site goes back: serial {} was seen before, and the newest head now has serial {}, at {}. Fix: ask the operator; if only caches are old, look again later",
                seen,
                serial,
                site
            ),
        })
    }
}

/// Looks at all mirrors once, remembers what it saw, and writes the statement.
///
/// # Errors
/// When a mirror's address is not one, the log cannot be used, or a file cannot be read or written.
pub fn witness(options: &WitnessOptions, cancel: &CancellationToken) -> Result<WitnessOutcome, WitnessError> {
    let key = signing::read(&options.key)?;
    refuse_other(options)?;
    let mut log = HeadLog::open(&options.log)?;
    // Before the first mirror answers: a statement never claims to be newer than what it is about.
    let time = now()?;
    if let Some(last) = log.last().filter(|last| last.seen > time) {
        return Err(WitnessError::ClockWentBack { now: iso_utc(time), last: iso_utc(last.seen) });
    }
    let mut seen: Vec<Sight> = Vec::new();
    let mut mirrors = Vec::new();
    for site in &options.sites {
        cancel.check()?;
        match look_at(site, &options.trust, time, cancel)? {
            Ok(sight) => seen.push(sight),
            Err(report) => mirrors.push(report),
        }
    }
    cancel.check()?;
    let Some(newest) = newest(&seen, log.last().map(|last| &last.head)) else {
        mirrors.extend(seen.iter().map(Sight::of_another_election));
        return Ok(WitnessOutcome::NoHead(mirrors));
    };
    mirrors.extend(seen.iter().map(|sight| sight.report(&newest.head)));
    if let Some(contradiction) = contradiction(&seen, &newest, &log)? {
        return Ok(WitnessOutcome::Contradicted(contradiction, mirrors));
    }
    // On the disk before anybody can see the statement.
    let is_new = log.add(&newest.bytes, time)?;
    let statement = WitnessStatement::of(&newest.head, time).ok_or(WitnessError::Head)?;
    let bytes = sign(&statement, &key)?;
    write(options, &bytes)?;
    let public = PublicKey::of(key.verifying_key());
    Ok(WitnessOutcome::Stated(Box::new(Stated {
        election: newest.head.election.clone(),
        serial: newest.head.serial,
        signed_at: iso_utc(newest.head.signed_at),
        seen_at: iso_utc(time),
        head: base16ct::lower::encode_string(&statement.head),
        witness: public.to_string(),
        path: WitnessStatement::path(&public),
        note: note(&statement, &bytes, &key),
        heads: log.heads().len(),
        is_new,
        mirrors,
    })))
}

/// An earlier statement may be replaced, and nothing else: the key and the log lie nearby.
fn refuse_other(WitnessOptions { out, log, .. }: &WitnessOptions) -> Result<(), WitnessError> {
    let whole = |path: &Path| std::path::absolute(path).map_err(IoError::at(path, "not a usable path"));
    if whole(out)? != whole(log)? && may_replace(out, MARK)? { Ok(()) } else { Err(WitnessError::OtherFile(out.clone())) }
}

/// The newest head of this election; where nothing was seen before, of the one that was signed last.
fn newest(seen: &[Sight], before: Option<&Head>) -> Option<Sight> {
    let is_of_election = |sight: &&Sight| before.is_none_or(|before| before.election == sight.head.election);
    let mut newest: Option<&Sight> = None;
    for sight in seen.iter().filter(is_of_election) {
        if newest.is_none_or(|newest| sight.head.is_newer_than(&newest.head)) {
            newest = Some(sight);
        }
    }
    newest.cloned()
}

fn contradiction(seen: &[Sight], newest: &Sight, log: &HeadLog) -> Result<Option<Contradiction>, WitnessError> {
    let of_election: Vec<&Sight> = seen.iter().filter(|sight| sight.head.election == newest.head.election).collect();
    for (at, sight) in of_election.iter().enumerate() {
        let is_other = |head: &Head| head.serial == sight.head.serial && *head != sight.head;
        let in_log = log.heads().iter().find(|logged| is_other(&logged.head)).map(|_| log.path().display().to_string());
        let first =
            in_log.or_else(|| of_election.iter().take(at).find(|other| is_other(&other.head)).map(|other| other.site.clone()));
        if let Some(first) = first {
            let kept = log.keep_proof(&sight.head, &sight.bytes)?;
            // The log has the other, or it is another mirror's.
            if let Some(other) = of_election.iter().take(at).find(|other| is_other(&other.head)) {
                log.keep_proof(&other.head, &other.bytes)?;
            }
            return Ok(Some(Contradiction::TwoHeads { serial: sight.head.serial, site: sight.site.clone(), first, kept }));
        }
    }
    let seen = log.last().map_or(0, |last| last.head.serial);
    let goes_back = || Contradiction::GoesBack { seen, serial: newest.head.serial, site: newest.site.clone() };
    Ok((newest.head.serial < seen).then(goes_back))
}

/// The statement's file.
fn sign(statement: &WitnessStatement, key: &SigningKey) -> Result<Vec<u8>, WitnessError> {
    let signature = key.sign(statement.message().as_bytes());
    Ok(statement.to_bytes(&PublicKey::of(key.verifying_key()), &signature)?)
}

/// Whole or not there, so that a server never sends half of it.
fn write(options: &WitnessOptions, bytes: &[u8]) -> Result<(), WitnessError> {
    let out = std::path::absolute(&options.out).map_err(IoError::at(&options.out, "cannot be written"))?;
    let mut file = NewFile::new(&out)?;
    file.write_all(bytes).map_err(IoError::at(&out, "cannot be written"))?;
    file.let_everyone_read()?;
    Ok(file.persist()?)
}

/// A signed note of C2SP with a cosignature. The witness's name in it is the id of its key.
fn note(statement: &WitnessStatement, bytes: &[u8], key: &SigningKey) -> String {
    use base64ct::{Base64, Encoding as _};
    use sha2::{Digest as _, Sha256};
    let public = key.verifying_key();
    let name = base16ct::lower::encode_string(&PublicKey::of(public).id());
    let id = Sha256::new().chain_update(&name).chain_update(b"\n\x04").chain_update(public.as_bytes()).finalize();
    let signature = bytes.last_chunk::<64>().copied().unwrap_or([0; 64]);
    let line =
        [id.first_chunk::<4>().copied().unwrap_or_default().as_slice(), &statement.time.to_be_bytes(), &signature].concat();
    format!("{}\n\u{2014} {name} {}\n", statement.checkpoint(), Base64::encode_string(&line))
}

#[cfg(test)]
mod tests;
