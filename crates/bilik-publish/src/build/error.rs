//! Why a site cannot be built.

use crate::app::AppError;
use crate::cancel::Interrupted;
use crate::clock::ClockError;
use crate::durable::RoomError;
use crate::io_error::IoError;
use crate::layout::LayoutError;
use crate::partition::PartitionError;
use crate::problem::{InputProblem, Unreadable};
use crate::randomness::RandomnessError;
use crate::rejects::RejectsError;
use crate::release::SecretInsideError;
use crate::reuse::ReuseError;
use crate::seal::SealError;
use crate::seal_part::SealPartError;
use crate::signing::SigningError;
use crate::staging::StagingError;
use crate::station_pages::StationPagesError;
use crate::tables::TablesError;
use crate::work::WorkError;
use bilik::format::Code;
use std::path::{Path, PathBuf};

/// Why a site cannot be built. The previous site is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The input cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Every line can be used, but there is nothing to publish: the election is over, or the roll has no voter.
    #[error("{0}")]
    NothingToPublish(Box<InputProblem>),
    /// More was wrong with the input than allowed.
    #[error("{}", tr::tr!("rejected lines of the input: {}, listed in {}; difference from the official totals: {} voters. Fix: correct the input and plan again, or pass {}", rejected, rejects.display(), differences, options_for(*rejected, *differences)))]
    Rejected {
        /// How many lines.
        rejected: u64,
        /// How many voters, added up over the lines of the totals file.
        differences: u64,
        /// The rejects file.
        rejects: PathBuf,
    },
    /// The roll cannot be partitioned.
    #[error(transparent)]
    Partition(#[from] PartitionError),
    /// The rejects file cannot be written.
    #[error(transparent)]
    Rejects(#[from] RejectsError),
    /// A secret is inside the site's folder.
    #[error(transparent)]
    SecretInside(#[from] SecretInsideError),
    /// The site's path has a site of another election.
    #[error("{}", tr::tr!("{}: the site there is of another election, {}. Fix: give another --out, or remove that site", site.display(), election))]
    AnotherElection {
        /// The site.
        site: PathBuf,
        /// Its election.
        election: String,
    },
    /// The keys cannot be used.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// Stations cannot be numbered.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// A regency's code does not fit a directory.
    #[error("{}", tr::tr!("the code of regency {} is out of range", _0))]
    Regency(Code),
    /// The pages of the stations cannot be made.
    #[error("the pages of the stations: {0}")]
    StationPages(#[from] StationPagesError),
    /// Stations would be in no directory.
    #[error("{}", tr::tr!("regions.csv: some stations are in regions that belong to no regency"))]
    StationsOutside,
    /// A directory exceeds its limits, or cannot be written.
    #[error("{}", tr::tr!("the directory of regency {}: {}", format!("{regency:04}"), error))]
    Directory {
        /// The regency; 0 for the prefixes in no regency.
        regency: u16,
        /// What is wrong.
        error: StagingError,
    },
    /// The tables of a group cannot be made.
    #[error(transparent)]
    Tables(#[from] TablesError),
    /// A part cannot be sealed.
    #[error(transparent)]
    SealPart(#[from] SealPartError),
    /// A sealed table is not what was planned.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The work folder cannot be used.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// There is no room for what would be written.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// What an earlier build kept cannot be used.
    #[error(transparent)]
    Reuse(#[from] ReuseError),
    /// A table that was to be taken over is no longer what it was.
    #[error("{}", tr::tr!("{}: gone or changed since the plan was made, which takes it over. Fix: run `bilik build` again, or remove the work folder and plan again", file.display()))]
    NotTakenOver {
        /// The file of the earlier site.
        file: PathBuf,
    },
    /// The contents of tables cannot be compared.
    #[error("{}", tr::tr!("the contents of tables cannot be compared. This is a bug in Bilik: please report it"))]
    NotCompared,
    /// The plan takes over other tables than this run would.
    #[error("{}", tr::tr!("the work folder has a plan that takes over {}, and this run would take over {}. Fix: remove the work folder, or run as before", tables_of(planned.as_deref()), tables_of(wanted.as_deref())))]
    PlannedOtherwise {
        /// The site whose tables the plan takes over.
        planned: Option<PathBuf>,
        /// The site whose tables this run would take over.
        wanted: Option<PathBuf>,
    },
    /// The input is not what was planned.
    #[error("{}", tr::tr!("{}: changed after the plan was made. Expected: the same files until the site is published. Fix: restore them, or remove the work folder and plan again", what))]
    Changed {
        /// The file, or the key of `election.toml` that names it.
        what: String,
    },
    /// The work folder has the plan of another election.
    #[error("{}", tr::tr!("the work folder has a plan of {}, not of {}. Fix: give another work folder", planned, election))]
    AnotherPlan {
        /// The plan's election.
        planned: String,
        /// The folder's election.
        election: String,
    },
    /// Some parts are not sealed.
    #[error("{}", tr::tr!("{} of {} parts are not sealed; the first is {}. Fix: run `bilik seal` for them; `bilik status` lists them", missing, parts, first))]
    PartsMissing {
        /// The first one.
        first: usize,
        /// How many.
        missing: usize,
        /// Of how many.
        parts: usize,
    },
    /// A part's output is not what was planned.
    #[error("{}", tr::tr!("part {}: what was sealed is not what was planned. Fix: remove its file in out/, and run `bilik seal` for it again", part))]
    PartDiffers {
        /// The part.
        part: usize,
    },
    /// Two tables have the same bytes.
    #[error("{}", tr::tr!("part {}: one of its tables is in the site already. Fix: remove its file in out/, and run `bilik seal` for it again", part))]
    PartDoubled {
        /// The part.
        part: usize,
    },
    /// Not every voter of the roll is in a table.
    #[error("{}", tr::tr!("the voters in the tables are not those of the roll. This is a bug in Bilik: please report it"))]
    VotersLost,
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The machine's clock cannot be used.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The web app cannot be written.
    #[error(transparent)]
    App(#[from] AppError),
    /// The site cannot be staged or published.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// The options that accept what is wrong.
fn options_for(rejected: u64, differences: u64) -> String {
    let options = [("--allow-rejects", rejected), ("--allow-differences", differences)];
    let needed = options.iter().filter(|(_, count)| *count > 0).map(|(option, count)| format!("{option} {count}"));
    needed.collect::<Vec<_>>().join(" ")
}

fn tables_of(site: Option<&Path>) -> String {
    site.map_or(tr::tr!("none"), |site| tr::tr!("those of {}", site.display()))
}
