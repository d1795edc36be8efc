//! The operator's command line: one file a command, and what only the command line needs: a made-up election, and a static
//! server for trying a site.

#[macro_use]
mod output;

mod commands;
pub mod demo;
pub mod serve;

pub use commands::run;
