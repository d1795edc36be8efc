//! The exported class. Its methods return promises of plain objects, whose types are in `types.d.ts`.

use super::source::Web;
use super::time;
use super::values::{self, promise};
use crate::format::code::Code;
use crate::format::trust::{PublicKey, Trust};
use crate::format::witness::{SeenByWitness, WitnessStatement};
use crate::lookup::{Cancelled, Lookup, Observer, Outcome, Progress, Question};
use js_sys::{Array, Function, Promise, Reflect};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortSignal, DomException};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// Finds polling stations from the mirrors of one site.
#[wasm_bindgen]
pub struct Bilik {
    lookup: Rc<Lookup<Web>>,
}

#[wasm_bindgen]
impl Bilik {
    /// Answers from these mirrors, as far as their files are signed by these keys.
    ///
    /// # Errors
    /// Throws where `mirrors`, `publicKey` or `threshold` is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "BilikOptions")] options: &JsValue) -> Result<Bilik, JsError> {
        let mirrors = texts(&get(options, "mirrors"));
        if mirrors.is_empty() {
            return Err(JsError::new(
                "mirrors: expected the base address of at least one mirror, such as https://a.example/site/",
            ));
        }
        if let Some(mirror) = mirrors.iter().find(|mirror| !is_base(mirror)) {
            return Err(JsError::new(&format!("mirrors: expected http(s) addresses that end in a slash, got {mirror}")));
        }
        let keys = texts(&get(options, "publicKey"));
        let threshold = get(options, "threshold");
        let threshold = if threshold.is_undefined() { Some(1) } else { time::whole(threshold.as_f64().unwrap_or_default()) };
        let election = get(options, "election").as_string().filter(|election| !election.is_empty());
        let trust = Trust::new(keys.iter().map(String::as_str), threshold.unwrap_or_default(), election);
        let trust = trust.map_err(|e| JsError::new(&format!("publicKey: {e}")))?;
        let line = get(options, "line");
        let known = |property| get(&line, property).as_f64().and_then(time::whole);
        let derive = get(options, "derive").dyn_into().ok();
        let web = Web::new(mirrors, trust.clone(), (known("firstByte"), known("rate")), derive);
        Ok(Self { lookup: Rc::new(Lookup::new(web, trust)) })
    }

    /// Prefetches what the digits typed so far lead to, and tells what they already say; with a name that is too short to be
    /// found by itself, also the villages to choose from. Never rejects.
    #[wasm_bindgen(unchecked_return_type = "Promise<Prepared>")]
    pub fn prepare(&self, digits: String, name: Option<String>) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            let prepared = lookup.prepare(&digits, name.as_deref()).await;
            spawn_local(async move {
                lookup.warm_up(&()).await;
                lookup.renew(&()).await;
            });
            plain(&prepared)
        })
    }

    /// Where does this voter vote? Rejects only with an `AbortError`, when the signal is aborted.
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

    /// Which of some other 12 digits find somebody of this name, as far as the files for them are here. For likely slips in the
    /// digits of a question that was asked with a village, whether or not it found somebody: the work is the same.
    #[wasm_bindgen(unchecked_return_type = "Promise<string[]>")]
    pub fn alternatives(
        &self,
        name: String,
        niks: Vec<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "LookupOptions")] options: &JsValue,
    ) -> Promise {
        let lookup = self.lookup.clone();
        let watch = Caller::new(options);
        promise(async move {
            let found = lookup.alternatives(&name, &niks, &watch).await;
            found.map_or_else(cancelled, |found| plain(&found))
        })
    }

    /// Finds villages by name, tolerating typing errors, best match first. `within` is a code of 2, 4 or 6 digits; an empty query
    /// lists all villages within. Rejects where the names cannot be fetched.
    #[wasm_bindgen(unchecked_return_type = "Promise<Village[]>")]
    pub fn villages(&self, query: String, within: Option<String>) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            let within = within.as_deref().and_then(Code::parse);
            answer(lookup.villages(&query, within).await)
        })
    }

    /// The stations of the village with these ten digits. Rejects where they cannot be fetched.
    #[wasm_bindgen(unchecked_return_type = "Promise<Station[]>")]
    pub fn stations(&self, village: String) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move {
            let Some(village) = Code::parse(&village) else { return Ok(Array::new().into()) };
            answer(lookup.stations(village).await)
        })
    }

    /// What saving a regency (4 digits) for offline use takes, and how much of it is kept. Rejects where that is unknown.
    #[wasm_bindgen(unchecked_return_type = "Promise<Saved>")]
    pub fn regency(&self, code: String) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { answer(lookup.regency(&code).await) })
    }

    /// Fetches all files of a regency that are not kept yet, and keeps them. Rejects where one cannot be fetched, or with an
    /// `AbortError` when the signal is aborted; files fetched before that are kept.
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

    /// The regencies that are saved on this device.
    #[wasm_bindgen(unchecked_return_type = "Promise<Saved[]>")]
    pub fn saved(&self) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { plain(&lookup.saved().await) })
    }

    /// Deletes the files of a saved regency. Rejects where the browser's storage does not answer.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn remove(&self, code: String) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { deleted(lookup.remove(&code).await) })
    }

    /// Deletes all files and heads of all elections from this device. Rejects where the browser's storage does not answer.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn forget(&self) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { deleted(lookup.forget().await) })
    }

    /// Which head the witness with this key saw, compared with the newest one that is here, and how many seconds ago: four times the
    /// seconds, and 0 for this head, 1 for an older one, 2 for a newer one, 3 for another one with the same serial. `NaN` where this is
    /// not a statement of that witness about this election. An empty statement says that no witness confirms that head: all mirrors are
    /// asked for a newer one from now on, and at once with the next question.
    ///
    /// One number and one method, since each costs every visitor some bytes of glue.
    #[must_use]
    pub fn witnessed(&self, statement: &[u8], key: &str) -> f64 {
        let web = self.lookup.source();
        if statement.is_empty() {
            web.ask_all();
            self.lookup.ask_head_again();
        }
        let said = PublicKey::parse(key).and_then(|key| WitnessStatement::read(statement, &key).ok());
        let Some((seen, age)) = said.and_then(|said| web.witnessed(&said)) else { return f64::NAN };
        let seen = match seen {
            SeenByWitness::This => 0.0,
            SeenByWitness::Older => 1.0,
            SeenByWitness::Newer => 2.0,
            SeenByWitness::Other => 3.0,
        };
        f64::from(age) * 4.0 + seen
    }

    /// Whether the site is reachable and trusted, and what it is about. Never rejects: `stale`, `unverified` and `unreachable`
    /// are outcomes.
    #[wasm_bindgen(unchecked_return_type = "Promise<Ready | Outcome>")]
    pub fn election(&self) -> Promise {
        let lookup = self.lookup.clone();
        promise(async move { lookup.ready().await.map_or_else(|outcome| plain(&*outcome), |ready| plain(&ready)) })
    }
}

