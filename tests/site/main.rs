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

mod abroad;
mod asking;
mod attack;
mod constant_work;
mod contacts;
mod cosigning;
mod damage;
mod declared_types;
mod derive;
mod forged_page;
mod freshness;
mod full_cost;
mod getting_started;
mod groups;
mod harm;
mod hosting;
mod hosts;
mod json;
mod keys;
mod named_witnesses;
mod names;
mod pack;
mod parts;
mod patch;
mod places;
mod polling_time;
mod publishing;
mod rejects;
mod report;
mod reproducible;
mod reuse;
mod rollback;
mod rotation;
mod saved_regencies;
mod secrecy;
mod seeded;
mod shared_details;
mod signed_but_invalid;
mod sinks;
mod sizes;
mod station_pages;
mod strangers;
mod uploads;
mod witness;

use bilik_testkit::{Binary, Election, Operator, RunOutput};
use std::ffi::OsStr;

/// The binary that all of these tests run.
const BILIK: Binary = Binary::at(env!("CARGO_BIN_EXE_bilik"));

/// Runs the binary.
fn bilik(args: &[&dyn AsRef<OsStr>]) -> RunOutput {
    BILIK.run(args)
}

/// A site with a mover and two voters who share a key.
fn small() -> Operator {
    let election = Election::of_stations(&["3901012001001", "3901012001002", "3901012002001", "3902012001001"]);
    let election = election.settings("[tables]\nmin_voters = 1\n").voters(
        "3901011201900001,Budi Santoso,3901012001001,\n\
         3901011301900001,Dewi Lestari,3901012001001,\n\
         3901011301900002,Dewi Lestari,3901012001002,\n\
         3901014402300001,Siti Aminah,3901012002001,\n\
         3901011409700001,Joko Wijaya,3902012001001,3901012002\n",
    );
    let operator = election.operator(BILIK);
    operator.build();
    operator
}
