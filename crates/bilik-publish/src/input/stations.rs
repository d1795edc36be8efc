//! The stations file: every polling station, in the order in which the election numbers them.

use super::cell::{self, YesNo};
use super::lines::{Fault, Lines};
use super::places;
use super::regions::Regions;
use super::rows::{Column, Mapped, Sheet};
use crate::problem::{Kind, Problem, Report};
use crate::roll::Rejects;
use bilik::format::{Code, Level, MAX_STATIONS, Place, Station};
use std::collections::HashMap;
use std::path::Path;

pub(super) const SHEET: Sheet = Sheet {
    key: "stations",
    needed: &["id", "village", "number", "venue", "address", "lat", "lon"],
    optional: &["accessible", "notice"],
};

/// One polling station of the input.
#[derive(Clone, Debug)]
pub struct StationRow {
    /// The operator's id: what the roll refers to.
    pub id: String,
    /// Its village.
    pub village: Code,
    /// What is published of it.
    pub station: Station,
}

/// All stations, sorted by village, number and id. This order is their number in the election and, within a district, their
/// position in its list.
#[derive(Clone, Debug, Default)]
pub struct Stations {
    rows: Vec<StationRow>,
    by_id: HashMap<Box<str>, u32>,
}

impl Stations {
    /// Puts stations in order.
    #[must_use]
    pub fn of(mut rows: Vec<StationRow>) -> Self {
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
        let by_id = (0..).zip(&rows).map(|(at, row)| (row.id.as_str().into(), at)).collect();
        Self { rows, by_id }
    }

    /// The stations in their order.
    #[must_use]
    pub fn rows(&self) -> &[StationRow] {
        &self.rows
    }

    /// A station's place in [`Stations::rows`] by its id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// A station by its place in [`Stations::rows`].
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&StationRow> {
        self.rows.get(usize::try_from(number).ok()?)
    }
}

fn order(row: &StationRow) -> (Code, u16, &str) {
    (row.village, row.station.number, &row.id)
}

struct Columns {
    id: Column,
    village: Column,
    number: Column,
    venue: Column,
    address: Column,
    lat: Column,
    lon: Column,
    accessible: Option<Column>,
    notice: Option<Column>,
}

/// Reads the stations file; an error is what makes it useless as a whole. Without regions, villages are not looked up.
pub(super) fn read(
    path: &Path,
    mapped: &Mapped,
    regions: Option<&Regions>,
    report: &mut Report,
    rejects: &mut Rejects,
) -> Result<Stations, Vec<Fault>> {
    let mut lines = Lines::open(path, &SHEET, mapped)?;
    let columns = Columns {
        id: lines.needed("id"),
        village: lines.needed("village"),
        number: lines.needed("number"),
        venue: lines.needed("venue"),
        address: lines.needed("address"),
        lat: lines.needed("lat"),
        lon: lines.needed("lon"),
        accessible: lines.column("accessible"),
        notice: lines.column("notice"),
    };
    let mut rows: Vec<(StationRow, u64)> = Vec::new();
    let mut ids: HashMap<Box<str>, u64> = HashMap::new();
    while lines.next()? {
        match read_line(&lines, &columns, regions, &mut ids, report) {
            Ok(row) if rows.len() < usize::try_from(MAX_STATIONS).unwrap_or(usize::MAX) => rows.push((row, lines.line())),
            Ok(_) => {
                let message = format!("this line is one station more than {MAX_STATIONS}");
                return Err(vec![Problem::new(Kind::TooManyStations, lines.name(), lines.line(), None, message).into()]);
            }
            Err(faults) => lines.reject(faults, report, rejects),
        }
    }
    // A country's ids are some 60 MB.
    drop(ids);
    rows.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
    same_numbers(&rows, lines.name(), &columns.number, report);
    places::doubt(&mut rows, lines.name(), &columns.lat.name, report);
    Ok(Stations::of(rows.into_iter().map(|(row, _)| row).collect()))
}

