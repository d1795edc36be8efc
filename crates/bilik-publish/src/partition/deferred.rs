//! Lines that are rejected after partitioning: only a whole group shows a duplicate or a crowded key, and by then the line
//! itself is gone. They are noted in a scratch file, and the roll is read once more to list them as they were.
//!
//! A note is 17 bytes: the file and line, the earlier ones (or 0), the reason (0 duplicate, 1 crowded by `full`, 2 crowded by `near`).

use super::error::PartitionError;
use super::scratch::{Scratch, ScratchFile};
use crate::cancel::CancellationToken;
use crate::csv::{Lines, unreadable};
use crate::encrypted::EncryptedWriter;
use crate::input::{Input, ROLL_SHEET};
use crate::io_error::IoError;
use crate::language::{Message, message, translatable};
use crate::problem::{FileLine, FileNames, ProblemKind, Report};
use crate::progress::Progress;
use crate::rejects::{Rejects, private_file};
use crate::roll::RollCounts;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// Notes held in memory at a time: some 60 MB.
const NOTES_AT_A_TIME: usize = 1 << 20;
const PROGRESS_INTERVAL: u64 = 4_096;

fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> IoError {
    IoError::advising(path, "cannot be written", "Fix: make room on the disk")
}

/// Why a line is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The same 16 digits as an earlier line.
    Duplicate(FileLine),
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

    pub fn note(&mut self, line: FileLine, reason: Reason) -> Result<(), PartitionError> {
        let path = self.file.path();
        if self.to.is_none() {
            self.to = Some(self.file.encrypt(private_file(path).map_err(cannot_write(path))?)?);
        }
        let (earlier, kind) = match reason {
            Reason::Duplicate(earlier) => (earlier.packed(), 0),
            Reason::CrowdedFull => (0, 1),
            Reason::CrowdedNear => (0, 2),
        };
        let Some(to) = &mut self.to else { return Ok(()) };
        let mut note = [0; 17];
        let (first, rest) = note.split_at_mut(8);
        first.copy_from_slice(&line.packed().to_le_bytes());
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
        let column = lines.column("nik");
        progress.begin("listing rejected lines", lines.bytes());
        let (mut notes, mut upto, mut seen) = (BTreeMap::new(), FileLine::default(), 0);
        for count in 0_u64.. {
            if !lines.next().map_err(unreadable)? {
                break;
            }
            if count % PROGRESS_INTERVAL == 0 {
                progress.advance(lines.bytes_read() - seen);
                seen = lines.bytes_read();
                cancel.check()?;
            }
            let line = lines.place();
            if line >= upto {
                (notes, upto) = self.notes_from(upto, NOTES_AT_A_TIME)?;
            }
            if let Some(reason) = notes.remove(&line) {
                let (kind, message) = problem(reason, line, lines.names());
                lines.reject(vec![lines.fault(kind, column, message)], report, rejects);
                self.noted -= 1;
            }
        }
        progress.end();
        if self.noted == 0 && lines.digest() == counted.digest { Ok(()) } else { Err(PartitionError::RollChanged) }
    }

    /// The first notes from a line on, up to a number, and the line from which there are more.
    fn notes_from(&self, from: FileLine, at_most: usize) -> Result<(BTreeMap<FileLine, Reason>, FileLine), IoError> {
        let advice = translatable!("Fix: run again; another program changed it");
        let mut file = self.file.open().map_err(IoError::advising(self.file.path(), "cannot be read", advice))?;
        let mut notes = BTreeMap::new();
        let mut upto = FileLine::of_packed(u64::MAX);
        let mut note = [0; 17];
        while file.read_exact(&mut note).is_ok() {
            let line = |bytes: &[u8]| FileLine::of_packed(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)));
            let (first, rest) = note.split_at(8);
            let reason = match note.last() {
                Some(0) => Reason::Duplicate(line(rest)),
                Some(1) => Reason::CrowdedFull,
                _ => Reason::CrowdedNear,
            };
            if (from..upto).contains(&line(first)) {
                notes.insert(line(first), reason);
            }
            if notes.len() > at_most
                && let Some((last, _)) = notes.pop_last()
            {
                upto = last;
            }
        }
        Ok((notes, upto))
    }
}

fn problem(reason: Reason, line: FileLine, files: &FileNames) -> (ProblemKind, Message) {
    match reason {
        Reason::Duplicate(earlier) => {
            (ProblemKind::DuplicateVoter, message!("the same 16 digits are in {}", files.earlier(earlier, line)))
        }
        Reason::CrowdedFull => {
            (ProblemKind::CrowdedKey, message!("earlier lines with the same 12 digits and name have three other stations"))
        }
        Reason::CrowdedNear => {
            let message =
                message!("earlier lines with the same 12 digits, village and a word of the name have three other stations");
            (ProblemKind::CrowdedKey, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_given_in_the_order_of_reading_so_many_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(folder.path(), &mut Report::new()).unwrap();
        let mut deferred = DeferredRejects::new(&scratch);
        let at = FileLine::new;
        let given = [(at(0, 9), Reason::Duplicate(at(0, 2))), (at(0, 5), Reason::CrowdedNear), (at(3, 4), Reason::CrowdedFull)];
        for (line, reason) in given {
            deferred.note(line, reason).unwrap();
        }
        deferred.to.take().unwrap().finish().unwrap();
        let notes = |from, at_most| {
            let (found, upto) = deferred.notes_from(from, at_most).unwrap();
            (found.into_iter().collect::<Vec<_>>(), upto)
        };
        let end = FileLine::of_packed(u64::MAX);
        assert_eq!(notes(FileLine::default(), 9), (vec![given[1], given[0], given[2]], end));
        assert_eq!(notes(FileLine::default(), 2), (vec![given[1], given[0]], at(3, 4)));
        assert_eq!(notes(at(3, 4), 2), (vec![given[2]], end));
    }
}
