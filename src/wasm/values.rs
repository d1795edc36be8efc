//! Values of JavaScript that several parts of the module make or read, each by one piece of code.

use js_sys::{Array, Promise};
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen]
extern "C" {
    /// The global object of a page or a worker.
    pub(super) type Global;
    #[wasm_bindgen(static_method_of = Global, js_class = "globalThis", getter, catch)]
    pub(super) fn caches() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(static_method_of = Global, js_class = "globalThis", getter)]
    pub(super) fn origin() -> JsValue;
}

/// A future as a promise. Boxed, so that the module contains the code that starts a promise once and not for each future.
pub(super) fn promise(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let boxed: Pin<Box<dyn Future<Output = _>>> = Box::pin(future);
    future_to_promise(boxed)
}

/// The texts of an array, as `read` finds them in its elements.
pub(super) fn texts(array: &JsValue, read: &dyn Fn(JsValue) -> Option<String>) -> Vec<String> {
    let mut texts = Vec::new();
    for element in Array::from(array).iter() {
        texts.extend(read(element));
    }
    texts
}
