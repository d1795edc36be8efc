//! Bilik: find your polling station in your own browser. A sealed file for each region is fetched once and searched on
//! the device; the server only hosts static files.
//!
//! This crate is the core and, compiled for wasm32, the module for the browser. Data flows one way, from the roll to the site
//! and from the site to the outcome:
//!
//! ```text
//! roll ─→ keys ─→ ribbon ─→ table ─→ site                       crates/bilik-publish
//!                                     │
//!                                     └→ file ─→ table ─→ outcome   lookup/ (both), wasm/ (browser)
//! ```
//!
//! | module | what it is for |
//! |---|---|
//! | `nik` | the 12 digits of a NIK that Bilik knows |
//! | `name` | folding a name to the form that goes into keys |
//! | `key` | details to key: Argon2id, pepper, salt |
//! | `table` | the sealed table: details in, station out |
//! | [`format`] | the public files, byte for byte; container, limits, digests, signatures |
//! | [`mirrors`] | which mirror next |
//! | [`lookup`] | the question and its outcomes: where everything above is put to use |
//! | `date` | days and seconds as people write them |
//! | `wasm` | wasm32 only: fetch, cache, the exported class |
//!
//! All modules but the last are pure: no file, no network, no clock. `docs/format.md` has every byte of every file. The
//! retrieval structure is a crate of its own, `layered-ribbon`.

mod date;
pub mod format;
mod key;
pub mod lookup;
pub mod mirrors;
mod name;
mod nik;
mod table;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use date::{DAY_SECONDS, Day, iso_utc};
pub use key::{Cost, Deriver, Details, Key, MAX_PEPPER_BITS, Recipe, salt};
pub use name::{Common, Folded, MAX_NAME_CHARS, NameError, fold as fold_name};
pub use nik::{Digits, DigitsError, KEPT, Sex, WHOLE, Warning};
pub use table::{MAX_STATIONS_PER_KEY, SealError, StationRef, Table, TableHeader, TableValue};
#[cfg(target_arch = "wasm32")]
pub use wasm::Bilik;
