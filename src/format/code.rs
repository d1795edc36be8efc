//! Official codes of regions.

use std::fmt;

/// An official code of a region: 2 digits for a province, 4 for a regency, 6 for a district, 10 for a village.
///
/// ```
/// use bilik::format::{Code, Level};
///
/// let village = Code::parse("32.01.01.2001").unwrap();
/// assert_eq!(village.level(), Level::Village);
/// assert_eq!(village.regency_of(), Code::parse("3201"));
/// assert_eq!(village.to_string(), "3201012001");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    number: u64,
    level: Level,
}

/// The administrative level of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// 2 digits.
    Province,
    /// 4 digits: kabupaten or kota.
    Regency,
    /// 6 digits: kecamatan.
    District,
    /// 10 digits: kelurahan or desa.
    Village,
}

impl Code {
    /// Parses a code with or without dots. `None` where the text does not have 2, 4, 6 or 10 digits, or has other characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.trim().chars().filter(|&c| c != '.').collect();
        let level = match digits.len() {
            2 => Level::Province,
            4 => Level::Regency,
            6 => Level::District,
            10 => Level::Village,
            _ => return None,
        };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Self { number: u64::try_from(digits.parse::<i64>().ok()?).ok()?, level })
    }

    /// The district with these six digits; `None` above 999,999.
    #[must_use]
    pub fn district(number: u32) -> Option<Self> {
        (number <= 999_999).then_some(Self { number: number.into(), level: Level::District })
    }

    /// The regency with these four digits; `None` above 9,999.
    #[must_use]
    pub fn regency(number: u16) -> Option<Self> {
        (number <= 9999).then_some(Self { number: number.into(), level: Level::Regency })
    }

    /// The digits as a number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.number
    }

    /// The digits as a number, for a district, regency or province; `u32::MAX` where a village's do not fit.
    #[must_use]
    pub fn short(self) -> u32 {
        u32::try_from(self.number).unwrap_or(u32::MAX)
    }

    /// The administrative level.
    #[must_use]
    pub fn level(self) -> Level {
        self.level
    }

    /// The region one level up; `None` for a province.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let (divisor, level) = match self.level {
            Level::Province => return None,
            Level::Regency => (100, Level::Province),
            Level::District => (100, Level::Regency),
            Level::Village => (10_000, Level::District),
        };
        Some(Self { number: self.number / divisor, level })
    }

    /// The district that this is or lies in; `None` for a regency or province.
    #[must_use]
    pub fn district_of(self) -> Option<Self> {
        match self.level {
            Level::Village => self.parent(),
            Level::District => Some(self),
            Level::Province | Level::Regency => None,
        }
    }

    /// The regency that this is or lies in; `None` for a province.
    #[must_use]
    pub fn regency_of(self) -> Option<Self> {
        match self.level {
            Level::Province => None,
            Level::Regency => Some(self),
            Level::District | Level::Village => self.parent().and_then(Self::regency_of),
        }
    }

    /// The two digits of the province.
    #[must_use]
    pub fn province(self) -> u8 {
        let number = self.parent().map_or(self.number, |parent| parent.province().into());
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    /// The village of this district with these last four digits.
    #[must_use]
    pub fn village(self, last_four: u16) -> Self {
        Self { number: self.number * 10_000 + u64::from(last_four), level: Level::Village }
    }

    /// The district of this regency, or the regency of this province, with these last two digits.
    #[must_use]
    pub fn within(self, last_two: u8) -> Self {
        let level = if self.level == Level::Province { Level::Regency } else { Level::District };
        Self { number: self.number * 100 + u64::from(last_two), level }
    }

    /// The last four digits of a village.
    #[must_use]
    pub fn last_four(self) -> u16 {
        u16::try_from(self.number % 10_000).unwrap_or_default()
    }

    /// The last two digits of a regency or district.
    #[must_use]
    pub fn last_two(self) -> u8 {
        u8::try_from(self.number % 100).unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.level {
            Level::Province => 2,
            Level::Regency => 4,
            Level::District => 6,
            Level::Village => 10,
        };
        write!(f, "{:0digits$}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_parsed_with_and_without_dots() {
        let village = Code::parse("32.01.01.2001").unwrap();
        assert_eq!(Code::parse(" 3201012001 "), Some(village));
        assert_eq!((village.to_string().as_str(), village.level()), ("3201012001", Level::Village));
        assert_eq!(village.district_of().unwrap().to_string(), "320101");
        assert_eq!(village.regency_of().unwrap().to_string(), "3201");
        assert_eq!((village.province(), village.last_four()), (32, 2001));
        assert_eq!(Code::parse("01").unwrap().to_string(), "01");
        for (text, level) in [("32", Level::Province), ("3201", Level::Regency), ("320101", Level::District)] {
            let code = Code::parse(text).unwrap();
            assert_eq!((code.to_string().as_str(), code.level()), (text, level));
        }
        for bad in ["", "3", "320", "32.01.01.20", "3201O1", "320101200１"] {
            assert_eq!(Code::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn codes_are_made_from_numbers_and_from_what_they_lie_in() {
        let (regency, district) = (Code::regency(3201).unwrap(), Code::district(320_105).unwrap());
        assert_eq!((regency.level(), district.level()), (Level::Regency, Level::District));
        assert_eq!((Code::regency(9_999).is_some(), Code::regency(10_000)), (true, None));
        assert_eq!((Code::district(999_999).is_some(), Code::district(1_000_000)), (true, None));
        assert_eq!(Code::parse("32").unwrap().within(1), regency);
        assert_eq!(regency.within(5), district);
        let village = district.village(2_014);
        assert_eq!((village, village.number()), (Code::parse("3201052014").unwrap(), 3_201_052_014));
        assert_eq!((district.short(), village.short()), (320_105, 3_201_052_014));
        assert_eq!(Code::parse("9901012001").unwrap().short(), u32::MAX);
        assert_eq!((village.last_two(), district.last_two(), regency.last_two()), (14, 5, 1));
        let ups = [village.parent(), district.parent(), regency.parent(), Code::parse("32").unwrap().parent()];
        assert_eq!(ups, [Some(district), Some(regency), Code::parse("32"), None]);
        assert_eq!((district.district_of(), regency.district_of()), (Some(district), None));
        assert_eq!((regency.regency_of(), Code::parse("32").unwrap().regency_of()), (Some(regency), None));
        assert!([regency.province(), district.province(), village.province()].iter().all(|&province| province == 32));
    }
}
