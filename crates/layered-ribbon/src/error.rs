//! What can go wrong, by cause.

use core::fmt;

/// Why a ribbon could not be built. Only [`Unsolvable`](Self::Unsolvable) is bad luck; every other one comes back with the same
/// input.
///
/// ```
/// use layered_ribbon::{BuildError, Builder, Hash};
///
/// let same = Hash::from_u64(7, 0);
/// let error = Builder::new(8).build(&[(same, 1), (same, 2)]).unwrap_err();
/// assert_eq!(error, BuildError::EqualKeys { first: 0, second: 1 });
/// assert_eq!(error.to_string(), "equal keys: entries 0 and 1 have the same hash; remove one of them");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// Slots have at least one bit, and at most [`Limits::MAX_WIDTH`](crate::Limits::MAX_WIDTH).
    WidthOutOfRange {
        /// The widest slot, in bits.
        max: u32,
        /// What was asked for, in bits.
        got: u32,
    },
    /// A value does not fit into a slot.
    ValueOutOfRange {
        /// Which entry, from 0.
        entry: usize,
        /// Bits of a slot.
        width: u32,
    },
    /// The first layer would have more slots than the limits allow.
    TooManyKeys {
        /// What the limits allow.
        max: u64,
        /// What there is.
        got: u64,
    },
    /// Two entries have the same [`Hash::start`](crate::Hash::start) and [`Hash::row`](crate::Hash::row). No retry helps.
    EqualKeys {
        /// The earlier entry, from 0.
        first: usize,
        /// The later one.
        second: usize,
    },
    /// More keys are left for a further layer than the limits allow layers: the limit is too low, or the hashes are not uniform.
    TooManyLayers {
        /// What the limits allow.
        max: u32,
    },
    /// The rows of the last layer are linearly dependent. Different keys are that unlucky once in some 2^16 times: try again
    /// with other hashes of the same keys.
    Unsolvable,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WidthOutOfRange { max, got } => write!(f, "width out of range: expected 1 to {max} bits, got {got}"),
            Self::ValueOutOfRange { entry, width } => {
                write!(f, "value out of range: the value of entry {entry} does not fit into {width} bits")
            }
            Self::TooManyKeys { max, got } => write!(f, "too many keys: expected at most {max}, got {got}; raise the limits"),
            Self::EqualKeys { first, second } => {
                write!(f, "equal keys: entries {first} and {second} have the same hash; remove one of them")
            }
            Self::TooManyLayers { max } => {
                write!(f, "too many layers: {max} did not suffice; raise the limits, or use hashes that are uniform")
            }
            Self::Unsolvable => f.write_str("no solution for these hashes; try again with other hashes of the same keys"),
        }
    }
}

impl core::error::Error for BuildError {}

/// Why parts do not make a ribbon: the data is damaged, or not a ribbon, or larger than the limits allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRibbon {
    /// Slots have at least one bit, and at most [`Limits::MAX_WIDTH`](crate::Limits::MAX_WIDTH).
    WidthOutOfRange {
        /// The widest slot, in bits.
        max: u32,
        /// What there is, in bits.
        got: u32,
    },
    /// No layer at all, or more than the limits allow.
    LayersOutOfRange {
        /// The most layers; the least is one.
        max: u32,
        /// What there is.
        got: u64,
    },
    /// A layer has too few or too many slots.
    LayerOutOfRange {
        /// Which layer, from 0.
        layer: u32,
        /// The fewest slots that it may have.
        min: u32,
        /// The most.
        max: u32,
        /// What there is.
        got: u32,
    },
    /// The slots take another number of bytes than layers and width say.
    LengthMismatch {
        /// What layers and width say, in bytes.
        expected: u64,
        /// What there is, in bytes.
        got: u64,
    },
    /// Bits after the last slot are set: the same ribbon could be written in two ways.
    PaddingSet,
}

impl InvalidRibbon {
    /// The cause without its numbers, for where bytes of code count: formatting numbers takes some kilobytes of WebAssembly.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        match self {
            Self::WidthOutOfRange { .. } => "ribbon: width out of range",
            Self::LayersOutOfRange { .. } => "ribbon: number of layers out of range",
            Self::LayerOutOfRange { .. } => "ribbon: slots of a layer out of range",
            Self::LengthMismatch { .. } => "ribbon: length of the slots does not match the layers",
            Self::PaddingSet => "ribbon: bits are set after the last slot",
        }
    }
}

impl fmt::Display for InvalidRibbon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.summary())?;
        match self {
            Self::WidthOutOfRange { max, got } => write!(f, ": expected 1 to {max} bits, got {got}"),
            Self::LayersOutOfRange { max, got } => write!(f, ": expected 1 to {max}, got {got}"),
            Self::LayerOutOfRange { layer, min, max, got } => {
                write!(f, ": expected {min} to {max} in layer {layer}, got {got}")
            }
            Self::LengthMismatch { expected, got } => write!(f, ": expected {expected} bytes, got {got}"),
            Self::PaddingSet => Ok(()),
        }
    }
}

impl core::error::Error for InvalidRibbon {}
