//! A search derives as many keys whether it finds somebody or not: its time and its load tell nobody.

use crate::BILIK;
use bilik::Recipe;
use bilik::lookup::{Cancelled, Lookup, Observer, Outcome, Progress, Question};
use bilik_publish::source::Site;
use bilik_testkit::{Election, Operator};
use std::cell::RefCell;

const VILLAGE: &str = "3901012001";
/// 2^4 for the whole name.
const FULL: u32 = 16;
/// 2^6 for each of the first and the last word.
const NEAR: u32 = 64;

type Expected<'a> = &'a dyn Fn(&Outcome) -> bool;

/// Counts derivations.
#[derive(Default)]
struct Counter(RefCell<Vec<Progress>>);

impl Observer for Counter {
    fn step(&self, progress: Progress) -> Result<(), Cancelled> {
        if progress.step == "derive" {
            self.0.borrow_mut().push(progress);
        }
        Ok(())
    }
}

/// The outcome, and the number of derivations.
fn count(lookup: &Lookup<Site>, digits: &str, name: &str, village: Option<&str>) -> (Outcome, u32) {
    let question = Question {
        nik: Some(digits.to_owned()),
        name: Some(name.to_owned()),
        village: village.map(str::to_owned),
        ..Question::default()
    };
    let counter = Counter::default();
    let outcome = pollster::block_on(lookup.ask(&question, &counter)).unwrap();
    let steps = counter.0.into_inner();
    for (at, step) in (0..).zip(&steps) {
        assert_eq!((step.done, step.of), (at, u32::try_from(steps.len()).unwrap()), "each is told, and how many there will be");
    }
    (outcome, u32::try_from(steps.len()).unwrap())
}

/// Alternatives for other digits: what was found, and the number of derivations.
fn count_alternatives(lookup: &Lookup<Site>, name: &str, niks: &[&str]) -> (usize, usize) {
    let counter = Counter::default();
    let niks: Vec<String> = niks.iter().map(|&nik| nik.to_owned()).collect();
    let found = pollster::block_on(lookup.alternatives(name, &niks, &counter)).unwrap();
    (found.len(), counter.0.into_inner().len())
}

/// Who is found in what way, with the pepper of a real election.
fn site() -> Operator {
    let election = Election::of_stations(&["3901012001001", "3901012001002", "3901012002001"]);
    let election = election.settings("[tables]\nmin_voters = 1\n").voters(
        "3901011201900001,Bambang Purnomo,3901012001001,\n\
         3901011201900002,Wahyudi Kartono,3901012001001,\n\
         3901011301900001,Bambang Suprapto,3901012001001,\n\
         3901011301900002,Ratnawati Kartono,3901012001002,\n\
         3901011401900001,Suharti,3901012001001,\n\
         3901011501900001,Lestari Handayani,3901012001001,\n\
         3901011501900002,Lestari Handayani,3901012001002,\n",
    );
    let operator = election.operator(BILIK);
    operator.build();
    operator
}

#[test]
fn a_search_derives_as_many_keys_whether_it_finds_or_not() {
    let operator = site();
    let lookup = operator.lookup();
    let found = |outcome: &Outcome, wanted: Recipe| matches!(outcome, Outcome::Found { by, .. } if *by == wanted);
    let is_ambiguous = |outcome: &Outcome| matches!(outcome, Outcome::Ambiguous { stations, .. } if stations.len() == 2);
    let is_missed = |outcome: &Outcome| matches!(outcome, Outcome::NotFound { .. });
    let by_full: Expected<'_> = &|outcome| found(outcome, Recipe::Full);
    let by_near: Expected<'_> = &|outcome| found(outcome, Recipe::Near);

    let two_words: [(&str, &str, &str, Expected<'_>); 7] = [
        ("by the whole name", "390101120190", "Bambang Purnomo", by_full),
        ("by the first word", "390101120190", "Bambang Takada", by_near),
        ("by the last word", "390101120190", "Takada Kartono", by_near),
        ("two hits of the whole name", "390101150190", "Lestari Handayani", &is_ambiguous),
        ("two hits of two words", "390101130190", "Bambang Kartono", &is_ambiguous),
        ("not at all", "390101120190", "Takada Siapapun", &is_missed),
        ("not at all, other digits", "390101110190", "Takada Siapapun", &is_missed),
    ];
    for (how, digits, name, is_expected) in two_words {
        let (outcome, derived) = count(&lookup, digits, name, Some(VILLAGE));
        assert!(is_expected(&outcome), "{how}: {outcome:?}");
        assert_eq!(derived, FULL + 2 * NEAR, "{how}");
    }
    for (how, name, is_expected) in [("found", "Suharti", by_near), ("not found", "Takada", &is_missed)] {
        let (outcome, derived) = count(&lookup, "390101140190", name, Some(VILLAGE));
        assert!(is_expected(&outcome), "one word, {how}: {outcome:?}");
        assert_eq!(derived, FULL + NEAR, "one word, {how}");
    }
    let is_asked: Expected<'_> = &|outcome| matches!(outcome, Outcome::VillageNeeded { .. });
    for (how, name, is_expected) in [("found", "Bambang Purnomo", by_full), ("not found", "Takada Siapapun", is_asked)] {
        let (outcome, derived) = count(&lookup, "390101120190", name, None);
        assert!(is_expected(&outcome), "without a village, {how}: {outcome:?}");
        assert_eq!(derived, FULL, "without a village, {how}");
        let (outcome, derived) = count(&lookup, "390101120190", name, Some(VILLAGE));
        assert_eq!(matches!(outcome, Outcome::Found { .. }), how == "found", "the same with a village: {outcome:?}");
        assert_eq!(derived, 2 * NEAR, "the same with a village, {how}");
    }
}

#[test]
fn so_does_the_search_for_slips_in_the_digits() {
    let operator = site();
    let lookup = operator.lookup();
    // The table is there only after a question; this one has no key in common.
    count(&lookup, "390101120190", "Contoh Lain", None);
    let others = ["390101120190", "390101210190", "390101110190"];
    assert_eq!(count_alternatives(&lookup, "Bambang Purnomo", &others), (1, 3 * 16));
    assert_eq!(count_alternatives(&lookup, "Takada Siapapun", &others), (0, 3 * 16));
}
