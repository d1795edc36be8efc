//! The files of one part of the input line by line: cells, what is expected of them, and the rejection of lines with errors.

use super::cell;
use super::fault::Fault;
use super::rows::{Control, Row, Rows};
use super::sheet::{Column, Located, Mapped, Sheet};
use super::source::Tables;
use crate::config::FileSet;
use crate::language::{Message, message};
use crate::problem::{FileLine, FileNames, InputProblem, ProblemKind, Report};
use crate::rejects::Rejects;

/// Names of places and notices are a tenth of it, and a file of the site has room for many.
pub(crate) const MAX_TEXT_CHARS: usize = 1_000;

/// Opened files, one after the other, and the line that was read last.
pub(crate) struct Lines {
    sheet: &'static Sheet,
    /// Those that are not opened yet.
    tables: Tables,
    names: FileNames,
    /// None at the end only.
    rows: Option<Rows>,
    row: Row,
}

impl Lines {
    /// Finds the files, and opens the first one with its columns.
    pub fn open(files: &FileSet, sheet: &'static Sheet, mapped: &Mapped) -> Result<Self, Vec<Fault>> {
        let mut tables = Tables::of(files, sheet, mapped)?;
        let rows = tables.next(None)?;
        let mut names = FileNames::default();
        names.extend(rows.as_ref().map(|rows| rows.name().to_owned()));
        Ok(Self { sheet, tables, names, rows, row: Row::default() })
    }

    /// Opens every file only to look for its columns. Gives the names of all, or every fault, and reports what is not read.
    pub fn probe(files: &FileSet, sheet: &'static Sheet, mapped: &Mapped, report: &mut Report) -> Result<FileNames, Vec<Fault>> {
        let mut tables = Tables::of(files, sheet, mapped)?;
        let (mut names, mut faults) = (FileNames::default(), Vec::new());
        let mut before = None;
        loop {
            match tables.next(before.take()) {
                Ok(Some(rows)) => {
                    names.extend([rows.name().to_owned()]);
                    before = Some(rows);
                }
                Ok(None) => break,
                Err(found) => faults.extend(found),
            }
        }
        // What is rounded is told when all of it is read.
        tables.ignored.drain(..).for_each(|note| report.push(note));
        if faults.is_empty() { Ok(names) } else { Err(faults) }
    }

    /// Reads the next line that is not blank, in the next file where one ends; false at the end of the last.
    pub fn next(&mut self) -> Result<bool, Vec<Fault>> {
        while let Some(rows) = &mut self.rows {
            if rows.next(&mut self.row).map_err(|fault| vec![fault])? {
                return Ok(true);
            }
            self.rows = self.tables.next(self.rows.take())?;
            self.names.extend(self.rows.as_ref().map(|rows| rows.name().to_owned()));
        }
        Ok(false)
    }

    /// A column. Where a file lacks one that need not be there, its cells are empty.
    pub fn column(&self, name: &str) -> Column {
        self.sheet.column(name)
    }

    /// A column's name as the file has it.
    pub fn column_name(&self, column: Column) -> &str {
        self.located(column).map_or("", |located| &located.name)
    }

    /// Whether the file at hand has a column.
    pub fn has(&self, column: Column) -> bool {
        self.located(column).is_some_and(|located| located.at.is_some())
    }

    /// The name of the file that is read.
    pub fn name(&self) -> &str {
        self.rows.as_ref().map_or("", Rows::name)
    }

    /// The names of all files that were opened so far.
    pub fn names(&self) -> &FileNames {
        &self.names
    }

    /// The line that was read last.
    pub fn place(&self) -> FileLine {
        FileLine::new(self.names.len().saturating_sub(1), self.row.line)
    }

    /// Its number in its file.
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// That line as it was.
    pub fn raw(&self) -> &[u8] {
        self.row.raw()
    }

    /// Bytes of the stored files read so far.
    pub fn bytes_read(&self) -> u64 {
        self.tables.meter().read()
    }

    /// Bytes of the stored files.
    pub fn bytes(&self) -> u64 {
        self.tables.size()
    }

    /// The SHA-256 of the stored bytes of all files in the order of reading; meaningful at the end only.
    pub fn digest(&self) -> [u8; 32] {
        self.tables.meter().digest()
    }

