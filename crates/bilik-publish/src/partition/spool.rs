//! The spool files: voters in a compact form, one file a bin.
//!
//! ```text
//!  8  file and line, little endian
//! 12  digits, ASCII
//!  2  serial; 65535 where there is none
//!  4  the station's place in the stations of the input
//!  8  the village's code
//!  2  the name's length in bytes
//!  …  the name, UTF-8
//! ```
//!
//! Each bin has a buffer of its own and is opened only to append a chunk, so that a country's bins need few open files. All of it
//! is encrypted.

use super::error::PartitionError;
use super::scratch::{Scratch, ScratchFile};
use crate::encrypted::EncryptedWriter;
use crate::io_error::IoError;
use crate::language::translatable;
use crate::problem::FileLine;
use crate::rejects::private_file;
use crate::roll::Voter;
use bilik::Digits;
use bilik::format::{Code, Level};
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

const NO_SERIAL: u16 = u16::MAX;
/// Bytes of the fields before the name.
const FIXED: usize = 8 + 12 + 2 + 4 + 8 + 2;

fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> IoError {
    let advice = translatable!(
        "Expected: room for about as much as the unpacked roll. Fix: make room on the disk, or move the election folder"
    );
    IoError::advising(path, "cannot be written", advice)
}

/// Writes voters into bins.
pub(crate) struct Spool {
    bins: Vec<Bin>,
}

/// One bin that is being written.
struct Bin {
    path: PathBuf,
    to: EncryptedWriter<Appending>,
    record: Vec<u8>,
}

impl Spool {
    pub fn new(scratch: &Scratch, bins: Range<usize>) -> Result<Self, PartitionError> {
        Ok(Self { bins: bins.map(|at| Bin::new(&scratch.bin(at))).collect::<Result<_, _>>()? })
    }

    /// Writes a voter into one of the bins, the first of which is 0.
    pub fn write(&mut self, bin: usize, voter: &Voter) -> Result<(), PartitionError> {
        let bin = self.bins.get_mut(bin).ok_or(PartitionError::RollChanged)?;
        Ok(bin.write(voter)?)
    }

    pub fn finish(self) -> Result<(), IoError> {
        self.bins.into_iter().try_for_each(Bin::finish)
    }
}

impl Bin {
    fn new(file: &ScratchFile) -> Result<Self, PartitionError> {
        let path = file.path().to_owned();
        let to = file.encrypt(Appending { path: path.clone(), is_begun: false })?;
        Ok(Self { path, to, record: Vec::new() })
    }

    fn write(&mut self, voter: &Voter) -> Result<(), IoError> {
        self.record.clear();
        encode(voter, &mut self.record);
        self.to.write_all(&self.record).map_err(cannot_write(&self.path))
    }

    fn finish(self) -> Result<(), IoError> {
        self.to.finish().map(drop).map_err(cannot_write(&self.path))
    }
}

/// A file that is open only while something is appended.
struct Appending {
    path: PathBuf,
    is_begun: bool,
}

impl Write for Appending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut file = if self.is_begun { OpenOptions::new().append(true).open(&self.path) } else { private_file(&self.path) }?;
        self.is_begun = true;
        file.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes one bin anew.
pub(super) fn rewrite<'a>(file: &ScratchFile, mut voters: impl Iterator<Item = &'a Voter>) -> Result<(), PartitionError> {
    let mut bin = Bin::new(file)?;
    voters.try_for_each(|voter| bin.write(voter))?;
    Ok(bin.finish()?)
}

fn encode(voter: &Voter, into: &mut Vec<u8>) {
    into.extend_from_slice(&voter.line.packed().to_le_bytes());
    into.extend_from_slice(voter.digits.as_bytes());
    into.extend_from_slice(&voter.serial.unwrap_or(NO_SERIAL).to_le_bytes());
    into.extend_from_slice(&voter.station.to_le_bytes());
    into.extend_from_slice(&voter.village.number().to_le_bytes());
    // At most 200 characters: the roll's reader sees to it.
    into.extend_from_slice(&u16::try_from(voter.name.reveal().len()).unwrap_or(u16::MAX).to_le_bytes());
    into.extend_from_slice(voter.name.reveal().as_bytes());
}

