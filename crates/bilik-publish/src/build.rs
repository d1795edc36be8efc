//! The build: from an election folder to a signed site, all or nothing.

mod error;
mod routes;
mod writer;

use crate::app::{self, App};
use crate::cancel::CancellationToken;
use crate::clock::now;
use crate::config::Config;
use crate::derive::{DeriveMethod, Derivers};
use crate::input::Input;
use crate::layout::Layout;
use crate::partition;
use crate::problem::{Report, Totals};
use crate::progress::Progress;
use crate::randomness::Randomness;
use crate::rejects::Rejects;
use crate::release::{refuse_secrets_inside, signing_time, with_serial};
use crate::signing::Signers;
use crate::staging::{Staging, Written};
use bilik::format::{self, Head, PublicKey};
pub use error::BuildError;
use std::path::{Path, PathBuf};
use writer::SiteWriter;

/// What to build.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The election folder.
    pub folder: PathBuf,
    /// The secret keys that sign.
    pub keys: Vec<PathBuf>,
    /// Output directory; an existing site is replaced atomically.
    pub site: PathBuf,
    /// Build even if up to this many lines are rejected.
    pub allow_rejects: u64,
    /// Remove the files of earlier builds from the site at once.
    pub prune: bool,
    /// How keys are derived. It changes the time that a build takes, and not one byte of the site.
    pub derive: DeriveMethod,
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
    /// Files of earlier builds that remain in the site.
    pub earlier: u64,
    /// The serial of the head.
    pub serial: u64,
    /// Who signed.
    pub signed_by: Vec<PublicKey>,
}

/// Whether the input was accepted.
#[derive(Debug)]
pub enum BuildOutcome {
    /// The site is published. The report has what was accepted, and every warning.
    Built(Box<Built>, Report),
    /// More lines were rejected than allowed; only the rejects file was written.
    Refused {
        /// The problems.
        report: Report,
        /// What was read.
        totals: Totals,
        /// The rejects file.
        rejects: PathBuf,
    },
}

/// Builds a site: check, seal, ask the tables for every voter, sign, publish. A failure or a cancellation leaves the previous site
/// as it was.
///
/// # Errors
/// Says what failed and how to fix it. Rejected lines of the input are not an error but [`BuildOutcome::Refused`].
pub fn build(options: &BuildOptions, progress: &dyn Progress, cancel: &CancellationToken) -> Result<BuildOutcome, BuildError> {
    app::check()?;
    refuse_secrets_inside(&options.site, options.keys.iter().chain([&options.folder]))?;
    let signers = Signers::read(&options.keys)?;
    let mut report = Report::default();
    let mut rejects = Rejects::new(&options.folder);
    let input = Input::load(&options.folder, &mut report, &mut rejects)?;
    signers.require(input.config.threshold)?;
    if let Some(problem) = input.config.over(now()?) {
        return Err(BuildError::NothingToPublish(problem.into()));
    }
    let staging = Staging::new(&options.site, cancel)?;
    // Only now: another build may have published just before.
    let before = previous_head(&options.site);
    if let Some(other) = before.as_ref().filter(|before| before.election != input.config.election.id) {
        return Err(BuildError::AnotherElection { site: options.site.clone(), election: other.election.clone() });
    }
    let checked = partition::check(&input, &options.folder, &mut report, &mut rejects, progress, cancel)?;
    let rejected = report.rejected();
    let rejects = rejects.finish()?;
    if rejected > options.allow_rejects {
        let stations = u64::try_from(input.stations.rows().len()).unwrap_or_default();
        let totals = Totals { voters: checked.voters, stations, withheld: checked.withheld };
        return Ok(BuildOutcome::Refused { report, totals, rejects });
    }
    if let Some(problem) = checked.no_voters(&input.config) {
        return Err(BuildError::NothingToPublish(problem.into()));
    }
    let randomness = input.config.seed.map_or_else(Randomness::fresh, |seed| Ok(Randomness::of_seed(seed)))?;
    let layout = Layout::new(&input.stations)?;
    let derivers = Derivers::new(input.config.sealing.cost, options.derive);
    let mut site = SiteWriter {
        input: &input,
        layout: &layout,
        staging: &staging,
        derivers: &derivers,
        written: Written::default(),
        tables: [Written::default(); 2],
    };
    let groups = site.seal(&checked, &randomness, progress, cancel)?;
    let (manifest, largest_directory) = site.assemble(checked.partition.groups(), &groups)?;
    let unnumbered = Head {
        election: input.config.election.id.clone(),
        serial: 0,
        signed_at: signing_time(input.config.seed)?,
        expires: input.config.expires,
        manifest,
    };
    let head = with_serial(unnumbered, before.as_ref(), input.config.seed.is_some());
    let serial = head.serial;
    finish(&staging, &input.config, &head, &signers)?;
    cancel.check()?;
    let written = site.written;
    let tables = site.tables;
    let earlier = staging.publish(options.prune, cancel)?;
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
    Ok(BuildOutcome::Built(Box::new(built), report))
}

fn finish(staging: &Staging, config: &Config, head: &Head, signers: &Signers) -> Result<(), BuildError> {
    let public_keys = signers.with_others(&config.public_keys);
    let Config { mirrors, election, threshold, .. } = config;
    let app = App { mirrors, public_keys: &public_keys, threshold: *threshold, election };
    app::write(staging.path(), &app)?;
    Ok(staging.add_bytes(format::HEAD_PATH, &signers.sign(head)?, &mut Written::default())?)
}

/// The head of the site that will be replaced, unverified: only its serial and its election are looked at.
fn previous_head(site: &Path) -> Option<Head> {
    let bytes = std::fs::read(site.join(format::HEAD_PATH)).ok()?;
    Head::read_unverified(&bytes).ok().map(|(head, _)| head)
}

impl BuildOutcome {
    /// What was built.
    ///
    /// # Errors
    /// When the input was refused.
    pub fn built(self) -> Result<Built, BuildError> {
        match self {
            Self::Built(built, _) => Ok(*built),
            Self::Refused { report, rejects, .. } => Err(BuildError::Rejected { rejected: report.rejected(), rejects }),
        }
    }
}
