//! Polling day in words, for pages that say it before any script runs.

use bilik::Day;

const DAYS_ID: [&str; 7] = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
const DAYS_EN: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS_ID: [&str; 12] =
    ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// "Rabu, 14 Februari 2029".
pub(crate) fn in_indonesian(day: &str) -> String {
    in_words(day, &DAYS_ID, &MONTHS_ID)
}

/// "Wednesday, 14 February 2029".
pub(crate) fn in_english(day: &str) -> String {
    in_words(day, &DAYS_EN, &MONTHS_EN)
}

fn in_words(text: &str, days: &[&str; 7], months: &[&str; 12]) -> String {
    let words = || {
        let day = Day::parse(text)?;
        // 1970 began on a Thursday.
        let weekday = days.get(usize::try_from((day.number()? + 4) % 7).ok()?)?;
        let month = months.get(usize::from(day.month).checked_sub(1)?)?;
        Some(format!("{weekday}, {} {month} {}", day.day, day.year))
    };
    words().unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_weekday_and_month() {
        assert_eq!(in_indonesian("2029-02-14"), "Rabu, 14 Februari 2029");
        assert_eq!(in_english("2026-11-25"), "Wednesday, 25 November 2026");
        assert_eq!(in_indonesian("1970-01-01"), "Kamis, 1 Januari 1970");
        assert_eq!(in_indonesian(""), "");
    }
}
