//! What is wrong in one place of a file.

use crate::problem::{InputProblem, Unreadable};

/// In a box, because most lines have nothing wrong.
pub(crate) type Fault = Box<InputProblem>;

/// What stops reading a file.
pub(crate) fn unreadable(faults: Vec<Fault>) -> Unreadable {
    Unreadable(faults.into_iter().map(|fault| *fault).collect())
}
