//! Adds one signature to a site's head, on the machine of the key's holder. A two-man rule means two machines, and a holder who
//! looks first: the files are verified, and what changed since another site is told.

use crate::app::{MAX_SITE_FILE, SITE_FILE, SiteFile};
use crate::cancel::{CancellationToken, Interrupted};
use crate::io_error::IoError;
use crate::release::{SecretInsideError, refuse_secrets_inside};
use crate::signing::{Signers, SigningError};
use crate::source::Site;
use crate::staging::{FolderLock, StagingError};
use crate::verify::{SiteReport, check_app, check_files, check_pages, check_secrets};
use bilik::format::{
    self, Code, Directory, Document, FileRef, FormatError, Head, MAX_SIGNATURES, Manifest, PublicKey, Regency, Trust,
};
use bilik::lookup::{Problem, Source as _};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const CANNOT: &str = "cannot be written";
/// Where a head says how many signatures it has.
const COUNT_AT: usize = 7;

/// What to sign.
#[derive(Clone, Debug)]
pub struct CosignOptions {
    /// The site's folder.
    pub site: PathBuf,
    /// The secret key that signs.
    pub key: PathBuf,
    /// The keys that the site's page must trust, where they are known from elsewhere. Empty: those that it says it trusts.
    pub public_keys: Vec<PublicKey>,
    /// The serial that the head must have.
    pub expect_serial: Option<u64>,
    /// A site to compare with: its folder or address.
    pub against: Option<String>,
    /// Signs without looking at the files.
    pub head_only: bool,
}

/// Whether the head was signed.
#[derive(Debug)]
pub enum CosignOutcome {
    /// It was.
    Signed(Box<Cosigned>),
    /// The site is not whole; nothing was written.
    Refused(Vec<Problem>),
}

/// What was signed.
#[derive(Debug)]
pub struct Cosigned {
    /// The head.
    pub head: Head,
    /// The key that signed now.
    pub key: PublicKey,
    /// How many have signed, this one included.
    pub signatures: usize,
    /// How many the site's page demands.
    pub threshold: usize,
    /// Files that were verified first; 0 where only the head was looked at.
    pub files: u64,
    /// What changed since the other site.
    pub changes: Option<SiteChanges>,
}

