//! What a part's worker made: a receipt, then the sealed files.
//!
//! ```text
//! text   "bilik part 1 output <run> <part>\n", which is authenticated with every chunk of what follows, encrypted:
//! json   Receipt
//! bytes  for each file, in the receipt's order: what is published
//! ```

use super::codec::{invalid, put_bytes, put_json, take_bytes, take_json};
use super::error::{WorkError, foreign};
use super::keys::PartKey;
use crate::durable::NewFile;
use crate::encrypted::{EncryptedReader, EncryptedWriter};
use crate::io_error::IoError;
use crate::language::translatable;
use crate::seal::SealedTable;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// What a worker did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The run, in hex.
    pub run: String,
    /// The part.
    pub part: usize,
    /// Keys that were derived; each was asked of its file, which was read back.
    pub keys: u64,
    /// CPU seconds, of all threads.
    pub cpu_seconds: f64,
    /// Its files, in the order of the plan.
    pub files: Vec<SealedFile>,
}

/// One sealed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SealedFile {
    /// Its label.
    pub label: String,
    /// Whether it is by `full`; else it is by `near`.
    pub is_full: bool,
    /// Its keys.
    pub keys: u64,
    /// Its length when it is inflated.
    pub inflated: u32,
}

fn label(run: &str, part: usize) -> String {
    format!("bilik part 1 output {run} {part}\n")
}

/// Writes what a worker made. The file appears when it is whole and on the disk.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_output(
    path: &Path,
    mut file: NewFile,
    key: &PartKey,
    receipt: &Receipt,
    tables: &[SealedTable],
) -> Result<(), WorkError> {
    let cannot_write = || IoError::advising(path, "cannot be written", "Fix: make room on the disk");
    let label = label(&receipt.run, receipt.part);
    file.write_all(label.as_bytes()).map_err(cannot_write())?;
    let mut to = EncryptedWriter::new(&key.output(), &label, file)?;
    put_json(&mut to, receipt).map_err(cannot_write())?;
    for table in tables {
        put_bytes(&mut to, &table.bytes).map_err(cannot_write())?;
    }
    Ok(to.finish().map_err(cannot_write())?.persist()?)
}

/// What a worker made, file by file.
pub(crate) struct SealedPart {
    /// What it did.
    pub receipt: Receipt,
    from: EncryptedReader<BufReader<File>>,
}

impl SealedPart {
    /// Opens it, and reads the receipt.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or is of another part or plan.
    pub fn open(path: &Path, run: &str, part: usize, key: &PartKey) -> Result<Self, WorkError> {
        let read = || -> io::Result<Self> {
            let mut file = BufReader::new(File::open(path)?);
            let mut line = String::new();
            (&mut file).take(200).read_line(&mut line)?;
            if line != label(run, part) {
                return Err(invalid());
            }
            let mut from = EncryptedReader::new(&key.output(), &line, file)?;
            let receipt: Receipt = take_json(&mut from)?;
            if (receipt.run.as_str(), receipt.part) == (run, part) { Ok(Self { receipt, from }) } else { Err(invalid()) }
        };
        read().map_err(|error| refused(path, part, error))
    }

    /// The next file's bytes.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn next(&mut self, path: &Path) -> Result<Vec<u8>, WorkError> {
        take_bytes(&mut self.from).map_err(|error| refused(path, self.receipt.part, error))
    }

    /// Makes sure that nothing follows.
    ///
    /// # Errors
    /// When something does.
    pub fn finish(mut self, path: &Path) -> Result<(), WorkError> {
        let end = self.from.read(&mut [0]).and_then(|more| if more == 0 { Ok(()) } else { Err(invalid()) });
        end.map_err(|error| refused(path, self.receipt.part, error))
    }
}

fn refused(path: &Path, part: usize, error: io::Error) -> WorkError {
    let fix = translatable!("remove it, and run `bilik seal` for this part again");
    foreign(path, error, &tr::tr!("what `bilik seal` made of part {} of this plan", part), fix)
}