/// Reads one bin from its beginning to its end.
pub(crate) fn read(from: &ScratchFile, each: &mut dyn FnMut(Voter)) -> Result<(), IoError> {
    let cannot_read = || IoError::advising(from.path(), "cannot be read", "Fix: run again; another program changed it");
    let mut file = from.open().map_err(cannot_read())?;
    let mut fixed = [0; FIXED];
    while starts(&mut file, &mut fixed).map_err(cannot_read())? {
        let voter = decode(&fixed, &mut file).map_err(cannot_read())?;
        each(voter);
    }
    Ok(())
}

/// Reads the fixed part of a record; false at the end of the file.
fn starts(file: &mut impl Read, fixed: &mut [u8; FIXED]) -> io::Result<bool> {
    let [first, rest @ ..] = fixed;
    if file.read(std::slice::from_mut(first))? == 0 {
        return Ok(false);
    }
    file.read_exact(rest).map(|()| true)
}

fn decode(fixed: &[u8; FIXED], file: &mut impl Read) -> io::Result<Voter> {
    fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> io::Result<&'a [u8; N]> {
        let (taken, after) = rest.split_first_chunk::<N>().ok_or(ErrorKind::UnexpectedEof)?;
        *rest = after;
        Ok(taken)
    }
    let mut rest = fixed.as_slice();
    let line = FileLine::of_packed(u64::from_le_bytes(*take(&mut rest)?));
    let digits = str::from_utf8(take::<12>(&mut rest)?).ok().and_then(|text| Digits::typed(text).ok());
    let serial = Some(u16::from_le_bytes(*take(&mut rest)?)).filter(|&serial| serial != NO_SERIAL);
    let station = u32::from_le_bytes(*take(&mut rest)?);
    let village = village(u64::from_le_bytes(*take(&mut rest)?));
    let mut name = vec![0; usize::from(u16::from_le_bytes(*take(&mut rest)?))];
    file.read_exact(&mut name)?;
    let (digits, village) = digits.zip(village).ok_or(ErrorKind::InvalidData)?;
    Ok(Voter {
        line,
        digits,
        serial,
        station,
        village,
        name: String::from_utf8(name).map_err(|_| ErrorKind::InvalidData)?.into(),
    })
}

fn village(number: u64) -> Option<Code> {
    let district = Code::district(u32::try_from(number / 10_000).ok()?)?;
    Some(district.village(u16::try_from(number % 10_000).ok()?)).filter(|code| code.level() == Level::Village)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Report;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn voters_come_back_as_they_were_written(
            voters in prop::collection::vec(
                (any::<u64>(), 0_u64..1_000_000_000_000, prop::option::of(0_u16..10_000), any::<u32>(), 0_u64..10_000_000_000, "\\PC{0,200}"),
                0..50,
            ),
        ) {
            let voter = |(line, digits, serial, station, code, name): (_, u64, _, _, _, _)| Voter {
                line: FileLine::of_packed(line),
                digits: Digits::typed(&format!("{digits:012}")).unwrap(),
                serial,
                station,
                village: village(code).unwrap(),
                name: String::into(name),
            };
            let voters: Vec<Voter> = voters.into_iter().map(voter).collect();
            let folder = tempfile::tempdir().unwrap();
            let scratch = Scratch::new(folder.path(), &mut Report::new()).unwrap();
            let bin = scratch.bin(0);
            rewrite(&bin, voters.iter()).unwrap();
            let mut back = Vec::new();
            read(&bin, &mut |voter| back.push(voter)).unwrap();
            prop_assert!(back == voters);
        }
    }

    #[test]
    fn a_bin_that_is_cut_off_or_gone_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(folder.path(), &mut Report::new()).unwrap();
        let bin = scratch.bin(0);
        let path = bin.path().to_owned();
        assert!(read(&bin, &mut |_| ()).is_err(), "gone");
        let voter = Voter {
            line: FileLine::of_packed(2),
            digits: Digits::typed("320101010190").unwrap(),
            serial: None,
            station: 0,
            village: village(3_201_012_001).unwrap(),
            name: "Budi".to_owned().into(),
        };
        rewrite(&bin, [&voter].into_iter()).unwrap();
        let whole = std::fs::read(&path).unwrap();
        assert!(!whole.windows(4).any(|window| window == b"Budi" || window == b"3201"), "it is encrypted");
        for length in 1..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert!(read(&bin, &mut |_| ()).is_err(), "{length}");
        }
    }
}
