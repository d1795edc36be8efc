//! What each attacker must derive.

use super::curve::{Covered, cover};
use super::names::NameShape;
use super::population::{AgeBand, Population};
use super::settings::CostSettings;
use bilik::Recipe;
use serde::Serialize;

/// Years that somebody's age may be off by in either direction, who knows it about.
const YEARS_OFF: f64 = 2.0;

/// Who guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attacker {
    /// (a) Knows nobody; knows how frequent names and ages are.
    Stranger,
    /// (b) Has names of voters, with their district.
    NameList,
    /// (c) Has a posted roll: name, sex, age in years, village.
    PostedRoll,
    /// (d) Looks for one person: knows the name, the sex and about the age.
    OnePerson,
}

/// Derivations, and how many voters they find.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Effort {
    pub derivations: f64,
    pub found: f64,
}

impl Effort {
    /// The same, several times.
    pub(super) fn times(self, times: f64) -> Self {
        Self { derivations: self.derivations * times, found: self.found * times }
    }
}

/// Guesses, and the voters that they find: a wrong one costs all peppers, a right one half of them on average.
fn effort(guesses: f64, found: f64, peppers: f64) -> Effort {
    // In a tiny roll one guess finds several voters.
    let right = found.min(guesses);
    Effort { derivations: guesses * peppers - right * (peppers - 1.0) / 2.0, found }
}

/// The attacks on one population with one seal.
#[derive(Clone, Copy)]
pub(super) struct Attacks<'a> {
    pub(super) settings: CostSettings,
    pub(super) population: &'a Population,
}

