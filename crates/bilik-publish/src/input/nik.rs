//! Reading a NIK of the roll: 12 or 16 digits, with separators between them.

use crate::language::{Message, message};
use crate::problem::ProblemKind;
use bilik::{Digits, DigitsError};

/// Why a text is not a NIK. Says how many digits there are, and never which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NikError {
    /// Something other than digits, spaces, dots and hyphens.
    NotDigits,
    /// Neither 12 nor 16.
    Length(usize),
}

impl NikError {
    pub fn kind(self) -> ProblemKind {
        match self {
            Self::NotDigits => ProblemKind::NikNotDigits,
            Self::Length(_) => ProblemKind::NikLength,
        }
    }

    pub fn message(self) -> Message {
        match self {
            Self::NotDigits => message!("it has characters other than digits"),
            Self::Length(1) => message!("it has one digit"),
            Self::Length(count) => message!("it has {} digits", count),
        }
    }
}

/// The 12 digits that go into keys, and the serial where there is one.
pub(crate) fn read(text: &str) -> Result<(Digits, Option<u16>), NikError> {
    // Nearly all are plain digits, which need no copy.
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return of_plain(text);
    }
    match Digits::typed(text) {
        Err(DigitsError::NotDigits) => return Err(NikError::NotDigits),
        Err(DigitsError::Missing) => return Err(NikError::Length(0)),
        Ok(_) | Err(DigitsError::TooShort | DigitsError::TooLong) => {}
    }
    let plain: String = text.chars().filter_map(|c| c.to_digit(10).or_else(|| wide_digit(c))).filter_map(digit_char).collect();
    of_plain(&plain)
}

fn of_plain(text: &str) -> Result<(Digits, Option<u16>), NikError> {
    let fault = NikError::Length(text.len());
    let (kept, serial) = text.split_at_checked(Digits::LEN).ok_or(fault)?;
    if text.len() != Digits::LEN && text.len() != Digits::NIK_LEN {
        return Err(fault);
    }
    let serial = if serial.is_empty() { None } else { Some(serial.parse().map_err(|_| fault)?) };
    Ok((Digits::typed(kept).map_err(|_| fault)?, serial))
}

/// Full-width digits, which [`Digits::typed`] reads too.
fn wide_digit(c: char) -> Option<u32> {
    u32::from(c).checked_sub(0xff10).filter(|&digit| digit < 10)
}

fn digit_char(digit: u32) -> Option<char> {
    char::from_digit(digit, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_and_sixteen_digits_are_read_and_nothing_between() {
        let twelve = Digits::typed("320101410190").unwrap();
        assert_eq!(read("320101410190"), Ok((twelve, None)));
        for text in [
            "3201014101900007",
            "3201 0141 0190 0007",
            "32.01.01.410190.0007",
            "32-01-01-410190-0007",
            "３２０１０１４１０１９００００７",
        ] {
            assert_eq!(read(text), Ok((twelve, Some(7))), "{text}");
        }
        for (text, count) in [("", 0), ("1", 1), ("32010141019", 11), ("32010141019000", 14), ("32010141019000071", 17)] {
            assert_eq!(read(text), Err(NikError::Length(count)), "{text}");
        }
        for text in ["32010141019O0007", "tidak ada", "320101/410190/0007"] {
            assert_eq!(read(text), Err(NikError::NotDigits), "{text}");
        }
    }
}
