//! The patch: stations that moved, in a site that is published already.
//!
//! Tables hold positions in station lists, and positions never change: so a new venue, address, notice or number touches the
//! list of one district, the pages of its villages, the directory of its regency, the manifest and its part for the province, the head, and
//! no table. Entries are edited in place, new stations come at the end of their list, and nothing is ever taken out. A regency's contact touches its directory, and the pages
//! of all its villages. The roll is not read. Whatever else the site
//! says (the election, hours, names of regions, costs, expiry) stays as published, and so do all files.

mod change;
mod editor;
mod error;
mod reading;

use crate::app::{MAX_SITE_FILE, PAGE, PageOrganiser, PageWitnesses, SITE_FILE, SiteFile};
use crate::cancel::CancellationToken;
use crate::clock::now;
use crate::config::Config;
use crate::input::PublicInput;
use crate::layout::{Layout, Positions};
use crate::problem::Report;
use crate::rejects::Rejects;
use crate::release::{refuse_secrets_inside, signing_time, with_serial};
use crate::signing::Signers;
use crate::source::Site;
use crate::staging::{Staging, Written};
use crate::station_pages::{Scope, write_pages};
use bilik::format::{self, Code, Head, Manifest, ProvincePart, PublicKey, Trust};
use bilik::lookup::Source as _;
pub use change::StationChange;
pub(crate) use change::differing;
use editor::Editor;
pub use error::PatchError;
use reading::read;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What to patch.
#[derive(Clone, Debug)]
pub struct PatchOptions {
    /// The election folder.
    pub folder: PathBuf,
    /// The secret keys that sign: keys that the site's pages trust.
    pub keys: Vec<PathBuf>,
    /// The published site.
    pub site: PathBuf,
    /// Other keys sign afterwards: fewer signatures than pages demand will do.
    pub signatures_follow: bool,
}

