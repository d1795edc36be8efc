//! One problem in one place, and those that stop everything.

use super::kind::{ProblemKind, Severity};
use crate::language::Message;
use serde::Serialize;
use std::fmt;
use tr::tr;

/// One problem in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputProblem {
    /// Whether the line can be used all the same.
    pub severity: Severity,
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// The file's path in the election folder, and a workbook's sheet.
    pub file: String,
    /// The line where it starts, from 1; 0 where it concerns the file as a whole.
    pub line: u64,
    /// The column's name as the file has it.
    pub column: Option<String>,
    /// What is wrong, without a voter's details.
    pub message: Message,
    /// What was expected.
    pub expected: Message,
    /// How to fix it.
    pub todo: Message,
    /// What it is an effect of: of the same kind and cause, one problem is kept and the others are counted.
    #[serde(skip)]
    pub(super) cause: Option<String>,
}

impl InputProblem {
    /// A problem with what its kind expects and recommends.
    #[must_use]
    pub fn new(kind: ProblemKind, file: &str, line: u64, column: Option<&str>, message: impl Into<Message>) -> Self {
        Self {
            severity: kind.severity(),
            kind,
            file: file.to_owned(),
            line,
            column: column.map(str::to_owned),
            message: message.into(),
            expected: kind.expected().into(),
            todo: kind.todo().into(),
            cause: None,
        }
    }

    /// The same as an effect of a cause that others share. The cause itself is never shown.
    #[must_use]
    pub(crate) fn because_of(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The same with a more specific expectation.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<Message>) -> Self {
        self.expected = expected.into();
        self
    }

    /// The same with a more specific fix.
    #[must_use]
    pub fn advising(mut self, todo: impl Into<Message>) -> Self {
        self.todo = todo.into();
        self
    }
}

impl fmt::Display for InputProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ", {}", tr!("line {}", self.line))?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {}", tr!("column {}", column))?;
        }
        write!(f, ": {}", tr!("{}. Expected: {}. Fix: {}.", self.message, self.expected, self.todo))
    }
}

/// The input cannot be read far enough to go on. Its text has all problems, of all files.
#[derive(Debug)]
pub struct Unreadable(pub Vec<InputProblem>);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Unreadable {}
