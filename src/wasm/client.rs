//! The exported class. Its methods return promises of plain objects; the types stand in `types.d.ts`.

use super::source::Web;
use super::time;
use crate::format::code::Code;
use crate::format::trust::Trust;
use crate::lookup::{Cancelled, Lookup, Observer, Outcome, Progress, Question};
use js_sys::{Array, Function, Promise, Reflect};
use serde::Serialize;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::{AbortSignal, DomException};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// After so many milliseconds of work others get their turn.
const TURN_MS: f64 = 12.0;

/// Where to vote, asked of the mirrors of one site.
#[wasm_bindgen]
pub struct Bilik {
    lookup: Rc<Lookup<Web>>,
}

#[wasm_bindgen]
impl Bilik {
    /// Answers from these mirrors, as far as they are signed by these keys.
    ///
    /// # Errors
    /// Throws where `mirrors`, `publicKey` or `threshold` cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "BilikOptions")] options: &JsValue) -> Result<Bilik, JsError> {
        let mirrors = texts(&get(options, "mirrors"));
        if mirrors.is_empty() {
            return Err(JsError::new(
                "mirrors: the base address of at least one mirror was expected, such as https://a.example/site/",
            ));
        }
        if let Some(mirror) = mirrors.iter().find(|mirror| !is_base(mirror)) {
            return Err(JsError::new(&format!("mirrors: {mirror} is no http(s) address that ends in a slash")));
        }
        let keys = texts(&get(options, "publicKey"));
        let threshold = get(options, "threshold");
        let threshold = if threshold.is_undefined() { Some(1) } else { time::whole(threshold.as_f64().unwrap_or_default()) };
        let election = get(options, "election").as_string().filter(|election| !election.is_empty());
        let trust = Trust::new(keys.iter().map(String::as_str), threshold.unwrap_or_default(), election);
        let trust = trust.map_err(|e| JsError::new(&format!("publicKey: {e}")))?;
        let line = get(options, "line");
        let known = |property| get(&line, property).as_f64().and_then(time::whole);
        let web = Web::new(mirrors, trust.clone(), (known("firstByte"), known("rate")));
        Ok(Self { lookup: Rc::new(Lookup::new(web, trust)) })
    }

    /// Fetches ahead what the digits typed so far lead to, and tells what they already say. Never rejects.
    #[wasm_bindgen(unchecked_return_type = "Promise<Prepared>")]
    pub fn prepare(&self, digits: String) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            let prepared = lookup.prepare(&digits).await;
            spawn_local(async move { lookup.renew(&Caller::new(&JsValue::UNDEFINED)).await });
            plain(&prepared)
        })
    }

    /// Where does this voter vote? Rejects with an `AbortError` only, when the signal says so.
    #[wasm_bindgen(unchecked_return_type = "Promise<Outcome>")]
    pub fn lookup(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Question")] question: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "LookupOptions")] options: &JsValue,
    ) -> Promise {
        let lookup = self.lookup.clone();
        let (question, watch) = (question_of(question), Caller::new(options));
        promise(async move { lookup.ask(&question, &watch).await.map_or_else(cancelled, |outcome| plain(&outcome)) })
    }

    /// Villages by name, typo tolerant, best first. `within`: a 2, 4 or 6-digit code; an empty query lists all within.
    /// Rejects where the names cannot be had.
    #[wasm_bindgen(unchecked_return_type = "Promise<Village[]>")]
    pub fn villages(&self, query: String, within: Option<String>) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            let within = within.as_deref().and_then(Code::parse);
            answer(lookup.villages(&query, within).await.map_err(Outcome::from))
        })
    }

    /// The stations of a village by its ten digits. Rejects where they cannot be had.
    #[wasm_bindgen(unchecked_return_type = "Promise<Station[]>")]
    pub fn stations(&self, village: String) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            let Some(village) = Code::parse(&village) else { return Ok(Array::new().into()) };
            answer(lookup.stations(village).await.map_err(Outcome::from))
        })
    }

    /// What saving a regency (4 digits) for offline use takes, and what of it is here. Rejects where that cannot be told.
    #[wasm_bindgen(unchecked_return_type = "Promise<Saved>")]
    pub fn regency(&self, code: String) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { answer(lookup.regency(&code).await) })
    }

    /// Fetches all of a regency's files that are not here yet and keeps them. Rejects where one cannot be had, or with an
    /// `AbortError` when the signal says so; what came until then is kept.
    #[wasm_bindgen(unchecked_return_type = "Promise<Saved>")]
    pub fn save(
        &self,
        code: String,
        #[wasm_bindgen(unchecked_optional_param_type = "LookupOptions")] options: &JsValue,
    ) -> Promise {
        let lookup = self.lookup.clone();
        let watch = Caller::new(options);
        promise(async move { lookup.save(&code, &watch).await.map_or_else(cancelled, answer) })
    }

    /// The regencies that were saved on this device.
    #[wasm_bindgen(unchecked_return_type = "Promise<Saved[]>")]
    pub fn saved(&self) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { plain(&lookup.saved().await) })
    }

    /// Keeps a regency no longer.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn remove(&self, code: String) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            lookup.remove(&code).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Drops all files and heads that this device keeps of any election.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn forget(&self) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            lookup.forget().await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// That the site is there and can be trusted, and what it is about. Never rejects: `stale`, `unverified` and
    /// `unreachable` come as outcomes.
    #[wasm_bindgen(unchecked_return_type = "Promise<Ready | Outcome>")]
    pub fn election(&self) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { lookup.ready().await.map_or_else(|outcome| plain(&*outcome), |ready| plain(&ready)) })
    }
}

