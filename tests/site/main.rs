//! The whole way, from an election folder to an answer, through the real binary and the library: everything that an operator
//! and a voter rely on, at the smallest cost of sealing. `tests/full-cost.sh` does the same at the cost of a real election.
//!
//! Every roll here is made up; districts 39 and 59 were never given out.

#![allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what is not as expected here fails the test, and is meant to"
)]

mod alike;
mod damage;
mod first_hour;
mod freshness;
mod full_cost;
mod groups;
mod hosting;
mod keys;
mod names;
mod patch;
mod publishing;
mod rejects;
mod repeating;
mod resealed;
mod saved;
mod secrecy;
mod seeded;
mod shelf;
mod sizes;
mod strangers;
mod support;
mod types;
