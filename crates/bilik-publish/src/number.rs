//! Numbers: counts as fractions, and fractions as people read them.

/// A count as a fraction; exact up to 2^53.
pub(crate) fn float(count: u64) -> f64 {
    let low = u32::try_from(count & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    let high = u32::try_from(count >> 32).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// A length as a fraction.
pub(crate) fn float_len(length: usize) -> f64 {
    float(u64::try_from(length).unwrap_or(u64::MAX))
}

/// What share of a count another is.
pub(crate) fn share(part: u64, of: u64) -> f64 {
    float(part) / float(of)
}

/// A number with two significant digits: `0`, `0.00015`, `1.2`, `85`, `4,500`, `1.2 million`, `6.1e15`.
pub(crate) fn rounded(value: f64) -> String {
    let two = format!("{value:.1e}").parse::<f64>().unwrap_or(value);
    match two {
        two if two <= 0.0 => "0".to_owned(),
        two if two < 1e-6 => format!("{two:e}"),
        two if two < 1.0 => {
            let decimals = (2..=8).find(|&decimals| two * 10_f64.powi(decimals - 1) >= 1.0).unwrap_or(8);
            format!("{two:.*}", usize::try_from(decimals).unwrap_or(8))
        }
        two if two < 10.0 => format!("{two:.1}"),
        two if two < 1e6 => grouped(&format!("{two:.0}")),
        two if two < 1e9 => scaled(two / 1e6, "million"),
        two if two < 1e12 => scaled(two / 1e9, "billion"),
        two if two < 1e15 => scaled(two / 1e12, "trillion"),
        two => format!("{two:.1e}"),
    }
}

fn scaled(value: f64, unit: &str) -> String {
    if value < 10.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// A whole number, exactly.
pub(crate) fn whole(value: f64) -> String {
    grouped(&format!("{value:.0}"))
}

/// Commas between each three digits.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A duration with two significant digits.
pub(crate) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{} s", rounded(s)),
        s if s < 7_200.0 => format!("{} min", rounded(s / 60.0)),
        s if s < 172_800.0 => format!("{} h", rounded(s / 3_600.0)),
        s => format!("{} days", rounded(s / 86_400.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_tell_the_size() {
        for (value, text) in [
            (0.0, "0"),
            (0.000_154, "0.00015"),
            (0.089, "0.089"),
            (0.996, "1.0"),
            (4.44, "4.4"),
            (85.2, "85"),
            (4_473.0, "4,500"),
            (999_999.0, "1.0 million"),
            (23_456_789.0, "23 million"),
            (4.3e11, "430 billion"),
            (6.14e16, "6.1e16"),
        ] {
            assert_eq!(rounded(value), text);
        }
        assert_eq!((duration(73.0), duration(7_300.0), duration(4e5)), ("73 s".into(), "2.0 h".into(), "4.6 days".into()));
    }

    #[test]
    fn counts_keep_their_value() {
        for count in [0, 1, 4_294_967_295, 4_294_967_296, 1_432_000_000_000] {
            assert_eq!(format!("{:.0}", float(count)), count.to_string());
        }
    }
}
