//! Output that never panics. `println!` of the standard library does when a pipe is closed (`bilik inspect FILE | head -1`) or a
//! disk is full; those of this module stand in its place in the whole crate, so that nobody has to remember.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether something that was to be said could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

macro_rules! print {
    ($($text:tt)*) => { $crate::output::out(format_args!($($text)*)) };
}

macro_rules! println {
    ($($text:tt)*) => { $crate::output::out(format_args!("{}\n", format_args!($($text)*))) };
}

macro_rules! eprint {
    ($($text:tt)*) => { $crate::output::err(format_args!($($text)*)) };
}

macro_rules! eprintln {
    ($($text:tt)*) => { $crate::output::err(format_args!("{}\n", format_args!($($text)*))) };
}

/// On standard output. Whoever closed a pipe has seen enough; what else goes wrong is told once, and is in the exit status.
pub(crate) fn out(text: Arguments) {
    let Err(error) = std::io::stdout().lock().write_fmt(text) else { return };
    if error.kind() != ErrorKind::BrokenPipe && !LOST.swap(true, Ordering::Relaxed) {
        err(format_args!("bilik: standard output cannot be written: {error}\n"));
    }
}

/// On standard error. Where that cannot be written, there is nowhere to say so.
pub(crate) fn err(text: Arguments) {
    let _: std::io::Result<()> = std::io::stderr().lock().write_fmt(text);
}

/// Whether standard output lacks something.
pub(crate) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}
