//! What must not lie in a site, which is for everybody: secret keys, and lists of voters.

use super::Files;
use crate::lookup::{Problem, Source as _};
use crate::publish::site::walk;
use crate::publish::source::Site;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Stands in every secret key in PEM, whoever made it (RFC 7468).
const SECRET_KEY: &[u8] = b"PRIVATE KEY-----";
/// What an operator's lists of voters are called.
const LISTS: [&str; 3] = ["voters", "withheld", "rejects"];
/// So much of the start of a file is looked at.
const START: u64 = 4 << 10;

/// Looks for them in a site's folder. Behind an address nobody can tell what else a host has.
///
/// # Errors
/// When a folder cannot be read.
pub fn check_secrets(site: &Site, found: &mut Files) -> anyhow::Result<()> {
    let Site::Folder(folder) = site else { return Ok(()) };
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    paths.sort();
    for path in paths {
        if let Some(what) = secret(&path) {
            let file = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let reason = format!("{what}: whoever has the address can fetch it; take it out, on every mirror");
            found.problems.push(Problem { source: site.name(), file, reason, refused: true });
        }
    }
    Ok(())
}

fn secret(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let stem = name.strip_suffix(".gz").unwrap_or(&name).strip_suffix(".csv");
    if stem.is_some_and(|stem| LISTS.contains(&stem)) {
        return Some("it is called as a list of voters is, and a site holds none");
    }
    let start = start(path);
    if start.windows(SECRET_KEY.len()).any(|bytes| bytes == SECRET_KEY) {
        return Some("it holds a secret key, which is one no longer: make a new one");
    }
    (stem.is_some() && has_niks(&start)).then_some("it has a column of NIKs, and a site holds none")
}

/// Links are followed, as a web server would. What cannot be read, a server cannot read either.
fn start(path: &Path) -> Vec<u8> {
    let mut start = Vec::new();
    if path.is_file()
        && let Ok(file) = File::open(path)
        && file.take(START).read_to_end(&mut start).is_err()
    {
        start.clear();
    }
    start
}

fn has_niks(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // "nik", NO_NIK, NIK Pemilih.
    let mut words = line.split(|byte| !byte.is_ascii_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case(b"nik"))
}
