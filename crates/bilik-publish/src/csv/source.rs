//! The tables of one part of the input, one after the other: text files, and the sheets of workbooks.

use super::fault::Fault;
use super::meter::Meter;
use super::open::{Opened, cut_off, open};
use super::resolve::{InputFile, Resolved, resolve};
use super::rows::{Rows, Text};
use super::sheet::{Mapped, Sheet};
use super::workbook::Workbook;
use crate::config::FileSet;
use crate::language::message;
use crate::problem::{InputProblem, ProblemKind};
use std::collections::VecDeque;

/// What is still to be read.
pub(super) struct Tables {
    sheet: &'static Sheet,
    mapped: Mapped,
    meter: Meter,
    files: VecDeque<InputFile>,
    workbook: Option<OpenWorkbook>,
    /// Warnings of what is not read.
    pub ignored: Vec<InputProblem>,
    /// Warnings of what a spreadsheet has rounded.
    pub rounded: Vec<InputProblem>,
    /// Bytes of all files as stored.
    size: u64,
}

/// A workbook, some of whose sheets may be left.
struct OpenWorkbook {
    /// None while one of its sheets is read.
    book: Option<Workbook>,
    file: String,
    sheets: VecDeque<String>,
    has_several: bool,
    is_used: bool,
    /// Why no sheet so far can be used.
    faults: Vec<Fault>,
}

impl Tables {
    pub fn of(files: &FileSet, sheet: &'static Sheet, mapped: &Mapped) -> Result<Self, Vec<Fault>> {
        let Resolved { files, ignored } = resolve(files)?;
        let note = |name: &String| InputProblem::new(ProblemKind::IgnoredFile, name, 0, None, "it is not read");
        let size = files.iter().filter_map(|file| std::fs::metadata(&file.path).ok()).map(|meta| meta.len()).sum();
        Ok(Self {
            sheet,
            mapped: mapped.clone(),
            meter: Meter::default(),
            files: files.into(),
            workbook: None,
            ignored: ignored.iter().map(note).collect(),
            rounded: Vec::new(),
            size,
        })
    }

    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Opens the next table and finds its columns, once the one before is done with; none behind the last. After an error,
    /// goes on behind the file at fault.
    pub fn next(&mut self, before: Option<Rows>) -> Result<Option<Rows>, Vec<Fault>> {
        if let (Some(before), Some(workbook)) = (before, &mut self.workbook) {
            let name = before.name().to_owned();
            if let Text::Sheet(text) = before.into_text() {
                let rounded = text.rounded();
                if rounded > 0 {
                    let message = message!("it has {} numbers of 16 digits, and each ends in a zero", rounded);
                    self.rounded.push(InputProblem::new(ProblemKind::LongNumber, &name, 0, None, message));
                }
                workbook.book = Some(text.into_workbook().map_err(|error| vec![cut_off(&name, &error)])?);
            }
        }
        loop {
            if let Some(rows) = self.next_sheet()? {
                return Ok(Some(rows));
            }
            let Some(file) = self.files.pop_front() else { return Ok(None) };
            match open(&file, &self.meter).map_err(|fault| vec![fault])? {
                Opened::Text { text, is_decoded } => {
                    let mut rows = Rows::new(Text::Stream(text), file.name, is_decoded);
                    rows.read_header(self.sheet, &self.mapped)?;
                    return Ok(Some(rows));
                }
                Opened::Workbook(book) => {
                    let sheets = VecDeque::from(book.sheets());
                    self.workbook = Some(OpenWorkbook {
                        has_several: sheets.len() > 1,
                        book: Some(book),
                        file: file.name,
                        sheets,
                        is_used: false,
                        faults: Vec::new(),
                    });
                }
            }
        }
    }

    /// Whether a sheet is something else: most of the columns are missing. One that lacks a single column of several is meant, and
    /// leaving it out would lose its voters. A sheet of withheld voters is never left out.
    fn may_be_left_out(&self, faults: &[Fault]) -> bool {
        faults.iter().all(|fault| fault.kind == ProblemKind::MissingColumn)
            && faults.len() * 2 > self.sheet.needed.len()
            && self.sheet.key != "withheld"
    }

    /// The next sheet that has the columns; none, and no workbook any more, where there is none.
    fn next_sheet(&mut self) -> Result<Option<Rows>, Vec<Fault>> {
        let Some(mut workbook) = self.workbook.take() else { return Ok(None) };
        while let Some(sheet) = workbook.sheets.pop_front() {
            let Some(book) = workbook.book.take() else { break };
            let name = if workbook.has_several { format!("{}, sheet {sheet}", workbook.file) } else { workbook.file.clone() };
            let broken = |error: std::io::Error| vec![cut_off(&name, &error)];
            let mut rows = Rows::new(Text::Sheet(book.read(sheet).map_err(broken)?), name.clone(), false);
            match rows.read_header(self.sheet, &self.mapped) {
                Ok(()) => {
                    workbook.is_used = true;
                    self.workbook = Some(workbook);
                    return Ok(Some(rows));
                }
                Err(faults) if self.may_be_left_out(&faults) => {
                    let message = message!("the sheet lacks the columns {}", self.sheet.needed.join(", "));
                    self.ignored.push(InputProblem::new(ProblemKind::IgnoredFile, &name, 0, None, message));
                    workbook.faults.extend(faults);
                }
                Err(faults) if faults.iter().all(|fault| fault.kind == ProblemKind::NoTable) => workbook.faults.extend(faults),
                Err(faults) => return Err(faults),
            }
            if let Text::Sheet(text) = rows.into_text() {
                workbook.book = Some(text.into_workbook().map_err(broken)?);
            }
        }
        if workbook.is_used { Ok(None) } else { Err(workbook.faults) }
    }
}
