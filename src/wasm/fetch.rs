//! Fetching one file from one mirror.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, ReferrerPolicy, RequestCredentials, RequestInit, RequestMode, RequestRedirect,
    Response,
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

/// Fetches at most `max_length` bytes and one more, which shows that the file is too long. `on_progress` is called when the
/// answer begins (0) and with the number of bytes so far. Sends no cookie and no referrer, follows no redirect. Dropping the
/// future aborts the transfer.
///
/// # Errors
/// What went wrong, in English.
pub(super) async fn fetch(url: &str, max_length: u32, on_progress: &dyn Fn(u32)) -> Result<Vec<u8>, String> {
    let guard = Guard(AbortController::new().map_err(|e| reason(&e))?);
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::Omit);
    init.set_mode(RequestMode::Cors);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&guard.0.signal()));
    // Verified files are kept by `cache`. The browser's HTTP cache would also keep rejected ones and return them again.
    init.set_cache(web_sys::RequestCache::NoStore);
    let promise = global_fetch(url, &init).map_err(|e| reason(&e))?;
    let response: Response = JsFuture::from(promise).await.map_err(|e| reason(&e))?.unchecked_into();
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

fn reason(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.filter(|message| !message.is_empty()).unwrap_or_else(|| String::from("the network failed"))
}
