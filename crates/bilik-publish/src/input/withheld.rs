//! The withheld file: voters at risk, who are sealed nowhere. A mistake here publishes somebody, so a line that
//! cannot be read stops the build, and a voter who may be the one meant is withheld.

use super::nik;
use crate::config::FileSet;
use crate::csv::{Column, Fault, Lines, Mapped, Sheet};
use crate::language::{Message, message, translatable};
use crate::problem::{FileLine, FileNames, InputProblem, ProblemKind, Report};
use bilik::{Digits, FoldedName, fold_name};
use std::collections::HashMap;

pub(super) const SHEET: Sheet = Sheet { key: "withheld", needed: &["nik"], optional: &["name"], aliases: &[] };

/// Who is sealed nowhere.
#[derive(Clone, Default)]
pub struct Withheld {
    files: FileNames,
    entries: Vec<WithheldEntry>,
    /// The entries with the same 12 digits.
    by_digits: HashMap<Digits, Vec<usize>>,
}

#[derive(Clone)]
struct WithheldEntry {
    line: FileLine,
    serial: Option<u16>,
    name: Option<FoldedName>,
}

impl WithheldEntry {
    /// Whether another of the same 12 digits says the same.
    fn is_same(&self, other: &Self) -> bool {
        (self.serial, &self.name) == (other.serial, &other.name)
    }
}

impl std::fmt::Debug for Withheld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Withheld({} hidden)", self.entries.len())
    }
}

/// What the withheld file says of a voter of the roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WithheldMatch {
    /// Nothing.
    None,
    /// It means this voter.
    Sure(usize),
    /// It has the same 12 digits, and nothing that rules this voter out.
    Loose(usize),
}

impl Withheld {
    /// How many voters it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it names nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a voter is among them.
    #[must_use]
    pub fn holds(&self, digits: &Digits, serial: Option<u16>, name: &str) -> bool {
        self.find(digits, serial, name) != WithheldMatch::None
    }

    pub(crate) fn find(&self, digits: &Digits, serial: Option<u16>, name: &str) -> WithheldMatch {
        let Some(candidates) = self.by_digits.get(digits) else { return WithheldMatch::None };
        let folded = fold_name(name).ok();
        let mut best = WithheldMatch::None;
        for &at in candidates {
            let Some(entry) = self.entries.get(at) else { continue };
            let same_name = entry.name.as_ref().map(|name| folded.as_ref().is_some_and(|other| name.whole() == other.whole()));
            let like_name = entry.name.as_ref().zip(folded.as_ref()).is_some_and(|(name, other)| name.shares_a_token(other));
            let same_serial = entry.serial.zip(serial).filter(|(one, other)| !may_be_rounded(*one, *other));
            match (same_serial.map(|(one, other)| one == other), same_name) {
                (Some(true), _) | (None, Some(true)) => return WithheldMatch::Sure(at),
                // Without a serial or a name to tell; or the same name, and a serial that may be a mistake; or no serial, and a
                // name that may be the same one written otherwise. A voter who may be at risk is not published.
                (None, None) | (Some(false), Some(true)) => best = WithheldMatch::Loose(at),
                (None, Some(false)) if like_name => best = WithheldMatch::Loose(at),
                (None | Some(false), _) => {}
            }
        }
        best
    }

    /// Warns of every entry that no voter of the roll matched.
    pub(crate) fn report_unmatched(&self, is_matched: impl Fn(usize) -> bool, report: &mut Report) {
        for (_, entry) in self.entries.iter().enumerate().filter(|(at, _)| !is_matched(*at)) {
            report.add(ProblemKind::WithheldUnmatched, || {
                let message = translatable!("no voter of the roll has these digits and this name");
                let (file, line) = (self.files.of(entry.line), entry.line.number());
                InputProblem::new(ProblemKind::WithheldUnmatched, file, line, None, message)
            });
        }
    }
}

/// Whether two serials differ by what a spreadsheet does to a long number: it keeps 15 digits and makes the last one a zero.
fn may_be_rounded(one: u16, other: u16) -> bool {
    one != other && one / 10 == other / 10 && (one.is_multiple_of(10) || other.is_multiple_of(10))
}

/// Reads the withheld file; an error is any line that cannot be read.
pub(super) fn read(files: &FileSet, mapped: &Mapped, report: &mut Report) -> Result<(Withheld, [u8; 32]), Vec<Fault>> {
    let mut lines = Lines::open(files, &SHEET, mapped)?;
    let (nik, name) = (lines.column("nik"), lines.column("name"));
    let mut withheld = Withheld::default();
    let mut faults = Vec::new();
    while lines.next()? {
        match read_line(&lines, nik, name) {
            Ok((digits, entry)) => {
                let alike = withheld.by_digits.entry(digits).or_default();
                // A repeated entry must not be reported as one that the roll lacks.
                let is_known = |at: &usize| withheld.entries.get(*at).is_some_and(|other| other.is_same(&entry));
                if !alike.iter().any(is_known) {
                    alike.push(withheld.entries.len());
                    withheld.entries.push(entry);
                }
            }
            Err(mut found) => faults.append(&mut found),
        }
    }
    lines.report_ignored(report);
    lines.report_rounded(report);
    withheld.files = lines.names().clone();
    if faults.is_empty() { Ok((withheld, lines.digest())) } else { Err(faults) }
}

fn read_line(lines: &Lines, nik: Column, name: Column) -> Result<(Digits, WithheldEntry), Vec<Fault>> {
    // Whatever is wrong with such a line, it is this kind: it stops everything.
    let bad = |column: Column, message: Message| vec![lines.fault(ProblemKind::BadWithheld, column, message)];
    lines.shape().map_err(|fault| bad(nik, fault.message))?;
    let text = lines.code(nik).map_err(|fault| bad(nik, fault.message))?;
    let (digits, serial) = nik::read(text).map_err(|fault| bad(nik, fault.message()))?;
    let name_text = lines.optional_tidy(name).map_err(|fault| bad(nik, fault.message))?;
    let folded = if name_text.is_empty() {
        None
    } else {
        Some(fold_name(&name_text).map_err(|_| bad(name, message!("nothing is left of the name")))?)
    };
    if serial.is_none() && folded.is_none() {
        return Err(bad(name, message!("12 digits alone do not identify a voter")));
    }
    Ok((digits, WithheldEntry { line: lines.place(), serial, name: folded }))
}
