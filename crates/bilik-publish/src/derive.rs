//! Derives the keys of a table on all cores.
//!
//! Argon2id takes nearly all the time of a build, so the build derives with the fastest implementation that was measured and whose
//! source was read (`docs/derivers.md`). That one is young and unaudited, and one wrong key is a voter who is not found. So
//! `RustCrypto`'s implementation, which every reader uses, derives one random key of each [`KEYS_PER_CHECK`] again, and the build
//! stops at the first difference. Which keys these are comes from the operating system, also in a demo with a fixed seed.
//!
//! A derivation needs as much memory as it costs: 19 MiB. [`Derivers`] keeps one deriver for each thread, and one to check for every
//! eight threads, for the whole build: an allocator holds on to blocks of that size that were freed.

#[cfg(test)]
mod tests;

use crate::cancel::{CancellationToken, Interrupted};
use crate::randomness::RandomnessError;
use argon2_rust::params::{Memory, TagLen};
use argon2_rust::{Algorithm, Argon2, Hasher, Params, Version};
use bilik::{Cost, CostError, Deriver, Details, Key};
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Of this many keys of a table, `RustCrypto` derives one again; one, too, of what remains at the table's end.
pub const KEYS_PER_CHECK: usize = 64;

/// This many threads share one deriver that checks. A check takes some 4 % of a thread's time, so they seldom wait.
const THREADS_PER_CHECKER: usize = 8;

/// How keys are derived. Both give the same keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeriveMethod {
    /// By `argon2-rust`, and one random key of each [`KEYS_PER_CHECK`] again by `RustCrypto`.
    #[default]
    Fast,
    /// By `RustCrypto` alone, as readers do.
    RustCrypto,
    /// Gives wrong keys: the build must stop.
    #[cfg(test)]
    Wrong,
}

