//! The layered ribbon: a static function from keys to values that stores no key, in hardly more bits than the values.
//!
//! # Structure
//! A key is three uniform words, [`Hash`]. In a *banded* layer of `m` slots it selects a start in `0..=m - 64` and up to 64
//! of the slots from there; its value is the XOR of the selected slots (Dillinger and Walzer, *Ribbon filter: practically
//! smaller than Bloom and Xor*, 2021). Solving that is Gaussian elimination on a band. Layer 0 has some 7 % fewer slots than
//! keys, so nearly every slot is used; the keys whose row turns out linearly dependent fall to the next layer, some 13
//! times smaller (bumping: Dillinger, Hübschle-Schneider, Sanders, Walzer, *Fast succinct retrieval and approximate
//! membership using ribbon*, 2022). The last layer is *dense*: a row selects among all of its slots, few as they are.
//!
//! With starts spread evenly, the slots at both ends of a band would be selected by too few rows: those at the left until the
//! elimination has fallen behind, the last 63 once no further row starts. So rows whose start would lie up to [`EDGE`] slots
//! outside start at the end instead (`Row::new`): that saves nine tenths of the slots that would stay free.
//!
//! BuRR keeps a few bits for each bucket to know a key's layer. This structure keeps none: [`Ribbon::get`] answers for one
//! layer, and who asks knows the right layer by check bits in the value, or by having been told. A key that was never
//! stored gets a random value in every layer.
//!
//! # Cost
//! Slots beyond the keys: some 0.01 % at 28,000 keys, 0.03 % at 5,000, 0.3 % at 500, 1.6 slots below 240
//! (`cargo bench --bench ribbon` prints the table). Solving takes some 10 ms for 28,000 keys; a lookup in a banded layer
//! XORs 32 slots on average, in the dense one up to 128.

mod bits;
mod solve;

pub use solve::{Solved, Unsolvable, solve};

/// The widest slot, in bits.
pub const MAX_WIDTH: u32 = 63;
/// The most layers; three are usual.
pub const MAX_LAYERS: usize = 6;
/// Slots in a band.
const BAND: u32 = 64;
/// How far outside a band the starts reach that are taken to its end, at either end.
const EDGE: u32 = BAND / 2;
/// The most slots of a dense layer.
const MAX_DENSE: u32 = 256;
/// The most slots of any layer: a file cannot ask for more work than this.
const MAX_SLOTS: u32 = 1 << 24;

/// A key, as uniform words: where its row starts, which slots it selects, and a pad for the caller to hide the value with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash {
    /// Selects the start.
    pub start: u64,
    /// Selects the slots.
    pub row: u64,
    /// Never looked at here.
    pub pad: u64,
}

/// The solved structure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "bincode", derive(bincode::Encode, bincode::Decode))]
pub struct Ribbon {
    /// Bits of a slot, 1 to [`MAX_WIDTH`].
    width: u8,
    /// Slots of each layer, the dense one last.
    layers: Vec<u32>,
    /// All slots, layer after layer, `width` bits each, least significant bit first, without gaps.
    slots: Vec<u8>,
}

impl Ribbon {
    /// Whether the lengths agree with each other: to be asked of everything that was decoded.
    ///
    /// # Errors
    /// Says what does not agree.
    pub fn check(&self) -> Result<(), &'static str> {
        let (last, banded) = self.layers.split_last().ok_or("a ribbon without layers")?;
        if self.width == 0 || u32::from(self.width) > MAX_WIDTH || banded.len() >= MAX_LAYERS {
            return Err("a ribbon's width or layers are out of range");
        }
        if *last > MAX_DENSE || banded.iter().any(|&slots| !(BAND..=MAX_SLOTS).contains(&slots)) {
            return Err("a ribbon's layer is out of range");
        }
        let bits = self.slot_count().checked_mul(u64::from(self.width));
        let bytes = bits.map(|bits| bits.div_ceil(8));
        if bytes != u64::try_from(self.slots.len()).ok() {
            return Err("a ribbon's slots are not as long as its layers say");
        }
        Ok(())
    }

    /// How many layers may hold a key.
    #[must_use]
    pub fn layer_count(&self) -> u32 {
        u32::try_from(self.layers.len()).unwrap_or(u32::MAX)
    }

    /// Slots of all layers.
    #[must_use]
    pub fn slot_count(&self) -> u64 {
        self.layers.iter().map(|&slots| u64::from(slots)).sum()
    }

    /// Bits of a slot.
    #[must_use]
    pub fn width(&self) -> u32 {
        u32::from(self.width)
    }

    /// The value of a key if it lies in that layer, and a random one if not. None beyond the last layer.
    #[must_use]
    pub fn get(&self, layer: u32, hash: &Hash) -> Option<u64> {
        let index = usize::try_from(layer).ok()?;
        let slots = *self.layers.get(index)?;
        let before: u64 = self.layers.iter().take(index).map(|&slots| u64::from(slots)).sum();
        let is_dense = index + 1 == self.layers.len();
        let mut value = 0;
        for slot in Row::new(hash, layer, slots, is_dense) {
            value ^= bits::get(&self.slots, before + u64::from(slot), u32::from(self.width));
        }
        Some(value)
    }
}

