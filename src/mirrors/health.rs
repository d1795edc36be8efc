//! How each mirror behaved, and what the line can carry.

/// Milliseconds on a monotonic clock.
pub type Millis = u64;

/// The minimum silence before another mirror is asked.
const MIN_PATIENCE: Millis = 800;
/// The maximum: a page that loaded slowly says little about the mirrors.
const MAX_PATIENCE: Millis = 4_000;
/// The backoff after a mirror's first failure; it doubles with each further one.
const BACKOFF: Millis = 2_000;
const MAX_BACKOFF: Millis = 300_000;
/// The assumed bandwidth until one is measured, in bytes per second: an ordinary 3G connection.
const ASSUMED_RATE: u64 = 128_000;

/// Why a mirror did not deliver a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer, an error, or a broken connection. It may work in a moment.
    Unreachable,
    /// An answer that was rejected. The mirror is not asked for this file again.
    Refused,
}

/// The mirrors of a page, identified by their position in its list, and the line that leads to them.
///
/// ```
/// use bilik::mirrors::Mirrors;
///
/// let mut random = || 1 << 31;
/// let mut mirrors = Mirrors::new(2);
/// mirrors.failed(0, 1_000, &mut random);
/// assert_eq!(mirrors.order(1_000, &mut random), [1, 0], "a mirror that failed comes last");
/// mirrors.seed_estimates(Some(500), None);
/// assert_eq!(mirrors.patience(), 1_500, "milliseconds: three times the latency");
/// ```
#[derive(Clone, Debug)]
pub struct Mirrors {
    pub(super) health: Vec<Health>,
    /// Estimated latency: from request to first byte.
    first_byte: Option<Millis>,
    /// Estimated bandwidth in bytes per second.
    pub(super) rate: Option<u64>,
    /// The number of transfers that share the line.
    pub(super) running: u64,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Health {
    /// Consecutive failures.
    failures: u32,
    backs_off_until: Millis,
}

impl Mirrors {
    /// `count` healthy mirrors, bandwidth unknown.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { health: vec![Health::default(); count], first_byte: None, rate: None, running: 0 }
    }

    /// Latency and bandwidth (bytes per second) from the page's own load.
    pub fn seed_estimates(&mut self, first_byte: Option<Millis>, rate: Option<u64>) {
        self.first_byte = first_byte.or(self.first_byte);
        self.rate = rate.filter(|&rate| rate > 0).or(self.rate);
    }

    /// How long a mirror may be silent before another is asked too: three times the latency, within limits.
    #[must_use]
    pub fn patience(&self) -> Millis {
        self.first_byte.unwrap_or_default().saturating_mul(3).clamp(MIN_PATIENCE, MAX_PATIENCE)
    }

    /// All mirrors in the order in which to ask them: healthy ones first, in random order, so that voters spread over them; then
    /// those in backoff, the shortest remaining one first. `random` returns uniform words.
    pub fn order(&self, now: Millis, random: &mut dyn FnMut() -> u32) -> Vec<usize> {
        let mut left: Vec<(u64, u64, usize)> = Vec::with_capacity(self.health.len());
        for (at, health) in self.health.iter().enumerate() {
            let rank = u64::from(random()) * (u64::from(health.failures) + 1);
            left.push((health.backs_off_until.saturating_sub(now), rank, at));
        }
        // For a few mirrors, repeated selection is as fast as sorting, and smaller.
        let mut order = Vec::with_capacity(left.len());
        while let Some(least) = left.iter().min().copied() {
            left.retain(|entry| *entry != least);
            order.push(least.2);
        }
        order
    }

    /// Whether a mirror is not in backoff.
    pub(super) fn is_available(&self, mirror: usize, now: Millis) -> bool {
        self.health.get(mirror).is_some_and(|health| health.backs_off_until <= now)
    }

    /// Records that a mirror delivered a file.
    pub fn answered(&mut self, mirror: usize) {
        if let Some(health) = self.health.get_mut(mirror) {
            *health = Health::default();
        }
    }

    /// Records that a mirror failed, or was so late that another was asked. It is put into exponential backoff, with jitter so
    /// that the phones of a country do not return all at once.
    pub fn failed(&mut self, mirror: usize, now: Millis, random: &mut dyn FnMut() -> u32) {
        let Some(health) = self.health.get_mut(mirror) else { return };
        let backoff = BACKOFF.checked_shl(health.failures).unwrap_or(MAX_BACKOFF).min(MAX_BACKOFF);
        health.failures = health.failures.saturating_add(1).min(16);
        health.backs_off_until = now.saturating_add(backoff / 2 + backoff * u64::from(random()) / (2 << 32));
    }

    /// Records that a mirror was considered late although the line is slow.
    pub(super) fn forgive(&mut self, mirror: usize) {
        self.answered(mirror);
    }

    /// A lower latency is adopted at once, a higher one by an eighth, so that a slow mirror cannot teach readers to wait for it.
    pub(super) fn learn_first_byte(&mut self, took: Millis) {
        let learn = |known: Millis| if took < known { took } else { known + (took - known) / 8 };
        self.first_byte = Some(self.first_byte.map_or(took, learn));
    }