/// The caller's `onProgress` and `signal`.
struct Caller {
    progress: Option<Function>,
    signal: Option<AbortSignal>,
}

impl Caller {
    fn new(options: &JsValue) -> Self {
        Self { progress: get(options, "onProgress").dyn_into().ok(), signal: get(options, "signal").dyn_into().ok() }
    }
}

impl Observer for Caller {
    fn step(&self, progress: Progress) -> Result<(), Cancelled> {
        if let Some(callback) = &self.progress {
            // An exception of the caller's function does not end the lookup.
            let _: Result<JsValue, JsValue> = callback.call1(&JsValue::NULL, &plain(&progress).unwrap_or_default());
        }
        if self.signal.as_ref().is_some_and(AbortSignal::aborted) { Err(Cancelled) } else { Ok(()) }
    }
}

/// A value as a plain object: no `Map`, and no property for `None`.
fn plain<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

/// A value, or an outcome as an error.
fn answer<T: Serialize>(result: Result<T, Box<Outcome>>) -> Result<JsValue, JsValue> {
    result.map_or_else(|outcome| Err(error(&outcome)), |value| plain(&value))
}

fn deleted(is_gone: bool) -> Result<JsValue, JsValue> {
    if is_gone { Ok(JsValue::UNDEFINED) } else { Err(js_sys::Error::new("the browser's storage does not answer").into()) }
}

fn cancelled(Cancelled: Cancelled) -> Result<JsValue, JsValue> {
    Err(DomException::new_with_message_and_name("the lookup was cancelled", "AbortError")?.into())
}

/// An outcome as an `Error` with the outcome as its `cause`.
fn error(outcome: &Outcome) -> JsValue {
    let error = js_sys::Error::new("data unreachable or rejected");
    error.set_cause(&plain(outcome).unwrap_or_default());
    error.into()
}

fn get(object: &JsValue, property: &str) -> JsValue {
    if object.is_object() { Reflect::get(object, &property.into()).unwrap_or_default() } else { JsValue::UNDEFINED }
}

/// Reads the properties directly, because a deserialiser would add 8 KB for six strings. Other types count as not given.
fn question_of(object: &JsValue) -> Question {
    let text = |property| get(object, property).as_string();
    Question {
        nik: text("nik"),
        birth_date: text("birthDate"),
        sex: text("sex"),
        district: text("district"),
        name: text("name"),
        village: text("village"),
        ..Question::default()
    }
}

/// A string or an array of strings.
fn texts(value: &JsValue) -> Vec<String> {
    match value.as_string() {
        Some(text) => vec![text],
        None if Array::is_array(value) => values::texts(value, &|text| text.as_string()),
        None => Vec::new(),
    }
}

fn is_base(address: &str) -> bool {
    (address.starts_with("https://") || address.starts_with("http://")) && address.ends_with('/') && !address.contains(['?', '#'])
}
