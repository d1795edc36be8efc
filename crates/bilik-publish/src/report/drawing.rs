//! A plot as shapes, which the template writes as SVG. Each is made for a phone's width and scales; wide screens show several
//! side by side.

use serde::Serialize;

/// The width of a plot in its own units, about the pixels of a phone.
pub(super) const WIDTH: f64 = 340.0;

/// A plot.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Drawing {
    width: String,
    height: String,
    /// What it shows, for who does not see it.
    label: String,
    shapes: Vec<Shape>,
}

/// A part of a plot. `class` chooses colour and font in the style sheet.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Shape {
    Rect { x: String, y: String, w: String, h: String, class: String, title: String },
    Line { x: String, y: String, to_x: String, to_y: String, class: &'static str },
    Dot { x: String, y: String, r: String, class: &'static str, title: String },
    Text { x: String, y: String, class: String, text: String },
}

/// One decimal, without a zero behind the point.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

impl Drawing {
    pub(super) fn new(label: impl Into<String>) -> Self {
        Self { width: short(WIDTH), height: String::new(), label: label.into(), shapes: Vec::new() }
    }

    /// The same, when it is known how high it is.
    pub(super) fn with_height(mut self, height: f64) -> Self {
        self.height = short(height);
        self
    }

    pub(super) fn rect(&mut self, [x, y, w, h]: [f64; 4], class: &str, title: String) {
        let [x, y, w, h] = [x, y, w, h].map(short);
        self.shapes.push(Shape::Rect { x, y, w, h, class: class.to_owned(), title });
    }

    pub(super) fn line(&mut self, [x, y, to_x, to_y]: [f64; 4], class: &'static str) {
        let [x, y, to_x, to_y] = [x, y, to_x, to_y].map(short);
        self.shapes.push(Shape::Line { x, y, to_x, to_y, class });
    }

    pub(super) fn dot(&mut self, [x, y, r]: [f64; 3], class: &'static str, title: String) {
        let [x, y, r] = [x, y, r].map(short);
        self.shapes.push(Shape::Dot { x, y, r, class, title });
    }

    /// `class` has the anchor too: `start`, `middle` or `end`.
    pub(super) fn text(&mut self, [x, y]: [f64; 2], class: &str, text: impl Into<String>) {
        let [x, y] = [x, y].map(short);
        self.shapes.push(Shape::Text { x, y, class: class.to_owned(), text: text.into() });
    }
}
