//! The stations file: every polling station, in the order in which the election numbers them.

use super::coordinates;
use super::regions::Regions;
use super::station_access::{self, AccessColumns};
use super::station_row::StationRow;
use super::station_time::TimeColumns;
use crate::base_url::notice_url;
use crate::config::{Areas, Config};
use crate::csv::{self, Column, Fault, Lines, Sheet};
use crate::language::message;
use crate::problem::{FileLine, FileNames, InputProblem, ProblemKind, Report};
use crate::rejects::Rejects;
use bilik::format::{Code, Level, MAX_STATIONS, Place, Station, StationKind};
use std::collections::HashMap;

pub(super) const SHEET: Sheet = Sheet {
    key: "stations",
    needed: &["id", "village", "number", "venue", "address", "lat", "lon"],
    optional: &[
        "accessible",
        "notice",
        "notice_url",
        "kind",
        "day",
        "opens",
        "closes",
        "time_zone",
        "landmark",
        "ramp",
        "level",
        "parking",
        "help",
    ],
    aliases: &[],
};

/// All stations, sorted by village, number and id. This order is their number in the election and, within a district, their
/// position in its list.
#[derive(Clone, Debug, Default)]
pub struct Stations {
    rows: Vec<StationRow>,
    by_id: HashMap<Box<str>, u32>,
    /// The ids of lines with errors, and their villages where they can be read.
    rejected: HashMap<Box<str>, Option<Code>>,
    /// The files, and the line of each row.
    files: FileNames,
    lines: Vec<FileLine>,
}