/// Why a head is not signed. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A file cannot be read or trusted.
    #[error("{}/{}: {}", .0.source, .0.file, .0.reason)]
    File(Problem),
    /// Nothing says which keys pages trust.
    #[error("{}", tr::tr!("{}: has no {} that says which keys its page trusts. Fix: sign where the page is too, or give --public-key for each key", site.display(), SITE_FILE))]
    NoPins {
        /// The site.
        site: PathBuf,
    },
    /// The page trusts other keys.
    #[error("{}", tr::tr!("{}: the page trusts {}. Expected exactly the given --public-key", SITE_FILE, crate::signing::listed(keys)))]
    OtherPins {
        /// The keys that it trusts.
        keys: Vec<PublicKey>,
    },
    /// Pages do not trust the key.
    #[error("{}", tr::tr!("{}: not one of the keys that the site's page trusts: {}. Fix: give one of these keys", key, crate::signing::listed(pinned)))]
    NotPinned {
        /// The key.
        key: Box<PublicKey>,
        /// The keys that the page trusts.
        pinned: Vec<PublicKey>,
    },
    /// The key has signed already.
    #[error("{}", tr::tr!("{}: this key has signed this head already; nothing was written", _0))]
    SignedBefore(Box<PublicKey>),
    /// Another run publishes in this folder.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// A head has no room.
    #[error("{}", tr::tr!("the head has {} signatures, and no room for another", MAX_SIGNATURES))]
    Full,
    /// Somebody else signed, or a signature is wrong.
    #[error("{}", tr::tr!("head.bilik: one of its signatures is not by a key that the page trusts. Fix: do not sign it; ask who made this site"))]
    StrangeSignature,
    /// Another serial.
    #[error("{}", tr::tr!("head.bilik: serial {}. Expected: {}, as --expect-serial says. Nothing was signed", got, expected))]
    Serial {
        /// What was expected.
        expected: u64,
        /// What the head has.
        got: u64,
    },
    /// Not newer than the other site.
    #[error("{}", tr::tr!("head.bilik: serial {} of {}. Expected: newer than serial {} of the site given with --against", got, election, against))]
    NotNewer {
        /// The election.
        election: String,
        /// The head's serial.
        got: u64,
        /// The other site's.
        against: u64,
    },
    /// The head changed while it was looked at.
    #[error("{}", tr::tr!("head.bilik: replaced by another program meanwhile; nothing was written. Fix: sign again"))]
    Changed,
    /// The head is out of its limits.
    #[error("{}", tr::tr!("head.bilik: {}", _0))]
    Head(#[from] FormatError),
    /// The keys do not go together.
    #[error("{}", tr::tr!("the keys of the page: {}", _0))]
    Trust(#[from] format::TrustError),
    /// The key is inside the site.
    #[error(transparent)]
    SecretInside(#[from] SecretInsideError),
    /// The key cannot be used.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// Adds a signature to a site's head, atomically. The other signatures stay byte for byte.
///
/// # Errors
/// Says what is wrong with key, head or site. A site that is not whole is not an error but [`CosignOutcome::Refused`].
pub fn cosign(options: &CosignOptions, cancel: &CancellationToken) -> Result<CosignOutcome, CosignError> {
    refuse_secrets_inside(&options.site, [&options.key])?;
    let signers = Signers::read(std::slice::from_ref(&options.key))?;
    let site = Site::Folder(options.site.clone());
    let (pinned, threshold) = pins(options, &site)?;
    let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(CosignError::File)?;
    let head = Head::read(&bytes, &trust_of(&pinned)?).map_err(|error| refused(&site, &error))?;
    let (_, ids) = Head::read_unverified(&bytes)?;
    let is_pinned = |id: &[u8; 8]| pinned.iter().find(|key| key.id() == *id).is_some_and(|key| has_signed(&bytes, key));
    if !ids.iter().all(is_pinned) {
        return Err(CosignError::StrangeSignature);
    }
    let key = signers.public_keys().first().copied().ok_or(SigningError::Count(0))?;
    if !pinned.contains(&key) {
        return Err(CosignError::NotPinned { key: Box::new(key), pinned });
    }
    if ids.contains(&key.id()) {
        return Err(CosignError::SignedBefore(Box::new(key)));
    }
    if ids.len() >= MAX_SIGNATURES {
        return Err(CosignError::Full);
    }
    if let Some(expected) = options.expect_serial.filter(|expected| *expected != head.serial) {
        return Err(CosignError::Serial { expected, got: head.serial });
    }
    let files = match if options.head_only { Ok(0) } else { whole(&site, &pinned, threshold, cancel) } {
        Ok(files) => files,
        Err(problems) => return Ok(CosignOutcome::Refused(problems)),
    };
    let changes = options.against.as_deref().map(|against| changes(against, &site, &head, &pinned)).transpose()?;
    cancel.check()?;
    let signed = with_signature(&bytes, &signers.sign(&head)?)?;
    // What is written must be what every page will read.
    let by_it = Head::read(&signed, &trust_of(&[key])?)?;
    if by_it != head || !ids.iter().filter_map(|id| pinned.iter().find(|key| key.id() == *id)).all(|key| has_signed(&signed, key))
    {
        return Err(CosignError::StrangeSignature);
    }
    replace_head(&options.site, &bytes, &signed, cancel)?;
    let signatures = ids.len() + 1;
    Ok(CosignOutcome::Signed(Box::new(Cosigned { head, key, signatures, threshold, files, changes })))
}

/// The keys that the site's page trusts, and how many of them must sign.
fn pins(options: &CosignOptions, site: &Site) -> Result<(Vec<PublicKey>, usize), CosignError> {
    let given = &options.public_keys;
    if !site.has(SITE_FILE) {
        let no_pins = || CosignError::NoPins { site: options.site.clone() };
        return if given.is_empty() { Err(no_pins()) } else { Ok((given.clone(), 1)) };
    }
    let bytes = site.read(SITE_FILE, MAX_SITE_FILE).map_err(CosignError::File)?;
    let other =
        |reason: String| CosignError::File(Problem { refused: true, ..Problem::unreachable(&site.name(), SITE_FILE, reason) });
    let described = SiteFile::parse(&bytes).map_err(|error| other(error.to_string()))?;
    let keys = described.public_keys;
    let are_same = keys.len() == given.len() && keys.iter().all(|key| given.contains(key));
    if given.is_empty() || are_same { Ok((keys, described.threshold)) } else { Err(CosignError::OtherPins { keys }) }
}

/// One of these keys is enough.
fn trust_of(keys: &[PublicKey]) -> Result<Trust, CosignError> {
    let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
    Ok(Trust::new(texts.iter().map(String::as_str), 1, None)?)
}

fn has_signed(head: &[u8], key: &PublicKey) -> bool {
    trust_of(&[*key]).is_ok_and(|trust| Head::read(head, &trust).is_ok())
}

fn refused(site: &Site, error: &FormatError) -> CosignError {
    CosignError::File(Problem::refused(&site.name(), format::HEAD_PATH, error))
}

/// Verifies all files as `verify` does. Gives their number, or what is wrong.
fn whole(site: &Site, pinned: &[PublicKey], threshold: usize, cancel: &CancellationToken) -> Result<u64, Vec<Problem>> {
    let Ok(trust) = trust_of(pinned) else { return Ok(0) };
    let mut found: SiteReport = check_files(site, &trust, cancel, &|_| ());
    if site.has(SITE_FILE)
        && let Some(described) = check_app(site, pinned, threshold, cancel, &mut found)
    {
        check_pages(site, &described, &trust, cancel, &mut found);
    }
    check_secrets(site, cancel, &mut found);
    if found.expired {
        found.problems.push(Problem::unreachable(&site.name(), format::HEAD_PATH, tr::tr!("the head has expired")));
    }
    if found.problems.is_empty() { Ok(found.files) } else { Err(found.problems) }
}

/// The head with one more signature: the one that `single` has, behind those that are there.
fn with_signature(head: &[u8], single: &[u8]) -> Result<Vec<u8>, CosignError> {
    let signed = Head::read_unverified(head)?.0.signed_bytes()?.len();
    let mut bytes = head.to_vec();
    if let Some(count) = bytes.get_mut(COUNT_AT) {
        *count += 1;
    }
    bytes.extend_from_slice(single.get(signed..).unwrap_or_default());
    Ok(bytes)
}

/// Puts another head in place of one that nobody has changed meanwhile: written, synced and renamed.
fn replace_head(site: &Path, before: &[u8], after: &[u8], cancel: &CancellationToken) -> Result<(), CosignError> {
    // No build publishes here meanwhile.
    let parent = site.canonicalize().map_err(IoError::at(site, "cannot be read"))?;
    let _lock = FolderLock::take(parent.parent().unwrap_or(&parent), cancel)?;
    let path = site.join(format::HEAD_PATH);
    let mut file = tempfile::Builder::new().prefix(".head-").tempfile_in(site).map_err(IoError::at(site, CANNOT))?;
    file.write_all(after).map_err(IoError::at(&path, CANNOT))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(mode).map_err(IoError::at(&path, CANNOT))?;
    }
    file.as_file().sync_all().map_err(IoError::at(&path, CANNOT))?;
    if std::fs::read(&path).map_err(IoError::at(&path, "cannot be read"))? != before {
        return Err(CosignError::Changed);
    }
    file.persist(&path).map_err(|error| IoError::at(&path, CANNOT)(error.error))?;
    // The new name, too. Not every system can.
    let _: std::io::Result<()> = std::fs::File::open(site).and_then(|folder| folder.sync_all());
    Ok(())
}

/// What changed from one site to a later one of the same election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteChanges {
    /// The serials before and after.
    pub serials: (u64, u64),
    /// When they expire, before and after.
    pub expires: (u64, u64),
    /// Election, sealing costs, names or time zones differ.
    pub settings: bool,
    /// Regencies whose directories differ.
    pub regencies: Vec<RegencyChange>,
    /// How many regencies have the same directory.
    pub unchanged: usize,
}

/// What changed in a regency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegencyChange {
    /// Its code; `None` for the prefixes of no regency of today.
    pub code: Option<Code>,
    /// Its name.
    pub name: String,
    /// Files of tables that are new, and that are gone.
    pub tables: (usize, usize),
    /// Station lists that are new, and that are gone.
    pub lists: (usize, usize),
}

