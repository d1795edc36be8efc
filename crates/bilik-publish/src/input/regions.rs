//! The regions file: every region's code and name.

use crate::config::FileSet;
use crate::csv::{self, Column, Fault, Lines, Mapped, Sheet, reject};
use crate::language::{Message, message};
use crate::problem::{FileLine, InputProblem, ProblemKind, Report};
use crate::rejects::Rejects;
use bilik::format::{Code, Level};
use std::collections::{BTreeMap, HashMap, HashSet};

pub(crate) const SHEET: Sheet = Sheet { key: "regions", needed: &["code", "name"], optional: &[], aliases: &[] };

/// The names of all regions by code.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    names: BTreeMap<(Level, u64), (Code, String)>,
    /// Asked for every voter, so that a hash is worth it.
    districts: HashSet<u32>,
    /// The codes of lines with errors.
    rejected: HashSet<Code>,
}

impl Regions {
    /// Takes regions as they are, without a file.
    #[must_use]
    pub fn of(names: impl IntoIterator<Item = (Code, String)>) -> Self {
        let mut regions = Self::default();
        for (code, name) in names {
            regions.insert(code, name);
        }
        regions
    }

    fn insert(&mut self, code: Code, name: String) {
        if code.level() == Level::District {
            self.districts.insert(code.short());
        }
        self.names.insert((code.level(), code.number()), (code, name));
    }

    /// A region's name.
    #[must_use]
    pub fn name(&self, code: Code) -> Option<&str> {
        self.names.get(&(code.level(), code.number())).map(|(_, name)| name.as_str())
    }

    /// Whether there is such a region.
    #[must_use]
    pub fn holds(&self, code: Code) -> bool {
        self.names.contains_key(&(code.level(), code.number()))
    }

    /// Whether only a line with an error has a region.
    #[must_use]
    pub fn is_rejected(&self, code: Code) -> bool {
        self.rejected.contains(&code) && !self.holds(code)
    }

    /// The fault of a cell that names a region which is not there: that of its line, where that was rejected.
    pub(crate) fn missing(&self, lines: &Lines, column: Column, code: Code, unknown: ProblemKind, what: &Message) -> Fault {
        let problem = if self.is_rejected(code) {
            lines.problem(ProblemKind::RejectedRegion, column, message!("the line of the region with {} has an error", what))
        } else {
            lines.problem(unknown, column, message!("no region has {}", what))
        };
        problem.because_of(code.to_string()).into()
    }

    /// Whether a NIK's first six digits are a district of today.
    #[must_use]
    pub fn holds_prefix(&self, prefix: u32) -> bool {
        self.districts.contains(&prefix)
    }

    /// All regions of a level with their names, by code.
    pub fn at(&self, level: Level) -> impl Iterator<Item = (Code, &str)> {
        self.names.range((level, 0)..=(level, u64::MAX)).map(|(_, (code, name))| (*code, name.as_str()))
    }

    /// The codes of all regions of a level, ascending.
    pub fn codes(&self, level: Level) -> impl Iterator<Item = Code> {
        self.at(level).map(|(code, _)| code)
    }

    /// All provinces with their names, by code.
    pub fn provinces(&self) -> impl Iterator<Item = (Code, &str)> {
        self.at(Level::Province)
    }

