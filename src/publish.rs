//! The operator's side: from a roll to a site. Native only.
//!
//! Data flows one way: [`config`] and [`input`] read an election folder and report every [`problem`]; [`roll`] streams the
//! voters; [`plan`] groups prefixes into tables; [`partition`] spools the voters by table, so that memory stays bounded.

pub mod config;
pub mod input;
pub mod partition;
pub mod plan;
pub mod problem;
pub mod roll;
