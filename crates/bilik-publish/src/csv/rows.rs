//! Reading a CSV file row by row, with the columns found by name and the line of each row.

use super::cell;
use super::fault::Fault;
use super::meter::Meter;
use super::open::{cut_off, open};
use super::resolve::InputFile;
use super::sheet::{Located, Mapped, Sheet};
use super::split::{Fields, Split, delimiter_of};
use crate::problem::{InputProblem, ProblemKind};
use std::collections::VecDeque;
use std::io::{BufRead, Read};
use std::str::Utf8Error;

/// A longer line is not CSV, and must not fill the memory.
const MAX_LINE: u64 = 1 << 20;
/// A field in quotation marks may hold line ends; one that goes on longer has lost its closing mark.
const MAX_LINES: usize = 50;

/// One row; used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// The line where it starts, from 1.
    pub line: u64,
    /// A quotation mark in it is not closed; its fields are not to be trusted.
    pub is_broken: bool,
    raw: Vec<u8>,
    fields: Fields,
}

impl Row {
    /// The line as it was, without its end.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// A cell as it was; empty where the row is too short.
    pub fn cell(&self, at: usize) -> Result<&str, Utf8Error> {
        str::from_utf8(self.fields.get(at).unwrap_or_default())
    }

    fn is_blank(&self) -> bool {
        self.fields_from(0).all(is_blank)
    }

    fn fields_from(&self, first: usize) -> impl Iterator<Item = &[u8]> {
        (first..self.fields.len()).filter_map(|at| self.fields.get(at))
    }
}

fn is_blank(field: &[u8]) -> bool {
    field.trim_ascii().is_empty() || str::from_utf8(field).is_ok_and(|text| cell::trimmed(text).is_empty())
}

/// An opened CSV file.
pub(crate) struct Rows {
    text: Box<dyn BufRead>,
    name: String,
    delimiter: u8,
    terminator: u8,
    /// The line that was read last.
    line: u64,
    /// Lines that were read ahead and given back.
    pending: VecDeque<Vec<u8>>,
    width: usize,
    /// In the order of [`Sheet::columns`].
    columns: Vec<Located>,
}

impl Rows {
    /// Opens a file and finds its columns.
    pub fn open(file: &InputFile, sheet: &Sheet, mapped: &Mapped, meter: &Meter) -> Result<Self, Vec<Fault>> {
        let text = open(file, meter).map_err(|fault| vec![fault])?;
        let mut rows = Self {
            text,
            name: file.name.clone(),
            delimiter: b',',
            terminator: b'\n',
            line: 0,
            pending: VecDeque::new(),
            width: 0,
            columns: Vec::new(),
        };
        let header = rows.read_header().map_err(|fault| vec![fault])?;
        rows.width = header.len();
        rows.columns = find_columns(&header, &rows.name, sheet, mapped)?;
        Ok(rows)
    }

    /// Where the file has a column, by its place in [`Sheet::columns`].
    pub fn column(&self, at: usize) -> Option<&Located> {
        self.columns.get(at)
    }

    /// The file's name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a row has more fields than there are columns, blank ones apart.
    pub fn is_too_wide(&self, row: &Row) -> bool {
        row.fields.len() > self.width && !row.fields_from(self.width).all(is_blank)
    }

