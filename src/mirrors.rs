//! Which mirror next, when to ask a second one beside it, and when to give up: a pure state machine.
//!
//! [`Mirrors`] remembers how each mirror of a page did and what the line can do; a [`Race`] brings one file. Whoever fetches
//! tells a race what happened and does what its [`Step`]s say; time and chance come in from outside, so that the tests
//! drive all of it with a simulated clock.
//!
//! Asking a second mirror while the first one still may answer is hedging (Dean and Barroso, "The Tail at Scale", 2013). It
//! is done after a silence of [`Mirrors::patience`], or where a transfer is of late far slower than the line is known to be. Two
//! transfers that both flow are compared for a moment and one of them is ended, so that a line that is merely slow carries
//! hardly anything twice: where the second takes of the first one's rate, the line is the limit. Several mirrors that are slow
//! or tease on purpose can look like a slow line for some seconds; a long transfer is therefore compared with each mirror that
//! has not been heard yet. Nobody is asked for one file more than three times.

mod race;
#[cfg(test)]
mod simulated;

pub use race::{Race, Step};

/// Milliseconds on a clock that never goes back.
pub type Millis = u64;

/// The shortest silence before another mirror is asked.
const PATIENCE: Millis = 800;
/// The longest: a page that came late says little about the mirrors.
const MAX_PATIENCE: Millis = 4_000;
/// A mirror rests for so long after its first failure, and twice as long after each further one.
const REST: Millis = 2_000;
const MAX_REST: Millis = 300_000;
/// What a line is taken for until something is known of it: an ordinary 3G one, in bytes per second.
const ASSUMED_RATE: u64 = 128_000;

/// Why a mirror did not give what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer, an error, or a connection that was cut: it may be better in a moment.
    Unreachable,
    /// An answer that had to be refused: the same mirror is not asked for this file again.
    Refused,
}

/// The mirrors that a page names, by their position in its list, and the line that leads to them.
#[derive(Clone, Debug)]
pub struct Mirrors {
    health: Vec<Health>,
    /// From asking to the first byte.
    first_byte: Option<Millis>,
    /// Bytes per second.
    rate: Option<u64>,
    /// Transfers that share the line.
    running: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Health {
    /// In a row.
    failures: u32,
    rests_until: Millis,
}

impl Mirrors {
    /// So many mirrors, all in good health, on a line of which nothing is known.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { health: vec![Health::default(); count], first_byte: None, rate: None, running: 0 }
    }

    /// What the page knows of the line: how long its own first byte took, and the rate of its own files in bytes per second.
    pub fn seed_estimates(&mut self, first_byte: Option<Millis>, rate: Option<u64>) {
        self.first_byte = first_byte.or(self.first_byte);
        self.rate = rate.filter(|&rate| rate > 0).or(self.rate);
    }

    /// For so long a mirror may be silent before another is asked beside it.
    #[must_use]
    pub fn patience(&self) -> Millis {
        self.first_byte.unwrap_or_default().saturating_mul(3).clamp(PATIENCE, MAX_PATIENCE)
    }

    /// All mirrors in the order in which to ask: those in good health first, at random, so that voters spread over them;
    /// those that rest last, the one that has nearly rested before the others. `random` gives uniform words.
    pub fn order(&self, now: Millis, random: &mut dyn FnMut() -> u32) -> Vec<usize> {
        let mut left: Vec<(u64, u64, usize)> = Vec::with_capacity(self.health.len());
        for (at, health) in self.health.iter().enumerate() {
            let chance = u64::from(random()).saturating_mul(u64::from(health.failures) + 1);
            left.push((health.rests_until.saturating_sub(now), chance, at));
        }
        // So few that picking the least again and again is as good as sorting, and smaller.
        let mut order = Vec::with_capacity(left.len());
        while let Some(least) = left.iter().min().copied() {
            left.retain(|place| *place != least);
            order.push(least.2);
        }
        order
    }

