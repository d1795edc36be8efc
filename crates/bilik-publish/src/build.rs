//! The build: from an election folder to a signed site, all or nothing.

use super::app::{self, App};
use super::config::Config;
use super::input::{Input, Progress, Regions};
use super::layout::Layout;
use super::partition::{self, Checked};
use super::plan::Group;
use super::problem::{Report, Totals};
use super::randomness::Randomness;
use super::roll::Rejects;
use super::seal::{SealContext, SealedGroup, seal};
use super::signing::Signers;
use super::site::{Staging, Written};
use anyhow::{Context as _, bail, ensure};
use bilik::format::{
    self, Code, Directory, District, DistrictNames, FileRef, Head, Kind, Manifest, Names, Province, PublicKey, Regency,
    RegencyNames, Route, Tables, Village,
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What to build.
#[derive(Clone, Debug)]
pub struct Options {
    /// The election folder.
    pub folder: PathBuf,
    /// The secret keys that sign.
    pub keys: Vec<PathBuf>,
    /// Where the site goes.
    pub site: PathBuf,
    /// Build though so many lines are rejected.
    pub allow_rejects: u64,
    /// Remove the files of earlier builds from the site at once.
    pub prune: bool,
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
    /// Stations.
    pub stations: u32,
    /// Groups of voters, each with its tables.
    pub groups: usize,
    /// Written in all, without the app.
    pub written: Written,
    /// Of that, the tables by `full` and by `near`.
    pub tables: [Written; 2],
    /// The manifest's and the largest directory's length.
    pub manifest: u32,
    /// The largest directory's length.
    pub largest_directory: u32,
    /// Files of earlier builds that stay in the site.
    pub earlier: u64,
    /// The serial of the head.
    pub serial: u64,
    /// Who signed.
    pub signed_by: Vec<PublicKey>,
}

/// Whether the input was good enough.
#[derive(Debug)]
pub enum Outcome {
    /// The site is there. The report has what was accepted, and every warning.
    Built(Box<Built>, Report),
    /// More lines were rejected than allowed; nothing was written but the rejects file.
    Refused {
        /// The problems.
        report: Report,
        /// What was read.
        totals: Totals,
        /// The rejects file.
        rejects: PathBuf,
    },
}

/// Builds a site: check, seal, ask the tables for everybody, sign, publish. Whatever fails or is interrupted leaves the
/// previous site as it was.
///
/// # Errors
/// Says what failed and what to do. Problems in the lines of the input are no error but [`Outcome::Refused`].
pub fn build(options: &Options, progress: &dyn Progress) -> anyhow::Result<Outcome> {
    app::check()?;
    ensure_apart(&options.site, options.keys.iter().chain([&options.folder]))?;
    let signers = Signers::read(&options.keys)?;
    let mut report = Report::default();
    let mut rejects = Rejects::new(&options.folder);
    let input = Input::load(&options.folder, &mut report, &mut rejects)?;
    signers.ensure_enough(input.config.threshold)?;
    if let Some(over) = input.config.over(now()?) {
        bail!("{over}");
    }
    let staging = Staging::new(&options.site)?;
    // Only now: another build may have published just before.
    let before = previous_head(&options.site);
    if let Some(before) = before.as_ref().filter(|before| before.election != input.config.election.id) {
        bail!(
            "{}: the site there is of another election, {}; give another --out, or remove it first",
            options.site.display(),
            before.election
        );
    }
    let checked = partition::check(&input, &options.folder, &mut report, &mut rejects, progress)?;
    let rejected = report.rejected();
    let rejects = rejects.finish()?;
    if rejected > options.allow_rejects {
        let stations = u64::try_from(input.stations.rows().len()).unwrap_or_default();
        let totals = Totals { voters: checked.voters, stations, withheld: checked.withheld };
        return Ok(Outcome::Refused { report, totals, rejects });
    }
    if let Some(nobody) = checked.nobody(&input.config) {
        bail!("{nobody}");
    }
    let randomness = input.config.seed.map_or_else(Randomness::fresh, |seed| Ok(Randomness::of_seed(seed)))?;
    let layout = Layout::new(&input.stations)?;
    let mut site =
        Site { input: &input, layout: &layout, staging: &staging, written: Written::default(), tables: [Written::default(); 2] };
    let groups = site.seal(&checked, &randomness, progress)?;
    let (manifest, largest_directory) = site.assemble(checked.partition.groups(), groups)?;
    let unnumbered = Head {
        election: input.config.election.id.clone(),
        serial: 0,
        signed_at: signing_time(input.config.seed)?,
        expires: input.config.expires,
        manifest,
    };
    let head = numbered(unnumbered, before.as_ref(), input.config.seed.is_some());
    let serial = head.serial;
    finish(&staging, &input.config, &head, &signers)?;
    ensure!(!super::interrupted(), "interrupted");
    let written = site.written;
    let tables = site.tables;
    let earlier = staging.publish(options.prune)?;
    let built = Built {
        voters: checked.voters,
        withheld: checked.withheld,
        rejected,
        stations: layout.all(),
        groups: checked.partition.groups().len(),
        written,
        tables,
        manifest: manifest.stored,
        largest_directory,
        earlier,
        serial,
        signed_by: signers.public_keys(),
    };
    Ok(Outcome::Built(Box::new(built), report))
}

/// When a demo with a fixed seed is signed: 14 February 2024. It must lie before any clock that reads it.
const SIGNED_AT_OF_A_SEED: u64 = 1_707_868_800;

/// Bytes that repeat hold no clock: whatever a seed makes is signed at the same moment.
pub(super) fn signing_time(seed: Option<u64>) -> anyhow::Result<u64> {
    seed.map_or_else(now, |_| Ok(SIGNED_AT_OF_A_SEED))
}

/// With its serial: higher than that of the site that is replaced, and than that of any site signed earlier on another machine.
/// The same content from the same seed keeps its serial, so that building again changes nothing.
pub(super) fn numbered(head: Head, before: Option<&Head>, is_seeded: bool) -> Head {
    let serial = before.map_or(head.signed_at, |before| {
        let same = Head { serial: before.serial, ..head.clone() };
        if is_seeded && same == *before { before.serial } else { head.signed_at.max(before.serial.saturating_add(1)) }
    });
    Head { serial, ..head }
}

fn finish(staging: &Staging, config: &Config, head: &Head, signers: &Signers) -> anyhow::Result<()> {
    let public_keys = signers.with_others(&config.public_keys);
    let Config { mirrors, election, threshold, .. } = config;
    app::write(staging.path(), &App { mirrors, public_keys: &public_keys, threshold: *threshold, election })?;
    staging.add_bytes(format::HEAD_PATH, &signers.sign(head)?, &mut Written::default())
}

/// Seconds since 1970.
///
/// # Errors
/// When the clock stands before 1970.
pub fn now() -> anyhow::Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context("this machine's clock stands before 1970; set it")?.as_secs())
}

