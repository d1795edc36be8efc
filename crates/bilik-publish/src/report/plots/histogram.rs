//! How many of something have how much: columns between round edges, each with its count.

use super::super::drawing::{Drawing, WIDTH};
use super::super::scale::bin_edges;
use crate::language::Language;
use crate::number::{float, float_len};

const HEIGHT: f64 = 150.0;
const TOP: f64 = 18.0;
const FOOT: f64 = 20.0;
/// A single wide column would look like more than it is.
const MAX_COLUMN: f64 = 76.0;

/// Of values above 0. Gives the plot, and its bins as rows: from, to, how many.
pub(in super::super) fn histogram(label: &str, values: &[f64], language: Language) -> (Drawing, Vec<(f64, f64, u64)>) {
    let edges = bin_edges(values);
    let bins: Vec<(f64, f64, u64)> = edges
        .iter()
        .zip(edges.iter().skip(1))
        .map(|(from, to)| {
            let count = values.iter().filter(|value| (*from..*to).contains(*value)).count();
            (*from, *to, u64::try_from(count).unwrap_or(u64::MAX))
        })
        .collect();
    let greatest = bins.iter().map(|(_, _, count)| float(*count)).fold(1.0, f64::max);
    let mut drawing = Drawing::new(label);
    // Room for half of the first and the last label.
    let side = 18.0;
    let width = ((WIDTH - 2.0 * side) / float_len(bins.len()).max(1.0)).min(MAX_COLUMN);
    let bottom = HEIGHT - FOOT;
    let mut x = side;
    for (from, _, count) in &bins {
        let height = float(*count) / greatest * (bottom - TOP);
        if *count > 0 {
            drawing.rect([x + 1.0, bottom - height, width - 2.0, height], "bar", String::new());
            drawing.text([x + width / 2.0, bottom - height - 4.0], "middle strong", language.count(*count));
        }
        drawing.text([x, HEIGHT - 4.0], "middle small", language.compact(*from));
        x += width;
    }
    if let Some((_, to, _)) = bins.last() {
        drawing.text([x, HEIGHT - 4.0], "middle small", language.compact(*to));
    }
    drawing.line([0.0, bottom, WIDTH, bottom], "axis");
    (drawing.with_height(HEIGHT), bins)
}
