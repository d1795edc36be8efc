//! Problems of the input: what is wrong, where, what was expected and what to do. Every one is counted; the first thousand
//! of a kind are kept whole. No problem ever holds a NIK or a name: line and column are enough to find them.

mod kind;
mod show;

pub use kind::{Kind, Severity};
use serde::Serialize;
pub use show::Totals;
use std::collections::BTreeMap;
use std::fmt;

/// So many problems of a kind are kept whole; the others are only counted.
pub const KEPT_OF_A_KIND: usize = 1_000;

/// One problem in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether the line can be used all the same.
    pub severity: Severity,
    /// What kind of problem it is.
    pub kind: Kind,
    /// The file's name, without its folder.
    pub file: String,
    /// The line where it starts, from 1; 0 where it concerns the file as a whole.
    pub line: u64,
    /// The column's name as the file has it.
    pub column: Option<String>,
    /// What is wrong, without a voter's details.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub todo: String,
}

impl Problem {
    /// A problem with what its kind expects and recommends.
    #[must_use]
    pub fn new(kind: Kind, file: &str, line: u64, column: Option<&str>, message: impl Into<String>) -> Self {
        Self {
            severity: kind.severity(),
            kind,
            file: file.to_owned(),
            line,
            column: column.map(str::to_owned),
            message: message.into(),
            expected: kind.expected().to_owned(),
            todo: kind.todo().to_owned(),
        }
    }

    /// The same with something more exact to expect.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// The same with something more exact to do.
    #[must_use]
    pub fn advising(mut self, todo: impl Into<String>) -> Self {
        self.todo = todo.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}. Expected: {}. To do: {}.", self.message, self.expected, self.todo)
    }
}

/// All problems of one run.
#[derive(Debug, Default)]
pub struct Report {
    of_kind: BTreeMap<Kind, OfKind>,
    rejected: u64,
    muted: bool,
}

#[derive(Debug, Default)]
struct OfKind {
    count: u64,
    kept: Vec<Problem>,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A report that takes note of nothing: for reading again what was reported before.
    #[must_use]
    pub fn muted() -> Self {
        Self { muted: true, ..Self::default() }
    }

    /// Counts a problem, and keeps it if it is among the first of its kind. The problem is made only then: a roll can have
    /// millions.
    pub fn add(&mut self, kind: Kind, problem: impl FnOnce() -> Problem) {
        if self.muted {
            return;
        }
        let of_kind = self.of_kind.entry(kind).or_default();
        of_kind.count += 1;
        if of_kind.kept.len() < KEPT_OF_A_KIND {
            of_kind.kept.push(problem());
        }
    }

    /// Counts a problem that is already made.
    pub fn push(&mut self, problem: Problem) {
        self.add(problem.kind, || problem);
    }

    /// Counts one line that cannot be used, whatever number of errors it has.
    pub fn reject_line(&mut self) {
        if !self.muted {
            self.rejected += 1;
        }
    }

    /// How many lines cannot be used.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// How many problems of a kind there are.
    #[must_use]
    pub fn count(&self, kind: Kind) -> u64 {
        self.of_kind.get(&kind).map_or(0, |of_kind| of_kind.count)
    }

    /// All kinds that occur with their number, errors first, the most frequent first.
    #[must_use]
    pub fn counts(&self) -> Vec<(Kind, u64)> {
        let mut counts: Vec<(Kind, u64)> = self.of_kind.iter().map(|(&kind, of_kind)| (kind, of_kind.count)).collect();
        counts.sort_by_key(|&(kind, count)| (kind.severity(), std::cmp::Reverse(count), kind));
        counts
    }

    /// How many errors there are.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.total(Severity::Error)
    }

    /// How many warnings there are.
    #[must_use]
    pub fn warnings(&self) -> u64 {
        self.total(Severity::Warning)
    }

    /// The problems of a kind that were kept, by file and line.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> Vec<&Problem> {
        let mut kept: Vec<&Problem> = self.of_kind.get(&kind).map(|of_kind| of_kind.kept.iter().collect()).unwrap_or_default();
        kept.sort_by(|a, b| (&a.file, a.line, &a.column).cmp(&(&b.file, b.line, &b.column)));
        kept
    }

    /// All problems that were kept, in the order of [`Report::counts`].
    #[must_use]
    pub fn problems(&self) -> Vec<&Problem> {
        self.counts().into_iter().flat_map(|(kind, _)| self.of_kind(kind)).collect()
    }

    fn total(&self, severity: Severity) -> u64 {
        self.of_kind.iter().filter(|(kind, _)| kind.severity() == severity).map(|(_, of_kind)| of_kind.count).sum()
    }
}

/// The input cannot be read as far as needed to go on. Its text says so for every file concerned.
#[derive(Debug)]
pub struct Unreadable(pub Vec<Problem>);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_complete_though_not_every_problem_is_kept() {
        let mut report = Report::new();
        for line in 1..=2_500 {
            report.add(Kind::NikLength, || Problem::new(Kind::NikLength, "voters.csv", line, Some("nik"), "11 digits"));
            report.reject_line();
        }
        report.push(Problem::new(Kind::ImpossibleDate, "voters.csv", 3, Some("nik"), "no such day"));
        assert_eq!((report.count(Kind::NikLength), report.of_kind(Kind::NikLength).len()), (2_500, KEPT_OF_A_KIND));
        assert_eq!((report.errors(), report.warnings(), report.rejected()), (2_500, 1, 2_500));
        assert_eq!(report.counts(), [(Kind::NikLength, 2_500), (Kind::ImpossibleDate, 1)]);
    }

    #[test]
    fn a_muted_report_takes_note_of_nothing() {
        let mut report = Report::muted();
        report.push(Problem::new(Kind::NikLength, "voters.csv", 1, None, ""));
        report.reject_line();
        assert_eq!((report.errors(), report.rejected()), (0, 0));
    }
}
