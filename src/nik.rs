//! The 12 digits of a NIK that Bilik uses: district of first issue, birth date, sex.
//!
//! A NIK has 16 digits: district (6), birth date `DDMMYY` with 40 added to the day for women (6), serial (4). [`Digits::typed`]
//! drops the serial; no key, file or request holds it.

use std::fmt;

/// The first 12 digits of a NIK, each an ASCII digit. `Debug` hides them.
///
/// ```
/// use bilik::{Digits, Sex, Warning};
///
/// // Separators are ignored, and whatever follows the twelfth digit is dropped.
/// let digits = Digits::typed("3201 0141 0190 0001")?;
/// assert_eq!(digits, Digits::typed("32.01.01.410190")?);
///
/// // The same digits without the card: 40 is added to a woman's day of birth.
/// assert_eq!(digits, Digits::from_details("320101", 1, 1, 1990, Sex::Female)?);
///
/// // The first six are the district of first issue: they choose the file to fetch.
/// assert_eq!(digits.prefix(), 320_101);
///
/// // Odd digits are a reason to warn, never to refuse.
/// assert_eq!(Digits::typed("320101310290")?.warnings(), [Warning::ImpossibleDate]);
/// # Ok::<(), bilik::DigitsError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digits([u8; Digits::LEN]);

/// Why a text cannot be read as [`Digits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitsError {
    /// The text is empty.
    Missing,
    /// The text contains something other than digits, spaces, dots and hyphens.
    NotDigits,
    /// Fewer than 12 digits.
    TooShort,
    /// More than 16 digits.
    TooLong,
}

/// Sex, as encoded in the day of birth of a NIK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// 40 is added to the day.
    Female,
    /// The day is unchanged.
    Male,
}

/// Something odd about the digits. Voters with such digits exist and are found, so this is a reason to warn, never to refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The birth date does not exist.
    ImpossibleDate,
    /// All digits are the same.
    RepeatedDigits,
    /// No present-day district has this code.
    UnknownDistrict,
}

impl Digits {
    /// How many digits of a NIK are kept: 12.
    pub const LEN: usize = 12;
    /// How many digits a NIK has: 16.
    pub const NIK_LEN: usize = 16;

    /// Parses what a voter typed or a roll holds: 12 to 16 digits, optionally separated by spaces, dots and hyphens. Whatever
    /// follows the twelfth digit is dropped.
    ///
    /// # Errors
    /// When there are fewer than 12 or more than 16 digits, or other characters among them.
    pub fn typed(text: &str) -> Result<Self, DigitsError> {
        let mut kept = [b'0'; Self::LEN];
        let mut count = 0_usize;
        for byte in digits_of(text)? {
            if let Some(slot) = kept.get_mut(count) {
                *slot = byte;
            }
            count += 1;
        }
        match count {
            0 => Err(DigitsError::Missing),
            1..Self::LEN => Err(DigitsError::TooShort),
            Self::LEN..=Self::NIK_LEN => Ok(Self(kept)),
            _ => Err(DigitsError::TooLong),
        }
    }

    /// The same 12 digits from what a voter knows without the card at hand: the district of first issue (six digits), day,
    /// month and year of birth, and sex.
    ///
    /// # Errors
    /// When the district does not have six digits, or the day or month does not fit in two.
    pub fn from_details(district: &str, day: u8, month: u8, year: u16, sex: Sex) -> Result<Self, DigitsError> {
        if digits_of(district)?.count() != 6 || day > 59 || month > 99 {
            return Err(DigitsError::NotDigits);
        }
        let day = match sex {
            Sex::Female => day + 40,
            Sex::Male => day,
        };
        let district: String = digits_of(district)?.map(char::from).collect();
        Self::typed(&format!("{district}{day:02}{month:02}{:02}", year % 100))
    }

    /// The digits as ASCII bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The six digits of the district of first issue, as a number.
    #[must_use]
    pub fn prefix(&self) -> u32 {
        self.0.iter().take(6).fold(0, |n, &d| n * 10 + u32::from(d.wrapping_sub(b'0')))
    }