impl Attacks<'_> {
    /// One voter whose details are known but for the birth date (and the village, unless `villages` is 1), by trying one date
    /// after the other. The number of a voter who is not at home begins with another district's code, so that all guesses are
    /// in vain.
    fn one_by_one(self, ages: &[AgeBand], villages: f64, recipe: Recipe) -> Effort {
        let home = self.population.home_share;
        let (mut before, mut covered, mut guesses) = (0.0, 0.0, 0.0);
        for AgeBand { dates, share } in ages {
            // The dates of a band are equally likely: on average the middle one is right.
            guesses += home * share * (before + (dates + 1.0) / 2.0);
            before += dates;
            covered += share;
        }
        let found = home * covered;
        effort((guesses + (1.0 - found) * before) * villages, found, self.settings.peppers(recipe))
    }

    /// (c) One voter of a posted roll with name, sex, age in years and village.
    pub(super) fn posted_roll(self, recipe: Recipe) -> Effort {
        self.one_by_one(&[AgeBand { dates: Population::DATES_OF_A_YEAR, share: 1.0 }], 1.0, recipe)
    }

    /// (d) Somebody whose name and sex are known, and about the age.
    pub(super) fn one_person(self, recipe: Recipe, knows_village: bool) -> Effort {
        let dates = (2.0 * YEARS_OFF + 1.0) * Population::DATES_OF_A_YEAR;
        self.one_by_one(&[AgeBand { dates, share: 1.0 }], self.villages(recipe, knows_village), recipe)
    }

    fn villages(self, recipe: Recipe, knows_village: bool) -> f64 {
        if recipe == Recipe::Full || knows_village { 1.0 } else { self.population.villages_per_district }
    }

    /// (b) One voter of a list of names that says the district, by trying every birth date. The name says the sex.
    pub(super) fn listed_name(self, recipe: Recipe) -> Effort {
        self.one_by_one(&self.population.ages, self.villages(recipe, false), recipe)
    }

    /// The same, but giving up after the densest births where that finds more for the money.
    pub(super) fn listed_name_at_best(self, recipe: Recipe) -> Effort {
        let ages = &self.population.ages;
        let tried = |bands| self.one_by_one(ages.get(..bands).unwrap_or(ages), self.villages(recipe, false), recipe);
        let per_voter = |effort: &Effort| effort.derivations / effort.found;
        let best = (1..=ages.len()).map(tried).min_by(|a, b| per_voter(a).total_cmp(&per_voter(b)));
        best.unwrap_or(Effort { derivations: 0.0, found: 0.0 })
    }

    /// (b) All voters of a district of which the names are known, by `near`: each different token is tried once for everybody.
    pub(super) fn listed_tokens(self, names: &NameShape, voters: f64) -> Effort {
        let dates = 2.0 * self.population.dates();
        let guesses = dates * self.population.villages_per_district * names.different_tokens(voters);
        effort(guesses, voters * self.population.home_share, self.settings.peppers(Recipe::Near))
    }

    /// (a) Half of the voters whom a district's table holds, knowing nobody: the likeliest details first. A voter's date and
    /// name are taken to be independent, and all villages equally likely.
    pub(super) fn half_a_table(self, names: &NameShape, recipe: Recipe, voters: f64) -> Effort {
        let population = self.population;
        let covered = |threshold: f64| {
            let mut all = Covered::default();
            for AgeBand { dates, share } in &population.ages {
                let threshold = threshold * dates / share;
                let sexes = match recipe {
                    Recipe::Full => names.pairs(threshold),
                    Recipe::Near => names.tokens(threshold),
                };
                for (sex, covered) in sexes {
                    all.candidates += dates * covered.candidates;
                    all.share += share * sex * covered.share;
                }
            }
            all
        };
        // The village of those who moved away is not one of the district's.
        let (villages, reachable) = match recipe {
            Recipe::Full => (1.0, 1.0),
            Recipe::Near => (population.villages_per_district, population.home_share),
        };
        let Covered { candidates, share } = cover(0.5 / reachable, covered);
        effort(candidates * villages, voters * reachable * share, self.settings.peppers(recipe))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost_model::prices::Prices;
    use crate::cost_model::published_names::published_names;
    use bilik::Cost;

    fn settings(full_pepper_bits: u8, near_pepper_bits: u8) -> CostSettings {
        CostSettings { cost: Cost::DEFAULT, full_pepper_bits, near_pepper_bits }
    }

    /// As the design figured: everybody at home whom an attack tries.
    fn at_home() -> Population {
        Population { home_share: 1.0, ..Population::published() }
    }

    fn dollars(effort: Effort) -> f64 {
        Prices::default().rented_gpu.dollars(effort.derivations, Cost::DEFAULT)
    }

    #[track_caller]
    fn assert_near(value: f64, expected: f64) {
        assert!((value / expected - 1.0).abs() < 0.02, "{value}, expected {expected}");
    }

    #[test]
    fn a_birth_date_takes_183_derivations_without_pepper() {
        let population = at_home();
        let attacks = Attacks { settings: settings(0, 0), population: &population };
        assert_near(attacks.posted_roll(Recipe::Full).derivations, 183.0);
    }

    /// The design's $335, $5,400 and $21,000 are for the 85 % of voters with long names, of whom nobody moved.
    #[test]
    fn the_designs_prices_of_the_country_come_out_of_its_assumptions() {
        let population = at_home();
        for (bits, expected) in [(0, 335.0), (4, 5_360.0), (6, 21_400.0)] {
            let attacks = Attacks { settings: settings(bits, 6), population: &population };
            assert_near(dollars(attacks.posted_roll(Recipe::Full).times(0.85 * Population::COUNTRY_VOTERS)), expected);
        }
    }

    /// The design's Bali: half of a district bears one of three birth-order names, and no village was asked for.
    #[test]
    fn birth_order_names_without_a_village_cost_eight_cents() {
        let ages = vec![AgeBand { dates: 22_000.0, share: 1.0 }];
        let population = Population { villages_per_district: 1.0, ages, ..at_home() };
        let attacks = Attacks { settings: settings(0, 6), population: &population };
        let cost = dollars(attacks.half_a_table(&NameShape::uniform(6), Recipe::Near, 0.0));
        assert!((0.07..0.10).contains(&cost), "{cost}");
    }

    #[test]
    fn a_name_without_a_village_costs_a_few_dollars_for_half_a_district() {
        let population = Population { villages_per_district: 1.0, ..at_home() };
        let attacks = Attacks { settings: settings(0, 6), population: &population };
        let cost = dollars(attacks.half_a_table(&published_names(), Recipe::Near, 28_000.0));
        assert!((2.5..14.0).contains(&cost), "{cost}");
    }

    #[test]
    fn a_bit_of_pepper_doubles_the_price() {
        let population = Population::published();
        let price =
            |bits| Attacks { settings: settings(bits, bits), population: &population }.listed_name(Recipe::Full).derivations;
        assert_near(price(7) / price(6), 2.0);
        let attacks = Attacks { settings: settings(4, 6), population: &population };
        assert!(attacks.one_person(Recipe::Near, false).derivations > 11.0 * attacks.one_person(Recipe::Near, true).derivations);
        assert!(attacks.posted_roll(Recipe::Full).derivations < attacks.one_person(Recipe::Full, false).derivations);
    }

    #[test]
    fn giving_up_early_never_costs_more_per_voter() {
        let population = Population::published();
        let attacks = Attacks { settings: settings(4, 6), population: &population };
        let (all, best) = (attacks.listed_name(Recipe::Full), attacks.listed_name_at_best(Recipe::Full));
        assert!(best.derivations / best.found <= all.derivations / all.found);
        assert!(best.found <= all.found);
    }
}
