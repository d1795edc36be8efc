//! A map of the crate `fst`, in a browser.

use wasm_bindgen::prelude::wasm_bindgen;

/// A finite-state transducer: sorted keys to numbers.
#[wasm_bindgen]
pub struct Map(fst::Map<Vec<u8>>);

#[wasm_bindgen]
impl Map {
    /// Opens the bytes of a map.
    pub fn open(bytes: Vec<u8>) -> Option<Self> {
        fst::Map::new(bytes).ok().map(Self)
    }

    /// What a key leads to.
    pub fn get(&self, key: &str) -> Option<u32> {
        self.0.get(key).and_then(|value| u32::try_from(value).ok())
    }
}
