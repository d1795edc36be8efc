//! What people and programs add to a cell's value, and what a spreadsheet does to long numbers.

use crate::language::translatable;
use bilik::format::{Code, StationKind};

/// Characters of a value in a message.
const MAX_QUOTED: usize = 60;

/// Whether a character around a value means nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// A text without surrounding blanks.
#[must_use]
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A code, an id or a number without surrounding blanks and what spreadsheets use to keep it a text: a leading
/// apostrophe, or `="…"`.
#[must_use]
pub(crate) fn code(text: &str) -> &str {
    let text = trimmed(text);
    let formula = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    trimmed(formula.unwrap_or(text).trim_start_matches(['\'', '’', '‘', '`']))
}

/// A text for people: without surrounding blanks, each run of blanks and line ends inside made one space.
#[must_use]
pub(crate) fn tidy(text: &str) -> String {
    text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A value of a file, for a message: escaped, and cut where it is long.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(MAX_QUOTED).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{short:?}{more}")
}

/// Whether a spreadsheet made a rounded number of it: `3.27302E+15`, `3,27302E+15`, or twelve digits and more before `.0`.
#[must_use]
pub(crate) fn is_damaged(text: &str) -> bool {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = |text: &str| {
        let mut parts = text.splitn(2, ['.', ',']);
        parts.next().is_some_and(all_digits) && parts.next().is_none_or(|part| part.is_empty() || all_digits(part))
    };
    if let Some((mantissa, exponent)) = text.split_once(['E', 'e']) {
        // An id such as 12E3 is not damaged.
        let is_written_so = exponent.starts_with('+') || mantissa.contains(['.', ',']);
        return is_written_so && number(mantissa) && all_digits(exponent.trim_start_matches(['+', '-']));
    }
    text.rsplit_once(['.', ',']).is_some_and(|(whole, rest)| {
        whole.len() >= 12 && all_digits(whole) && !rest.is_empty() && rest.bytes().all(|b| b == b'0')
    })
}

/// Decimal degrees, with a comma for the point too.
#[must_use]
pub(crate) fn degrees(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('°').trim_end();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b','));
    if !plain || text.matches([',', '.']).count() > 1 {
        return None;
    }
    text.replace(',', ".").parse().ok().filter(|degrees: &f64| degrees.is_finite())
}

/// A region's code, whatever blanks and dots are between its digits.
#[must_use]
pub(crate) fn region_code(text: &str) -> Option<Code> {
    Code::parse(text).or_else(|| Code::parse(&text.replace(is_blank, "")))
}

/// Why a text is not a region's code: only what says nothing of a voter.
#[must_use]
pub(crate) fn bps_code(text: &str) -> Option<&'static str> {
    let is_bps = text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit());
    is_bps.then_some(translatable!("it has 7 digits, as the statistical office's (BPS) codes of districts have"))
}

/// What is expected in place of [`bps_code`].
pub(crate) const NO_BPS_CODE: &str = translatable!("the Home Ministry's codes, which NIKs begin with: 2, 4, 6 or 10 digits");

/// A station's number and what stands before it: `4`, `004`, `TPS 004`, `TPS-4`; abroad also `TPSLN 004`, `KSK 4`, `Pos 4`.
#[must_use]
pub(crate) fn station_number(text: &str) -> Option<(u16, StationKind)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (label, digits) = text.split_at_checked(start)?;
    // A number below zero, and no label.
    if label.trim_matches(is_blank) == "-" {
        return None;
    }
    let label = label.trim_matches(|c: char| is_blank(c) || matches!(c, '.' | '-' | '_' | ':' | '#'));
    let kind = match label.to_lowercase().as_str() {
        "" | "tps" | "no" | "nomor" | "tps no" | "tps nomor" | "number" => StationKind::Tps,
        "tpsln" | "tps ln" => StationKind::Tpsln,
        "ksk" => StationKind::Ksk,
        "pos" => StationKind::Pos,
        _ => return None,
    };
    let whole = digits.strip_suffix(".0").unwrap_or(digits);
    if !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    whole.parse().ok().filter(|number| (1..=9999).contains(number)).map(|number| (number, kind))
}

/// A number of people: `204807222`, `204.807.222`, `204,807,222`, `204 807 222`.
#[must_use]
pub(crate) fn count(text: &str) -> Option<u64> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let mark = |c: char| matches!(c, '.' | ',') || is_blank(c);
    let groups: Vec<&str> = whole.split(mark).collect();
    let are_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    let mut marks = whole.chars().filter(|&c| mark(c));
    let first = marks.next();
    let is_grouped = groups.len() == 1
        || groups.iter().skip(1).all(|group| group.len() == 3)
            && groups.first().is_some_and(|group| group.len() <= 3)
            && marks.all(|mark| Some(mark) == first);
    if are_digits && is_grouped { groups.concat().parse().ok() } else { None }
}

