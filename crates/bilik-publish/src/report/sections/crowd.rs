//! Among how many voters a file that is fetched hides somebody.

use super::super::figures::{GroupFigures, SiteFigures};
use super::super::plots::histogram;
use super::super::view::{DataTable, Plot, Section};
use super::super::words::fill;
use super::size::{few, regency_map};
use crate::language::Language;
use crate::number::float;
use crate::sinks::for_page;

const SMALLEST: usize = 8;

pub(in super::super) fn crowd(site: &SiteFigures, language: Language) -> Section {
    let words = language.words();
    let of_groups: Vec<f64> = site.groups.iter().map(|group| float(group.voters)).collect();
    let is_split = |group: &GroupFigures| group.near.files > 1;
    let mut of_files: Vec<f64> = Vec::new();
    for group in &site.groups {
        of_files.extend((0..group.near.files).map(|_| float(group.fewest_voters())));
    }
    let row = |(from, to, count): &(f64, f64, u64)| {
        let [from, to] = [*from, *to].map(|bound| language.compact(bound));
        vec![fill(words.from_to, &[("from", &from), ("to", &to)]), language.count(*count)]
    };
    let plot = |title: &str, note: &str, counted: &'static str, values: &[f64]| {
        let (drawing, bins) = histogram(title, values, language);
        let table = DataTable::new(title, words, &[words.voters, counted], bins.iter().map(row).collect());
        Plot { title: title.into(), drawing, note: note.into(), table: Some(table), ..Plot::default() }
    };
    let mut plots = vec![plot(words.groups_title, words.groups_note, words.tables, &of_groups)];
    // Where no table is split, both plots would be one.
    if site.groups.iter().any(is_split) {
        plots.push(plot(words.files_title, words.files_note, words.files, &of_files));
    }
    let compact = |count: u64| language.compact(float(count));
    plots.push(regency_map(site, words.map_crowd, language, &compact, &|regency| regency.fewest_voters));
    let (title, lead) = (words.crowd_title.into(), words.crowd_lead.into());
    Section { id: "crowd", title, lead, plots, tables: vec![smallest(site, language)], ..Section::default() }
}

fn smallest(site: &SiteFigures, language: Language) -> DataTable {
    let words = language.words();
    let mut groups: Vec<&GroupFigures> = site.groups.iter().collect();
    groups.sort_by(|a, b| a.fewest_voters().cmp(&b.fewest_voters()).then_with(|| a.label.cmp(&b.label)));
    let row = |group: &&GroupFigures| {
        let voters = few(group.voters, language);
        let a_file = few(group.fewest_voters(), language);
        vec![for_page(&group.label), voters, language.count(group.prefixes), language.count(group.near.files), a_file]
    };
    let head = [words.table_label, words.voters, words.prefixes, words.files_near, words.voters_a_file];
    DataTable::new(words.smallest_title, words, &head, groups.iter().take(SMALLEST).map(row).collect())
}
