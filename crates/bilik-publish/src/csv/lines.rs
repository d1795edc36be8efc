//! One file of the input line by line: cells, what is expected of them, and the rejection of lines with errors.

use super::cell;
use super::fault::Fault;
use super::rows::{Row, Rows};
use super::sheet::{Column, Mapped, Sheet};
use crate::problem::{InputProblem, ProblemKind, Report};
use crate::rejects::Rejects;
use std::path::Path;

/// An opened file and the line that was read last.
pub(crate) struct Lines {
    rows: Rows,
    row: Row,
}

impl Lines {
    /// Opens a file and finds its columns.
    pub fn open(path: &Path, sheet: &Sheet, mapped: &Mapped) -> Result<Self, Vec<Fault>> {
        Ok(Self { rows: Rows::open(path, sheet, mapped)?, row: Row::default() })
    }

    /// Reads the next line that is not blank; false at the end.
    pub fn next(&mut self) -> Result<bool, Vec<Fault>> {
        self.rows.next(&mut self.row).map_err(|fault| vec![fault])
    }

    /// A column that may be there.
    pub fn column(&self, name: &str) -> Option<Column> {
        self.rows.column(name)
    }

    /// A column without which the file is not opened.
    pub fn needed(&self, name: &str) -> Column {
        self.rows.needed(name)
    }

    /// The file's name, without its folder.
    pub fn name(&self) -> &str {
        self.rows.name()
    }

    /// The number of the line that was read last.
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// That line as it was.
    pub fn raw(&self) -> &[u8] {
        self.row.raw()
    }

    /// Bytes of the stored file read so far.
    pub fn bytes_read(&self) -> u64 {
        self.rows.bytes_read()
    }

    /// Bytes of the stored file.
    pub fn bytes(&self) -> u64 {
        self.rows.bytes()
    }

    /// The SHA-256 of the stored bytes read so far.
    pub fn digest(&self) -> [u8; 32] {
        self.rows.digest()
    }

    /// What is wrong with the line as a whole; then its cells mean nothing.
    pub fn shape(&self) -> Result<(), Fault> {
        let whole = |kind, message: &str| Err(InputProblem::new(kind, self.name(), self.line(), None, message).into());
        if self.row.is_broken {
            whole(ProblemKind::BrokenLine, "a quotation mark is opened and not closed, or text follows the closing one")
        } else if self.rows.is_too_wide(&self.row) {
            whole(ProblemKind::FieldCount, "the line has more fields than the first line has names")
        } else {
            Ok(())
        }
    }

    /// Something wrong in one cell of the line.
    pub fn fault(&self, kind: ProblemKind, column: &Column, message: impl Into<String>) -> Fault {
        self.problem(kind, column, message).into()
    }

    /// The same, for a report.
    pub fn problem(&self, kind: ProblemKind, column: &Column, message: impl Into<String>) -> InputProblem {
        InputProblem::new(kind, self.name(), self.line(), Some(&column.name), message)
    }

    /// A cell as it was.
    pub fn cell(&self, column: &Column) -> Result<&str, Fault> {
        self.row.cell(column).map_err(|_| self.fault(ProblemKind::NotUtf8, column, "the text is not UTF-8"))
    }

    /// A code, an id or a number that must be there.
    pub fn code(&self, column: &Column) -> Result<&str, Fault> {
        let text = cell::code(self.cell(column)?);
        if text.is_empty() {
            return Err(self.fault(ProblemKind::MissingField, column, "the field is empty"));
        }
        // Looked at only where it can be: this is asked for every voter.
        if text.bytes().any(|b| matches!(b, b'.' | b',' | b'e' | b'E')) && cell::is_damaged(text) {
            return Err(self.fault(ProblemKind::SpreadsheetDamage, column, "a spreadsheet rounded it"));
        }
        Ok(text)
    }

    /// A code that may be there.
    pub fn optional_code(&self, column: Option<&Column>) -> Result<Option<&str>, Fault> {
        let Some(column) = column else { return Ok(None) };
        match cell::code(self.cell(column)?) {
            "" => Ok(None),
            _ => self.code(column).map(Some),
        }
    }

    /// A text for people that must be there.
    pub fn tidy(&self, column: &Column) -> Result<String, Fault> {
        let text = cell::tidy(self.cell(column)?);
        if text.is_empty() { Err(self.fault(ProblemKind::MissingField, column, "the field is empty")) } else { Ok(text) }
    }

    /// A text for people; empty where there is none.
    pub fn optional_tidy(&self, column: Option<&Column>) -> Result<String, Fault> {
        column.map_or(Ok(String::new()), |column| Ok(cell::tidy(self.cell(column)?)))
    }

    /// Rejects the line for its faults.
    pub fn reject(&self, faults: Vec<Fault>, report: &mut Report, rejects: &mut Rejects) {
        reject(self.name(), self.line(), self.raw(), faults, report, rejects);
    }
}

/// Rejects a line for its faults: it is counted once, and listed once.
pub(crate) fn reject(file: &str, line: u64, raw: &[u8], faults: Vec<Fault>, report: &mut Report, rejects: &mut Rejects) {
    if let Some(first) = faults.first() {
        let reasons: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        rejects.add(file, line, first.kind, &reasons.join("; "), raw);
        report.reject_line();
    }
    for fault in faults {
        report.push(*fault);
    }
}