/// What a patch did. Each has every warning of the input.
#[derive(Debug)]
pub enum PatchOutcome {
    /// The site has the stations of the input now.
    Patched(Box<Patched>, Report),
    /// It had them before, under this serial; nothing was written. With the settings that differ, as in [`Patched::ignored`].
    Unchanged(u64, Vec<&'static str>, Report),
    /// Lines of the input have errors; nothing was written.
    Refused(Report),
}

/// What was patched.
#[derive(Clone, Debug)]
pub struct Patched {
    /// The stations, by district and position.
    pub changes: Vec<StationChange>,
    /// The regencies whose contact differs.
    pub contacts: BTreeSet<Code>,
    /// Those of them that have no contact any more.
    pub removed_contacts: BTreeSet<Code>,
    /// Settings of `election.toml` that differ from the published site, and `regions` where names of them do: all ignored.
    pub ignored: Vec<&'static str>,
    /// Written in all: lists, directories, the manifest, parts of it, pages of villages and the head.
    pub written: Written,
    /// The serial of the head.
    pub serial: u64,
    /// How many signatures the previous head had.
    pub signatures_before: usize,
    /// Who signed.
    pub signed_by: Vec<PublicKey>,
}

/// Publishes the stations of the input in an existing site. A failure or a cancellation leaves the site as it was.
///
/// # Errors
/// Says what failed and how to fix it: the site is damaged, or of other keys or another election; a station left its list; the
/// disk is full. Rejected lines of the input are not an error but [`PatchOutcome::Refused`].
pub fn patch(options: &PatchOptions, cancel: &CancellationToken) -> Result<PatchOutcome, PatchError> {
    refuse_secrets_inside(&options.site, options.keys.iter().chain([&options.folder]))?;
    if !options.site.join(format::HEAD_PATH).is_file() {
        return Err(PatchError::NoSite { site: options.site.clone() });
    }
    let signers = Signers::read(&options.keys)?;
    let mut report = Report::default();
    // The file of rejected lines stays what the build made it: it may hold lines of the roll.
    let public = PublicInput::load(&options.folder, &mut report, &mut Rejects::nowhere())?;
    if report.rejected() > 0 {
        return Ok(PatchOutcome::Refused(report));
    }
    signers.require(public.config.threshold, options.signatures_follow.then_some(&public.config.public_keys))?;
    let staging = Staging::new(&options.site, cancel)?;
    let site = Site::Folder(options.site.clone());
    // Only now: another build may have published just before.
    let trusted = signers.with_others(&public.config.public_keys);
    let (before, signatures_before) = published_head(&site, &trusted, public.config.threshold)?;
    let page = published_trust(&site)?;
    require_page_trust(&site, page.as_ref(), &signers.public_keys(), options.signatures_follow)?;
    let expected = &public.config.election.id;
    if before.election != *expected {
        let (election, expected) = (before.election, expected.clone());
        return Err(PatchError::AnotherElection { site: options.site.clone(), election, expected });
    }
    if before.expires <= now()? {
        return Err(PatchError::Expired { site: options.site.clone(), expired: bilik::iso_utc(before.expires) });
    }
    let manifest: Manifest = read(&site, &before.manifest)?;
    if manifest.election.id != before.election {
        let reason = format!("{}: the elections of the head and the manifest differ", options.site.display());
        return Err(PatchError::Inconsistent(reason));
    }
    // The head that is signed names all of them, also those that do not change.
    for province in &before.provinces {
        read::<ProvincePart>(&site, &province.part)?;
    }
    let mut ignored =
        [ignored_facts(&public.config, &before, &manifest), ignored_page(&public.config, &trusted, page.as_ref())].concat();
    let layout = Layout::new(&public.stations, &public.regions, &Positions::default())?;
    let mut editor = Editor::new(&site, &staging, &public, &layout, cancel);
    let manifest = editor.manifest(manifest)?;
    let Editor { changes, contacts, removed_contacts, mut written, has_other_names, .. } = editor;
    if has_other_names {
        ignored.push("regions");
    }
    if changes.is_empty() && contacts.is_empty() {
        return Ok(PatchOutcome::Unchanged(before.serial, ignored, report));
    }
    let signed_at = signing_time(public.config.seed)?.max(before.signed_at);
    let (manifest, provinces) = staging.add_manifest(&manifest, &before.provinces, &mut written)?;
    let head = with_serial(Head { signed_at, manifest, provinces, ..before.clone() }, Some(&before), false)?;
    if let Some(page) = &page {
        let districts = changes.iter().filter_map(|change| change.village.district_of());
        let of_contacts =
            layout.districts().filter(|district| district.regency_of().is_some_and(|code| contacts.contains(&code)));
        let scope = Scope::Districts(districts.chain(of_contacts).collect());
        let pages = write_pages(&staging, Some(&site), page, &manifest, &scope, cancel)?;
        written.files += pages.files;
        written.bytes += pages.bytes;
    }
    staging.add_bytes(format::HEAD_PATH, &signers.sign(&head)?, &mut written)?;
    cancel.check()?;
    staging.publish(false, cancel)?;
    let signed_by = signers.public_keys();
    let patched =
        Patched { changes, contacts, removed_contacts, ignored, written, serial: head.serial, signatures_before, signed_by };
    Ok(PatchOutcome::Patched(Box::new(patched), report))
}

/// The head of the site, which `threshold` of these keys must have signed, and its number of signatures. With fewer, a copy from a
/// mirror could come from somebody who has one of the keys, and would be signed with all of them.
fn published_head(site: &Site, public_keys: &[PublicKey], threshold: usize) -> Result<(Head, usize), PatchError> {
    let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(PatchError::Damaged)?;
    let texts: Vec<String> = public_keys.iter().map(ToString::to_string).collect();
    let trust = Trust::new(texts.iter().map(String::as_str), threshold, None)?;
    let head = Head::read(&bytes, &trust).map_err(|error| {
        let head = format!("{}/{}", site.name(), format::HEAD_PATH);
        PatchError::Untrusted { head, error, threshold }
    })?;
    let (_, signers) = Head::read_unverified(&bytes).map_err(PatchError::Head)?;
    Ok((head, signers.len()))
}

/// Whom the site's page trusts. A mirror of the data alone has no page.
fn published_trust(site: &Site) -> Result<Option<SiteFile>, PatchError> {
    if site.has(SITE_FILE) {
        let bytes = site.read(SITE_FILE, MAX_SITE_FILE).map_err(PatchError::Damaged)?;
        let described = SiteFile::parse(&bytes);
        return described.map(Some).map_err(|error| PatchError::Inconsistent(format!("{}/{error}", site.name())));
    }
    if site.has(PAGE) {
        let reason = format!("{}: has a page, but no {SITE_FILE} that says whom it trusts", site.name());
        return Err(PatchError::Inconsistent(reason));
    }
    Ok(None)
}

/// Checks that the site's page trusts what these keys sign.
fn require_page_trust(
    site: &Site,
    page: Option<&SiteFile>,
    signed_by: &[PublicKey],
    others_follow: bool,
) -> Result<(), PatchError> {
    let Some(SiteFile { public_keys: keys, threshold, .. }) = page else { return Ok(()) };
    let known = signed_by.iter().filter(|key| keys.contains(key)).count();
    if known >= if others_follow { signed_by.len() } else { *threshold } {
        return Ok(());
    }
    let page = format!("{}/{PAGE}", site.name());
    Err(PatchError::PageRefuses { page, threshold: *threshold, keys: keys.clone(), known })
}

/// Settings of `election.toml` that differ from what the page says or trusts; a patch writes no page.
fn ignored_page(config: &Config, trusted: &[PublicKey], page: Option<&SiteFile>) -> Vec<&'static str> {
    let Some(page) = page else { return Vec::new() };
    let are_others = page.public_keys.len() != trusted.len() || page.public_keys.iter().any(|key| !trusted.contains(key));
    let facts = [
        ("public_keys", are_others),
        ("threshold", page.threshold != config.threshold),
        ("witnesses", page.witnesses != config.witnesses.as_ref().map(PageWitnesses::from)),
        ("mirrors", page.mirrors != config.mirrors),
        ("address", page.address != config.address),
        ("station_pages", page.station_pages != config.station_pages),
        ("organiser", page.election.organiser != config.organiser.as_ref().map(PageOrganiser::from)),
        ("rights", page.election.rights != config.rights),
        ("legal_basis", page.election.legal_basis != config.legal_basis),
    ];
    facts.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// Settings of `election.toml` that differ from the site.
fn ignored_facts(config: &Config, head: &Head, manifest: &Manifest) -> Vec<&'static str> {
    let (new, old) = (&config.election, &manifest.election);
    let facts = [
        ("name", new.name != old.name),
        ("day", new.day != old.day),
        ("opens", new.opens != old.opens),
        ("closes", new.closes != old.closes),
        ("demo", new.demo != old.demo),
        ("help_phone", new.help_phone != old.help_phone),
        ("help_url", new.help_url != old.help_url),
        ("expires", config.expires != head.expires),
        ("sealing", config.sealing != manifest.sealing),
    ];
    facts.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
