//! From keys and values to a ribbon: which keys go into which layer.

mod solve;

use crate::bits;
use crate::error::BuildError;
use crate::hash::{Hash, splitmix};
use crate::limits::Limits;
use crate::ribbon::Ribbon;
use crate::row::{BAND, Row};
use alloc::vec;
use alloc::vec::Vec;

/// Keys for each slot of a banded layer, in thousandths. At 1.08 hardly a slot stays free (`cargo bench -p layered-ribbon`
/// prints it).
const OVERLOAD: u32 = 1080;
/// Up to this many keys a dense layer takes them all.
const MAX_DENSE_KEYS: u32 = 240;
/// The most slots of a dense layer beyond its keys. Random rows are independent after 1.6 further slots on average; they are
/// still not after this many once in 2^16 times, or when two keys are equal.
const MAX_DENSE_SPARE: u32 = 16;
const _: () = assert!(MAX_DENSE_KEYS + MAX_DENSE_SPARE <= Limits::MAX_DENSE_SLOTS, "the dense layer would be too large");
const _: () = assert!(MAX_DENSE_KEYS * 1000 / OVERLOAD >= BAND, "a banded layer would be smaller than its band");

/// Builds a [`Ribbon`].
///
/// The same width, entries and fill give the same ribbon, on every machine.
///
/// ```
/// use layered_ribbon::{Builder, Hash};
///
/// let capitals = [("Indonesia", 1), ("Malaysia", 2), ("Timor-Leste", 3)];
/// // A hash of your choice, with 24 bytes.
/// let hash = |name: &str| {
///     let mut bytes = [0; 24];
///     name.bytes().zip(&mut bytes).for_each(|(letter, byte)| *byte = letter);
///     Hash::from_bytes(&bytes)
/// };
/// let entries: Vec<(Hash, u64)> = capitals.iter().map(|(name, value)| (hash(name), *value)).collect();
/// let ribbon = Builder::new(2).build(&entries)?.ribbon;
/// // So few keys lie in one dense layer.
/// assert_eq!(ribbon.get(0, &hash("Malaysia")), Some(2));
/// # Ok::<_, layered_ribbon::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builder {
    width: u32,
    seed: u64,
    limits: Limits,
}

/// A ribbon, and which layer each key came to lie in, in the order of the entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// The structure.
    pub ribbon: Ribbon,
    /// The layer of each key.
    pub layers: Vec<u32>,
}

impl Builder {
    /// For slots of `width` bits, 1 to [`Limits::MAX_WIDTH`].
    #[must_use]
    pub const fn new(width: u32) -> Self {
        Self { width, seed: 0, limits: Limits::DEFAULT }
    }

    /// Fills free slots from `SplitMix64` with this seed, rather than with 0.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets other limits than [`Limits::DEFAULT`]. Decoding the ribbon needs limits that are at least as high.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Solves for slots that give each key its value. Linear in the keys, but for a sort; some 10 ms for 28,000.
    ///
    /// # Errors
    /// [`BuildError::Unsolvable`] when other hashes of the same keys should be tried; see [`BuildError`] for the others, all of
    /// which lie in the input.
    pub fn build(&self, entries: &[(Hash, u64)]) -> Result<Solved, BuildError> {
        self.build_with(entries, &mut splitmix(self.seed))
    }

