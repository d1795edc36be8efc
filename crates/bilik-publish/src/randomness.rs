//! Randomness for sealing: from the operating system, or from a fixed seed for a demo whose bytes must repeat.

use rand::rngs::ChaCha20Rng;
use rand::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

/// The operating system gives no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{}", tr::tr!("the operating system gives no random bytes: {}", _0))]
pub struct RandomnessError(pub getrandom::Error);

/// Fills bytes from the operating system.
///
/// # Errors
/// When it gives no random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), RandomnessError> {
    getrandom::fill(bytes).map_err(RandomnessError)
}

/// Where the random words of a build come from. Each table gets a stream of its own, so that the order in which tables are
/// sealed does not matter.
#[derive(Clone)]
pub struct Randomness([u8; 32]);

impl Randomness {
    /// Fresh from the operating system.
    ///
    /// # Errors
    /// When it gives no random bytes.
    pub fn fresh() -> Result<Self, RandomnessError> {
        let mut seed = [0; 32];
        fill(&mut seed)?;
        Ok(Self(seed))
    }

    /// The same words every time: for demos only.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        Self(Sha256::new().chain_update(b"bilik/demo-seed").chain_update(seed.to_le_bytes()).finalize().into())
    }

    /// The stream for one purpose.
    #[must_use]
    pub fn stream(&self, purpose: &str) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(Sha256::new().chain_update(self.0).chain_update(purpose).finalize().into())
    }
}

/// A nonce for a table's salt.
pub fn nonce(stream: &mut ChaCha20Rng) -> [u8; 16] {
    let mut nonce = [0; 16];
    stream.fill_bytes(&mut nonce);
    nonce
}
