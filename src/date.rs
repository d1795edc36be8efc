//! Calendar days and UTC timestamps. Written here because a calendar crate would weigh more in the module than the ribbon.

/// A day of the proleptic Gregorian calendar.
///
/// ```
/// use bilik::Day;
///
/// let polling_day = Day::parse("2029-02-14").unwrap();
/// assert_eq!(polling_day.number(), Some(21_594));
/// assert_eq!(Day::parse("2029-02-30"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The year, 1900 to 9999.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: u8,
}

/// Seconds in a day.
pub const DAY_SECONDS: u64 = 86_400;

impl Day {
    /// Parses `YYYY-MM-DD`. `None` for any other form and for days that do not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        let day = Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        (day.year >= 1900 && Self::of_number(day.number()?) == Some(day)).then_some(day)
    }

    /// Days since 1970-01-01; `None` before 1970. The method is Howard Hinnant's `days_from_civil`.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        i64::from(self.year).checked_sub(i64::from(self.month <= 2)).and_then(|y| {
            let month = (i64::from(self.month) + 9) % 12;
            let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
            u32::try_from(365 * y + y / 4 - y / 100 + y / 400 + of_year - 719_468).ok()
        })
    }

    /// The day `days` days after 1970-01-01; `None` from the year 65536 on. The method is Howard Hinnant's `civil_from_days`.
    #[must_use]
    pub fn of_number(days: u32) -> Option<Self> {
        let z = i64::from(days) + 719_468;
        let (era, of_era) = (z / 146_097, z % 146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Some(Self {
            year: u16::try_from(year + era * 400 + i64::from(month <= 2)).ok()?,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(of_year - (153 * shifted + 2) / 5 + 1).ok()?,
        })
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Formats seconds since 1970 as ISO 8601 in UTC: `2024-02-14T00:00:00Z`; `out of range` where no such day exists.
#[must_use]
pub fn iso_utc(seconds: u64) -> String {
    let day = u32::try_from(seconds / DAY_SECONDS).ok().and_then(Day::of_number);
    let Some(day) = day else { return String::from("out of range") };
    let rest = seconds % DAY_SECONDS;
    format!("{day}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_convert_to_numbers_and_back() {
        for (text, number) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2024-02-14", 19_767), ("2099-12-31", 47_481)] {
            let day = Day::parse(text).unwrap();
            assert_eq!((day.number(), day.to_string().as_str()), (Some(number), text));
            assert_eq!(Day::of_number(number), Some(day));
        }
    }

    #[test]
    fn texts_that_are_not_a_day_are_rejected() {
        for text in ["", "2024-02-30", "2023-02-29", "2024-13-01", "24-02-14", "2024-2-14", "2024-02-14-01", "1869-01-01"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_are_formatted_as_utc() {
        assert_eq!(iso_utc(1_707_868_799), "2024-02-13T23:59:59Z");
    }
}