/// What a cell says to a yes-or-no question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Nothing.
    Nothing,
    /// Something else.
    Unclear,
}

/// Yes or no in the words of both languages.
#[must_use]
pub(crate) fn yes_or_no(text: &str) -> YesNo {
    match text.to_lowercase().as_str() {
        "" | "-" | "?" => YesNo::Nothing,
        "ya" | "yes" | "y" | "true" | "t" | "1" | "ada" | "akses" => YesNo::Yes,
        "tidak" | "no" | "n" | "false" | "f" | "0" | "tdk" | "bukan" => YesNo::No,
        _ => YesNo::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_put_around_a_value_goes() {
        for text in ["3201", " 3201\u{a0}", "'3201", "’3201", "=\"3201\"", "\u{feff}3201\u{200b}", " ' 3201 "] {
            assert_eq!(code(text), "3201", "{text}");
        }
        assert_eq!(tidy("  Jl.  Contoh\r\nNo. 1\t"), "Jl. Contoh No. 1");
        assert_eq!(trimmed(" Nu'man "), "Nu'man");
    }

    #[test]
    fn rounded_numbers_are_recognised() {
        for damaged in ["3.27302E+15", "3,27302E+15", "3E+15", "3.27302e15", "3201014101900001.0", "3201014101900001,00"] {
            assert!(is_damaged(damaged), "{damaged}");
        }
        for sound in ["3201014101900001", "32.01.01.410190.0001", "Elena", "3201012001001", "TPS-1E", "", "E", "1.0", "12E3"] {
            assert!(!is_damaged(sound), "{sound}");
        }
    }

    #[test]
    fn degrees_read_with_point_or_comma() {
        assert_eq!(degrees("-6.48213"), Some(-6.482_13));
        assert_eq!(degrees("106,8413°"), Some(106.841_3));
        for bad in ["", "6°12'S", "1.2.3", "nan", "inf", "1e3", "-6.2,106.8"] {
            assert_eq!(degrees(bad), None, "{bad}");
        }
    }

    #[test]
    fn station_numbers_read_with_their_label() {
        for (text, number) in [("4", 4), ("004", 4), ("TPS 004", 4), ("tps-4", 4), ("TPS. 901", 901), ("No. 12", 12), ("4.0", 4)]
        {
            assert_eq!(station_number(text), Some((number, StationKind::Tps)), "{text}");
        }
        for (text, number, kind) in [
            ("TPSLN 003", 3, StationKind::Tpsln),
            ("TPS LN 3", 3, StationKind::Tpsln),
            ("KSK-012", 12, StationKind::Ksk),
            ("Pos 1", 1, StationKind::Pos),
        ] {
            assert_eq!(station_number(text), Some((number, kind)), "{text}");
        }
        for bad in ["", "TPS", "0", "-1", "- 1", "10000", "4a", "RT 4", "4/5", "1.5"] {
            assert_eq!(station_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_of_people_read_with_their_marks() {
        for (text, number) in [("0", 0), ("28", 28), ("204807222", 204_807_222), ("1.234", 1_234), ("204,807,222", 204_807_222)] {
            assert_eq!(count(text), Some(number), "{text}");
        }
        assert_eq!((count("204 807"), count("28.0"), count("1\u{a0}234")), (Some(204_807), Some(28), Some(1_234)));
        for bad in ["", "-1", "1.5", "1.2345", "1,234.567", "1234.567", "12 orang", ".123", "1.", "99999999999999999999"] {
            assert_eq!(count(bad), None, "{bad}");
        }
    }

    #[test]
    fn codes_of_regions_read_with_blanks_and_those_of_the_statistical_office_are_told() {
        for text in ["3603", "36.03", "36. 03", "36 . 03", "36 03"] {
            assert_eq!(region_code(text), Code::regency(3603), "{text}");
        }
        for bad in ["", "3", "36-03", "3603010"] {
            assert_eq!(region_code(bad), None, "{bad}");
        }
        assert!(bps_code("3273010").is_some() && bps_code("327301").is_none() && bps_code("327301a").is_none());
    }

    #[test]
    fn yes_and_no_read_in_both_languages() {
        assert_eq!((yes_or_no("Ya"), yes_or_no("no"), yes_or_no("")), (YesNo::Yes, YesNo::No, YesNo::Nothing));
        assert_eq!(yes_or_no("maybe"), YesNo::Unclear);
    }
}
