//! Checking a published site: its files, how its host serves them, and with the roll, that every voter is found.

mod app_files;
mod certificate;
mod error;
mod files;
mod group;
mod hosting;
mod key_count;
mod odds;
mod pages;
mod places;
mod published;
mod said;
mod sample;
mod secrets;
mod statement;
mod voter_report;
mod voters;

pub use app_files::check_app;
pub use certificate::{Certificate, CertificateError, CertifiedSite};
pub use error::VerifyError;
pub(crate) use files::check_files_of_head;
pub use files::{SiteReport, check_files};
pub use hosting::{Advice, HostingReport, ServedFile, check_hosting};
pub(crate) use key_count::keys_of;
pub use key_count::{KeysOf, TableFinding};
pub use odds::{CONFIDENCE, one_in, wrong_at_most};
pub use pages::check_pages;
pub use places::check_places;
pub(crate) use said::unlike_signed;
pub use said::{UnsignedFacts, check_configuration};
pub use sample::{RollPart, RollPartError, RollSample};
pub use secrets::check_secrets;
pub(crate) use secrets::secret;
pub use statement::Statement;
pub use voter_report::{VoterReport, WrongLine, WrongReason};
pub use voters::{VoterCheck, check_voters};
