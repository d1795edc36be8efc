//! `verify --roll`: what it finds of a site and a roll that disagree, what it says of a sample, and what it costs.

use crate::{BILIK, bilik, small};
use bilik_cli::synthetic::Shape;
use bilik_publish::verify::{KeysOf, RollPart, RollSample, VoterReport, WrongReason};
use bilik_testkit::{MIN_COST, Operator};
use std::fs;

/// The roll changes after the build.
fn change_roll(operator: &Operator, change: impl FnOnce(String) -> String) {
    let path = operator.election().join("voters.csv");
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(changed, text);
    fs::write(path, changed).unwrap();
}

fn wrong(report: &VoterReport) -> Vec<(u64, WrongReason)> {
    report.wrong_lines.iter().map(|wrong| (wrong.line, wrong.reason)).collect()
}

#[test]
fn a_usual_sample_is_drawn_anew_each_time_and_the_sentence_says_what_it_allows() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(2_000) });
    operator.build();
    let verified = operator.run_verify(&[&"--roll", &operator.election(), &"--json"]).exits_with(0).json();
    let roll = &verified["roll"];
    let counts = ["voters", "asked", "right", "failed", "lookedUp", "lookedUpRight", "differingTables"].map(|name| &roll[name]);
    assert_eq!(counts.map(|count| count.as_u64().unwrap()), [2_000, 300, 300, 0, 20, 20, 0], "{roll:#}");
    assert!(roll["byFull"].as_u64().unwrap() > 130 && roll["byNear"] == 300, "{roll:#}");
    let said = "Of 2,000 voters 300 were drawn at random and asked, all right: fewer than 1 in 100 wrong with 95 % confidence.";
    assert_eq!(roll["statement"]["en"], said);
    let printed = operator.run_verify(&[&"--roll", &operator.election(), &"--sample", &"50"]).exits_with(0).out;
    assert!(printed.contains("fewer than 1 in 17 wrong") && printed.contains("50 of 50 asked right"), "{printed}");
    assert!(printed.contains("2,000 of 2,000 checked without asking"), "{printed}");
    // Whom it asks depends on nothing but chance.
    let derivations: Vec<u64> = (0..4).map(|_| operator.ask_for(RollSample::Count(50)).derivations).collect();
    assert!(derivations.iter().any(|count| *count != derivations[0]), "{derivations:?}");
}

#[test]
fn a_wrong_station_is_found_when_everybody_is_asked() {
    let operator = small();
    let all = operator.everybody_is_found();
    assert_eq!((all.voters, all.looked_up, all.looked_up_right), (5, 5, 5));
    assert_eq!((all.by_full, all.by_near), (4, 5), "Siti Aminah has one word that tells people apart");
    // Two stations of one district: no count can tell.
    change_roll(&operator, |roll| roll.replace("Siti Aminah,3901012002001", "Siti Aminah,3901012001002,3901012002"));
    change_roll(&operator, |roll| roll.replace("Budi Santoso,3901012001001,", "Budi Santoso,3901012001002,"));
    let found = operator.ask_for(RollSample::All);
    assert_eq!((found.failed, found.differing_tables, found.wrong()), (0, 0, 2), "{found:?}");
    assert_eq!(wrong(&found).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5]);
    let verify = operator.run_verify(&[&"--roll", &operator.election(), &"--all"]).exits_with(1);
    let said = "All 5 voters were asked: 2 are not led to the right station.";
    assert!(verify.out.contains(said) && verify.out.contains("WRONG voters.csv, line 2: the table by "), "{}", verify.out);
    assert!(!verify.printed().contains("Budi") && !verify.printed().contains("390101120190"), "{}", verify.printed());
}