impl fmt::Display for SiteChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", tr::tr!("serial {} → {}", self.serials.0, self.serials.1))?;
        if self.expires.0 != self.expires.1 {
            writeln!(f, "{}", tr::tr!("expires {} → {}", bilik::iso_utc(self.expires.0), bilik::iso_utc(self.expires.1)))?;
        }
        if self.settings {
            writeln!(f, "{}", tr::tr!("the election's settings, sealing costs or names of regions changed"))?;
        }
        for change in &self.regencies {
            let code = change.code.map_or(tr::tr!("no regency"), |code| code.to_string());
            let ((new, gone), (new_lists, gone_lists)) = (change.tables, change.lists);
            let counts = tr::tr!("tables {} new, {} gone; station lists {} new, {} gone", new, gone, new_lists, gone_lists);
            writeln!(f, "{code} {}: {counts}", change.name)?;
        }
        f.write_str(&tr::tr!("regencies changed: {}, unchanged: {}", self.regencies.len(), self.unchanged))
    }
}

fn changes(against: &str, site: &Site, head: &Head, pinned: &[PublicKey]) -> Result<SiteChanges, CosignError> {
    let missing = |error: crate::source::SourceError| {
        CosignError::File(Problem::unreachable(against, format::HEAD_PATH, error.to_string()))
    };
    let old_site = Site::open(against).map_err(missing)?;
    let bytes = old_site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(CosignError::File)?;
    let old = Head::read(&bytes, &trust_of(pinned)?).map_err(|error| refused(&old_site, &error))?;
    if old.election != head.election || old.serial >= head.serial {
        let (election, got, against) = (head.election.clone(), head.serial, old.serial);
        return Err(CosignError::NotNewer { election, got, against });
    }
    let (before, after) = (directories(&old_site, &old.manifest)?, directories(site, &head.manifest)?);
    let codes: BTreeSet<Option<Code>> = before.files.keys().chain(after.files.keys()).copied().collect();
    let (mut regencies, mut unchanged) = (Vec::new(), 0);
    for code in codes {
        let (old, new) = (before.files.get(&code), after.files.get(&code));
        if old == new {
            unchanged += 1;
            continue;
        }
        let old = old.map(|file| read::<Directory>(&old_site, file)).transpose()?;
        let new = new.map(|file| read::<Directory>(site, file)).transpose()?;
        let name = new.as_ref().or(old.as_ref()).map_or(String::new(), |directory| directory.name.clone());
        let (tables, lists) = (differing(old.as_ref(), new.as_ref(), tables), differing(old.as_ref(), new.as_ref(), lists));
        regencies.push(RegencyChange { code, name, tables, lists });
    }
    let (serials, expires) = ((old.serial, head.serial), (old.expires, head.expires));
    Ok(SiteChanges { serials, expires, settings: before.settings != after.settings, regencies, unchanged })
}

