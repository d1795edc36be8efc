//! Progress of long work on standard error: a bar with rate and time left on a terminal; plain lines, half a minute apart, in a log.

use crate::output::{Output, Stderr};
use bilik_publish::language::{number, translated};
use bilik_publish::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tr::tr;

/// Lines of a log come this far apart. Work that takes less writes none.
const LOG_INTERVAL: Duration = Duration::from_secs(30);

/// Shows the progress of each phase.
pub(super) struct ProgressBars(Mutex<Shown>);

enum Shown {
    Nothing,
    Bar(ProgressBar),
    Log(LogLines),
}

/// One phase in a log.
struct LogLines {
    phase: String,
    total: u64,
    done: u64,
    began: Instant,
    /// When the last line was written, since the beginning.
    last: Duration,
}

impl ProgressBars {
    pub(super) fn new(output: &Output) -> Self {
        let shown = match () {
            () if output.is_quiet => Shown::Nothing,
            () if std::io::stderr().is_terminal() => Shown::Bar(ProgressBar::hidden()),
            () => Shown::Log(LogLines::begin("", 0)),
        };
        Self(Mutex::new(shown))
    }
}

impl Progress for ProgressBars {
    fn begin(&self, name: &str, total: u64) {
        let Ok(mut shown) = self.0.lock() else { return };
        match &mut *shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                bar.finish_and_clear();
                *bar = new_bar(translated(name), total);
            }
            Shown::Log(lines) => *lines = LogLines::begin(translated(name), total),
        }
    }

    fn advance(&self, by: u64) {
        let Ok(mut shown) = self.0.lock() else { return };
        match &mut *shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.inc(by),
            Shown::Log(lines) => {
                if let Some(line) = lines.advance(by, lines.began.elapsed()) {
                    writeln!(Stderr, "{line}");
                }
            }
        }
    }

    fn end(&self) {
        if let Ok(Shown::Bar(bar)) = self.0.lock().as_deref() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for ProgressBars {
    fn drop(&mut self) {
        self.end();
    }
}

fn new_bar(phase: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8));
    let style = ProgressStyle::with_template("{msg:<24} {wide_bar:.green} {amounts}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    // Its own numbers would be English.
    bar.set_style(style.with_key("amounts", |state: &ProgressState, out: &mut dyn Write| {
        let text = amounts(state.pos(), state.len().unwrap_or_default(), state.per_sec(), Some(state.eta()));
        out.write_str(&text).unwrap_or_default();
    }));
    bar.set_message(phase.to_owned());
    bar
}

/// How much is done, how fast, and how long it still takes.
fn amounts(done: u64, total: u64, per_second: f64, left: Option<Duration>) -> String {
    let left = left.map_or_else(|| "?".to_owned(), in_words);
    tr!("{} of {}, {} per second, {} left", number(done), number(total), number(whole(per_second)), left)
}

/// A rate without its fraction.
fn whole(rate: f64) -> u64 {
    // The number of whole seconds of a duration is the one safe conversion that the standard library has.
    Duration::try_from_secs_f64(rate).map_or(0, |rate| rate.as_secs())
}

fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds < 120 => tr!("{} s", seconds),
        seconds if seconds < 7_200 => tr!("{} min", seconds / 60),
        seconds => tr!("{} h", number(seconds / 3_600)),
    }
}

impl LogLines {
    fn begin(phase: &str, total: u64) -> Self {
        Self { phase: phase.to_owned(), total, done: 0, began: Instant::now(), last: Duration::ZERO }
    }

    /// Counts what was done, and gives a line where one is due. `elapsed` is the time since the beginning.
    fn advance(&mut self, by: u64, elapsed: Duration) -> Option<String> {
        self.done = self.done.saturating_add(by);
        if elapsed < self.last + LOG_INTERVAL {
            return None;
        }
        self.last = elapsed;
        let per_second = fraction(self.done) / elapsed.as_secs_f64();
        let left = Duration::try_from_secs_f64(fraction(self.total.saturating_sub(self.done)) / per_second).ok();
        Some(format!("bilik: {}: {}", self.phase, amounts(self.done, self.total, per_second, left)))
    }
}

/// A count as a fraction, for a rate.
fn fraction(count: u64) -> f64 {
    Duration::from_secs(count).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_gets_plain_lines_half_a_minute_apart_with_rate_and_time_left() {
        let mut lines = LogLines::begin("sealing", 100_000);
        let mut at = |by, seconds| lines.advance(by, Duration::from_secs(seconds));
        assert_eq!(at(9_000, 29), None);
        assert_eq!(at(1_000, 30).as_deref(), Some("bilik: sealing: 10,000 of 100,000, 333 per second, 4 min left"));
        assert_eq!(at(1_000, 59), None);
        let line = at(69_000, 60).unwrap();
        assert_eq!(line, "bilik: sealing: 80,000 of 100,000, 1,333 per second, 15 s left");
        assert!(!line.contains(char::is_control));
    }

    #[test]
    fn nothing_done_has_no_time_left() {
        let mut lines = LogLines::begin("reading", 7);
        let line = lines.advance(0, Duration::from_secs(31)).unwrap();
        assert_eq!(line, "bilik: reading: 0 of 7, 0 per second, ? left");
        assert_eq!((in_words(Duration::from_secs(7_200)), whole(f64::NAN)), ("2 h".into(), 0));
    }
}