#[test]
fn a_missing_table_file_is_found_without_a_derivation() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(2_000) });
    operator.build();
    let table = fs::read_dir(operator.site().join("t")).unwrap().next().unwrap().unwrap();
    fs::remove_file(table.path()).unwrap();
    let found = operator.ask_for(RollSample::Count(1));
    assert!(found.failed > 50 && found.problems.len() == 1, "{found:?}");
    assert!(wrong(&found).iter().all(|(_, reason)| *reason == WrongReason::NoFile), "{found:?}");
    let verify = operator.run_verify(&[&"--roll", &operator.election()]).exits_with(1);
    assert!(verify.out.contains("REFUSED t/") && verify.out.contains("The roll was not checked"), "{}", verify.out);
}

#[test]
fn voters_in_no_table_are_found_without_asking_them() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, min_voters: 350, ..Shape::district(1_000, 40) });
    operator.build();
    let station = operator.roll()[0].station.clone();
    let of_roll = fs::read_to_string(operator.election().join("voters.csv")).unwrap();
    let prefix = operator.roll()[0].nik[..6].to_owned();
    let columns = of_roll.lines().next().unwrap().split(',').count();
    let line = |nik: String, name: &str| format!("{nik},{name},{station}{}\n", ",".repeat(columns - 3));
    // Six digits that nobody had: there is no table for them.
    fs::write(operator.election().join("voters.csv"), of_roll.clone() + &line("3909990101900001".into(), "Contoh Baru")).unwrap();
    let found = operator.ask_for(RollSample::Count(1));
    assert_eq!((found.failed, wrong(&found)), (1, vec![(1_002, WrongReason::NoTable)]), "{found:?}");
    // New voters of a district that has tables: these have too few keys.
    let new = (10..30).map(|day| line(format!("{prefix}{day}01900001"), "Contoh Baru")).collect::<String>();
    fs::write(operator.election().join("voters.csv"), of_roll.clone() + &new).unwrap();
    let found = operator.ask_for(RollSample::Count(1));
    assert!(found.failed == 0 && found.differing_tables > 0 && !found.is_right(), "{found:?}");
    assert!(found.tables.iter().all(|table| table.keys == KeysOf::All && table.found.unwrap() < table.expected), "{found:?}");
    let said = operator.run_verify(&[&"--roll", &operator.election()]).exits_with(1).out;
    assert!(said.contains("were built from another roll than this one"), "{said}");
    // Voters who left the roll: the tables have too many.
    let fewer: Vec<&str> = of_roll.lines().take(900).collect();
    fs::write(operator.election().join("voters.csv"), fewer.join("\n")).unwrap();
    let found = operator.ask_for(RollSample::Count(1));
    assert!(found.tables.iter().any(|table| table.found.unwrap() > table.expected), "{found:?}");
}

#[test]
fn a_station_that_no_table_can_lead_to_is_found_without_asking() {
    let operator = small();
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    let line = text.lines().nth(1).unwrap();
    let (id, rest) = line.split_once(',').unwrap();
    // A list has room for two more, to which later tables may lead.
    let line = |number: u8| format!("{}{number},{rest}\n", &id[..id.len() - 2]).replacen(",1,", &format!(",{number},"), 1);
    fs::write(&stations, text.clone() + &[77, 78, 79].map(line).concat()).unwrap();
    let new = format!("{}79", &id[..id.len() - 2]);
    change_roll(&operator, |roll| roll.replace("Budi Santoso,3901012001001,", &format!("Budi Santoso,{new},3901012001")));
    let found = operator.ask_for(RollSample::Count(1));
    assert_eq!((found.failed, wrong(&found)[0]), (1, (2, WrongReason::NoStation)), "{found:?}");
    // A patch adds it, but its voter is not sealed to it.
    bilik(&[&"patch", &operator.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(0);
    let found = operator.ask_for(RollSample::Count(1));
    assert_eq!((found.failed, wrong(&found)[0]), (1, (2, WrongReason::NoStation)), "{found:?}");
}

#[test]
fn parts_add_up_to_the_whole_roll() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, min_voters: 100, ..Shape::demo(2_000) });
    assert!(operator.build().groups > 3);
    let whole = operator.everybody_is_found();
    let parts: Vec<VoterReport> =
        (1..=3).map(|number| operator.ask_for_part(RollSample::All, RollPart { number, of: 3 })).collect();
    assert!(parts.iter().all(|part| part.is_right() && part.voters > 0), "{parts:?}");
    let sum = |count: fn(&VoterReport) -> u64| parts.iter().map(count).sum::<u64>();
    assert_eq!((sum(|part| part.voters), sum(|part| part.keys)), (whole.voters, whole.keys));
    assert_eq!((sum(|part| part.asked), sum(|part| part.right), sum(|part| part.by_full)), (2_000, 2_000, whole.by_full));
    let roll = operator.election();
    let said = operator.run_verify(&[&"--roll", &roll, &"--all", &"--part", &"2/3"]).exits_with(0).out;
    assert!(said.contains("voters in part 2 of 3 were asked, and all are led to the right station"), "{said}");
    let refused = operator.run_verify(&[&"--roll", &roll, &"--part", &"4/3"]).exits_with(2);
    assert!(refused.err.contains("expected I/N"), "{}", refused.err);
}

