//! Progress bars: drawn on a terminal, silent elsewhere.

use bilik_publish::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;

/// Shows the progress of each phase on standard error.
pub(super) struct ProgressBars(Mutex<ProgressBar>);

impl ProgressBars {
    pub(super) fn new() -> Self {
        Self(Mutex::new(ProgressBar::hidden()))
    }

    fn bar(&self) -> ProgressBar {
        self.0.lock().map_or_else(|_| ProgressBar::hidden(), |bar| bar.clone())
    }
}

impl Progress for ProgressBars {
    fn begin(&self, name: &str, total: u64) {
        self.end();
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8));
        let style = ProgressStyle::with_template("{msg:<24} {wide_bar:.green} {human_pos:>13} of {human_len}  {eta:>4} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(name.to_owned());
        if let Ok(mut shown) = self.0.lock() {
            *shown = bar;
        }
    }

    fn advance(&self, by: u64) {
        self.bar().inc(by);
    }

    fn end(&self) {
        self.bar().finish_and_clear();
    }
}

impl Drop for ProgressBars {
    fn drop(&mut self) {
        self.end();
    }
}
