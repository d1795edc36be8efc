//! The plan: from an election folder to parts that can be sealed one by one, anywhere.

mod contents;
mod parts;

use crate::build::BuildError;
use crate::cancel::CancellationToken;
use crate::clock::now;
use crate::config::Config;
use crate::crosscheck::crosscheck;
use crate::durable::require_room;
use crate::grouping::Group;
use crate::input::{Input, InputDigests};
use crate::language::translatable;
use crate::layout::Layout;
use crate::partition::{self, Bins, Checked, PartitionError};
use crate::problem::{Report, Totals};
use crate::progress::Progress;
use crate::rejects::{self, Rejects};
use crate::reuse::{Kept, fresh_key};
use crate::roll::{self, RollError};
use crate::tables::{GroupTables, TablesContext, tables};
use crate::work::{PartHeader, RunKey, WorkFolder};
pub use crate::work::{Plan, PlannedGroup, PlannedPart};
use bilik::Cost;
use parts::{KeptGroups, Parts};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Voters in a part by default, at the default cost: about an hour of one core.
const VOTERS_IN_A_PART: u64 = 300_000;
/// Parts are no smaller by default, however dear a derivation is.
const MIN_VOTERS_IN_A_PART: u64 = 10_000;
/// Bytes on the disk for one voter: the spool or what workers get, and what they make of it twice, in parts and in the site.
const ROOM_PER_VOTER: u64 = 150;

/// What to plan.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// The election folder.
    pub folder: PathBuf,
    /// The work folder.
    pub work: PathBuf,
    /// How many parts; by default, parts of about an hour of one core.
    pub parts: Option<usize>,
    /// The site of an earlier build, from which tables are taken over whose contents did not change.
    pub reuse: Option<PathBuf>,
    /// What to accept.
    pub allowed: Allowed,
}

/// Faults of the input in spite of which the operator goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Lines that are rejected, at most.
    pub rejects: u64,
    /// Voters by which the regions differ from their official totals, at most, added up over the lines of the totals file.
    pub differences: u64,
}

impl Allowed {
    fn covers(self, rejected: u64, differences: u64) -> bool {
        rejected <= self.rejects && differences <= self.differences
    }
}

/// Whether the input was accepted.
#[derive(Debug)]
pub enum PlanOutcome {
    /// The work folder is ready. The report has what was accepted, and every warning.
    Planned(Box<Plan>, Report),
    /// The work folder has the plan of this input already. The report has the warnings of each line, without those that only several
    /// lines together show.
    AlreadyPlanned(Box<Plan>, Report),
    /// More was wrong with the input than allowed; only the rejects file was written.
    Refused(Refusal),
}

/// Why an input was not accepted.
#[derive(Debug)]
pub struct Refusal {
    /// The problems.
    pub report: Report,
    /// What was read.
    pub totals: Totals,
    /// Voters by which the regions differ from their official totals.
    pub differences: u64,
    /// The rejects file.
    pub rejects: PathBuf,
}

/// Checks the input and writes what workers need. A killed run leaves nothing that the next one does not replace; a plan that
/// stands is not made again. Cost: three passes over the roll, and folding each name.
///
/// # Errors
/// Says what failed and how to fix it. Rejected lines of the input are not an error but [`PlanOutcome::Refused`].
pub fn plan(options: &PlanOptions, progress: &dyn Progress, cancel: &CancellationToken) -> Result<PlanOutcome, BuildError> {
    let work = WorkFolder::new(&options.work);
    if work.has_plan() {
        let plan = work.plan(&work.run_key()?)?;
        let wanted = options.reuse.as_deref().map(absolute);
        if plan.earlier != wanted {
            return Err(BuildError::PlannedOtherwise { planned: plan.earlier, wanted });
        }
        let report = require_same_input(&plan, &options.folder, progress, cancel)?;
        if !options.allowed.covers(plan.rejected, plan.differences) {
            let (rejected, differences) = (plan.rejected, plan.differences);
            return Err(BuildError::Rejected { rejected, differences, rejects: options.folder.join(rejects::FILE) });
        }
        return Ok(PlanOutcome::AlreadyPlanned(Box::new(plan), report));
    }
    let accepted = accept(options, progress, cancel)?;
    let (accepted, report) = match accepted {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(PlanOutcome::Refused(refusal)),
    };
    let _lock = work.lock()?;
    if work.has_plan() {
        // Another run has planned meanwhile.
        return plan(options, progress, cancel);
    }
    work.begin()?;
    let key = RunKey::fresh()?;
    work.keep_key(key.file_key())?;
    let planned = write_parts(&accepted, &options.folder, &work, &key, progress, cancel)
        .and_then(|plan| work.write_plan(&key, &plan).map(|()| plan).map_err(BuildError::from));
    match planned {
        Ok(plan) => Ok(PlanOutcome::Planned(Box::new(plan), report)),
        Err(error) => {
            // What went wrong first is what matters.
            work.remove().unwrap_or_default();
            Err(error)
        }
    }
}

