//! Lines that are rejected after partitioning: only a whole group shows a duplicate or a crowded key, and by then the line
//! itself is gone. They are noted in a scratch file, and the roll is read once more to list them as they were.
//!
//! A note is 17 bytes: the line, the earlier line (or 0), the reason (0 duplicate, 1 crowded by `full`, 2 crowded by `near`).

use super::error::PartitionError;
use super::scratch::{Scratch, ScratchFile};
use crate::cancel::CancellationToken;
use crate::csv::{Lines, reject, unreadable};
use crate::encrypted::EncryptedWriter;
use crate::input::{Input, ROLL_SHEET};
use crate::io_error::IoError;
use crate::problem::{InputProblem, ProblemKind, Report};
use crate::progress::Progress;
use crate::rejects::{Rejects, private_file};
use crate::roll::RollCounts;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// Notes held in memory at a time.
const LINES_AT_A_TIME: u64 = 4 << 20;
const PROGRESS_INTERVAL: u64 = 4_096;

fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> IoError {
    IoError::advising(path, "cannot be written", "Fix: make room on the disk")
}

/// Why a line is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The same 16 digits as an earlier line.
    Duplicate(u64),
    /// More than three stations for one key by `full`.
    CrowdedFull,
    /// The same by `near`.
    CrowdedNear,
}

/// Notes of lines to reject.
pub(super) struct DeferredRejects {
    noted: u64,
    file: ScratchFile,
    to: Option<EncryptedWriter<File>>,
}

impl DeferredRejects {
    pub fn new(scratch: &Scratch) -> Self {
        Self { noted: 0, file: scratch.deferred(), to: None }
    }

    pub fn note(&mut self, line: u64, reason: Reason) -> Result<(), PartitionError> {
        let path = self.file.path();
        if self.to.is_none() {
            self.to = Some(self.file.encrypt(private_file(path).map_err(cannot_write(path))?)?);
        }
        let (earlier, kind) = match reason {
            Reason::Duplicate(earlier) => (earlier, 0),
            Reason::CrowdedFull => (0, 1),
            Reason::CrowdedNear => (0, 2),
        };
        let Some(to) = &mut self.to else { return Ok(()) };
        let mut note = [0; 17];
        let (first, rest) = note.split_at_mut(8);
        first.copy_from_slice(&line.to_le_bytes());
        let (second, last) = rest.split_at_mut(8);
        second.copy_from_slice(&earlier.to_le_bytes());
        last.fill(kind);
        self.noted += 1;
        Ok(to.write_all(&note).map_err(cannot_write(path))?)
    }

    /// Reports and lists all noted lines, in their order. Reads the roll again if there is one.
    pub fn reject(
        mut self,
        input: &Input,
        counted: &RollCounts,
        report: &mut Report,
        rejects: &mut Rejects,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<(), PartitionError> {
        let Some(to) = self.to.take() else { return Ok(()) };
        to.finish().map_err(cannot_write(self.file.path()))?;
        let files = &input.config.files;
        let opened = Lines::open(&files.voters, &ROLL_SHEET, &files.columns_of("voters"));
        let mut lines = opened.map_err(unreadable)?;
        let column = lines.needed("nik").name;
        progress.begin("listing rejected lines", lines.bytes());
        let (mut notes, mut upto, mut seen) = (BTreeMap::new(), 0, 0);
        for count in 0_u64.. {
            if !lines.next().map_err(unreadable)? {
                break;
            }
            if count % PROGRESS_INTERVAL == 0 {
                progress.advance(lines.bytes_read() - seen);
                seen = lines.bytes_read();
                cancel.check()?;
            }
            while lines.line() >= upto {
                notes = self.notes_of(upto..upto + LINES_AT_A_TIME)?;
                upto += LINES_AT_A_TIME;
            }
            if let Some(reason) = notes.remove(&lines.line()) {
                let fault = problem(reason, lines.name(), lines.line(), &column);
                reject(lines.name(), lines.line(), lines.raw(), vec![fault.into()], report, rejects);
                self.noted -= 1;
            }
        }
        progress.end();
        if self.noted == 0 && lines.digest() == counted.digest { Ok(()) } else { Err(PartitionError::RollChanged) }
    }

    /// The notes of a range of lines.
    fn notes_of(&self, range: std::ops::Range<u64>) -> Result<BTreeMap<u64, Reason>, IoError> {
        let advice = "Fix: run again; another program changed it";
        let mut file = self.file.open().map_err(IoError::advising(self.file.path(), "cannot be read", advice))?;
        let mut notes = BTreeMap::new();
        let mut note = [0; 17];
        while file.read_exact(&mut note).is_ok() {
            let number = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            let (first, rest) = note.split_at(8);
            let reason = match note.last() {
                Some(0) => Reason::Duplicate(number(rest)),
                Some(1) => Reason::CrowdedFull,
                _ => Reason::CrowdedNear,
            };
            if range.contains(&number(first)) {
                notes.insert(number(first), reason);
            }
        }
        Ok(notes)
    }
}

fn problem(reason: Reason, file: &str, line: u64, column: &str) -> InputProblem {
    match reason {
        Reason::Duplicate(earlier) => InputProblem::new(
            ProblemKind::DuplicateVoter,
            file,
            line,
            Some(column),
            format!("the same 16 digits are in line {earlier}"),
        ),
        Reason::CrowdedFull => {
            let message = "earlier lines with the same 12 digits and name have three other stations";
            InputProblem::new(ProblemKind::CrowdedKey, file, line, Some(column), message)
        }
        Reason::CrowdedNear => {
            let message = "earlier lines with the same 12 digits, village and a word of the name have three other stations";
            InputProblem::new(ProblemKind::CrowdedKey, file, line, Some(column), message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_given_by_ranges_of_lines() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(folder.path(), &mut Report::new()).unwrap();
        let mut deferred = DeferredRejects::new(&scratch);
        for (line, reason) in [(9, Reason::Duplicate(2)), (5, Reason::CrowdedNear), (LINES_AT_A_TIME, Reason::CrowdedFull)] {
            deferred.note(line, reason).unwrap();
        }
        deferred.to.take().unwrap().finish().unwrap();
        let notes = |range| deferred.notes_of(range).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!(notes(0..LINES_AT_A_TIME), [(5, Reason::CrowdedNear), (9, Reason::Duplicate(2))]);
        assert_eq!(notes(LINES_AT_A_TIME..2 * LINES_AT_A_TIME), [(LINES_AT_A_TIME, Reason::CrowdedFull)]);
    }
}
