//! What a derivation costs.

use crate::format::container::{Encode, read_fields};

/// What one derivation costs: `Argon2id` version 0x13 with one lane and 32 bytes of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
}

read_fields! {
    Cost { memory_kib, passes }
}

impl Cost {
    /// The least that a real election is sealed with: OWASP's recommendation for `Argon2id`. Some 15 ms natively, 30 ms in a
    /// browser.
    pub const DEFAULT: Self = Self { memory_kib: 19_456, passes: 2 };

    /// The smallest cost that a reader accepts: for tests and demos.
    pub const MIN: Self = Self { memory_kib: 8, passes: 1 };

    /// The largest cost that a reader accepts: 64 MiB, 10 passes.
    pub const MAX: Self = Self { memory_kib: 65_536, passes: 10 };

    /// Whether memory and passes both lie between [`Cost::MIN`] and [`Cost::MAX`].
    #[must_use]
    pub fn is_within_limits(self) -> bool {
        (Self::MIN.memory_kib..=Self::MAX.memory_kib).contains(&self.memory_kib)
            && (Self::MIN.passes..=Self::MAX.passes).contains(&self.passes)
    }

    /// Memory times passes, in KiB. The time of a derivation is proportional to it.
    #[must_use]
    pub fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }
}

/// A cost of derivation outside the limits of readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostError {
    /// The smallest cost that is accepted.
    pub min: Cost,
    /// The largest cost that is accepted.
    pub max: Cost,
    /// The cost that was asked for.
    pub got: Cost,
}

impl std::fmt::Display for CostError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { min, max, got } = self;
        write!(
            f,
            "cost of derivation out of range: expected {} to {} KiB and {} to {} passes, got {} KiB and {} passes",
            min.memory_kib, max.memory_kib, min.passes, max.passes, got.memory_kib, got.passes
        )
    }
}

impl std::error::Error for CostError {}
