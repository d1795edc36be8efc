//! Asking a site: a question, the files that it takes, and its outcome. The browser and the terminal run this same code; they
//! differ only in their [`Source`] of files and their [`Observer`] of progress.
//!
//! Where a typed NIK goes: [`Question`] → 12 digits and a folded name → the tables for the first six digits → a key → a station.
//! The source is asked for files by their paths and never sees a detail.
//!
//! | module | what it does |
//! |---|---|
//! | `question` | parses what a voter typed |
//! | `engine` | [`Lookup`]: answers a question, prefetches while digits are typed |
//! | `browse` | [`Lookup`]: villages by name, stations of a village |
//! | `saved` | [`Lookup`]: keeps the files of a regency for offline use |
//! | `answer` | makes the outcome from what was searched |
//! | `outcome`, `shown`, `problem` | the answers, and what they are made of |
//! | `observer` | progress and cancellation, passed in by the caller |
//! | `source` | where files come from, implemented by the caller |
//! | `run` | one call: what it has and needs, and the one place that waits |
//! | `derivations` | the keys of a call, and of the one before |
//! | `file_store` | files that were fetched, verified and decoded |
//! | `table_search` | the keys of a question, and the tables that they may open |
//! | `locate` | from a table's value to a station with its names |
//! | `village_search` | finds villages by name, tolerating typing errors |
//! | `single_flight` | concurrent requests for one file share a fetch |

mod answer;
mod browse;
mod derivations;
mod engine;
mod file_store;
mod locate;
mod observer;
mod outcome;
mod problem;
mod question;
mod run;
mod saved;
mod shown;
mod single_flight;
mod source;
mod table_search;
mod village_search;

pub use engine::Lookup;
pub use observer::{Cancelled, Observer, Progress};
pub use outcome::{Answered, BadReason, Field, Outcome, Prepared, Ready, Searched, VillageReason};
pub use problem::{Problem, Unavailable};
pub use question::Question;
pub use saved::{PersistentSource, Saved};
pub use shown::{Clock, DistrictName, ElectionSummary, Provenance, RegencyHelp, StationDetails, VillageName};
#[cfg(target_arch = "wasm32")]
pub(crate) use source::corrected;
pub use source::{FileRequest, FoundHead, Source};
