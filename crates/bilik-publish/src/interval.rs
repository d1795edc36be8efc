//! A length of time as people write it: `30s`, `5m`, `2h`, `7d`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A length of time of a second or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    seconds: u64,
}

/// A text is not such a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", tr::tr!("not a length of time. Expected: a whole number and s, m, h or d, such as 30s, 5m or 2h"))]
pub struct IntervalError;

impl Interval {
    /// The longest that a text may say: a year.
    const MAX_SECONDS: u64 = 366 * 86_400;

    /// In seconds.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.seconds
    }

    /// For waiting.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        let text = text.trim();
        let (unit, length) = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)]
            .into_iter()
            .find(|(unit, _)| text.ends_with(*unit))
            .ok_or(IntervalError)?;
        let number = text.trim_end_matches(unit);
        let is_number = number.len() + 1 == text.len() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number: u64 = number.parse().ok().filter(|_| is_number).ok_or(IntervalError)?;
        let seconds = number.checked_mul(length).filter(|seconds| (1..=Self::MAX_SECONDS).contains(seconds));
        seconds.map(|seconds| Self { seconds }).ok_or(IntervalError)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_as_people_write_them() {
        for (text, seconds) in [("1s", 1), ("5m", 300), (" 2h ", 7_200), ("7d", 604_800), ("366d", 31_622_400)] {
            assert_eq!(text.parse::<Interval>().map(Interval::seconds), Ok(seconds), "{text}");
        }
        for text in ["", "5", "m", "0s", "-1s", "+1s", "1.5h", "5mm", "5 m", "5M", "367d", "99999999999999999999s", "٣m"] {
            assert_eq!(text.parse::<Interval>(), Err(IntervalError), "{text}");
        }
    }
}
