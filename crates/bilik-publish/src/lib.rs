//! The operator's side of Bilik: from a voter roll to a signed site of sealed static files, and checks of a published site.
//!
//! Data flows one way, down this table.
//!
//! | module | what it does |
//! |---|---|
//! | [`problem`], [`rejects`] | what is wrong with a line of the input, and where such lines are listed |
//! | `csv` | reads CSV files line by line, plain or gzip |
//! | [`config`], [`input`] | read `election.toml`, regions, stations and who is withheld |
//! | [`roll`] | streams the voters |
//! | [`mod@import`] | makes such an input of a commission's own files, which name regions and stations |
//! | [`crosscheck`] | compares the counts of all lines with official totals and limits |
//! | [`changes`] | compares two election folders |
//! | [`grouping`] | groups the prefixes of NIKs into tables |
//! | [`partition`] | spools the voters by group, so that memory stays bounded |
//! | [`layout`], `tables` | number the stations; what the tables of a group are to hold |
//! | [`reuse`] | what a build keeps, so that the next one takes over tables that did not change |
//! | `encrypted`, `durable`, [`work`] | files that hold what the roll holds; files that are whole or not there; the work folder |
//! | [`mod@plan`], [`status`] | from the input to parts that can be sealed one by one; how far they are |
//! | `randomness`, [`mod@derive`], `seal`, [`seal_part`] | derive keys; seal one file and check it; seal one part |
//! | [`signing`], `staging`, `release` | keys; the files of a site, published all at once; the head's serial |
//! | `station_pages` | the pages of villages and stations, which need no script |
//! | [`assemble`] | from sealed parts to a signed site |
//! | [`build`], [`patch`] | all of these in one process; new stations in an existing site |
//! | [`source`], [`verify`] | read a published site; check it |
//! | [`mod@witness`] | state from outside which head was seen, and when |
//! | [`uploads`] | which files go to a host, in which order |
//! | [`mod@pack`] | one HTML file that answers for a region without a network |
//! | [`rollback`] | an earlier manifest again, under a new head |
//! | [`cosign`] | add a signature to a site's head, on another machine |
//! | [`cost_model`] | what harvesting the sealed roll costs, and the floors of a real election |
//! | [`mod@report`] | what all of this comes to: figures of a site, and a page with plots |
//!
//! Shared: [`language`] has the language of messages, [`cancel`] stops long runs, [`progress`] shows them, [`app`] is the web app that the binary carries, [`base_url`] reads
//! addresses as browsers do, [`interval`] lengths of time, `phone` telephone numbers, [`sinks`] encodes texts from outside for where they go. Nothing is global to
//! the process. `docs/operating.md` is the manual; `docs/format.md` has every byte that is written.
//!
//! ```no_run
//! use bilik_publish::build::{BuildOptions, build};
//! use bilik_publish::cancel::CancellationToken;
//! use bilik_publish::derive::DeriveMethod;
//! use bilik_publish::plan::Allowed;
//! use bilik_publish::progress::Silent;
//! use bilik_publish::signing;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! signing::generate("KEY".as_ref())?;
//! let options = BuildOptions {
//!     folder: "election".into(),
//!     keys: vec!["KEY".into()],
//!     site: "site".into(),
//!     work: None,
//!     allowed: Allowed::default(),
//!     prune: false,
//!     signatures_follow: false,
//!     reuse: true,
//!     derive: DeriveMethod::default(),
//! };
//! let built = build(&options, &Silent, &CancellationToken::new())?.built()?;
//! println!("{} voters sealed, serial {}", built.voters, built.serial);
//! # Ok(())
//! # }
//! ```

pub mod app;
pub mod assemble;
pub mod base_url;
pub mod build;
pub mod cancel;
pub mod changes;
mod clock;
pub mod config;
pub mod cosign;
pub mod cost_model;
pub mod crosscheck;
mod csv;
pub mod derive;
mod durable;
mod encrypted;
pub mod grouping;
pub mod import;
pub mod input;
pub mod interval;
mod io_error;
pub mod language;
pub mod layout;
mod number;
pub mod pack;
pub mod partition;
pub mod patch;
mod phone;
pub mod plan;
pub mod problem;
pub mod progress;
mod randomness;
pub mod rejects;
mod release;
pub mod report;
pub mod reuse;
pub mod roll;
pub mod rollback;
mod seal;
pub mod seal_part;
pub mod signing;
pub mod sinks;
pub mod source;
mod staging;
mod station_pages;
pub mod status;
mod tables;
pub mod uploads;
pub mod verify;
pub mod witness;
pub mod work;

pub use clock::{ClockError, now};
pub use durable::RoomError;
pub use io_error::IoError;
pub use randomness::RandomnessError;
pub use release::SecretInsideError;
pub use seal::SealError;
pub use staging::{StagingError, Written};
pub use station_pages::StationPagesError;
pub use tables::TablesError;
