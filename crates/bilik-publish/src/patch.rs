//! The patch: stations that moved, in a site that is published already.
//!
//! Tables hold positions in station lists, and positions never change: so a new venue, address, notice or number touches the
//! list of one district, the directory of its regency, the manifest and the head, and no table. Entries are edited in place,
//! new stations come at the end of their list, and nothing is ever taken out. The roll is not read. Whatever else the site
//! says (the election, hours, names of regions, costs, when it expires) stays as it was published, and so do all files.

use super::app::{self, Pins};
use super::build::{ensure_apart, now, numbered, signing_time};
use super::config::Config;
use super::input::Public;
use super::layout::Layout;
use super::problem::Report;
use super::roll::Rejects;
use super::signing::{self, Signers};
use super::site::{Staging, Written};
use super::source::Site;
use anyhow::{anyhow, bail, ensure};
use bilik::format::{
    self, Code, Directory, District, Document, FileRef, Head, Manifest, Place, PublicKey, Station, StationList, Trust,
};
use bilik::lookup::{Problem, Source as _};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::path::PathBuf;

/// So many reasons for refusing are told; of the others, only how many there are.
const MAX_TOLD: usize = 20;

/// What to patch.
#[derive(Clone, Debug)]
pub struct Options {
    /// The election folder.
    pub folder: PathBuf,
    /// The secret keys that sign: keys that the site's pages trust.
    pub keys: Vec<PathBuf>,
    /// The published site.
    pub site: PathBuf,
}

/// What became of it. Each has every warning of the input.
#[derive(Debug)]
pub enum Outcome {
    /// The site says what the input says.
    Patched(Box<Patched>, Report),
    /// It said so before, under this serial; nothing was written.
    Unchanged(u64, Report),
    /// Lines of the input have errors; nothing was written.
    Refused(Report),
}

/// What was patched.
#[derive(Clone, Debug)]
pub struct Patched {
    /// The stations, by district and position.
    pub changes: Vec<Change>,
    /// Facts that `election.toml` gives otherwise than the site, and that stay as published.
    pub kept: Vec<&'static str>,
    /// Written in all: lists, directories, the manifest and the head.
    pub written: Written,
    /// The serial of the head.
    pub serial: u64,
    /// How many signatures the head before bore.
    pub signatures_before: usize,
    /// Who signed.
    pub signed_by: Vec<PublicKey>,
}

/// A station that is published otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The operator's id.
    pub id: String,
    /// Its village.
    pub village: Code,
    /// The village's name.
    pub village_name: String,
    /// What of it is new; none where the station itself is.
    pub fields: Option<Vec<&'static str>>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields.as_ref().map_or_else(|| "new station".to_owned(), |fields| fields.join(", "));
        write!(f, "{}, village {} {}: {fields}", self.id, self.village, self.village_name)
    }
}

/// Publishes the stations of the input in a site that is there. Whatever fails or is interrupted leaves the site as it was.
///
/// # Errors
/// Says what failed and what to do: the site is damaged, another key's or another election's; a station left its list; the disk
/// is full. Problems in the lines of the input are no error but [`Outcome::Refused`].
pub fn patch(options: &Options) -> anyhow::Result<Outcome> {
    let shown = options.site.display();
    ensure_apart(&options.site, options.keys.iter().chain([&options.folder]))?;
    ensure!(
        options.site.join(format::HEAD_PATH).is_file(),
        "{shown}: there is no {} in it, so there is no site to patch; give the folder that `bilik build --out` made",
        format::HEAD_PATH
    );
    let signers = Signers::read(&options.keys)?;
    let mut report = Report::default();
    // The file of rejected lines stays what the build made it: it may hold lines of the roll.
    let public = Public::load(&options.folder, &mut report, &mut Rejects::nowhere())?;
    if report.rejected() > 0 {
        return Ok(Outcome::Refused(report));
    }
    signers.ensure_enough(public.config.threshold)?;
    let staging = Staging::new(&options.site)?;
    let site = Site::Folder(options.site.clone());
    // Only now: another build may have published just before.
    let trusted = signers.with_others(&public.config.public_keys);
    let (before, signatures_before) = published_head(&site, &trusted, public.config.threshold)?;
    let pins = published_pins(&site)?;
    ensure_followed(&site, pins.as_ref(), &signers.public_keys())?;
    let id = &public.config.election.id;
    ensure!(
        before.election == *id,
        "{shown}: the site there is of another election, {}; election.toml says {id}",
        before.election
    );
    ensure!(
        before.expires > now()?,
        "{shown}: the election is over (the site expired {}), so nobody's page would show an answer",
        bilik::iso_utc(before.expires)
    );
    let manifest: Manifest = read(&site, &before.manifest)?;
    ensure!(manifest.election.id == before.election, "{shown}: the manifest is of another election than the head; build again");
    let kept = [kept_facts(&public.config, &before, &manifest), kept_pins(&public.config, &trusted, pins.as_ref())].concat();
    let layout = Layout::new(&public.stations)?;
    let mut editor = Editor::new(&site, &staging, &public, &layout);
    let manifest = editor.manifest(manifest)?;
    let Editor { changes, mut written, .. } = editor;
    if changes.is_empty() {
        return Ok(Outcome::Unchanged(before.serial, report));
    }
    let signed_at = signing_time(public.config.seed)?.max(before.signed_at);
    let manifest = staging.add(&manifest, &mut written)?;
    let head = numbered(Head { signed_at, manifest, ..before.clone() }, Some(&before), false);
    staging.add_bytes(format::HEAD_PATH, &signers.sign(&head)?, &mut written)?;
    ensure!(!super::interrupted(), "interrupted");
    staging.publish(false)?;
    let signed_by = signers.public_keys();
    let patched = Patched { changes, kept, written, serial: head.serial, signatures_before, signed_by };
    Ok(Outcome::Patched(Box::new(patched), report))
}