fn read_line(
    lines: &Lines,
    columns: &Columns,
    regions: Option<&Regions>,
    ids: &mut HashMap<Box<str>, u64>,
    report: &mut Report,
) -> Result<StationRow, Vec<Fault>> {
    lines.shape().map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let id = lines.code(&columns.id).map_err(|fault| faults.push(fault)).ok();
    if let Some(id) = id {
        if let Some(first) = ids.get(id) {
            let message = format!("the id {} is in line {first} already", cell::quoted(id));
            faults.push(lines.fault(Kind::DuplicateStation, &columns.id, message));
        } else {
            ids.insert(id.into(), lines.line());
        }
    }
    let village = village(lines, &columns.village, regions).map_err(|fault| faults.push(fault)).ok();
    let number = lines.code(&columns.number).and_then(|text| {
        let fault = || lines.fault(Kind::BadNumber, &columns.number, format!("it reads {}", cell::quoted(text)));
        cell::station_number(text).ok_or_else(fault)
    });
    let number = number.map_err(|fault| faults.push(fault)).ok();
    let mut text = |column| lines.optional_tidy(column).map_err(|fault| faults.push(fault)).ok();
    let (venue, address) = (text(Some(&columns.venue)), text(Some(&columns.address)));
    let (accessible, notice) = (text(columns.accessible.as_ref()), text(columns.notice.as_ref()));
    match (id, village, number, venue, address, accessible, notice) {
        (Some(id), Some(village), Some(number), Some(venue), Some(address), Some(accessible), Some(notice))
            if faults.is_empty() =>
        {
            let mut station = Station::new(id.to_owned(), village, number, venue, address);
            station.place = place(lines, columns, report);
            station.accessible = match cell::yes_or_no(&accessible) {
                YesNo::Yes => Some(true),
                YesNo::No => Some(false),
                YesNo::Nothing => None,
                YesNo::Unclear => {
                    let column = columns.accessible.as_ref().unwrap_or(&columns.id);
                    report.push(lines.problem(
                        Kind::UnclearAccessible,
                        column,
                        format!("it reads {}", cell::quoted(&accessible)),
                    ));
                    None
                }
            };
            station.notice = Some(notice).filter(|notice| !notice.is_empty());
            Ok(StationRow { id: id.to_owned(), village, station })
        }
        _ => Err(faults),
    }
}

fn village(lines: &Lines, column: &Column, regions: Option<&Regions>) -> Result<Code, Fault> {
    let text = lines.code(column)?;
    let Some(code) = Code::parse(text).filter(|code| code.level() == Level::Village) else {
        let fault = lines.problem(Kind::BadCode, column, format!("{} is no code of a village", cell::quoted(text)));
        return Err(fault.expecting("the 10 digits of a village, with or without dots").into());
    };
    if regions.is_some_and(|regions| !regions.holds(code)) {
        return Err(lines.fault(Kind::UnknownVillage, column, format!("no region has the code {code}")));
    }
    Ok(code)
}

/// Where a station stands; none where nobody says, or where it cannot be read.
fn place(lines: &Lines, columns: &Columns, report: &mut Report) -> Option<Place> {
    let cell = |column| lines.cell(column).map_or("", cell::code);
    let (lat, lon) = (cell(&columns.lat), cell(&columns.lon));
    if lat.is_empty() && lon.is_empty() {
        return None;
    }
    let degrees = cell::degrees(lat).zip(cell::degrees(lon));
    if let Some(place) = degrees.and_then(|(lat, lon)| Place::of_degrees(lat, lon, false)) {
        return Some(place);
    }
    let read = format!("they read {} and {}", cell::quoted(lat), cell::quoted(lon));
    // No latitude is above 90, but Indonesia's longitudes are.
    if let Some(swapped) = degrees.and_then(|(lat, lon)| Place::of_degrees(lon, lat, true)) {
        let message = format!("{read}: latitude and longitude seem to be swapped, and are taken the other way round");
        report.push(lines.problem(Kind::DoubtfulCoordinates, &columns.lat, message));
        return Some(swapped);
    }
    let column = if cell::degrees(lat).is_some() { &columns.lon } else { &columns.lat };
    report.push(lines.problem(Kind::UnreadableCoordinates, column, read));
    None
}

fn same_numbers(rows: &[(StationRow, u64)], file: &str, column: &Column, report: &mut Report) {
    for pair in rows.windows(2) {
        if let [(one, line), (other, other_line)] = pair
            && (one.village, one.station.number) == (other.village, other.station.number)
        {
            let (first, second) = (line.min(other_line), line.max(other_line));
            let message = format!("village {} has number {} in line {first} too", one.village, one.station.number);
            report.push(Problem::new(Kind::SameNumber, file, *second, Some(&column.name), message));
        }
    }
}
