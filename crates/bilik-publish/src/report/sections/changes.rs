//! What changed since an earlier site.

use super::super::changes::{ChangeFigures, ChangedRegency, KindChange};
use super::super::figures::SiteFigures;
use super::super::plots::{Bar, bars};
use super::super::view::{DataTable, Plot, Section};
use super::super::words::fill;
use super::size::{kinds, named, regency_map};
use crate::language::Language;
use crate::number::float;

pub(in super::super) fn changes(site: &SiteFigures, changes: Option<&ChangeFigures>, language: Language) -> Section {
    let words = language.words();
    let title = words.changes_title.into();
    let Some(changes) = changes else {
        return Section { id: "changes", title, missing: Some(words.changes_missing.into()), ..Section::default() };
    };
    let lead = fill(
        words.changes_lead,
        &[("serial", &changes.since_serial.to_string()), ("date", &language.time(&changes.since_signed_at))],
    );
    let [then, now] = changes.stations.map(|count| language.count(count));
    let mut notes = vec![
        fill(words.stations_changed, &[("then", &then), ("now", &now)]),
        (if changes.sealing_changed { words.sealing_changed } else { words.sealing_same }).to_owned(),
    ];
    let [_, new] = changes.kept_and_new();
    if new == 0 && changes.files.values().all(|change| change.gone.files == 0) {
        notes.insert(0, words.changes_none.into());
        return Section { id: "changes", title, lead, notes, ..Section::default() };
    }
    let named_kinds: Vec<(&str, &KindChange)> =
        kinds(language).into_iter().filter_map(|(kind, name)| Some((name, changes.files.get(kind)?))).collect();
    let bar = |(name, change): &(&str, &KindChange)| {
        let all = change.kept.bytes + change.new.bytes;
        let [new, whole] = [change.new.bytes, all].map(|bytes| language.bytes(bytes));
        let text = fill(words.new_of, &[("new", &new), ("all", &whole)]);
        Bar { label: (*name).to_owned(), value: float(all), part: Some(float(change.new.bytes)), text }
    };
    let row = |(name, change): &(&str, &KindChange)| {
        let totals = [change.kept, change.new, change.gone];
        let cell = |total: super::super::figures::FileTotal| {
            format!("{} · {}", language.count(total.files), language.bytes(total.bytes))
        };
        [vec![(*name).to_owned()], totals.map(cell).to_vec()].concat()
    };
    let kind_bars: Vec<Bar> = named_kinds.iter().map(bar).collect();
    let of = |code: Option<&str>| changes.regencies.iter().find(|change| change.code.as_deref() == code);
    let new_bytes =
        |regency: &super::super::figures::RegencyFigures| of(regency.code.as_deref()).map_or(0, |change| change.new_bytes);
    let head = [words.kind, words.kept, words.new, words.gone];
    let plots = vec![
        Plot {
            title: words.changes_plot.into(),
            drawing: bars(words.changes_plot, &kind_bars),
            note: words.changes_part.into(),
            table: Some(DataTable::new(words.changes_plot, words, &head, named_kinds.iter().map(row).collect())),
            ..Plot::default()
        },
        regency_map(site, words.changes_map, language, &|bytes| language.bytes(bytes), &new_bytes),
    ];
    let differing = changes.regencies.iter().filter(|change| change.new_bytes > 0);
    let regency_row = |change: &ChangedRegency| {
        let [new, all] = [change.new_bytes, change.bytes].map(|bytes| language.bytes(bytes));
        vec![named(&change.name, change.code.as_deref(), language), new, all]
    };
    let head = [words.regency, words.new, words.all];
    let tables = vec![DataTable::new(words.changes_map, words, &head, differing.map(regency_row).collect())];
    Section { id: "changes", title, lead, plots, notes, tables, ..Section::default() }
}
