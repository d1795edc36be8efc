//! Which slots a key selects in a layer.

use crate::bits;
use crate::hash::{Hash, mix};

/// Slots in a band: a row of a banded layer selects among this number of slots, from its start.
pub(crate) const BAND: u32 = 64;
/// How far outside a layer, at either end, the starts reach that are taken to its end. Without it the slots at both ends would
/// be selected by too few rows.
const EDGE: u32 = BAND / 2;

/// The slots that a key selects in one layer, lowest first.
#[derive(Clone)]
pub(crate) struct Row {
    /// Slot of the lowest bit of `word`.
    pub(crate) base: u32,
    /// Selected slots not yet given out, from `base`.
    pub(crate) word: u64,
    /// Dense rows go on: the seed and the slots still to come.
    seed: u64,
    beyond: u32,
}

impl Row {
    pub(crate) fn new(hash: &Hash, layer: u32, slots: u32, is_dense: bool) -> Self {
        let layer_word = mix(u64::from(layer).wrapping_add(1));
        let seed = mix(hash.row ^ layer_word);
        if is_dense {
            return Self { base: 0, word: bits::low(seed, slots), seed, beyond: slots.saturating_sub(BAND) };
        }
        let last = slots.saturating_sub(BAND);
        let starts = u128::from(last) + 1 + 2 * u128::from(EDGE);
        let spread = u128::from(mix(hash.start ^ layer_word)) * starts;
        let base = u32::try_from(spread >> 64).unwrap_or(0).saturating_sub(EDGE).min(last);
        Self { base, word: seed | 1, seed, beyond: 0 }
    }
}

impl Iterator for Row {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        while self.word == 0 {
            if self.beyond == 0 {
                return None;
            }
            self.base += BAND;
            self.seed = mix(self.seed);
            self.word = bits::low(self.seed, self.beyond);
            self.beyond = self.beyond.saturating_sub(BAND);
        }
        let bit = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some(self.base + bit)
    }
}
