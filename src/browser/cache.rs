//! Verified files in the Cache API. Storage that is full, blocked or broken costs a download, never an answer: every error
//! here means "not in the cache".

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Response};

#[wasm_bindgen]
extern "C" {
    // Undefined where the context is not secure, an exception where storage is blocked.
    #[wasm_bindgen(thread_local_v2, js_namespace = globalThis, js_name = caches)]
    static CACHES: Option<CacheStorage>;
}

const NAME: &str = "bilik-1";

/// Files have the same key whatever mirror they came from; nothing is ever fetched from this address.
fn key(path: &str) -> String {
    format!("https://bilik.invalid/{path}")
}

async fn open() -> Option<Cache> {
    let caches = CACHES.with(Option::clone)?;
    Some(JsFuture::from(caches.open(NAME)).await.ok()?.unchecked_into())
}

/// What was put under a path, unverified: storage may have been changed meanwhile.
pub(super) async fn get(path: &str) -> Option<Vec<u8>> {
    let cache = open().await?;
    let found = JsFuture::from(cache.match_with_str(&key(path))).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?.unchecked_into();
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Keeps bytes under a path, if the storage will have them.
pub(super) async fn put(path: &str, bytes: &[u8]) -> Option<()> {
    let cache = open().await?;
    let body = Uint8Array::from(bytes);
    let response = Response::new_with_opt_buffer_source(Some(&body)).ok()?;
    JsFuture::from(cache.put_with_str(&key(path), &response)).await.ok()?;
    Some(())
}
