//! Randomness from a seed: the same seed gives the same election, on every machine and with every version of `rand`.

use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, SeedableRng as _};

/// A seeded random number generator. It samples by a few lines of its own, because `rand` does not promise that its sampling
/// never changes.
pub(super) struct SeededRng(ChaCha8Rng);

impl SeededRng {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 to `limit - 1`; zero if `limit` is zero. The bias of the multiplication is below 2^-32 here.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(((self.0.next_u64() >> 32) * u64::from(limit)) >> 32).unwrap_or(0)
    }

    /// A number from `from` to `to`, both included.
    pub(super) fn within(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        f64::from(self.0.next_u32()) < probability * 4_294_967_296.0
    }

    /// An item of a list, each as likely as any other.
    pub(super) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = self.position(list.len());
        list.get(at).copied().unwrap_or_default()
    }

    /// An item of a list, the first three times as likely as on average and the last hardly ever: the head of a long tail.
    pub(super) fn pick_early<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = self.position(list.len()).min(self.position(list.len())).min(self.position(list.len()));
        list.get(at).copied().unwrap_or_default()
    }

    /// A position in a list of that length.
    pub(super) fn position(&mut self, length: usize) -> usize {
        let limit = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(limit)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed| {
            let mut dice = SeededRng::new(seed);
            [dice.below(1000), dice.below(1000), dice.below(1000), dice.below(1000)]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        // A golden vector: if it changes, every demo election changes with it.
        assert_eq!(numbers(1), [402, 80, 596, 219]);
    }

    #[test]
    fn chance_is_about_as_likely_as_asked() {
        let mut dice = SeededRng::new(3);
        let hits = (0..10_000).filter(|_| dice.chance(0.15)).count();
        assert!((1350..1650).contains(&hits), "{hits} of 10,000, expected 1,500");
        assert_eq!((dice.below(0), dice.within(5, 5)), (0, 5));
    }
}
