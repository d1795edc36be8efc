//! How long the module waits for the browser, and what takes the place of an answer. `www/limits.js` is the same for the page.
//!
//! | what | limit | instead |
//! |---|---|---|
//! | a read or a deletion in the Cache API | [`STORAGE_MS`] | the mirrors |
//! | the same, where no mirror delivers | [`LAST_STORAGE_MS`] | an outcome that names the file |
//! | writing to the Cache API | nothing waits for it; saving a regency does, [`WRITES_MS`] | it counts as not saved |
//! | a fetch | the policy's ([`crate::mirrors::Race`]) | another mirror, then an outcome that names the file |
//!
//! All other promises that the module waits for are its own timers.

use super::time::Sleep;
use js_sys::Promise;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Milliseconds for a call of the Cache API.
pub(super) const STORAGE_MS: i32 = 1_000;
/// The same where there is no other source: a cheap phone's storage may take seconds.
pub(super) const LAST_STORAGE_MS: i32 = 4_000;
/// Milliseconds for all files of a regency to be written.
pub(super) const WRITES_MS: i32 = 10_000;

/// How a promise settles; `None` where it does not within the limit.
pub(super) async fn within(milliseconds: i32, promise: &Promise) -> Option<Result<JsValue, JsValue>> {
    let (mut settled, mut limit) = (JsFuture::from(promise.clone()), Sleep::of(milliseconds));
    poll_fn(|context| match Pin::new(&mut settled).poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => Pin::new(&mut limit).poll(context).map(|()| None),
    })
    .await
}