    /// As [`build`](Self::build); free slots get the words of `fill`, `width` bits of each. Where nobody may learn which slots
    /// are free, give it a cryptographic generator, and hide the values by [`Hash::mask`].
    ///
    /// ```
    /// use layered_ribbon::{Builder, Hash};
    ///
    /// let entries: Vec<(Hash, u64)> = (0..500).map(|key| (Hash::from_u64(key, 0), key)).collect();
    /// let mut counter = 0_u64;
    /// // A real one would come from an operating system's randomness.
    /// let mut fill = || {
    ///     counter += 1;
    ///     counter.wrapping_mul(0xd134_2543_de82_ef95)
    /// };
    /// let solved = Builder::new(9).build_with(&entries, &mut fill)?;
    /// assert_eq!(solved.ribbon.get(solved.layers[7], &entries[7].0), Some(7));
    /// # Ok::<_, layered_ribbon::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_with(&self, entries: &[(Hash, u64)], fill: &mut impl FnMut() -> u64) -> Result<Solved, BuildError> {
        self.check(entries)?;
        let mut layers = vec![0; entries.len()];
        let mut sizes = Vec::new();
        let mut slots: Vec<u64> = Vec::with_capacity(entries.len() + 16);
        let mut left: Vec<usize> = (0..entries.len()).collect();
        for layer in 0..self.limits.max_layers {
            let rows = |size: u32, is_dense: bool| {
                let entry = |&key: &usize| entries.get(key).map(|(hash, value)| (key, hash, *value));
                let row = move |(key, hash, value)| (key, Row::new(hash, layer, size, is_dense), value);
                left.iter().filter_map(entry).map(row)
            };
            let keys = u32::try_from(left.len()).map_err(|_| self.too_many(entries))?;
            let is_dense = keys <= MAX_DENSE_KEYS;
            let (size, bumped) = if is_dense {
                let mut sizes = keys..=if keys == 0 { 0 } else { keys + MAX_DENSE_SPARE };
                let size = sizes.find(|&size| solve::dense(rows(size, true), size, &mut slots, fill).is_ok());
                (size.ok_or_else(|| equal_keys(entries, &left).unwrap_or(BuildError::Unsolvable))?, Vec::new())
            } else {
                let size = banded_slots(keys).ok_or_else(|| self.too_many(entries))?;
                let solve::Banded { bumped, twins } = solve::banded(rows(size, false), size, &mut slots, fill);
                if let Some(equal) = equal_keys(entries, &twins) {
                    return Err(equal);
                }
                (size, bumped)
            };
            for key in left {
                if let Some(slot) = layers.get_mut(key) {
                    *slot = layer;
                }
            }
            left = bumped;
            sizes.push(size);
            if is_dense {
                let mask = (1 << self.width) - 1;
                let slots = bits::pack(slots.into_iter().map(|slot| slot & mask), self.width);
                let ribbon = Ribbon::from_parts(self.width, sizes, slots, self.limits);
                return ribbon.map(|ribbon| Solved { ribbon, layers }).map_err(|_| BuildError::Unsolvable);
            }
        }
        Err(BuildError::TooManyLayers { max: self.limits.max_layers })
    }

    /// What can be said before solving.
    fn check(&self, entries: &[(Hash, u64)]) -> Result<(), BuildError> {
        let width = self.width;
        if width == 0 || width > Limits::MAX_WIDTH {
            return Err(BuildError::WidthOutOfRange { max: Limits::MAX_WIDTH, got: width });
        }
        if u64::try_from(entries.len()).map_or(true, |keys| keys > self.max_keys()) {
            return Err(self.too_many(entries));
        }
        match entries.iter().position(|(_, value)| value >> width != 0) {
            Some(entry) => Err(BuildError::ValueOutOfRange { entry, width }),
            None => Ok(()),
        }
    }

    /// The most keys for which the first layer is within the limits.
    fn max_keys(&self) -> u64 {
        let banded = ((u64::from(self.limits.max_layer_slots) + 1) * u64::from(OVERLOAD) - 1) / 1000;
        banded.min(u64::from(u32::MAX)).max(u64::from(MAX_DENSE_KEYS))
    }

    fn too_many(&self, entries: &[(Hash, u64)]) -> BuildError {
        BuildError::TooManyKeys { max: self.max_keys(), got: u64::try_from(entries.len()).unwrap_or(u64::MAX) }
    }
}

/// The number of slots that a banded layer of this many keys has.
fn banded_slots(keys: u32) -> Option<u32> {
    u32::try_from(u64::from(keys) * 1000 / u64::from(OVERLOAD)).ok()
}

