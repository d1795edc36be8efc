//! The table: what each attacker pays for each goal, by each recipe.

use super::attack::{Attacker, Attacks, Effort};
use super::floor::{FloorResult, results};
use super::measure::WeakTable;
use super::names::NameShape;
use super::population::Population;
use super::prices::{Machine, Prices};
use super::settings::CostSettings;
use crate::number::float;
use bilik::Recipe;
use serde::Serialize;

/// What is harvested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Half of the voters whom the recipe holds in a district of 28,000.
    HalfDistrict,
    /// All voters; by a stranger, half of each district.
    Everybody,
    /// One voter, whose district is known.
    OneInDistrict,
    /// One voter, whose village is known.
    OneInVillage,
}

/// Dollars on each machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bill {
    /// On a core of a rented server.
    pub cpu_core: f64,
    /// On a rented graphics card.
    pub rented_gpu: f64,
    /// On one's own.
    pub own_gpu: f64,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Harvest {
    /// What for.
    pub goal: Goal,
    /// Who.
    pub attacker: Attacker,
    /// Against which tables.
    pub recipe: Recipe,
    /// How many voters it finds, on average.
    pub found: f64,
    /// How many derivations it takes.
    pub derivations: f64,
    /// Dollars.
    pub dollars: Bill,
    /// Seconds on one machine.
    pub seconds: Bill,
}

/// The table whose names are the easiest to guess.
#[derive(Clone, Debug, Serialize)]
pub struct WeakestTable {
    /// Which prefix it stands for.
    pub label: String,
    /// Tokens that cover half of its voters.
    pub tokens_for_half: f64,
    /// Half of its voters, by a stranger and `near`.
    pub harvest: Harvest,
}

/// The model's whole answer.
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    /// How the files are sealed.
    pub settings: CostSettings,
    /// Whose files.
    pub population: Population,
    /// Tokens that cover half of the voters by either end of their names, both sexes together.
    pub tokens_for_half: f64,
    /// The lines.
    pub harvests: Vec<Harvest>,
    /// What half of the table with the easiest names costs a stranger by `near`: only of a roll.
    pub weakest: Option<WeakestTable>,
    /// Whether a real election may be sealed so.
    pub floors: Vec<FloorResult>,
    /// Rates and prices.
    pub prices: Prices,
}

impl Estimate {
    /// Prices every attack. Cost: some milliseconds.
    #[must_use]
    pub fn of(settings: CostSettings, population: Population, names: &NameShape, prices: Prices) -> Self {
        let population = population.sorted();
        let attacks = Attacks { settings, population: &population };
        let line = |goal, attacker, recipe, effort| priced(settings, &prices, (goal, attacker, recipe), effort);
        let mut harvests = Vec::new();
        for goal in [Goal::HalfDistrict, Goal::Everybody] {
            for attacker in [Attacker::Stranger, Attacker::NameList, Attacker::PostedRoll] {
                for recipe in [Recipe::Full, Recipe::Near] {
                    harvests.push(line(goal, attacker, recipe, harvest(attacks, names, goal, attacker, recipe)));
                }
            }
        }
        for (goal, recipe) in
            [(Goal::OneInDistrict, Recipe::Full), (Goal::OneInVillage, Recipe::Near), (Goal::OneInDistrict, Recipe::Near)]
        {
            let effort = attacks.one_person(recipe, goal == Goal::OneInVillage);
            harvests.push(line(goal, Attacker::OnePerson, recipe, effort));
        }
        let floors = results(settings, &population);
        Self { settings, tokens_for_half: names.tokens_for_half(), harvests, weakest: None, floors, prices, population }
    }

    /// The same with the weakest table of a roll.
    #[must_use]
    pub fn with_weakest(mut self, table: &WeakTable) -> Self {
        let attacks = Attacks { settings: self.settings, population: &self.population };
        let effort = attacks.half_a_table(&table.names, Recipe::Near, float(table.voters));
        let what = (Goal::HalfDistrict, Attacker::Stranger, Recipe::Near);
        let harvest = priced(self.settings, &self.prices, what, effort);
        let (label, tokens_for_half) = (table.label.clone(), table.names.tokens_for_half());
        self.weakest = Some(WeakestTable { label, tokens_for_half, harvest });
        self
    }

