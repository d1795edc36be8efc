//! Reading a CSV file row by row, with the columns found by name and the line of each row.

use super::cell;
use super::fault::Fault;
use super::header::{Header, find_columns};
use super::open::cut_off;
use super::sheet::{Located, Mapped, Sheet};
use super::split::{Fields, Split, delimiter_of};
use super::workbook::SheetText;
use crate::language::translatable;
use crate::problem::{InputProblem, ProblemKind};
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::str::Utf8Error;

/// A longer line is not CSV, and must not fill the memory.
const MAX_LINE: u64 = 1 << 20;
/// A field in quotation marks may hold line ends; one that goes on longer has lost its closing mark.
const MAX_LINES: usize = 50;
/// Lines that are looked at for the columns' names: tables made for people have titles above.
const MAX_TITLES: usize = 20;

/// The text that rows are read from.
pub(super) enum Text {
    /// A file's.
    Stream(Box<dyn BufRead>),
    /// A workbook's sheet.
    Sheet(SheetText),
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stream(text) => text.read(buffer),
            Self::Sheet(text) => text.read(buffer),
        }
    }
}

impl BufRead for Text {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Stream(text) => text.fill_buf(),
            Self::Sheet(text) => text.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        match self {
            Self::Stream(text) => text.consume(count),
            Self::Sheet(text) => text.consume(count),
        }
    }
}

/// A character that no table has, and the field where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    pub at: usize,
    pub what: &'static str,
}

/// One row; used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// The line where it starts, from 1.
    pub line: u64,
    /// A quotation mark in it is not closed; its fields are not to be trusted.
    pub is_broken: bool,
    /// Of the characters that no line may have, the first one.
    pub(super) control: Option<Control>,
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

    fn field_with(&self, byte: u8) -> usize {
        self.fields_from(0).position(|field| field.contains(&byte)).unwrap_or(usize::MAX)
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
    text: Text,
    name: String,
    /// What could not be decoded is U+FFFD.
    is_decoded: bool,
    delimiter: u8,
    terminator: u8,
    /// The line that was read last.
    line: u64,
    /// Lines that were read ahead and given back.
    pending: VecDeque<Vec<u8>>,
    width: usize,
    /// The columns' names.
    header: Vec<String>,
    /// In the order of [`Sheet::columns`].
    columns: Vec<Located>,
}

impl Rows {
    /// A table whose columns are not yet found.
    pub fn new(text: Text, name: String, is_decoded: bool) -> Self {
        Self {
            text,
            name,
            is_decoded,
            delimiter: b',',
            terminator: b'\n',
            line: 0,
            pending: VecDeque::new(),
            width: 0,
            header: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// The text, wherever reading has come.
    pub fn into_text(self) -> Text {
        self.text
    }

    /// Whether a text has what could not be decoded.
    pub fn is_undecodable(&self, text: &str) -> bool {
        self.is_decoded && text.contains('\u{fffd}')
    }

    /// The name of the column with this place in the file.
    pub fn name_at(&self, at: usize) -> Option<&str> {
        self.header.get(at).map(String::as_str)
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
            row.control = None;
            if !self.read_line(&mut row.raw)? {
                return Ok(false);
            }
            self.line += 1;
            row.line = self.line;
            if row.raw.contains(&b'\r') {
                self.part_lines(row);
            }
            if row.fields.split(&row.raw, self.delimiter) == Split::Open {
                self.join_lines(row)?;
            }
            if row.raw.contains(&0) {
                row.control = Some(Control { at: row.field_with(0), what: translatable!("a NUL byte") });
            } else if row.raw.contains(&b'\r') && !row.raw.contains(&b'"') {
                row.control = Some(Control { at: row.field_with(b'\r'), what: translatable!("a lone carriage return") });
            }
            if row.is_broken || !row.is_blank() {
                return Ok(true);
            }
        }
    }

    /// Parts lines that end in a lone carriage return: each part is a line, if it has as many fields as there are columns.
    fn part_lines(&mut self, row: &mut Row) {
        let has_all_fields = |part: &[u8]| part.split(|&byte| byte == self.delimiter).count() == self.width || is_blank(part);
        if row.raw.contains(&b'"') || !row.raw.split(|&byte| byte == b'\r').all(has_all_fields) {
            return;
        }
        let mut parts: Vec<Vec<u8>> = row.raw.split(|&byte| byte == b'\r').map(<[u8]>::to_vec).collect();
        let first = parts.drain(..1).next().unwrap_or_default();
        for part in parts.into_iter().rev() {
            self.pending.push_front(part);
        }
        row.raw = first;
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
            let message = translatable!("the line is longer than a million bytes");
            return Err(InputProblem::new(ProblemKind::NotCsv, &self.name, self.line + 1, None, message).into());
        }
        if into.len() > before && into.last() == Some(&b'\r') {
            into.pop();
        }
        Ok(length > 0)
    }

    /// Finds the columns' names, which may have titles above them, and learns from them how the table is written.
    pub fn read_header(&mut self, sheet: &Sheet, mapped: &Mapped) -> Result<(), Vec<Fault>> {
        let start = self.text.fill_buf().map_err(|error| vec![cut_off(&self.name, &error)])?;
        if !start.contains(&b'\n') && start.contains(&b'\r') {
            self.terminator = b'\r';
        }
        let mut best: Option<Header> = None;
        for _ in 0..MAX_TITLES {
            let Some(row) = self.read_title().map_err(|fault| vec![fault])? else { break };
            let names = row.fields_from(0).map(|field| cell::tidy(&String::from_utf8_lossy(field))).collect();
            let header = Header::new(row.line, names, sheet, mapped);
            let is_header = header.is_complete(sheet);
            if best.as_ref().is_none_or(|best| header.found > best.found) {
                best = Some(header);
            }
            if is_header {
                break;
            }
            // One line at a time, whatever its quotation marks: the next one may have the names.
            for line in row.raw.split(|&byte| byte == b'\n').skip(1).collect::<Vec<_>>().into_iter().rev() {
                self.pending.push_front(line.to_vec());
            }
            self.line = row.line;
        }
        let Some(header) = best else {
            return Err(vec![InputProblem::new(ProblemKind::NoTable, &self.name, 0, None, "it has only blank lines").into()]);
        };
        self.columns = find_columns(&header, &self.name, sheet, mapped)?;
        self.width = header.names.len();
        self.header = header.names;
        Ok(())
    }

    /// The next line that is not blank, split by the delimiter that it has most of.
    fn read_title(&mut self) -> Result<Option<Row>, Fault> {
        let mut first = Vec::new();
        loop {
            first.clear();
            if !self.read_line(&mut first)? {
                return Ok(None);
            }
            let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first).to_vec();
            // Excel's own first line, which names the delimiter.
            let is_sep = text.len() == 5 && text.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case(b"sep="));
            let is_empty = text.iter().all(|byte| byte.is_ascii_whitespace() || b",;|".contains(byte));
            if !is_empty && !is_blank(&text) && !is_sep {
                self.delimiter = delimiter_of(&text);
                self.pending.push_front(text);
                break;
            }
            self.line += 1;
        }
        let mut row = Row::default();
        Ok(self.next(&mut row)?.then_some(row))
    }
}