/// Two equal keys among some entries.
fn equal_keys(entries: &[(Hash, u64)], among: &[usize]) -> Option<BuildError> {
    let words = |&entry: &usize| entries.get(entry).map(|(hash, _)| (hash.start, hash.row));
    let mut order = among.to_vec();
    order.sort_unstable_by_key(|entry| (words(entry), *entry));
    order.windows(2).find_map(|pair| match pair {
        [first, second] if words(first) == words(second) => Some(BuildError::EqualKeys { first: *first, second: *second }),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(keys: u64, width: u32, seed: u64) -> Vec<(Hash, u64)> {
        (0..keys)
            .map(|key| {
                let hash = Hash::from_u64(key, seed);
                (hash, hash.pad >> (64 - width))
            })
            .collect()
    }

    #[test]
    fn slots_hardly_exceed_the_keys() {
        for (keys, max) in [(200_u32, 3.0), (1_000, 1.0), (5_000, 0.3), (28_000, 0.1)] {
            let solved = Builder::new(31).build(&entries(keys.into(), 31, 77)).unwrap();
            let slots = u32::try_from(solved.ribbon.slot_count()).unwrap();
            let over = (f64::from(slots) / f64::from(keys) - 1.0) * 100.0;
            assert!(over <= max, "{over:.2} % over {keys} keys");
        }
    }

    #[test]
    fn equal_keys_are_named_in_a_dense_and_in_a_banded_layer() {
        for keys in [10, 240, 1_000, 5_000] {
            let mut entries = entries(keys, 31, 8);
            let (hash, value) = entries[3];
            entries.push((Hash { pad: 9, ..hash }, value ^ 1));
            let second = entries.len() - 1;
            assert_eq!(Builder::new(31).build(&entries).unwrap_err(), BuildError::EqualKeys { first: 3, second });
        }
    }

    #[test]
    fn equal_keys_are_named_wherever_their_row_lies_in_a_layer() {
        for first in 0..300 {
            let mut entries = entries(300, 31, 8);
            entries.push((entries[first].0, 9));
            assert_eq!(Builder::new(31).build(&entries).unwrap_err(), BuildError::EqualKeys { first, second: 300 });
        }
    }

    #[test]
    fn bad_luck_has_an_error_of_its_own() {
        // Different starts do not tell rows of the dense layer apart.
        let hash = |start| Hash { start, row: 5, pad: 0 };
        assert_eq!(Builder::new(31).build(&[(hash(1), 1), (hash(2), 2)]).unwrap_err(), BuildError::Unsolvable);
    }

    #[test]
    fn what_is_wrong_with_the_input_is_said() {
        let entries = entries(2_000, 8, 3);
        for got in [0, 64, u32::MAX] {
            assert_eq!(Builder::new(got).build(&entries).unwrap_err(), BuildError::WidthOutOfRange { max: 63, got });
        }
        let mut wide = entries.clone();
        wide[17].1 = 256;
        assert_eq!(Builder::new(8).build(&wide).unwrap_err(), BuildError::ValueOutOfRange { entry: 17, width: 8 });
        let limits = Limits { max_layers: 1, ..Limits::DEFAULT };
        assert_eq!(Builder::new(8).limits(limits).build(&entries).unwrap_err(), BuildError::TooManyLayers { max: 1 });
        // All rows start at one end: nearly all keys are bumped, layer after layer.
        let skewed: Vec<(Hash, u64)> = entries.iter().map(|(hash, value)| (Hash { start: 0, ..*hash }, *value)).collect();
        assert_eq!(Builder::new(8).build(&skewed).unwrap_err(), BuildError::TooManyLayers { max: 6 });
    }

    #[test]
    fn the_limit_of_keys_is_exact() {
        let limits = Limits { max_layer_slots: 1_000, ..Limits::DEFAULT };
        let build = |keys| Builder::new(8).limits(limits).build(&entries(keys, 8, 3));
        assert_eq!(build(1_081).unwrap().ribbon.layer_sizes()[0], 1_000);
        assert_eq!(build(1_082).unwrap_err(), BuildError::TooManyKeys { max: 1_081, got: 1_082 });
        // Where the slots of one more than the limit are reached by a whole number of keys.
        let limits = Limits { max_layer_slots: 999, ..Limits::DEFAULT };
        let build = |keys| Builder::new(8).limits(limits).build(&entries(keys, 8, 3));
        assert_eq!(build(1_079).unwrap().ribbon.layer_sizes()[0], 999);
        assert_eq!(build(1_080).unwrap_err(), BuildError::TooManyKeys { max: 1_079, got: 1_080 });
        let none = Limits { max_layer_slots: 0, ..Limits::DEFAULT };
        let build = |keys| Builder::new(8).limits(none).build(&entries(keys, 8, 3));
        assert!(build(240).is_ok());
        assert_eq!(build(241).unwrap_err(), BuildError::TooManyKeys { max: 240, got: 241 });
    }
}
