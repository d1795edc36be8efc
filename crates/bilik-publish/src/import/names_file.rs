//! The operator's decisions: which region or station a name means that is not clear by itself.

use super::error::ImportError;
use crate::config::FileSet;
use crate::csv::{Fault, Lines, Mapped, Sheet, code, quoted, region_code, tidy, unreadable};
use crate::language::message;
use crate::problem::ProblemKind;
use bilik::format::{Code, Level};
use std::collections::HashMap;

const SHEET: Sheet = Sheet { key: "names", needed: &["level", "within", "written", "code"], optional: &[], aliases: &[] };

/// What is resolved: a region of a level, or a station of a village.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Wanted {
    Region(Level),
    Station,
}

impl Wanted {
    pub fn name(self) -> &'static str {
        match self {
            Self::Region(Level::Province) => "province",
            Self::Region(Level::Regency) => "regency",
            Self::Region(Level::District) => "district",
            Self::Region(Level::Village) => "village",
            Self::Station => "station",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        let regions = [Level::Province, Level::Regency, Level::District, Level::Village].map(Self::Region);
        regions.into_iter().chain([Self::Station]).find(|wanted| wanted.name().eq_ignore_ascii_case(name))
    }
}

/// Names by where they stand.
#[derive(Debug, Default)]
pub(super) struct NamesFile {
    codes: HashMap<(Wanted, Option<Code>, String), String>,
}

/// A written name as a key: what a spreadsheet adds to it does not count.
fn key_of(written: &str) -> String {
    tidy(code(written)).to_uppercase()
}

impl NamesFile {
    /// Reads the file: `unresolved.csv` of a run before, with its column `code` filled in. Lines without a code decide nothing.
    pub fn read(files: &FileSet) -> Result<Self, ImportError> {
        let mut lines = Lines::open(files, &SHEET, &Mapped::new()).map_err(unreadable)?;
        let [level, within, written, meant] = SHEET_COLUMNS.map(|name| lines.column(name));
        let mut names = Self::default();
        let mut faults: Vec<Fault> = Vec::new();
        while lines.next().map_err(unreadable)? {
            let read = || -> Result<_, Fault> {
                lines.shape()?;
                let Some(code_of_it) = lines.optional_code(meant)?.map(str::to_owned) else { return Ok(None) };
                let text = lines.code(level)?;
                let unknown = || -> Fault {
                    let fault = lines.problem(ProblemKind::BadCode, level, message!("{} is not a level", quoted(text)));
                    fault.expecting("province, regency, district, village or station").into()
                };
                let wanted = Wanted::of_name(text).ok_or_else(unknown)?;
                let code_in = |column, text: &str| -> Result<Code, Fault> {
                    let fault = || lines.fault(ProblemKind::BadCode, column, message!("{} is not a region code", quoted(text)));
                    region_code(text).ok_or_else(fault)
                };
                let parent = lines.optional_code(within)?.map(|text| code_in(within, text)).transpose()?;
                if let Wanted::Region(level) = wanted {
                    let code = code_in(meant, &code_of_it)?;
                    if code.level() != level {
                        let message = message!("{} is not the code of a {}", code, wanted.name());
                        return Err(lines.fault(ProblemKind::BadCode, meant, message));
                    }
                }
                Ok(Some(((wanted, parent, key_of(lines.cell(written)?)), code_of_it)))
            };
            match read() {
                Ok(decided) => names.codes.extend(decided),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(names) } else { Err(unreadable(faults).into()) }
    }

    /// The region that a name means.
    pub fn region(&self, within: Option<Code>, level: Level, written: &str) -> Option<Code> {
        self.decided(Wanted::Region(level), within, written).and_then(region_code)
    }

    /// The id of the station that a number means.
    pub fn station(&self, village: Option<Code>, written: &str) -> Option<&str> {
        self.decided(Wanted::Station, village, written)
    }

    fn decided(&self, wanted: Wanted, within: Option<Code>, written: &str) -> Option<&str> {
        if self.codes.is_empty() {
            return None;
        }
        self.codes.get(&(wanted, within, key_of(written))).map(String::as_str)
    }
}

const SHEET_COLUMNS: [&str; 4] = ["level", "within", "written", "code"];
