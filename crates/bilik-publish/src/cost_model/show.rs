//! The estimate for people: plain text of at most 100 columns.

use super::attack::Attacker;
use super::estimate::{Bill, Estimate, Goal, Harvest, WeakestTable};
use super::population::Population;
use crate::number::{duration, rounded, whole};
use bilik::{Cost, Recipe};
use std::fmt;

/// What each attacker learns, and what none does.
const LEARNT: &str = "\
What is learnt of each voter who is found
  (a) a stranger      birth date, sex, district of first issue and station; by full the name, by
                      near one word of it and the village. With these and full, the rest of a long
                      name takes some thousand guesses more
  (b) a list of names birth date, district of first issue, station; by near the village too
  (c) a posted roll   birth date, district of first issue, station
  (d) one person      the same, and that this person is on the roll
The first 12 digits of the NIK follow from these. The last four, the serial, are in no key: no file
confirms a serial. But serials count up from 0001 among people with the same 12 digits. So somebody
who has the 12 digits guesses most serials within a few tries, without any file.
";

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_what_is_sealed(f)?;
        writeln!(
            f,
            "\n{:28}{:>14}{:>14}{:>14}{:>14}{:>14}",
            "", "voters found", "derivations", "CPU core", "rented GPU", "own GPU"
        )?;
        let people = whole(self.population.voters);
        let sections = [
            ("Half of the voters that a recipe holds in a district of 28,000".to_owned(), &[Goal::HalfDistrict][..]),
            (format!("All {people} voters, as far as the recipe holds them; by (a) half of those"), &[Goal::Everybody]),
            (
                "One person: the chance to find anything, and the time on one machine".to_owned(),
                &[Goal::OneInDistrict, Goal::OneInVillage],
            ),
        ];
        for (title, goals) in sections {
            writeln!(f, "{title}")?;
            for line in self.harvests.iter().filter(|line| goals.contains(&line.goal)) {
                write_line(f, line)?;
            }
        }
        if let Some(WeakestTable { label, tokens_for_half, harvest }) = &self.weakest {
            let (words, dollars) = (rounded(*tokens_for_half), rounded(harvest.dollars.rented_gpu));
            writeln!(f, "Easiest names: table {label}. {words} words cover half; by (a) and near ${dollars} on a rented GPU")?;
        }
        write!(f, "\n{LEARNT}")?;
        self.write_floors(f)?;
        self.write_prices(f)
    }
}

impl Estimate {
    fn write_what_is_sealed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { memory_kib, passes } = self.settings.cost;
        let memory = whole(f64::from(memory_kib));
        let (full, near) = (self.settings.full_pepper_bits, self.settings.near_pepper_bits);
        let Population { voters, districts, villages_per_district, long_share, home_share, .. } = &self.population;
        let passes = if passes == 1 { "1 pass".to_owned() } else { format!("{passes} passes") };
        writeln!(f, "Sealed with {memory} KiB and {passes}, 2^{full} peppers by full and 2^{near} by near.")?;
        writeln!(
            f,
            "{} voters in {} districts of {} villages. Held by full: {:.0} %; by near: all.",
            whole(*voters),
            whole(*districts),
            rounded(*villages_per_district),
            long_share * 100.0
        )?;
        writeln!(
            f,
            "In the district of their NIK: {:.0} %. {} words, first or last in a name, cover half of them.",
            home_share * 100.0,
            rounded(self.tokens_for_half)
        )
    }

    fn write_floors(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let voters = whole(Population::COUNTRY_VOTERS);
        writeln!(f, "\nFloors of a real election, for {voters} voters tried, at the default rented GPU's price")?;
        for result in &self.floors {
            let verdict = if result.is_reached() { "reached" } else { "NOT REACHED" };
            let who = name(result.floor.attacker);
            let (dollars, floor) = (rounded(result.dollars), rounded(result.floor.dollars));
            let recipe = recipe_name(result.floor.recipe);
            writeln!(f, "  {who:20}{recipe:6}${dollars}, at least ${floor}: {verdict}")?;
        }
        Ok(())
    }

    fn write_prices(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cost = self.settings.cost;
        writeln!(f, "\n{:14}{:>14}{:>12}{:>14}", "Prices", "derivations/s", "an hour", "a million")?;
        for (name, machine) in self.prices.machines() {
            let (hour, million) = (machine.hour(), machine.dollars(1e6, cost));
            let dollars = |value: f64, decimals: usize| format!("${value:.decimals$}");
            let (rate, hour, million) = (rounded(machine.rate(cost)), dollars(hour, 3), dollars(million, 4));
            writeln!(f, "  {:12}{rate:>14}{hour:>12}{million:>14}", name.replace('_', " "))?;
            for line in wrapped(&machine.source, 96) {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, line: &Harvest) -> fmt::Result {
    let Harvest { goal, attacker, recipe, found, derivations, dollars, seconds } = line;
    let is_one = *attacker == Attacker::OnePerson;
    let who = match goal {
        Goal::OneInVillage => "(d) village known",
        Goal::OneInDistrict => "(d) district known",
        _ => name(*attacker),
    };
    let Bill { cpu_core, rented_gpu, own_gpu } = if is_one { seconds } else { dollars };
    let amount = |value: &f64| if is_one { duration(*value) } else { format!("${}", rounded(*value)) };
    writeln!(
        f,
        "  {who:20}{:6}{:>14}{:>14}{:>14}{:>14}{:>14}",
        recipe_name(*recipe),
        if is_one { format!("{:.0} %", found * 100.0) } else { rounded(*found) },
        rounded(*derivations),
        amount(cpu_core),
        amount(rented_gpu),
        amount(own_gpu)
    )
}

fn name(attacker: Attacker) -> &'static str {
    match attacker {
        Attacker::Stranger => "(a) a stranger",
        Attacker::NameList => "(b) a list of names",
        Attacker::PostedRoll => "(c) a posted roll",
        Attacker::OnePerson => "(d) one person",
    }
}

fn recipe_name(recipe: Recipe) -> &'static str {
    match recipe {
        Recipe::Full => "full",
        Recipe::Near => "near",
    }
}

/// Lines of whole words, of at most `width` characters where no word is longer.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= width) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost_model::prices::Prices;
    use crate::cost_model::published_names::published_names;
    use crate::cost_model::settings::CostSettings;

    #[test]
    fn no_line_is_longer_than_a_hundred_columns() {
        let settings =
            [CostSettings::DEFAULT, CostSettings { full_pepper_bits: 12, near_pepper_bits: 12, ..CostSettings::DEFAULT }];
        for settings in settings {
            let text = Estimate::of(settings, Population::published(), &published_names(), Prices::default()).to_string();
            let longest = text.lines().max_by_key(|line| line.chars().count()).unwrap();
            assert!(longest.chars().count() <= 100, "{longest}");
            assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        }
    }
}
