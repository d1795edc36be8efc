//! What `check` found, by kind and regency: a small plot for each kind.

use super::super::figures::SiteFigures;
use super::super::plots::{Bar, bars};
use super::super::quality::{KindFigures, MIN_SHOWN, QualityFigures};
use super::super::view::{DataTable, Plot, Section};
use super::super::words::fill;
use super::size::named;
use super::titles::title;
use crate::language::Language;
use crate::number::float;
use crate::problem::Severity;

/// Regencies of a plot.
const MAX_BARS: usize = 6;
/// Regencies of a plot's table.
const MAX_ROWS: usize = 40;
/// Plots; the table has every kind.
const MAX_PLOTS: usize = 12;

pub(in super::super) fn quality(site: &SiteFigures, quality: Option<&QualityFigures>, language: Language) -> Section {
    let words = language.words();
    let empty =
        Section { id: "quality", title: words.quality_title.into(), lead: words.quality_lead.into(), ..Section::default() };
    let Some(quality) = quality else {
        return Section { missing: Some(words.quality_missing.into()), ..empty };
    };
    let [voters, rejected] = [quality.voters, quality.rejected_lines].map(|count| language.count(count));
    let min = language.count(MIN_SHOWN);
    let mut notes = vec![fill(words.quality_totals, &[("voters", &voters), ("rejected", &rejected)])];
    if quality.kinds.is_empty() {
        notes.push(words.quality_good.into());
        return Section { notes, ..empty };
    }
    notes.push(fill(words.quality_note, &[("n", &min)]));
    let located = quality.kinds.iter().filter(|kind| !kind.regencies.is_empty());
    let plots = located.take(MAX_PLOTS).map(|kind| plot(site, kind, language)).collect();
    let row = |kind: &KindFigures| {
        let severity = if kind.severity == Severity::Error { words.error } else { words.warning };
        vec![title(kind.kind, language).to_owned(), severity.to_owned(), total(kind, language)]
    };
    let head = [words.finding, words.severity, words.lines];
    let rows = quality.kinds.iter().map(row).collect();
    let tables = vec![DataTable::new(words.quality_title, words, &head, rows).with_words_in(2)];
    Section { plots, notes, tables, ..empty }
}

/// How often a kind occurs; of a few lines, the number could be about one voter.
fn total(kind: &KindFigures, language: Language) -> String {
    if kind.count < MIN_SHOWN {
        fill(language.words().under, &[("n", &language.count(MIN_SHOWN))])
    } else {
        language.count(kind.count)
    }
}

fn plot(site: &SiteFigures, kind: &KindFigures, language: Language) -> Plot {
    let bar = |(code, count): &(String, u64)| Bar {
        label: regency(site, code, language),
        value: float(*count),
        part: None,
        text: language.count(*count),
    };
    let kind_bars: Vec<Bar> = kind.regencies.iter().take(MAX_BARS).map(bar).collect();
    let more = kind.regencies.len().saturating_sub(MAX_BARS);
    let more = u64::try_from(more).unwrap_or(u64::MAX);
    let words = language.words();
    let note = if more > 0 { fill(words.and_more, &[("n", &language.count(more))]) } else { String::new() };
    let title = format!("{}: {}", title(kind.kind, language), total(kind, language));
    let row = |(code, count): &(String, u64)| vec![regency(site, code, language), language.count(*count)];
    let rows = kind.regencies.iter().take(MAX_ROWS).map(row).collect();
    let table = Some(DataTable::new(&title, words, &[words.regency, words.lines], rows));
    Plot { drawing: bars(&title, &kind_bars), title, note, table, ..Plot::default() }
}

fn regency(site: &SiteFigures, code: &str, language: Language) -> String {
    let name = site.regencies.iter().find(|regency| regency.code.as_deref() == Some(code)).map(|regency| regency.name.as_str());
    name.map_or_else(|| code.to_owned(), |name| named(name, Some(code), language))
}
