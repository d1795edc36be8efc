//! Excel workbooks (.xlsx): each sheet is streamed as CSV text with one line for each row, so that the rest of the reader is the
//! same for all files. Text and number cells become what a person sees in them, and a NIK kept as a number its digits.
//!
//! In memory are the file as stored and its distinct texts, which is how workbooks are made; rows are not.

use calamine::{Data, DataRef, Reader as _, SheetType, Xlsx, XlsxError};
use std::io::{self, BufRead, Cursor, Read, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// A larger file would not fit the memory of a small machine together with its texts.
pub(super) const MAX_STORED: u64 = 256 << 20;
/// Bytes of text that are handed over at a time, and how many such pieces wait.
const CHUNK: usize = 64 << 10;
const WAITING: usize = 4;
/// Of a number, spreadsheets keep 15 digits.
const LONG_NUMBER: f64 = 1e15;

type Book = Xlsx<Cursor<Vec<u8>>>;

/// An opened workbook.
pub(super) struct Workbook(Box<Book>);

impl Workbook {
    /// Opens a workbook of which all bytes are there.
    pub fn open(stored: Vec<u8>) -> Result<Self, XlsxError> {
        Ok(Self(Box::new(Xlsx::new(Cursor::new(stored))?)))
    }

    /// The names of its sheets in their order; charts and macros are not sheets.
    pub fn sheets(&self) -> Vec<String> {
        let sheets = self.0.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        sheets.map(|sheet| sheet.name.clone()).collect()
    }

    /// Streams a sheet.
    pub fn read(self, sheet: String) -> io::Result<SheetText> {
        let (sender, received) = sync_channel(WAITING);
        let numbers = Arc::new(LongNumbers::default());
        let counted = Arc::clone(&numbers);
        let mut book = self.0;
        let worker = std::thread::Builder::new().name("sheet".to_owned()).spawn(move || {
            if let Err(SheetError::Broken(error)) = write_sheet(&mut book, &sheet, &counted, &sender) {
                // Nobody waits for it any more if this fails.
                let _: Result<(), _> = sender.send(Err(error));
            }
            book
        })?;
        Ok(SheetText { received: Some(received), worker: Some(worker), book: None, chunk: Cursor::default(), numbers })
    }
}

/// Numbers of more digits than a spreadsheet keeps.
#[derive(Debug, Default)]
struct LongNumbers {
    all: AtomicU64,
    /// Those that end in a zero.
    rounded: AtomicU64,
}

/// The text of one sheet.
pub(super) struct SheetText {
    received: Option<Receiver<io::Result<Vec<u8>>>>,
    worker: Option<JoinHandle<Box<Book>>>,
    /// Given back at the end of the sheet.
    book: Option<Box<Book>>,
    chunk: Cursor<Vec<u8>>,
    numbers: Arc<LongNumbers>,
}

impl SheetText {
    /// How many numbers were rounded so far. A program that keeps all digits leaves some that do not end in a zero.
    pub fn rounded(&self) -> u64 {
        let [all, rounded] = [&self.numbers.all, &self.numbers.rounded].map(|count| count.load(Ordering::Relaxed));
        if all == rounded { rounded } else { 0 }
    }

    /// Gives the workbook back; what is left of the sheet is not read.
    pub fn into_workbook(mut self) -> io::Result<Workbook> {
        self.end()?;
        self.book.map(Workbook).ok_or_else(damaged)
    }

    /// Waits for the thread, which ends when nobody receives any more.
    fn end(&mut self) -> io::Result<()> {
        self.received = None;
        if let Some(worker) = self.worker.take() {
            self.book = Some(worker.join().map_err(|_| damaged())?);
        }
        Ok(())
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the workbook is damaged")
}

impl Read for SheetText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for SheetText {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.fill_buf()?.is_empty()
            && let Some(received) = &self.received
        {
            match received.recv() {
                Ok(chunk) => self.chunk = Cursor::new(chunk?),
                // The end, unless the thread has died.
                Err(_) => self.end()?,
            }
        }
        self.chunk.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.chunk.consume(count);
    }
}

enum SheetError {
    Broken(io::Error),
    /// The sheet is not read on.
    Unwanted,
}

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        Self::Broken(io::Error::new(io::ErrorKind::InvalidData, error.to_string()))
    }
}

