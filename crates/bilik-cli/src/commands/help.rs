//! What `--help` and the manual pages say besides the options.

use crate::exit::Exit;
use bilik_publish::language::translated;
use std::fmt;
use tr::tr;

/// Examples and exit statuses of one command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Help {
    /// Command lines, each with what it does.
    pub examples: &'static [(&'static str, &'static str)],
    /// Exit statuses, each with what it means.
    pub exit_statuses: &'static [(Exit, &'static str)],
}

/// As it stands at the end of `--help`.
impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", tr!("Examples:"))?;
        for (example, what) in self.examples {
            write!(f, "  {example}\n      {}\n", translated(what))?;
        }
        write!(f, "\n{}", tr!("Exit status:"))?;
        for (exit, meaning) in self.exit_statuses {
            write!(f, "\n  {:<3}  {}", exit.status(), translated(meaning))?;
        }
        Ok(())
    }
}
