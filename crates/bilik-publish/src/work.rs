//! The work folder: what lies on disk between `plan`, `seal` and `assemble`, which may run on different machines at different times.
//!
//! ```text
//! W/run.key      the key of the run; it stays with the operator
//! W/plan.bilik   what was planned: groups, parts, and digests of the input
//! W/in/0007      what the worker of part 7 needs, and no more: folded details and values; no serial, no raw name, no line
//! W/out/0007     its finished tables and a receipt
//! ```
//!
//! All but the key is encrypted. The keys of parts are derived from the run's, so that a worker can be given the key of its part
//! and read nothing else. A file takes its name when it is whole and on the disk.

mod codec;
mod error;
mod folder;
mod input;
mod keys;
mod output;
mod plan_file;

pub use error::WorkError;
pub use folder::WorkFolder;
pub(crate) use input::{PartHeader, PartInput, PartWriter};
pub use keys::{PartKey, RunKey};
pub use output::{Receipt, SealedFile};
pub(crate) use output::{SealedPart, write_output};
pub use plan_file::{Plan, PlannedGroup, PlannedPart};