/// The head of the site, which so many of these keys must have signed, and how many signatures it bears. With fewer, a copy from
/// a mirror could be that of somebody who has one of the keys, and would be signed with all of them.
fn published_head(site: &Site, public_keys: &[PublicKey], threshold: usize) -> anyhow::Result<(Head, usize)> {
    let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(|problem| damaged(&problem))?;
    let texts: Vec<String> = public_keys.iter().map(ToString::to_string).collect();
    let trust = Trust::new(texts.iter().map(String::as_str), threshold, None)?;
    let head = Head::read(&bytes, &trust).map_err(|refusal| {
        anyhow!(
            "{}/{}: {refusal}; election.toml demands {threshold}. To do: give each --key that signed this site, or name its public \
             half under public_keys in election.toml; a site that fewer have signed must be built again",
            site.name(),
            format::HEAD_PATH
        )
    })?;
    let (_, signers) = Head::read_unverified(&bytes)?;
    Ok((head, signers.len()))
}

/// What the site's page trusts. A mirror of the data alone has no page.
fn published_pins(site: &Site) -> anyhow::Result<Option<Pins>> {
    match site.read(app::PAGE, app::MAX_PAGE) {
        Ok(page) => Ok(Some(Pins::of(&page)).filter(|pins| !pins.keys.is_empty())),
        Err(_) if !site.has(app::PAGE) => Ok(None),
        Err(problem) => Err(damaged(&problem)),
    }
}

/// That the site's page will follow what these keys sign.
fn ensure_followed(site: &Site, pins: Option<&Pins>, signed_by: &[PublicKey]) -> anyhow::Result<()> {
    let Some(Pins { keys, threshold, .. }) = pins else { return Ok(()) };
    let known = signed_by.iter().filter(|key| keys.contains(key)).count();
    ensure!(
        known >= *threshold,
        "{}/{}: the page demands {threshold} signatures by {}, and knows {known} of the keys given. To do: give --key for each key \
         that must sign",
        site.name(),
        app::PAGE,
        signing::listed(keys)
    );
    Ok(())
}

/// What `election.toml` says of keys and mirrors otherwise than the page, which a patch does not write.
fn kept_pins(config: &Config, trusted: &[PublicKey], pins: Option<&Pins>) -> Vec<&'static str> {
    let Some(pins) = pins else { return Vec::new() };
    let are_others = pins.keys.len() != trusted.len() || pins.keys.iter().any(|key| !trusted.contains(key));
    let facts = [
        ("public_keys", are_others),
        ("threshold", pins.threshold != config.threshold),
        ("mirrors", pins.mirrors != config.mirrors),
    ];
    facts.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

fn read<T: Document>(site: &Site, file: &FileRef) -> anyhow::Result<T> {
    let path = file.path(T::KIND);
    let bytes = site.read(&path, file.stored).map_err(|problem| damaged(&problem))?;
    format::read(&bytes, file).map_err(|refusal| damaged(&Problem::refused(&site.name(), &path, &refusal)))
}

fn damaged(problem: &Problem) -> anyhow::Error {
    anyhow!(
        "{}/{}: {}. Nothing is signed over a damaged site. To do: copy this file from a mirror that `bilik verify` finds whole",
        problem.source,
        problem.file,
        problem.reason
    )
}

/// What `election.toml` says otherwise than the site.
fn kept_facts(config: &Config, head: &Head, manifest: &Manifest) -> Vec<&'static str> {
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

/// The site in the editing.
struct Editor<'a> {
    site: &'a Site,
    staging: &'a Staging,
    public: &'a Public,
    layout: &'a Layout,
    /// What the operator calls the stations file.
    file: String,
    /// The districts that the site has.
    districts: BTreeSet<Code>,
    changes: Vec<Change>,
    /// Why it cannot be done.
    reasons: Vec<String>,
    written: Written,
}

impl<'a> Editor<'a> {
    fn new(site: &'a Site, staging: &'a Staging, public: &'a Public, layout: &'a Layout) -> Self {
        let file = public.config.files.stations.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self {
            site,
            staging,
            public,
            layout,
            file,
            districts: BTreeSet::new(),
            changes: Vec::new(),
            reasons: Vec::new(),
            written: Written::default(),
        }
    }

