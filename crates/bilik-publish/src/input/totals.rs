//! The totals file: how many voters the official recapitulation has in a region, of whatever level.

use super::regions::{self, Regions};
use crate::config::FileSet;
use crate::csv::{self, Column, Fault, Lines, Mapped, Sheet};
use crate::language::message;
use crate::problem::{FileLine, FileNames, ProblemKind, Report};
use crate::rejects::Rejects;
use bilik::format::Code;
use std::collections::HashMap;

pub(super) const SHEET: Sheet = Sheet { key: "totals", needed: &["code", "voters"], optional: &[], aliases: &[] };

/// The voters that a region has officially.
#[derive(Clone, Copy, Debug)]
pub struct OfficialTotal {
    /// The region.
    pub code: Code,
    /// Its voters.
    pub voters: u64,
    /// The line that says so.
    pub line: FileLine,
}

/// All official totals.
#[derive(Clone, Debug, Default)]
pub struct OfficialTotals {
    files: FileNames,
    column: String,
    rows: Vec<OfficialTotal>,
}

impl OfficialTotals {
    /// The totals in the order of their lines.
    #[must_use]
    pub fn rows(&self) -> &[OfficialTotal] {
        &self.rows
    }

    /// The file that has a line.
    #[must_use]
    pub fn file(&self, line: FileLine) -> &str {
        self.files.of(line)
    }

    /// What the column of the voters is called.
    #[must_use]
    pub fn column(&self) -> &str {
        &self.column
    }
}

/// Reads the totals file. Without regions, codes are not looked up.
pub(super) fn read(
    files: &FileSet,
    mapped: &Mapped,
    regions: Option<&Regions>,
    report: &mut Report,
    rejects: &mut Rejects,
) -> Result<(OfficialTotals, [u8; 32]), Vec<Fault>> {
    let mut lines = Lines::open(files, &SHEET, mapped)?;
    let (code, voters) = (lines.column("code"), lines.column("voters"));
    let mut totals = OfficialTotals { column: lines.column_name(voters).to_owned(), ..OfficialTotals::default() };
    let mut seen: HashMap<Code, FileLine> = HashMap::new();
    while lines.next()? {
        match read_line(&lines, code, voters, regions, &mut seen) {
            Ok(row) => totals.rows.push(row),
            Err(faults) => lines.reject(faults, report, rejects),
        }
    }
    lines.report_ignored(report);
    lines.report_rounded(report);
    totals.files = lines.names().clone();
    Ok((totals, lines.digest()))
}

fn read_line(
    lines: &Lines,
    code: Column,
    voters: Column,
    regions: Option<&Regions>,
    seen: &mut HashMap<Code, FileLine>,
) -> Result<OfficialTotal, Vec<Fault>> {
    lines.shape().map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let region = regions::named(lines, code, regions).map_err(|fault| faults.push(fault)).ok();
    if let Some(region) = region {
        if let Some(&first) = seen.get(&region) {
            let message = message!("{} is already in {}", region, lines.names().earlier(first, lines.place()));
            faults.push(lines.fault(ProblemKind::DuplicateRegion, code, message));
        } else {
            seen.insert(region, lines.place());
        }
    }
    let count = lines.code(voters).and_then(|text| {
        let fault = || lines.fault(ProblemKind::BadTotal, voters, message!("it reads {}", csv::quoted(text)));
        csv::count(text).ok_or_else(fault)
    });
    let count = count.map_err(|fault| faults.push(fault)).ok();
    match (region, count) {
        (Some(code), Some(voters)) if faults.is_empty() => Ok(OfficialTotal { code, voters, line: lines.place() }),
        _ => Err(faults),
    }
}
