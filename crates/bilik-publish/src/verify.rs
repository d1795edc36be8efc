//! Checking a site: what an outsider can see, how its host serves it, and with the roll, that every voter is found.

mod files;
mod hosting;
mod secrets;
mod voters;

pub use files::{Files, check_app, check_files};
pub use hosting::{Advice, Hosting, Served, check_hosting};
pub use secrets::check_secrets;
pub use voters::{Voters, check_voters};
