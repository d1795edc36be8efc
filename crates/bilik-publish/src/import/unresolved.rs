//! What could not be resolved: each written name once, with what it may mean and where it stands. No voter's name or NIK is in it.

use super::error::ImportError;
use super::gazetteer::Unclear;
use super::names_file::Wanted;
use super::place::NotResolved;
use super::table::Table;
use crate::csv::{Lines, tidy};
use crate::input::Regions;
use bilik::format::Code;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The first line of the file, by which it is recognised.
pub(super) const HEADER: [&str; 10] =
    ["level", "within", "within_name", "written", "code", "reason", "candidates", "voters", "stations", "lines"];
/// At most this many names are listed. More mean that a wrong column is used.
const MAX_NAMES: usize = 10_000;
/// Runs of lines that are listed of a name.
const MAX_RUNS: usize = 20;
/// A longer number is not in the name of a region.
const MAX_DIGITS: usize = 5;
const MAX_WRITTEN: usize = 80;

/// Which file a line is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Voters,
    Stations,
}

#[derive(Debug)]
struct Entry {
    unclear: Unclear,
    voters: u64,
    stations: u64,
    /// File, first and last line.
    runs: Vec<(String, u64, u64)>,
    has_more: bool,
}

/// The names that could not be resolved, and the lines that have them.
#[derive(Debug, Default)]
pub(super) struct Unresolved {
    entries: BTreeMap<(Wanted, Option<Code>, String), Entry>,
    /// Lines of the roll.
    pub voters: u64,
    /// Lines of the stations file.
    pub stations: u64,
    /// Lines whose names are not listed.
    pub unlisted: u64,
}

impl Unresolved {
    /// How many names are listed.
    pub fn names(&self) -> usize {
        self.entries.len()
    }

    /// Whether the parent of names that were looked for is unknown.
    pub fn lacks_parent(&self) -> bool {
        self.entries.keys().any(|(wanted, within, _)| within.is_none() && *wanted > Wanted::Region(bilik::format::Level::Regency))
    }

    /// Adds the line that is read. `person` is the voter's name, which must not be repeated where columns have moved.
    pub fn add(&mut self, not: NotResolved, lines: &Lines, source: Source, person: Option<&str>) {
        match source {
            Source::Voters => self.voters += 1,
            Source::Stations => self.stations += 1,
        }
        let key = (not.wanted, not.within, told(&not.written, person));
        if !self.entries.contains_key(&key) && self.entries.len() >= MAX_NAMES {
            self.unlisted += 1;
            return;
        }
        let entry = self.entries.entry(key).or_insert_with(|| Entry {
            unclear: not.unclear,
            voters: 0,
            stations: 0,
            runs: Vec::new(),
            has_more: false,
        });
        match source {
            Source::Voters => entry.voters += 1,
            Source::Stations => entry.stations += 1,
        }
        let (line, count) = (lines.line(), entry.runs.len());
        match entry.runs.last_mut() {
            Some((file, _, last)) if file == lines.name() && *last + 1 == line && !entry.has_more => *last = line,
            _ if count < MAX_RUNS => entry.runs.push((lines.name().to_owned(), line, line)),
            _ => entry.has_more = true,
        }
    }

    /// Writes the list; its column `code` is for the operator's decisions. `near` gives the stations of a village nearest to a number.
    pub fn write(&self, regions: &Regions, near: &dyn Fn(Code, &str) -> Vec<String>, to: &mut Table) -> Result<(), ImportError> {
        to.write(&HEADER)?;
        for ((wanted, within, written), entry) in &self.entries {
            let (reason, codes) = match &entry.unclear {
                Unclear::Unknown(codes) => ("unknown", codes),
                Unclear::Ambiguous(codes) => ("ambiguous", codes),
            };
            let candidates = match (wanted, within) {
                (Wanted::Station, Some(village)) => near(*village, written),
                _ => codes.iter().map(|code| format!("{code} ({})", regions.name(*code).unwrap_or_default())).collect(),
            };
            let name = within.and_then(|code| regions.name(code)).unwrap_or_default();
            to.write(&[
                wanted.name(),
                &within.map(|code| code.to_string()).unwrap_or_default(),
                &for_sheet(name),
                &for_sheet(written),
                "",
                reason,
                &for_sheet(&candidates.join("; ")),
                &entry.voters.to_string(),
                &entry.stations.to_string(),
                &for_sheet(&runs(entry)),
            ])?;
        }
        Ok(())
    }
}

/// What may be repeated of a cell: nothing that is the voter's name, or has a long number.
fn told(written: &str, person: Option<&str>) -> String {
    let is_person = person.is_some_and(|person| !written.is_empty() && tidy(person).eq_ignore_ascii_case(written));
    // A name without letters is a NIK: the columns have moved, and any cell may be a name.
    let has_moved = person.is_some_and(|person| !person.chars().any(char::is_alphabetic));
    let digits = written.chars().filter(char::is_ascii_digit).count();
    let is_code = bilik::format::Code::parse(written).is_some();
    if is_person {
        "(the voter's name)".to_owned()
    } else if has_moved {
        "(the columns seem to have moved)".to_owned()
    } else if digits > MAX_DIGITS && !is_code {
        format!("({digits} digits)")
    } else {
        written.chars().take(MAX_WRITTEN).collect()
    }
}

fn runs(entry: &Entry) -> String {
    let mut text = String::new();
    let mut before = "";
    for (file, first, last) in &entry.runs {
        if file == before {
            text.push_str(", ");
        } else {
            let separator = if before.is_empty() { "" } else { "; " };
            // Writing into a text does not fail.
            let _: std::fmt::Result = write!(text, "{separator}{file}: ");
        }
        before = file;
        let _: std::fmt::Result = if first == last { write!(text, "{first}") } else { write!(text, "{first}-{last}") };
    }
    if entry.has_more {
        text.push_str(", and more");
    }
    text
}

/// A text that no spreadsheet takes for a formula.
fn for_sheet(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
