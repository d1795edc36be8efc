//! A time zone: one of Indonesia's three by its letters, or any other by its name in the IANA database.

use crate::language::translatable;
use bilik::Day;
use bilik::format::TimeZone;
use jiff::civil::DateTime;
use std::fmt;

/// A time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// What was expected where [`Zone::parse`] gives none.
    pub const EXPECTED: &str = translatable!("WIB, WITA, WIT or a name such as Asia/Kuala_Lumpur");

    /// From its letters or its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = match home_zone(text) {
            Some(TimeZone::Wib) => "Asia/Jakarta",
            Some(TimeZone::Wita) => "Asia/Makassar",
            Some(TimeZone::Wit) => "Asia/Jayapura",
            // "EST" and the like are names of the database too, and mean other hours than people think in half of the year.
            None if text.contains('/') || text == "UTC" => text,
            None => return None,
        };
        jiff::tz::db().get(name).ok().map(Self)
    }

    /// How many minutes its clocks are ahead of UTC at a minute of a day, and what people call it then. None where its clocks
    /// skip that minute.
    #[must_use]
    pub fn at(&self, day: u32, minutes: u16) -> Option<(i16, String)> {
        let day = Day::of_number(day)?;
        let [hour, minute] = [minutes / 60, minutes % 60].map(|number| i8::try_from(number).unwrap_or(-1));
        let [month, of_month] = [day.month, day.day].map(|number| i8::try_from(number).unwrap_or(-1));
        let time = DateTime::new(i16::try_from(day.year).ok()?, month, of_month, hour, minute, 0, 0).ok()?;
        let at = self.0.to_ambiguous_timestamp(time).unambiguous().ok()?;
        let info = self.0.to_offset_info(at);
        let seconds = info.offset().seconds();
        let offset = i16::try_from(seconds / 60).ok().filter(|_| seconds % 60 == 0)?;
        let letters = info.abbreviation();
        let name = if letters.bytes().all(|b| b.is_ascii_alphabetic()) { letters.to_owned() } else { ahead_of_utc(offset) };
        Some((offset, name))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

/// One of Indonesia's by its letters.
pub(super) fn home_zone(text: &str) -> Option<TimeZone> {
    match text.to_uppercase().as_str() {
        "WIB" => Some(TimeZone::Wib),
        "WITA" => Some(TimeZone::Wita),
        "WIT" => Some(TimeZone::Wit),
        _ => None,
    }
}

/// "UTC+8", "UTC−3:30".
fn ahead_of_utc(offset: i16) -> String {
    let (sign, minutes) = (if offset < 0 { '−' } else { '+' }, offset.unsigned_abs());
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, day: &str, minutes: u16) -> Option<(i16, String)> {
        Zone::parse(zone).unwrap().at(Day::parse(day).unwrap().number().unwrap(), minutes)
    }

    #[test]
    fn zones_have_the_offset_and_the_name_of_the_day() {
        for (zone, day, offset, name) in [
            ("WIB", "2029-02-14", 420, "WIB"),
            ("wit", "2029-02-14", 540, "WIT"),
            ("Asia/Kuala_Lumpur", "2029-02-11", 480, "UTC+8"),
            ("Europe/Amsterdam", "2029-02-11", 60, "CET"),
            ("Europe/Amsterdam", "2029-07-11", 120, "CEST"),
            ("Asia/Kathmandu", "2029-02-11", 345, "UTC+5:45"),
            ("America/St_Johns", "2029-02-11", -210, "NST"),
            ("America/Sao_Paulo", "2029-02-11", -180, "UTC−3"),
        ] {
            assert_eq!(at(zone, day, 480), Some((offset, name.to_owned())), "{zone} on {day}");
        }
    }

    #[test]
    fn a_minute_that_clocks_skip_is_no_time() {
        assert_eq!(at("Europe/Amsterdam", "2029-03-25", 150), None);
    }

    #[test]
    fn letters_that_mean_several_zones_are_refused() {
        for text in ["EST", "MYT", "Asia/Nowhere", "", "+08:00"] {
            assert_eq!(Zone::parse(text), None, "{text}");
        }
    }
}
