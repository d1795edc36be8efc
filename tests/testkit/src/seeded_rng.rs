//! Randomness that repeats, and files spoilt by it.

use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, SeedableRng as _};

/// Randomness that repeats.
pub struct SeededRng(ChaCha8Rng);

impl SeededRng {
    /// The same seed gives the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.0.next_u64() % limit.max(1) as u64) as usize
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.0.next_u32() as u8).collect()
    }

    /// Something else than some bytes: what disks, proxies, error pages and attackers make of a file.
    pub fn spoil(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        loop {
            let mut spoilt = bytes.to_vec();
            let (at, to) = (self.below(bytes.len()), self.below(bytes.len()));
            match self.below(9) {
                0 => spoilt[at] ^= 1 << self.below(8),
                1 => (0..=self.below(12)).for_each(|_| {
                    let at = self.below(bytes.len());
                    spoilt[at] = self.below(256) as u8;
                }),
                2 => spoilt.truncate(at),
                3 => spoilt.extend(self.bytes(1 + at)),
                4 => spoilt[at.min(to)..at.max(to)].fill(if self.below(2) == 0 { 0 } else { 255 }),
                5 => drop(spoilt.drain(at.min(to)..at.max(to))),
                6 => spoilt = self.bytes(bytes.len()),
                7 => {
                    spoilt.truncate(at);
                    spoilt.extend(&other[other.len().min(at)..]);
                }
                // Large numbers where a length may stand: 253 is a u64 to bincode, 252 a u32.
                _ => spoilt
                    .splice(at..at, [[253, 255, 255, 255, 255, 255, 255, 255, 127][self.below(9)], 252, 255, 255, 255, 255])
                    .for_each(drop),
            }
            if spoilt != bytes {
                return spoilt;
            }
        }
    }
}