/// A site is for everybody: neither the roll nor a secret key may lie in it.
pub(super) fn ensure_apart<'a>(site: &Path, secrets: impl IntoIterator<Item = &'a PathBuf>) -> anyhow::Result<()> {
    let Ok(resolved) = site.canonicalize() else { return Ok(()) };
    for secret in secrets {
        let inside = secret.canonicalize().is_ok_and(|secret| secret.starts_with(&resolved));
        ensure!(
            !inside,
            "{}: this is secret, and lies in the site {}, which is for everybody; move one of them",
            secret.display(),
            resolved.display()
        );
    }
    Ok(())
}

/// The head of the site that will be replaced, unverified: only its serial and its election are looked at.
fn previous_head(site: &Path) -> Option<Head> {
    let bytes = std::fs::read(site.join(format::HEAD_PATH)).ok()?;
    Head::read_unverified(&bytes).ok().map(|(head, _)| head)
}

/// The tables of one group, as files.
struct GroupFiles(Tables);

/// The site in the making.
struct Site<'a> {
    input: &'a Input,
    layout: &'a Layout,
    staging: &'a Staging,
    written: Written,
    tables: [Written; 2],
}

impl Site<'_> {
    /// Seals all groups, bin by bin; side by side within a bin.
    fn seal(
        &mut self,
        checked: &Checked,
        randomness: &Randomness,
        progress: &dyn Progress,
    ) -> anyhow::Result<BTreeMap<usize, GroupFiles>> {
        let config = &self.input.config;
        let context = SealContext {
            election: &config.election.id,
            sealing: config.sealing,
            regions: &self.input.regions,
            layout: self.layout,
            randomness,
        };
        let groups = checked.partition.groups();
        // Two keys a voter, or one where the name is short: the bar's length is a bound.
        progress.begin("sealing", checked.voters.saturating_mul(2));
        let mut files = BTreeMap::new();
        for bin in 0..checked.partition.bin_count() {
            let voters = checked.partition.read(bin)?;
            let sealed: Vec<(usize, SealedGroup)> = voters
                .into_par_iter()
                .filter_map(|(group, voters)| Some((group, groups.get(group)?, voters)))
                .map(|(index, group, voters)| Ok((index, seal(&context, group, &voters, &|keys| progress.advance(keys))?)))
                .collect::<anyhow::Result<_>>()?;
            for (index, group) in sealed {
                files.insert(index, self.add_tables(group)?);
            }
        }
        progress.end();
        Ok(files)
    }

    fn add_tables(&mut self, group: SealedGroup) -> anyhow::Result<GroupFiles> {
        let add = |(bytes, file): &(Vec<u8>, FileRef), count: &mut Written| {
            self.staging.add_bytes(&file.path(Kind::Table), bytes, count)?;
            anyhow::Ok(*file)
        };
        let [full_count, near_count] = &mut self.tables;
        let full = group.full.as_ref().map(|full| add(full, full_count)).transpose()?;
        let near = add(&group.near, near_count)?;
        Ok(GroupFiles(Tables { full, near, homes: group.homes }))
    }

    /// Station lists, directories, names and the manifest. Gives the manifest's file, and the length of the largest directory.
    fn assemble(&mut self, groups: &[Group], mut files: BTreeMap<usize, GroupFiles>) -> anyhow::Result<(FileRef, u32)> {
        let mut lists = BTreeMap::new();
        for (district, list) in self.layout.lists(&self.input.stations) {
            lists.insert(district, self.staging.add(&list, &mut self.written)?);
        }
        let mut routes = Routes::new(groups, &self.input.regions);
        let mut largest = 0;
        let mut provinces = Vec::new();
        let regions = &self.input.regions;
        for (province, province_name) in regions.provinces() {
            let mut regencies = Vec::new();
            let mut names = Names { province: province.last_two(), regencies: Vec::new() };
            for (code, name) in regions.children(province) {
                let name = name.to_owned();
                let districts = self.districts(code, &lists);
                let stations = districts.iter().map(|district| district.addressable).sum();
                names.regencies.push(regency_names(code, &name, &districts));
                let (routes, tables) = routes.take(Some(code), &files);
                let number = u16::try_from(code.number()).context("a regency's code is out of range")?;
                let directory = Directory { regency: number, name, districts, routes, tables };
                let directory =
                    self.staging.add(&directory, &mut self.written).with_context(|| format!("the directory of {code}"))?;
                largest = largest.max(directory.stored);
                regencies.push(Regency { code: code.last_two(), directory, stations });
            }
            provinces.push(Province {
                code: province.last_two(),
                name: province_name.to_owned(),
                zone: self.input.config.time_zone(province.last_two()),
                names: self.staging.add(&names, &mut self.written)?,
                regencies,
            });
        }
        let (elsewhere, tables) = routes.take(None, &files);
        let elsewhere = if elsewhere.is_empty() {
            None
        } else {
            let directory = Directory { regency: 0, name: String::new(), districts: Vec::new(), routes: elsewhere, tables };
            Some(self.staging.add(&directory, &mut self.written).context("the directory of prefixes in no regency")?)
        };
        files.clear();
        let manifest =
            Manifest { election: self.input.config.election.clone(), sealing: self.input.config.sealing, provinces, elsewhere };
        ensure!(manifest.station_count() == self.layout.all(), "stations lie in regions that no regency of regions.csv holds");
        let manifest = self.staging.add(&manifest, &mut self.written)?;
        for tables in self.tables {
            self.written.files += tables.files;
            self.written.bytes += tables.bytes;
        }
        Ok((manifest, largest))
    }

    fn districts(&self, regency: Code, lists: &BTreeMap<Code, FileRef>) -> Vec<District> {
        let regions = &self.input.regions;
        let village = |(code, name): (Code, &str)| Village { code: code.last_four(), name: name.to_owned() };
        let district = |(code, name): (Code, &str)| District {
            code: code.last_two(),
            name: name.to_owned(),
            villages: regions.children(code).map(village).collect(),
            stations: lists.get(&code).copied(),
            addressable: self.layout.stations_in(code),
        };
        regions.children(regency).map(district).collect()
    }
}

