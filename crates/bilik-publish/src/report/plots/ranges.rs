//! Amounts on a logarithmic axis: a dot for the usual one, a line from the lowest to the highest, and a floor where there is one.

use super::super::drawing::{Drawing, WIDTH};
use super::super::language::shortened;
use super::super::scale::LogAxis;

const ROW: f64 = 38.0;
const FOOT: f64 = 20.0;
const SIDE: f64 = 20.0;

/// One amount.
pub(in super::super) struct Range {
    pub label: String,
    pub low: f64,
    pub usual: f64,
    pub high: f64,
    pub floor: Option<f64>,
    /// The usual amount with its unit.
    pub text: String,
}

/// On one axis, whose marks `mark` writes.
pub(in super::super) fn ranges(label: &str, ranges: &[Range], mark: impl Fn(f64) -> String) -> Drawing {
    let all = ranges.iter().flat_map(|range| [Some(range.low), Some(range.usual), Some(range.high), range.floor]);
    let axis = LogAxis::over(all.flatten());
    let x = |value: f64| SIDE + axis.at(value) * (WIDTH - 2.0 * SIDE);
    let mut drawing = Drawing::new(label);
    let bottom = ranges.iter().fold(0.0, |y, _| y + ROW);
    for value in axis.marks() {
        drawing.line([x(value), 0.0, x(value), bottom], "grid");
        let (anchor, at) = match axis.at(value) {
            at if at < 0.05 => ("start small", 0.0),
            at if at > 0.95 => ("end small", WIDTH),
            _ => ("middle small", x(value)),
        };
        drawing.text([at, bottom + 15.0], anchor, mark(value));
    }
    let mut y = 0.0;
    for Range { label, low, usual, high, floor, text } in ranges {
        drawing.text([0.0, y + 13.0], "start halo", shortened(label, 36));
        drawing.text([WIDTH, y + 13.0], "end strong halo", text.clone());
        drawing.line([x(*low), y + 25.0, x(*high), y + 25.0], "range");
        drawing.dot([x(*usual), y + 25.0, 5.0], "dot", String::new());
        if let Some(floor) = floor {
            drawing.line([x(*floor), y + 17.0, x(*floor), y + 33.0], "floor");
        }
        y += ROW;
    }
    drawing.with_height(bottom + FOOT)
}
