//! Verified files in the Cache API. Every error here means "not in the cache": storage that is full, blocked or broken costs a
//! download, never an answer.
//!
//! | cache | holds |
//! |---|---|
//! | `bilik-heads-1` | for each set of trusted keys, 8 bytes of time (seconds since 1970 when a mirror last gave it), then the newest head |
//! | `bilik-1-` and an election's id | the election's files by path; under `saved/` and a regency's code, the paths of its saved files |

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response};

/// `None` where the context is not secure. In a sandboxed frame without an origin, even reading the property throws.
fn caches() -> Option<CacheStorage> {
    Reflect::get(&js_sys::global(), &"caches".into()).ok()?.dyn_into().ok()
}

/// The cache of heads.
pub(super) const HEADS: &str = "bilik-heads-1";
/// The prefix of the names of the caches of files.
pub(super) const FILES: &str = "bilik-1-";
/// The base of cache keys, which are the same for all mirrors. Nothing is ever fetched from this address.
const ORIGIN: &str = "https://bilik.invalid/";

async fn open(name: &str) -> Option<Cache> {
    Some(JsFuture::from(caches()?.open(name)).await.ok()?.unchecked_into())
}

fn key(path: &str) -> String {
    format!("{ORIGIN}{path}")
}

/// Reads the bytes under a path. They are unverified, because storage may have been changed.
pub(super) async fn get(name: &str, path: &str) -> Option<Vec<u8>> {
    let cache = open(name).await?;
    let found = JsFuture::from(cache.match_with_str(&key(path))).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?.unchecked_into();
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Writes bytes under a path, if the storage accepts them.
pub(super) async fn put(name: &str, path: &str, bytes: &[u8]) -> Option<()> {
    let cache = open(name).await?;
    let body = Uint8Array::from(bytes);
    let response = Response::new_with_opt_buffer_source(Some(&body)).ok()?;
    JsFuture::from(cache.put_with_str(&key(path), &response)).await.ok()?;
    Some(())
}

/// The paths in a cache.
pub(super) async fn paths(name: &str) -> Vec<String> {
    let keys = async {
        let requests = JsFuture::from(open(name).await?.keys()).await.ok()?;
        let path = |request: JsValue| Some(request.dyn_into::<Request>().ok()?.url().strip_prefix(ORIGIN)?.to_owned());
        Some(Array::from(&requests).iter().filter_map(path).collect())
    };
    keys.await.unwrap_or_default()
}

/// Deletes the bytes under a path.
pub(super) async fn delete(name: &str, path: &str) -> Option<()> {
    JsFuture::from(open(name).await?.delete_with_str(&key(path))).await.ok().map(drop)
}

/// The names of the caches of this module. The page itself is in others.
pub(super) async fn names() -> Vec<String> {
    let names = async {
        let names = JsFuture::from(caches()?.keys()).await.ok()?;
        let ours = |name: &String| name == HEADS || name.starts_with(FILES);
        Some(Array::from(&names).iter().filter_map(|name| name.as_string()).filter(ours).collect())
    };
    names.await.unwrap_or_default()
}

/// Deletes a whole cache.
pub(super) async fn drop_cache(name: &str) -> Option<()> {
    JsFuture::from(caches()?.delete(name)).await.ok().map(drop)
}
