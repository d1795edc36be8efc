//! All problems of one run: every one is counted, the first thousand of a kind are kept whole.

use super::finding::InputProblem;
use super::kind::{ProblemKind, Severity};
use bilik::format::Code;
use std::collections::{BTreeMap, HashSet};

/// How many problems of a kind are kept whole; the others are only counted.
pub const KEPT_OF_A_KIND: usize = 1_000;

/// All problems of one run.
#[derive(Debug, Default)]
pub struct Report {
    of_kind: BTreeMap<ProblemKind, OfKind>,
    rejected: u64,
    muted: bool,
    /// The regency of the line that is being read.
    regency: Option<Code>,
}

#[derive(Debug, Default)]
struct OfKind {
    count: u64,
    /// Of these, those on lines of which the regency is known.
    by_regency: BTreeMap<Code, u64>,
    kept: Vec<InputProblem>,
    /// Causes of which one problem is kept.
    causes: HashSet<String>,
}

impl OfKind {
    fn count(&mut self, regency: Option<Code>) {
        self.count += 1;
        if let Some(regency) = regency {
            *self.by_regency.entry(regency).or_default() += 1;
        }
    }
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A report that ignores everything: for reading again what was reported before.
    #[must_use]
    pub fn muted() -> Self {
        Self { muted: true, ..Self::default() }
    }

    /// Says of which regency the line is that is read next; problems are counted by it too. `None` where it is not known.
    pub fn locate(&mut self, regency: Option<Code>) {
        self.regency = regency;
    }

    /// Counts a problem, and keeps it if it is among the first of its kind. The problem is made only then: a roll can have
    /// millions.
    pub fn add(&mut self, kind: ProblemKind, problem: impl FnOnce() -> InputProblem) {
        if self.muted {
            return;
        }
        let of_kind = self.of_kind.entry(kind).or_default();
        of_kind.count(self.regency);
        if of_kind.kept.len() < KEPT_OF_A_KIND {
            of_kind.kept.push(problem());
        }
    }

    /// Counts a problem that is already made. Of those with the same cause, the first is kept.
    pub fn push(&mut self, problem: InputProblem) {
        if self.muted {
            return;
        }
        let of_kind = self.of_kind.entry(problem.kind).or_default();
        of_kind.count(self.regency);
        let is_new = |cause: &String| !of_kind.causes.contains(cause);
        if of_kind.kept.len() < KEPT_OF_A_KIND && problem.cause.as_ref().is_none_or(is_new) {
            of_kind.causes.extend(problem.cause.clone());
            of_kind.kept.push(problem);
        }
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
    pub fn count(&self, kind: ProblemKind) -> u64 {
        self.of_kind.get(&kind).map_or(0, |of_kind| of_kind.count)
    }

    /// All kinds that occur with their number: errors first, causes before their effects, the most frequent first.
    #[must_use]
    pub fn counts(&self) -> Vec<(ProblemKind, u64)> {
        let mut counts: Vec<(ProblemKind, u64)> = self.of_kind.iter().map(|(&kind, of_kind)| (kind, of_kind.count)).collect();
        counts.sort_by_key(|&(kind, count)| (kind.severity(), kind.step(), std::cmp::Reverse(count), kind));
        counts
    }

    /// How many problems of each kind there are in each regency, as far as lines tell their regency.
    #[must_use]
    pub fn by_regency(&self) -> BTreeMap<ProblemKind, &BTreeMap<Code, u64>> {
        self.of_kind.iter().map(|(kind, of_kind)| (*kind, &of_kind.by_regency)).collect()
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
    pub fn of_kind(&self, kind: ProblemKind) -> Vec<&InputProblem> {
        let mut kept: Vec<&InputProblem> =
            self.of_kind.get(&kind).map(|of_kind| of_kind.kept.iter().collect()).unwrap_or_default();
        kept.sort_by(|a, b| (&a.file, a.line, &a.column).cmp(&(&b.file, b.line, &b.column)));
        kept
    }

    /// All problems that were kept, in the order of [`Report::counts`].
    #[must_use]
    pub fn problems(&self) -> Vec<&InputProblem> {
        self.counts().into_iter().flat_map(|(kind, _)| self.of_kind(kind)).collect()
    }

    fn total(&self, severity: Severity) -> u64 {
        self.of_kind.iter().filter(|(kind, _)| kind.severity() == severity).map(|(_, of_kind)| of_kind.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_complete_although_not_every_problem_is_kept() {
        let mut report = Report::new();
        for line in 1..=2_500 {
            report.add(ProblemKind::NikLength, || {
                InputProblem::new(ProblemKind::NikLength, "voters.csv", line, Some("nik"), "11 digits")
            });
            report.reject_line();
        }
        report.push(InputProblem::new(ProblemKind::ImpossibleDate, "voters.csv", 3, Some("nik"), "no such day"));
        assert_eq!((report.count(ProblemKind::NikLength), report.of_kind(ProblemKind::NikLength).len()), (2_500, KEPT_OF_A_KIND));
        assert_eq!((report.errors(), report.warnings(), report.rejected()), (2_500, 1, 2_500));
        assert_eq!(report.counts(), [(ProblemKind::NikLength, 2_500), (ProblemKind::ImpossibleDate, 1)]);
    }

    #[test]
    fn of_one_cause_one_problem_is_kept_and_effects_come_behind_causes() {
        let mut report = Report::new();
        for line in 1..=2_500 {
            let problem = InputProblem::new(ProblemKind::RejectedStation, "voters.csv", line, Some("station"), "");
            report.push(problem.because_of(format!("A{}", line % 2)));
        }
        report.push(InputProblem::new(ProblemKind::UnknownVillage, "stations.csv", 2, Some("village"), ""));
        assert_eq!(report.counts(), [(ProblemKind::UnknownVillage, 1), (ProblemKind::RejectedStation, 2_500)]);
        let lines: Vec<u64> = report.of_kind(ProblemKind::RejectedStation).iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [1, 2]);
    }

    #[test]
    fn problems_are_counted_by_the_regency_of_their_line() {
        let mut report = Report::new();
        let [bogor, bandung] = ["3201", "3204"].map(Code::parse);
        for regency in [bogor, bandung, None, bogor] {
            report.locate(regency);
            report.push(InputProblem::new(ProblemKind::NikLength, "voters.csv", 1, None, ""));
        }
        let by_regency = report.by_regency();
        assert_eq!(
            by_regency[&ProblemKind::NikLength].iter().map(|(code, count)| (code.number(), *count)).collect::<Vec<_>>(),
            [(3201, 2), (3204, 1)]
        );
        assert_eq!(report.count(ProblemKind::NikLength), 4, "those without a regency count too");
    }

    #[test]
    fn a_muted_report_ignores_everything() {
        let mut report = Report::muted();
        report.push(InputProblem::new(ProblemKind::NikLength, "voters.csv", 1, None, ""));
        report.reject_line();
        assert_eq!((report.errors(), report.rejected()), (0, 0));
    }
}
