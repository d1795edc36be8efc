//! The stations that voters are assigned to: of a stations file, or of the roll where that says where each station is.

use super::columns::{PlaceColumns, STATIONS, UsedColumns};
use super::error::{ImportError, unreadable};
use super::gazetteer::{Gazetteer, How, Unclear};
use super::names_file::Wanted;
use super::place::{NotResolved, Places};
use super::table::Table;
use super::unresolved::{Source, Unresolved};
use crate::config::FileSet;
use crate::csv::{Column, Fault, Lines, Mapped, code, quoted, station_number, tidy};
use crate::language::message;
use crate::problem::{ProblemKind, Report};
use crate::rejects::Rejects;
use bilik::format::{Code, StationKind};
use std::collections::{BTreeMap, HashSet};

/// Stations that are named where none fits.
const MAX_CANDIDATES: usize = 3;
const KEYS: [&str; 3] = ["id", "village", "number"];
/// The columns that are copied as they are.
const TEXTS: [&str; 17] = [
    "venue",
    "address",
    "lat",
    "lon",
    "accessible",
    "landmark",
    "ramp",
    "level",
    "parking",
    "help",
    "notice",
    "notice_url",
    "kind",
    "day",
    "opens",
    "closes",
    "time_zone",
];

/// What the stations of a number in a village are called.
enum Ids {
    /// After village and number.
    Made,
    /// As the file has it.
    Given(Box<str>),
    /// Two or more have the same number.
    Several,
}

/// Where a station of the roll is.
struct DerivedStation {
    venue: String,
    address: String,
}

/// The stations by village and number.
#[derive(Default)]
pub(super) struct StationIndex {
    by_number: BTreeMap<(u64, u16), Ids>,
    given: HashSet<Box<str>>,
    /// None where there is a stations file.
    derived: Option<BTreeMap<(Code, u16), DerivedStation>>,
    /// Derived stations of which the roll says several things.
    pub differing: u64,
    pub count: u64,
}

/// The id that is made of village and number.
fn made_id(village: Code, number: u16) -> String {
    format!("{village}-{number:03}")
}

impl StationIndex {
    /// Stations that the roll will name.
    pub fn derived() -> Self {
        Self { derived: Some(BTreeMap::new()), ..Self::default() }
    }

    /// Whether the roll says where its stations are.
    pub fn are_derived(&self) -> bool {
        self.derived.is_some()
    }

    /// Whether voters can be assigned by ids.
    pub fn have_ids(&self) -> bool {
        !self.given.is_empty()
    }

    pub fn holds_id(&self, id: &str) -> bool {
        self.given.contains(id)
    }

    /// The id of the station that a line of the roll names.
    pub fn find(&self, village: Code, cell: &str, how: How, gazetteer: &Gazetteer) -> Result<(String, How), NotResolved> {
        let written = tidy(code(cell));
        let fails = |unclear| NotResolved { wanted: Wanted::Station, within: Some(village), written: written.clone(), unclear };
        if let Some(id) = gazetteer.names().station(Some(village), &written) {
            let is_known = self.given.contains(id) || self.is_made(id);
            return if is_known { Ok((id.to_owned(), How::Mapped)) } else { Err(fails(Unclear::Unknown(Vec::new()))) };
        }
        let Some((number, _)) = station_number(&written) else { return Err(fails(Unclear::Unknown(Vec::new()))) };
        match self.by_number.get(&(village.number(), number)) {
            Some(Ids::Given(id)) => Ok((id.to_string(), how)),
            Some(Ids::Made) => Ok((made_id(village, number), how)),
            Some(Ids::Several) => Err(fails(Unclear::Ambiguous(Vec::new()))),
            None if self.are_derived() => Ok((made_id(village, number), how)),
            None => Err(fails(Unclear::Unknown(Vec::new()))),
        }
    }

    fn is_made(&self, id: &str) -> bool {
        let parts = id.split_once('-').and_then(|(village, number)| Some((Code::parse(village)?, number.parse().ok()?)));
        parts.is_some_and(|(village, number)| matches!(self.by_number.get(&(village.number(), number)), Some(Ids::Made)))
    }

    /// The stations with the nearest numbers in a village, each with its id.
    pub fn near(&self, village: Code, cell: &str) -> Vec<String> {
        let wanted = station_number(cell).map_or(1, |(number, _)| number);
        let of_village = self.by_number.range((village.number(), 0)..=(village.number(), u16::MAX));
        let mut found: Vec<(u16, u16, String)> = of_village
            .map(|((_, number), ids)| {
                let id = if let Ids::Given(id) = ids { id.to_string() } else { made_id(village, *number) };
                (number.abs_diff(wanted), *number, id)
            })
            .collect();
        found.sort();
        found.into_iter().take(MAX_CANDIDATES).map(|(_, number, id)| format!("{id} (TPS {number:03})")).collect()
    }

