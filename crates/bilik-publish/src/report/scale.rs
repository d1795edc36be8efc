//! Bounds of classes and marks of axes: numbers that people read at a glance.

/// The colours of a map.
pub(super) const CLASSES: usize = 5;
/// Steps of an axis within a power of ten.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

/// Where the classes of a map begin, after the first: about as many values in each, at numbers of two digits. Fewer bounds where
/// values are alike.
pub(super) fn class_bounds(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |class: usize| sorted.get(sorted.len() * class / CLASSES).copied();
    let mut bounds: Vec<f64> = (1..CLASSES).filter_map(at).map(two_digits).collect();
    bounds.dedup_by(|a, b| a.total_cmp(b).is_eq());
    // A class below the least value would be empty.
    bounds.retain(|bound| sorted.first().is_some_and(|least| least < bound));
    bounds
}

/// The class of a value, from 0.
pub(super) fn class_of(value: f64, bounds: &[f64]) -> usize {
    bounds.partition_point(|bound| *bound <= value)
}

fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// Edges of bins at 1, 2 and 5 times powers of ten that hold all values above 0: 1,000, 2,000, 5,000, 10,000.
pub(super) fn bin_edges(values: &[f64]) -> Vec<f64> {
    let positive = || values.iter().copied().filter(|value| *value > 0.0);
    let (least, greatest) = (positive().fold(f64::INFINITY, f64::min), positive().fold(0.0, f64::max));
    if greatest <= 0.0 {
        return Vec::new();
    }
    let mut edges: Vec<f64> = Vec::new();
    for step in steps_from(least) {
        if step <= least {
            edges.clear();
        }
        edges.push(step);
        if step > greatest {
            break;
        }
    }
    edges
}

fn steps_from(least: f64) -> impl Iterator<Item = f64> {
    let power = least.log10().floor();
    let powers = std::iter::successors(Some(power), |power| Some(power + 1.0)).take(40);
    powers.flat_map(|power| STEPS.map(|step| step * 10_f64.powf(power)))
}

/// A logarithmic axis over some values, from one power of ten to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogAxis {
    from: f64,
    to: f64,
}

impl LogAxis {
    pub(super) fn over(values: impl Iterator<Item = f64>) -> Self {
        let logs = values.filter(|value| *value > 0.0).map(f64::log10);
        let (least, greatest) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), log| (a.min(log), b.max(log)));
        if least > greatest {
            return Self { from: 0.0, to: 1.0 };
        }
        let from = least.floor();
        Self { from, to: greatest.ceil().max(from + 1.0) }
    }

    /// Where a value is, from 0 to 1.
    pub(super) fn at(self, value: f64) -> f64 {
        ((value.max(f64::MIN_POSITIVE).log10() - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Powers of ten for marks, five at most.
    pub(super) fn marks(self) -> Vec<f64> {
        let step = ((self.to - self.from) / 4.0).ceil().max(1.0);
        let powers = std::iter::successors(Some(self.from), |power| Some(power + step));
        powers.take_while(|power| *power <= self.to).map(|power| 10_f64.powf(power)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_about_as_many_values_each() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let bounds = class_bounds(&values);
        assert_eq!(bounds, [21.0, 41.0, 61.0, 81.0]);
        assert_eq!([1.0, 21.0, 99.0].map(|value| class_of(value, &bounds)), [0, 1, 4]);
        assert!(class_bounds(&[7.0; 9]).is_empty(), "all alike are one class");
        assert!(class_bounds(&[]).is_empty());
    }

    #[test]
    fn bins_begin_below_the_least_and_end_above_the_greatest() {
        let near = |edges: Vec<f64>, expected: &[f64]| {
            assert_eq!(edges.len(), expected.len(), "{edges:?}");
            assert!(edges.iter().zip(expected).all(|(a, b)| (a / b - 1.0).abs() < 1e-9), "{edges:?}");
        };
        near(bin_edges(&[450.0, 1_999.0]), &[200.0, 500.0, 1_000.0, 2_000.0]);
        near(bin_edges(&[1_000.0]), &[1_000.0, 2_000.0]);
        assert!(bin_edges(&[0.0]).is_empty());
    }

    #[test]
    fn a_logarithmic_axis_has_few_marks() {
        let axis = LogAxis::over([300.0, 3.5e7].into_iter());
        assert_eq!(axis.marks().len(), 4, "{:?}", axis.marks());
        assert!(axis.at(300.0) > 0.0 && axis.at(3.5e7) < 1.0 && axis.at(0.0).abs() < 1e-9);
    }
}
