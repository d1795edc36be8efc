//! Output that never panics. The standard library's `println!` does when a pipe is closed (`bilik inspect FILE | head -1`) or a
//! disk is full. A command is given an [`Output`] and writes to it: `writeln!(output.stdout, "...")`. Whatever the text is made of,
//! it cannot steer a terminal: control characters are escaped here, in one place.

use anyhow::Context as _;
use bilik_publish::sinks::{for_json, for_terminal};
use std::cell::Cell;
use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use tr::tr;

/// Where a command writes.
#[derive(Debug, Default)]
pub(crate) struct Output {
    /// Results.
    pub stdout: Stdout,
    /// Problems, and what concerns the person at the terminal only.
    pub stderr: Stderr,
    /// Whether `--quiet` was given.
    pub is_quiet: bool,
}

impl Output {
    /// Summaries and advice: standard output, or nothing with `--quiet`.
    pub(crate) fn notes(&self) -> Notes<'_> {
        Notes((!self.is_quiet).then_some(&self.stdout))
    }
}

/// Where summaries and advice go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notes<'a>(Option<&'a Stdout>);

impl Notes<'_> {
    /// What `write!` and `writeln!` call.
    pub(crate) fn write_fmt(self, text: Arguments) {
        if let Some(stdout) = self.0 {
            stdout.write_fmt(text);
        }
    }
}

/// Standard output. It remembers whether something is missing from it.
#[derive(Debug, Default)]
pub(crate) struct Stdout {
    is_incomplete: Cell<bool>,
}

/// Standard error.
#[derive(Debug, Default)]
pub(crate) struct Stderr;

impl Stdout {
    /// What `write!` and `writeln!` call. A closed pipe is not an error: its reader has seen enough. Any other failure is
    /// reported once, and [`Self::is_incomplete`] remembers it.
    pub(crate) fn write_fmt(&self, text: Arguments) {
        let result = std::io::stdout().lock().write_all(for_terminal(&text.to_string()).as_bytes());
        self.check(result);
    }

    /// One readable JSON object.
    pub(crate) fn json(&self, value: &impl serde::Serialize) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(value).context(tr!("the answer cannot be written as JSON"))?;
        writeln!(self, "{}", for_json(&json));
        Ok(())
    }

    /// Writes by a function that takes a writer.
    pub(crate) fn with(&self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) {
        let result = write(&mut std::io::stdout().lock());
        self.check(result);
    }

    /// Whether something could not be written. A file with half of the output must not pass for the whole.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.is_incomplete.get()
    }

    fn check(&self, result: std::io::Result<()>) {
        let Err(error) = result else { return };
        if error.kind() != ErrorKind::BrokenPipe && !self.is_incomplete.replace(true) {
            writeln!(Stderr, "{}", tr!("bilik: standard output cannot be written: {}", error));
        }
    }
}

impl Stderr {
    /// What `write!` and `writeln!` call. If standard error cannot be written, there is nowhere to report that.
    #[expect(clippy::unused_self, reason = "`writeln!` calls it as a method")]
    pub(crate) fn write_fmt(&self, text: Arguments) {
        let _: std::io::Result<()> = std::io::stderr().lock().write_all(for_terminal(&text.to_string()).as_bytes());
    }
}
