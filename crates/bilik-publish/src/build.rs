//! The build: `plan`, `seal` and `assemble` in one process, from an election folder to a signed site, all or nothing.

mod error;

pub use crate::assemble::Built;
use crate::assemble::{self, Publisher};
use crate::cancel::CancellationToken;
use crate::config::Config;
use crate::derive::DeriveMethod;
use crate::plan::{self, Accepted, Allowed, Plan, PlanOptions, PlanOutcome, Refusal};
use crate::problem::Report;
use crate::progress::Progress;
use crate::seal_part::seal_part;
use crate::work::{RunKey, WorkFolder};
use bilik::format;
pub use error::BuildError;
use std::path::{Path, PathBuf};

/// What to build.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The election folder.
    pub folder: PathBuf,
    /// The secret keys that sign.
    pub keys: Vec<PathBuf>,
    /// Output directory; an existing site is replaced atomically.
    pub site: PathBuf,
    /// A work folder, so that a build that was killed is resumed. Without one, the key of what lies on the disk is in memory only.
    pub work: Option<PathBuf>,
    /// What to accept.
    pub allowed: Allowed,
    /// Remove the files of earlier builds from the site at once.
    pub prune: bool,
    /// Other keys sign afterwards: fewer signatures than pages demand will do.
    pub signatures_follow: bool,
    /// Take over the tables of the site that is replaced whose contents did not change.
    pub reuse: bool,
    /// How keys are derived. It changes the time that a build takes, and not one byte of the site.
    pub derive: DeriveMethod,
}

/// Whether the input was accepted.
#[derive(Debug)]
pub enum BuildOutcome {
    /// The site is published. The report has what was accepted, and every warning.
    Built(Box<Built>, Report),
    /// More was wrong with the input than allowed; only the rejects file was written.
    Refused(Refusal),
}

/// Builds a site: check, seal, ask the tables for every voter, sign, publish. A failure or a cancellation leaves the previous site
/// as it was.
///
/// # Errors
/// Says what failed and how to fix it. Rejected lines of the input are not an error but [`BuildOutcome::Refused`].
pub fn build(options: &BuildOptions, progress: &dyn Progress, cancel: &CancellationToken) -> Result<BuildOutcome, BuildError> {
    let secrets: Vec<&PathBuf> = options.work.iter().chain([&options.folder]).collect();
    let publisher =
        Publisher::new(&options.site, &options.keys, &secrets, options.prune)?.signatures_follow(options.signatures_follow);
    let config = Config::load(&options.folder)?;
    let publication = publisher.begin(&config, cancel)?;
    let planned = match &options.work {
        Some(work) => plan_in(work, options, progress, cancel),
        None => plan_in_scratch(options, progress, cancel),
    };
    let Planned { plan, report, work, key, scratch } = match planned? {
        Ok(planned) => planned,
        Err(refusal) => return Ok(BuildOutcome::Refused(refusal)),
    };
    seal_all(&plan, &work, &key, options.derive, progress, cancel)?;
    let input = assemble::load(&plan)?;
    let mut built = assemble::assemble_into(publication, &input, &plan, &work, &key, progress, cancel)?;
    built.not_wiped = work.remove().err().map(|error| error.to_string());
    drop(scratch);
    Ok(BuildOutcome::Built(Box::new(built), report))
}

impl BuildOptions {
    fn plan(&self, work: &Path) -> PlanOptions {
        PlanOptions {
            folder: self.folder.clone(),
            work: work.to_owned(),
            parts: None,
            allowed: self.allowed,
            reuse: (self.reuse && self.site.join(format::HEAD_PATH).is_file()).then(|| self.site.clone()),
        }
    }
}

/// What is to be sealed, and where.
struct Planned {
    plan: Plan,
    report: Report,
    work: WorkFolder,
    key: RunKey,
    /// The scratch folder that the work folder is in, if it is.
    scratch: Option<Accepted>,
}

/// In a folder that outlives this run, with its key.
fn plan_in(
    work: &Path,
    options: &BuildOptions,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Result<Planned, Refusal>, BuildError> {
    let (plan, report) = match plan::plan(&options.plan(work), progress, cancel)? {
        PlanOutcome::Planned(plan, report) | PlanOutcome::AlreadyPlanned(plan, report) => (*plan, report),
        PlanOutcome::Refused(refusal) => return Ok(Err(refusal)),
    };
    let work = WorkFolder::new(work);
    let key = work.run_key()?;
    Ok(Ok(Planned { plan, report, work, key, scratch: None }))
}

/// In the scratch folder, with a key that only this process has.
fn plan_in_scratch(
    options: &BuildOptions,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Result<Planned, Refusal>, BuildError> {
    let (accepted, report) = match plan::accept(&options.plan(Path::new("")), progress, cancel)? {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let work = WorkFolder::new(&accepted.checked.partition.folder().join("work"));
    work.begin()?;
    let key = RunKey::fresh()?;
    let plan = plan::write_parts(&accepted, &options.folder, &work, &key, progress, cancel)?;
    Ok(Ok(Planned { plan, report, work, key, scratch: Some(accepted) }))
}

/// Every part that is not sealed yet.
fn seal_all(
    plan: &Plan,
    work: &WorkFolder,
    key: &RunKey,
    method: DeriveMethod,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<(), BuildError> {
    progress.begin("sealing", plan.keys());
    for (number, part) in (1..).zip(&plan.parts) {
        if work.is_sealed(number) {
            progress.advance(part.keys);
        } else {
            seal_part(work, number, &key.part(number), method, &OnePhase(progress), cancel)?;
        }
    }
    progress.end();
    Ok(())
}

/// Adds to a phase that has begun, whatever phases begin and end within.
struct OnePhase<'a>(&'a dyn Progress);

impl Progress for OnePhase<'_> {
    fn begin(&self, _: &str, _: u64) {}

    fn advance(&self, by: u64) {
        self.0.advance(by);
    }

    fn end(&self) {}
}

impl BuildOutcome {
    /// What was built.
    ///
    /// # Errors
    /// When the input was refused.
    pub fn built(self) -> Result<Built, BuildError> {
        match self {
            Self::Built(built, _) => Ok(*built),
            Self::Refused(Refusal { report, differences, rejects, .. }) => {
                Err(BuildError::Rejected { rejected: report.rejected(), differences, rejects })
            }
        }
    }
}
