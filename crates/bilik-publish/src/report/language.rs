//! The languages of the page, and numbers with their units in them.

use crate::language::Language;
use crate::number::{float, rounded};

impl Language {
    fn pick(self, indonesian: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Id => indonesian,
            Self::En => english,
        }
    }

    /// A count, exactly.
    pub(super) fn count(self, count: u64) -> String {
        self.localized(&indicatif::HumanCount(count).to_string())
    }

    /// A number with some decimals.
    pub(super) fn decimal(self, value: f64, decimals: usize) -> String {
        self.localized(&format!("{value:.decimals$}"))
    }

    /// Two significant digits, with a word for millions and more.
    pub(super) fn about(self, value: f64) -> String {
        let english = rounded(value);
        if let Some((digits, exponent)) = english.split_once('e') {
            return format!("{} × 10{}", self.localized(digits), superscript(exponent));
        }
        let words = [("million", "juta"), ("billion", "miliar"), ("trillion", "triliun")];
        let number = english.split(' ').next().unwrap_or_default();
        let word = words.into_iter().find(|(word, _)| english.ends_with(word));
        match word {
            Some((english, indonesian)) => format!("{}\u{a0}{}", self.localized(number), self.pick(indonesian, english)),
            None => self.localized(number),
        }
    }

    /// A power of ten under an axis: "10 million", "0.01".
    pub(super) fn power(self, value: f64) -> String {
        if value < 1.0 {
            let decimals = (1..=12).find(|decimals| value * 10_f64.powi(*decimals) >= 0.99).unwrap_or(12);
            return self.decimal(value, usize::try_from(decimals).unwrap_or(12));
        }
        self.about(value).replacen(self.pick(",0", ".0"), "", 1)
    }

    pub(super) fn dollar_power(self, value: f64) -> String {
        format!("{}{}", self.pick("US$", "$"), self.power(value))
    }

    pub(super) fn duration_power(self, seconds: f64) -> String {
        if seconds < 120.0 { format!("{}\u{a0}{}", self.power(seconds), self.pick("detik", "s")) } else { self.duration(seconds) }
    }

    /// A day as YYYY-MM-DD, or a time as in ISO 8601 in UTC, in words.
    pub(super) fn time(self, iso: &str) -> String {
        let months = self.pick(
            "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
            "January February March April May June July August September October November December",
        );
        let (day, time) = iso.split_once('T').unwrap_or((iso, ""));
        let mut parts = day.splitn(3, '-');
        let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else { return iso.to_owned() };
        let name = month.parse::<usize>().ok().and_then(|month| months.split(' ').nth(month.checked_sub(1)?));
        let Some(name) = name else { return iso.to_owned() };
        let day = day.trim_start_matches('0');
        match time.get(..5) {
            Some(minute) => format!("{day} {name} {year}, {} UTC", minute.replace(':', self.pick(".", ":"))),
            None => format!("{day} {name} {year}"),
        }
    }

    /// A count that fits into a tile or under an axis.
    pub(super) fn compact(self, value: f64) -> String {
        let [k, m] = [self.pick("\u{a0}rb", "k"), self.pick("\u{a0}jt", "M")];
        let scaled = |value: f64, unit: &str| {
            let decimals = usize::from(value < 9.95 && value.fract() > 0.05);
            format!("{}{unit}", self.decimal(value, decimals))
        };
        match value {
            value if value > 0.0 && value < 1.0 => self.power(value),
            value if value < 1_000.0 => self.decimal(value, 0),
            value if value < 999_500.0 => scaled(value / 1e3, k),
            value => scaled(value / 1e6, m),
        }
    }

    /// Bytes, in units of a thousand.
    pub(super) fn bytes(self, bytes: u64) -> String {
        let value = float(bytes);
        let scaled = |value: f64, unit: &str| {
            let decimals = usize::from(value < 10.0);
            format!("{}\u{a0}{unit}", self.decimal(value, decimals))
        };
        match value {
            value if value < 1e3 => format!("{}\u{a0}B", self.count(bytes)),
            value if value < 999_500.0 => scaled(value / 1e3, "kB"),
            value if value < 999_500_000.0 => scaled(value / 1e6, "MB"),
            value => format!("{}\u{a0}GB", self.decimal(value / 1e9, 2)),
        }
    }

    /// Dollars with two significant digits.
    pub(super) fn dollars(self, dollars: f64) -> String {
        format!("{}{}", self.pick("US$", "$"), self.about(dollars))
    }

    /// A share.
    pub(super) fn percent(self, share: f64) -> String {
        let percent = share * 100.0;
        let decimals = usize::from(percent > 0.0 && percent < 9.95);
        let number =
            if percent > 0.0 && percent < 0.05 { format!("<{}", self.decimal(0.1, 1)) } else { self.decimal(percent, decimals) };
        format!("{number}{}", self.pick("%", "%"))
    }

    /// A duration with two significant digits.
    pub(super) fn duration(self, seconds: f64) -> String {
        let (value, unit) = match seconds {
            s if s < 120.0 => (s, self.pick("detik", "s")),
            s if s < 7_200.0 => (s / 60.0, self.pick("menit", "min")),
            s if s < 172_800.0 => (s / 3_600.0, self.pick("jam", "h")),
            s => (s / 86_400.0, self.pick("hari", "days")),
        };
        format!("{}\u{a0}{unit}", self.about(value))
    }

    /// A chance as "1 in N".
    pub(super) fn one_in(self, chance: f64) -> String {
        if chance > 0.0 {
            format!("{} {}", self.pick("1 dari", "1 in"), self.about(1.0 / chance))
        } else {
            self.pick("tidak pernah", "never").to_owned()
        }
    }
}

