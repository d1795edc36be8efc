//! Days counted from today.

use anyhow::Context as _;
use bilik::{DAY_SECONDS, Day};
use std::time::{SystemTime, UNIX_EPOCH};
use tr::tr;

/// The day that is `days` days from today, in UTC.
pub(super) fn days_from_today(days: u32) -> anyhow::Result<Day> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let today = now.and_then(|now| u32::try_from(now.as_secs() / DAY_SECONDS).ok());
    let day = today.and_then(|today| today.checked_add(days)).and_then(Day::of_number);
    day.context(tr!("the clock of this computer is wrong by decades. Fix: set it, then try again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_ahead_are_counted_from_today() {
        let today = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / DAY_SECONDS;
        assert_eq!(u64::from(days_from_today(30).unwrap().number().unwrap()), today + 30);
        assert!(days_from_today(u32::MAX).is_err());
    }
}