fn regency_names(code: Code, name: &str, districts: &[District]) -> RegencyNames {
    let district = |district: &District| DistrictNames {
        code: district.code,
        name: district.name.clone(),
        villages: district.villages.clone(),
    };
    RegencyNames { code: code.last_two(), name: name.to_owned(), districts: districts.iter().map(district).collect() }
}

/// Which groups a regency's directory leads to.
struct Routes {
    /// For each regency, or for none: prefix, first group, split bits.
    by_regency: BTreeMap<Option<Code>, Vec<(u32, usize, u8)>>,
}

impl Routes {
    fn new(groups: &[Group], regions: &Regions) -> Self {
        let mut by_regency: BTreeMap<Option<Code>, Vec<(u32, usize, u8)>> = BTreeMap::new();
        for (index, group) in groups.iter().enumerate().filter(|(_, group)| group.part == 0) {
            for &prefix in &group.prefixes {
                let regency = Code::district(prefix).and_then(Code::regency_of).filter(|code| regions.holds(*code));
                by_regency.entry(regency).or_default().push((prefix, index, group.split_bits));
            }
        }
        Self { by_regency }
    }

    /// The routes of one directory, and the tables that they lead to, in the order of the groups.
    fn take(&mut self, regency: Option<Code>, files: &BTreeMap<usize, GroupFiles>) -> (Vec<Route>, Vec<Tables>) {
        let mut wanted = self.by_regency.remove(&regency).unwrap_or_default();
        wanted.sort_unstable();
        let parts = |&(_, first, bits): &(u32, usize, u8)| first..first + (1 << bits);
        let indices: Vec<usize> = wanted.iter().flat_map(parts).collect::<BTreeSet<_>>().into_iter().collect();
        let place = |group: usize| indices.binary_search(&group).ok().and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX);
        let routes =
            wanted.iter().map(|&(prefix, first, split_bits)| Route { prefix, table: place(first), split_bits }).collect();
        let tables = indices.iter().filter_map(|index| files.get(index)).map(|GroupFiles(tables)| tables.clone()).collect();
        (routes, tables)
    }
}

impl Outcome {
    /// What was built.
    ///
    /// # Errors
    /// When the input was refused.
    pub fn built(self) -> anyhow::Result<Built> {
        match self {
            Self::Built(built, _) => Ok(*built),
            Self::Refused { report, rejects, .. } => {
                bail!("{} lines of the input are rejected: see {}", report.rejected(), rejects.display())
            }
        }
    }
}
