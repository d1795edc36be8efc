//! Checking a published site: its files, how its host serves them, and with the roll, that every voter is found.

mod error;
mod files;
mod hosting;
mod secrets;
mod voters;

pub use error::VerifyError;
pub use files::{SiteReport, check_app, check_files};
pub use hosting::{Advice, HostingReport, ServedFile, check_hosting};
pub use secrets::check_secrets;
pub use voters::{VoterReport, check_voters};