    fn is_rested(&self, mirror: usize, now: Millis) -> bool {
        self.health.get(mirror).is_some_and(|health| health.rests_until <= now)
    }

    /// A mirror gave what was asked of it.
    pub fn answered(&mut self, mirror: usize) {
        if let Some(health) = self.health.get_mut(mirror) {
            *health = Health::default();
        }
    }

    /// A mirror failed, or was so late that another was asked: it rests, the longer the more often that happened, and by a
    /// random part less, so that the phones of a country do not come back all at once.
    pub fn failed(&mut self, mirror: usize, now: Millis, random: &mut dyn FnMut() -> u32) {
        let Some(health) = self.health.get_mut(mirror) else { return };
        let rest = REST.checked_shl(health.failures).unwrap_or(MAX_REST).min(MAX_REST);
        health.failures = health.failures.saturating_add(1).min(16);
        health.rests_until = now.saturating_add(rest / 2 + rest.saturating_mul(u64::from(random())) / (2 << 32));
    }

    /// A mirror that was taken for late was not: the line is slow.
    fn forgive(&mut self, mirror: usize) {
        self.answered(mirror);
    }

    /// Better news is believed at once, worse by an eighth: no mirror shall teach us to wait for it.
    fn learn_first_byte(&mut self, took: Millis) {
        let learn = |known: Millis| if took < known { took } else { known + (took - known) / 8 };
        self.first_byte = Some(self.first_byte.map_or(took, learn));
    }

    /// Better news is believed at once, worse by half.
    fn learn_rate(&mut self, rate: u64) {
        self.rate = Some(self.rate.map_or(rate, |known| if rate > known { rate } else { u64::midpoint(known, rate) }));
    }

    /// Whether a transfer of that rate is far under what the line can do, shared as it is.
    fn is_far_under(&self, rate: u64) -> bool {
        rate.saturating_mul(self.running.max(1)).saturating_mul(4) < self.rate.unwrap_or(ASSUMED_RATE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn words() -> impl FnMut() -> u32 {
        let mut word = 0_u32;
        move || {
            word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            word
        }
    }

    #[test]
    fn who_failed_comes_last_until_it_has_rested_or_answered() {
        let (mut mirrors, mut random) = (Mirrors::new(3), words());
        mirrors.failed(1, 0, &mut random);
        for _ in 0..20 {
            assert_eq!(mirrors.order(REST / 2 - 1, &mut random).last(), Some(&1));
        }
        let firsts = |mirrors: &Mirrors, now, random: &mut dyn FnMut() -> u32| -> BTreeSet<_> {
            (0..80).filter_map(|_| mirrors.order(now, random).first().copied()).collect()
        };
        assert_eq!(firsts(&mirrors, REST, &mut random).len(), 3, "who has rested is tried again");
        mirrors.failed(1, 0, &mut random);
        mirrors.answered(1);
        assert_eq!(firsts(&mirrors, 0, &mut random).len(), 3);
    }

    #[test]
    fn rests_grow_to_a_limit_and_differ_from_phone_to_phone() {
        let rest = |failures: u32, word: u32| {
            let mut mirrors = Mirrors::new(1);
            (0..failures).for_each(|_| mirrors.failed(0, 0, &mut || word));
            mirrors.health[0].rests_until
        };
        assert_eq!((rest(1, 0), rest(2, 0), rest(3, 0)), (REST / 2, REST, 2 * REST));
        assert!(rest(1, u32::MAX) < REST && rest(1, u32::MAX) > REST - 2);
        assert_eq!(rest(40, 0), MAX_REST / 2);
    }

    #[test]
    fn patience_follows_the_line_within_limits() {
        let mut mirrors = Mirrors::new(2);
        assert_eq!(mirrors.patience(), 800);
        mirrors.seed_estimates(Some(500), None);
        assert_eq!(mirrors.patience(), 1_500);
        mirrors.seed_estimates(Some(60_000), None);
        assert_eq!(mirrors.patience(), 4_000);
    }
}
