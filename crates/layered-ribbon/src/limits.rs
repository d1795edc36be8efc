//! How large a ribbon may be.

/// How large a ribbon may be, so that a file cannot ask for more memory or time than was planned for.
///
/// Some bounds belong to the structure and are constants: [`MAX_WIDTH`](Self::MAX_WIDTH) and
/// [`MAX_DENSE_SLOTS`](Self::MAX_DENSE_SLOTS). The others are fields, and [`Limits::DEFAULT`] suits most uses. Both
/// [`Builder`](crate::Builder) and [`Ribbon::from_parts`](crate::Ribbon::from_parts) take limits; decoding by `bincode` or
/// `serde` uses the default ones.
///
/// ```
/// use layered_ribbon::{BuildError, Builder, Hash, Limits};
///
/// let limits = Limits { max_layer_slots: 1_000, ..Limits::DEFAULT };
/// let entries: Vec<(Hash, u64)> = (0..2_000).map(|key| (Hash::from_u64(key, 0), key % 16)).collect();
/// let refused = Builder::new(4).limits(limits).build(&entries).unwrap_err();
/// assert_eq!(refused, BuildError::TooManyKeys { max: 1_081, got: 2_000 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Layers, the dense one included. Three are usual; each is some 13 times smaller than the one before.
    pub max_layers: u32,
    /// Slots of any one layer. The first one has some 7 % fewer slots than there are keys.
    pub max_layer_slots: u32,
}

impl Limits {
    /// Bits of a slot: 1 to 63.
    pub const MAX_WIDTH: u32 = 63;
    /// Slots of the last layer.
    pub const MAX_DENSE_SLOTS: u32 = 256;
    /// Six layers, and 2^24 slots in each: 18 million keys.
    pub const DEFAULT: Self = Self { max_layers: 6, max_layer_slots: 1 << 24 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
