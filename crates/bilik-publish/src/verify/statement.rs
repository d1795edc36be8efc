//! What asking a sample came to, in one sentence that an office can publish.

use super::odds::{one_in, wrong_at_most};
use super::voter_report::VoterReport;
use indicatif::HumanCount;
use serde::{Deserialize, Serialize};

/// The sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// English.
    pub en: String,
    /// Indonesian.
    pub id: String,
}

impl Statement {
    /// Of a report. It says no more than the sample allows: the exact upper bound, with 95 % confidence.
    #[must_use]
    pub fn of(report: &VoterReport) -> Self {
        let asked = if report.asked == report.voters { everybody(report) } else { sample(report) };
        let failed = report.failed;
        if failed == 0 {
            return asked;
        }
        Self {
            en: format!("{} For {} of all voters the site lacks a table or their station.", asked.en, english(failed)),
            id: format!("{} Bagi {} dari semua pemilih, tabel atau TPS-nya tidak ada di situs.", asked.id, indonesian(failed)),
        }
    }
}

fn everybody(report: &VoterReport) -> Statement {
    let (voters, wrong, part) = (report.voters, report.wrong(), part(report));
    let found = if wrong == 0 {
        Statement { en: ", and all are led to the right station".into(), id: ", dan semuanya mendapat TPS yang benar".into() }
    } else {
        Statement {
            en: format!(": {} are not led to the right station", english(wrong)),
            id: format!(": {} tidak mendapat TPS yang benar", indonesian(wrong)),
        }
    };
    Statement {
        en: format!("All {} voters{} were asked{}.", english(voters), part.en, found.en),
        id: format!("Semua {} pemilih{} ditanyakan{}.", indonesian(voters), part.id, found.id),
    }
}

fn sample(report: &VoterReport) -> Statement {
    let (voters, asked, wrong, part) = (report.voters, report.asked, report.wrong(), part(report));
    let found = if wrong == 0 {
        Statement { en: "all right".into(), id: "semuanya benar".into() }
    } else {
        Statement { en: format!("{} wrong", english(wrong)), id: format!("{} salah", indonesian(wrong)) }
    };
    let bound = match one_in(wrong_at_most(asked, wrong)) {
        Some(one_in) => Statement {
            en: format!("fewer than 1 in {} wrong with 95 % confidence", english(one_in)),
            id: format!("dengan tingkat kepercayaan 95 %, yang salah kurang dari 1 di antara {} pemilih", indonesian(one_in)),
        },
        None => Statement {
            en: "that says nothing about the others".into(),
            id: "ini tidak mengatakan apa pun tentang pemilih lain".into(),
        },
    };
    let (all, few) = (english(voters), english(asked));
    let en = format!("Of {all} voters{} {few} were drawn at random and asked, {}: {}.", part.en, found.en, bound.en);
    let (all, few) = (indonesian(voters), indonesian(asked));
    let id = format!("Dari {all} pemilih{}, {few} dipilih secara acak dan ditanyakan, {}: {}.", part.id, found.id, bound.id);
    Statement { en, id }
}

fn part(report: &VoterReport) -> Statement {
    if report.part.is_whole() {
        return Statement { en: String::new(), id: String::new() };
    }
    let (number, of) = (report.part.number, report.part.of);
    Statement { en: format!(" in part {number} of {of}"), id: format!(" di bagian {number} dari {of}") }
}

fn english(count: u64) -> String {
    HumanCount(count).to_string()
}

fn indonesian(count: u64) -> String {
    english(count).replace(',', ".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::RollPart;

    fn of(voters: u64, asked: u64, wrong: u64) -> Statement {
        Statement::of(&VoterReport { voters, asked, right: asked - wrong, ..VoterReport::default() })
    }

    #[test]
    fn the_sentence_says_what_the_sample_allows() {
        let country = of(204_807_222, 400_000, 0);
        assert_eq!(
            country.en,
            "Of 204,807,222 voters 400,000 were drawn at random and asked, all right: fewer than 1 in 133,000 wrong with 95 % \
             confidence."
        );
        assert_eq!(
            country.id,
            "Dari 204.807.222 pemilih, 400.000 dipilih secara acak dan ditanyakan, semuanya benar: dengan tingkat kepercayaan 95 %, yang \
             salah kurang dari 1 di antara 133.000 pemilih."
        );
        assert!(of(1_000_000, 400_000, 3).en.ends_with("3 wrong: fewer than 1 in 51,500 wrong with 95 % confidence."));
        assert!(of(100, 2, 2).en.ends_with("2 wrong: that says nothing about the others."));
        assert_eq!(of(28_000, 28_000, 0).en, "All 28,000 voters were asked, and all are led to the right station.");
        assert_eq!(of(28_000, 28_000, 2).id, "Semua 28.000 pemilih ditanyakan: 2 tidak mendapat TPS yang benar.");
        let part = VoterReport {
            part: RollPart { number: 3, of: 16 },
            voters: 9,
            asked: 9,
            right: 9,
            failed: 1,
            ..VoterReport::default()
        };
        assert_eq!(
            Statement::of(&part).en,
            "All 9 voters in part 3 of 16 were asked, and all are led to the right station. For 1 of all voters the site lacks a \
             table or their station."
        );
    }
}
