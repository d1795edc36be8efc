//! Lines that are rejected late: only a whole group shows a double or a crowded key, and by then the line itself is gone. They
//! are noted in a scratch file, and the roll is read once more to list them as they were.
//!
//! A note is 17 bytes: the line, the earlier line (or 0), the kind (0 double, 1 crowded by `full`, 2 crowded by `near`).

use super::scratch::Scratch;
use crate::input::lines::{Lines, reject};
use crate::input::{Input, Progress};
use crate::problem::{Kind, Problem, Report};
use crate::roll::{self, Rejects, private_file};
use anyhow::{Context, bail, ensure};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::PathBuf;

/// Notes held in memory at a time.
const LINES_AT_A_TIME: u64 = 4 << 20;
const PAUSE: u64 = 4_096;

/// Why a line is rejected late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The same 16 digits as an earlier line.
    Double(u64),
    /// More than three stations for one key by `full`.
    CrowdedFull,
    /// The same by `near`.
    CrowdedNear,
}

/// Notes of lines to reject.
pub(super) struct Late {
    noted: u64,
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Late {
    pub fn new(scratch: &Scratch) -> Self {
        Self { noted: 0, path: scratch.late(), file: None }
    }

    pub fn note(&mut self, line: u64, why: Why) -> anyhow::Result<()> {
        let cannot = || format!("{} cannot be written. To do: make room on the disk", self.path.display());
        if self.file.is_none() {
            self.file = Some(BufWriter::new(private_file(&self.path).with_context(cannot)?));
        }
        let (earlier, kind) = match why {
            Why::Double(earlier) => (earlier, 0),
            Why::CrowdedFull => (0, 1),
            Why::CrowdedNear => (0, 2),
        };
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut note = [0; 17];
        let (first, rest) = note.split_at_mut(8);
        first.copy_from_slice(&line.to_le_bytes());
        let (second, last) = rest.split_at_mut(8);
        second.copy_from_slice(&earlier.to_le_bytes());
        last.fill(kind);
        self.noted += 1;
        file.write_all(&note).with_context(cannot)
    }

    /// Reports and lists all noted lines, in their order. Reads the roll again if there is one.
    pub fn reject(
        mut self,
        input: &Input,
        report: &mut Report,
        rejects: &mut Rejects,
        progress: &dyn Progress,
    ) -> anyhow::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.flush().with_context(|| format!("{} cannot be written. To do: make room on the disk", self.path.display()))?;
        drop(file);
        let files = &input.config.files;
        let opened = Lines::open(&files.voters, &roll::SHEET, &files.columns_of("voters"));
        let mut lines = opened.map_err(roll::unreadable)?;
        let column = lines.needed("nik").name;
        progress.begin("listing rejected lines", lines.bytes());
        let (mut notes, mut upto, mut seen) = (BTreeMap::new(), 0, 0);
        for turn in 0_u64.. {
            if !lines.next().map_err(roll::unreadable)? {
                break;
            }
            if turn % PAUSE == 0 {
                progress.advance(lines.bytes_read() - seen);
                seen = lines.bytes_read();
                if crate::interrupted() {
                    bail!("interrupted");
                }
            }
            while lines.line() >= upto {
                notes = self.notes_of(upto..upto + LINES_AT_A_TIME)?;
                upto += LINES_AT_A_TIME;
            }
            if let Some(why) = notes.remove(&lines.line()) {
                let fault = problem(why, lines.name(), lines.line(), &column);
                reject(lines.name(), lines.line(), lines.raw(), vec![fault.into()], report, rejects);
                self.noted -= 1;
            }
        }
        progress.end();
        ensure!(self.noted == 0, roll::CHANGED);
        Ok(())
    }

    /// The notes of a range of lines.
    fn notes_of(&self, range: std::ops::Range<u64>) -> anyhow::Result<BTreeMap<u64, Why>> {
        let cannot = || format!("{} cannot be read. To do: run again; something changed it", self.path.display());
        let mut file = BufReader::new(File::open(&self.path).with_context(cannot)?);
        let mut notes = BTreeMap::new();
        let mut note = [0; 17];
        while file.read_exact(&mut note).is_ok() {
            let number = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            let (first, rest) = note.split_at(8);
            let why = match note.last() {
                Some(0) => Why::Double(number(rest)),
                Some(1) => Why::CrowdedFull,
                _ => Why::CrowdedNear,
            };
            if range.contains(&number(first)) {
                notes.insert(number(first), why);
            }
        }
        Ok(notes)
    }
}

fn problem(why: Why, file: &str, line: u64, column: &str) -> Problem {
    match why {
        Why::Double(earlier) => {
            Problem::new(Kind::DuplicateVoter, file, line, Some(column), format!("the same 16 digits are in line {earlier}"))
        }
        Why::CrowdedFull => {
            let message = "earlier lines with the same 12 digits and name have three other stations";
            Problem::new(Kind::CrowdedKey, file, line, Some(column), message)
        }
        Why::CrowdedNear => {
            let message = "earlier lines with the same 12 digits, village and first name have three other stations";
            Problem::new(Kind::CrowdedKey, file, line, Some(column), message)
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
        let mut late = Late::new(&scratch);
        for (line, why) in [(9, Why::Double(2)), (5, Why::CrowdedNear), (LINES_AT_A_TIME, Why::CrowdedFull)] {
            late.note(line, why).unwrap();
        }
        late.file.take().unwrap().flush().unwrap();
        let notes = |range| late.notes_of(range).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!(notes(0..LINES_AT_A_TIME), [(5, Why::CrowdedNear), (9, Why::Double(2))]);
        assert_eq!(notes(LINES_AT_A_TIME..2 * LINES_AT_A_TIME), [(LINES_AT_A_TIME, Why::CrowdedFull)]);
    }
}
