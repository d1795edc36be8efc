//! The solved structure, and how it is asked.

use crate::bits;
use crate::error::InvalidRibbon;
use crate::hash::Hash;
use crate::limits::Limits;
use crate::row::{BAND, Row};
use alloc::vec::Vec;

/// A static function from keys to values that stores no key. [`Builder`](crate::Builder) makes one.
///
/// A `Ribbon` always holds together: whatever makes one from outside, [`Ribbon::from_parts`] or decoding, checks it. So
/// [`get`](Self::get) cannot fail on a ribbon that somebody tampered with; it can only answer wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ribbon {
    /// Bits of a slot, 1 to [`Limits::MAX_WIDTH`].
    width: u8,
    /// Slots of each layer, the dense one last.
    layers: Vec<u32>,
    /// All slots, layer after layer, `width` bits each, least significant bit first, without gaps.
    slots: Vec<u8>,
}

/// The ribbon without keys.
impl Default for Ribbon {
    fn default() -> Self {
        Self { width: 1, layers: alloc::vec![0], slots: Vec::new() }
    }
}

impl Ribbon {
    /// A ribbon from its parts, as [`width`](Self::width), [`layer_sizes`](Self::layer_sizes) and
    /// [`slot_bytes`](Self::slot_bytes) gave them: for an encoding of your own, or for other limits than the default ones.
    ///
    /// ```
    /// use layered_ribbon::{Builder, Hash, InvalidRibbon, Limits, Ribbon};
    ///
    /// let ribbon = Builder::new(9).build(&[(Hash::from_u64(5, 0), 300)])?.ribbon;
    /// let (width, layers, slots) = (ribbon.width(), ribbon.layer_sizes().to_vec(), ribbon.slot_bytes().to_vec());
    /// assert_eq!(Ribbon::from_parts(width, layers.clone(), slots, Limits::DEFAULT), Ok(ribbon));
    ///
    /// let cut = Ribbon::from_parts(width, layers, vec![0], Limits::DEFAULT);
    /// assert_eq!(cut, Err(InvalidRibbon::LengthMismatch { expected: 2, got: 1 }));
    /// # Ok::<_, layered_ribbon::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// When the parts do not agree with each other, or exceed the limits.
    pub fn from_parts(width: u32, layers: Vec<u32>, slots: Vec<u8>, limits: Limits) -> Result<Self, InvalidRibbon> {
        let expected = expected_bytes(width, &layers, limits)?;
        let got = u64::try_from(slots.len()).unwrap_or(u64::MAX);
        if got != expected {
            return Err(InvalidRibbon::LengthMismatch { expected, got });
        }
        let width = u8::try_from(width).map_err(|_| InvalidRibbon::WidthOutOfRange { max: Limits::MAX_WIDTH, got: width })?;
        Self::from_measured(width, layers, slots)
    }

    /// From parts that agree by [`expected_bytes`]: what is left to check is that no bit is set after the last slot.
    pub(crate) fn from_measured(width: u8, layers: Vec<u32>, slots: Vec<u8>) -> Result<Self, InvalidRibbon> {
        let ribbon = Self { width, layers, slots };
        let used = ribbon.slot_count() * u64::from(width) % 8;
        let is_set = used != 0 && ribbon.slots.last().is_some_and(|last| last >> used != 0);
        if is_set { Err(InvalidRibbon::PaddingSet) } else { Ok(ribbon) }
    }

    /// The value of a key if it lies in that layer, and a random one if not; `None` beyond the last layer.
    ///
    /// Cost: in a banded layer 32 slots are read on average and at most 64, side by side; in the dense one at most 256.
    ///
    /// ```
    /// use layered_ribbon::{Builder, Hash, Solved};
    ///
    /// let entries: Vec<(Hash, u64)> = (0..1_000).map(|key| (Hash::from_u64(key, 0), key * 3)).collect();
    /// // Somebody who remembers the layers needs no check bits.
    /// let Solved { ribbon, layers } = Builder::new(12).build(&entries)?;
    /// for (key, layer) in (0..1_000).zip(layers) {
    ///     assert_eq!(ribbon.get(layer, &Hash::from_u64(key, 0)), Some(key * 3));
    /// }
    /// # Ok::<_, layered_ribbon::BuildError>(())
    /// ```
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

    /// The first layer's value that passes a check, such as check bits under a pad ([`Hash::mask`]). With `n` check bits a key
    /// that was never stored passes with a chance of about 2^-n for each layer.
    ///
    /// A stored key may pass by the same chance in an earlier layer than its own. Where no key may be wrong, look each up once
    /// after building, and build again with other hashes if one is.
    ///
    /// ```
    /// use layered_ribbon::{Builder, Hash};
    ///
    /// // 24 check bits, all zero, below a value of 8 bits.
    /// let entry = |key| {
    ///     let hash = Hash::from_u64(key, 0);
    ///     (hash, hash.mask((key % 200) << 24, 32))
    /// };
    /// let ribbon = Builder::new(32).build(&(0..1_000).map(entry).collect::<Vec<_>>())?.ribbon;
    /// let look_up = |key| {
    ///     let hash = Hash::from_u64(key, 0);
    ///     let slot = ribbon.find(&hash, |slot| hash.mask(slot, 32) & 0xff_ffff == 0)?;
    ///     Some(hash.mask(slot, 32) >> 24)
    /// };
    /// assert_eq!(look_up(777), Some(177));
    /// assert_eq!(look_up(123_456), None);
    /// # Ok::<_, layered_ribbon::BuildError>(())
    /// ```
    #[must_use]
    pub fn find(&self, hash: &Hash, mut passes: impl FnMut(u64) -> bool) -> Option<u64> {
        (0..self.layer_count()).filter_map(|layer| self.get(layer, hash)).find(|&value| passes(value))
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

    /// Slots of each layer, the dense one last.
    #[must_use]
    pub fn layer_sizes(&self) -> &[u32] {
        &self.layers
    }

    /// All slots, layer after layer, [`width`](Self::width) bits each, least significant bit first, without gaps.
    #[must_use]
    pub fn slot_bytes(&self) -> &[u8] {
        &self.slots
    }
}

/// How many bytes the slots take, once width and layers are in range.
pub(crate) fn expected_bytes(width: u32, layers: &[u32], limits: Limits) -> Result<u64, InvalidRibbon> {
    if width == 0 || width > Limits::MAX_WIDTH {
        return Err(InvalidRibbon::WidthOutOfRange { max: Limits::MAX_WIDTH, got: width });
    }
    let got = u64::try_from(layers.len()).unwrap_or(u64::MAX);
    if got == 0 || got > u64::from(limits.max_layers) {
        return Err(InvalidRibbon::LayersOutOfRange { max: limits.max_layers, got });
    }
    let mut slots = 0;
    for (layer, &got) in (0_u32..).zip(layers) {
        let is_dense = usize::try_from(layer).is_ok_and(|layer| layer + 1 == layers.len());
        let (min, max) = if is_dense { (0, Limits::MAX_DENSE_SLOTS) } else { (BAND, limits.max_layer_slots) };
        if !(min..=max).contains(&got) {
            return Err(InvalidRibbon::LayerOutOfRange { layer, min, max, got });
        }
        slots += u64::from(got);
    }
    // Cannot saturate before there are 2^26 layers of the largest size.
    Ok(slots.saturating_mul(u64::from(width)).div_ceil(8))
}
