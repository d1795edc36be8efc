//! From a commission's own files to Bilik's: a roll whose lines name regency, district, village and station becomes `voters.csv`,
//! `stations.csv` and `regions.csv`.
//!
//! Names are resolved within their parent only. A name that fits no region, or several, is never guessed: it is listed in
//! `unresolved.csv` with the nearest candidates, and the operator's decisions are read from a names file in the next run. What a line
//! means beyond its place is not judged here; `bilik check` does that.
//!
//! The roll is streamed. In memory are the regions, the numbers of the stations, their addresses where the roll has them, and what
//! each distinct name meant. The same files give the same bytes.

mod columns;
mod error;
mod gazetteer;
mod names_file;
mod output;
mod place;
mod stations;
mod table;
mod unresolved;
mod written_name;

use crate::cancel::CancellationToken;
use crate::config::FileSet;
use crate::csv::{Column, Fault, Lines, Mapped, code, station_number, tidy};
use crate::input::{Regions, regions};
use crate::problem::{InputProblem, ProblemKind, Report};
use crate::progress::Progress;
use crate::rejects::Rejects;
use bilik::format::{Code, Level};
use columns::{PlaceColumns, REGIONS, ROLL, STATIONS, UsedColumns};
pub use columns::{Recognised, UsedColumn};
pub use error::ImportError;
use error::unreadable;
use gazetteer::{Gazetteer, How, Unclear};
use names_file::{NamesFile, Wanted};
use output::Output;
use place::{NotResolved, Places};
use stations::{Sinks, StationIndex};
use std::path::{Path, PathBuf};
use table::Table;
use unresolved::{Source, Unresolved};

/// Lines between two reports of progress.
const PROGRESS_INTERVAL: u64 = 4_096;
const ROLL_HEADER: [&str; 4] = ["nik", "name", "station", "village"];

/// What to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The roll: files, folders and patterns.
    pub voters: Vec<String>,
    /// The regions.
    pub regions: Vec<String>,
    /// The stations; none where the roll says where each one is.
    pub stations: Vec<String>,
    /// The operator's decisions: `unresolved.csv` of an earlier run with its column `code` filled in.
    pub names: Option<String>,
    /// The region in which all lines are, where they do not name it.
    pub within: Option<Code>,
    /// The operator's names of columns: "voters.name", then the name in the files.
    pub columns: Vec<(String, String)>,
    /// Where the files go.
    pub out: PathBuf,
}

/// How many voters were assigned to their stations in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// By codes and ids, or by names as the regions file has them.
    pub exact: u64,
    /// By folded names.
    pub folded: u64,
    /// By the names file.
    pub mapped: u64,
}

impl Assigned {
    fn add(&mut self, how: How) {
        *match how {
            How::Exact => &mut self.exact,
            How::Folded => &mut self.folded,
            How::Mapped => &mut self.mapped,
        } += 1;
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.exact + self.folded + self.mapped
    }
}

/// What could not be resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotImported {
    /// Distinct names in `unresolved.csv`.
    pub names: usize,
    /// Lines of the roll that are not in `voters.csv`.
    pub voters: u64,
    /// Lines of the stations file that are not in `stations.csv`.
    pub stations: u64,
    /// Of these lines, those whose names are not listed, because there are too many.
    pub unlisted: u64,
    /// A district or village was named without its regency.
    pub lacks_parent: bool,
}

/// What an import made.
#[derive(Debug)]
pub struct Imported {
    /// The columns that were used, with the number of files and sheets that have them.
    pub columns: Vec<(UsedColumn, u64)>,
    /// Lines of `regions.csv`.
    pub regions: usize,
    /// Lines of `stations.csv`.
    pub stations: u64,
    /// Whether the stations are those that the roll names.
    pub are_derived: bool,
    /// Lines of the roll that say of a station something else than an earlier one, which counts.
    pub differing: u64,
    /// Lines of `voters.csv`.
    pub voters: Assigned,
    /// What is left out.
    pub unresolved: NotImported,
    /// Lines that cannot be read.
    pub report: Report,
    /// The SHA-256 of all bytes of the roll's files as stored, in the order of reading.
    pub roll_digest: [u8; 32],
}

