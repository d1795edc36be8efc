//! A build after another one costs what changed, and tells a stranger little about it.

use crate::{BILIK, bilik};
use bilik_cli::synthetic::Shape;
use bilik_publish::verify::RollSample;
use bilik_testkit::{Line, MIN_COST, Operator, files, mode};
use std::collections::BTreeSet;
use std::fs;

/// Groups that did not change but are sealed again with those that did.
const DECOYS: usize = 32;

/// 50 districts of some 400 voters each, most of which are a group of their own.
fn operator() -> Operator {
    let shape = Shape {
        regencies: 10,
        districts_per_regency: 5,
        villages_per_district: 2,
        old_codes: false,
        min_voters: 100,
        cost: MIN_COST,
        ..Shape::demo(20_000)
    };
    Operator::of(BILIK, &shape).0
}

/// The paths of the files of some kinds.
fn paths(operator: &Operator, kinds: &[&str]) -> BTreeSet<String> {
    kinds.iter().flat_map(|kind| files(&operator.site(), kind)).map(|(path, _)| path).collect()
}

fn edit(operator: &Operator, file: &str, change: impl FnOnce(&str) -> String) {
    let path = operator.election().join(file);
    let changed = change(&fs::read_to_string(&path).unwrap());
    fs::write(path, changed).unwrap();
}

/// Moves a voter with whom nobody shares a key to another station of the same village: nothing but the station changes.
fn move_one(operator: &Operator) {
    let roll = operator.roll();
    let is_alone = |line: &Line| roll.iter().filter(|other| other.digits() == line.digits()).count() == 1;
    let other_station = |line: &Line| {
        let is_other = |other: &&Line| other.station != line.station && other.station[..10] == line.station[..10];
        roll.iter().find(is_other).map(|other| other.station.clone())
    };
    let is_at_home = |line: &&Line| line.nik[..6] == line.station[..6] && line.name.split(' ').count() > 2;
    let with_station = |line: &Line| Some((line.clone(), other_station(line).filter(|_| is_alone(line))?));
    let (one, to) = roll.iter().filter(is_at_home).find_map(with_station).unwrap();
    edit(operator, "voters.csv", |text| {
        let moved = |line: &str| if line.starts_with(&one.nik) { line.replacen(&one.station, &to, 1) } else { line.to_owned() };
        text.lines().map(|line| moved(line) + "\n").collect()
    });
}

/// Asks for some voters by all of their keys.
#[track_caller]
fn some_are_found(operator: &Operator) {
    let voters = operator.ask_for(RollSample::Count(300));
    assert!(voters.is_right() && voters.asked == 300, "{voters:?}");
}

#[test]
fn one_voter_changes_one_group_and_decoys_hide_which() {
    let operator = operator();
    let first = operator.build();
    assert_eq!((first.taken_over, mode(&operator.election().join("reuse.json"))), (0, 0o600));
    let before = paths(&operator, &["t", "d", "s", "n", "m", "p"]);
    move_one(&operator);
    let built = operator.build_again();
    let sealed = first.groups - built.taken_over;
    assert!((DECOYS..=DECOYS + 1).contains(&sealed), "{sealed}: the group that changed may have been chosen as a decoy");
    operator.everybody_is_found();
    let after = paths(&operator, &["t", "d", "s", "n", "m", "p"]);
    let new: Vec<&String> = after.difference(&before).collect();
    let count = |kind: &str| new.iter().filter(|path| path.starts_with(kind)).count();
    assert_eq!((count("s/"), count("n/"), count("m/")), (0, 0, 1));
    assert!((1..=count("d/")).contains(&count("p/")), "the parts of the manifest with these directories");
    assert!((1..=10).contains(&count("d/")), "directories of the groups that were sealed");
    // A group has a file by each recipe here.
    assert_eq!(count("t/"), 2 * sealed);
}

/// The labels of the tables of some files.
fn labels(operator: &Operator, paths: &BTreeSet<String>) -> BTreeSet<String> {
    let label = |path: &String| {
        let shown = bilik(&[&"inspect", &operator.site().join(path)]).exits_with(0).json();
        shown["file"]["label"].as_str().unwrap().to_owned()
    };
    paths.iter().map(label).collect()
}

