//! What a command came to, as its exit status. Each command's `--help` says what its statuses mean.

use std::process::ExitCode;

/// The exit status of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: the command did its work, and the answer is positive.
    Success,
    /// 1: the command did its work, and the answer is negative: errors in the input, a site that is not whole, nobody found.
    Negative,
    /// 2: the command could not do its work.
    Failure,
    /// 3: the command did its work, and found a proof that something is wrong: it must not pass for an ordinary negative answer.
    Contradiction,
    /// 65: the command could not do its work, and never will: its data are at fault. `EX_DATAERR` of sysexits.h, for engines that
    /// run a command again.
    Never,
    /// 75: it could not, but may at another time or place: `EX_TEMPFAIL`.
    TryAgain,
    /// 130: interrupted, by Ctrl-C or SIGTERM. 128 + SIGINT, as shells count.
    Interrupted,
}

impl Exit {
    /// The status as the system gets it.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Negative => 1,
            Self::Failure => 2,
            Self::Contradiction => 3,
            Self::Never => 65,
            Self::TryAgain => 75,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.status())
    }
}
