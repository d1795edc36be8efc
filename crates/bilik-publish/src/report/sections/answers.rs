//! Answers by chance, and keys of several voters.

use super::super::figures::{BitFigures, FalseAnswer, GroupFigures, SiteFigures};
use super::super::plots::{Range, histogram, ranges};
use super::super::view::{DataTable, Plot, Section};
use super::super::words::fill;
use crate::language::Language;
use crate::number::{float, share};

const THOUSAND: f64 = 1_000.0;

pub(in super::super) fn answers(site: &SiteFigures, language: Language) -> Section {
    let words = language.words();
    let odds = &site.false_answers;
    let recipes = [("full", odds.full, site.sealing.full), ("near", odds.near, site.sealing.near)];
    let range = |(name, FalseAnswer { chance, .. }, _): &(&str, FalseAnswer, BitFigures)| {
        let one_in = if *chance > 0.0 { 1.0 / chance } else { 0.0 };
        Range { label: (*name).to_owned(), low: one_in, usual: one_in, high: one_in, floor: None, text: language.one_in(*chance) }
    };
    let mark = |value: f64| language.power(value);
    let odds_plot = ranges(words.odds_title, &recipes.each_ref().map(range), mark);
    let row = |(name, answer, bits): &(&str, FalseAnswer, BitFigures)| {
        let FalseAnswer { layers, chance } = answer;
        let counts = [u64::from(*layers), bits.pepper_bits.into(), bits.check_bits.into()].map(|count| language.count(count));
        [vec![(*name).to_owned()], counts.to_vec(), vec![language.one_in(*chance)]].concat()
    };
    let head = [words.recipe, words.layers, words.pepper_bits, words.check_bits, words.chance];
    let table = DataTable::new(words.odds_title, words, &head, recipes.iter().map(row).collect());
    let (title, note) = (words.odds_title.into(), words.odds_note.into());
    let mut plots = vec![Plot { title, drawing: odds_plot, note, table: Some(table), ..Plot::default() }];
    if site.totals.ambiguous_keys > 0 {
        let values: Vec<f64> = site.groups.iter().map(ambiguous_share).map(|share| share * THOUSAND).collect();
        let (drawing, bins) = histogram(words.ambiguous_title, &values, language);
        let row = |(from, to, count): &(f64, f64, u64)| {
            let [from, to] = [*from, *to].map(|bound| language.about(bound));
            vec![fill(words.from_to, &[("from", &from), ("to", &to)]), language.count(*count)]
        };
        let head = [words.per_thousand, words.tables];
        let table = DataTable::new(words.ambiguous_title, words, &head, bins.iter().map(row).collect());
        let (title, note) = (words.ambiguous_title.into(), words.ambiguous_note.into());
        plots.push(Plot { title, drawing, note, table: Some(table), ..Plot::default() });
    }
    let second = odds.voters_with_a_second_station;
    let second = if second < 1.0 { fill(words.under, &[("n", &language.count(1))]) } else { language.about(second) };
    let keys = site.totals.full_keys + site.totals.near_keys;
    let [keys, ambiguous] = [keys, site.totals.ambiguous_keys].map(|count| language.count(count));
    let notes =
        vec![fill(words.second_station, &[("n", &second)]), fill(words.ambiguous_total, &[("keys", &keys), ("n", &ambiguous)])];
    let (title, lead) = (words.answers_title.into(), words.answers_lead.into());
    Section { id: "answers", title, lead, plots, notes, ..Section::default() }
}

fn ambiguous_share(group: &GroupFigures) -> f64 {
    let keys = group.full.keys + group.near.keys;
    let ambiguous = group.full.ambiguous_keys + group.near.ambiguous_keys;
    if float(keys) > 0.0 { share(ambiguous, keys) } else { 0.0 }
}
