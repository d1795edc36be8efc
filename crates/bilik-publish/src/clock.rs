//! The clock of the machine that signs.

use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's clock cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", tr::tr!("this machine's clock is set before 1970. Fix: set the clock"))]
pub struct ClockError;

/// Seconds since 1970.
///
/// # Errors
/// When the clock is set before 1970.
pub fn now() -> Result<u64, ClockError> {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|now| now.as_secs()).map_err(|_| ClockError)
}