/// Imports files. Nothing is in its place before all of it is written.
///
/// # Errors
/// When a file cannot be read or written, a column is missing, or the folder has files of another origin.
pub fn import(options: &ImportOptions, progress: &dyn Progress, cancel: &CancellationToken) -> Result<Imported, ImportError> {
    output::refuse_others(&options.out)?;
    let mapped = columns::mapped(&options.columns)?;
    let of = |key: &str| mapped.get(key).cloned().unwrap_or_default();
    let (mut report, mut unresolved, mut used) = (Report::new(), Unresolved::default(), UsedColumns::default());
    let regions = read_regions(&set(&options.regions), &of(REGIONS.key), &mut used, &mut report)?;
    if let Some(within) = options.within.filter(|within| !regions.holds(*within)) {
        return Err(ImportError::UnknownWithin(within));
    }
    let names = options.names.as_ref().map(|path| names_file(path, &options.out)).transpose()?.unwrap_or_default();
    // A missing column is told before anything is written.
    Lines::open(&set(&options.voters), &ROLL, &of(ROLL.key)).map_err(unreadable(ROLL.key))?;
    let mut output = Output::create(&options.out)?;
    let mut rejects = Rejects::new(&options.out);
    let mut gazetteer = Gazetteer::new(regions, names);
    let mut sinks = Sinks { report: &mut report, rejects: &mut rejects, unresolved: &mut unresolved, used: &mut used };
    let are_derived = options.stations.is_empty();
    let mut stations = if are_derived {
        StationIndex::derived()
    } else {
        let (files, mapped) = (set(&options.stations), of(STATIONS.key));
        stations::read(&files, &mapped, options.within, &mut gazetteer, &mut sinks, &mut output.stations)?
    };
    let roll = Roll { files: set(&options.voters), mapped: of(ROLL.key), within: options.within };
    let (voters, roll_digest) = roll.read(&mut gazetteer, &mut stations, &mut sinks, &mut output.voters, (progress, cancel))?;
    write_regions(gazetteer.regions(), &mut output.regions)?;
    unresolved.write(gazetteer.regions(), &|village, number| stations.near(village, number), &mut output.unresolved)?;
    stations.write_derived(&mut output.stations)?;
    rejects.finish()?;
    output.finish()?;
    Ok(Imported {
        columns: used.into_list(),
        regions: gazetteer.regions().len(),
        stations: stations.count,
        are_derived,
        differing: stations.differing,
        voters,
        unresolved: NotImported {
            names: unresolved.names(),
            voters: unresolved.voters,
            stations: unresolved.stations,
            unlisted: unresolved.unlisted,
            lacks_parent: unresolved.lacks_parent(),
        },
        report,
        roll_digest,
    })
}

/// Paths as they are typed.
fn set(given: &[String]) -> FileSet {
    FileSet::new(Path::new(""), given.to_vec())
}

fn names_file(path: &str, out: &Path) -> Result<NamesFile, ImportError> {
    let replaced = out.join(output::FILES[0]);
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    if real(Path::new(path)).is_some_and(|path| real(&replaced) == Some(path)) {
        return Err(ImportError::NamesReplaced { path: replaced });
    }
    NamesFile::read(&set(&[path.to_owned()]))
}

fn read_regions(files: &FileSet, mapped: &Mapped, used: &mut UsedColumns, report: &mut Report) -> Result<Regions, ImportError> {
    used.note(&Lines::open(files, &REGIONS, mapped).map_err(unreadable(REGIONS.key))?, &REGIONS, mapped);
    // Their lines hold no voters; the report names them.
    let read = regions::read(files, &REGIONS, mapped, report, &mut Rejects::nowhere());
    read.map(|(regions, _)| regions).map_err(unreadable(REGIONS.key))
}

fn write_regions(regions: &Regions, to: &mut Table) -> Result<(), ImportError> {
    to.write(&["code", "name"])?;
    for level in [Level::Province, Level::Regency, Level::District, Level::Village] {
        for (code, name) in regions.at(level) {
            to.write(&[&code.to_string(), name])?;
        }
    }
    Ok(())
}

/// The roll to be read.
struct Roll {
    files: FileSet,
    mapped: Mapped,
    within: Option<Code>,
}

struct RollColumns {
    nik: Column,
    name: Column,
    station: Column,
    card_village: Column,
    place: PlaceColumns,
    venue: Column,
    address: Column,
}

