//! Sealing one part of a plan: by any worker, on any machine, any number of times.

use crate::cancel::{CancellationToken, Interrupted};
use crate::derive::{DeriveMethod, Derivers};
use crate::durable::{NewFile, RoomError, require_room};
use crate::progress::Progress;
use crate::randomness::{Randomness, RandomnessError};
use crate::seal::{SealContext, SealError, SealedTable, seal_table};
use crate::work::{PartHeader, PartInput, PartKey, Receipt, SealedFile, SealedPart, WorkError, WorkFolder, write_output};
use bilik::Recipe;
use rayon::prelude::*;

/// Bytes of a table for one key, at most: check bits and a wide value.
const ROOM_PER_KEY: u64 = 8;

/// What came of sealing a part.
#[derive(Clone, Debug)]
pub enum SealOutcome {
    /// It is sealed.
    Sealed(Receipt),
    /// It was sealed before; nothing was done.
    AlreadySealed(Receipt),
}

/// Why a part cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealPartError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The work folder cannot be used.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// There is no room for what would be made.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// A table cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl SealPartError {
    /// Whether the same command may succeed later or elsewhere: after an interruption, or where a disk or a folder was at fault.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Work(error) => error.may_pass(),
            Self::Interrupted(_) | Self::Room(_) | Self::Randomness(_) | Self::Seal(SealError::Interrupted(_)) => true,
            Self::Seal(_) => false,
        }
    }
}

/// Seals a part: derives its keys, solves its tables, reads each back and asks it for every key. The result appears when it is
/// whole and on the disk; a part that is sealed is left as it is. Nonces and peppers are fresh each time. Cost: one derivation a
/// key, on all cores; memory: some 200 bytes a key.
///
/// # Errors
/// [`SealPartError::may_pass`] tells whether to try again.
pub fn seal_part(
    work: &WorkFolder,
    part: usize,
    key: &PartKey,
    method: DeriveMethod,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<SealOutcome, SealPartError> {
    let (input_path, output_path) = (work.input_path(part), work.output_path(part));
    work.prepare_output(part)?;
    let input = PartInput::read(&input_path, part, key)?;
    let header = &input.header;
    if output_path.is_file() {
        let receipt = SealedPart::open(&output_path, &header.run, part, key)?.receipt;
        return Ok(SealOutcome::AlreadySealed(receipt));
    }
    let keys = input.tables.iter().map(|table| u64::try_from(table.entries.len()).unwrap_or_default()).sum::<u64>();
    require_room(work.path(), keys.saturating_mul(ROOM_PER_KEY))?;
    // Before an hour is spent on what could then not be written.
    let file = NewFile::new(&output_path).map_err(WorkError::from)?;
    let began = cpu_seconds();
    let sealed = seal_tables(&input, keys, method, progress, cancel)?;
    let receipt = Receipt {
        run: header.run.clone(),
        part,
        keys,
        cpu_seconds: cpu_seconds() - began,
        files: input
            .tables
            .iter()
            .zip(&sealed)
            .map(|(table, sealed)| SealedFile {
                label: table.label.clone(),
                is_full: table.recipe == Recipe::Full,
                keys: u64::try_from(table.entries.len()).unwrap_or_default(),
                inflated: sealed.file.inflated,
            })
            .collect(),
    };
    cancel.check()?;
    write_output(&output_path, file, key, &receipt, &sealed)?;
    Ok(SealOutcome::Sealed(receipt))
}

fn seal_tables(
    input: &PartInput,
    keys: u64,
    method: DeriveMethod,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Vec<SealedTable>, SealPartError> {
    let header = &input.header;
    let randomness = header.randomness()?;
    let derivers = Derivers::new(header.sealing().cost, method);
    let context = header.context(&randomness, &derivers, cancel);
    progress.begin("sealing", keys);
    let on_keys = |keys| progress.advance(keys);
    let sealed = input.tables.par_iter().map(|table| seal_table(&context, table, &on_keys)).collect::<Result<_, SealError>>();
    progress.end();
    Ok(sealed?)
}

impl PartHeader {
    /// Fresh, or a demo's.
    pub fn randomness(&self) -> Result<Randomness, RandomnessError> {
        self.seed.map_or_else(Randomness::fresh, |seed| Ok(Randomness::of_seed(seed)))
    }

    /// What its tables have in common.
    pub fn context<'a>(
        &'a self,
        randomness: &'a Randomness,
        derivers: &'a Derivers,
        cancel: &'a CancellationToken,
    ) -> SealContext<'a> {
        SealContext {
            election: &self.election,
            sealing: self.sealing(),
            all_stations: self.all_stations,
            randomness,
            derivers,
            cancel,
        }
    }
}

/// CPU time of this process so far; 0 where the system does not say.
fn cpu_seconds() -> f64 {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        std::time::Duration::try_from(time).map_or(0.0, |time| time.as_secs_f64())
    }
    #[cfg(not(unix))]
    0.0
}
