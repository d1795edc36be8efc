//! The browser's clocks, timers and random numbers.

use crate::mirrors::Millis;
use js_sys::{Function, Promise};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Milliseconds on a monotonic clock.
pub(super) fn now() -> Millis {
    whole(performance_now()).unwrap_or_default()
}

/// Seconds since 1970, by the device's clock.
pub(super) fn seconds() -> u64 {
    whole(js_sys::Date::now() / 1000.0).unwrap_or_default()
}

/// By how many seconds the device's clock is ahead of the page's own origin, once that has told the time.
pub(super) type ClockError = Cell<Option<i32>>;

/// A future that is ready after a time. Dropping it clears the timer.
pub(super) struct Sleep {
    promise: JsFuture,
    /// Always `Some`. An `Option`, because making an empty function counts as evaluating code under a page's content security
    /// policy.
    resolve: Option<Function>,
    timer: JsValue,
}

impl Sleep {
    pub(super) fn until(time: Millis) -> Self {
        Self::of(i32::try_from(time.saturating_sub(now())).unwrap_or(i32::MAX))
    }

    fn of(milliseconds: i32) -> Self {
        let mut started = (JsValue::UNDEFINED, None);
        let promise = Promise::new(&mut |resolve, _| started = (set_timeout(&resolve, milliseconds), Some(resolve)));
        Self { promise: promise.into(), timer: started.0, resolve: started.1 }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // The promise is never rejected.
        Pin::new(&mut self.promise).poll(context).map(drop)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        // A promise that never settles would keep its callbacks alive forever.
        if let Some(resolve) = &self.resolve {
            let _: Result<JsValue, JsValue> = resolve.call0(&JsValue::NULL);
        }
    }
}

/// Yields to the event loop.
pub(super) async fn pause() {
    Sleep::of(0).await;
}

/// A number's whole part: converts float to integer without a cast.
pub(super) fn whole<T: TryFrom<i64>>(number: f64) -> Option<T> {
    T::try_from(parsed(number)?).ok()
}

/// One kind of integer is parsed in the module, and in one place.
fn parsed(number: f64) -> Option<i64> {
    let digits = js_sys::Number::from(number.floor()).to_string_with_radix(10).ok()?;
    String::from(digits).parse().ok()
}

/// Uniform enough to spread voters over mirrors and in time.
pub(super) fn random() -> u32 {
    whole(js_sys::Math::random() * 4_294_967_295.0).unwrap_or_default()
}