fn write_sheet(
    book: &mut Book,
    sheet: &str,
    numbers: &LongNumbers,
    to: &SyncSender<io::Result<Vec<u8>>>,
) -> Result<(), SheetError> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let mut text = Vec::with_capacity(2 * CHUNK);
    let mut at = (0, 0);
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        if (row, column) < at {
            return Err(SheetError::Broken(io::Error::new(io::ErrorKind::InvalidData, "its cells are not in order")));
        }
        while at.0 < row {
            text.push(b'\n');
            at = (at.0 + 1, 0);
            if text.len() >= CHUNK {
                let full = std::mem::replace(&mut text, Vec::with_capacity(2 * CHUNK));
                to.send(Ok(full)).map_err(|_| SheetError::Unwanted)?;
            }
        }
        while at.1 < column {
            text.push(b',');
            at.1 += 1;
        }
        write_cell(cell.get_value(), numbers, &mut text);
    }
    text.push(b'\n');
    to.send(Ok(text)).map_err(|_| SheetError::Unwanted)
}

fn write_cell(value: &DataRef, numbers: &LongNumbers, into: &mut Vec<u8>) {
    match value {
        DataRef::SharedString(text) => write_text(text, into),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => write_text(text, into),
        DataRef::Float(number) => write_number(*number, numbers, into),
        DataRef::DateTime(date) => write_number(date.as_f64(), numbers, into),
        DataRef::Empty => {}
        other => write_text(&Data::from(other.clone()).to_string(), into),
    }
}

/// In quotation marks where it needs them. A line end inside would be another row.
fn write_text(text: &str, into: &mut Vec<u8>) {
    let is_quoted = text.contains([',', '"']);
    into.extend(is_quoted.then_some(b'"'));
    for byte in text.bytes() {
        match byte {
            b'"' => into.extend_from_slice(b"\"\""),
            b'\n' | b'\r' => into.push(b' '),
            _ => into.push(byte),
        }
    }
    into.extend(is_quoted.then_some(b'"'));
}

/// With all digits, never as `3.9E15`.
fn write_number(number: f64, numbers: &LongNumbers, into: &mut Vec<u8>) {
    let before = into.len();
    // Writing into a vector does not fail.
    let _: io::Result<()> = write!(into, "{number}");
    if number >= LONG_NUMBER {
        numbers.all.fetch_add(1, Ordering::Relaxed);
        let ends_in_zero = into.get(before..).is_some_and(|digits| digits.ends_with(b"0"));
        numbers.rounded.fetch_add(u64::from(ends_in_zero), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_all_their_digits() {
        let numbers = LongNumbers::default();
        for (number, expected) in [
            (3_201_010_101_900_000.0, "3201010101900000"),
            (9_471_010_101_900_010.0, "9471010101900010"),
            (320_101_010_190.0, "320101010190"),
            (1.0, "1"),
            (-6.481, "-6.481"),
            (106.841, "106.841"),
        ] {
            let mut text = Vec::new();
            write_number(number, &numbers, &mut text);
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
        assert_eq!(numbers.all.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn texts_are_quoted_where_they_need_it_and_stay_in_their_row() {
        for (text, expected) in
            [("Budi", "Budi"), ("Jl. 1, RT 2", "\"Jl. 1, RT 2\""), ("a \"b\"", "\"a \"\"b\"\"\""), ("a\nb", "a b")]
        {
            let mut written = Vec::new();
            write_text(text, &mut written);
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }
}
