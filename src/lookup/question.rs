//! The question: what a voter typed, and parsing it.

use super::outcome::{BadReason, Field};
use crate::format::code::{Code, Level};
use crate::key::Recipe;
use crate::name::{self, FoldedName, NameError};
use crate::nik::{Digits, DigitsError, Sex};

/// What a voter typed: `nik`, or else `birth_date`, `sex` and `district`; the name; optionally a village. `Debug` hides all of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// 12 to 16 digits; whatever follows the twelfth is dropped.
    pub nik: Option<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// `f` or `m`.
    pub sex: Option<String>,
    /// The six digits of the district of first issue.
    pub district: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The ten digits of the village on the identity card.
    pub village: Option<String>,
    /// Try only this recipe: for checking a table, not for voters.
    pub only: Option<Recipe>,
    /// End at the first key that opens something: for checking a table, not for voters. The time of such a lookup tells
    /// whether it found somebody, and a chance hit may come before the right one.
    pub first_hit: bool,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Question(hidden)")
    }
}

/// The details of a question, parsed.
#[derive(Debug)]
pub(super) struct ParsedQuestion {
    pub digits: Digits,
    pub name: FoldedName,
    pub village: Option<Code>,
    pub only: Option<Recipe>,
    pub first_hit: bool,
}

impl Question {
    /// Parses the details.
    ///
    /// # Errors
    /// The first field that cannot be used, and the reason.
    pub(super) fn read(&self) -> Result<ParsedQuestion, Bad> {
        let digits = match given(self.nik.as_ref()) {
            Some(nik) => Digits::typed(nik).map_err(|e| bad(Field::Nik, digits_reason(e)))?,
            None if given(self.birth_date.as_ref()).is_none() && given(self.district.as_ref()).is_none() => {
                return Err(bad(Field::Nik, BadReason::Missing));
            }
            None => self.digits_from_details()?,
        };
        let name = given(self.name.as_ref()).ok_or(bad(Field::Name, BadReason::Missing))?;
        let name = name::fold(name).map_err(|e| {
            let reason = match e {
                NameError::Missing => BadReason::Missing,
                NameError::NoLetters => BadReason::NoLetters,
                NameError::TooLong => BadReason::TooLong,
            };
            bad(Field::Name, reason)
        })?;
        let village = match given(self.village.as_ref()) {
            None => None,
            Some(code) => {
                let village = Code::parse(code).filter(|code| code.level() == Level::Village);
                Some(village.ok_or(bad(Field::Village, BadReason::NotACode))?)
            }
        };
        Ok(ParsedQuestion { digits, name, village, only: self.only, first_hit: self.first_hit })
    }

    fn digits_from_details(&self) -> Result<Digits, Bad> {
        let (day, month, year) = date(given(self.birth_date.as_ref()).ok_or(bad(Field::BirthDate, BadReason::Missing))?)
            .ok_or(bad(Field::BirthDate, BadReason::NotADate))?;
        let sex = match given(self.sex.as_ref()) {
            None => return Err(bad(Field::Sex, BadReason::Missing)),
            Some("f" | "F") => Sex::Female,
            Some("m" | "M") => Sex::Male,
            Some(_) => return Err(bad(Field::Sex, BadReason::NotASex)),
        };
        let district = given(self.district.as_ref()).ok_or(bad(Field::District, BadReason::Missing))?;
        Digits::from_details(district, day, month, year, sex).map_err(|_| bad(Field::District, BadReason::NotACode))
    }
}

/// The digits typed so far, at most 12; `None` where there are other characters among them.
pub(super) fn typed_so_far(text: &str) -> Option<Vec<u8>> {
    let mut digits = Vec::new();
    for c in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')) {
        digits.push(u8::try_from(c).ok().filter(u8::is_ascii_digit)?);
    }
    digits.truncate(Digits::LEN);
    Some(digits)
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// A field that cannot be used, and the reason.
type Bad = (Field, BadReason);

fn bad(field: Field, reason: BadReason) -> Bad {
    (field, reason)
}

fn digits_reason(error: DigitsError) -> BadReason {
    match error {
        DigitsError::Missing => BadReason::Missing,
        DigitsError::NotDigits => BadReason::NotDigits,
        DigitsError::TooShort => BadReason::TooShort,
        DigitsError::TooLong => BadReason::TooLong,
    }
}

/// Day, month and year of `YYYY-MM-DD`. Days that do not exist are accepted, since some cards have one.
fn date(text: &str) -> Option<(u8, u8, u16)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    let number = |text: &str| text.parse::<i64>().ok();
    let (day, month) = (u8::try_from(number(day)?).ok()?, u8::try_from(number(month)?).ok()?);
    (day <= 31 && month <= 12).then_some((day, month, u16::try_from(number(year)?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(fields: &[(&str, &str)]) -> Question {
        let get = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| (*value).to_owned());
        Question {
            nik: get("nik"),
            birth_date: get("birthDate"),
            sex: get("sex"),
            district: get("district"),
            name: get("name"),
            village: get("village"),
            ..Question::default()
        }
    }

    #[test]
    fn card_and_details_give_the_same_digits() {
        let card = question(&[("nik", "3201 0141 0190"), ("name", "Uji")]).read().unwrap();
        let details =
            question(&[("birthDate", "1990-01-01"), ("sex", "F"), ("district", "32.01.01"), ("name", "Uji")]).read().unwrap();
        assert_eq!(card.digits, details.digits);
    }

    #[test]
    fn each_bad_field_is_named_with_its_reason() {
        let ok = [("nik", "320101410190"), ("name", "Uji")];
        assert!(question(&ok).read().is_ok());
        for (fields, field, reason) in [
            (&[("name", "Uji")][..], Field::Nik, BadReason::Missing),
            (&[("nik", "32010141019"), ("name", "Uji")], Field::Nik, BadReason::TooShort),
            (&[("nik", "32010141019O"), ("name", "Uji")], Field::Nik, BadReason::NotDigits),
            (&[("nik", "32010141019000001"), ("name", "Uji")], Field::Nik, BadReason::TooLong),
            (&[("nik", "320101410190")], Field::Name, BadReason::Missing),
            (&[("nik", "320101410190"), ("name", "...")], Field::Name, BadReason::NoLetters),
            (&[("nik", "320101410190"), ("name", "Uji"), ("village", "320101")], Field::Village, BadReason::NotACode),
            (
                &[("birthDate", "1990"), ("sex", "f"), ("district", "320101"), ("name", "Uji")],
                Field::BirthDate,
                BadReason::NotADate,
            ),
            (
                &[("birthDate", "1990-01-01"), ("sex", "x"), ("district", "320101"), ("name", "Uji")],
                Field::Sex,
                BadReason::NotASex,
            ),
            (
                &[("birthDate", "1990-01-01"), ("sex", "m"), ("district", "3201"), ("name", "Uji")],
                Field::District,
                BadReason::NotACode,
            ),
            (&[("birthDate", "1990-01-01"), ("sex", "m"), ("name", "Uji")], Field::District, BadReason::Missing),
        ] {
            assert_eq!(question(fields).read().unwrap_err(), (field, reason));
        }
    }

    #[test]
    fn dates_that_do_not_exist_are_accepted() {
        assert!(question(&[("birthDate", "1990-02-30"), ("sex", "m"), ("district", "320101"), ("name", "Uji")]).read().is_ok());
    }
}
