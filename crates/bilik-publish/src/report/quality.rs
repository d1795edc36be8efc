//! What `check` found in the election folder, by kind and regency.
//!
//! A published count must not be about one voter. So kinds that tell of withheld voters are left out, and the count of a regency
//! is given only from [`MIN_SHOWN`] on.

use crate::partition::Checked;
use crate::problem::{ProblemKind, Report, Severity};
use bilik::format::Code;
use serde::Serialize;
use std::collections::BTreeMap;

/// Fewer in one regency are counted in the total only.
pub const MIN_SHOWN: u64 = 5;

/// What is known of an election folder.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QualityFigures {
    /// Voters who can be sealed.
    pub voters: u64,
    /// Lines that cannot be used.
    pub rejected_lines: u64,
    /// Each kind of problem that occurs: errors first, the most frequent first.
    pub kinds: Vec<KindFigures>,
}

/// One kind of problem.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindFigures {
    /// Its name in `check --json`.
    pub kind: ProblemKind,
    /// Whether a line can be used all the same.
    pub severity: Severity,
    /// How often it occurs.
    pub count: u64,
    /// In the regencies that have at least [`MIN_SHOWN`], the most frequent first.
    pub regencies: Vec<(String, u64)>,
}

impl QualityFigures {
    /// From what `check` found.
    #[must_use]
    pub fn of(report: &Report, checked: &Checked) -> Self {
        let is_public = |kind: ProblemKind| {
            !matches!(kind, ProblemKind::BadWithheld | ProblemKind::WithheldUnmatched | ProblemKind::WithheldLoosely)
        };
        let by_regency = report.by_regency();
        let counts = report.counts().into_iter().filter(|(kind, _)| is_public(*kind));
        let kinds = counts.map(|(kind, count)| {
            let regencies = by_regency.get(&kind).map(|counts| regencies(counts)).unwrap_or_default();
            KindFigures { kind, severity: kind.severity(), count, regencies }
        });
        Self { voters: checked.voters, rejected_lines: report.rejected(), kinds: kinds.collect() }
    }
}

fn regencies(counts: &BTreeMap<Code, u64>) -> Vec<(String, u64)> {
    let shown = counts.iter().filter(|(_, count)| **count >= MIN_SHOWN);
    let mut shown: Vec<(String, u64)> = shown.map(|(code, count)| (code.to_string(), *count)).collect();
    shown.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    shown
}
