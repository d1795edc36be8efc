//! Verified files in the Cache API. Storage that is full, blocked or broken costs a download, never an answer: every error
//! here means "not in the cache".
//!
//! | cache | holds |
//! |---|---|
//! | `bilik-heads-1` | the newest head for each set of trusted keys, after 8 bytes: the second at which a mirror last gave it |
//! | `bilik-1-` and an election's id | its files by their paths; under `saved/` and a code the paths of a regency's that was saved on purpose |

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response};

/// None where the context is not secure. In a frame without an origin of its own (a sandbox) the mere look at it throws.
fn caches() -> Option<CacheStorage> {
    Reflect::get(&js_sys::global(), &"caches".into()).ok()?.dyn_into().ok()
}

/// Where heads are kept.
pub(super) const HEADS: &str = "bilik-heads-1";
/// What the names of the caches of files start with.
pub(super) const FILES: &str = "bilik-1-";
/// Files have the same key whatever mirror they came from; nothing is ever fetched from this address.
const ORIGIN: &str = "https://bilik.invalid/";

async fn open(name: &str) -> Option<Cache> {
    Some(JsFuture::from(caches()?.open(name)).await.ok()?.unchecked_into())
}

fn key(path: &str) -> String {
    format!("{ORIGIN}{path}")
}

/// What was put under a path, unverified: storage may have been changed meanwhile.
pub(super) async fn get(name: &str, path: &str) -> Option<Vec<u8>> {
    let cache = open(name).await?;
    let found = JsFuture::from(cache.match_with_str(&key(path))).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?.unchecked_into();
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Keeps bytes under a path, if the storage will have them.
pub(super) async fn put(name: &str, path: &str, bytes: &[u8]) -> Option<()> {
    let cache = open(name).await?;
    let body = Uint8Array::from(bytes);
    let response = Response::new_with_opt_buffer_source(Some(&body)).ok()?;
    JsFuture::from(cache.put_with_str(&key(path), &response)).await.ok()?;
    Some(())
}

/// The paths under which something was put.
pub(super) async fn paths(name: &str) -> Vec<String> {
    let keys = async {
        let requests = JsFuture::from(open(name).await?.keys()).await.ok()?;
        let path = |request: JsValue| Some(request.dyn_into::<Request>().ok()?.url().strip_prefix(ORIGIN)?.to_owned());
        Some(Array::from(&requests).iter().filter_map(path).collect())
    };
    keys.await.unwrap_or_default()
}

/// Keeps what was put under a path no longer.
pub(super) async fn delete(name: &str, path: &str) -> Option<()> {
    JsFuture::from(open(name).await?.delete_with_str(&key(path))).await.ok().map(drop)
}

/// The caches that are Bilik's, by name. The page keeps itself in others.
pub(super) async fn names() -> Vec<String> {
    let names = async {
        let names = JsFuture::from(caches()?.keys()).await.ok()?;
        let ours = |name: &String| name == HEADS || name.starts_with(FILES);
        Some(Array::from(&names).iter().filter_map(|name| name.as_string()).filter(ours).collect())
    };
    names.await.unwrap_or_default()
}

/// Drops a whole cache.
pub(super) async fn drop_cache(name: &str) -> Option<()> {
    JsFuture::from(caches()?.delete(name)).await.ok().map(drop)
}
