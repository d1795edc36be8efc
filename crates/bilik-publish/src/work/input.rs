//! What a part's worker needs: the election's costs, and what each table is to hold. Written by `plan`, table by table.
//!
//! ```text
//! text   "bilik part 1 input <run> <part>\n", which is authenticated with every chunk of what follows, encrypted and deflated:
//! json   PartHeader
//! …      for each table: json TableLine, then each entry: bytes details; u32 kind (0 home, 1 elsewhere, else the number of
//!        stations); u32 for each station
//! ```

use super::codec::{invalid, put_bytes, put_json, put_u32, take_bytes, take_json, take_u32};
use super::error::{WorkError, foreign};
use super::keys::PartKey;
use crate::durable::NewFile;
use crate::encrypted::{EncryptedReader, EncryptedWriter};
use crate::io_error::IoError;
use crate::language::translatable;
use crate::tables::TableInput;
use bilik::format::Sealing;
use bilik::{Cost, Details, KeyBits, MAX_STATIONS_PER_KEY, Recipe, StationRef, TableValue};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// What all tables of a part have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartHeader {
    /// The run, in hex.
    pub run: String,
    /// The part.
    pub part: usize,
    /// The election's id.
    pub election: String,
    /// Memory and passes of a derivation.
    pub cost: (u32, u32),
    /// Pepper and check bits by `full`.
    pub full: (u8, u8),
    /// The same by `near`.
    pub near: (u8, u8),
    /// Stations of the election.
    pub all_stations: u32,
    /// A demo's seed.
    pub seed: Option<u64>,
}

impl PartHeader {
    /// The header of a part of an election that is sealed like this.
    pub fn new(run: &str, part: usize, election: &str, sealing: Sealing) -> Self {
        let bits = |bits: KeyBits| (bits.pepper_bits, bits.check_bits);
        Self {
            run: run.to_owned(),
            part,
            election: election.to_owned(),
            cost: (sealing.cost.memory_kib, sealing.cost.passes),
            full: bits(sealing.full),
            near: bits(sealing.near),
            all_stations: 0,
            seed: None,
        }
    }

    /// What a key costs.
    pub fn sealing(&self) -> Sealing {
        let bits = |(pepper_bits, check_bits)| KeyBits { pepper_bits, check_bits };
        Sealing { cost: Cost { memory_kib: self.cost.0, passes: self.cost.1 }, full: bits(self.full), near: bits(self.near) }
    }
}

/// What precedes the entries of a table.
#[derive(Serialize, Deserialize)]
struct TableLine {
    is_full: bool,
    label: String,
    common: Vec<u32>,
    home_stations: u32,
    keys: usize,
}

fn label(run: &str, part: usize) -> String {
    format!("bilik part 1 input {run} {part}\n")
}

/// Writes what a part's worker needs.
pub(crate) struct PartWriter {
    path: PathBuf,
    to: DeflateEncoder<EncryptedWriter<NewFile>>,
}

impl PartWriter {
    pub fn new(path: &Path, key: &PartKey, header: &PartHeader) -> Result<Self, WorkError> {
        let cannot_write = || IoError::at(path, "cannot be written");
        let label = label(&header.run, header.part);
        let mut file = NewFile::new(path)?;
        file.write_all(label.as_bytes()).map_err(cannot_write())?;
        let mut to = DeflateEncoder::new(EncryptedWriter::new(&key.input(), &label, file)?, Compression::fast());
        put_json(&mut to, header).map_err(cannot_write())?;
        Ok(Self { path: path.to_owned(), to })
    }

    pub fn add(&mut self, table: &TableInput) -> Result<(), WorkError> {
        Ok(self.put(table).map_err(IoError::advising(&self.path, "cannot be written", "Fix: make room on the disk"))?)
    }

    pub fn finish(self) -> Result<(), WorkError> {
        let file = self.to.finish().and_then(EncryptedWriter::finish);
        Ok(file.map_err(IoError::advising(&self.path, "cannot be written", "Fix: make room on the disk"))?.persist()?)
    }

    fn put(&mut self, table: &TableInput) -> io::Result<()> {
        let TableInput { recipe, label, common, home_stations, entries } = table;
        let line = TableLine {
            is_full: *recipe == Recipe::Full,
            label: label.clone(),
            common: common.clone(),
            home_stations: *home_stations,
            keys: entries.len(),
        };
        put_json(&mut self.to, &line)?;
        for (details, value) in entries {
            put_bytes(&mut self.to, details.as_bytes())?;
            match value {
                TableValue::One(StationRef::Home(position)) => put_numbers(&mut self.to, 0, &[*position])?,
                TableValue::One(StationRef::Elsewhere(station)) => put_numbers(&mut self.to, 1, &[*station])?,
                TableValue::Several(stations) => {
                    put_numbers(&mut self.to, u32::try_from(stations.len()).map_err(|_| invalid())?, stations)?;
                }
            }
        }
        Ok(())
    }
}

fn put_numbers(to: &mut impl Write, kind: u32, numbers: &[u32]) -> io::Result<()> {
    put_u32(to, kind)?;
    numbers.iter().try_for_each(|number| put_u32(to, *number))
}

/// What a part's worker got.
pub(crate) struct PartInput {
    /// What all of its tables have in common.
    pub header: PartHeader,
    /// What each table is to hold.
    pub tables: Vec<TableInput>,
}

impl PartInput {
    /// Reads it. Memory: some 150 bytes a key.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or is of another part or plan.
    pub fn read(path: &Path, part: usize, key: &PartKey) -> Result<Self, WorkError> {
        let read = || -> io::Result<Self> {
            let mut file = BufReader::new(File::open(path)?);
            let mut line = String::new();
            (&mut file).take(200).read_line(&mut line)?;
            let stream = BufReader::new(EncryptedReader::new(&key.input(), &line, file)?);
            let mut from = BufReader::new(DeflateDecoder::new(stream));
            let header: PartHeader = take_json(&mut from)?;
            if line != label(&header.run, part) || header.part != part {
                return Err(invalid());
            }
            let mut tables = Vec::new();
            while !from.fill_buf()?.is_empty() {
                tables.push(take_table(&mut from)?);
            }
            Ok(Self { header, tables })
        };
        let expected = || tr::tr!("what `bilik plan` wrote for part {}", part);
        read().map_err(|error| {
            foreign(path, error, &expected(), translatable!("copy the file again, and use the key of this part"))
        })
    }
}

fn take_table(from: &mut impl Read) -> io::Result<TableInput> {
    let TableLine { is_full, label, common, home_stations, keys } = take_json(from)?;
    let recipe = if is_full { Recipe::Full } else { Recipe::Near };
    let entries = (0..keys).map(|_| take_entry(from)).collect::<io::Result<_>>()?;
    Ok(TableInput { recipe, label, common, home_stations, entries })
}

fn take_entry(from: &mut impl Read) -> io::Result<(Details, TableValue)> {
    let details = Details::from_bytes(&take_bytes(from)?);
    let value = match take_u32(from)? {
        0 => TableValue::One(StationRef::Home(take_u32(from)?)),
        1 => TableValue::One(StationRef::Elsewhere(take_u32(from)?)),
        count if usize::try_from(count).is_ok_and(|count| count <= MAX_STATIONS_PER_KEY) => {
            TableValue::Several((0..count).map(|_| take_u32(from)).collect::<io::Result<_>>()?)
        }
        _ => return Err(invalid()),
    };
    Ok((details, value))
}