fn superscript(exponent: &str) -> String {
    let raised = |c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => digit.to_digit(10).and_then(|digit| char::from_u32(0x2070 + digit)).unwrap_or(digit),
    };
    exponent.chars().map(raised).collect()
}

/// The first letters of a text, with a mark where some are left out.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_separators_and_words_of_their_language() {
        let both = |of: &dyn Fn(Language) -> String| [of(Language::Id), of(Language::En)];
        assert_eq!(both(&|l| l.count(204_807_222)), ["204.807.222", "204,807,222"]);
        assert_eq!(both(&|l| l.about(1.23e6)), ["1,2\u{a0}juta", "1.2\u{a0}million"]);
        assert_eq!(both(&|l| l.about(6.14e16)), ["6,1 × 10¹⁶", "6.1 × 10¹⁶"]);
        assert_eq!(both(&|l| l.dollars(4_473.0)), ["US$4.500", "$4,500"]);
        assert_eq!(both(&|l| l.bytes(41_234)), ["41\u{a0}kB", "41\u{a0}kB"]);
        assert_eq!(both(&|l| l.bytes(2_346_000_000)), ["2,35\u{a0}GB", "2.35\u{a0}GB"]);
        assert_eq!(both(&|l| l.bytes(999)), ["999\u{a0}B", "999\u{a0}B"]);
        assert_eq!(both(&|l| l.compact(28_400.0)), ["28\u{a0}rb", "28k"]);
        assert_eq!(both(&|l| l.compact(0.05)), ["0,05", "0.05"]);
        assert_eq!(both(&|l| l.compact(3_940_000.0)), ["3,9\u{a0}jt", "3.9M"]);
        assert_eq!(both(&|l| l.percent(0.0004)), ["<0,1%", "<0.1%"]);
        assert_eq!(both(&|l| l.duration(7_300.0)), ["2,0\u{a0}jam", "2.0\u{a0}h"]);
        assert_eq!(both(&|l| l.power(1e7)), ["10\u{a0}juta", "10\u{a0}million"]);
        assert_eq!(both(&|l| l.dollar_power(1e6)), ["US$1\u{a0}juta", "$1\u{a0}million"]);
        assert_eq!(both(&|l| l.power(0.001)), ["0,001", "0.001"]);
        assert_eq!(both(&|l| l.time("2026-05-06T16:03:51Z")), ["6 Mei 2026, 16.03 UTC", "6 May 2026, 16:03 UTC"]);
        assert_eq!(both(&|l| l.time("2029-02-14")), ["14 Februari 2029", "14 February 2029"]);
        assert_eq!(both(&|l| l.time("soon")), ["soon", "soon"]);
        assert_eq!(both(&|l| l.one_in(1.79e-7)), ["1 dari 5,6\u{a0}juta", "1 in 5.6\u{a0}million"]);
    }

    #[test]
    fn names_keep_their_letters_up_to_a_length() {
        assert_eq!((shortened("Kabupaten", 9), shortened("Kabupaten X", 9)), ("Kabupaten".into(), "Kabupate…".into()));
    }
}
