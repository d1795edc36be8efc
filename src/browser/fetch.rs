//! One file from one mirror.

use js_sys::{Function, Promise, Reflect, Uint8Array};
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
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// A mirror that says nothing for so long is given up.
const SILENCE_MS: i32 = 8_000;

/// Aborts a fetch after a silence, and when it is dropped.
struct Guard {
    controller: AbortController,
    abort: Closure<dyn FnMut()>,
    timer: JsValue,
}

impl Guard {
    fn new() -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let aborted = controller.clone();
        let abort = Closure::new(move || aborted.abort());
        let timer = set_timeout(abort.as_ref().unchecked_ref(), SILENCE_MS);
        Ok(Self { controller, abort, timer })
    }

    fn heard(&mut self) {
        clear_timeout(&self.timer);
        self.timer = set_timeout(self.abort.as_ref().unchecked_ref(), SILENCE_MS);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        self.controller.abort();
    }
}

/// Fetches at most `most` bytes and one more: whoever gets that one knows that the file is too long. Sends no cookie and no
/// referrer, follows no redirect. Dropping the future ends the transfer.
///
/// # Errors
/// Says in English why there is no file.
pub(super) async fn fetch(url: &str, most: u32) -> Result<Vec<u8>, String> {
    let mut guard = Guard::new().map_err(|e| reason(&e))?;
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::Omit);
    init.set_mode(RequestMode::Cors);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&guard.controller.signal()));
    // Verified files are kept by `cache`. The browser's own cache would keep refused ones too, and give them again.
    init.set_cache(web_sys::RequestCache::NoStore);
    let promise = global_fetch(url, &init).map_err(|e| reason(&e))?;
    let response: Response = JsFuture::from(promise).await.map_err(|e| reason(&e))?.unchecked_into();
    guard.heard();
    if !response.ok() {
        return Err(format!("HTTP status {}", response.status()));
    }
    let body = response.body().ok_or("an empty answer")?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|e| reason(&e))?;
        guard.heard();
        if Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&chunk, &"value".into()).map_err(|e| reason(&e))?.unchecked_into();
        let room = (most + 1).saturating_sub(bytes.len());
        let take = u32::try_from(room).unwrap_or(u32::MAX).min(value.length());
        bytes.extend(value.subarray(0, take).to_vec());
        if bytes.len() > most {
            return Ok(bytes);
        }
    }
}

/// Lets other tasks of this thread run.
pub(super) async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, 0);
    });
    // It only ever resolves.
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
}

fn reason(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    match (name.as_deref(), message) {
        (Some("AbortError"), _) => format!("no answer for {} s", SILENCE_MS / 1000),
        (_, Some(message)) => message,
        _ => String::from("the network failed"),
    }
}
