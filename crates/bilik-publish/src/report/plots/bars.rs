//! Horizontal bars: the label and the number above each, so that long names fit a phone.

use super::super::drawing::{Drawing, WIDTH};
use super::super::language::shortened;

const ROW: f64 = 36.0;
const BAR: f64 = 11.0;
/// Characters of a label beside its number.
const MAX_LABEL: usize = 34;

/// One bar.
pub(in super::super) struct Bar {
    pub label: String,
    pub value: f64,
    /// A part of the value in another shade, from the left.
    pub part: Option<f64>,
    /// The number with its unit.
    pub text: String,
}

/// Bars on one scale from zero.
pub(in super::super) fn bars(label: &str, bars: &[Bar]) -> Drawing {
    let greatest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let mut drawing = Drawing::new(label);
    let mut y = 0.0;
    for Bar { label, value, part, text } in bars {
        let length =
            |value: f64| if greatest > 0.0 { (value / greatest * WIDTH).max(if value > 0.0 { 1.5 } else { 0.0 }) } else { 0.0 };
        let room = MAX_LABEL.saturating_sub(text.chars().count().saturating_sub(8));
        drawing.text([0.0, y + 13.0], "start", shortened(label, room));
        drawing.text([WIDTH, y + 13.0], "end strong", text.clone());
        drawing.rect([0.0, y + 18.0, WIDTH, BAR], "track", String::new());
        drawing.rect([0.0, y + 18.0, length(*value), BAR], "bar", String::new());
        if let Some(part) = part.filter(|part| *part > 0.0) {
            drawing.rect([0.0, y + 18.0, length(part), BAR], "part", String::new());
        }
        y += ROW;
    }
    drawing.with_height(y)
}
