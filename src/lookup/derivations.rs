//! The keys of a call, and of the one before: the next question often begins with the same details, as where the village is asked
//! for after a name that was too short. What a question costs depends on it and on the question before, never on an answer.

use crate::key::{Cost, Key};
use crate::key_search::{KeySearch, SearchDeriver};
use std::cell::{Cell, RefCell};

/// The keys of a search: those that are there, and how many are wanted.
pub(super) struct Derived {
    pub search: KeySearch,
    pub keys: Vec<Key>,
    pub wanted: u32,
}

impl Default for Derived {
    fn default() -> Self {
        Self { search: KeySearch::new(Cost::MIN), keys: Vec::new(), wanted: 0 }
    }
}

/// What derives keys where the source does not; and the keys of the last call.
#[derive(Default)]
pub(super) struct Derivations {
    pub deriver: RefCell<SearchDeriver>,
    last: RefCell<Derived>,
    forgotten: Cell<u32>,
}

impl Derivations {
    /// Takes the keys of the last call that this search begins with, too. Another call that runs meanwhile derives its own.
    pub fn take(&self, search: &KeySearch) -> Vec<Key> {
        let Derived { search: last, mut keys, .. } = self.last.take();
        keys.truncate(usize::try_from(last.alike(search)).unwrap_or(usize::MAX));
        keys
    }

    /// Leaves the keys of a call for the next one, unless all was forgotten since it began. A call without keys leaves what is there.
    pub fn leave(&self, derived: Derived, forgotten: u32) {
        if !derived.keys.is_empty() && forgotten == self.forgotten() {
            self.last.replace(derived);
        }
    }

    /// How often all was forgotten.
    pub fn forgotten(&self) -> u32 {
        self.forgotten.get()
    }

    /// Drops the keys of the last call, and those of calls that run.
    pub fn forget(&self) {
        self.forgotten.set(self.forgotten() + 1);
        self.last.take();
    }
}

/// How many keys there are.
pub(super) fn key_count(keys: &[Key]) -> u32 {
    u32::try_from(keys.len()).unwrap_or(u32::MAX)
}
