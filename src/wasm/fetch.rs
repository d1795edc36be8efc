//! Fetching one file from one mirror.

use super::time::{self, ClockError};
use js_sys::{Date, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, ReferrerPolicy, RequestCredentials, RequestInit, RequestMode, RequestRedirect,
    Response, ResponseType,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

/// Aborts a fetch when it is dropped.
struct Guard(AbortController);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Fetches at most `max_length` bytes and one more, which shows that the file is too long; without it, only the headers.
/// `on_progress` is called when the answer begins (0) and with the number of bytes so far. What the answer says of the device's
/// clock is noted in `clock_error`. Sends no cookie and no referrer, follows no redirect. Dropping the future aborts the transfer.
///
/// # Errors
/// What went wrong, in English.
pub(super) async fn fetch(
    url: &str,
    max_length: Option<u32>,
    clock_error: &ClockError,
    on_progress: &dyn Fn(u32),
) -> Result<Vec<u8>, String> {
    let guard = Guard(AbortController::new().map_err(|e| reason(&e))?);
    let init = RequestInit::new();
    if max_length.is_none() {
        init.set_method("HEAD");
    }
    init.set_credentials(RequestCredentials::Omit);
    init.set_mode(RequestMode::Cors);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&guard.0.signal()));
    // Verified files are kept by `cache`. The browser's HTTP cache would also keep rejected ones and return them again.
    init.set_cache(web_sys::RequestCache::NoStore);
    let promise = global_fetch(url, &init).map_err(|e| reason(&e))?;
    let response: Response = JsFuture::from(promise).await.map_err(|e| reason(&e))?.unchecked_into();
    note_time(&response, clock_error);
    let Some(max_length) = max_length else { return Ok(Vec::new()) };
    if !response.ok() {
        return Err(format!("HTTP status {}", response.status()));
    }
    on_progress(0);
    let body = response.body().ok_or("an empty answer")?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let max_length = usize::try_from(max_length).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|e| reason(&e))?;
        if Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&chunk, &"value".into()).map_err(|e| reason(&e))?.unchecked_into();
        let room = max_length.saturating_add(1).saturating_sub(bytes.len());
        let take = u32::try_from(room).unwrap_or(u32::MAX).min(value.length());
        bytes.extend(value.subarray(0, take).to_vec());
        on_progress(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        if bytes.len() > max_length {
            return Ok(bytes);
        }
    }
}

/// Another origin is not a witness of the time: it could make people miss the vote. Neither is a shared cache that has had the
/// answer for 100 seconds or more: such caches differ in what they say as its date.
fn note_time(response: &Response, clock_error: &ClockError) {
    let header = |name| response.headers().get(name).ok().flatten().unwrap_or_default();
    if response.type_() != ResponseType::Basic || header("age").len() > 2 {
        return;
    }
    if let Some(ahead) = time::whole((Date::now() - Date::parse(&header("date"))) / 1000.0) {
        clock_error.set(Some(ahead));
    }
}

fn reason(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.filter(|message| !message.is_empty()).unwrap_or_else(|| String::from("the network failed"))
}
