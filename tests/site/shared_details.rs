//! Voters whom their details do not tell apart: all of their stations come back, and never one too few.

use crate::{BILIK, bilik};
use bilik::Recipe;
use bilik::lookup::Outcome;
use bilik_testkit::{Election, Operator, ask, stations};

/// Two districts; the first has two villages.
const STATIONS: &[&str] =
    &["3901012001001", "3901012001002", "3901012001003", "3901012001004", "3901012002001", "3901022001001", "3901022001002"];
const ONE_TABLE_EACH: &str = "[tables]\nmin_voters = 1\n";

fn operator(voters: &str) -> Operator {
    Election::of_stations(STATIONS).voters(voters).settings(ONE_TABLE_EACH).operator(BILIK)
}

/// The stations that a question gets by a recipe, in order.
#[track_caller]
fn answer(operator: &Operator, digits: &str, name: &str, village: Option<&str>, recipe: Recipe) -> Vec<String> {
    let outcome = ask(&operator.lookup(), digits, name, village);
    if let Outcome::Found { by, .. } | Outcome::Ambiguous { by, .. } = &outcome {
        assert_eq!(*by, recipe);
    }
    let mut found: Vec<String> = stations(&outcome).into_iter().map(str::to_owned).collect();
    assert_eq!(matches!(outcome, Outcome::Ambiguous { .. }), found.len() > 1, "{outcome:?}");
    found.sort_unstable();
    found
}

#[test]
fn two_voters_with_the_same_digits_and_name_are_both_shown_by_full_and_by_near() {
    let operator = operator(
        "3901011201900001,Budi Santoso,3901012001001,\n\
         3901011201900002,BUDI SANTOSO,3901012001003,\n\
         3901011301900001,Dewi Lestari,3901012001002,\n",
    );
    operator.build();
    let both = ["3901012001001", "3901012001003"];
    assert_eq!(answer(&operator, "390101120190", "Budi Santoso", None, Recipe::Full), both);
    assert_eq!(answer(&operator, "390101120190", "Budi", Some("3901012001"), Recipe::Near), both);
    assert_eq!(answer(&operator, "390101130190", "Dewi Lestari", None, Recipe::Full), ["3901012001002"]);
    assert_eq!(operator.everybody_is_found().ambiguous, 2);
}

#[test]
fn by_near_the_village_tells_them_apart_where_it_differs() {
    let operator = operator(
        "3901011201900001,Budi Santoso,3901012001001,\n\
         3901011201900002,Budi Santoso,3901012002001,\n\
         3901011201900003,Budi Wijaya,3901012002001,\n",
    );
    operator.build();
    assert_eq!(answer(&operator, "390101120190", "Budi Santoso", None, Recipe::Full), ["3901012001001", "3901012002001"]);
    assert_eq!(answer(&operator, "390101120190", "Budi", Some("3901012001"), Recipe::Near), ["3901012001001"]);
    // Two voters, one station: that is one answer.
    assert_eq!(answer(&operator, "390101120190", "Budi", Some("3901012002"), Recipe::Near), ["3901012002001"]);
    operator.everybody_is_found();
}

#[test]
fn three_stations_are_shown_too_wherever_they_lie() {
    let operator = operator(
        "3901011201900001,Budi Santoso,3901012001004,\n\
         3901011201900002,Budi Santoso,3901022001002,3901012001\n\
         3901011201900003,Budi Santoso,3901012001001,\n\
         3901021201900001,Joko Wijaya,3901022001001,\n",
    );
    operator.build();
    let all = ["3901012001001", "3901012001004", "3901022001002"];
    assert_eq!(answer(&operator, "390101120190", "Budi Santoso", None, Recipe::Full), all);
    assert_eq!(answer(&operator, "390101120190", "Budi", Some("3901012001"), Recipe::Near), all);
    assert_eq!(operator.everybody_is_found().ambiguous, 3);
}

#[test]
fn different_names_that_near_does_not_tell_apart_are_shown_together_by_near_alone() {
    let operator = operator(
        "3901011201900001,Budi Santoso,3901012001001,\n\
         3901011201900002,Budi Wijaya,3901012001002,\n\
         3901011201900003,Budi,3901012001003,\n",
    );
    operator.build();
    assert_eq!(answer(&operator, "390101120190", "Budi Santoso", Some("3901012001"), Recipe::Full), ["3901012001001"]);
    let all = ["3901012001001", "3901012001002", "3901012001003"];
    assert_eq!(answer(&operator, "390101120190", "Budi", Some("3901012001"), Recipe::Near), all);
    operator.everybody_is_found();
}

#[test]
fn a_fourth_station_for_the_same_details_is_refused_and_the_first_three_stay() {
    for (names, column) in [(["Budi Santoso"; 4], "name"), (["Budi A", "Budi B", "Budi C", "Budi D"], "first name")] {
        let lines: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(n, name)| format!("390101120190000{},{name},390101200100{},\n", n + 1, n + 1))
            .collect();
        let operator = operator(&lines.concat());
        let checked = bilik(&[&"check", &operator.election(), &"--json"]).exits_with(1).json();
        assert_eq!(checked["counts"]["crowded_key"], 1, "{column}: {checked:#}");
        assert_eq!((&checked["problems"][0]["line"], &checked["rejected"]), (&5.into(), &1.into()), "{checked:#}");
        let refused = operator.run_build(&[]).exits_with(1);
        assert!(refused.err.contains("crowded_key") && !operator.site().exists(), "{}", refused.printed());
        operator.run_build(&[&"--allow-rejects", &"1"]).exits_with(0);
        let three = ["3901012001001", "3901012001002", "3901012001003"];
        assert_eq!(answer(&operator, "390101120190", "Budi", Some("3901012001"), Recipe::Near), three);
        assert_eq!(operator.everybody_is_found().right, 3);
    }
}