/// A manifest as far as it is compared.
struct Directories {
    files: BTreeMap<Option<Code>, FileRef>,
    /// The manifest without its directories.
    settings: Manifest,
}

fn directories(site: &Site, file: &FileRef) -> Result<Directories, CosignError> {
    let mut manifest: Manifest = read(site, file)?;
    let mut files: BTreeMap<Option<Code>, FileRef> =
        manifest.regencies().map(|(code, Regency { directory, .. })| (Some(code), *directory)).collect();
    files.extend(manifest.elsewhere.take().map(|directory| (None, directory)));
    for province in &mut manifest.provinces {
        province.regencies.clear();
    }
    Ok(Directories { files, settings: manifest })
}

fn tables(directory: &Directory) -> BTreeSet<FileRef> {
    directory.tables.iter().flat_map(|tables| tables.full.iter().chain(&tables.near)).copied().collect()
}

fn lists(directory: &Directory) -> BTreeSet<FileRef> {
    directory.districts.iter().filter_map(|district| district.stations).collect()
}

/// How many files are new, and how many are gone.
fn differing(old: Option<&Directory>, new: Option<&Directory>, files: fn(&Directory) -> BTreeSet<FileRef>) -> (usize, usize) {
    let (old, new) = (old.map(files).unwrap_or_default(), new.map(files).unwrap_or_default());
    (new.difference(&old).count(), old.difference(&new).count())
}

fn read<T: Document>(site: &Site, file: &FileRef) -> Result<T, CosignError> {
    let path = file.path(T::KIND);
    let bytes = site.read(&path, file.stored).map_err(CosignError::File)?;
    format::read(&bytes, file).map_err(|error| CosignError::File(Problem::refused(&site.name(), &path, &error)))
}
