//! The roll, voter by voter: streamed, because it is as big as a country.

mod station_counts;
mod voter_name;

use crate::cancel::{CancellationToken, Interrupted};
use crate::csv::{Column, Fault, Lines, NO_BPS_CODE, bps_code, region_code, trimmed, unreadable};
use crate::input::{Input, ROLL_SHEET, WithheldMatch, nik};
use crate::language::message;
use crate::problem::{FileLine, ProblemKind, Report, Unreadable};
use crate::progress::Progress;
use crate::rejects::Rejects;
use bilik::format::{Code, Level};
use bilik::{Digits, NameError, Warning};
pub use station_counts::{StationCount, StationCounts};
pub use voter_name::VoterName;

/// Lines between two reports of progress: often enough to cancel quickly and for a smooth bar.
const PROGRESS_INTERVAL: u64 = 4_096;
/// Letters of a name that are looked at: more than any placeholder has.
const MAX_PLACEHOLDER: usize = 20;

/// Why the roll was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum RollError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// One voter of the roll.
#[derive(Clone, PartialEq, Eq)]
pub struct Voter {
    /// The line in the roll, and in which of its files.
    pub line: FileLine,
    /// The first 12 digits of the NIK.
    pub digits: Digits,
    /// The last four of a whole NIK: only for finding duplicates, and in no key.
    pub serial: Option<u16>,
    /// The station's place in [`crate::input::Stations::rows`].
    pub station: u32,
    /// The village on the identity card: the station's, where the roll has no other.
    pub village: Code,
    /// The name as the roll has it.
    pub name: VoterName,
}

impl std::fmt::Debug for Voter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Voter(line {}, hidden)", self.line.number())
    }
}

/// What the lines of the roll were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollCounts {
    /// Voters passed on.
    pub voters: u64,
    /// Voters who are withheld.
    pub withheld: u64,
    /// The last line of the last file.
    pub lines: u64,
    /// The SHA-256 of all bytes of all files as stored, in the order of reading: of one file, what `sha256sum` gives. Passes with
    /// the same digest have read the same roll.
    pub digest: [u8; 32],
    /// The lines by station.
    pub stations: StationCounts,
}

/// Streams the roll: each voter whose line has no error and who is not withheld is passed to `each`, in the order of
/// the lines. Progress is in bytes, under the name of a phase. Takes about a second for a million lines.
///
/// # Errors
/// When the file cannot be read to its end, when the run is cancelled, or when `each` fails.
pub fn read<E: From<RollError>>(
    input: &Input,
    report: &mut Report,
    rejects: &mut Rejects,
    (phase, progress): (&str, &dyn Progress),
    cancel: &CancellationToken,
    each: &mut dyn FnMut(Voter) -> Result<(), E>,
) -> Result<RollCounts, E> {
    let unreadable = |faults| RollError::Unreadable(unreadable(faults));
    let files = &input.config.files;
    let opened = Lines::open(&files.voters, &ROLL_SHEET, &files.columns_of("voters"));
    let mut lines = opened.map_err(unreadable)?;
    let columns = RollColumns {
        nik: lines.column("nik"),
        name: lines.column("name"),
        station: lines.column("station"),
        village: lines.column("village"),
    };
    let stations = StationCounts::new(input.stations.rows().len());
    let mut counted = RollCounts { stations, ..RollCounts::default() };
    let mut matched = vec![false; input.withheld.len()];
    let mut last = LastStation::default();
    progress.begin(phase, lines.bytes());
    let mut seen = 0;
    for count in 0_u64.. {
        if !lines.next().map_err(unreadable)? {
            break;
        }
        if count % PROGRESS_INTERVAL == 0 {
            progress.advance(lines.bytes_read() - seen);
            seen = lines.bytes_read();
            cancel.check().map_err(RollError::Interrupted)?;
        }
        counted.lines = lines.line();
        let read = voter(&lines, &columns, input, &mut last);
        report.locate(regency(&read, &lines, columns.station, input));
        match read {
            Err(faults) => {
                count_rejected(&lines, columns.station, input, &mut counted.stations);
                // A withheld voter of a rejected line is not missing: the line is told.
                mark(rejected_withheld(&lines, &columns, input), &mut matched);
                lines.reject(faults, report, rejects);
            }
            Ok(voter) => match input.withheld.find(&voter.digits, voter.serial, voter.name.reveal()) {
                WithheldMatch::None => {
                    counted.stations.add_voter(voter.station);
                    warn(&lines, &columns, &voter, input, report);
                    counted.voters += 1;
                    each(voter)?;
                }
                found => {
                    counted.withheld += 1;
                    counted.stations.add_voter(voter.station);
                    withhold(found, &mut matched, &lines, columns.nik, report);
                }
            },
        }
    }
    report.locate(None);
    progress.end();
    counted.digest = lines.digest();
    lines.report_rounded(report);
    input.withheld.report_unmatched(|at| matched.get(at).copied().unwrap_or(false), report);
    Ok(counted)
}