    /// What is odd about the digits. [`Warning::UnknownDistrict`] is never among it: that takes a list of regions.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let pair = |at: usize| self.0.iter().skip(at).take(2).fold(0_u8, |n, &d| n * 10 + d.wrapping_sub(b'0'));
        let (day, month) = (pair(6), pair(8));
        let day = if day > 40 { day - 40 } else { day };
        let longest = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            // The NIK does not contain the century, so a leap day is accepted whenever the two digits allow one.
            2 if pair(10) % 4 == 0 => 29,
            2 => 28,
            _ => 0,
        };
        let mut warnings = Vec::new();
        if day == 0 || day > longest {
            warnings.push(Warning::ImpossibleDate);
        }
        if self.0.iter().all(|d| self.0.first() == Some(d)) {
            warnings.push(Warning::RepeatedDigits);
        }
        warnings
    }
}

impl fmt::Display for DigitsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "expected 12 to 16 digits, got none",
            Self::NotDigits => "expected 12 to 16 digits, got other characters",
            Self::TooShort => "expected 12 to 16 digits, got fewer than 12",
            Self::TooLong => "expected 12 to 16 digits, got more than 16",
        })
    }
}

impl std::error::Error for DigitsError {}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digits(hidden)")
    }
}

/// The digits of a text as ASCII bytes, without separators.
fn digits_of(text: &str) -> Result<impl Iterator<Item = u8>, DigitsError> {
    let separates = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '\u{ad}' | '\u{200b}' | '\u{feff}');
    let value = |c: char| match c {
        '0'..='9' => u8::try_from(c).ok(),
        // Full-width digits, as some keyboards type them.
        '\u{ff10}'..='\u{ff19}' => u8::try_from(u32::from(c) - 0xff10 + 0x30).ok(),
        _ => None,
    };
    if text.chars().any(|c| !separates(c) && value(c).is_none()) {
        return Err(DigitsError::NotDigits);
    }
    Ok(text.chars().filter_map(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_to_sixteen_digits_give_the_same_twelve() {
        let twelve = Digits::typed("320101410190").unwrap();
        for text in
            ["3201014101900001", "3201 0141 0190 0001", "32.01.01.410190-0001", " 320101410190 ", "３２０１０１４１０１９０"]
        {
            assert_eq!(Digits::typed(text).unwrap(), twelve, "{text}");
        }
    }

    #[test]
    fn other_texts_are_rejected_with_a_reason() {
        assert_eq!(Digits::typed("  "), Err(DigitsError::Missing));
        assert_eq!(Digits::typed("32010141019"), Err(DigitsError::TooShort));
        assert_eq!(Digits::typed("32010141019000012"), Err(DigitsError::TooLong));
        assert_eq!(Digits::typed("3.20101E+15"), Err(DigitsError::NotDigits));
    }

    #[test]
    fn details_give_the_same_digits_as_the_card() {
        let card = Digits::typed("320101410190").unwrap();
        assert_eq!(Digits::from_details("32.01.01", 1, 1, 1990, Sex::Female), Ok(card));
        assert_ne!(Digits::from_details("320101", 1, 1, 1990, Sex::Male), Ok(card));
        assert_eq!(Digits::from_details("32010", 1, 1, 1990, Sex::Male), Err(DigitsError::NotDigits));
    }

    #[test]
    fn odd_dates_and_repeated_digits_give_warnings() {
        assert!(Digits::typed("320101410190").unwrap().warnings().is_empty());
        assert!(Digits::typed("320101690200").unwrap().warnings().is_empty(), "29 February 2000");
        for odd in ["320101310290", "320101400190", "320101011390", "320101000190"] {
            assert_eq!(Digits::typed(odd).unwrap().warnings(), [Warning::ImpossibleDate], "{odd}");
        }
        assert_eq!(Digits::typed("222222222222").unwrap().warnings(), [Warning::ImpossibleDate, Warning::RepeatedDigits]);
    }

    #[test]
    fn debug_shows_no_digit() {
        assert!(!format!("{:?}", Digits::typed("320101410190").unwrap()).contains("32"));
    }
}
