//! Assembling a site from sealed parts: every part is there once, of this plan, whole and complete; then the site is signed and
//! published, all or nothing.

mod reused;
mod routes;
mod writer;

use crate::app::{self, App};
use crate::build::BuildError;
use crate::cancel::CancellationToken;
use crate::clock::now;
use crate::config::Config;
use crate::derive::{DeriveMethod, Derivers};
use crate::durable::require_room;
use crate::input::Input;
use crate::layout::Layout;
use crate::plan::{Plan, require_input};
use crate::problem::Report;
use crate::progress::Progress;
use crate::rejects::Rejects;
use crate::release::{refuse_secrets_inside, signing_time, with_serial};
use crate::seal::{SealContext, SealError, ask_table};
use crate::signing::Signers;
use crate::staging::{Staging, Written};
use crate::station_pages::{Scope, write_pages};
use crate::tables::TableInput;
use crate::work::{PartInput, RunKey, SealedFile, SealedPart, WorkFolder};
use bilik::Recipe;
use bilik::format::{self, FileRef, Head, Kind, PublicKey, Tables};
use rayon::prelude::*;
use reused::{kept, take_over};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use writer::SiteWriter;

/// What to assemble.
#[derive(Clone, Debug)]
pub struct AssembleOptions {
    /// The work folder.
    pub work: PathBuf,
    /// The secret keys that sign.
    pub keys: Vec<PathBuf>,
    /// Output directory; an existing site is replaced atomically.
    pub site: PathBuf,
    /// Remove the files of earlier builds from the site at once.
    pub prune: bool,
    /// Other keys sign afterwards: fewer signatures than pages demand will do.
    pub signatures_follow: bool,
    /// Keep the work folder's contents.
    pub keep: bool,
}

/// What was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// Voters sealed.
    pub voters: u64,
    /// Voters withheld.
    pub withheld: u64,
    /// Lines rejected.
    pub rejected: u64,
    /// Voters by which the regions differ from their official totals.
    pub differences: u64,
    /// Stations.
    pub stations: u32,
    /// Groups of voters, each with its tables.
    pub groups: usize,
    /// Those of them whose tables were taken over from the site before.
    pub taken_over: usize,
    /// Written in all, without the app.
    pub written: Written,
    /// The pages of villages and stations.
    pub pages: Written,
    /// Of what is written, the tables by `full` and by `near`.
    pub tables: [Written; 2],
    /// The manifest's and the largest directory's length.
    pub manifest: u32,
    /// The largest directory's length.
    pub largest_directory: u32,
    /// Files of earlier builds that remain in the site.
    pub earlier: u64,
    /// The serial of the head.
    pub serial: u64,
    /// Who signed.
    pub signed_by: Vec<PublicKey>,
    /// How many signatures pages demand.
    pub threshold: usize,
    /// What runs had left that were killed while they published; it was removed.
    pub left_over: Vec<PathBuf>,
    /// Why the work folder could not be wiped, if so.
    pub not_wiped: Option<String>,
    /// Why what the next build can take over could not be kept, if so.
    pub not_kept: Option<String>,
}

/// Who signs, and that nothing secret would be published: looked at before anything is done.
pub(crate) struct Publisher<'a> {
    site: &'a Path,
    signers: Signers,
    prune: bool,
    signatures_follow: bool,
}

/// A site that will be published.
pub(crate) struct Publication<'a> {
    publisher: Publisher<'a>,
    staging: Staging,
    before: Option<Head>,
}

