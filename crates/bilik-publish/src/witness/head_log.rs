//! The log of all heads that a witness has seen: `heads.log`. It only grows, and each line has a digest over all before it, so that
//! a log that was published once cannot be rewritten unseen.
//!
//! ```text
//! 1 2029-02-01T00:00:00Z pemilu-2029 1864900000 <the head's file in base64> <64 hex digits>
//! ```
//!
//! A line has its number, when the head was first seen, election, serial, the file itself, and the SHA-256 of `bilik/1/heads`, the
//! digest of the line before (32 zero bytes for the first) and the line up to the last space. Serials only grow.

use crate::io_error::IoError;
use crate::signing::write_new;
use base64ct::{Base64, Encoding as _};
use bilik::format::{FormatError, Head};
use bilik::iso_utc;
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

const LABEL: &[u8] = b"bilik/1/heads";
const CANNOT: &str = "cannot be written";

/// Why a log of heads cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeadLogError {
    /// A line is not as this program wrote it.
    #[error("{}", tr::tr!("{}:{}: not a line that `bilik witness` wrote here, or one before it was changed. Fix: restore the log; if it is lost, begin another with --state", path.display(), line))]
    Line {
        /// The log.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
    },
    /// Another process writes it.
    #[error("{}", tr::tr!("{}: another `bilik witness` uses this log. Fix: give each its own --state", path.display()))]
    InUse {
        /// The log.
        path: PathBuf,
    },
    /// A head that is not one cannot be logged.
    #[error("{}", tr::tr!("the head: {}", _0))]
    Head(FormatError),
    /// The file cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// A head that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedHead {
    /// The head.
    pub head: Head,
    /// When it was first seen, in seconds since 1970.
    pub seen: u64,
}

/// The log of all heads that a witness has seen of one election, locked for this process.
#[derive(Debug)]
pub struct HeadLog {
    path: PathBuf,
    file: File,
    heads: Vec<LoggedHead>,
    /// The digest of the last line.
    chain: [u8; 32],
}

impl HeadLog {
    /// Opens a log, or begins one. Every line is checked. What a crash left of a last line is dropped: a head is stated only once its
    /// line is complete.
    ///
    /// # Errors
    /// When it cannot be read, another process has it, or a line is wrong.
    pub fn open(path: &Path) -> Result<Self, HeadLogError> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = file.map_err(IoError::at(path, CANNOT))?;
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(HeadLogError::InUse { path: path.to_owned() });
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(IoError::at(path, "cannot be read"))?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let mut log = Self { path: path.to_owned(), file, heads: Vec::new(), chain: [0; 32] };
        for (number, line) in (1..).zip(text.get(..whole).unwrap_or_default().lines()) {
            log.read_line(line).ok_or_else(|| HeadLogError::Line { path: path.to_owned(), line: number })?;
        }
        if whole < text.len() {
            let length = u64::try_from(whole).unwrap_or(u64::MAX);
            log.file.set_len(length).map_err(IoError::at(path, CANNOT))?;
        }
        Ok(log)
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All heads, oldest first.
    #[must_use]
    pub fn heads(&self) -> &[LoggedHead] {
        &self.heads
    }

    /// The newest head.
    #[must_use]
    pub fn last(&self) -> Option<&LoggedHead> {
        self.heads.last()
    }

    /// Adds a head with a higher serial than all before, and gives whether it was new. On the disk when this returns.
    ///
    /// # Errors
    /// When it is not a head, is not the last one and does not follow on it, or cannot be written.
    pub fn add(&mut self, bytes: &[u8], seen: u64) -> Result<bool, HeadLogError> {
        let (head, _) = Head::read_unverified(bytes).map_err(HeadLogError::Head)?;
        if self.last().is_some_and(|last| last.head == head) {
            return Ok(false);
        }
        if !self.may_follow(&head) {
            return Err(HeadLogError::Head(FormatError::Invalid("of another election, or not newer than the last one")));
        }
        let line = self.line(&head, bytes, seen);
        let chain = chained(&self.chain, &line);
        let whole = format!("{line} {}\n", base16ct::lower::encode_string(&chain));
        let written = self.file.write_all(whole.as_bytes()).and_then(|()| self.file.sync_all());
        written.map_err(IoError::advising(&self.path, CANNOT, "Fix: make room on the disk"))?;
        self.heads.push(LoggedHead { head, seen });
        self.chain = chain;
        Ok(true)
    }

    /// Keeps a head that contradicts the log beside it. The same head is kept once.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_proof(&self, head: &Head, bytes: &[u8]) -> Result<PathBuf, HeadLogError> {
        let digest = head.fingerprint().map_err(HeadLogError::Head)?;
        let digest = base16ct::lower::encode_string(digest.first_chunk::<8>().map_or(&[], |start| start.as_slice()));
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{}-{digest}.bilik", head.serial));
        let path = PathBuf::from(name);
        if !path.exists() {
            write_new(&path, bytes, 0o644)?;
        }
        Ok(path)
    }

    fn may_follow(&self, head: &Head) -> bool {
        self.last().is_none_or(|last| last.head.election == head.election && last.head.serial < head.serial)
    }

    /// The next line up to its last space.
    fn line(&self, head: &Head, bytes: &[u8], seen: u64) -> String {
        let (number, file) = (self.heads.len() + 1, Base64::encode_string(bytes));
        format!("{number} {} {} {} {file}", iso_utc(seen), head.election, head.serial)
    }

    /// Reads the next line: it must be as this program would write it.
    fn read_line(&mut self, text: &str) -> Option<()> {
        let (line, chain) = text.rsplit_once(' ')?;
        let mut parts = line.split(' ').skip(1);
        let seen = seconds_of(parts.next()?)?;
        let bytes = Base64::decode_vec(parts.nth(2)?).ok()?;
        let (head, _) = Head::read_unverified(&bytes).ok()?;
        let expected = chained(&self.chain, line);
        let is_right = self.line(&head, &bytes, seen) == line && base16ct::lower::encode_string(&expected) == chain;
        if !is_right || !self.may_follow(&head) {
            return None;
        }
        self.heads.push(LoggedHead { head, seen });
        self.chain = expected;
        Some(())
    }
}

fn chained(before: &[u8; 32], line: &str) -> [u8; 32] {
    Sha256::new().chain_update(LABEL).chain_update(before).chain_update(line).finalize().into()
}

/// The time that [`iso_utc`] wrote, in seconds since 1970. Other forms give another text, which the caller compares.
fn seconds_of(text: &str) -> Option<u64> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let day = u64::from(bilik::Day::parse(day)?.number()?) * bilik::DAY_SECONDS;
    let mut parts = time.split(':').map(|part| part.parse::<u64>().ok().filter(|part| *part < 60));
    Some(day + parts.next()?? * 3_600 + parts.next()?? * 60 + parts.next()??)
}