struct RollColumns {
    nik: Column,
    name: Column,
    station: Column,
    village: Column,
}

/// Rolls are sorted by station, so that the last one is mostly the next one too.
#[derive(Default)]
struct LastStation {
    id: String,
    number: u32,
}

/// The voter of a line, or everything that is wrong with it.
fn voter(lines: &Lines, columns: &RollColumns, input: &Input, last: &mut LastStation) -> Result<Voter, Vec<Fault>> {
    lines.shape().map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let nik = lines
        .code(columns.nik)
        .and_then(|text| nik::read(text).map_err(|fault| lines.fault(fault.kind(), columns.nik, fault.message())));
    let nik = nik.map_err(|fault| faults.push(fault)).ok();
    let name = name(lines, columns.name).map_err(|fault| faults.push(fault)).ok();
    let station = station(lines, columns.station, input, last).map_err(|fault| faults.push(fault)).ok();
    let village = village(lines, columns.village, input).map_err(|fault| faults.push(fault)).ok();
    match (nik, name, station, village) {
        (Some((digits, serial)), Some(name), Some((station, own)), Some(village)) if faults.is_empty() => Ok(Voter {
            line: lines.place(),
            digits,
            serial,
            station,
            village: village.unwrap_or(own),
            name: name.to_owned().into(),
        }),
        _ => Err(faults),
    }
}

/// Counts a rejected line where its station stands, whatever else is wrong with it.
fn count_rejected(lines: &Lines, column: Column, input: &Input, counts: &mut StationCounts) {
    let id = lines.shape().and_then(|()| lines.code(column)).unwrap_or_default();
    match (input.stations.by_id(id), input.stations.village_of_rejected(id)) {
        (Some(station), _) => counts.add_rejected(station),
        (None, Some(village)) => counts.add_of_rejected_station(village),
        (None, None) => counts.add_unplaced(),
    }
}

/// Where the station of a line is, if it has one, whatever else is wrong with it.
fn regency(read: &Result<Voter, Vec<Fault>>, lines: &Lines, column: Column, input: &Input) -> Option<Code> {
    let number = match read {
        Ok(voter) => Some(voter.station),
        Err(_) => lines.code(column).ok().and_then(|id| input.stations.by_id(id)),
    };
    input.stations.get(number?)?.village.regency_of()
}

fn name(lines: &Lines, column: Column) -> Result<&str, Fault> {
    let name = trimmed(lines.cell(column)?);
    match check_name(name) {
        Ok(()) => Ok(name),
        Err(NameError::Missing) => Err(lines.fault(ProblemKind::NameEmpty, column, "the field is empty")),
        Err(NameError::NoLetters) => Err(lines.fault(ProblemKind::NameEmpty, column, "no Latin letter is left of the name")),
        Err(NameError::TooLong) => {
            Err(lines.fault(ProblemKind::NameTooLong, column, message!("the name has {} characters", name.chars().count())))
        }
    }
}

/// The result of [`bilik::fold_name`]. Most names have a Latin letter, of which folding always leaves something, so that there is no
/// need to fold here.
fn check_name(text: &str) -> Result<(), NameError> {
    if text.len() <= bilik::MAX_NAME_CHARS && text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return Ok(());
    }
    bilik::fold_name(text).map(|_| ())
}

/// What databases, spreadsheets and clerks write where there is no name, as its letters alone.
const PLACEHOLDERS: &[&str] = &[
    "ALM",
    "ALMARHUM",
    "ALMARHUMAH",
    "BAPAK",
    "BELUMADA",
    "BELUMADANAMA",
    "HJ",
    "IBU",
    "KOSONG",
    "NA",
    "NAMA",
    "NAME",
    "NAN",
    "NIHIL",
    "NIL",
    "NN",
    "NONAME",
    "NONE",
    "NOTAVAILABLE",
    "NULL",
    "NY",
    "REF",
    "TANPANAMA",
    "TDKADA",
    "TES",
    "TEST",
    "TIDAKADA",
    "TIDAKADANAMA",
    "TIDAKDIKETAHUI",
    "TN",
    "UNDEFINED",
    "UNKNOWN",
    "VALUE",
];

/// Whether a name stands for none: one of [`PLACEHOLDERS`], or nothing but one letter, perhaps again and again.
fn is_placeholder(name: &str) -> bool {
    let letters: String = name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_uppercase).take(MAX_PLACEHOLDER).collect();
    let first = letters.chars().next();
    letters.chars().all(|letter| Some(letter) == first) || PLACEHOLDERS.contains(&letters.as_str())
}

/// A voter's station and that station's village.
fn station(lines: &Lines, column: Column, input: &Input, last: &mut LastStation) -> Result<(u32, Code), Fault> {
    let id = lines.code(column)?;
    if last.id != id {
        // The id is not repeated: where columns have moved, it may be a NIK.
        let unknown = || -> Fault {
            if input.stations.is_rejected(id) {
                let problem = lines.problem(ProblemKind::RejectedStation, column, "this station's line has an error");
                return problem.because_of(id).into();
            }
            lines.problem(ProblemKind::UnknownStation, column, "no station has this id").because_of(id).into()
        };
        last.number = input.stations.by_id(id).ok_or_else(unknown)?;
        id.clone_into(&mut last.id);
    }
    let village = input.stations.get(last.number).map(|row| row.village);
    village
        .map(|village| (last.number, village))
        .ok_or_else(|| lines.fault(ProblemKind::UnknownStation, column, "no such station"))
}