    /// Takes note of where a derived station is.
    pub fn derive(&mut self, village: Code, number: u16, venue: &str, address: &str) {
        let Some(derived) = &mut self.derived else { return };
        if let Some(known) = derived.get(&(village, number)) {
            let differs = |known: &str, now: &str| !now.is_empty() && known != now;
            self.differing += u64::from(differs(&known.venue, venue) || differs(&known.address, address));
        } else {
            derived.insert((village, number), DerivedStation { venue: venue.to_owned(), address: address.to_owned() });
        }
    }

    /// Writes the derived stations, by village and number.
    pub fn write_derived(&mut self, to: &mut Table) -> Result<(), ImportError> {
        let Some(derived) = self.derived.take() else { return Ok(()) };
        to.write(&[&KEYS[..], &TEXTS].concat())?;
        for ((village, number), station) in &derived {
            let (id, village, number) = (made_id(*village, *number), village.to_string(), number.to_string());
            let mut cells: Vec<&str> = vec![&id, &village, &number, &station.venue, &station.address];
            cells.resize(KEYS.len() + TEXTS.len(), "");
            to.write(&cells)?;
            self.count += 1;
        }
        Ok(())
    }

    fn add(&mut self, village: Code, number: u16, id: Option<&str>) {
        let ids = id.map_or(Ids::Made, |id| Ids::Given(id.into()));
        self.given.extend(id.map(Box::from));
        let key = (village.number(), number);
        let ids = if self.by_number.contains_key(&key) { Ids::Several } else { ids };
        self.by_number.insert(key, ids);
        self.count += 1;
    }
}

/// What reading writes to.
pub(super) struct Sinks<'a> {
    pub report: &'a mut Report,
    pub rejects: &'a mut Rejects,
    pub unresolved: &'a mut Unresolved,
    pub used: &'a mut UsedColumns,
}

struct StationColumns {
    id: Column,
    place: PlaceColumns,
    texts: [Column; TEXTS.len()],
}

/// Streams a stations file into a table.
pub(super) fn read(
    files: &FileSet,
    mapped: &Mapped,
    within: Option<Code>,
    gazetteer: &mut Gazetteer,
    sinks: &mut Sinks,
    to: &mut Table,
) -> Result<StationIndex, ImportError> {
    let mut lines = Lines::open(files, &STATIONS, mapped).map_err(unreadable(STATIONS.key))?;
    let columns =
        StationColumns { id: lines.column("id"), place: PlaceColumns::of(&lines), texts: TEXTS.map(|name| lines.column(name)) };
    let (mut stations, mut places, mut files_seen) = (StationIndex::default(), Places::new(within), 0);
    to.write(&[&KEYS[..], &TEXTS].concat())?;
    while lines.next().map_err(unreadable(STATIONS.key))? {
        if lines.names().len() != files_seen {
            files_seen = lines.names().len();
            sinks.used.note(&lines, &STATIONS, mapped);
        }
        match read_line(&lines, &columns, &mut places, gazetteer) {
            Err(fault) => lines.reject(vec![fault], sinks.report, sinks.rejects),
            Ok(Err(not)) => sinks.unresolved.add(not, &lines, Source::Stations, None),
            Ok(Ok((village, number, of_number))) => {
                let id = lines.code(columns.id).ok().filter(|_| lines.has(columns.id));
                let made = made_id(village, number);
                let shown = id.unwrap_or(&made);
                let is_twice = stations.given.contains(shown) || id.is_none() && stations.is_made(&made);
                if is_twice {
                    let (column, message) = if id.is_some() {
                        (columns.id, message!("the id {} is already in an earlier line", quoted(shown)))
                    } else {
                        (columns.place.number, message!("the station {} is already in an earlier line", quoted(shown)))
                    };
                    let fault = lines.fault(ProblemKind::DuplicateStation, column, message);
                    lines.reject(vec![fault], sinks.report, sinks.rejects);
                    continue;
                }
                stations.add(village, number, id);
                let mut texts = columns.texts.map(|column| tidy(lines.cell(column).unwrap_or_default()));
                let [.., kind, _, _, _, _] = &mut texts;
                if kind.is_empty() && of_number != StationKind::Tps {
                    of_number.name().clone_into(kind);
                }
                let (village, number) = (village.to_string(), number.to_string());
                let cells = [shown, &village, &number].into_iter().chain(texts.iter().map(String::as_str));
                to.write(&cells.collect::<Vec<_>>())?;
            }
        }
    }
    lines.report_ignored(sinks.report);
    lines.report_rounded(sinks.report);
    Ok(stations)
}

type Found = Result<(Code, u16, StationKind), NotResolved>;

fn read_line(lines: &Lines, columns: &StationColumns, places: &mut Places, gazetteer: &mut Gazetteer) -> Result<Found, Fault> {
    lines.shape()?;
    for column in columns.texts {
        lines.cell(column)?;
    }
    let text = lines.code(columns.place.number)?;
    let fault = || lines.fault(ProblemKind::BadNumber, columns.place.number, message!("it reads {}", quoted(text)));
    let (number, kind) = station_number(text).ok_or_else(fault)?;
    let village = places.village(lines, &columns.place, gazetteer)?;
    Ok(village.map(|(village, _)| (village, number, kind)))
}