impl<'a> Publisher<'a> {
    /// Reads the keys.
    pub fn new(site: &'a Path, keys: &'a [PathBuf], secrets: &[&'a PathBuf], prune: bool) -> Result<Self, BuildError> {
        app::check()?;
        refuse_secrets_inside(site, keys.iter().chain(secrets.iter().copied()))?;
        Ok(Self { site, signers: Signers::read(keys)?, prune, signatures_follow: false })
    }

    /// The same, for other keys that sign afterwards.
    pub fn signatures_follow(self, signatures_follow: bool) -> Self {
        Self { signatures_follow, ..self }
    }

    /// Begins a site, alone.
    pub fn begin(self, config: &Config, cancel: &CancellationToken) -> Result<Publication<'a>, BuildError> {
        self.signers.require(config.threshold, self.signatures_follow.then_some(&config.public_keys))?;
        let staging = Staging::new(self.site, cancel)?;
        // Only now: another build may have published just before.
        let before = previous_head(self.site);
        match before.as_ref().filter(|before| before.election != config.election.id) {
            Some(other) => Err(BuildError::AnotherElection { site: self.site.to_owned(), election: other.election.clone() }),
            None => Ok(Publication { publisher: self, staging, before }),
        }
    }
}

/// Assembles, signs and publishes a site, then wipes the work folder. Each file that was sealed is compared with the plan and asked
/// for one random key by all of its peppers, as a reader asks; when it was sealed it was asked for every key. Of files that are
/// taken over, which were asked so when they were sealed, the digests are compared. Cost: some 50 derivations a file that was sealed.
///
/// # Errors
/// Says what failed and how to fix it. The previous site and the work folder are as they were.
pub fn assemble(options: &AssembleOptions, progress: &dyn Progress, cancel: &CancellationToken) -> Result<Built, BuildError> {
    let work = WorkFolder::new(&options.work);
    let key = work.run_key()?;
    let plan = work.plan(&key)?;
    let publisher = Publisher::new(&options.site, &options.keys, &[&plan.folder, &options.work], options.prune)?
        .signatures_follow(options.signatures_follow);
    let input = load(&plan)?;
    let publication = publisher.begin(&input.config, cancel)?;
    let mut built = assemble_into(publication, &input, &plan, &work, &key, progress, cancel)?;
    if !options.keep {
        // The site is published, whatever becomes of the work folder.
        built.not_wiped = work.remove().err().map(|error| error.to_string());
    }
    Ok(built)
}

/// The input of a plan, read again: a station file that was changed meanwhile would move voters.
pub(crate) fn load(plan: &Plan) -> Result<Input, BuildError> {
    let input = Input::load(&plan.folder, &mut Report::muted(), &mut Rejects::nowhere())?;
    require_input(plan, &input.digests, &input.config)?;
    match input.config.over(now()?) {
        Some(problem) => Err(BuildError::NothingToPublish(problem.into())),
        None => Ok(input),
    }
}

