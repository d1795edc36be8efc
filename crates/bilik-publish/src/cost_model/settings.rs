//! What the operator chooses.

use bilik::format::Sealing;
use bilik::{Cost, Recipe};

/// The settings of a seal that an attacker pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(into = "Shown")]
pub struct CostSettings {
    /// What one derivation costs.
    pub cost: Cost,
    /// A key by `full` has one of 2^`full_pepper_bits` peppers.
    pub full_pepper_bits: u8,
    /// A key by `near` has one of 2^`near_pepper_bits` peppers.
    pub near_pepper_bits: u8,
}

/// As JSON has it.
#[derive(serde::Serialize)]
struct Shown {
    memory_kib: u32,
    passes: u32,
    full_pepper_bits: u8,
    near_pepper_bits: u8,
}

impl CostSettings {
    /// What an election has that sets nothing.
    pub const DEFAULT: Self = Self { cost: Cost::DEFAULT, full_pepper_bits: 4, near_pepper_bits: 6 };

    /// The settings of an election. The only place that knows how the configuration names them.
    #[must_use]
    pub fn of(sealing: Sealing) -> Self {
        let Sealing { cost, full, near } = sealing;
        Self { cost, full_pepper_bits: full.pepper_bits, near_pepper_bits: near.pepper_bits }
    }

    /// How many derivations a wrong guess takes.
    #[must_use]
    pub fn peppers(self, recipe: Recipe) -> f64 {
        let bits = match recipe {
            Recipe::Full => self.full_pepper_bits,
            Recipe::Near => self.near_pepper_bits,
        };
        2_f64.powi(i32::from(bits))
    }
}

impl From<CostSettings> for Shown {
    fn from(settings: CostSettings) -> Self {
        let CostSettings { cost, full_pepper_bits, near_pepper_bits } = settings;
        Self { memory_kib: cost.memory_kib, passes: cost.passes, full_pepper_bits, near_pepper_bits }
    }
}