#[test]
fn decoys_are_other_groups_each_time() {
    let operator = operator();
    operator.build();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let before = paths(&operator, &["t"]);
        move_one(&operator);
        operator.build_again();
        seen.push(labels(&operator, &(&paths(&operator, &["t"]) - &before)));
    }
    assert!(seen[0].len() >= DECOYS && seen[0] != seen[1], "{seen:?}");
}

#[test]
fn a_station_that_is_added_changes_no_table_and_one_that_goes_only_those_of_its_voters() {
    let operator = operator();
    let first = operator.build();
    let (tables, directories) = (paths(&operator, &["t"]), paths(&operator, &["d"]));
    let (village, new) = {
        let station = &operator.roll()[0].station;
        (station[..10].to_owned(), format!("{}900", &station[..10]))
    };
    edit(&operator, "stations.csv", |text| format!("{text}{new},{village},900,Balai Contoh,Jl. Contoh,,\n"));
    let built = operator.build_again();
    assert_eq!((built.taken_over, built.stations), (first.groups, first.stations + 1));
    assert_eq!(paths(&operator, &["t"]), tables, "no table");
    assert_eq!((&paths(&operator, &["d"]) - &directories).len(), 1, "its directory");
    some_are_found(&operator);
    // All voters of a station go to the new one, and the old one is gone: its voters may live in several districts.
    let old = operator.roll().into_iter().map(|line| line.station).find(|station| station[..10] == village).unwrap();
    edit(&operator, "voters.csv", |text| {
        text.replace(&format!(",{old},"), &format!(",{new},")).replace(&format!(",{old}\n"), &format!(",{new}\n"))
    });
    edit(&operator, "stations.csv", |text| {
        text.lines().filter(|line| !line.starts_with(&format!("{old},"))).fold(String::new(), |text, line| text + line + "\n")
    });
    let built = operator.build_again();
    assert!(built.taken_over > 0 && built.stations == first.stations, "{built:?}");
    operator.everybody_is_found();
    operator.run_verify(&[]).exits_with(0);
    // Another takes its place.
    edit(&operator, "stations.csv", |text| format!("{text}{village}901,{village},901,Balai Contoh,Jl. Contoh,,\n"));
    assert_eq!(operator.build_again().taken_over, built.groups);
    some_are_found(&operator);
}

#[test]
fn nothing_changed_means_that_no_table_is_sealed() {
    let operator = operator();
    let first = operator.build();
    let tables = paths(&operator, &["t"]);
    let built = operator.build_again();
    assert_eq!((built.taken_over, paths(&operator, &["t"])), (first.groups, tables.clone()));
    assert!(built.serial > first.serial);
    let again = operator.run_build(&[&"--fresh"]).exits_with(0);
    assert!(!again.out.contains("taken over"));
    assert!(paths(&operator, &["t"]).intersection(&tables).count() == tables.len(), "earlier files stay");
    assert_eq!(paths(&operator, &["t"]).len(), 2 * tables.len());
}