    /// Reads the next row that is not blank; false at the end.
    pub fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        loop {
            row.raw.clear();
            row.is_broken = false;
            if !self.read_line(&mut row.raw)? {
                return Ok(false);
            }
            self.line += 1;
            row.line = self.line;
            if row.fields.split(&row.raw, self.delimiter) == Split::Open {
                self.join_lines(row)?;
            }
            if row.is_broken || !row.is_blank() {
                return Ok(true);
            }
        }
    }

    /// Goes on reading where a field holds line ends. If its quotation mark is never properly closed, only the first line is
    /// broken, and the lines after it are read again on their own.
    fn join_lines(&mut self, row: &mut Row) -> Result<(), Fault> {
        let first = row.raw.len();
        let mut taken: Vec<Vec<u8>> = Vec::new();
        while taken.len() < MAX_LINES {
            let mut more = Vec::new();
            if !self.read_line(&mut more)? {
                break;
            }
            row.raw.push(b'\n');
            row.raw.extend_from_slice(&more);
            taken.push(more);
            match row.fields.split(&row.raw, self.delimiter) {
                Split::Whole => {
                    self.line += u64::try_from(taken.len()).unwrap_or(u64::MAX);
                    return Ok(());
                }
                // A mark of another line closed it by chance.
                Split::Sloppy => break,
                Split::Open => {}
            }
        }
        for line in taken.into_iter().rev() {
            self.pending.push_front(line);
        }
        row.raw.truncate(first);
        row.is_broken = true;
        Ok(())
    }

    /// Appends one line without its end; false where there is none.
    fn read_line(&mut self, into: &mut Vec<u8>) -> Result<bool, Fault> {
        if let Some(line) = self.pending.pop_front() {
            into.extend_from_slice(&line);
            return Ok(true);
        }
        let before = into.len();
        let read = (&mut self.text).take(MAX_LINE).read_until(self.terminator, into);
        let length = read.map_err(|error| cut_off(&self.name, &error))?;
        if into.len() > before && into.last() == Some(&self.terminator) {
            into.pop();
        } else if u64::try_from(length).is_ok_and(|length| length == MAX_LINE) {
            let message = "the line is longer than a million bytes";
            return Err(InputProblem::new(ProblemKind::NotCsv, &self.name, self.line + 1, None, message).into());
        }
        if into.len() > before && into.last() == Some(&b'\r') {
            into.pop();
        }
        Ok(length > 0)
    }

    /// Reads the columns' names, and learns from them how the file is written.
    fn read_header(&mut self) -> Result<Vec<String>, Fault> {
        let start = self.text.fill_buf().map_err(|error| cut_off(&self.name, &error))?;
        if !start.contains(&b'\n') && start.contains(&b'\r') {
            self.terminator = b'\r';
        }
        let mut first = Vec::new();
        loop {
            first.clear();
            if !self.read_line(&mut first)? {
                let message = "it has only blank lines";
                return Err(InputProblem::new(ProblemKind::NotCsv, &self.name, 0, None, message).into());
            }
            let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first).to_vec();
            // Excel's own first line, which names the delimiter.
            let is_sep = text.len() == 5 && text.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case(b"sep="));
            if !is_blank(&text) && !is_sep {
                self.delimiter = delimiter_of(&text);
                self.pending.push_front(text);
                break;
            }
            self.line += 1;
        }
        let mut row = Row::default();
        self.next(&mut row)?;
        let cells = row.fields_from(0).map(|field| str::from_utf8(field).map(cell::tidy));
        cells.collect::<Result<_, _>>().map_err(|_| {
            let message = "the columns' names are not UTF-8";
            InputProblem::new(ProblemKind::NotCsv, &self.name, row.line, None, message).into()
        })
    }
}

/// A column's name without case and separators.
fn plain(name: &str) -> String {
    cell::code(name).to_lowercase().replace([' ', '-', '.'], "_")
}

fn find_columns(header: &[String], file: &str, sheet: &Sheet, mapped: &Mapped) -> Result<Vec<Located>, Vec<Fault>> {
    let mut columns = Vec::new();
    let mut problems: Vec<Fault> = Vec::new();
    for (&name, is_needed) in sheet.needed.iter().map(|name| (name, true)).chain(sheet.optional.iter().map(|name| (name, false)))
    {
        let wanted = mapped.get(name).map_or(name, String::as_str);
        let mut found = header.iter().enumerate().filter(|(_, cell)| plain(cell) == plain(wanted));
        match (found.next(), found.next()) {
            (Some((at, cell)), None) => {
                columns.push(Located { at: Some(at), name: cell.clone() });
            }
            (Some(_), Some(_)) => {
                let message = format!("the column \"{wanted}\" appears twice");
                problems.push(InputProblem::new(ProblemKind::DoubleColumn, file, 1, Some(wanted), message).into());
            }
            (None, _) if is_needed || mapped.contains_key(name) => {
                let todo = format!(
                    "add the column, or map its name: {name} = \"…\" under [input.columns.{}] in election.toml",
                    sheet.key
                );
                let message = format!("there is no column \"{wanted}\"; {}", describe(header));
                let expected = format!("the columns {}", sheet.needed.join(", "));
                let problem = InputProblem::new(ProblemKind::MissingColumn, file, 1, Some(wanted), message);
                problems.push(problem.expecting(expected).advising(todo).into());
            }
            (None, _) => columns.push(Located { at: None, name: name.to_owned() }),
        }
    }
    if problems.is_empty() { Ok(columns) } else { Err(problems) }
}

/// The columns that are there; but not what may be somebody's details in a file without a first line of names.
fn describe(header: &[String]) -> String {
    let is_value = |cell: &String| cell.bytes().filter(u8::is_ascii_digit).count() * 2 > cell.len();
    if header.iter().any(is_value) {
        return "the first line seems to have values, not column names".to_owned();
    }
    format!("the columns are: {}", header.iter().map(|name| cell::quoted(name)).collect::<Vec<_>>().join(", "))
}