/// Who asked: told of the progress, and asked whether the answer is still wanted.
struct Caller {
    progress: Option<Function>,
    signal: Option<AbortSignal>,
    since: Cell<f64>,
}

impl Caller {
    fn new(options: &JsValue) -> Self {
        Self {
            progress: get(options, "onProgress").dyn_into().ok(),
            signal: get(options, "signal").dyn_into().ok(),
            since: Cell::new(js_sys::Date::now()),
        }
    }
}

impl Observer for Caller {
    async fn step(&self, progress: Progress) -> Result<(), Cancelled> {
        if let Some(callback) = &self.progress {
            // What the caller's own function throws is the caller's affair.
            let _: Result<JsValue, JsValue> = callback.call1(&JsValue::NULL, &plain(&progress).unwrap_or_default());
        }
        if js_sys::Date::now() - self.since.get() > TURN_MS {
            time::pause().await;
            self.since.set(js_sys::Date::now());
        }
        if self.signal.as_ref().is_some_and(AbortSignal::aborted) { Err(Cancelled) } else { Ok(()) }
    }
}

/// A value as a plain object: no `Map`, and no property where there is nothing.
fn plain<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

/// Boxed, so that the module carries what starts a promise once and not for every method.
fn promise(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let boxed: Pin<Box<dyn Future<Output = _>>> = Box::pin(future);
    future_to_promise(boxed)
}

/// A value, or an outcome as an error.
fn answer<T: Serialize>(result: Result<T, Outcome>) -> Result<JsValue, JsValue> {
    result.map_or_else(|outcome| Err(error(&outcome)), |value| plain(&value))
}

fn cancelled(Cancelled: Cancelled) -> Result<JsValue, JsValue> {
    Err(DomException::new_with_message_and_name("the lookup was cancelled", "AbortError")?.into())
}

/// An outcome as an `Error` with the outcome as its `cause`.
fn error(outcome: &Outcome) -> JsValue {
    let error = js_sys::Error::new("the data is out of reach or was refused");
    error.set_cause(&plain(outcome).unwrap_or_default());
    error.into()
}

fn get(object: &JsValue, property: &str) -> JsValue {
    if object.is_object() { Reflect::get(object, &property.into()).unwrap_or_default() } else { JsValue::UNDEFINED }
}

/// Read by hand: serde's way in would weigh 8 KB for six texts. What is no text counts as not given.
fn question_of(object: &JsValue) -> Question {
    let text = |property| get(object, property).as_string();
    Question {
        nik: text("nik"),
        birth_date: text("birthDate"),
        sex: text("sex"),
        district: text("district"),
        name: text("name"),
        village: text("village"),
        only: None,
    }
}

/// One text or a list of them.
fn texts(value: &JsValue) -> Vec<String> {
    match value.as_string() {
        Some(text) => vec![text],
        None if Array::is_array(value) => Array::from(value).iter().filter_map(|text| text.as_string()).collect(),
        None => Vec::new(),
    }
}

fn is_base(address: &str) -> bool {
    (address.starts_with("https://") || address.starts_with("http://")) && address.ends_with('/') && !address.contains(['?', '#'])
}