impl Stations {
    /// Puts stations in order.
    #[must_use]
    pub fn of(mut rows: Vec<StationRow>) -> Self {
        rows.sort_by(|a, b| a.order().cmp(&b.order()));
        let by_id = (0..).zip(&rows).map(|(at, row)| (row.id.as_str().into(), at)).collect();
        Self { rows, by_id, ..Self::default() }
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

    /// Whether the stations file has an id in no other line than one with errors.
    #[must_use]
    pub fn is_rejected(&self, id: &str) -> bool {
        self.rejected.contains_key(id) && !self.by_id.contains_key(id)
    }

    /// The village of an id that only a line with errors has, where that line tells it.
    #[must_use]
    pub fn village_of_rejected(&self, id: &str) -> Option<Code> {
        self.rejected.get(id).copied().flatten()
    }

    /// The file and line of a station by its place in [`Stations::rows`]; the line is 0 where none is known.
    #[must_use]
    pub fn place_of(&self, number: u32) -> (&str, u64) {
        let line = usize::try_from(number).ok().and_then(|at| self.lines.get(at).copied()).unwrap_or_default();
        (self.files.of(line), line.number())
    }

    /// A station by its place in [`Stations::rows`].
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&StationRow> {
        self.rows.get(usize::try_from(number).ok()?)
    }
}

struct StationColumns {
    id: Column,
    village: Column,
    number: Column,
    venue: Column,
    address: Column,
    lat: Column,
    lon: Column,
    accessible: Column,
    notice: Column,
    notice_url: Column,
    kind: Column,
    landmark: Column,
    access: AccessColumns,
    time: TimeColumns,
}

/// Reads the stations file; an error is what makes it useless as a whole. Without regions, villages are not looked up.
pub(super) fn read(
    config: &Config,
    regions: Option<&Regions>,
    report: &mut Report,
    rejects: &mut Rejects,
) -> Result<(Stations, [u8; 32]), Vec<Fault>> {
    let mut lines = Lines::open(&config.files.stations, &SHEET, &config.files.columns_of(SHEET.key))?;
    let columns = StationColumns {
        id: lines.column("id"),
        village: lines.column("village"),
        number: lines.column("number"),
        venue: lines.column("venue"),
        address: lines.column("address"),
        lat: lines.column("lat"),
        lon: lines.column("lon"),
        accessible: lines.column("accessible"),
        notice: lines.column("notice"),
        notice_url: lines.column("notice_url"),
        kind: lines.column("kind"),
        landmark: lines.column("landmark"),
        access: AccessColumns::of(&lines),
        time: TimeColumns::of(&lines),
    };
    let [number_name, lat_name] = [columns.number, columns.lat].map(|column| lines.column_name(column).to_owned());
    let mut rows: Vec<(StationRow, FileLine)> = Vec::new();
    let mut ids: HashMap<Box<str>, FileLine> = HashMap::new();
    let mut rejected: HashMap<Box<str>, Option<Code>> = HashMap::new();
    while lines.next()? {
        let village_cell = lines.code(columns.village).ok().and_then(csv::region_code);
        report.locate(village_cell.filter(|code| regions.is_none_or(|regions| regions.holds(*code))).and_then(Code::regency_of));
        match read_line(&lines, &columns, &config.areas, regions, &mut ids, report) {
            Ok(row) if rows.len() < usize::try_from(MAX_STATIONS).unwrap_or(usize::MAX) => rows.push((row, lines.place())),
            Ok(_) => {
                let message = message!("this line is one more than {} stations", MAX_STATIONS);
                return Err(vec![
                    InputProblem::new(ProblemKind::TooManyStations, lines.name(), lines.line(), None, message).into(),
                ]);
            }
            Err(faults) => {
                if let Ok(id) = lines.code(columns.id) {
                    rejected.insert(id.into(), lines.code(columns.village).ok().and_then(village_code));
                }
                lines.reject(faults, report, rejects);
            }
        }
    }
    report.locate(None);
    lines.report_ignored(report);
    lines.report_rounded(report);
    // A country's ids are some 60 MB.
    drop(ids);
    rows.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
    same_numbers(&rows, lines.names(), &number_name, report);
    coordinates::doubt(&mut rows, lines.names(), &lat_name, report);
    // The rows are sorted, and stay as they are; collected in place, they need no memory of their own.
    let places = rows.iter().map(|(_, line)| *line).collect();
    let stations = Stations::of(rows.into_iter().map(|(row, _)| row).collect());
    Ok((Stations { rejected, files: lines.names().clone(), lines: places, ..stations }, lines.digest()))
}

fn read_line(
    lines: &Lines,
    columns: &StationColumns,
    areas: &Areas,
    regions: Option<&Regions>,
    ids: &mut HashMap<Box<str>, FileLine>,
    report: &mut Report,
) -> Result<StationRow, Vec<Fault>> {
    lines.shape().map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let id = lines.code(columns.id).map_err(|fault| faults.push(fault)).ok();
    if let Some(id) = id {
        if let Some(&first) = ids.get(id) {
            let first = lines.names().earlier(first, lines.place());
            let message = message!("the id {} is already in {}", csv::quoted(id), first);
            faults.push(lines.fault(ProblemKind::DuplicateStation, columns.id, message));
        } else {
            ids.insert(id.into(), lines.place());
        }
    }
    let village = village(lines, columns.village, regions).map_err(|fault| faults.push(fault)).ok();
    let number = lines.code(columns.number).and_then(|text| {
        let fault = || lines.fault(ProblemKind::BadNumber, columns.number, message!("it reads {}", csv::quoted(text)));
        csv::station_number(text).ok_or_else(fault)
    });
    let number = number.map_err(|fault| faults.push(fault)).ok();
    let (number, of_number) = number.unzip();
    let time = village.and_then(|village| columns.time.read(lines, village, areas).map_err(|fault| faults.push(fault)).ok());
    let kind = kind(lines, columns.kind).map_err(|fault| faults.push(fault)).ok();
    let kind = kind.map(|kind| kind.or(of_number).unwrap_or_default());
    let notice_url = link(lines, columns.notice_url).map_err(|fault| faults.push(fault)).ok();
    let mut text = |column| lines.optional_tidy(column).map_err(|fault| faults.push(fault)).ok();
    let (venue, address) = (text(columns.venue), text(columns.address));
    let (accessible, notice) = (text(columns.accessible), text(columns.notice));
    let landmark = text(columns.landmark);
    let access = columns.access.read(lines, report).map_err(|fault| faults.push(fault)).ok();
    match (id, village, number, venue, address, accessible.zip(access), notice.zip(landmark), time, kind, notice_url) {
        (
            Some(id),
            Some(village),
            Some(number),
            Some(venue),
            Some(address),
            Some((accessible, access)),
            Some((notice, landmark)),
            Some(time),
            Some(kind),
            Some(notice_url),
        ) if faults.is_empty() => {
            let mut station = Station::new(id.to_owned(), village, number, venue, address);
            station.place = place(lines, columns, report);
            station.accessible = station_access::yes(lines, columns.accessible, &accessible, report);
            station.access = access;
            station.landmark = Some(landmark).filter(|landmark| !landmark.is_empty());
            (station.time, station.kind) = (time.map(Box::new), kind);
            let (notice, url) = if notice.is_empty() {
                areas.notice_of(village).map(|of_area| (of_area.text.clone(), of_area.url.clone())).unzip()
            } else {
                (Some(notice), Some(notice_url))
            };
            (station.notice, station.notice_url) = (notice, url.flatten());
            Ok(StationRow { id: id.to_owned(), village, station })
        }
        _ => Err(faults),
    }
}

/// What the column says that the station is; nothing where it is empty.
fn kind(lines: &Lines, column: Column) -> Result<Option<StationKind>, Fault> {
    let Some(text) = lines.optional_code(column)? else { return Ok(None) };
    let kinds = [StationKind::Tps, StationKind::Tpsln, StationKind::Ksk, StationKind::Pos];
    kinds.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text)).map(Some).ok_or_else(|| {
        let problem = lines.problem(ProblemKind::BadStation, column, message!("it reads {}", csv::quoted(text)));
        problem.expecting("TPS, TPSLN, KSK or POS").into()
    })
}

