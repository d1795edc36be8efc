//! What one question asks of which table.

use crate::format::container::FileRef;
use crate::format::manifest::Sealing;
use crate::format::province::ProvincePart;
use crate::key::{Details, Key, Recipe};
use crate::key_search::KeySearch;
use crate::table::{Table, TableValue};
use std::rc::Rc;

/// A table that is asked.
#[derive(Clone)]
pub(super) struct AskedTable {
    pub recipe: Recipe,
    pub file: FileRef,
    pub table: Rc<Table>,
}

/// The keys of a question, and the tables that they may open.
pub(super) struct TableSearch<'a> {
    pub keys: KeySearch,
    election: &'a str,
    sealing: Sealing,
    /// The table of each of the details, in the order in which they were added.
    tables: Vec<AskedTable>,
}

/// What a key opened.
#[derive(Debug)]
pub(super) struct Hit {
    /// Which of the details led to it.
    pub details: usize,
    pub recipe: Recipe,
    pub file: FileRef,
    pub value: TableValue,
}

impl<'a> TableSearch<'a> {
    pub(super) fn new(part: &'a ProvincePart) -> Self {
        let sealing = part.sealing;
        Self { keys: KeySearch::new(sealing.cost), election: &part.election.id, sealing, tables: Vec::new() }
    }

    /// Asks a table with these details.
    pub(super) fn add(&mut self, asked: &AskedTable, details: Details) {
        self.keys.add(asked.table.salt(self.election), details, self.sealing.bits(asked.recipe).pepper_bits);
        self.tables.push(asked.clone());
    }

    /// What the key at an index opens in its table.
    pub(super) fn open(&self, index: u32, key: &Key) -> Option<Hit> {
        let details = self.keys.details_at(index)?;
        let asked = self.tables.get(details)?;
        Some(Hit { details, recipe: asked.recipe, file: asked.file, value: asked.table.open(key)? })
    }
}
