//! Sealing one file of a table: it is read back and asked for every key before it counts as sealed.

use crate::cancel::{CancellationToken, Interrupted};
use crate::derive::{DeriveError, Derivers};
use crate::randomness::{Randomness, nonce};
use crate::tables::TableInput;
use bilik::format::{self, FileRef, FormatError, Sealing};
use bilik::{CommonTokens, Details, Key, Recipe, Table, TableHeader, TableValue, table_salt};
use rand::Rng as _;

/// What all tables of an election have in common.
pub(crate) struct SealContext<'a> {
    /// The election's id.
    pub election: &'a str,
    /// What a key costs.
    pub sealing: Sealing,
    /// Stations of the election.
    pub all_stations: u32,
    /// Randomness.
    pub randomness: &'a Randomness,
    /// Derive the keys.
    pub derivers: &'a Derivers,
    /// Stops the derivations.
    pub cancel: &'a CancellationToken,
}

/// Why a table cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Keys cannot be derived, or two implementations of Argon2id disagree.
    #[error("{}", tr::tr!("table {} by {}: {}", label, format!("{recipe:?}"), error))]
    Derive {
        /// The table.
        label: String,
        /// The recipe.
        recipe: Recipe,
        /// Why not.
        error: DeriveError,
    },
    /// No table holds these keys.
    #[error("{}", tr::tr!("table {} by {} cannot be sealed: {}. This is a bug in Bilik: please report it", label, format!("{recipe:?}"), error))]
    Table {
        /// The table.
        label: String,
        /// The recipe.
        recipe: Recipe,
        /// Why not.
        error: bilik::SealError,
    },
    /// The table exceeds its limits, or does not read back.
    #[error("{}", tr::tr!("table {} by {}: {}", label, format!("{recipe:?}"), error))]
    Format {
        /// The table.
        label: String,
        /// The recipe.
        recipe: Recipe,
        /// What is wrong.
        error: FormatError,
    },
    /// The table that was read back does not lead to the right station.
    #[error("{}", tr::tr!("table {} by {}: it does not lead to the right station of a voter. This is a bug in Bilik: please report it", label, format!("{recipe:?}")))]
    WrongAnswer {
        /// The table.
        label: String,
        /// The recipe.
        recipe: Recipe,
    },
}

/// A sealed file.
pub(crate) struct SealedTable {
    /// As it is published.
    pub bytes: Vec<u8>,
    /// What its directory says of it.
    pub file: FileRef,
}

/// Seals one file, reads it back from its bytes, and asks it for every key. `on_keys` is called with the number of keys derived,
/// some at a time. Cost: one derivation a key, on all cores.
///
/// # Errors
/// When the run is cancelled, or when the file does not give the right station for one of its keys.
pub(crate) fn seal_table(
    context: &SealContext,
    input: &TableInput,
    on_keys: &(dyn Fn(u64) + Sync),
) -> Result<SealedTable, SealError> {
    let (label, recipe) = (&input.label, input.recipe);
    let bits = context.sealing.bits(recipe);
    let mut stream = context.randomness.stream(&format!("{label} {recipe:?}"));
    let nonce = nonce(&mut stream);
    let salt = table_salt(context.election, label, recipe, &nonce);
    let pepper = |(details, _): &(Details, TableValue)| (details.clone(), stream.next_u32() & ((1 << bits.pepper_bits) - 1));
    let peppered: Vec<(Details, u32)> = input.entries.iter().map(pepper).collect();
    let keys = context.derivers.keys(&salt, &peppered, context.cancel, on_keys).map_err(|error| derive_error(input, error))?;
    let sealed: Vec<(Key, TableValue)> =
        keys.into_iter().zip(&input.entries).map(|(key, (_, value))| (key, value.clone())).collect();
    let header = TableHeader {
        recipe,
        check_bits: bits.check_bits,
        label: label.clone(),
        nonce,
        common: input.common.clone(),
        home_stations: input.home_stations,
        all_stations: context.all_stations,
    };
    let table = Table::seal(&header, &sealed, &mut || stream.next_u64());
    let table = table.map_err(|error| SealError::Table { label: label.clone(), recipe, error })?;
    let format_error = |error| SealError::Format { label: label.clone(), recipe, error };
    let (bytes, file) = format::write(&table).map_err(format_error)?;
    // From the bytes that will be published, not from what led to them.
    let read: Table = format::read(&bytes, &file).map_err(format_error)?;
    let is_right = |(key, value): &(Key, TableValue)| read.open(key).as_ref() == Some(value);
    if sealed.iter().all(is_right) {
        Ok(SealedTable { bytes, file })
    } else {
        Err(SealError::WrongAnswer { label: label.clone(), recipe })
    }
}

/// Asks a file that somebody else sealed for one random key, as a reader does: by all of its peppers. It must be the file that
/// was asked for.
///
/// # Errors
/// When it is another one, when it does not lead to the right station, or when the run is cancelled.
pub(crate) fn ask_table(context: &SealContext, input: &TableInput, bytes: &[u8], file: &FileRef) -> Result<(), SealError> {
    let (label, recipe) = (&input.label, input.recipe);
    let wrong = || SealError::WrongAnswer { label: label.clone(), recipe };
    let format_error = |error| SealError::Format { label: label.clone(), recipe, error };
    let table: Table = format::read(bytes, file).map_err(format_error)?;
    let is_meant = (table.recipe(), table.label()) == (recipe, label.as_str())
        && table.common() == CommonTokens::new(input.common.clone())
        && table.check_bits() == context.sealing.bits(recipe).check_bits
        && table.stations() == (input.home_stations, context.all_stations);
    if !is_meant {
        return Err(wrong());
    }
    let mut choice = [0; 8];
    crate::randomness::fill(&mut choice).map_err(|error| derive_error(input, error.into()))?;
    let count = u64::try_from(input.entries.len()).unwrap_or_default();
    let index = u64::from_le_bytes(choice).checked_rem(count).and_then(|index| usize::try_from(index).ok());
    let Some((details, value)) = index.and_then(|index| input.entries.get(index)) else { return Ok(()) };
    let peppers = 0..1 << context.sealing.bits(recipe).pepper_bits;
    let peppered: Vec<(Details, u32)> = peppers.map(|pepper| (details.clone(), pepper)).collect();
    let salt = table.salt(context.election);
    let keys = context.derivers.keys(&salt, &peppered, context.cancel, &|_| ()).map_err(|error| derive_error(input, error))?;
    if keys.iter().any(|key| table.open(key).as_ref() == Some(value)) { Ok(()) } else { Err(wrong()) }
}

fn derive_error(input: &TableInput, error: DeriveError) -> SealError {
    match error {
        DeriveError::Interrupted(interrupted) => SealError::Interrupted(interrupted),
        error => SealError::Derive { label: input.label.clone(), recipe: input.recipe, error },
    }
}
