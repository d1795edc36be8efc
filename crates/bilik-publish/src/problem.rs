//! Problems of the input: what is wrong, where, what was expected and what to do. No problem ever holds a NIK or a name: line
//! and column are enough to find them.

mod finding;
mod kind;
mod place;
mod report;
mod show;

pub use finding::{InputProblem, Unreadable};
pub use kind::{ProblemKind, Severity};
pub use place::{FileLine, FileNames};
pub use report::{KEPT_OF_A_KIND, Report};
pub use show::{ReportJson, Totals};