#[test]
fn a_certificate_is_signed_and_checked_and_names_nobody() {
    let operator = small();
    let [file, key, public] = ["c.json", "KEY", "KEY.pub"].map(|name| operator.path().join(name));
    let roll = operator.election();
    let written = [&"--roll" as &dyn AsRef<std::ffi::OsStr>, &roll, &"--certificate", &file, &"--key", &key];
    operator.run_verify(&written).exits_with(0);
    let text = fs::read_to_string(&file).unwrap();
    let certificate: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&certificate["election"], &certificate["ok"]), (&operator.head().election.into(), &true.into()), "{text}");
    assert_eq!(certificate["statement"]["id"], "Semua 5 pemilih ditanyakan, dan semuanya mendapat TPS yang benar.");
    for secret in ["Budi", "390101120190", "Santoso", "line"] {
        assert!(!text.contains(secret), "{text}");
    }
    let check = |more: &[&dyn AsRef<std::ffi::OsStr>]| {
        let args: [&dyn AsRef<std::ffi::OsStr>; 5] = [&"verify", &"--check-certificate", &file, &"--public-key", &public];
        bilik(&[&args, more].concat())
    };
    let said = check(&[]).exits_with(0).out;
    assert!(said.starts_with("signed by bilik-public-key:") && said.contains("All 5 voters were asked"), "{said}");
    check(&[&operator.site()]).exits_with(0);
    // Never over another one, and that is said before the work.
    let refused = operator.run_verify(&written).exits_with(2);
    assert!(refused.err.contains("never overwritten"), "{}", refused.err);
    operator.build();
    let said = check(&[&operator.site()]).exits_with(1).out;
    assert!(said.contains("another head than the one that was certified"), "{said}");
    fs::write(&file, text.replace("\"asked\": 5", "\"asked\": 6")).unwrap();
    let said = check(&[]).exits_with(1).out;
    assert!(said.contains("none of the given keys signed it"), "{said}");
}

/// `tests/verify-cost.sh` prints the same with 100,000 voters, and seconds at the cost of a real election.
#[test]
fn the_usual_sample_takes_at_most_six_tenths_of_the_derivations_of_a_build() {
    let shape = Shape { cost: MIN_COST, ..Shape::demo(30_000) };
    let (operator, _) = Operator::of(BILIK, &shape);
    operator.build();
    let found = operator.ask_for(RollSample::Usual);
    assert!(found.is_right() && found.asked == 500, "{found:?}");
    let keys = found.keys as f64 / found.voters as f64;
    let ratio = found.derivations as f64 / found.keys as f64;
    println!("{keys:.2} keys a voter; {} derivations, {ratio:.2} of the build's", found.derivations);
    assert!((2.0..2.4).contains(&keys) && ratio < 0.6, "{keys} keys a voter, {ratio}");
}
