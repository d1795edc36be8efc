//! How many candidates cover how many voters, most frequent first.

use crate::number::float_len;

/// Candidates and the share of voters that they cover.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Covered {
    /// How many candidates.
    pub candidates: f64,
    /// The share of voters that they cover.
    pub share: f64,
}

/// What each candidate adds, by descending gain.
#[derive(Clone, Debug, Default)]
pub(super) struct Gains {
    gains: Vec<f64>,
    /// The sum of the gains up to and including each.
    sums: Vec<f64>,
}

impl Gains {
    pub(super) fn new(mut gains: Vec<f64>) -> Self {
        gains.retain(|gain| *gain > 0.0);
        gains.sort_by(|a, b| b.total_cmp(a));
        let mut sum = 0.0;
        let sums = gains.iter().map(|gain| {
            sum += gain;
            sum
        });
        Self { sums: sums.collect(), gains }
    }

    /// The candidates that each add at least so much.
    pub(super) fn above(&self, threshold: f64) -> Covered {
        self.first(self.gains.partition_point(|gain| *gain >= threshold))
    }

    fn first(&self, count: usize) -> Covered {
        let share = count.checked_sub(1).and_then(|last| self.sums.get(last)).copied().unwrap_or(0.0);
        Covered { candidates: float_len(count), share }
    }
}

/// Pairs of one of the first and one of the second, taken to be independent: as if people with the one word were as likely to
/// have the other as anybody else is.
pub(super) fn pairs_above(first: &Gains, second: &Gains, threshold: f64) -> Covered {
    let mut covered = Covered::default();
    for gain in &first.gains {
        let with = second.above(threshold / gain);
        if with.candidates == 0.0 {
            break;
        }
        covered.candidates += with.candidates;
        covered.share += gain * with.share;
    }
    covered
}

/// The fewest candidates that cover a target, of a function that gives what is covered by the candidates above a threshold. Where
/// many candidates are equally good, it takes as many of them as needed. Without enough candidates it takes all.
pub(super) fn cover(target: f64, above: impl Fn(f64) -> Covered) -> Covered {
    // From a candidate that covers everybody to one that covers a millionth of a voter of the country.
    let (mut low, mut high) = (-50.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if above(middle.exp2()).share >= target { low = middle } else { high = middle }
    }
    let (enough, less) = (above(low.exp2()), above(high.exp2()));
    if enough.share <= target {
        return enough;
    }
    let part = (target - less.share) / (enough.share - less.share);
    Covered { candidates: less.candidates + part * (enough.candidates - less.candidates), share: target }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_come_first() {
        let gains = Gains::new(vec![0.1, 0.5, 0.0, 0.25]);
        assert_eq!(gains.above(0.6), Covered::default());
        assert_eq!(gains.above(0.25), Covered { candidates: 2.0, share: 0.75 });
        assert_eq!(gains.above(0.0), Covered { candidates: 3.0, share: gains.above(0.0).share });
    }

    #[test]
    fn pairs_are_counted_without_being_listed() {
        let (first, second) = (Gains::new(vec![0.5, 0.5]), Gains::new(vec![0.8, 0.2]));
        let covered = pairs_above(&first, &second, 0.3);
        assert_eq!((covered.candidates, covered.share), (2.0, 0.8));
        assert_eq!(pairs_above(&first, &second, 0.0), Covered { candidates: 4.0, share: 1.0 });
    }

    #[test]
    fn a_target_is_covered_by_as_few_as_possible_or_by_all() {
        let gains = Gains::new(vec![0.4, 0.3, 0.1, 0.1]);
        let covering = |target| cover(target, |threshold| gains.above(threshold));
        assert!((covering(0.4).candidates - 1.0).abs() < 1e-9, "{:?}", covering(0.4));
        assert!((covering(0.8).candidates - 3.0).abs() < 1e-9, "one of two that are equally good: {:?}", covering(0.8));
        assert!((covering(0.95).candidates - 4.0).abs() < 1e-9);
    }
}
