//! `bilik check`, and what `build` starts with: an election folder read from end to end.

// Tests may fail loudly; clippy.toml says so for the tests themselves, and this for what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod changes;
mod cli;
mod contacts;
mod imports;
mod inputs;
mod kinds;
mod language;
mod organiser;
mod plans;
mod report;
mod same_site;
mod scratch_folder;
mod several_files;
mod times;
mod tolerated;
mod totals;
mod whatwg;
mod whole_roll;
mod workbooks;

use bilik_testkit::{Binary, Election};

/// The binary that these tests run.
const BILIK: Binary = Binary::at(env!("CARGO_BIN_EXE_bilik"));

const ELECTION: &str = Election::SAMPLE_SETTINGS;
const REGIONS: &str = Election::SAMPLE_REGIONS;
const STATIONS: &str = Election::SAMPLE_STATIONS;
const VOTERS: &str = Election::SAMPLE_VOTERS;
