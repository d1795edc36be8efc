//! What must not lie in a site, which is for everybody: secret keys, and lists of voters.

use super::Files;
use crate::interrupted;
use crate::source::Site;
use bilik::lookup::{Problem, Source as _};
use flate2::read::MultiGzDecoder;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Stands in every secret key in PEM, whoever made it (RFC 7468).
const SECRET_KEY: &[u8] = b"PRIVATE KEY-----";
/// What an operator's lists of voters are called, whatever comes behind the dot.
const LISTS: [&str; 3] = ["voters", "withheld", "rejects"];
/// The endings of tables that can have a column of NIKs, plain or compressed.
const TABLES: [&str; 3] = [".csv", ".tsv", ".txt"];
/// So much of the start of a file is looked at.
const START: u64 = 4 << 10;

/// Looks for them in a site's folder: by name, by a column called NIK, by what stands in a key. Behind an address nobody can
/// tell what else a host has.
pub fn check_secrets(site: &Site, found: &mut Files) {
    let Site::Folder(folder) = site else { return };
    let mut paths = Vec::new();
    walk(folder, &mut BTreeSet::new(), &mut paths);
    paths.sort();
    for path in paths {
        if let Some(what) = secret(&path) {
            let file = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let reason = format!("{what}: whoever has the address can fetch it; take it out, on every mirror");
            found.problems.push(Problem { source: site.name(), file, reason, refused: true });
        }
    }
}

/// All files below a folder, through links as a web server would go, each folder once. What cannot be read, a server cannot
/// read either.
fn walk(folder: &Path, seen: &mut BTreeSet<PathBuf>, files: &mut Vec<PathBuf>) {
    let is_new = folder.canonicalize().is_ok_and(|folder| seen.insert(folder));
    if !is_new || interrupted() {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, seen, files);
        } else if path.is_file() {
            files.push(path);
        }
    }
}

fn secret(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    if LISTS.contains(&stem) {
        return Some("it is called as a list of voters is, and a site holds none");
    }
    let start = start(path);
    if start.windows(SECRET_KEY.len()).any(|bytes| bytes == SECRET_KEY) {
        return Some("it holds a secret key, which is one no longer: make a new one");
    }
    let table = name.strip_suffix(".gz").unwrap_or(&name);
    let is_table = TABLES.iter().any(|ending| table.ends_with(ending));
    (is_table && has_niks(&start)).then_some("it has a column of NIKs, and a site holds none")
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
    // What came before the error stands in it.
    let _: std::io::Result<usize> = from.take(START).read_to_end(&mut start);
    start
}

/// `"nik"`, `NO_NIK`, `NIK Pemilih`.
fn has_niks(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut words = line.split(|byte| !byte.is_ascii_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case(b"nik"))
}
