//! Deriving keys: a search's own are handed to the page's workers, and such a worker derives them one by one.

use super::source::Web;
use super::time;
use crate::key::Key;
use crate::key_search::{KeySearch, SearchDeriver};
use crate::lookup::{Cancelled, Observer, Progress};
use js_sys::{Function, IteratorNext, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Derives the keys of searches, for a worker that shares the derivations of another one's lookup.
#[wasm_bindgen]
#[derive(Default)]
pub struct KeyDeriver(SearchDeriver);

#[wasm_bindgen]
impl KeyDeriver {
    /// Its memory is allocated with the first key.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The 32 bytes of a search's key; none where the search has no such key.
    pub fn derive(&mut self, search: &[u8], index: u32) -> Vec<u8> {
        let key = KeySearch::from_bytes(search).and_then(|search| self.0.derive(&search, index));
        key.map(|key| key.to_bytes().to_vec()).unwrap_or_default()
    }
}

#[wasm_bindgen]
extern "C" {
    /// An asynchronous generator: gives how many keys are derived, and at the end all of them in a row.
    type Derivation;
    #[wasm_bindgen(method, catch)]
    fn next(this: &Derivation) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "return")]
    fn end(this: &Derivation) -> Result<Promise, JsValue>;
}

impl Web {
    /// The keys of a search by the page's function; `None` where there is none, or where it fails.
    pub(super) async fn derive_by(
        &self,
        derive: &Function,
        search: &KeySearch,
        observer: &dyn Observer,
    ) -> Result<Option<Vec<Key>>, Cancelled> {
        let of = search.len();
        let bytes = Uint8Array::from(search.to_bytes().as_slice());
        let Ok(derivation) = derive.call2(&JsValue::NULL, &bytes, &of.into()) else { return Ok(None) };
        let derivation: Derivation = derivation.unchecked_into();
        let mut done = 0;
        loop {
            if observer.step(Progress { step: "derive", done, of }).is_err() {
                // Nobody waits for it.
                let _: Result<Promise, JsValue> = derivation.end();
                return Err(Cancelled);
            }
            let Ok(next) = derivation.next() else { return Ok(None) };
            let Ok(next) = JsFuture::from(next).await.map(IteratorNext::unchecked_from_js) else { return Ok(None) };
            if next.done() {
                let keys = Uint8Array::new(&next.value()).to_vec();
                let keys: Vec<Key> = keys.as_chunks().0.iter().map(|bytes| Key::from_bytes(*bytes)).collect();
                return Ok(Some(keys).filter(|keys| u32::try_from(keys.len()) == Ok(of)));
            }
            done = next.value().as_f64().and_then(time::whole).unwrap_or(done);
        }
    }
}