#[test]
fn another_cost_or_another_election_seals_all_again() {
    let operator = operator();
    operator.build_again();
    edit(&operator, "election.toml", |text| text.replace("memory_kib = 8", "memory_kib = 9"));
    assert_eq!(operator.build_again().taken_over, 0);
    some_are_found(&operator);
    let kept = operator.election().join("reuse.json");
    let text = fs::read_to_string(&kept).unwrap();
    for bad in [&text[..text.len() / 2], "", "{}", "[]", "\u{0}"] {
        fs::write(&kept, bad).unwrap();
        let refused = operator.run_build(&[]).exits_with(2);
        assert!(refused.err.contains("reuse.json") && refused.err.contains("Fix: remove the file"), "{}", refused.err);
    }
    fs::write(&kept, text.replace(r#""election":""#, r#""election":"x"#)).unwrap();
    assert_eq!(operator.build_again().taken_over, 0, "kept by another election");
}

#[test]
fn a_table_that_is_gone_or_damaged_is_sealed_again() {
    let operator = operator();
    let first = operator.build();
    let tables = files(&operator.site(), "t");
    let [gone, damaged] = [0, tables.len() - 1].map(|at| operator.site().join(&tables[at].0));
    fs::remove_file(&gone).unwrap();
    // Of the right length: its digest tells.
    let mut bytes = fs::read(&damaged).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&damaged, bytes).unwrap();
    let built = operator.build_again();
    // The two files are of two groups, or of one; and decoys hide which.
    assert!((DECOYS + 1..=DECOYS + 2).contains(&(first.groups - built.taken_over)), "{}", built.taken_over);
    operator.run_verify(&[]).exits_with(0);
    some_are_found(&operator);
}

#[test]
fn a_table_that_is_damaged_after_the_plan_is_refused_by_name() {
    let operator = operator();
    operator.build();
    let (work, election, site, key) = (operator.path().join("W"), operator.election(), operator.site(), operator.key());
    bilik(&[&"plan", &election, &"--work", &work, &"--reuse", &site]).exits_with(0);
    let table = files(&site, "t")[0].0.clone();
    fs::write(site.join(&table), "x").unwrap();
    let refused = bilik(&[&"assemble", &work, &"--key", &key, &"--out", &site]).exits_with(2);
    assert!(refused.err.contains(&table) && refused.err.contains("gone or changed since the plan"), "{}", refused.err);
}

#[test]
fn a_plan_is_gone_on_with_as_it_was_made() {
    let operator = operator();
    let (work, election, site) = (operator.path().join("W"), operator.election(), operator.site());
    let plan = |more: &[&dyn AsRef<std::ffi::OsStr>]| {
        let args: [&dyn AsRef<std::ffi::OsStr>; 4] = [&"plan", &election, &"--work", &work];
        bilik(&[&args, more].concat())
    };
    let nothing = plan(&[&"--reuse", &site]).exits_with(2);
    assert!(nothing.err.contains("not a site: it has no head.bilik. Fix: "), "{}", nothing.err);
    operator.build();
    let kept = operator.election().join("reuse.json");
    let text = fs::read(&kept).unwrap();
    fs::remove_file(&kept).unwrap();
    let nothing = plan(&[&"--reuse", &site]).exits_with(2);
    assert!(nothing.err.contains("has no reuse.json"), "{}", nothing.err);
    fs::write(&kept, text).unwrap();
    plan(&[]).exits_with(0);
    let otherwise = plan(&[&"--reuse", &site]).exits_with(2);
    assert!(otherwise.err.contains("a plan that takes over none, and this run would take over those of"), "{}", otherwise.err);
    let otherwise = operator.run_build(&[&"--work", &work]).exits_with(2);
    assert!(otherwise.err.contains("Fix: remove the work folder, or run as before"), "{}", otherwise.err);
    operator.run_build(&[&"--work", &work, &"--fresh"]).exits_with(0);
}

#[test]
fn parts_are_made_of_what_changed() {
    let operator = operator();
    let first = operator.build();
    move_one(&operator);
    let (work, election, site, key) = (operator.path().join("W"), operator.election(), operator.site(), operator.key());
    let planned = bilik(&[&"plan", &election, &"--work", &work, &"--reuse", &site]).exits_with(0);
    let with = |sealed: usize| format!("taken over: {}; sealed: {sealed}", first.groups - sealed);
    assert!([DECOYS, DECOYS + 1].iter().any(|sealed| planned.out.contains(&with(*sealed))), "{}", planned.out);
    let parts = planned.out.split_once("parts 1 to ").unwrap().1.split_once(';').unwrap().0.parse::<usize>().unwrap();
    assert_eq!(parts, 2, "decoys, and what changed");
    for part in 1..=parts {
        bilik(&[&"seal", &work, &"--part", &part.to_string()]).exits_with(0);
    }
    bilik(&[&"assemble", &work, &"--key", &key, &"--out", &site]).exits_with(0);
    some_are_found(&operator);
    // And where nothing changed there is nothing to seal.
    let planned = bilik(&[&"plan", &election, &"--work", &work, &"--reuse", &site]).exits_with(0);
    assert!(planned.out.contains("no part has to be sealed"), "{}", planned.out);
    bilik(&[&"assemble", &work, &"--key", &key, &"--out", &site]).exits_with(0);
    some_are_found(&operator);
}
