//! Opening a file of the input: what it is tell its first bytes, whatever its name. Files that are certainly not CSV are named.

use super::fault::Fault;
use super::meter::{Meter, Metered};
#[cfg(feature = "parquet")]
use super::parquet_text;
use super::resolve::InputFile;
use super::workbook::{self, Workbook};
use crate::language::{Message, message, translatable};
use crate::problem::{InputProblem, ProblemKind};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};

/// Big enough that a country's roll is not read in crumbs.
const BUFFER: usize = 256 << 10;
/// In a text, fewer than one byte of this number is zero.
const MIN_TEXT_SHARE: usize = 16;
/// How much of the start is looked at.
const SAMPLE: usize = 4 << 10;

/// Where Parquet files cannot be read; with the feature, where one is compressed as a whole.
const NO_PARQUET: &str = if cfg!(feature = "parquet") {
    translatable!("unpack it")
} else {
    translatable!("build Bilik with `cargo install --locked --features parquet --path crates/bilik-cli`, or save the file as CSV")
};

/// What a file turned out to be.
pub(super) enum Opened {
    /// CSV, unzipped and in UTF-8.
    Text {
        /// From its beginning.
        text: Box<dyn BufRead>,
        /// It was in another encoding.
        is_decoded: bool,
    },
    /// An Excel workbook.
    Workbook(Workbook),
}

/// Opens a file, and makes sure that it can be read.
pub(super) fn open(file: &InputFile, meter: &Meter) -> Result<Opened, Fault> {
    let InputFile { path, name } = file;
    let missing = |error: &io::Error| {
        let what = match error.kind() {
            io::ErrorKind::NotFound => message!("the file does not exist"),
            _ => message!("it cannot be opened: {}", error),
        };
        Fault::new(InputProblem::new(ProblemKind::MissingFile, name, 0, None, what))
    };
    // Asked before it is opened: a pipe would be waited for.
    let meta = std::fs::metadata(path).map_err(|error| missing(&error))?;
    if meta.is_dir() {
        return Err(InputProblem::new(ProblemKind::NotCsv, name, 0, None, "it is a folder").into());
    }
    if !meta.is_file() {
        let problem = InputProblem::new(ProblemKind::NotCsv, name, 0, None, "it is a pipe or a device, not a file");
        return Err(problem.advising("save its output as a file: it is read more than once").into());
    }
    let file = File::open(path).map_err(|error| missing(&error))?;
    #[cfg(feature = "parquet")]
    if parquet_text::is_parquet(&file).map_err(|error| cut_off(name, &error))? {
        let text = parquet_text::ParquetText::open(file, meter).map_err(|error| cut_off(name, &error))?;
        return Ok(Opened::Text { text: Box::new(text), is_decoded: false });
    }
    let mut stored = BufReader::with_capacity(BUFFER, Metered { inner: file, meter: meter.clone() });
    let is_gzip = stored.fill_buf().map_err(|error| cut_off(name, &error))?.starts_with(&[0x1f, 0x8b]);
    let mut text: Box<dyn BufRead> =
        if is_gzip { Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(stored))) } else { Box::new(stored) };
    let start = text.fill_buf().map_err(|error| cut_off(name, &error))?;
    if start.starts_with(b"PK\x03\x04") {
        return open_workbook(text, name);
    }
    let encoding = utf_16(start.get(..SAMPLE).unwrap_or(start));
    if let Some(encoding) = encoding {
        let decoded = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(text);
        text = Box::new(BufReader::with_capacity(BUFFER, decoded));
    }
    let start = text.fill_buf().map_err(|error| cut_off(name, &error))?;
    match seems_to_be(start.get(..SAMPLE).unwrap_or(start)) {
        None => Ok(Opened::Text { text, is_decoded: encoding.is_some() }),
        Some((what, todo)) => {
            let problem =
                InputProblem::new(ProblemKind::NotCsv, name, 0, None, message!("it seems to be {}", Message::from(what)));
            Err(if todo.is_empty() { problem } else { problem.advising(todo) }.into())
        }
    }
}

/// A file that could be opened and then not be read.
pub(super) fn cut_off(name: &str, error: &io::Error) -> Fault {
    let problem = InputProblem::new(ProblemKind::NotCsv, name, 0, None, message!("it cannot be read to its end: {}", error));
    problem.advising("copy or compress it again: it may be cut off").into()
}

