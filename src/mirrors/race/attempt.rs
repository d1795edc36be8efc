//! One mirror that is being asked: how far it is, and how fast.

use super::super::{Millis, Mirrors};

/// A rate is measured for so long before it counts.
pub(super) const SAMPLE: Millis = 500;
/// A slow transfer that has no more than this to go is left alone.
const NEARLY_DONE: Millis = 1_000;
/// A transfer that has run for so long since it was last compared, and has so long to go, is compared with whoever has not
/// been heard: mirrors that are slow together look like a slow line. It costs half a judgement of the line for each.
pub(super) const RECONSIDER: Millis = 3_000;
const LONG: Millis = 6_000;

/// A mirror that is being asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) mirror: usize,
    pub(super) began: Millis,
    /// When the answer began.
    pub(super) first_byte: Option<Millis>,
    pub(super) bytes: u32,
    /// When it last made progress, and at how many bytes.
    pub(super) progressed: (Millis, u32),
    /// From where its rate of late is measured, and from where it will be next.
    pub(super) lately: [(Millis, u32); 2],
    /// Since when it flows beside another, and from how many bytes.
    pub(super) compared: (Millis, u32),
    /// The rate at which it came before another flowed beside it.
    pub(super) alone: u64,
    /// Others may be asked beside it.
    pub(super) late: Option<HedgeReason>,
    /// It shared the line with another: what it does of late is the line's doing.
    pub(super) is_cleared: bool,
}

/// What a mirror has done in this race.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tries {
    pub(super) errors: u32,
    /// How often it was silent, or slow, for too long.
    pub(super) lates: u32,
    pub(super) asks: u32,
    pub(super) was_heard: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HedgeReason {
    Silent,
    Slow,
    /// It flows as it should, but will take so long that others may show whether they are faster.
    Long,
}

impl Attempt {
    /// Milliseconds to go, by the rate at which it came since it is compared.
    pub(super) fn left(&self, length: u32, now: Millis) -> Millis {
        let left = u64::from(length.saturating_sub(self.bytes)).saturating_mul(1_000);
        left.checked_div(self.compared_rate(now)).unwrap_or(Millis::MAX)
    }

    /// Takes note of how far it is: only its rate in the last while counts, from five to ten eighths of patience. What came at
    /// once in the beginning excuses no dripping later, and a lull is no dripping on a line of long waits.
    pub(super) fn mark(&mut self, patience: Millis, now: Millis) {
        let [_, last] = self.lately;
        if now >= last.0 + patience * 5 / 8 {
            self.lately = [last, (now, self.bytes)];
        }
    }

    /// Bytes per second since it was so far.
    fn rate_since(&self, (since, from): (Millis, u32), now: Millis) -> u64 {
        u64::from(self.bytes.saturating_sub(from)).saturating_mul(1_000) / now.saturating_sub(since).max(1)
    }

    fn rate_lately(&self, now: Millis) -> u64 {
        let [from, _] = self.lately;
        self.rate_since(from, now)
    }

    /// Another flows beside it from now on.
    pub(super) fn compare(&mut self, now: Millis) {
        self.alone = self.rate_lately(now);
        self.compared = (now, self.bytes);
    }

    pub(super) fn compared_rate(&self, now: Millis) -> u64 {
        self.rate_since(self.compared, now)
    }

    /// Not compared for long, and long to go.
    pub(super) fn is_long(&self, length: u32, now: Millis) -> bool {
        self.first_byte.is_some() && now >= self.compared.0 + RECONSIDER && self.left(length, now) >= LONG
    }

    /// Far under what the line can do, with more to go than it is worth waiting for.
    pub(super) fn is_slow(&self, length: u32, mirrors: &Mirrors, now: Millis) -> bool {
        let Some(first_byte) = self.first_byte.filter(|first_byte| now >= first_byte + SAMPLE) else { return false };
        let rate = if self.is_cleared { self.rate_since((first_byte, 0), now) } else { self.rate_lately(now) };
        let left = u64::from(length.saturating_sub(self.bytes)).saturating_mul(1_000);
        mirrors.is_far_under(rate) && left > rate.saturating_mul(NEARLY_DONE)
    }
}