    /// The regions one level below another, with their names, by code; none below a village.
    pub fn children(&self, code: Code) -> impl Iterator<Item = (Code, &str)> {
        let (level, width) = match code.level() {
            Level::Province => (Level::Regency, 100),
            Level::Regency => (Level::District, 100),
            Level::District => (Level::Village, 10_000),
            Level::Village => (Level::Village, 0),
        };
        let first = code.number() * width;
        self.names.range((level, first)..(level, first + width)).map(|(_, (code, name))| (*code, name.as_str()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// The region whose code is in a cell of another file. Without regions, it is not looked up.
pub(super) fn named(lines: &Lines, column: Column, regions: Option<&Regions>) -> Result<Code, Fault> {
    let text = lines.code(column)?;
    let Some(code) = csv::region_code(text) else {
        return Err(not_a_code(lines, column, text));
    };
    match regions {
        Some(regions) if !regions.holds(code) => {
            Err(regions.missing(lines, column, code, ProblemKind::UnknownRegion, &message!("the code {}", code)))
        }
        _ => Ok(code),
    }
}

fn not_a_code(lines: &Lines, column: Column, text: &str) -> Fault {
    match csv::bps_code(text) {
        Some(message) => lines.problem(ProblemKind::BadCode, column, message).expecting(csv::NO_BPS_CODE).into(),
        None => lines.fault(ProblemKind::BadCode, column, message!("{} is not a region code", csv::quoted(text))),
    }
}

/// A line that is sound on its own.
struct RegionLine {
    line: FileLine,
    code: Code,
    name: String,
    raw: Vec<u8>,
}

/// Reads the regions file; an error is what makes it useless as a whole.
pub(crate) fn read(
    files: &FileSet,
    sheet: &'static Sheet,
    mapped: &Mapped,
    report: &mut Report,
    rejects: &mut Rejects,
) -> Result<(Regions, [u8; 32]), Vec<Fault>> {
    let mut lines = Lines::open(files, sheet, mapped)?;
    let (code, name) = (lines.column("code"), lines.column("name"));
    let code_name = lines.column_name(code).to_owned();
    let mut regions = Regions::default();
    let mut read: Vec<RegionLine> = Vec::new();
    let mut seen: HashMap<Code, FileLine> = HashMap::new();
    while lines.next()? {
        if let Err(fault) = lines.shape() {
            lines.reject(vec![fault], report, rejects);
            continue;
        }
        let mut faults = Vec::new();
        let region = lines.code(code).and_then(|text| {
            let fault = || not_a_code(&lines, code, text);
            // A directory with the number 0 is that of the prefixes in no regency.
            csv::region_code(text).filter(|code| code.level() != Level::Regency || code.number() > 0).ok_or_else(fault)
        });
        let region = region.map_err(|fault| faults.push(fault)).ok();
        let title = lines.tidy(name).map_err(|fault| faults.push(fault)).ok();
        if let Some(region) = region {
            match seen.get(&region) {
                Some(&first) => {
                    let message = message!("{} is already in {}", region, lines.names().earlier(first, lines.place()));
                    faults.push(lines.fault(ProblemKind::DuplicateRegion, code, message));
                }
                None => {
                    seen.insert(region, lines.place());
                }
            }
        }
        match (faults.is_empty(), region, title) {
            (true, Some(code), Some(name)) => {
                read.push(RegionLine { line: lines.place(), code, name, raw: lines.raw().to_vec() });
            }
            (_, region, _) => {
                regions.rejected.extend(region);
                lines.reject(faults, report, rejects);
            }
        }
    }
    lines.report_ignored(report);
    lines.report_rounded(report);
    // Parents first, whatever the order of the lines, so that a child of a rejected parent is rejected too.
    read.sort_by_key(|found| found.code.level());
    for RegionLine { line, code: region, name: title, raw } in read {
        match region.parent().filter(|parent| !regions.holds(*parent)) {
            None => regions.insert(region, title),
            Some(parent) => {
                let (kind, message) = if regions.is_rejected(parent) {
                    (ProblemKind::RejectedRegion, message!("{} is in {}, whose line has an error", region, parent))
                } else {
                    (ProblemKind::MissingParent, message!("{} is in {}, which is missing", region, parent))
                };
                let (file, line) = (lines.names().of(line), line.number());
                let fault = InputProblem::new(kind, file, line, Some(&code_name), message).because_of(parent.to_string());
                regions.rejected.insert(region);
                reject(file, line, &raw, vec![fault.into()], report, rejects);
            }
        }
    }
    Ok((regions, lines.digest()))
}
