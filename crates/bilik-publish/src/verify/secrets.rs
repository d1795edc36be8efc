//! What must not be in a site, since everybody can fetch it: secret keys, and lists of voters.

use super::files::SiteReport;
use crate::cancel::CancellationToken;
use crate::language::{translatable, translated};
use crate::source::Site;
use bilik::lookup::{Problem, Source as _};
use flate2::read::MultiGzDecoder;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Files of a work folder and what a build keeps for the next one, and how parts of the work begin.
const WORK: [&str; 3] = ["run.key", "plan.bilik", "reuse.json"];
const PART: &[u8] = b"bilik part ";
/// In every secret key in PEM (RFC 7468).
const SECRET_KEY: &[u8] = b"PRIVATE KEY-----";
/// File names of an operator's lists of voters, before the dot.
const LISTS: [&str; 3] = ["voters", "withheld", "rejects"];
/// The endings of tables that can have a column of NIKs, plain or compressed.
const TABLES: [&str; 3] = [".csv", ".tsv", ".txt"];
/// How much of the start of a file is looked at.
const START: u64 = 4 << 10;

/// Looks for them in a site's folder: by name, by a column called NIK, by the first line of a key. What else a host has behind an
/// address cannot be listed.
pub fn check_secrets(site: &Site, cancel: &CancellationToken, found: &mut SiteReport) {
    let Site::Folder(folder) = site else { return };
    for path in files_below(folder).take_while(|_| !cancel.is_cancelled()) {
        if let Some(what) = secret(&path) {
            let file = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let reason = tr::tr!("{}: anybody can fetch it. Fix: remove it from every mirror", translated(what));
            found.problems.push(Problem { source: site.name(), file, reason, refused: true, newer: false });
        }
    }
}

/// All files below a folder, through links as a web server would go, each folder once. What cannot be read, a server cannot
/// read either.
fn files_below(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let mut seen = BTreeSet::new();
    let is_new =
        move |entry: &DirEntry| !entry.file_type().is_dir() || entry.path().canonicalize().is_ok_and(|path| seen.insert(path));
    let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_new).flatten();
    entries.filter(|entry| entry.file_type().is_file()).map(DirEntry::into_path)
}

/// What is secret about a file, by its name and its start.
pub(crate) fn secret(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    if LISTS.contains(&stem) {
        return Some(translatable!("it has the name of a list of voters"));
    }
    let start = start(path);
    if WORK.contains(&name.as_str()) || start.starts_with(PART) {
        return Some(translatable!("it is of a work folder, which holds what the roll holds"));
    }
    if start.windows(SECRET_KEY.len()).any(|bytes| bytes == SECRET_KEY) {
        return Some(translatable!("it holds a secret key, which is compromised: make a new one"));
    }
    let table = name.strip_suffix(".gz").unwrap_or(&name);
    let is_table = TABLES.iter().any(|ending| table.ends_with(ending));
    (is_table && has_niks(&start)).then_some(translatable!("it has a column of NIKs"))
}

fn start(path: &Path) -> Vec<u8> {
    let Ok(mut file) = File::open(path) else { return Vec::new() };
    let start = take(&mut file);
    if !start.starts_with(&[0x1f, 0x8b]) {
        return start;
    }
    take(&mut MultiGzDecoder::new(start.as_slice()))
}

/// As much of the start as comes before an error.
fn take(from: &mut dyn Read) -> Vec<u8> {
    let mut start = Vec::new();
    // What came before the error is kept.
    let _: std::io::Result<usize> = from.take(START).read_to_end(&mut start);
    start
}

/// `"nik"`, `NO_NIK`, `NIK Pemilih`.
fn has_niks(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut words = line.split(|byte| !byte.is_ascii_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case(b"nik"))
}