    /// The manifest with the directories that change. All lists are read: any station may have changed.
    fn manifest(&mut self, mut manifest: Manifest) -> anyhow::Result<Manifest> {
        let mut replaced = BTreeMap::new();
        for (code, regency) in manifest.regencies() {
            ensure!(!super::interrupted(), "interrupted");
            if let Some(new) = self.directory(code, &regency.directory)? {
                replaced.insert(regency.directory, new);
            }
        }
        for district in self.layout.districts().filter(|district| !self.districts.contains(district)) {
            let count = self.layout.stations_in(district);
            self.reasons
                .push(format!("{}: {count} stations lie in district {district}, which the site does not have", self.file));
        }
        self.refuse()?;
        for regency in manifest.provinces.iter_mut().flat_map(|province| &mut province.regencies) {
            if let Some(new) = replaced.get(&regency.directory) {
                regency.directory = *new;
            }
        }
        Ok(manifest)
    }

    /// A regency's directory, where a list of it changes.
    fn directory(&mut self, code: Code, file: &FileRef) -> anyhow::Result<Option<FileRef>> {
        let mut directory: Directory = read(self.site, file)?;
        ensure!(
            u64::from(directory.regency) == code.number(),
            "{}: it is the directory of another regency than {code}; build again",
            file.path(Directory::KIND)
        );
        let mut is_changed = false;
        for district in &mut directory.districts {
            if let Some(list) = self.list(code.within(district.code), district)? {
                district.stations = Some(self.staging.add(&list, &mut self.written)?);
                is_changed = true;
            }
        }
        if is_changed { self.staging.add(&directory, &mut self.written).map(Some) } else { Ok(None) }
    }

    /// A district's list, where it changes.
    fn list(&mut self, code: Code, district: &District) -> anyhow::Result<Option<StationList>> {
        self.districts.insert(code);
        let mut list = match &district.stations {
            Some(file) => read(self.site, file)?,
            None => StationList { district: code.short(), stations: Vec::new() },
        };
        let is_whole = u32::try_from(list.stations.len()).is_ok_and(|count| count >= district.addressable);
        ensure!(list.district == code.short() && is_whole, "the station list of district {code} is another's; build again");
        let (public, before) = (self.public, self.changes.len());
        let mut published = HashSet::new();
        for station in &mut list.stations {
            let id = station.id(code);
            match public.stations.by_id(&id).and_then(|number| public.stations.get(number)) {
                None => self.reasons.push(format!(
                    "{}: no line has station {id}, which stands in the list of district {code} {}",
                    self.file, district.name
                )),
                Some(row) if row.village.district_of() != Some(code) => self.reasons.push(format!(
                    "{}: station {id} is in village {}, but stands in the list of district {code} {}",
                    self.file, row.village, district.name
                )),
                Some(row) if *station != row.station => {
                    let fields = differing(station, &row.station, code);
                    self.change(&id, row.village, district, Some(fields));
                    *station = row.station.clone();
                }
                Some(_) => {}
            }
            published.insert(id);
        }
        for row in self.layout.rows_in(code, &public.stations).iter().filter(|row| !published.contains(&row.id)) {
            self.change(&row.id, row.village, district, None);
            list.stations.push(row.station.clone());
        }
        Ok((self.changes.len() > before).then_some(list))
    }

    fn change(&mut self, id: &str, village: Code, district: &District, fields: Option<Vec<&'static str>>) {
        if let Some(known) = district.villages.iter().find(|known| known.code == village.last_four()) {
            self.changes.push(Change { id: id.to_owned(), village, village_name: known.name.clone(), fields });
        } else {
            let reason = format!("{}: station {id} is in village {village}, which the site does not have", self.file);
            self.reasons.push(reason);
        }
    }

    /// Says everything that a patch cannot do.
    fn refuse(&self) -> anyhow::Result<()> {
        if self.reasons.is_empty() {
            return Ok(());
        }
        let told: Vec<&str> = self.reasons.iter().take(MAX_TOLD).map(String::as_str).collect();
        let more = match self.reasons.len().saturating_sub(MAX_TOLD) {
            0 => String::new(),
            more => format!("\nand {more} more"),
        };
        bail!(
            "nothing was patched.\n{}{more}\nExpected: every station that is published, with its id, in its district; others only in villages that the site has. \
             To do: put {} right; or, if it is meant so, seal everything again with `bilik build`",
            told.join("\n"),
            self.file
        );
    }
}

/// What differs between the published station and the new one.
fn differing(old: &Station, new: &Station, district: Code) -> Vec<&'static str> {
    let at = |place: Option<Place>| {
        place.map(|mut place| {
            place.doubtful = false;
            place
        })
    };
    let is_doubtful = |station: &Station| station.place.is_some_and(|place| place.doubtful);
    let fields = [
        ("village", old.village(district) != new.village(district)),
        ("number", old.number != new.number),
        ("venue", old.venue != new.venue),
        ("address", old.address != new.address),
        ("coordinates", at(old.place) != at(new.place)),
        ("whether the coordinates are doubtful", is_doubtful(old) != is_doubtful(new)),
        ("accessible", old.accessible != new.accessible),
        ("notice", old.notice != new.notice),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