fn village(lines: &Lines, column: Column, input: &Input) -> Result<Option<Code>, Fault> {
    let Some(text) = lines.optional_code(column)? else { return Ok(None) };
    let code = region_code(text).filter(|code| code.level() == Level::Village);
    let Some(code) = code else {
        if let Some(message) = bps_code(text) {
            return Err(lines.problem(ProblemKind::BadCode, column, message).expecting(NO_BPS_CODE).into());
        }
        let fault = lines.problem(ProblemKind::BadCode, column, "not a village code");
        return Err(fault.expecting("the 10 digits of a village, with or without dots, or nothing").into());
    };
    if !input.regions.holds(code) {
        return Err(input.regions.missing(lines, column, code, ProblemKind::UnknownVillage, &message!("this code")));
    }
    Ok(Some(code))
}

/// Such voters exist and are found; an operator should check the line.
fn warn(lines: &Lines, columns: &RollColumns, voter: &Voter, input: &Input, report: &mut Report) {
    let column = columns.nik;
    if is_placeholder(voter.name.reveal()) {
        report.add(ProblemKind::PlaceholderName, || {
            lines.problem(ProblemKind::PlaceholderName, columns.name, "the field has a word or a letter that stands for no name")
        });
    }
    for warning in voter.digits.warnings() {
        match warning {
            Warning::ImpossibleDate => report.add(ProblemKind::ImpossibleDate, || {
                lines.problem(ProblemKind::ImpossibleDate, column, "digits 7 to 12 are not a date")
            }),
            Warning::RepeatedDigits => report.add(ProblemKind::RepeatedDigits, || {
                lines.problem(ProblemKind::RepeatedDigits, column, "its first 12 digits are all the same")
            }),
            Warning::UnknownDistrict => {}
        }
    }
    let prefix = voter.digits.prefix();
    let is_rejected = Code::district(prefix).is_some_and(|district| input.regions.is_rejected(district));
    if !input.regions.holds_prefix(prefix) && !is_rejected {
        report.add(ProblemKind::UnknownDistrict, || {
            lines.problem(ProblemKind::UnknownDistrict, column, "its first six digits are not a district of the regions file")
        });
    }
}

fn mark(found: WithheldMatch, matched: &mut [bool]) {
    if let WithheldMatch::Sure(at) | WithheldMatch::Loose(at) = found
        && let Some(matched) = matched.get_mut(at)
    {
        *matched = true;
    }
}

/// Which withheld voter a rejected line is of, where its NIK and name can be read.
fn rejected_withheld(lines: &Lines, columns: &RollColumns, input: &Input) -> WithheldMatch {
    let nik = lines.code(columns.nik).ok().and_then(|text| nik::read(text).ok());
    let name = name(lines, columns.name).ok();
    match nik.zip(name).filter(|_| !input.withheld.is_empty() && lines.shape().is_ok()) {
        Some(((digits, serial), name)) => input.withheld.find(&digits, serial, name),
        None => WithheldMatch::None,
    }
}

fn withhold(found: WithheldMatch, matched: &mut [bool], lines: &Lines, column: Column, report: &mut Report) {
    mark(found, matched);
    if matches!(found, WithheldMatch::Loose(_)) {
        report.add(ProblemKind::WithheldLoosely, || {
            lines.problem(
                ProblemKind::WithheldLoosely,
                column,
                "the withheld file has the same 12 digits; the rest cannot be compared",
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_stands_for_no_name_is_told_from_names() {
        for name in [
            "NULL",
            "null",
            "#N/A",
            "N/A",
            "#REF!",
            "#NAME?",
            "Tanpa Nama",
            "TANPA  NAMA",
            "ALMARHUM",
            "(Alm.)",
            "A",
            "x.",
            "XXX",
            "N.N.",
            "-- nil",
        ] {
            assert!(is_placeholder(name), "{name}");
        }
        for name in ["Ali", "Nana", "Namira", "Ni", "Nullah", "Almarhum Budi", "Tes Nara", "Y. Ana", "O Eng", "Tanpa"] {
            assert!(!is_placeholder(name), "{name}");
        }
    }

    proptest! {
        /// The short cut around folding must never let a name pass that cannot be sealed.
        #[test]
        fn the_quick_look_at_a_name_agrees_with_folding(text in "\\PC{0,40}|[A-Z .']{0,8}|[HSJYhrt.]{1,5}|[AHW0-9.,@() ]{1,6}") {
            prop_assert_eq!(check_name(&text), bilik::fold_name(&text).map(|_| ()));
        }
    }
}