/// An input that can be planned.
pub(crate) struct Accepted {
    pub input: Input,
    pub checked: Checked,
    pub rejected: u64,
    pub differences: u64,
    /// What the last build kept.
    kept: Option<Kept>,
    /// The site whose tables may be taken over.
    reuse: Option<PathBuf>,
    voters_in_a_part: u64,
}

/// Reads and checks the input.
pub(crate) fn accept(
    options: &PlanOptions,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Result<(Accepted, Report), Refusal>, BuildError> {
    let PlanOptions { folder, parts, allowed, reuse, .. } = options;
    let mut report = Report::default();
    let mut rejects = Rejects::new(folder);
    let input = Input::load(folder, &mut report, &mut rejects)?;
    if let Some(problem) = input.config.over(now()?) {
        return Err(BuildError::NothingToPublish(problem.into()));
    }
    let kept = match reuse {
        Some(_) => Kept::read(folder, &input.config.election.id)?,
        None => None,
    };
    let reuse = reuse.as_deref().map(absolute);
    let borders: Vec<&[u32]> = kept.iter().flat_map(|kept| &kept.groups).map(|group| group.prefixes.as_slice()).collect();
    let of_an_hour = voters_in_a_part(input.config.sealing.cost);
    let bins = parts.map_or(Bins::OfVoters(of_an_hour), Bins::Count);
    let checked = partition::check_into((bins, &borders), (&input, folder), &mut report, &mut rejects, progress, cancel)?;
    let differences = crosscheck(&input, &checked.stations, &mut report);
    input.config.warnings().for_each(|problem| report.push(problem));
    let rejected = report.rejected();
    let rejects = rejects.finish()?;
    if !allowed.covers(rejected, differences) {
        let stations = u64::try_from(input.stations.rows().len()).unwrap_or_default();
        let totals = Totals { voters: checked.voters, stations, withheld: checked.withheld };
        return Ok(Err(Refusal { report, totals, differences, rejects }));
    }
    if let Some(problem) = checked.no_voters(&input.config) {
        return Err(BuildError::NothingToPublish(problem.into()));
    }
    let part = parts.and_then(|parts| checked.voters.checked_div(u64::try_from(parts).ok()?));
    let voters_in_a_part = part.unwrap_or(of_an_hour);
    Ok(Ok((Accepted { input, checked, rejected, differences, kept, reuse, voters_in_a_part }, report)))
}

/// Voters that take about an hour of one core.
fn voters_in_a_part(cost: Cost) -> u64 {
    let voters = VOTERS_IN_A_PART.saturating_mul(Cost::DEFAULT.work()).checked_div(cost.work());
    voters.unwrap_or(VOTERS_IN_A_PART).clamp(MIN_VOTERS_IN_A_PART, Bins::MAX_VOTERS)
}

/// Writes what workers need, bin by bin; each bin of the roll is removed when its part is written.
pub(crate) fn write_parts(
    accepted: &Accepted,
    folder: &Path,
    work: &WorkFolder,
    key: &RunKey,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Plan, BuildError> {
    let Accepted { input, checked, rejected, differences, kept, reuse, .. } = accepted;
    let config = &input.config;
    let positions = kept.as_ref().map(|kept| kept.positions.clone()).unwrap_or_default();
    let layout = Layout::new(&input.stations, &input.regions, &positions)?;
    require_room(work.path(), checked.voters.saturating_mul(ROOM_PER_VOTER))?;
    let context =
        TablesContext { election: &config.election.id, max_keys: config.max_keys, regions: &input.regions, layout: &layout };
    let mut run = [0; 16];
    crate::randomness::fill(&mut run)?;
    let mut plan = Plan {
        run: base16ct::lower::encode_string(&run),
        election: config.election.id.clone(),
        folder: absolute(folder),
        planned_at: now()?,
        input: digests_by_name(&input.digests),
        roll: base16ct::lower::encode_string(&checked.roll),
        voters: checked.voters,
        withheld: checked.withheld,
        rejected: *rejected,
        differences: *differences,
        stations: layout.stations(),
        positions: layout.positions(&input.stations),
        earlier: reuse.clone(),
        reuse_key: kept.as_ref().map_or_else(fresh_key, |kept| Ok(kept.key.clone()))?,
        groups: Vec::new(),
        parts: Vec::new(),
    };
    let header = PartHeader {
        all_stations: layout.all(),
        seed: config.seed,
        ..PartHeader::new(&plan.run, 0, &config.election.id, config.sealing)
    };
    let earlier = kept.as_ref().zip(reuse.as_deref()).map(|(kept, site)| KeptGroups::new(kept, site));
    let groups = (checked.partition.groups(), earlier.unwrap_or_default());
    let mut parts = Parts::new((&context, header), (work, key), groups, accepted.voters_in_a_part)?;
    progress.begin("writing parts", checked.voters);
    for bin in 0..checked.partition.bin_count() {
        progress.advance(add_bin(checked, bin, &mut parts, &mut plan, cancel)?);
        parts.end_bin(&mut plan)?;
        checked.partition.remove(bin)?;
    }
    parts.finish(&mut plan)?;
    progress.end();
    if plan.groups.iter().map(|group| group.voters).sum::<u64>() != checked.voters {
        return Err(BuildError::VotersLost);
    }
    Ok(plan)
}

/// Gives the voters of the bin.
fn add_bin(
    checked: &Checked,
    bin: usize,
    parts: &mut Parts,
    plan: &mut Plan,
    cancel: &CancellationToken,
) -> Result<u64, BuildError> {
    let groups = checked.partition.groups();
    let voters = checked.partition.read(bin)?;
    let context = parts.context;
    // As many groups at a time as there are threads: a country's groups are folded side by side, and few are in memory.
    for some in voters.chunks(rayon::current_num_threads()) {
        cancel.check()?;
        let made = some.par_iter().filter_map(|(index, voters)| Some((groups.get(*index)?, voters)));
        let made: Vec<(&Group, GroupTables)> =
            made.map(|(group, voters)| Ok((group, tables(context, group, voters)?))).collect::<Result<_, BuildError>>()?;
        for (group, tables) in made {
            parts.add(plan, group, &tables)?;
        }
    }
    Ok(voters.iter().map(|(_, voters)| u64::try_from(voters.len()).unwrap_or_default()).sum())
}

/// Refuses to go on with a plan of another input; gives the warnings of its lines.
fn require_same_input(
    plan: &Plan,
    folder: &Path,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Report, BuildError> {
    let (mut report, mut rejects) = (Report::new(), Rejects::nowhere());
    let input = Input::load(folder, &mut report, &mut rejects)?;
    require_input(plan, &input.digests, &input.config)?;
    let looked = (translatable!("looking for changes in the roll"), progress);
    let counted = roll::read(&input, &mut report, &mut rejects, looked, cancel, &mut |_| Ok::<_, RollError>(()));
    let counted = counted.map_err(PartitionError::from)?;
    let is_same = base16ct::lower::encode_string(&counted.digest) == plan.roll;
    if is_same { Ok(report) } else { Err(BuildError::Changed { what: "voters".to_owned() }) }
}

/// Refuses an input that is not the one that was planned; the roll is not looked at.
pub(crate) fn require_input(plan: &Plan, digests: &InputDigests, config: &Config) -> Result<(), BuildError> {
    if config.election.id != plan.election {
        return Err(BuildError::AnotherPlan { planned: plan.election.clone(), election: config.election.id.clone() });
    }
    let now = digests_by_name(digests);
    let mut names = now.keys().chain(plan.input.keys());
    match names.find(|name| now.get(*name) != plan.input.get(*name)) {
        Some(name) => Err(BuildError::Changed { what: name.clone() }),
        None => Ok(()),
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn digests_by_name(digests: &InputDigests) -> BTreeMap<String, String> {
    let InputDigests { config, regions, stations, withheld, totals, contacts } = digests;
    let named = [
        ("election.toml", Some(config)),
        ("regions", Some(regions)),
        ("stations", Some(stations)),
        ("withheld", withheld.as_ref()),
        ("totals", totals.as_ref()),
        ("contacts", contacts.as_ref()),
    ];
    named.into_iter().filter_map(|(name, digest)| Some((name.to_owned(), base16ct::lower::encode_string(digest?)))).collect()
}
