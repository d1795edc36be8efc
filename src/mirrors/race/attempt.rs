//! A transfer from one mirror: how far it has come, and how fast it is.

use crate::mirrors::health::{Millis, Mirrors};

/// A rate counts only after this time.
pub(super) const SAMPLE: Millis = 500;
/// A slow transfer with at most this much time to go is left alone.
const NEARLY_DONE: Millis = 1_000;
/// A transfer that was last compared this long ago is compared with a mirror that has not answered yet, if it still has
/// [`LONG`] to go: mirrors that are all slow look like a slow line.
const RECONSIDER: Millis = 3_000;
/// What counts as long to go.
const LONG: Millis = 6_000;

/// A transfer from one mirror.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) mirror: usize,
    pub(super) began: Millis,
    /// When the answer began.
    pub(super) first_byte: Option<Millis>,
    pub(super) bytes: u32,
    /// When it last made progress, and how many bytes had come.
    pub(super) progressed: (Millis, u32),
    /// Where its recent rate is measured from, and where it will be measured from next: time and bytes.
    pub(super) lately: [(Millis, u32); 2],
    /// Since when it flows beside another, and how many bytes had come.
    pub(super) compared: (Millis, u32),
    /// Its rate before another flowed beside it.
    pub(super) alone: u64,
    /// Why other mirrors may be asked beside it, if they may.
    pub(super) late: Option<HedgeReason>,
    /// Whether it was found to share the line with another, so that its recent rate is the line's.
    pub(super) is_cleared: bool,
}

/// What a mirror did in this race.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tries {
    pub(super) errors: u32,
    /// How often it was silent or slow for too long.
    pub(super) lates: u32,
    pub(super) asks: u32,
    /// Whether it has ever begun to answer.
    pub(super) was_heard: bool,
}

/// Why another mirror may be asked beside one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HedgeReason {
    /// It made no progress.
    Silent,
    /// It is far below the line's bandwidth.
    Slow,
    /// It flows well but has so long to go that another mirror may be faster.
    Long,
}

impl Attempt {
    /// Milliseconds to go, at its rate since the comparison began.
    pub(super) fn left(&self, length: u32, now: Millis) -> Millis {
        let left = u64::from(length.saturating_sub(self.bytes)) * 1_000;
        left.checked_div(self.compared_rate(now)).unwrap_or(Millis::MAX)
    }

    /// Moves the window in which its recent rate is measured: five to ten eighths of `patience`. A fast beginning does not excuse
    /// a slow continuation, and a short lull does not count on a line with high latency.
    pub(super) fn mark(&mut self, patience: Millis, now: Millis) {
        let [_, last] = self.lately;
        if now >= last.0 + patience * 5 / 8 {
            self.lately = [last, (now, self.bytes)];
        }
    }

    /// Bytes per second since a time at which `from` bytes had come.
    fn rate_since(&self, (since, from): (Millis, u32), now: Millis) -> u64 {
        u64::from(self.bytes.saturating_sub(from)) * 1_000 / now.saturating_sub(since).max(1)
    }

    fn rate_lately(&self, now: Millis) -> u64 {
        let [from, _] = self.lately;
        self.rate_since(from, now)
    }

    /// Begins a comparison: another transfer flows beside it from now on.
    pub(super) fn compare(&mut self, now: Millis) {
        self.alone = self.rate_lately(now);
        self.compared = (now, self.bytes);
    }

    pub(super) fn compared_rate(&self, now: Millis) -> u64 {
        self.rate_since(self.compared, now)
    }

    /// Whether it was last compared [`RECONSIDER`] ago and still has [`LONG`] to go.
    pub(super) fn is_long(&self, length: u32, now: Millis) -> bool {
        self.first_byte.is_some() && now >= self.compared.0 + RECONSIDER && self.left(length, now) >= LONG
    }

    /// Whether it is far below the line's bandwidth and not nearly done.
    pub(super) fn is_slow(&self, length: u32, mirrors: &Mirrors, now: Millis) -> bool {
        let Some(first_byte) = self.first_byte.filter(|first_byte| now >= first_byte + SAMPLE) else { return false };
        let rate = if self.is_cleared { self.rate_since((first_byte, 0), now) } else { self.rate_lately(now) };
        let left = u64::from(length.saturating_sub(self.bytes)) * 1_000;
        mirrors.is_far_under(rate) && left > rate * NEARLY_DONE
    }
}
