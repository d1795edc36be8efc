//! Opening a file of the input: gzip by its first bytes, whatever its name. Files that are certainly not CSV are named.

use super::fault::Fault;
use super::meter::{Meter, Metered};
use super::resolve::InputFile;
use crate::problem::{InputProblem, ProblemKind};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader};

/// Big enough that a country's roll is not read in crumbs.
const BUFFER: usize = 256 << 10;
/// How much of the start is looked at.
const SAMPLE: usize = 4 << 10;

/// Opens a file, and makes sure that it can be CSV; gives its text, unzipped.
pub(super) fn open(file: &InputFile, meter: &Meter) -> Result<Box<dyn BufRead>, Fault> {
    let InputFile { path, name } = file;
    let missing = |error: &io::Error| {
        let what = match error.kind() {
            io::ErrorKind::NotFound => "the file does not exist".to_owned(),
            _ => format!("it cannot be opened: {error}"),
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
    let mut stored = BufReader::with_capacity(BUFFER, Metered { inner: file, meter: meter.clone() });
    let is_gzip = stored.fill_buf().map_err(|error| cut_off(name, &error))?.starts_with(&[0x1f, 0x8b]);
    let mut text: Box<dyn BufRead> =
        if is_gzip { Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(stored))) } else { Box::new(stored) };
    let start = text.fill_buf().map_err(|error| cut_off(name, &error))?;
    match seems_to_be(start.get(..SAMPLE).unwrap_or(start)) {
        None => Ok(text),
        Some((what, todo)) => {
            let problem = InputProblem::new(ProblemKind::NotCsv, name, 0, None, format!("it seems to be {what}"));
            Err(if todo.is_empty() { problem } else { problem.advising(todo) }.into())
        }
    }
}

/// A file that could be opened and then not be read.
pub(super) fn cut_off(name: &str, error: &io::Error) -> Fault {
    let problem = InputProblem::new(ProblemKind::NotCsv, name, 0, None, format!("it cannot be read to its end: {error}"));
    problem.advising("copy or compress it again: it may be cut off").into()
}

/// What the first bytes show, and how to fix it if the usual advice does not fit.
fn seems_to_be(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const MAGIC: &[(&[u8], &str, &str)] = &[
        (b"PK\x03\x04", "an Excel workbook (.xlsx) or another zip archive", ""),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", ""),
        (b"%PDF", "a PDF", ""),
        (b"BZh", "compressed with bzip2", "unpack it, or compress it with gzip"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it, or compress it with gzip"),
        (b"\xfd7zXZ", "compressed with xz", "unpack it, or compress it with gzip"),
        (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it, or compress it with gzip"),
        (b"SQLite format 3", "an SQLite database", ""),
        (b"PAR1", "a Parquet file", ""),
        (b"\xff\xfe", "text in UTF-16", ""),
        (b"\xfe\xff", "text in UTF-16", ""),
    ];
    if let Some((_, what, todo)) = MAGIC.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return Some((what, todo));
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if text.is_empty() {
        return Some(("empty", "put the columns' names in the first line and the data below"));
    }
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<table") {
        return Some(("an HTML page", "download or export the data itself; some portals name a page \".xls\" or \".csv\""));
    }
    if begins(b"<?xml") {
        return Some(("XML", ""));
    }
    if begins(b"{") || begins(b"[") {
        return Some(("JSON", ""));
    }
    // Latin text in UTF-16 without a mark: one byte of each pair is zero.
    let pairs = start.as_chunks::<2>().0;
    if !pairs.is_empty() && (pairs.iter().all(|[_, high]| *high == 0) || pairs.iter().all(|[high, _]| *high == 0)) {
        return Some(("text in UTF-16", ""));
    }
    start.contains(&0).then_some(("binary, not text", ""))
}

#[cfg(test)]
mod tests {
    use super::seems_to_be;

    #[test]
    fn other_formats_are_named() {
        for (start, what) in [
            (&b"PK\x03\x04\x14\0"[..], "Excel"),
            (b"\xd0\xcf\x11\xe0\xa1", "old Excel"),
            (b"\xff\xfen\0i\0k\0", "UTF-16"),
            (b"n\0i\0k\0,\0n\0a\0", "UTF-16"),
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
        assert_eq!(seems_to_be(b"\xef\xbb\xbfnik;name\r\n"), None);
    }
}