/// A page of the web, if one is given.
fn link(lines: &Lines, column: Column) -> Result<Option<String>, Fault> {
    let Some(text) = lines.optional_code(column)? else { return Ok(None) };
    notice_url(text).map(|url| Some(url.into())).map_err(|error| lines.fault(ProblemKind::BadStation, column, error.to_string()))
}

fn village_code(text: &str) -> Option<Code> {
    csv::region_code(text).filter(|code| code.level() == Level::Village)
}

fn village(lines: &Lines, column: Column, regions: Option<&Regions>) -> Result<Code, Fault> {
    let text = lines.code(column)?;
    let Some(code) = village_code(text) else {
        if let Some(message) = csv::bps_code(text) {
            return Err(lines.problem(ProblemKind::BadCode, column, message).expecting(csv::NO_BPS_CODE).into());
        }
        let fault = lines.problem(ProblemKind::BadCode, column, message!("{} is not a village code", csv::quoted(text)));
        return Err(fault.expecting("the 10 digits of a village, with or without dots").into());
    };
    match regions {
        Some(regions) if !regions.holds(code) => {
            Err(regions.missing(lines, column, code, ProblemKind::UnknownVillage, &message!("the code {}", code)))
        }
        _ => Ok(code),
    }
}

/// A station's coordinates; none where the cells are empty or cannot be read.
fn place(lines: &Lines, columns: &StationColumns, report: &mut Report) -> Option<Place> {
    let cell = |column| lines.cell(column).map_or("", csv::code);
    let (lat, lon) = (cell(columns.lat), cell(columns.lon));
    if lat.is_empty() && lon.is_empty() {
        return None;
    }
    let degrees = csv::degrees(lat).zip(csv::degrees(lon));
    if let Some(place) = degrees.and_then(|(lat, lon)| Place::of_degrees(lat, lon, false)) {
        return Some(place);
    }
    let read = message!("they read {} and {}", csv::quoted(lat), csv::quoted(lon));
    // No latitude is above 90, but Indonesia's longitudes are.
    if let Some(swapped) = degrees.and_then(|(lat, lon)| Place::of_degrees(lon, lat, true)) {
        let message = message!("{}: latitude and longitude seem to be swapped, and are read the other way round", read);
        report.push(lines.problem(ProblemKind::DoubtfulCoordinates, columns.lat, message));
        return Some(swapped);
    }
    let column = if csv::degrees(lat).is_some() { columns.lon } else { columns.lat };
    report.push(lines.problem(ProblemKind::UnreadableCoordinates, column, read));
    None
}

fn same_numbers(rows: &[(StationRow, FileLine)], files: &FileNames, column: &str, report: &mut Report) {
    for pair in rows.windows(2) {
        if let [(one, line), (other, other_line)] = pair
            && (one.village, one.station.kind, one.station.number) == (other.village, other.station.kind, other.station.number)
        {
            let (first, second) = (*line.min(other_line), *line.max(other_line));
            let earlier = files.earlier(first, second);
            let (kind, number) = (one.station.kind.name(), one.station.number);
            let message = message!("village {} has {} {} in {} too", one.village, kind, number, earlier);
            report.push(InputProblem::new(ProblemKind::SameNumber, files.of(second), second.number(), Some(column), message));
        }
    }
}
