//! What `--help` and the manual pages say besides the options.

use crate::exit::Exit;
use std::fmt;

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
        f.write_str("Examples:\n")?;
        for (example, what) in self.examples {
            write!(f, "  {example}\n      {what}\n")?;
        }
        f.write_str("\nExit status:")?;
        for (exit, meaning) in self.exit_statuses {
            write!(f, "\n  {:<3}  {meaning}", exit.status())?;
        }
        Ok(())
    }
}
