//! What attackers pay, by the cost model.

use super::super::plots::{Range, ranges};
use super::super::view::{DataTable, Plot, Section};
use super::super::words::Words;
use crate::cost_model::{Attacker, Bill, Estimate, Goal, Harvest};
use crate::language::Language;
use bilik::Recipe;

pub(in super::super) fn harvest(estimate: &Estimate, of_roll: bool, language: Language) -> Section {
    let words = language.words();
    let of = |goals: &'static [Goal]| estimate.harvests.iter().filter(move |line| goals.contains(&line.goal));
    let (everybody, one) = (&[Goal::Everybody][..], &[Goal::OneInDistrict, Goal::OneInVillage][..]);
    let in_dollars =
        |line: &Harvest| range(line, line.dollars, floor(estimate, line), language.dollars(line.dollars.rented_gpu), words);
    let in_time = |line: &Harvest| range(line, line.seconds, None, language.duration(line.seconds.rented_gpu), words);
    let dollar_ranges: Vec<Range> = of(everybody).map(in_dollars).collect();
    let time_ranges: Vec<Range> = of(one).map(in_time).collect();
    let plots = vec![
        Plot {
            title: words.harvest_plot.into(),
            drawing: ranges(words.harvest_plot, &dollar_ranges, |value| language.dollar_power(value)),
            note: words.floor_note.into(),
            ..Plot::default()
        },
        Plot {
            title: words.harvest_one_plot.into(),
            drawing: ranges(words.harvest_one_plot, &time_ranges, |value| language.duration_power(value)),
            ..Plot::default()
        },
    ];
    let row = |line: &Harvest, amounts: [String; 3], found: String| {
        [vec![who(line, words)], amounts.to_vec(), vec![found, language.about(line.derivations)]].concat()
    };
    let amounts = |bill: Bill, of: &dyn Fn(f64) -> String| [bill.rented_gpu, bill.own_gpu, bill.cpu_core].map(of);
    let dollar_row =
        |line: &Harvest| row(line, amounts(line.dollars, &|dollars| language.dollars(dollars)), language.about(line.found));
    let time_row =
        |line: &Harvest| row(line, amounts(line.seconds, &|seconds| language.duration(seconds)), language.percent(line.found));
    let head = [words.attacker, words.rented_gpu, words.own_gpu, words.cpu_core, words.found, words.derivations];
    let tables = vec![
        DataTable::new(words.harvest_plot, words, &head, of(everybody).map(dollar_row).collect()),
        DataTable::new(words.harvest_one_plot, words, &head, of(one).map(time_row).collect()),
    ];
    let notes = [
        if of_roll { words.harvest_of_roll } else { words.harvest_of_site },
        if estimate.reaches_its_floors() { words.floors_reached } else { words.floors_missed },
    ];
    Section {
        id: "harvest",
        title: words.harvest_title.into(),
        lead: words.harvest_lead.into(),
        plots,
        notes: notes.map(str::to_owned).into(),
        tables,
        ..Section::default()
    }
}

/// What the holder of a posted roll pays at least, by the cheaper recipe on rented cards.
pub(in super::super) fn cheapest(estimate: &Estimate) -> f64 {
    let is_posted = |line: &&Harvest| line.goal == Goal::Everybody && line.attacker == Attacker::PostedRoll;
    estimate.harvests.iter().filter(is_posted).map(|line| line.dollars.rented_gpu).fold(f64::INFINITY, f64::min)
}

fn range(line: &Harvest, bill: Bill, floor: Option<f64>, text: String, words: &Words) -> Range {
    let Bill { cpu_core, rented_gpu, own_gpu } = bill;
    let least = cpu_core.min(rented_gpu).min(own_gpu);
    let most = cpu_core.max(rented_gpu).max(own_gpu);
    Range { label: who(line, words), low: least, usual: rented_gpu, high: most, floor, text }
}

/// A floor is for as many voters as the country has; here it is scaled to those of this election.
fn floor(estimate: &Estimate, line: &Harvest) -> Option<f64> {
    let is_of =
        |result: &&crate::cost_model::FloorResult| (result.floor.attacker, result.floor.recipe) == (line.attacker, line.recipe);
    let result = estimate.floors.iter().find(is_of)?;
    Some(line.dollars.rented_gpu * result.floor.dollars / result.dollars)
}

fn who(line: &Harvest, words: &Words) -> String {
    let who = match (line.goal, line.attacker) {
        (Goal::OneInDistrict, _) => words.one_in_district,
        (Goal::OneInVillage, _) => words.one_in_village,
        (_, Attacker::Stranger) => words.stranger,
        (_, Attacker::NameList) => words.name_list,
        (_, Attacker::PostedRoll | Attacker::OnePerson) => words.posted_roll,
    };
    let recipe = if line.recipe == Recipe::Full { "full" } else { "near" };
    format!("{who}, {recipe}")
}
