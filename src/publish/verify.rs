//! Checking a site: what an outsider can see, and with the roll, that every voter is found.

mod files;
mod voters;

pub use files::{Files, check_files};
pub use voters::{Voters, check_voters};
