//! The report for people and as JSON.

use super::finding::InputProblem;
use super::kind::Severity;
use super::report::{KEPT_OF_A_KIND, Report};
use crate::language::{number, translated};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter, Write as _};
use tr::tr;

/// How many problems of a kind the terminal shows.
const EXAMPLES: usize = 10;

/// What was read, for the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Voters that can be sealed.
    pub voters: u64,
    /// Stations that can be used.
    pub stations: u64,
    /// Voters of the roll who are withheld.
    pub withheld: u64,
}

/// Everything that is known, for programs.
#[derive(Debug, Serialize)]
pub struct ReportJson<'a> {
    #[serde(flatten)]
    totals: Totals,
    rejected: u64,
    counts: BTreeMap<&'static str, u64>,
    problems: Vec<&'a InputProblem>,
}

/// The problems grouped by kind, up to ten of each.
impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (kind, count) in self.counts() {
            let mark = match kind.severity() {
                Severity::Error => tr!("error"),
                Severity::Warning => tr!("warning"),
            };
            writeln!(f, "{mark}: {} ({}, {})", translated(kind.title()), kind.name(), number(count))?;
            show_examples(&self.of_kind(kind), count, f)?;
            f.write_char('\n')?;
        }
        Ok(())
    }
}

fn show_examples(kept: &[&InputProblem], count: u64, f: &mut Formatter<'_>) -> fmt::Result {
    let examples = || kept.iter().take(EXAMPLES);
    let place = |problem: &InputProblem| match problem.line {
        0 => problem.file.clone(),
        line => format!("{}:{line}", problem.file),
    };
    let column = |problem: &InputProblem| problem.column.clone().unwrap_or_default();
    let width = |text: &dyn Fn(&InputProblem) -> String| examples().map(|p| text(p).chars().count()).max().unwrap_or(0);
    let (places, columns) = (width(&place), width(&column));
    for problem in examples() {
        write!(f, "  {:places$}  ", place(problem))?;
        if columns > 0 {
            write!(f, "{:columns$}  ", column(problem))?;
        }
        writeln!(f, "{}", problem.message)?;
    }
    let shown = u64::try_from(examples().count()).unwrap_or(u64::MAX);
    if count > shown {
        let more = tr!("and {} more; `bilik check --json` lists up to {}", number(count - shown), number(kept_at_most()));
        writeln!(f, "  {more}")?;
    }
    // Each different advice is written once.
    let mut advice: Vec<(&str, &str)> = examples().map(|p| (p.expected.shown(), p.todo.shown())).collect();
    advice.dedup();
    for (expected, todo) in advice {
        writeln!(f, "  {}", tr!("expected: {}", expected))?;
        writeln!(f, "  {}", tr!("fix:      {}", todo))?;
    }
    Ok(())
}

fn kept_at_most() -> u64 {
    u64::try_from(KEPT_OF_A_KIND).unwrap_or(u64::MAX)
}

impl Report {
    /// One line: what was read, and how many problems there are.
    #[must_use]
    pub fn summary(&self, totals: Totals) -> String {
        let withheld = match totals.withheld {
            0 => String::new(),
            n => format!(" ({})", tr!("{} more withheld", number(n))),
        };
        let (voters, stations, rejected) = (totals.voters, totals.stations, self.rejected());
        format!(
            "{}{withheld}, {}: {}, {}, {}",
            tr!("{} voter" | "{} voters" % voters, number(voters)),
            tr!("{} station" | "{} stations" % stations, number(stations)),
            tr!("{} error" | "{} errors" % self.errors(), number(self.errors())),
            tr!("{} warning" | "{} warnings" % self.warnings(), number(self.warnings())),
            tr!("{} line rejected" | "{} lines rejected" % rejected, number(rejected)),
        )
    }

    /// Everything that is known, for one JSON object.
    #[must_use]
    pub fn json(&self, totals: Totals) -> ReportJson<'_> {
        ReportJson {
            totals,
            rejected: self.rejected(),
            counts: self.counts().into_iter().map(|(kind, count)| (kind.name(), count)).collect(),
            problems: self.problems(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::ProblemKind;
    use super::*;

    #[test]
    fn ten_examples_of_a_kind_are_shown_and_the_others_counted() {
        let mut report = Report::new();
        for line in 1..=12 {
            report.push(InputProblem::new(
                ProblemKind::NikLength,
                "voters.csv",
                line,
                Some("nik"),
                format!("the NIK has {line} digits"),
            ));
        }
        let text = report.to_string();
        assert!(text.starts_with("error: A NIK has neither 12 nor 16 digits (nik_length, 12)\n"), "{text}");
        assert!(text.contains("  voters.csv:9   nik  the NIK has 9 digits\n  voters.csv:10  nik  "), "{text}");
        assert!(
            !text.contains("has 11 digits") && text.contains("and 2 more; `bilik check --json` lists up to 1,000\n"),
            "{text}"
        );
        assert_eq!(text.matches("expected:").count(), 1, "{text}");
        let summary = report.summary(Totals { voters: 1_234_567, stations: 1, withheld: 0 });
        assert_eq!(summary, "1,234,567 voters, 1 station: 12 errors, 0 warnings, 0 lines rejected");
    }

    #[test]
    fn json_has_totals_counts_and_problems() {
        let mut report = Report::new();
        report.push(InputProblem::new(ProblemKind::BadNumber, "stations.csv", 2, Some("number"), "it reads \"x\""));
        let json = serde_json::to_value(report.json(Totals { voters: 2, stations: 3, withheld: 1 })).unwrap();
        assert_eq!((&json["voters"], &json["stations"], &json["withheld"]), (&2.into(), &3.into(), &1.into()));
        assert_eq!(json["counts"]["bad_number"], 1);
        assert_eq!((&json["problems"][0]["line"], &json["problems"][0]["severity"]), (&2.into(), &"error".into()));
    }
}
