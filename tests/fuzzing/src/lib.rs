//! What is fuzzed, and the laws that hold for any input. `fuzz/` runs these targets under libFuzzer; `tests/corpora.rs` runs them over the
//! committed corpora and what chance makes of those.
//!
//! [`targets`] has a module for each parser of foreign bytes, for lookups in a site of which one document is hostile, and for the policy
//! of mirrors. They share the laws of documents, a small site in memory, and an election folder.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a panic is what a fuzzer looks for: it says which law an input breaks"
)]

pub mod document;
pub mod folder;
pub mod seeds;
pub mod site;
pub mod targets;
