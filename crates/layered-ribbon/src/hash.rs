//! A key, as uniform words.

use crate::bits;

/// A key, as uniform words: where its row starts, which slots it selects, and a pad for the caller to hide the value with.
///
/// Take the words from a good hash of the key. Where somebody may choose the keys, or where the ribbon is published and the
/// keys are secret, take them from a cryptographic hash with a key or salt. Equal hashes are equal keys: [`Builder::build`]
/// refuses them.
///
/// It has no `Debug`, because the hash of a secret key is enough to look its value up.
///
/// [`Builder::build`]: crate::Builder::build
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash {
    /// Selects the start.
    pub start: u64,
    /// Selects the slots.
    pub row: u64,
    /// Hides the value, by [`Hash::mask`]. Neither [`Builder`](crate::Builder) nor [`Ribbon`](crate::Ribbon) looks at it.
    pub pad: u64,
}

impl Hash {
    /// The first 24 bytes of a cryptographic digest, as three words in little-endian order.
    ///
    /// ```
    /// use layered_ribbon::Hash;
    ///
    /// let mut digest = [0; 24];
    /// digest[8] = 7;
    /// let hash = Hash::from_bytes(&digest);
    /// assert_eq!((hash.start, hash.row, hash.pad), (0, 7, 0));
    /// ```
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 24]) -> Self {
        let mut words = bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
        let mut word = || words.next().unwrap_or_default();
        Self { start: word(), row: word(), pad: word() }
    }

    /// XORs the lowest `width` bits of the pad onto a value; a second time gives the value back.
    ///
    /// Mask each value before building and each answer after the lookup. Then the slots look random without a key, and
    /// bits that are zero in all values can be check bits. Without a pad they cannot: where all keys store the same bits, so do
    /// the slots, and a stranger gets them too.
    ///
    /// ```
    /// use layered_ribbon::Hash;
    ///
    /// let hash = Hash::from_u64(7, 0);
    /// assert_ne!(hash.mask(1000, 32), 1000);
    /// assert_eq!(hash.mask(hash.mask(1000, 32), 32), 1000);
    /// ```
    #[must_use]
    pub fn mask(&self, value: u64, width: u32) -> u64 {
        value ^ bits::low(self.pad, width)
    }

    /// The hash of a number that nobody chooses in order to do harm. Another `seed` gives another hash, for when
    /// [`BuildError::Unsolvable`](crate::BuildError::Unsolvable) asks for one. Different numbers have different hashes.
    #[must_use]
    pub fn from_u64(key: u64, seed: u64) -> Self {
        let start = mix(key ^ mix(seed));
        let row = mix(start);
        Self { start, row, pad: mix(row) }
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014), a bijection. The words that come in are uniform already; this only
/// makes them differ from layer to layer.
pub(crate) fn mix(word: u64) -> u64 {
    let z = word.wrapping_add(GAMMA);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The words of the `SplitMix64` generator: [`mix`] of a counter.
pub(crate) fn splitmix(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        let word = mix(state);
        state = state.wrapping_add(GAMMA);
        word
    }
}

/// The step of the counter: 2^64 over the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
