//! What the tests of Bilik share.
//!
//! - [`Election`] builds an election folder, from a few lines or from a generated roll;
//! - [`Folder`] checks one in this process, as `bilik check` does;
//! - [`Operator`] has one with a key, builds the site from it and asks it;
//! - [`Binary`] runs the real binary with a time limit;
//! - [`resealed`] puts a file in place of another, for which all its parents vouch;
//! - [`MemorySource`] serves a site from memory, with a clock and files that a test can change;
//! - [`BAD_LINES`] lists each kind of line that is reported.
//!
//! All data is made up; districts 39 and 59 were never given out.

#![allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::new_without_default,
    clippy::panic,
    clippy::return_self_not_must_use,
    clippy::unwrap_used,
    reason = "whatever is not as expected fails the test that called, and is meant to"
)]

mod bad_lines;
mod binary;
mod election;
mod files;
mod folder;
mod memory;
mod operator;
mod resealed;
mod seeded_rng;
mod site;

pub use bad_lines::{BAD_LINES, BAD_WITHHELD, BadLine, BadWithheld, GOOD_VOTERS, SECRETS, election_for_bad_lines};
pub use binary::{Binary, RunOutput, Running, within};
pub use election::{Election, roll};
pub use files::{Tree, copy_folder, files, mode, names_in, tree};
pub use folder::{CheckResult, Folder};
pub use memory::{Files, MemorySource, files_of};
pub use operator::{Line, Operator, lines};
pub use resealed::{Replacement, payload, resealed, signatures, signed_by_first};
pub use seeded_rng::SeededRng;
pub use site::{MIN_COST, Served, ask, stations};
