//! Which mirror next. Pure: whoever fetches asks for an order and tells what came of it.

/// Health of the mirrors that a page names, by their position in its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirrors {
    /// Failures in a row.
    failures: Vec<u32>,
}

impl Mirrors {
    /// So many mirrors, all in good health.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { failures: vec![0; count] }
    }

    /// All mirrors, those with fewer failures in a row first, otherwise in random order. `random` gives uniform words.
    pub fn order(&self, mut random: impl FnMut() -> u32) -> Vec<usize> {
        let mut order: Vec<(u32, u32, usize)> =
            self.failures.iter().enumerate().map(|(at, &failures)| (failures, random(), at)).collect();
        order.sort_unstable();
        order.into_iter().map(|(.., at)| at).collect()
    }

    /// A mirror gave what was asked of it.
    pub fn answered(&mut self, mirror: usize) {
        if let Some(failures) = self.failures.get_mut(mirror) {
            *failures = 0;
        }
    }

    /// A mirror did not answer, or gave what had to be refused.
    pub fn failed(&mut self, mirror: usize) {
        if let Some(failures) = self.failures.get_mut(mirror) {
            *failures = failures.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_failed_comes_last_until_it_answers() {
        let mut mirrors = Mirrors::new(3);
        let mut word = 0_u32;
        let mut random = || {
            word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            word
        };
        mirrors.failed(1);
        for _ in 0..20 {
            assert_eq!(mirrors.order(&mut random).last(), Some(&1));
        }
        mirrors.answered(1);
        let firsts: std::collections::BTreeSet<_> = (0..50).filter_map(|_| mirrors.order(&mut random).first().copied()).collect();
        assert_eq!(firsts.len(), 3, "every healthy mirror comes first at times");
    }
}