/// Why keys cannot be derived.
#[derive(Debug, thiserror::Error)]
pub enum DeriveError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The cost is out of range.
    #[error(transparent)]
    Cost(#[from] CostError),
    /// The operating system gives no random bytes, so no keys to check can be chosen.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The fast implementation fails.
    #[error("{}", tr::tr!("the fast derivation failed: {}. Fix: build again with --derive rustcrypto", _0))]
    Fast(#[from] argon2_rust::Error),
    /// The two implementations disagree.
    #[error("{}", tr::tr!("the fast derivation gave another key than RustCrypto's for the same details; expected the same key. Voters would not be found. Fix: build again with --derive rustcrypto, and report this with the model of the CPU, without any voter's details"))]
    Different,
}

/// Derives keys: the memory of one derivation, used again for the next.
trait KeyDeriver: Send {
    fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Result<Key, DeriveError>;
}

/// Makes a deriver.
type NewDeriver = fn(Cost) -> Result<Box<dyn KeyDeriver>, DeriveError>;

/// The derivers of one build.
pub struct Derivers {
    /// One for each thread.
    all: Slots,
    /// Derive some keys again.
    checkers: Option<Slots>,
}

impl Derivers {
    /// Derivers at this cost for the current thread pool. Each is made when it is first needed.
    #[must_use]
    pub fn new(cost: Cost, method: DeriveMethod) -> Self {
        match method {
            DeriveMethod::Fast => Self::checked(cost, fast),
            DeriveMethod::RustCrypto => Self { all: Slots::new(cost, rustcrypto, rayon::current_num_threads()), checkers: None },
            #[cfg(test)]
            DeriveMethod::Wrong => Self::checked(cost, tests::wrong),
        }
    }

    fn checked(cost: Cost, deriver: NewDeriver) -> Self {
        Self::checked_by(cost, deriver, rustcrypto)
    }

    fn checked_by(cost: Cost, deriver: NewDeriver, checker: NewDeriver) -> Self {
        let threads = rayon::current_num_threads();
        let checkers = Slots::new(cost, checker, threads.div_ceil(THREADS_PER_CHECKER));
        Self { all: Slots::new(cost, deriver, threads), checkers: Some(checkers) }
    }

    /// Derivers for [`Derivers::search`], which confirms each key that it finds: as many that check as there are threads.
    #[must_use]
    pub fn for_search(cost: Cost, method: DeriveMethod) -> Self {
        let Self { all, checkers } = Self::new(cost, method);
        let threads = all.by_thread.len();
        Self { all, checkers: checkers.map(|_| Slots::new(cost, rustcrypto, threads)) }
    }

    /// Derives the key of one pepper after another, until one is what is looked for, on the current thread. What the fast
    /// implementation finds, `RustCrypto` derives again; what it does not find, `RustCrypto` searches for itself. So the result
    /// is what a reader gets, and the fast implementation only says where to look. Half of the peppers are tried on average.
    ///
    /// # Errors
    /// When the run is cancelled, or `RustCrypto` cannot derive.
    pub fn search(
        &self,
        salt: &[u8; 32],
        details: &Details,
        pepper_bits: u8,
        cancel: &CancellationToken,
        is_sought: &dyn Fn(&Key) -> bool,
    ) -> Result<SearchResult, DeriveError> {
        let mut derivations = 0;
        let mut search = |slots: &Slots| {
            slots.with(|deriver| {
                for pepper in 0..1 << pepper_bits {
                    cancel.check()?;
                    derivations += 1;
                    let key = deriver.derive(salt, details, pepper)?;
                    if is_sought(&key) {
                        return Ok(Some((pepper, key)));
                    }
                }
                Ok(None)
            })
        };
        // Nothing depends on the fast implementation, so its failure is not an error.
        let hint = match search(&self.all) {
            Err(DeriveError::Interrupted(interrupted)) => return Err(interrupted.into()),
            Err(error) if self.checkers.is_none() => return Err(error),
            hint => hint.ok().flatten(),
        };
        let key = match (&self.checkers, hint) {
            (None, hint) => hint.map(|(_, key)| key),
            (Some(checkers), Some((pepper, key))) if checkers.with(|deriver| deriver.derive(salt, details, pepper))? == key => {
                return Ok(SearchResult { key: Some(key), derivations: derivations + 1 });
            }
            (Some(checkers), _) => search(checkers)?.map(|(_, key)| key),
        };
        Ok(SearchResult { key, derivations })
    }

    /// The keys of one table, in the order of their details, each with its pepper. `on_keys` is called with the number of keys
    /// derived, some at a time. Cost: one derivation a key, on all cores of the current thread pool.
    ///
    /// # Errors
    /// When the run is cancelled, when a derivation fails, or when a key that is derived again differs.
    pub fn keys(
        &self,
        salt: &[u8; 32],
        peppered: &[(Details, u32)],
        cancel: &CancellationToken,
        on_keys: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<Key>, DeriveError> {
        let chunks = peppered.par_chunks(KEYS_PER_CHECK).map(|chunk| {
            // Nothing in here may give its thread to other work of the pool, which could ask for the same slot.
            let keys = self.all.with(|deriver| {
                let derive = |(details, pepper): &(Details, u32)| {
                    cancel.check()?;
                    deriver.derive(salt, details, *pepper)
                };
                chunk.iter().map(derive).collect::<Result<Vec<Key>, DeriveError>>()
            })?;
            self.check(salt, chunk, &keys)?;
            on_keys(u64::try_from(chunk.len()).unwrap_or_default());
            Ok(keys)
        });
        Ok(chunks.collect::<Result<Vec<_>, DeriveError>>()?.concat())
    }

    /// Derives one random key of a chunk again.
    fn check(&self, salt: &[u8; 32], chunk: &[(Details, u32)], keys: &[Key]) -> Result<(), DeriveError> {
        let Some(checkers) = &self.checkers else { return Ok(()) };
        let mut word = [0; 8];
        getrandom::fill(&mut word).map_err(RandomnessError)?;
        let index = u64::from_le_bytes(word).checked_rem(u64::try_from(keys.len()).unwrap_or_default());
        let index = index.and_then(|index| usize::try_from(index).ok()).unwrap_or_default();
        let again = chunk.get(index).map(|(details, pepper)| checkers.with(|deriver| deriver.derive(salt, details, *pepper)));
        if again.transpose()?.as_ref() == keys.get(index) { Ok(()) } else { Err(DeriveError::Different) }
    }
}

/// What [`Derivers::search`] found.
#[derive(Clone, Copy, Debug)]
pub struct SearchResult {
    /// The key that was looked for, if there is one.
    pub key: Option<Key>,
    /// How many derivations it took.
    pub derivations: u64,
}

/// A fixed number of derivers, by the number of the thread.
struct Slots {
    cost: Cost,
    new: NewDeriver,
    by_thread: Vec<Mutex<Option<Box<dyn KeyDeriver>>>>,
}

impl Slots {
    fn new(cost: Cost, new: NewDeriver, count: usize) -> Self {
        Self { cost, new, by_thread: (0..count).map(|_| Mutex::new(None)).collect() }
    }

    /// Runs with this thread's deriver, alone.
    fn with<T>(&self, run: impl FnOnce(&mut dyn KeyDeriver) -> Result<T, DeriveError>) -> Result<T, DeriveError> {
        let thread = rayon::current_thread_index().unwrap_or_default();
        let slot = thread.checked_rem(self.by_thread.len()).and_then(|index| self.by_thread.get(index));
        // There is a slot: a thread pool has at least one thread.
        let Some(slot) = slot else { return run((self.new)(self.cost)?.as_mut()) };
        match &mut *slot.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(deriver) => run(deriver.as_mut()),
            empty => run(empty.insert((self.new)(self.cost)?).as_mut()),
        }
    }
}

impl KeyDeriver for Deriver {
    fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Result<Key, DeriveError> {
        Ok(Self::derive(self, salt, details, pepper))
    }
}

fn rustcrypto(cost: Cost) -> Result<Box<dyn KeyDeriver>, DeriveError> {
    Ok(Box::new(Deriver::new(cost)?))
}

impl KeyDeriver for Hasher {
    fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Result<Key, DeriveError> {
        Ok(Key::derive_with(salt, details, pepper, |password, salt, key| self.hash_into(password, salt, key))?)
    }
}

fn fast(cost: Cost) -> Result<Box<dyn KeyDeriver>, DeriveError> {
    if !cost.is_within_limits() {
        return Err(CostError { min: Cost::MIN, max: Cost::MAX, got: cost }.into());
    }
    let params = Params::builder().memory(Memory::kib(cost.memory_kib.into())).passes(cost.passes).lanes(1);
    let params = params.tag_len(TagLen::bytes(32)).build()?;
    Ok(Box::new(Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hasher()))
}
