//! A lookup without what derives and what fetches: a name is folded, and keys are tried in an open table.

use bilik::{Key, KeyBits, Recipe, StationRef, Table, TableHeader, TableValue, fold_name};
use wasm_bindgen::prelude::wasm_bindgen;

const STATIONS: u32 = 113;
/// As in 2024.
const ALL_STATIONS: u32 = 823_220;
/// Of the voters, one in seven votes elsewhere.
const MOVERS: u32 = 7;
/// As many keys as a search by `full` has.
const KEYS_OF_A_SEARCH: usize = 16;
const STRANGERS: usize = 100;

/// An open table by `full`, and keys that are not in it.
#[wasm_bindgen]
pub struct Steps {
    table: Table,
    strangers: Vec<[Key; KEYS_OF_A_SEARCH]>,
}

#[wasm_bindgen]
impl Steps {
    /// A table of made-up keys; nothing where it cannot be sealed.
    pub fn make(keys: u32) -> Option<Self> {
        let mut word = words(1);
        let value = |number: u32| match number % MOVERS {
            0 => StationRef::Elsewhere(number.wrapping_mul(7_919) % ALL_STATIONS),
            _ => StationRef::Home(number % STATIONS),
        };
        let entries: Vec<_> = (0..keys).map(|number| (key(&mut word), TableValue::One(value(number)))).collect();
        let header = TableHeader {
            recipe: Recipe::Full,
            check_bits: KeyBits::usual(Recipe::Full).check_bits,
            label: "390101".into(),
            nonce: [7; 16],
            common: Vec::new(),
            home_stations: STATIONS,
            all_stations: ALL_STATIONS,
        };
        let table = Table::seal(&header, &entries, &mut words(3)).ok()?;
        let mut word = words(2);
        Some(Self { table, strangers: (0..STRANGERS).map(|_| std::array::from_fn(|_| key(&mut word))).collect() })
    }

    /// Tries all keys of some searches, and returns how many of them open something: none.
    pub fn refuse(&self, searches: usize) -> usize {
        let keys = self.strangers.iter().cycle().take(searches).flatten();
        keys.filter(|key| self.table.open(key).is_some()).count()
    }

    /// Folds a name that many times, and returns the letters of all.
    pub fn fold(name: &str, times: usize) -> usize {
        (0..times).map(|_| fold_name(name).map_or(0, |folded| folded.whole().len())).sum()
    }
}

fn key(word: &mut impl FnMut() -> u64) -> Key {
    let mut bytes = [0; 32];
    for eight in bytes.chunks_exact_mut(8) {
        eight.copy_from_slice(&word().to_le_bytes());
    }
    Key::from_bytes(bytes)
}

/// Uniform words from a counter, so that every run is the same.
fn words(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
