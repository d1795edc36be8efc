//! The input of an election folder: `election.toml`, regions, stations and who is withheld. The roll itself is too big to be
//! held, and is streamed by [`crate::roll`].

mod coordinates;
mod digests;
pub(crate) mod nik;
mod regions;
mod station_row;
mod stations;
mod withheld;

use crate::config::{Config, InputFiles};
use crate::csv::{Fault, Lines, Sheet, unreadable};
use crate::problem::{Report, Unreadable};
use crate::rejects::Rejects;
pub use digests::InputDigests;
pub use regions::Regions;
pub use station_row::StationRow;
pub use stations::Stations;
use std::path::Path;
pub use withheld::Withheld;
pub(crate) use withheld::WithheldMatch;

/// The columns of the roll, which are only looked for here.
pub(crate) const ROLL_SHEET: Sheet = Sheet { key: "voters", needed: &["nik", "name", "station"], optional: &["village"] };

/// The public part of the input: no voter is in it.
#[derive(Clone, Debug)]
pub struct PublicInput {
    /// What `election.toml` says.
    pub config: Config,
    /// Regions by code.
    pub regions: Regions,
    /// Stations in their order.
    pub stations: Stations,
}

impl PublicInput {
    /// Reads an election folder, all but the roll and who is withheld: neither has to be there. Lines with errors are reported
    /// and rejected.
    ///
    /// # Errors
    /// As [`Input::load`].
    pub fn load(dir: &Path, report: &mut Report, rejects: &mut Rejects) -> Result<Self, Unreadable> {
        let config = Config::load(dir)?;
        let mut fatal = Vec::new();
        let (regions, stations) = read_public(&config.files, report, rejects, &mut fatal).ok_or_else(|| unreadable(fatal))?;
        Ok(Self { config, regions, stations })
    }
}

fn read_public(
    files: &InputFiles,
    report: &mut Report,
    rejects: &mut Rejects,
    fatal: &mut Vec<Fault>,
) -> Option<(Regions, Stations)> {
    let mut keep = |faults: Vec<Fault>| fatal.extend(faults);
    let regions = regions::read(&files.regions, &files.columns_of("regions"), report, rejects).map_err(&mut keep).ok();
    let mapped = files.columns_of("stations");
    let stations = stations::read(&files.stations, &mapped, regions.as_ref(), report, rejects).map_err(&mut keep).ok();
    regions.zip(stations)
}

/// Everything but the roll.
#[derive(Clone, Debug)]
pub struct Input {
    /// What `election.toml` says.
    pub config: Config,
    /// Regions by code.
    pub regions: Regions,
    /// Stations in their order.
    pub stations: Stations,
    /// Who is sealed nowhere.
    pub withheld: Withheld,
    /// The digest of each file but the roll.
    pub digests: InputDigests,
}

impl Input {
    /// Reads an election folder, all but the roll, whose columns are only looked for. Lines with errors are reported and
    /// rejected.
    ///
    /// # Errors
    /// [`Unreadable`] if a file is missing or not CSV, a column is missing, or a withheld voter cannot be read. It has all such
    /// problems of all files; they are not in the report.
    pub fn load(dir: &Path, report: &mut Report, rejects: &mut Rejects) -> Result<Self, Unreadable> {
        let config = Config::load(dir)?;
        let files = &config.files;
        let mut fatal: Vec<Fault> = Vec::new();
        let public = read_public(files, report, rejects, &mut fatal);
        let mut keep = |faults: Vec<Fault>| fatal.extend(faults);
        let withheld = match &files.withheld {
            Some(path) => withheld::read(path, &files.columns_of("withheld")).map_err(&mut keep).ok(),
            None => Some(Withheld::default()),
        };
        let roll = Lines::open(&files.voters, &ROLL_SHEET, &files.columns_of("voters")).map_err(&mut keep);
        if let (Some((regions, stations)), Some(withheld), Ok(_)) = (public, withheld, roll) {
            let digests = InputDigests::of(dir, &config.files);
            return Ok(Self { config, regions, stations, withheld, digests });
        }
        Err(unreadable(fatal))
    }
}