/// Assembles and publishes.
pub(crate) fn assemble_into(
    publication: Publication,
    input: &Input,
    plan: &Plan,
    work: &WorkFolder,
    key: &RunKey,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Built, BuildError> {
    let Publication { publisher: Publisher { signers, prune, .. }, staging, before } = publication;
    let layout = Layout::new(&input.stations, &input.regions, &plan.positions)?;
    let mut writer =
        SiteWriter { input, layout: &layout, staging: &staging, written: Written::default(), tables: [Written::default(); 2] };
    let tables = take_parts(&mut writer, plan, work, key, progress, cancel)?;
    let ((manifest, provinces), largest_directory) = writer.assemble(&plan.grouped(), &tables)?;
    let kept = kept(plan, &tables);
    let (written, tables) = (writer.written, writer.tables);
    let seed = input.config.seed;
    let unnumbered = Head {
        election: input.config.election.id.clone(),
        serial: 0,
        signed_at: signing_time(seed)?,
        expires: input.config.expires,
        manifest,
        provinces,
    };
    let head = with_serial(unnumbered, before.as_ref(), seed.is_some())?;
    let serial = head.serial;
    let pages = finish(&staging, &input.config, &head, &signers, cancel)?;
    let left_over = staging.removed().to_vec();
    cancel.check()?;
    let earlier = staging.publish(prune, cancel)?;
    // The site is published, whatever becomes of what is kept.
    let not_kept = kept.write(&plan.folder).err().map(|error| error.to_string());
    Ok(Built {
        voters: plan.voters,
        withheld: plan.withheld,
        rejected: plan.rejected,
        differences: plan.differences,
        stations: layout.stations(),
        groups: plan.groups.len(),
        taken_over: plan.taken_over().count(),
        written,
        pages,
        tables,
        manifest: manifest.stored,
        largest_directory,
        earlier,
        serial,
        signed_by: signers.public_keys(),
        threshold: input.config.threshold,
        left_over,
        not_wiped: None,
        not_kept,
    })
}

/// Takes the files of all parts into the site; gives the tables of each group.
fn take_parts(
    writer: &mut SiteWriter,
    plan: &Plan,
    work: &WorkFolder,
    key: &RunKey,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<BTreeMap<usize, Tables>, BuildError> {
    let missing: Vec<usize> = (1..=plan.parts.len()).filter(|part| !work.is_sealed(*part)).collect();
    if let Some(&first) = missing.first() {
        return Err(BuildError::PartsMissing { first, missing: missing.len(), parts: plan.parts.len() });
    }
    work.refuse_others(plan.parts.len())?;
    let sealed: u64 =
        (1..=plan.parts.len()).filter_map(|part| std::fs::metadata(work.output_path(part)).ok()).map(|file| file.len()).sum();
    let taken_over: u64 = plan.taken_over().map(|(_, _, files)| files.len()).sum();
    require_room(writer.staging.path(), sealed.saturating_add(taken_over))?;
    let mut tables = BTreeMap::new();
    let mut digests = BTreeSet::new();
    let mut voters = 0;
    progress.begin("taking parts", plan.voters);
    for number in 1..=plan.parts.len() {
        cancel.check()?;
        let part = take_part(plan, number, work, key, cancel)?;
        voters += part.voters;
        progress.advance(part.voters);
        for (index, group) in part.groups {
            let mut add = |(bytes, file): &(Vec<u8>, FileRef), is_full: bool| -> Result<FileRef, BuildError> {
                if !digests.insert(file.digest) {
                    return Err(BuildError::PartDoubled { part: number });
                }
                let [full, near] = &mut writer.tables;
                writer.staging.add_bytes(&file.path(Kind::Table), bytes, if is_full { full } else { near })?;
                Ok(*file)
            };
            let full = group.full.iter().map(|file| add(file, true)).collect::<Result<_, _>>()?;
            let near = group.near.iter().map(|file| add(file, false)).collect::<Result<_, _>>()?;
            tables.insert(index, Tables { full, near, homes: group.homes });
        }
    }
    for (index, group, files) in plan.taken_over() {
        cancel.check()?;
        voters += group.voters;
        let [full_written, near_written] = &mut writer.tables;
        let full = take_over(plan, files.full(), writer.staging, full_written, &mut digests)?;
        let near = take_over(plan, files.near(), writer.staging, near_written, &mut digests)?;
        tables.insert(index, Tables { full, near, homes: group.homes() });
        progress.advance(group.voters);
    }
    progress.end();
    if voters == plan.voters && tables.len() == plan.groups.len() { Ok(tables) } else { Err(BuildError::VotersLost) }
}

/// A part that was checked.
struct TakenPart {
    voters: u64,
    /// By the group's place in the plan.
    groups: Vec<(usize, TakenGroup)>,
}

struct TakenGroup {
    homes: Vec<format::Home>,
    full: Vec<(Vec<u8>, FileRef)>,
    near: Vec<(Vec<u8>, FileRef)>,
}

fn take_part(
    plan: &Plan,
    number: usize,
    work: &WorkFolder,
    key: &RunKey,
    cancel: &CancellationToken,
) -> Result<TakenPart, BuildError> {
    let differs = || BuildError::PartDiffers { part: number };
    let planned = plan.part(number).ok_or_else(differs)?;
    let part_key = key.part(number);
    let path = work.output_path(number);
    let input = PartInput::read(&work.input_path(number), number, &part_key)?;
    let mut sealed = SealedPart::open(&path, &plan.run, number, &part_key)?;
    let receipt = sealed.receipt.clone();
    let is_planned = receipt.keys == planned.keys
        && input.header.run == plan.run
        && receipt.files.len() == input.tables.len()
        && receipt.files.iter().zip(&input.tables).all(|(file, table)| is_of(file, table));
    if !is_planned {
        return Err(differs());
    }
    let mut files = Vec::with_capacity(receipt.files.len());
    for file in &receipt.files {
        let bytes = sealed.next(&path)?;
        let file = FileRef {
            digest: format::Digest::of(&bytes),
            stored: u32::try_from(bytes.len()).map_err(|_| differs())?,
            inflated: file.inflated,
        };
        files.push((bytes, file));
    }
    sealed.finish(&path)?;
    ask(&input, &files, cancel)?;
    let mut files = files.into_iter();
    let mut groups = Vec::new();
    let mut keys = Vec::new();
    for (index, group) in plan.groups_of(planned) {
        keys.extend(group.full.iter().chain(&group.near).copied());
        let homes = group.homes();
        let full = files.by_ref().take(group.full.len()).collect();
        let near = files.by_ref().take(group.near.len()).collect();
        groups.push((index, TakenGroup { homes, full, near }));
    }
    let is_complete = files.next().is_none()
        && keys.iter().eq(receipt.files.iter().map(|file| &file.keys))
        && plan.groups_of(planned).map(|(_, group)| group.voters).sum::<u64>() == planned.voters;
    if is_complete { Ok(TakenPart { voters: planned.voters, groups }) } else { Err(differs()) }
}

fn is_of(file: &SealedFile, table: &TableInput) -> bool {
    file.label == table.label
        && file.is_full == (table.recipe == Recipe::Full)
        && usize::try_from(file.keys).is_ok_and(|keys| keys == table.entries.len())
}

/// Asks each file for one random key.
fn ask(input: &PartInput, files: &[(Vec<u8>, FileRef)], cancel: &CancellationToken) -> Result<(), BuildError> {
    let derivers = Derivers::new(input.header.sealing().cost, DeriveMethod::Fast);
    let randomness = input.header.randomness()?;
    let context: SealContext = input.header.context(&randomness, &derivers, cancel);
    let ask = |(table, (bytes, file)): (&TableInput, &(Vec<u8>, FileRef))| ask_table(&context, table, bytes, file);
    input.tables.par_iter().zip(files).try_for_each(ask).map_err(|error| match error {
        // It was asked for every key when it was sealed; what came from there is something else.
        SealError::WrongAnswer { .. } | SealError::Format { .. } => BuildError::PartDiffers { part: input.header.part },
        error => error.into(),
    })
}

/// Writes the app, the pages of the stations and the head. Gives what the pages took.
fn finish(
    staging: &Staging,
    config: &Config,
    head: &Head,
    signers: &Signers,
    cancel: &CancellationToken,
) -> Result<Written, BuildError> {
    let public_keys = signers.with_others(&config.public_keys);
    let described = app::write(staging.path(), &App::of(config, &public_keys))?;
    let pages = write_pages(staging, None, &described, &head.manifest, &Scope::All, cancel)?;
    staging.add_bytes(format::HEAD_PATH, &signers.sign(head)?, &mut Written::default())?;
    Ok(pages)
}

/// The head of the site that will be replaced, unverified: only its serial and its election are looked at.
fn previous_head(site: &Path) -> Option<Head> {
    let bytes = std::fs::read(site.join(format::HEAD_PATH)).ok()?;
    Head::read_unverified(&bytes).ok().map(|(head, _)| head)
}
