//! The operator's side: from a roll to a site, and what can be checked of a site afterwards.
//!
//! Data flows one way: [`config`] and [`input`] read an election folder and report every [`problem`]; [`roll`] streams the
//! voters; [`plan`] groups prefixes into tables; [`partition`] spools the voters by table, so that memory stays bounded;
//! [`seal`] makes the tables of one group, with stations as [`layout`] numbers them; [`site`] writes the files and publishes
//! them at once; [`build`] puts all that in order and signs it ([`signing`]); [`patch`] edits the stations of a site that is there
//! and signs again. [`source`] reads a site back, [`verify`] checks it. [`app`] is the web app that the binary carries.

pub mod app;
pub mod build;
pub mod config;
pub mod input;
pub mod layout;
pub mod partition;
pub mod patch;
pub mod plan;
pub mod problem;
pub mod randomness;
pub mod roll;
pub mod seal;
pub mod signing;
pub mod site;
pub mod source;
pub mod verify;

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether somebody pressed Ctrl-C (or sent SIGTERM): whatever takes long asks, and stops where it can clean up.
#[must_use]
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Asks everything that takes long to stop.
pub fn interrupt() {
    INTERRUPTED.store(true, Ordering::Relaxed);
}