    /// Warns of files and sheets that were not read so far.
    pub fn report_ignored(&mut self, report: &mut Report) {
        self.tables.ignored.drain(..).for_each(|note| report.push(note));
    }

    /// Warns of numbers that were rounded so far.
    pub fn report_rounded(&mut self, report: &mut Report) {
        self.tables.rounded.drain(..).for_each(|note| report.push(note));
    }

    fn located(&self, column: Column) -> Option<&Located> {
        self.rows.as_ref()?.column(column.0)
    }

    /// What is wrong with the line as a whole; then its cells mean nothing.
    pub fn shape(&self) -> Result<(), Fault> {
        let whole = |kind, message: &str| Err(InputProblem::new(kind, self.name(), self.line(), None, message).into());
        if self.row.is_broken {
            whole(ProblemKind::BrokenLine, "a quotation mark is opened and not closed, or text follows the closing one")
        } else if let Some(Control { at, what }) = self.row.control {
            let column = self.rows.as_ref().and_then(|rows| rows.name_at(at));
            let message = message!("{} is in it", Message::from(what));
            Err(InputProblem::new(ProblemKind::ControlCharacter, self.name(), self.line(), column, message).into())
        } else if self.rows.as_ref().is_some_and(|rows| rows.is_too_wide(&self.row)) {
            whole(ProblemKind::FieldCount, "the line has more fields than there are columns")
        } else {
            Ok(())
        }
    }

    /// Something wrong in one cell of the line.
    pub fn fault(&self, kind: ProblemKind, column: Column, message: impl Into<Message>) -> Fault {
        self.problem(kind, column, message).into()
    }

    /// The same, for a report.
    pub fn problem(&self, kind: ProblemKind, column: Column, message: impl Into<Message>) -> InputProblem {
        InputProblem::new(kind, self.name(), self.line(), Some(self.column_name(column)), message)
    }

    /// A cell as it was.
    pub fn cell(&self, column: Column) -> Result<&str, Fault> {
        let Some(at) = self.located(column).and_then(|located| located.at) else { return Ok("") };
        let text = self.row.cell(at).map_err(|_| self.fault(ProblemKind::NotUtf8, column, "the text is not UTF-8"))?;
        if self.rows.as_ref().is_some_and(|rows| rows.is_undecodable(text)) {
            return Err(self.fault(ProblemKind::NotUtf8, column, "the text is not UTF-16 throughout, as the file is"));
        }
        Ok(text)
    }

    /// A code, an id or a number that must be there.
    pub fn code(&self, column: Column) -> Result<&str, Fault> {
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
    pub fn optional_code(&self, column: Column) -> Result<Option<&str>, Fault> {
        match cell::code(self.cell(column)?) {
            "" => Ok(None),
            _ => self.code(column).map(Some),
        }
    }

    /// A text for people that must be there.
    pub fn tidy(&self, column: Column) -> Result<String, Fault> {
        let text = self.optional_tidy(column)?;
        if text.is_empty() { Err(self.fault(ProblemKind::MissingField, column, "the field is empty")) } else { Ok(text) }
    }

    /// A text for people; empty where there is none.
    pub fn optional_tidy(&self, column: Column) -> Result<String, Fault> {
        let text = cell::tidy(self.cell(column)?);
        let length = text.chars().count();
        if length <= MAX_TEXT_CHARS {
            return Ok(text);
        }
        Err(self.fault(ProblemKind::TextTooLong, column, message!("the text has {} characters", length)))
    }

    /// Rejects the line for its faults.
    pub fn reject(&self, faults: Vec<Fault>, report: &mut Report, rejects: &mut Rejects) {
        reject(self.name(), self.line(), self.raw(), faults, report, rejects);
    }
}

/// Rejects a line for its faults: it is counted once, and listed once.
pub(crate) fn reject(file: &str, line: u64, raw: &[u8], faults: Vec<Fault>, report: &mut Report, rejects: &mut Rejects) {
    if let Some(first) = faults.first() {
        let reasons: Vec<&str> = faults.iter().map(|fault| fault.message.english()).collect();
        rejects.add(file, line, first.kind, &reasons.join("; "), raw);
        report.reject_line();
    }
    for fault in faults {
        report.push(*fault);
    }
}