    /// Whether every floor is reached.
    #[must_use]
    pub fn reaches_its_floors(&self) -> bool {
        self.floors.iter().all(FloorResult::is_reached)
    }
}

fn priced(
    settings: CostSettings,
    prices: &Prices,
    (goal, attacker, recipe): (Goal, Attacker, Recipe),
    Effort { derivations, found }: Effort,
) -> Harvest {
    let Prices { cpu_core, rented_gpu, own_gpu } = prices;
    let on = |of: &dyn Fn(&Machine) -> f64| Bill { cpu_core: of(cpu_core), rented_gpu: of(rented_gpu), own_gpu: of(own_gpu) };
    let dollars = on(&|machine| machine.dollars(derivations, settings.cost));
    let seconds = on(&|machine| derivations / machine.rate(settings.cost));
    Harvest { goal, attacker, recipe, found, derivations, dollars, seconds }
}

fn harvest(attacks: Attacks<'_>, names: &NameShape, goal: Goal, attacker: Attacker, recipe: Recipe) -> Effort {
    let population = attacks.population;
    let held = if recipe == Recipe::Full { population.long_share } else { 1.0 };
    let in_a_district = population.voters / population.districts.max(1.0);
    let half = Population::DISTRICT_VOTERS * held / 2.0;
    // As many voters, one after the other, as it takes to find half.
    let until_half = |one: Effort| one.times(half / one.found);
    let cheaper = |a: Effort, b: Effort| if a.derivations <= b.derivations { a } else { b };
    match (goal, attacker) {
        (Goal::HalfDistrict, Attacker::Stranger) => attacks.half_a_table(names, recipe, Population::DISTRICT_VOTERS * held),
        (_, Attacker::Stranger) => attacks.half_a_table(names, recipe, in_a_district * held).times(population.districts),
        (Goal::HalfDistrict, Attacker::NameList) => {
            let one_by_one = until_half(attacks.listed_name_at_best(recipe));
            match recipe {
                Recipe::Full => one_by_one,
                Recipe::Near => cheaper(one_by_one, attacks.half_a_table(names, recipe, Population::DISTRICT_VOTERS)),
            }
        }
        (_, Attacker::NameList) => {
            let one_by_one = attacks.listed_name(recipe).times(population.voters * held);
            match recipe {
                Recipe::Full => one_by_one,
                Recipe::Near => cheaper(one_by_one, attacks.listed_tokens(names, in_a_district).times(population.districts)),
            }
        }
        (Goal::HalfDistrict, _) => until_half(attacks.posted_roll(recipe)),
        (_, _) => attacks.posted_roll(recipe).times(population.voters * held),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost_model::published_names::published_names;

    #[test]
    fn who_knows_more_pays_less() {
        let estimate = Estimate::of(CostSettings::DEFAULT, Population::published(), &published_names(), Prices::default());
        let cost = |goal, attacker, recipe| {
            let is_it = |line: &&Harvest| (line.goal, line.attacker, line.recipe) == (goal, attacker, recipe);
            let line = estimate.harvests.iter().find(is_it).unwrap();
            line.derivations / line.found
        };
        for goal in [Goal::HalfDistrict, Goal::Everybody] {
            for recipe in [Recipe::Full, Recipe::Near] {
                let by = [Attacker::Stranger, Attacker::NameList, Attacker::PostedRoll].map(|by| cost(goal, by, recipe));
                assert!(by[0] >= by[1] * 0.99 || goal == Goal::Everybody, "{goal:?} {recipe:?} {by:?}");
                assert!(by[1] > by[2], "{goal:?} {recipe:?} {by:?}");
            }
        }
        assert!(estimate.reaches_its_floors());
        assert_eq!(estimate.harvests.len(), 15);
    }

    #[test]
    fn half_of_a_district_is_half_of_whom_the_recipe_holds() {
        let estimate = Estimate::of(CostSettings::DEFAULT, Population::published(), &published_names(), Prices::default());
        for line in estimate.harvests.iter().filter(|line| line.goal == Goal::HalfDistrict) {
            let half = if line.recipe == Recipe::Full { 8_680.0 } else { 14_000.0 };
            assert!((line.found / half - 1.0).abs() < 0.02, "{line:?}");
        }
    }
}
