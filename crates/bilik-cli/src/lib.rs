//! The operator's command line: one file a command, and what only the command line needs: a synthetic election, and a static
//! server for trying a site.

mod commands;
mod exit;
mod output;
pub mod server;
pub mod synthetic;

pub use commands::run;
