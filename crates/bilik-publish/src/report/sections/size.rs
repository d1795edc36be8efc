//! Voters, and the sizes of what they fetch.

use super::super::figures::{RegencyFigures, SiteFigures};
use super::super::plots::{Bar, Tile, TileMap, bars, tile_map};
use super::super::tile_grid::TileGrid;
use super::super::view::{DataTable, NamedClass, Plot, Section};
use super::super::words::fill;
use crate::language::Language;
use crate::number::float;
use crate::sinks::for_page;

/// The kinds of files by the names of their words.
pub(in super::super) fn kinds(language: Language) -> [(&'static str, &'static str); 8] {
    let words = language.words();
    [
        ("tablesByNear", words.kind_tables_near),
        ("tablesByFull", words.kind_tables_full),
        ("stationLists", words.kind_station_lists),
        ("names", words.kind_names),
        ("provinceParts", words.kind_parts),
        ("directories", words.kind_directories),
        ("manifest", words.kind_manifest),
        ("head", words.kind_head),
    ]
}

/// A map of the regencies, for sections that show one. `value` and its text are of one regency.
pub(in super::super) fn regency_map(
    site: &SiteFigures,
    title: &str,
    language: Language,
    number: &dyn Fn(u64) -> String,
    value: &dyn Fn(&RegencyFigures) -> u64,
) -> Plot {
    let words = language.words();
    let present: Vec<&RegencyFigures> = site.regencies.iter().filter(|regency| regency.code.is_some()).collect();
    let points: Vec<Option<(f64, f64)>> = present.iter().map(|regency| regency.latitude.zip(regency.longitude)).collect();
    let grid = TileGrid::of(&points);
    let of_regency = |regency: &&RegencyFigures| {
        let value = value(regency);
        Tile { name: for_page(&regency.name), value: float(value), short: number(value), text: number(value) }
    };
    let tiles: Vec<Tile> = present.iter().map(of_regency).collect();
    let whole = |value: f64| number(format!("{value:.0}").parse().unwrap_or_default());
    let TileMap { drawing, keys, ringed } = tile_map(title, &grid, &tiles, whole);
    let named = |key: super::super::plots::ClassKey| {
        let text = match key.bounds() {
            (None, Some(to)) => fill(words.below, &[("to", to)]),
            (Some(from), Some(to)) => fill(words.between, &[("from", from), ("to", to)]),
            (Some(from), None) => fill(words.from, &[("from", from)]),
            (None, None) => String::new(),
        };
        NamedClass { key, text }
    };
    let note = if grid.is_map { words.map_note } else { words.order_note };
    let ringed = ringed.map(|[most, least]| fill(words.most_and_least, &[("most", &most), ("least", &least)]));
    let note = ringed.map_or_else(|| note.to_owned(), |ringed| format!("{note} {ringed}"));
    Plot { title: title.to_owned(), drawing, note, keys: keys.into_iter().map(named).collect(), table: None }
}

pub(in super::super) fn size(site: &SiteFigures, language: Language) -> Section {
    let words = language.words();
    let bytes = |bytes: u64| language.bytes(bytes);
    let compact = |count: u64| language.compact(float(count));
    let named: Vec<(&str, &str)> = kinds(language).into_iter().filter(|(kind, _)| site.files.contains_key(kind)).collect();
    let total = site.totals.bytes;
    let bar = |(kind, name): &(&str, &str)| Bar {
        label: (*name).to_owned(),
        value: float(site.bytes_of(kind)),
        part: None,
        text: bytes(site.bytes_of(kind)),
    };
    let kind_bars: Vec<Bar> = named.iter().map(bar).collect();
    let kind_row = |(kind, name): &(&str, &str)| {
        let files = site.files.get(kind).map_or(0, |total| total.files);
        vec![(*name).to_owned(), language.count(files), language.count(site.bytes_of(kind))]
    };
    let head = [words.kind, words.files, words.bytes_exact];
    let plots = vec![
        regency_map(site, words.map_voters, language, &compact, &|regency| regency.voters),
        regency_map(site, words.map_download, language, &bytes, &|regency| regency.download_bytes),
        Plot {
            title: words.kinds_title.to_owned(),
            drawing: bars(words.kinds_title, &kind_bars),
            note: fill(words.in_files, &[("n", &language.count(site.totals.files))]) + ": " + &bytes(total),
            table: Some(DataTable::new(words.kinds_title, words, &head, named.iter().map(kind_row).collect())),
            ..Plot::default()
        },
    ];
    let (title, lead) = (words.size_title.to_owned(), words.size_lead.to_owned());
    Section { id: "size", title, lead, plots, tables: vec![regencies(site, language)], ..Section::default() }
}

/// The name of a regency, with its code where it has one.
pub(in super::super) fn named(name: &str, code: Option<&str>, language: Language) -> String {
    match code {
        Some(code) => format!("{} ({code})", for_page(name)),
        None => language.words().old_codes.to_owned(),
    }
}

fn regencies(site: &SiteFigures, language: Language) -> DataTable {
    let words = language.words();
    let row = |regency: &RegencyFigures| {
        vec![
            named(&regency.name, regency.code.as_deref(), language),
            language.count(regency.voters),
            language.count(regency.districts),
            language.count(regency.stations),
            language.bytes(regency.table_bytes),
            language.bytes(regency.download_bytes),
            few(regency.fewest_voters, language),
        ]
    };
    let head = [words.regency, words.voters, words.districts, words.stations, words.tables, words.first_lookup, words.crowd];
    DataTable::new(words.by_regency, words, &head, site.regencies.iter().map(row).collect())
}

/// A number of voters, never so small that it is about some of them.
pub(in super::super) fn few(voters: u64, language: Language) -> String {
    const FEW: u64 = 10;
    if (1..FEW).contains(&voters) { fill(language.words().under, &[("n", &language.count(FEW))]) } else { language.count(voters) }
}