impl Roll {
    fn read(
        &self,
        gazetteer: &mut Gazetteer,
        stations: &mut StationIndex,
        sinks: &mut Sinks,
        to: &mut Table,
        (progress, cancel): (&dyn Progress, &CancellationToken),
    ) -> Result<(Assigned, [u8; 32]), ImportError> {
        let mut lines = Lines::open(&self.files, &ROLL, &self.mapped).map_err(unreadable(ROLL.key))?;
        let columns = RollColumns {
            nik: lines.column("nik"),
            name: lines.column("name"),
            station: lines.column("station"),
            card_village: lines.column("card_village"),
            place: PlaceColumns::of(&lines),
            venue: lines.column("venue"),
            address: lines.column("address"),
        };
        let (mut assigned, mut places) = (Assigned::default(), Places::new(self.within));
        let (mut files, mut seen) = (0, 0);
        to.write(&ROLL_HEADER)?;
        progress.begin("importing", lines.bytes());
        for count in 0_u64.. {
            if !lines.next().map_err(unreadable(ROLL.key))? {
                break;
            }
            if count % PROGRESS_INTERVAL == 0 {
                progress.advance(lines.bytes_read() - seen);
                seen = lines.bytes_read();
                cancel.check()?;
            }
            if lines.names().len() != files {
                files = lines.names().len();
                require_columns(&lines, &columns, stations).map_err(|fault| unreadable(ROLL.key)(vec![fault]))?;
                sinks.used.note(&lines, &ROLL, &self.mapped);
            }
            match voter(&lines, &columns, &mut places, gazetteer, stations) {
                Err(fault) => lines.reject(vec![fault], sinks.report, sinks.rejects),
                Ok(Err(not)) => {
                    sinks.unresolved.add(not, &lines, Source::Voters, Some(lines.cell(columns.name).unwrap_or_default()));
                }
                Ok(Ok((station, how))) => {
                    let text = |column| lines.cell(column).unwrap_or_default();
                    let (name, card) = (tidy(text(columns.name)), code(text(columns.card_village)));
                    to.write(&[code(text(columns.nik)), &name, &station, card])?;
                    assigned.add(how);
                }
            }
        }
        progress.end();
        lines.report_ignored(sinks.report);
        lines.report_rounded(sinks.report);
        Ok((assigned, lines.digest()))
    }
}

/// A file of the roll must name stations, and where they are if nothing else does.
fn require_columns(lines: &Lines, columns: &RollColumns, stations: &StationIndex) -> Result<(), Fault> {
    let PlaceColumns { regions: [_, _, district, village], number } = columns.place;
    let by_id = stations.have_ids() && lines.has(columns.station);
    let by_place = lines.has(number) && (lines.has(village) || lines.has(district));
    let lacks = |column, message: &str| {
        Err(InputProblem::new(ProblemKind::MissingColumn, lines.name(), 0, Some(column), message)
            .expecting("the columns regency, district, village and number, or the ids of a stations file in station")
            .into())
    };
    if !by_id && !by_place {
        return lacks(if lines.has(number) { "village" } else { "number" }, "no column names each voter's station");
    }
    if stations.are_derived() && !lines.has(columns.venue) && !lines.has(columns.address) {
        return lacks("address", "no column says where the stations are, and there is no stations file (--stations)");
    }
    Ok(())
}

type Found = Result<(String, How), NotResolved>;

/// The station of a line.
fn voter(
    lines: &Lines,
    columns: &RollColumns,
    places: &mut Places,
    gazetteer: &mut Gazetteer,
    stations: &mut StationIndex,
) -> Result<Found, Fault> {
    lines.shape()?;
    for column in [columns.nik, columns.name, columns.card_village] {
        lines.cell(column)?;
    }
    if stations.have_ids() && lines.has(columns.station) {
        let id = code(lines.cell(columns.station)?);
        if stations.holds_id(id) {
            return Ok(Ok((id.to_owned(), How::Exact)));
        }
        let (written, unclear) = (id.to_owned(), Unclear::Unknown(Vec::new()));
        return Ok(Err(NotResolved { wanted: Wanted::Station, within: None, written, unclear }));
    }
    let (village, how) = match places.village(lines, &columns.place, gazetteer)? {
        Ok(found) => found,
        Err(not) => return Ok(Err(not)),
    };
    let number = lines.cell(columns.place.number)?;
    let found = stations.find(village, number, how, gazetteer);
    if found.is_ok()
        && stations.are_derived()
        && let Some(number) = station_number(code(number)).map(|(number, _)| number)
    {
        let [venue, address] = [columns.venue, columns.address].map(|column| lines.cell(column).map(tidy));
        stations.derive(village, number, &venue?, &address?);
    }
    Ok(found)
}
