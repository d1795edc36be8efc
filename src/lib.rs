//! Bilik: find your polling station in your own browser. A sealed file for each region is fetched once and searched on
//! the device; the server only hosts static files.
//!
//! Data flows one way, from the roll to the site and from the site to the outcome:
//!
//! ```text
//! roll ─→ keys ─→ ribbon ─→ table ─→ site                  publish/ (native)
//!                                     │
//!                                     └→ file ─→ table ─→ outcome   lookup (both), browser/ (wasm32)
//! ```
//!
//! | module | what it is for |
//! |---|---|
//! | [`nik`] | the 12 digits of a NIK that Bilik knows |
//! | [`name`] | folding a name to the form that goes into keys |
//! | [`key`] | details to key: Argon2id, pepper, salt |
//! | [`ribbon`] | the retrieval structure; nothing about voting |
//! | [`table`] | the sealed table: details in, station out |
//! | [`station`], [`region`], [`manifest`], [`head`] | the public files |
//! | [`file`] | container, limits, digests; the one place that knows bincode and flate2 |
//! | [`mirrors`] | which mirror next |
//! | [`lookup`] | the question and its outcomes: where everything above is put to use |
//! | [`date`] | days and seconds as people write them |
//! | `publish`, `cli` | native only: from a roll to a site; the operator's commands |
//! | `browser` | wasm32 only: fetch, cache, the exported class |
//!
//! All modules but the last three are pure: no file, no network, no clock. `docs/format.md` has every byte of every file.

pub mod date;
pub mod file;
pub mod head;
pub mod key;
pub mod lookup;
pub mod manifest;
pub mod mirrors;
pub mod name;
pub mod nik;
pub mod region;
pub mod ribbon;
pub mod station;
pub mod table;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(not(target_arch = "wasm32"))]
pub mod publish;
