//! Values of `election.toml`: what a text or a TOML value must look like.

use bilik::Day;
use bilik::format::TimeZone;
use toml::Value;

pub(super) fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
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
    day_of(value).filter(|day| day.year < 2200).and_then(Day::number)
}

/// Minutes of the day of `07:00` or `07.00`, as a text or as a TOML time.
pub(super) fn minutes_of(value: &Value) -> Option<u16> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Datetime(time) => time.to_string().strip_suffix(":00")?.to_owned(),
        _ => return None,
    };
    let (hours, minutes) = text.split_once([':', '.'])?;
    let two = |text: &str| (text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<u16>().ok())?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

pub(super) fn zone_of(text: &str) -> Option<TimeZone> {
    match text.to_uppercase().as_str() {
        "WIB" => Some(TimeZone::Wib),
        "WITA" => Some(TimeZone::Wita),
        "WIT" => Some(TimeZone::Wit),
        _ => None,
    }
}
