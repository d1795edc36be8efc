//! Values of `election.toml`: what a text or a TOML value must look like.

use crate::csv::MAX_TEXT_CHARS;
use bilik::Day;
use toml::Value;

pub(super) fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Of a text that stands above every page.
const MAX_TITLE_CHARS: usize = 200;

pub(super) fn title(text: &str) -> Option<String> {
    filled(text).filter(|text| text.chars().count() <= MAX_TITLE_CHARS)
}

/// A text for voters, as long as one of a station may be.
pub(super) fn sentence(text: &str) -> Option<String> {
    filled(text).filter(|text| text.chars().count() <= MAX_TEXT_CHARS)
}

pub(super) fn day_of(value: &Value) -> Option<Day> {
    match value {
        Value::String(text) => Day::parse(text),
        Value::Datetime(day) => Day::parse(&day.to_string()),
        _ => None,
    }
}

/// In days since 1970. Later ones do not fit in a manifest.
pub(super) fn polling_day(value: &Value) -> Option<u32> {
    day_of(value).and_then(polling_day_number)
}

/// In days since 1970, of `YYYY-MM-DD`.
pub fn polling_day_of_text(text: &str) -> Option<u32> {
    Day::parse(text).and_then(polling_day_number)
}

fn polling_day_number(day: Day) -> Option<u32> {
    (day.year < 2200).then(|| day.number()).flatten()
}

/// Minutes of the day of `07:00` or `07.00`, as a text or as a TOML time.
pub(super) fn minutes_of(value: &Value) -> Option<u16> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Datetime(time) => time.to_string().strip_suffix(":00")?.to_owned(),
        _ => return None,
    };
    minutes_of_text(&text)
}

/// Minutes of the day of `07:00` or `07.00`.
pub fn minutes_of_text(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once([':', '.'])?;
    let two = |text: &str| (text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<u16>().ok())?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}
