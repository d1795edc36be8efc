//! Verified files in the Cache API. Every error here means "not in the cache": storage that is full, blocked or broken costs a
//! download, never an answer. A browser may also never answer, so every call has a limit.
//!
//! | cache | holds |
//! |---|---|
//! | `bilik-heads-1` | for each set of trusted keys, 8 bytes of time (seconds since 1970 when a mirror last gave it), then the newest head |
//! | `bilik-1-` and an election's id | the election's files by path; under `saved/` and a regency's code, the paths of its saved files |

use super::limits::{self, within};
use super::values::{self, Global};
use crate::mirrors::Millis;
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response};

/// The cache of heads.
pub(super) const HEADS: &str = "bilik-heads-1";
/// The prefix of the names of the caches of files.
pub(super) const FILES: &str = "bilik-1-";
/// The base of cache keys, which are the same for all mirrors. Nothing is ever fetched from this address.
const ORIGIN: &str = "https://bilik.invalid/";

/// The Cache API, for as long as it answers. After the first call without an answer, storage counts as missing.
pub(super) struct Storage {
    is_silent: Cell<bool>,
    limit: Cell<Millis>,
    /// What is being kept: nothing waits for it but [`Storage::settled`].
    writes: Array,
}

impl Default for Storage {
    fn default() -> Self {
        Self { is_silent: Cell::new(false), limit: Cell::new(limits::STORAGE_MS), writes: Array::new() }
    }
}

impl Storage {
    /// Whether storage did not answer and is worth another, longer try, because there is no other source. Once only.
    pub(super) fn insist(&self) -> bool {
        self.limit.replace(limits::LAST_STORAGE_MS) != limits::LAST_STORAGE_MS && self.is_silent.take()
    }

    /// Whether the browser has any storage.
    pub(super) fn is_there() -> bool {
        caches().is_some()
    }

    /// Reads the bytes under a path. They are unverified, because storage may have been changed.
    pub(super) async fn get(&self, name: &str, path: &str) -> Option<Vec<u8>> {
        let found = self.in_cache(name, &|cache| cache.match_with_str(&key(path))).await?;
        let response: Response = found.dyn_into().ok()?;
        let buffer: ArrayBuffer = self.value(&response.array_buffer().ok()?).await?.dyn_into().ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    }

    /// Begins to write bytes under a path, if the storage accepts them and `is_wanted` still says so.
    pub(super) fn put(&self, name: &str, path: &str, bytes: &[u8], is_wanted: impl Fn() -> bool + 'static) {
        let (Some(caches), false, true) = (caches(), self.is_silent.get(), is_wanted()) else { return };
        let (cache, key, body) = (caches.open(name), key(path), Uint8Array::from(bytes));
        self.writes.push(&values::promise(async move {
            let cache: Cache = JsFuture::from(cache).await?.dyn_into()?;
            if !is_wanted() {
                return Ok(JsValue::UNDEFINED);
            }
            let response = Response::new_with_opt_buffer_source(Some(&body))?;
            JsFuture::from(cache.put_with_str(&key, &response)).await
        }));
    }

    /// Waits until all that was begun is written. Whether that is so.
    pub(super) async fn settled(&self) -> bool {
        let writes = Promise::all_settled(&self.writes);
        self.writes.set_length(0);
        within(limits::WRITES_MS, JsFuture::from(writes)).await.is_some()
    }

    /// The paths in a cache.
    pub(super) async fn paths(&self, name: &str) -> Vec<String> {
        let Some(requests) = self.in_cache(name, &Cache::keys).await else { return Vec::new() };
        let path = |request: JsValue| Some(request.dyn_into::<Request>().ok()?.url().strip_prefix(ORIGIN)?.to_owned());
        values::texts(&requests, &path)
    }

    /// Deletes the bytes under a path.
    pub(super) async fn delete(&self, name: &str, path: &str) -> Option<()> {
        self.in_cache(name, &|cache| cache.delete_with_str(&key(path))).await.map(drop)
    }

    /// The names of the caches of this module. The page itself is in others.
    pub(super) async fn names(&self) -> Option<Vec<String>> {
        let names = self.value(&caches()?.keys()).await?;
        let ours = |name: &String| name == HEADS || name.starts_with(FILES);
        Some(values::texts(&names, &|name| name.as_string().filter(ours)))
    }

    /// Deletes a whole cache.
    pub(super) async fn drop_cache(&self, name: &str) -> Option<()> {
        self.value(&caches()?.delete(name)).await.map(drop)
    }

    /// What a call of one cache gives.
    async fn in_cache(&self, name: &str, call: &dyn Fn(&Cache) -> Promise) -> Option<JsValue> {
        if self.is_silent.get() {
            return None;
        }
        let cache: Cache = self.value(&caches()?.open(name)).await?.dyn_into().ok()?;
        self.value(&call(&cache)).await
    }

    /// What a call of the Cache API gives; `None` where it fails or does not answer.
    async fn value(&self, promise: &Promise) -> Option<JsValue> {
        let value = within(self.limit.get(), JsFuture::from(promise.clone())).await;
        self.is_silent.set(self.is_silent.get() || value.is_none());
        value?.ok()
    }
}

/// `None` where the context is not secure. In a sandboxed frame without an origin, even reading the property throws.
fn caches() -> Option<CacheStorage> {
    Global::caches().ok()?.dyn_into().ok()
}

fn key(path: &str) -> String {
    format!("{ORIGIN}{path}")
}
