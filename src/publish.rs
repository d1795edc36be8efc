//! The operator's side: from a roll to a site. Native only.
//!
//! Data flows one way: [`config`] and [`input`] read an election folder and report every [`problem`]; [`roll`] streams the
//! voters; [`plan`] groups prefixes into tables; [`partition`] spools the voters by table, so that memory stays bounded.

pub mod app;
pub mod config;
pub mod demo;
pub mod input;
pub mod partition;
pub mod plan;
pub mod problem;
pub mod roll;
pub mod serve;

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