/// What the first bytes show, and how to fix it if the usual advice does not fit.
fn seems_to_be(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const MAGIC: &[(&[u8], &str, &str)] = &[
        (
            b"\xd0\xcf\x11\xe0",
            translatable!("an old or encrypted Excel workbook"),
            translatable!("save it as .xlsx without a password, or as \"CSV UTF-8\""),
        ),
        (b"%PDF", translatable!("a PDF"), ""),
        (b"BZh", translatable!("compressed with bzip2"), translatable!("unpack it, or compress it with gzip")),
        (b"\x28\xb5\x2f\xfd", translatable!("compressed with zstd"), translatable!("unpack it, or compress it with gzip")),
        (b"\xfd7zXZ", translatable!("compressed with xz"), translatable!("unpack it, or compress it with gzip")),
        (b"7z\xbc\xaf", translatable!("a 7-Zip archive"), translatable!("unpack it, or compress it with gzip")),
        (b"SQLite format 3", translatable!("an SQLite database"), ""),
        (b"PAR1", translatable!("a Parquet file"), NO_PARQUET),
    ];
    if let Some((_, what, todo)) = MAGIC.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return Some((what, todo));
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if text.is_empty() {
        return Some((translatable!("empty"), translatable!("put the columns' names in the first line and the data below")));
    }
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<table") {
        return Some((
            translatable!("an HTML page"),
            translatable!("download or export the data itself; some portals name a page \".xls\" or \".csv\""),
        ));
    }
    if begins(b"<?xml") {
        return Some(("XML", ""));
    }
    if begins(b"{") || begins(b"[") {
        return Some(("JSON", ""));
    }
    // A few are damage in some lines, which are told.
    let zeros = start.split(|&byte| byte == 0).count() - 1;
    (zeros * MIN_TEXT_SHARE > start.len()).then_some((translatable!("binary, not text"), ""))
}

/// The kind of UTF-16 that a text is in: by its mark, or since of most pairs of bytes one is zero, as in Latin text.
fn utf_16(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [0xff, 0xfe, 0, 0, ..] => return None,
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let pairs = start.as_chunks::<2>().0;
    let count = |fits: fn(&[u8; 2]) -> bool| pairs.iter().filter(|pair| fits(pair)).count();
    let is_most = |count: usize| count > 0 && count * 4 >= pairs.len() * 3;
    if is_most(count(|[low, high]| *high == 0 && *low != 0)) {
        return Some(UTF_16LE);
    }
    is_most(count(|[high, low]| *high == 0 && *low != 0)).then_some(UTF_16BE)
}

fn open_workbook(mut stored: Box<dyn BufRead>, name: &str) -> Result<Opened, Fault> {
    let mut bytes = Vec::new();
    let read = (&mut stored).take(workbook::MAX_STORED + 1).read_to_end(&mut bytes);
    if u64::try_from(read.map_err(|error| cut_off(name, &error))?).is_ok_and(|length| length > workbook::MAX_STORED) {
        let message = message!("the workbook is larger than {} MiB", workbook::MAX_STORED >> 20);
        let problem = InputProblem::new(ProblemKind::NotCsv, name, 0, None, message);
        return Err(problem.advising("split it, or save each sheet as \"CSV UTF-8\"").into());
    }
    Workbook::open(bytes).map(Opened::Workbook).map_err(|_| {
        let message = translatable!("it seems to be a zip archive, and not a whole Excel workbook");
        InputProblem::new(ProblemKind::NotCsv, name, 0, None, message).advising("unpack it, or save the workbook again").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_formats_are_named() {
        for (start, what) in [
            (&b"\xd0\xcf\x11\xe0\xa1"[..], "old or encrypted Excel"),
            (b"  <!DOCTYPE html><html>", "HTML"),
            (b"\xef\xbb\xbf<table>", "HTML"),
            (b"{\"nik\":1}", "JSON"),
            (b"abc\0\0\0\0\0\0\0\0\0\0\0\0\0", "binary"),
            (b"", "empty"),
            (b" \r\n", "empty"),
        ] {
            assert!(seems_to_be(start).unwrap().0.contains(what), "{what}: {:?}", seems_to_be(start));
        }
        assert_eq!(seems_to_be(b"nik,name,station\n"), None);
        assert_eq!(seems_to_be(b"nik,name,station\n3201,Bu\0di,A1\n"), None);
        assert_eq!(seems_to_be(b"\xef\xbb\xbfnik;name\r\n"), None);
    }

    #[test]
    fn utf_16_is_told_with_and_without_its_mark() {
        for (start, encoding) in [
            (&b"\xff\xfen\0i\0k\0"[..], Some(UTF_16LE)),
            (b"\xfe\xff\0n\0i\0k", Some(UTF_16BE)),
            (b"n\0i\0k\0,\0n\0a\0", Some(UTF_16LE)),
            (b"\0n\0i\0k\0,\0n\0a", Some(UTF_16BE)),
            (b"\xff\xfe\0\0n\0\0\0", None),
            (b"nik,name", None),
            (b"", None),
            (b"\0\0\0\0", None),
        ] {
            assert_eq!(utf_16(start), encoding, "{start:?}");
        }
    }
}