/// The slots that a key selects in one layer.
#[derive(Clone)]
struct Row {
    /// Slot of the lowest bit of `word`.
    base: u32,
    /// Selected slots not yet given out, from `base`.
    word: u64,
    /// Dense rows go on: the seed and the slots still to come.
    seed: u64,
    beyond: u32,
}

impl Row {
    fn new(hash: &Hash, layer: u32, slots: u32, is_dense: bool) -> Self {
        let seed = mix(hash.row ^ mix(u64::from(layer).wrapping_add(1)));
        if is_dense {
            return Self { base: 0, word: limit(seed, slots), seed, beyond: slots.saturating_sub(BAND) };
        }
        let last = slots.saturating_sub(BAND);
        let starts = u128::from(last) + 1 + 2 * u128::from(EDGE);
        let spread = u128::from(mix(hash.start ^ mix(u64::from(layer).wrapping_add(1)))) * starts;
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
            self.word = limit(self.seed, self.beyond);
            self.beyond = self.beyond.saturating_sub(BAND);
        }
        let bit = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some(self.base + bit)
    }
}

/// The lowest `slots` bits of a word.
fn limit(word: u64, slots: u32) -> u64 {
    if slots >= 64 { word } else { word & ((1 << slots) - 1) }
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014). The words that come in are uniform already; this only makes them
/// differ from layer to layer.
fn mix(word: u64) -> u64 {
    let z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Uniform words from a counter, so that every run is the same.
    fn words(seed: u64) -> impl FnMut() -> u64 {
        let mut state = seed;
        move || {
            state = state.wrapping_add(1);
            mix(mix(state))
        }
    }

    fn entries(n: u64, width: u32, seed: u64) -> Vec<(Hash, u64)> {
        let mut word = words(seed << 40);
        (0..n).map(|_| (Hash { start: word(), row: word(), pad: 0 }, limit(word(), width))).collect()
    }

    fn holds(ribbon: &Ribbon, hash: &Hash, value: u64) -> bool {
        (0..ribbon.layer_count()).any(|layer| ribbon.get(layer, hash) == Some(value))
    }

    #[test]
    fn every_key_has_its_value_in_some_layer() {
        for n in [0, 1, 2, 63, 64, 65, 100, 130, 300, 1000, 5000] {
            for width in [1, 7, 31, 43, 63] {
                let entries = entries(n, width, n + 1);
                let solved = solve(&entries, width, &mut words(9)).unwrap();
                solved.ribbon.check().unwrap();
                for ((hash, value), layer) in entries.iter().zip(&solved.layers) {
                    assert_eq!(solved.ribbon.get(*layer, hash), Some(*value), "{n} keys, {width} bits");
                    assert!(holds(&solved.ribbon, hash, *value));
                }
            }
        }
    }

    #[test]
    fn slots_hardly_exceed_the_keys() {
        for (n, most) in [(200, 3.0), (1_000, 1.0), (5_000, 0.3), (28_000, 0.1)] {
            let entries = entries(n, 31, 77);
            let solved = solve(&entries, 31, &mut words(3)).unwrap();
            let n = f64::from(u32::try_from(n).unwrap());
            let over = (f64::from(u32::try_from(solved.ribbon.slot_count()).unwrap()) / n - 1.0) * 100.0;
            assert!(over <= most, "{over:.2} % over {n} keys");
        }
    }

    #[test]
    fn equal_keys_do_not_fit_in_one_layer() {
        let mut entries = entries(10, 31, 8);
        let (hash, value) = entries[3];
        entries.push((hash, value ^ 1));
        assert_eq!(solve(&entries, 31, &mut words(3)).unwrap_err(), Unsolvable);
    }

    #[test]
    fn a_strangers_value_is_random() {
        let entries = entries(5_000, 31, 5);
        let solved = solve(&entries, 31, &mut words(3)).unwrap();
        let strangers = self::entries(4_096, 31, 6);
        let zero_low_byte =
            strangers.iter().filter(|(hash, _)| solved.ribbon.get(0, hash).unwrap().trailing_zeros() >= 8).count();
        assert!((4..=40).contains(&zero_low_byte), "{zero_low_byte} of 4,096, expected 16");
    }

    #[test]
    fn lengths_that_do_not_agree_are_refused() {
        let solved = solve(&entries(1_000, 31, 5), 31, &mut words(3)).unwrap().ribbon;
        let spoilers: [fn(&mut Ribbon); 7] = [
            |r| r.width = 0,
            |r| r.width = 64,
            |r| r.layers.clear(),
            |r| r.layers = vec![u32::MAX; 3],
            |r| r.layers.insert(0, 3),
            |r| r.layers = vec![64; 9],
            |r| {
                r.slots.pop();
            },
        ];
        for spoil in spoilers {
            let mut spoilt = solved.clone();
            spoil(&mut spoilt);
            assert!(spoilt.check().is_err());
        }
    }
}
