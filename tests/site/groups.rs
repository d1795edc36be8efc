//! Districts that are old, too big or too small: whatever table they end up in, everybody in them is found.

use crate::BILIK;
use bilik::format::{self, Directory, Manifest};
use bilik::lookup::Outcome;
use bilik::{Recipe, Warning};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{Election, MIN_COST, Operator, ask, files, stations};
use std::collections::BTreeSet;

fn directories(operator: &Operator) -> Vec<Directory> {
    files(&operator.site(), "d").iter().map(|(_, bytes)| format::read_unverified(bytes).unwrap()).collect()
}

/// How many voters of the roll vote outside the district of their NIK.
fn movers(operator: &Operator) -> usize {
    operator.roll().iter().filter(|voter| voter.nik[..6] != voter.station[..6]).count()
}

#[test]
fn a_table_split_in_four_answers_every_voter_and_mover() {
    let shape = Shape { cost: MIN_COST, min_voters: 350, max_keys: 2_000, ..Shape::district(4_000, 200) };
    let (operator, _) = Operator::of(BILIK, &shape);
    assert_eq!(operator.build().groups, 1);
    let directories = directories(&operator);
    let home = directories.iter().find(|directory| !directory.routes.is_empty()).unwrap();
    assert_eq!((home.routes.len(), home.tables.len()), (1, 1));
    let [full, near] = [Recipe::Full, Recipe::Near].map(|recipe| home.tables[0].files(recipe).len());
    assert!(full >= 2 && near == 4, "{full} files by full, {near} by near");
    assert!(movers(&operator) > 400);
    operator.everybody_is_found();
}

#[test]
fn five_small_districts_share_a_table_and_lose_nobody() {
    let shape =
        Shape { cost: MIN_COST, min_voters: 2_000, old_codes: false, districts_per_regency: 5, regencies: 1, ..Shape::demo(900) };
    let (operator, _) = Operator::of(BILIK, &shape);
    assert_eq!(operator.build().groups, 1);
    let directories = directories(&operator);
    let home = directories.iter().find(|directory| !directory.routes.is_empty()).unwrap();
    assert_eq!((home.routes.len(), home.tables.len(), home.tables[0].homes.len()), (5, 1, 5));
    assert!(home.routes.iter().all(|route| route.table == 0));
    assert!(movers(&operator) > 80);
    operator.everybody_is_found();
}

#[test]
fn districts_are_merged_across_regencies_where_a_whole_regency_has_too_few() {
    let shape = Shape { cost: MIN_COST, min_voters: 5_000, max_keys: 20_000, ..Shape::demo(900) };
    let (operator, _) = Operator::of(BILIK, &shape);
    assert_eq!(operator.build().groups, 1);
    let nears: BTreeSet<_> =
        directories(&operator).iter().flat_map(|directory| &directory.tables).map(|tables| tables.near.clone()).collect();
    assert_eq!(nears.len(), 1, "one table stands in the directories of all regencies");
    operator.everybody_is_found();
}

#[test]
fn niks_with_codes_of_no_region_of_today_are_found_and_warned_of() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, min_voters: 20, max_keys: 90, ..Shape::demo(2_000) });
    operator.build();
    let manifest: Manifest = format::read_unverified(&files(&operator.site(), "m")[0].1).unwrap();
    assert!(manifest.elsewhere.is_some(), "some prefixes lie in no regency");
    let regions = std::fs::read_to_string(operator.election().join("regions.csv")).unwrap().replace('.', "");
    let regions: BTreeSet<&str> = regions.lines().filter_map(|line| line.split(',').next()).collect();
    let lookup = operator.lookup();
    let (mut old, mut outside) = (0, 0);
    for voter in operator.roll().iter().filter(|voter| !regions.contains(&voter.nik[..6])) {
        let outcome = ask(&lookup, voter.digits(), &voter.name, Some(voter.village()));
        assert!(stations(&outcome).contains(&voter.station.as_str()), "{outcome:?}");
        let (Outcome::Found { answered, .. } | Outcome::Ambiguous { answered, .. }) = outcome else { unreachable!() };
        assert!(answered.warnings.contains(&Warning::UnknownDistrict), "{answered:?}");
        old += 1;
        outside += u32::from(!regions.contains(&voter.nik[..4]));
    }
    assert!(old > 50 && outside > 10, "{old} old codes, {outside} of them in no regency");
    operator.everybody_is_found();
}

const STATIONS: &[&str] = &["3901012001001", "3901012002001", "3901022001001"];

#[test]
fn the_village_on_the_card_is_the_one_that_near_wants_where_it_is_not_the_stations() {
    let voters = "3901011201900001,Budi Santoso,3901012001001,3901022001\n3901011301900001,Dewi,3901012001001,39.01.01.2002\n";
    let operator = Election::of_stations(STATIONS).voters(voters).settings("[tables]\nmin_voters = 1\n").operator(BILIK);
    operator.build();
    let near = |digits, name, village| {
        let outcome = ask(&operator.lookup(), digits, name, Some(village));
        if let Outcome::Found { by, .. } = &outcome {
            assert_eq!(*by, Recipe::Near);
        }
        stations(&outcome).len()
    };
    assert_eq!(near("390101120190", "Budi", "3901022001"), 1);
    assert_eq!(near("390101120190", "Budi", "3901012001"), 0);
    assert_eq!(near("390101130190", "Dewi", "3901012002"), 1);
    assert_eq!(near("390101130190", "Dewi", "3901012001"), 0);
    operator.everybody_is_found();
}

#[test]
fn withheld_voters_are_found_by_nobody_and_all_others_are() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(1_000) });
    let roll = operator.roll();
    let is_withheld = |line: usize| line % 50 == 7;
    let mut withheld = String::from("nik,name\n");
    for (line, voter) in roll.iter().enumerate().filter(|(line, _)| is_withheld(*line)) {
        // By a whole NIK, or by 12 digits and the name, in another case.
        let entry = if line % 100 == 7 {
            format!("{},\n", voter.nik)
        } else {
            format!("{},\"{}\"\n", voter.digits(), voter.name.to_lowercase())
        };
        withheld += &entry;
    }
    std::fs::write(operator.election().join("withheld.csv"), withheld).unwrap();
    let built = operator.build();
    assert_eq!((built.voters, built.withheld), (980, 20));
    let lookup = operator.lookup();
    for voter in roll.iter().enumerate().filter(|(line, _)| is_withheld(*line)).map(|(_, voter)| voter) {
        for name in [voter.name.as_str(), voter.name.split(' ').next().unwrap()] {
            let outcome = ask(&lookup, voter.digits(), name, Some(voter.village()));
            assert!(stations(&outcome).is_empty(), "{outcome:?}");
        }
    }
    operator.everybody_is_found();
}
