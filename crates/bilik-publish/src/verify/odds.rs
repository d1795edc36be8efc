//! What a random sample says of all voters: the exact upper bound of Clopper and Pearson (1934) for the share of wrong answers.

use crate::number::float;

/// How sure the statement is.
pub const CONFIDENCE: f64 = 0.95;

/// Halvings of the interval: more than a fraction has bits.
const HALVINGS: u32 = 80;
/// A term that adds less than this share of the sum ends it.
const NEGLIGIBLE: f64 = 1e-17;

/// The share of wrong answers among all voters that is not exceeded, by [`CONFIDENCE`], if of `asked` voters drawn at random
/// `wrong` got a wrong answer. It takes the roll as endless, so it is never too low.
#[must_use]
pub fn wrong_at_most(asked: u64, wrong: u64) -> f64 {
    let doubt = 1.0 - CONFIDENCE;
    if wrong >= asked {
        return 1.0;
    }
    if wrong == 0 {
        return -(doubt.ln() / float(asked)).exp_m1();
    }
    let choices = (1..=wrong).map(|chosen| (float(asked - wrong + chosen) / float(chosen)).ln()).sum();
    let (mut low, mut high) = (float(wrong) / float(asked), 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if at_most(asked, wrong, choices, middle) > doubt {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The probability of `wrong` wrong answers or fewer among `asked`, where a share of `share` is wrong, at least `wrong / asked`.
/// `choices` is the logarithm of the number of ways to choose the wrong ones.
fn at_most(asked: u64, wrong: u64, choices: f64, share: f64) -> f64 {
    let exactly = (choices + float(wrong) * share.ln() + float(asked - wrong) * (-share).ln_1p()).exp();
    let (mut sum, mut term) = (exactly, exactly);
    for count in (1..=wrong).rev() {
        term *= float(count) * (1.0 - share) / (float(asked - count + 1) * share);
        sum += term;
        if term < sum * NEGLIGIBLE {
            break;
        }
    }
    sum
}

/// The N of "fewer than 1 in N", rounded down to three digits; `None` where a share is so large that it says nothing.
#[must_use]
pub fn one_in(share: f64) -> Option<u64> {
    let whole: u64 = format!("{:.0}", (1.0 / share).floor()).parse().ok()?;
    let unit = 10_u64.pow(whole.max(1).ilog10().saturating_sub(2));
    Some(whole / unit * unit).filter(|whole| *whole >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_published_tables() {
        // Without a wrong one: 1 - 0.05^(1/n), which is the rule of three for many.
        for (asked, wrong, expected) in [
            (10, 0, 0.258_866),
            (100, 0, 0.029_513),
            (400_000, 0, 7.489e-6),
            // qbeta(0.95, k + 1, n - k) of R.
            (10, 1, 0.394_163),
            (10, 5, 0.777_559),
            (100, 3, 0.075_711),
            (100, 99, 0.999_487),
            (400_000, 3, 1.938_4e-5),
        ] {
            let bound = wrong_at_most(asked, wrong);
            assert!((bound / expected - 1.0).abs() < 1e-3, "{asked}, {wrong}: {bound}, expected {expected}");
        }
        assert!((wrong_at_most(7, 7) - 1.0).abs() < f64::EPSILON && (wrong_at_most(0, 0) - 1.0).abs() < f64::EPSILON);
        // By the definition: at the bound, so few are as improbable as the doubt.
        let bound = wrong_at_most(2_000, 40);
        let ln_choices: f64 = (1..=40).map(|chosen| (f64::from(1_960 + chosen) / f64::from(chosen)).ln()).sum();
        assert!((at_most(2_000, 40, ln_choices, bound) - 0.05).abs() < 1e-9);
        // Many wrong ones neither overflow nor take long.
        let half = wrong_at_most(400_000, 200_000);
        assert!((0.500..0.502).contains(&half), "{half}");
    }

    #[test]
    fn one_in_is_rounded_down_to_three_digits() {
        assert_eq!(one_in(wrong_at_most(400_000, 0)), Some(133_000));
        assert_eq!(one_in(wrong_at_most(300, 0)), Some(100));
        assert_eq!(one_in(0.2), Some(5));
        assert_eq!((one_in(0.51), one_in(1.0)), (None, None));
    }
}
