//! What a real election must cost its harvester at least.
//!
//! A floor is in dollars on a rented GPU at the default prices, and for as many voters as Indonesia had in 2024, whatever the
//! size of the election: a city is held to the same price for a voter as the country. `docs/threat-model.md` explains the
//! amounts.

use super::attack::{Attacker, Attacks};
use super::population::Population;
use super::prices::Prices;
use super::settings::CostSettings;
use crate::language::{Message, message};
use crate::number::rounded;
use bilik::{Cost, MAX_PEPPER_BITS, Recipe};
use serde::Serialize;

/// The least price of an attack.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Floor {
    /// Whose attack.
    pub attacker: Attacker,
    /// Against which tables.
    pub recipe: Recipe,
    /// The least that it must cost, in dollars.
    pub dollars: f64,
}

/// The floors. (b) by `near` has none: without the village it is always dearer than (c) by `near`.
const FLOORS: [Floor; 3] = [
    Floor { attacker: Attacker::NameList, recipe: Recipe::Full, dollars: 74_000.0 },
    Floor { attacker: Attacker::PostedRoll, recipe: Recipe::Full, dollars: 4_000.0 },
    Floor { attacker: Attacker::PostedRoll, recipe: Recipe::Near, dollars: 4_000.0 },
];

/// A floor, and what the attack costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FloorResult {
    /// The floor.
    pub floor: Floor,
    /// What the attack costs: for each voter that is tried, times [`Population::COUNTRY_VOTERS`].
    pub dollars: f64,
}

/// A floor that is not reached, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// What is wrong.
    pub message: Message,
    /// What was expected.
    pub expected: Message,
    /// The smallest changes that each lift it.
    pub fix: Message,
}

impl FloorResult {
    /// Whether the floor is reached.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        self.dollars >= self.floor.dollars
    }
}

/// Each floor, and what that attack costs with these settings and people. The prices are the default ones: an operator's own do
/// not count here.
#[must_use]
pub fn results(settings: CostSettings, population: &Population) -> Vec<FloorResult> {
    let gpu = Prices::default().rented_gpu;
    let attacks = Attacks { settings, population };
    let result = |floor: Floor| {
        let one = match floor.attacker {
            Attacker::PostedRoll => attacks.posted_roll(floor.recipe),
            _ => attacks.listed_name(floor.recipe),
        };
        FloorResult { floor, dollars: gpu.dollars(one.derivations * Population::COUNTRY_VOTERS, settings.cost) }
    };
    FLOORS.map(result).into()
}

/// The floors that a real election with these settings does not reach, by the published shape.
#[must_use]
pub fn shortfalls(settings: CostSettings) -> Vec<Shortfall> {
    let population = Population::published();
    let below = results(settings, &population).into_iter().filter(|result| !result.is_reached());
    below.map(|result| shortfall(settings, &population, result)).collect()
}

fn shortfall(settings: CostSettings, population: &Population, result: FloorResult) -> Shortfall {
    let FloorResult { floor, dollars } = result;
    let (who, by) = match (floor.attacker, floor.recipe) {
        (Attacker::PostedRoll, Recipe::Full) => (message!("a posted roll"), "full"),
        (Attacker::PostedRoll, Recipe::Near) => (message!("a posted roll"), "near"),
        _ => (message!("a list of names"), "full"),
    };
    Shortfall {
        message: message!("too cheap to harvest for the holder of {}: ${} for the country by `{}`", who, rounded(dollars), by),
        expected: message!(
            "at least ${} for as many voters as the country has: docs/threat-model.md explains this floor",
            rounded(floor.dollars)
        ),
        fix: lifts(settings, population, floor),
    }
}

/// For each setting, the least value that lifts the floor on its own.
fn lifts(settings: CostSettings, population: &Population, floor: Floor) -> Message {
    let lifted = |settings: &CostSettings| {
        let is_it = |result: &&FloorResult| result.floor == floor;
        results(*settings, population).iter().find(is_it).is_some_and(FloorResult::is_reached)
    };
    let with_cost = |memory_kib, passes| CostSettings { cost: Cost { memory_kib, passes }, ..settings };
    let Cost { memory_kib, passes } = settings.cost;
    let (key, bits) = match floor.recipe {
        Recipe::Full => ("full_pepper_bits", settings.full_pepper_bits),
        Recipe::Near => ("near_pepper_bits", settings.near_pepper_bits),
    };
    let with_bits = |bits| match floor.recipe {
        Recipe::Full => CostSettings { full_pepper_bits: bits, ..settings },
        Recipe::Near => CostSettings { near_pepper_bits: bits, ..settings },
    };
    let bits = (bits..=MAX_PEPPER_BITS).find(|bits| lifted(&with_bits(*bits)));
    let passes = (passes..=Cost::MAX.passes).find(|passes| lifted(&with_cost(memory_kib, *passes)));
    let whole_mib = (1..=Cost::MAX.memory_kib / 1_024).map(|mib| mib * 1_024).filter(|kib| *kib > memory_kib);
    let memory_kib = whole_mib.into_iter().find(|kib| lifted(&with_cost(*kib, settings.cost.passes)));
    let values = [(key, bits.map(u32::from)), ("passes", passes), ("memory_kib", memory_kib)];
    let each = values.into_iter().filter_map(|(key, value)| Some(message!("`{}` to {}", key, value?)));
    match each.reduce(|one, other| message!("{}, or {}", one, other)) {
        None => message!("raise several of the settings in [sealing]"),
        Some(each) => message!("raise {}", each),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(full_pepper_bits: u8, near_pepper_bits: u8, passes: u32) -> CostSettings {
        CostSettings { cost: Cost { passes, ..Cost::DEFAULT }, full_pepper_bits, near_pepper_bits }
    }

    #[test]
    fn the_default_reaches_every_floor() {
        assert_eq!(shortfalls(CostSettings::DEFAULT), []);
    }

    #[test]
    fn one_bit_less_by_full_does_not_and_the_fix_names_the_bit() {
        let below = shortfalls(with(3, 6, 2));
        let [only] = &below[..] else { panic!("{below:?}") };
        assert!(only.message.english().contains("holder of a posted roll: $3,600 for the country by `full`"), "{only:?}");
        assert!(
            only.fix.english().starts_with("raise `full_pepper_bits` to 4, or `passes` to 3, or `memory_kib` to "),
            "{only:?}"
        );
    }

    #[test]
    fn without_pepper_a_list_of_names_is_enough() {
        let below = shortfalls(with(0, 0, 2));
        assert_eq!(below.len(), 3, "{below:?}");
        assert!(below[0].message.english().contains("holder of a list of names"), "{below:?}");
        assert!(below[2].fix.english().contains("`near_pepper_bits` to 4"), "{below:?}");
    }

    #[test]
    fn what_a_fix_proposes_is_enough() {
        for passes in [1, 2, 9] {
            for bits in 0..4 {
                for below in shortfalls(with(bits, 6, passes)) {
                    let bits = below.fix.english().split("`full_pepper_bits` to ").nth(1).unwrap().split(',').next().unwrap();
                    assert!(
                        shortfalls(with(bits.parse().unwrap(), 6, passes)).is_empty()
                            || below.message.english().contains("names")
                    );
                }
            }
        }
    }
}
