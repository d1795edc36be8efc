//! A map of equal tiles, one for each regency, in at most five shades. A few large tiles have their number; of many, the
//! greatest and the least are ringed, and named below.

use super::super::drawing::{Drawing, WIDTH};
use super::super::language::shortened;
use super::super::scale::{CLASSES, class_bounds, class_of};
use super::super::tile_grid::TileGrid;
use crate::number::float_len;
use serde::Serialize;

/// Between tiles, as a share of a cell.
const GAP: f64 = 0.1;
/// A tile of this width has its name and number in it.
const MIN_LABELLED: f64 = 60.0;
/// Wider ones look empty.
const MAX_TILE: f64 = 96.0;

/// One regency.
pub(in super::super) struct Tile {
    pub name: String,
    pub value: f64,
    /// Short, to fit into a tile.
    pub short: String,
    /// The number with its unit.
    pub text: String,
}

/// What a shade stands for.
#[derive(Clone, Debug, Serialize)]
pub(in super::super) struct ClassKey {
    class: String,
    /// From and to; none at the ends.
    from: Option<String>,
    to: Option<String>,
}

impl ClassKey {
    /// From and to.
    pub(in super::super) fn bounds(&self) -> (Option<&str>, Option<&str>) {
        (self.from.as_deref(), self.to.as_deref())
    }
}

/// The map, its shades, and its greatest and least tile where they are ringed.
pub(in super::super) struct TileMap {
    pub drawing: Drawing,
    pub keys: Vec<ClassKey>,
    pub ringed: Option<[String; 2]>,
}

/// Tiles in the cells of a grid, which has a cell for each. `number` writes the bounds of shades.
pub(in super::super) fn tile_map(label: &str, grid: &TileGrid, tiles: &[Tile], number: impl Fn(f64) -> String) -> TileMap {
    let values: Vec<f64> = tiles.iter().map(|tile| tile.value).collect();
    let bounds = class_bounds(&values);
    let cell = (WIDTH / grid.columns.max(1.0)).min(MAX_TILE);
    let left = (WIDTH - cell * grid.columns) / 2.0;
    let is_labelled = cell >= MIN_LABELLED;
    let by_value =
        |a: &usize, b: &usize| values.get(*a).copied().unwrap_or(0.0).total_cmp(&values.get(*b).copied().unwrap_or(0.0));
    let [greatest, least] = [(0..tiles.len()).max_by(by_value), (0..tiles.len()).min_by(by_value)];
    let mut drawing = Drawing::new(label);
    for (at, (Tile { name, value, short, text }, [column, row])) in tiles.iter().zip(&grid.cells).enumerate() {
        let (gap, x, y) = (cell * GAP / 2.0, left + column * cell, row * cell);
        let size = cell - 2.0 * gap;
        let class = shade(*value, &bounds);
        let ring = if !is_labelled && [greatest, least].contains(&Some(at)) { " ring" } else { "" };
        let rounded = if is_labelled { " large" } else { "" };
        drawing.rect([x + gap, y + gap, size, size], &format!("q{class}{ring}{rounded}"), format!("{name}: {text}"));
        if is_labelled {
            let middle = x + cell / 2.0;
            let lines = wrapped(short_name(name), letters(cell));
            let top = y + cell / 2.0 - if lines.len() > 1 { 14.0 } else { 5.0 };
            let mut at = top;
            for line in lines {
                drawing.text([middle, at], &format!("middle small on{class}"), line);
                at += 14.0;
            }
            drawing.text([middle, at + 5.0], &format!("middle strong on{class}"), short.clone());
        }
    }
    let ringed = [greatest, least].map(|at| at.and_then(|at| tiles.get(at)).map(|tile| format!("{} ({})", tile.name, tile.text)));
    let ringed = match ringed {
        [Some(greatest), Some(least)] if !is_labelled => Some([greatest, least]),
        _ => None,
    };
    let keys = if is_labelled || bounds.is_empty() { Vec::new() } else { keys(&bounds, number) };
    TileMap { drawing: drawing.with_height(grid.rows * cell), keys, ringed }
}

/// The shade of a value: the classes are spread over all shades.
fn shade(value: f64, bounds: &[f64]) -> usize {
    spread(class_of(value, bounds), bounds.len())
}

fn spread(class: usize, bounds: usize) -> usize {
    (class * (CLASSES - 1)).checked_div(bounds).unwrap_or(CLASSES / 2)
}

fn keys(bounds: &[f64], number: impl Fn(f64) -> String) -> Vec<ClassKey> {
    let key = |class: usize| ClassKey {
        class: format!("q{}", spread(class, bounds.len())),
        from: class.checked_sub(1).and_then(|below| bounds.get(below)).map(|bound| number(*bound)),
        to: bounds.get(class).map(|bound| number(*bound)),
    };
    (0..=bounds.len()).map(key).collect()
}

/// Without the word that most names of regencies begin with.
fn short_name(name: &str) -> &str {
    ["Kabupaten ", "KABUPATEN ", "Kab. ", "KAB. "].into_iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// One line or two, at a space where there is one.
fn wrapped(name: &str, letters: usize) -> Vec<String> {
    if name.chars().count() <= letters {
        return vec![name.to_owned()];
    }
    let mut spaces = name.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
    let fits = |at: &usize| name.get(..*at).is_some_and(|first| first.chars().count() <= letters);
    match spaces.rfind(fits).map(|at| name.split_at(at)) {
        Some((first, rest)) => vec![first.to_owned(), shortened(rest.trim_start(), letters)],
        None => vec![shortened(name, letters)],
    }
}

/// How many small letters fit.
fn letters(cell: f64) -> usize {
    (1..40).take_while(|letters| float_len(*letters) * 7.0 < cell * 0.92).count()
}