    /// A higher bandwidth is adopted at once, a lower one by half.
    pub(super) fn learn_rate(&mut self, rate: u64) {
        self.rate = Some(self.rate.map_or(rate, |known| if rate > known { rate } else { u64::midpoint(known, rate) }));
    }

    /// Whether a transfer at this rate is far below its share of the line's bandwidth.
    pub(super) fn is_far_under(&self, rate: u64) -> bool {
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
    fn a_failed_mirror_comes_last_until_it_answers_or_its_backoff_ends() {
        let (mut mirrors, mut random) = (Mirrors::new(3), words());
        mirrors.failed(1, 0, &mut random);
        for _ in 0..20 {
            assert_eq!(mirrors.order(BACKOFF / 2 - 1, &mut random).last(), Some(&1));
        }
        let firsts = |mirrors: &Mirrors, now, random: &mut dyn FnMut() -> u32| -> BTreeSet<_> {
            (0..80).filter_map(|_| mirrors.order(now, random).first().copied()).collect()
        };
        assert_eq!(firsts(&mirrors, BACKOFF, &mut random).len(), 3, "tried again after the backoff");
        mirrors.failed(1, 0, &mut random);
        mirrors.answered(1);
        assert_eq!(firsts(&mirrors, 0, &mut random).len(), 3);
    }

    #[test]
    fn backoff_grows_to_a_limit_with_jitter() {
        let backoff = |failures: u32, word: u32| {
            let mut mirrors = Mirrors::new(1);
            (0..failures).for_each(|_| mirrors.failed(0, 0, &mut || word));
            mirrors.health[0].backs_off_until
        };
        assert_eq!((backoff(1, 0), backoff(2, 0), backoff(3, 0)), (BACKOFF / 2, BACKOFF, 2 * BACKOFF));
        assert!(backoff(1, u32::MAX) < BACKOFF && backoff(1, u32::MAX) > BACKOFF - 2);
        assert_eq!(backoff(40, 0), MAX_BACKOFF / 2);
    }

    #[test]
    fn a_mirror_is_available_until_it_fails_and_when_its_backoff_has_ended() {
        let mut mirrors = Mirrors::new(2);
        assert!(mirrors.is_available(0, 0) && !mirrors.is_available(2, 0));
        mirrors.failed(0, 500, &mut || 0);
        assert!(!mirrors.is_available(0, 500 + BACKOFF / 2 - 1) && mirrors.is_available(0, 500 + BACKOFF / 2));
        assert!(mirrors.is_available(1, 500));
        mirrors.forgive(0);
        assert!(mirrors.is_available(0, 500));
    }

    #[test]
    fn whoever_failed_before_is_asked_first_less_often() {
        let mut mirrors = Mirrors::new(2);
        mirrors.failed(0, 0, &mut || 0);
        let order = |words: [u32; 2]| {
            let mut words = words.into_iter();
            mirrors.order(BACKOFF, &mut || words.next().unwrap())
        };
        assert_eq!((order([10, 19]), order([10, 21])), (vec![1, 0], vec![0, 1]), "twice its word counts");
    }

    #[test]
    fn latency_is_learnt_at_once_where_it_is_lower_and_by_an_eighth_where_it_is_higher() {
        let mut mirrors = Mirrors::new(1);
        let mut learn = |took| {
            mirrors.learn_first_byte(took);
            mirrors.first_byte
        };
        assert_eq!([learn(900), learn(800), learn(1_600), learn(900), learn(300)], [900, 800, 900, 900, 300].map(Some));
    }

    #[test]
    fn bandwidth_is_learnt_at_once_where_it_is_higher_and_by_half_where_it_is_lower() {
        let mut mirrors = Mirrors::new(1);
        let mut learn = |rate| {
            mirrors.learn_rate(rate);
            mirrors.rate
        };
        assert_eq!([learn(1_000), learn(3_000), learn(2_000), learn(2_500)], [1_000, 3_000, 2_500, 2_500].map(Some));
        mirrors.seed_estimates(None, Some(0));
        assert_eq!(mirrors.rate, Some(2_500), "the page's own load told nothing");
        mirrors.seed_estimates(None, Some(1));
        assert_eq!((mirrors.rate, mirrors.first_byte), (Some(1), None));
    }

    #[test]
    fn a_transfer_is_far_under_its_share_below_a_quarter_of_it() {
        let mut mirrors = Mirrors::new(1);
        assert!(mirrors.is_far_under(ASSUMED_RATE / 4 - 1) && !mirrors.is_far_under(ASSUMED_RATE / 4));
        mirrors.learn_rate(12_000);
        mirrors.running = 3;
        assert!(mirrors.is_far_under(999) && !mirrors.is_far_under(1_000));
        mirrors.running = 0;
        assert!(mirrors.is_far_under(2_999) && !mirrors.is_far_under(3_000));
    }

    #[test]
    fn patience_follows_latency_within_limits() {
        let mut mirrors = Mirrors::new(2);
        assert_eq!(mirrors.patience(), 800);
        mirrors.seed_estimates(Some(500), None);
        assert_eq!(mirrors.patience(), 1_500);
        mirrors.seed_estimates(Some(60_000), None);
        assert_eq!(mirrors.patience(), 4_000);
    }
}
