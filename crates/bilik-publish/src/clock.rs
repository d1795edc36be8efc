//! The clock of the machine that signs.

use bilik::iso_utc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's clock cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// It is set before 1970.
    #[error("{}", tr::tr!("this machine's clock is set before 1970. Fix: set the clock"))]
    Before1970,
    /// The next serial would be more than a day after the signing: readers would refuse the head.
    #[error("{}", tr::tr!("the site's head was signed at {} or later by its serial, more than a day after this machine's clock. Fix: set the clock. If it is right, the other one was wrong: remove head.bilik from the site and publish again. Devices that have seen that head keep its data", iso_utc(*serial)))]
    BehindTheSite {
        /// The serial of the head that would be replaced: seconds since 1970.
        serial: u64,
    },
}

/// Seconds since 1970.
///
/// # Errors
/// When the clock is set before 1970.
pub fn now() -> Result<u64, ClockError> {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|now| now.as_secs()).map_err(|_| ClockError::Before1970)
}
