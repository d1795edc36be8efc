//! The input of an election folder: `election.toml`, regions, stations, contacts, official totals and who is withheld. The roll itself is too big to be
//! held, and is streamed by [`crate::roll`].

mod contacts;
mod coordinates;
pub(crate) mod nik;
pub(crate) mod regions;
mod station_access;
mod station_row;
mod station_time;
mod stations;
mod totals;
mod withheld;

use crate::config::Config;
use crate::csv::{Fault, Lines, Sheet, unreadable};
use crate::problem::{FileNames, Report, Unreadable};
use crate::rejects::Rejects;
pub use contacts::Contacts;
pub use regions::Regions;
pub use station_row::StationRow;
pub use stations::Stations;
use std::path::Path;
pub use totals::{OfficialTotal, OfficialTotals};
pub use withheld::Withheld;
pub(crate) use withheld::WithheldMatch;

/// The columns of the roll, which are only looked for here.
pub(crate) const ROLL_SHEET: Sheet =
    Sheet { key: "voters", needed: &["nik", "name", "station"], optional: &["village"], aliases: &[] };

/// The SHA-256 of what was read besides the roll: of all stored bytes of all files of a kind, in the order of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputDigests {
    /// `election.toml`.
    pub config: [u8; 32],
    /// The regions.
    pub regions: [u8; 32],
    /// The stations.
    pub stations: [u8; 32],
    /// Who is withheld, where there is such a file and it was read.
    pub withheld: Option<[u8; 32]>,
    /// The official totals, where there is such a file and it was read.
    pub totals: Option<[u8; 32]>,
    /// The contacts, where there is such a file.
    pub contacts: Option<[u8; 32]>,
}

/// A part of the input, and the digest of the files it was read from.
type Digested<T> = (T, [u8; 32]);
/// Regions, stations, and contacts if there are any.
type Public = (Digested<Regions>, Digested<Stations>, (Contacts, Option<[u8; 32]>));

/// The public part of the input: no voter is in it.
#[derive(Clone, Debug)]
pub struct PublicInput {
    /// What `election.toml` says.
    pub config: Config,
    /// Regions by code.
    pub regions: Regions,
    /// Stations in their order.
    pub stations: Stations,
    /// Whom the voters of a regency can ask.
    pub contacts: Contacts,
    /// What was read.
    pub digests: InputDigests,
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
        let public = read_public(&config, report, rejects, &mut fatal).ok_or_else(|| unreadable(fatal))?;
        let ((regions, of_regions), (stations, of_stations), (contacts, of_contacts)) = public;
        let digests = InputDigests {
            config: config.digest,
            regions: of_regions,
            stations: of_stations,
            contacts: of_contacts,
            ..InputDigests::default()
        };
        Ok(Self { config, regions, stations, contacts, digests })
    }
}

fn read_public(config: &Config, report: &mut Report, rejects: &mut Rejects, fatal: &mut Vec<Fault>) -> Option<Public> {
    let files = &config.files;
    let mut keep = |faults: Vec<Fault>| fatal.extend(faults);
    let regions =
        regions::read(&files.regions, &regions::SHEET, &files.columns_of("regions"), report, rejects).map_err(&mut keep).ok();
    let known = regions.as_ref().map(|(regions, _)| regions);
    let stations = stations::read(config, known, report, rejects).map_err(&mut keep).ok();
    let contacts = match &files.contacts {
        Some(of_it) => {
            let read = contacts::read(of_it, &files.columns_of("contacts"), known, report, rejects);
            read.map_err(&mut keep).ok().map(|(contacts, digest)| (contacts, Some(digest)))
        }
        None => Some((Contacts::default(), None)),
    };
    Some((regions?, stations?, contacts?))
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
    /// Whom the voters of a regency can ask.
    pub contacts: Contacts,
    /// Who is sealed nowhere.
    pub withheld: Withheld,
    /// How many voters regions have officially.
    pub totals: OfficialTotals,
    /// The names of the roll's files in the order of reading.
    pub roll_files: FileNames,
    /// What was read besides the roll, whose digest is in [`crate::roll::RollCounts`].
    pub digests: InputDigests,
}

impl Input {
    /// Reads an election folder for a comparison of rolls: without who is withheld and without official totals.
    ///
    /// # Errors
    /// As [`Input::load`].
    pub fn load_for_comparison(dir: &Path, report: &mut Report, rejects: &mut Rejects) -> Result<Self, Unreadable> {
        let PublicInput { config, regions, stations, contacts, digests } = PublicInput::load(dir, report, rejects)?;
        let roll = Lines::probe(&config.files.voters, &ROLL_SHEET, &config.files.columns_of("voters"), report);
        let (withheld, totals) = (Withheld::default(), OfficialTotals::default());
        Ok(Self { config, regions, stations, contacts, withheld, totals, roll_files: roll.map_err(unreadable)?, digests })
    }

    /// The same with nobody withheld, so that the whole roll is given.
    #[must_use]
    pub fn without_withheld(self) -> Self {
        Self { withheld: Withheld::default(), ..self }
    }

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
        let public = read_public(&config, report, rejects, &mut fatal);
        let regions = public.as_ref().map(|((regions, _), ..)| regions);
        let mut keep = |faults: Vec<Fault>| fatal.extend(faults);
        let withheld = match &files.withheld {
            Some(files_of_it) => {
                let read = withheld::read(files_of_it, &files.columns_of("withheld"), report);
                read.map_err(&mut keep).ok().map(|(withheld, digest)| (withheld, Some(digest)))
            }
            None => Some((Withheld::default(), None)),
        };
        let totals = match &files.totals {
            Some(files_of_it) => {
                let read = totals::read(files_of_it, &files.columns_of("totals"), regions, report, rejects);
                read.map_err(&mut keep).ok().map(|(totals, digest)| (totals, Some(digest)))
            }
            None => Some((OfficialTotals::default(), None)),
        };
        let roll = Lines::probe(&files.voters, &ROLL_SHEET, &files.columns_of("voters"), report).map_err(&mut keep);
        let (
            Some(((regions, of_regions), (stations, of_stations), (contacts, of_contacts))),
            Some((withheld, of_withheld)),
            Some((totals, of_totals)),
            Ok(roll_files),
        ) = (public, withheld, totals, roll)
        else {
            return Err(unreadable(fatal));
        };
        let digests = InputDigests {
            config: config.digest,
            regions: of_regions,
            stations: of_stations,
            withheld: of_withheld,
            totals: of_totals,
            contacts: of_contacts,
        };
        Ok(Self { config, regions, stations, contacts, withheld, totals, roll_files, digests })
    }
}
