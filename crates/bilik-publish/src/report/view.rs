//! What the template is given: sections of plots and tables.

use super::drawing::Drawing;
use super::plots::ClassKey;
use super::words::{Words, fill};
use serde::Serialize;

/// Tables of more rows are folded.
const MAX_OPEN_ROWS: usize = 12;

/// One section.
#[derive(Debug, Default, Serialize)]
pub(super) struct Section {
    pub id: &'static str,
    pub title: String,
    pub lead: String,
    /// That something was not given, in place of plots.
    pub missing: Option<String>,
    pub plots: Vec<Plot>,
    /// Sentences under the plots.
    pub notes: Vec<String>,
    pub tables: Vec<DataTable>,
}

/// A plot with its words.
#[derive(Debug, Default, Serialize)]
pub(super) struct Plot {
    pub title: String,
    pub drawing: Drawing,
    pub note: String,
    /// Shades of a map, in words.
    pub keys: Vec<NamedClass>,
    /// Its numbers, folded below it.
    pub table: Option<DataTable>,
}

/// A shade of a map and what it stands for.
#[derive(Debug, Serialize)]
pub(super) struct NamedClass {
    #[serde(flatten)]
    pub key: ClassKey,
    pub text: String,
}

/// The numbers of a plot.
#[derive(Debug, Serialize)]
pub(super) struct DataTable {
    pub caption: String,
    /// The caption, said to be of a table.
    pub summary: String,
    pub head: Vec<&'static str>,
    /// The column, from 1, of words among those of numbers.
    pub words_in: Option<usize>,
    /// The first cell names the row.
    pub rows: Vec<Vec<String>>,
    pub is_folded: bool,
}

impl DataTable {
    pub(super) fn new(caption: &str, words: &Words, head: &[&'static str], rows: Vec<Vec<String>>) -> Self {
        let summary = fill(words.table_of, &[("what", caption)]);
        Self {
            caption: caption.to_owned(),
            summary,
            head: head.to_vec(),
            words_in: None,
            is_folded: rows.len() > MAX_OPEN_ROWS,
            rows,
        }
    }
    /// The same with words in a column beside the first.
    pub(super) fn with_words_in(mut self, column: usize) -> Self {
        self.words_in = Some(column);
        self
    }
}

/// One of the figures at the top.
#[derive(Debug, Serialize)]
pub(super) struct KeyFigure {
    pub label: &'static str,
    pub value: String,
    pub note: String,
}

/// A line about the site.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub label: &'static str,
    pub value: String,
}
