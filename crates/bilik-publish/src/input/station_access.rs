//! The columns of the stations file that say how people get in and vote.

use crate::csv::{self, Column, Fault, Lines, YesNo};
use crate::language::message;
use crate::problem::{ProblemKind, Report};
use bilik::format::AccessDetail;

/// Where the details are, in the order in which they are published.
pub(super) struct AccessColumns([(Column, AccessDetail); 4]);

impl AccessColumns {
    pub fn of(lines: &Lines) -> Self {
        let named = [
            ("ramp", AccessDetail::Ramp),
            ("level", AccessDetail::Level),
            ("parking", AccessDetail::Parking),
            ("help", AccessDetail::Help),
        ];
        Self(named.map(|(name, detail)| (lines.column(name), detail)))
    }

    /// What the line says yes to.
    pub fn read(&self, lines: &Lines, report: &mut Report) -> Result<Vec<AccessDetail>, Fault> {
        let mut details = Vec::new();
        for (column, detail) in self.0 {
            if yes(lines, column, &lines.optional_tidy(column)?, report) == Some(true) {
                details.push(detail);
            }
        }
        Ok(details)
    }
}

/// Yes or no; none where the cell is empty, or says something else, which is warned of.
pub(super) fn yes(lines: &Lines, column: Column, text: &str, report: &mut Report) -> Option<bool> {
    match csv::yes_or_no(text) {
        YesNo::Yes => Some(true),
        YesNo::No => Some(false),
        YesNo::Nothing => None,
        YesNo::Unclear => {
            let message = message!("it reads {}", csv::quoted(text));
            report.push(lines.problem(ProblemKind::UnclearAccessible, column, message));
            None
        }
    }
}
