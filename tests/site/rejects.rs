//! Lines that cannot be used: never dropped in silence, never shown to whoever looks over the operator's shoulder, and never
//! at the expense of the others.

use crate::support::{Handmade, Ran, World, ask, bilik, lines, mode, stations};
use std::fs::{self, File};
use std::io::Write as _;

const STATIONS: &[&str] = &["3901012001001", "3901012001002", "3901012001003", "3901012001004", "3901022001001"];
const GOOD: &str = "3901011201900001,Budi Santoso,3901012001001,\n\
                    3901011301900002,Dewi Lestari,3901012001002,\n\
                    3901014402300003,Siti Aminah,3901022001001,\n\
                    3901021502800004,Joko,3901012001004,\n\
                    3901011602800005,Rina Wijaya,3901012001001,\n\
                    3901011602800006,Rina Wijaya,3901012001002,\n\
                    3901011602800007,Rina Wijaya,3901012001003,\n";
const GOOD_VOTERS: u64 = 7;

/// What must never be printed: the whole NIK of a bad line, its 12 digits, and words of its name.
const SECRETS: [&str; 6] = ["3901015506788899", "390101550678", "3901016606788899", "390101660678", "ombak", "rahasia"];

/// A kind of problem, the file that has it, and the line.
type Bad = (&'static str, &'static str, Vec<u8>);

/// One line of each kind that is rejected.
fn bad_lines() -> Vec<Bad> {
    let voter = |kind, line: &str| (kind, "voters.csv", line.as_bytes().to_vec());
    let long = format!("3901015506788899,Ombak {},3901012001001,", "Rahasia".repeat(30));
    vec![
        voter("nik_not_digits", "390101550678889O,Ombak Rahasia,3901012001001,"),
        voter("nik_length", "39010155067888,Ombak Rahasia,3901012001001,"),
        voter("name_empty", "3901015506788899,...,3901012001001,"),
        voter("name_empty", "3901015506788899,,3901012001001,"),
        voter("name_too_long", &long),
        voter("unknown_station", "3901015506788899,Ombak Rahasia,3901012001999,"),
        voter("nik_not_digits", "Ombak Rahasia,3901015506788899,3901015506788899,"),
        voter("duplicate_voter", "3901011201900001,Ombak Rahasia,3901012001001,"),
        voter("crowded_key", "3901011602800008,Rina Wijaya,3901012001004,"),
        voter("field_count", "3901015506788899,Ombak Rahasia,3901012001001,,Ombak,Rahasia"),
        voter("broken_line", "3901015506788899,\"Ombak Rahasia,3901012001001,"),
        ("not_utf8", "voters.csv", b"3901015506788899,Ombak Rahasi\xe4,3901012001001,".to_vec()),
        voter("missing_field", ",Ombak Rahasia,3901012001001,"),
        voter("missing_field", "3901015506788899,Ombak Rahasia,,"),
        voter("spreadsheet_damage", "3.90101550678E+15,Ombak Rahasia,3901012001001,"),
        voter("bad_code", "3901015506788899,Ombak Rahasia,3901012001001,390101"),
        voter("unknown_village", "3901015506788899,Ombak Rahasia,3901012001001,3901012999"),
        ("bad_code", "regions.csv", b"3901X,Contoh".to_vec()),
        ("duplicate_region", "regions.csv", b"390101,Contoh Lain".to_vec()),
        ("missing_parent", "regions.csv", b"391155,Contoh".to_vec()),
        ("duplicate_station", "stations.csv", b"3901012001001,3901012001,9,Balai,Jl.,,".to_vec()),
        ("unknown_village", "stations.csv", b"3911552001001,3911552001,1,Balai,Jl.,,".to_vec()),
        ("bad_number", "stations.csv", b"3901012001777,3901012001,ABC,Balai,Jl.,,".to_vec()),
    ]
}

fn world(bad: &[Bad]) -> World {
    let world = Handmade { stations: STATIONS, voters: GOOD, toml: "[tables]\nmin_voters = 1\n" }.write();
    for (_, file, line) in bad {
        let mut file = File::options().append(true).open(world.election().join(file)).unwrap();
        file.write_all(&[line, &b"\n"[..]].concat()).unwrap();
    }
    world
}

/// What a run printed, once it is sure that it gives nobody away.
#[track_caller]
fn said(ran: &Ran) -> String {
    let said = ran.said();
    let lower = said.to_lowercase();
    for secret in SECRETS {
        assert!(!lower.contains(secret), "{secret}: {said}");
    }
    said
}

/// Every good voter gets their station.
#[track_caller]
fn all_good_voters_are_found(world: &World) {
    let lookup = world.lookup();
    for voter in lines(format!("nik,name,station,village\n{GOOD}").as_bytes()) {
        let outcome = ask(&lookup, voter.digits(), &voter.name, Some(voter.village()));
        assert!(stations(&outcome).contains(&voter.station.as_str()), "{outcome:?}");
    }
}

#[test]
fn each_kind_of_bad_line_refuses_the_build_until_it_is_allowed_and_costs_no_other_voter() {
    for bad in bad_lines() {
        let (kind, file, line) = &bad;
        let world = world(std::slice::from_ref(&bad));
        let rejects = world.election().join("rejects.csv");
        let refused = world.run_build(&[]).ends_with(1);
        let text = said(&refused);
        assert!(text.contains(&format!("({kind}, 1)")) && text.contains("Rejected lines: 1, "), "{kind}: {text}");
        assert!(text.contains("Nothing was built") && !world.site().exists(), "{kind}: {text}");
        assert_eq!(mode(&rejects), 0o600);
        let listed = fs::read(&rejects).unwrap();
        let mut listed = csv::ReaderBuilder::new().from_reader(listed.as_slice());
        let listed: Vec<csv::ByteRecord> = listed.byte_records().map(Result::unwrap).collect();
        assert_eq!(listed.len(), 1, "{kind}");
        let row = fs::read(world.election().join(file)).unwrap().split(|&byte| byte == b'\n').count() - 1;
        assert_eq!((&listed[0][0], &listed[0][1], &listed[0][2]), (file.as_bytes(), row.to_string().as_bytes(), kind.as_bytes()));
        assert_eq!(&listed[0][4], line, "{kind}: the line as it was");

        fs::remove_file(&rejects).unwrap();
        let built = world.run_build(&[&"--allow-rejects", &"1"]).ends_with(0);
        assert!(
            said(&built).contains("rejected lines: 1, listed in rejects.csv: these voters will not be found"),
            "{kind}: {}",
            built.said()
        );
        assert_eq!(mode(&rejects), 0o600);
        all_good_voters_are_found(&world);
        let verified = world.run_verify(&[&"--roll", &world.election(), &"--json"]).ends_with(0);
        said(&verified);
        let roll = &verified.json()["roll"];
        assert_eq!((&roll["voters"], &roll["right"], &roll["rejected"]), (&GOOD_VOTERS.into(), &GOOD_VOTERS.into(), &1.into()));
    }
}

#[test]
fn rejected_lines_are_counted_all_together_and_one_too_many_refuses() {
    let bad = bad_lines();
    let count = bad.len() as u64;
    let world = world(&bad);
    let text = said(&world.run_build(&[]).ends_with(1));
    assert!(text.contains(&format!("Rejected lines: {count}, ")) && text.contains(&format!("--allow-rejects {count}")), "{text}");
    said(&world.run_build(&[&"--allow-rejects", &(count - 1).to_string()]).ends_with(1));
    assert!(!world.site().exists());
    for json in [false, true] {
        let more: &[&dyn AsRef<std::ffi::OsStr>] = if json { &[&"--json"] } else { &[] };
        let checked = bilik(&[&[&"check" as &dyn AsRef<std::ffi::OsStr>, &world.election()], more].concat()).ends_with(1);
        said(&checked);
        if json {
            let value = checked.json();
            let lines = fs::read(world.election().join("voters.csv")).unwrap().split(|&byte| byte == b'\n').count() as u64 - 2;
            let of_roll = lines - GOOD_VOTERS;
            assert_eq!((&value["voters"], &value["rejected"]), (&GOOD_VOTERS.into(), &count.into()), "{value:#}");
            assert!(of_roll < count, "some lines are of other files");
        }
    }
    for allowed in [count, count + 100] {
        said(&world.run_build(&[&"--allow-rejects", &allowed.to_string()]).ends_with(0));
        all_good_voters_are_found(&world);
    }
    said(&world.run_verify(&[&"--roll", &world.election()]).ends_with(0));
}

/// A line of the withheld file that cannot be read might publish somebody: no number of allowed rejects helps.
#[test]
fn a_withheld_voter_who_cannot_be_read_stops_the_build_whatever_is_allowed() {
    for line in ["39010155067888,Ombak Rahasia", "390101550678,", "3.90101550678E+15,", "Ombak Rahasia,3901015506788899"] {
        let world = world(&[]);
        fs::write(world.election().join("withheld.csv"), format!("nik,name\n{line}\n")).unwrap();
        let text = said(&world.run_build(&[&"--allow-rejects", &"1000"]).ends_with(2));
        assert!(text.contains("withheld.csv, line 2") && !world.site().exists(), "{text}");
    }
}

#[test]
fn a_file_of_the_operators_own_that_is_called_like_the_rejects_is_left_alone() {
    let world = world(&bad_lines()[..1]);
    let rejects = world.election().join("rejects.csv");
    fs::write(&rejects, "what,I,wrote,myself\n").unwrap();
    let text = said(&world.run_build(&[&"--allow-rejects", &"1"]).ends_with(2));
    assert!(text.contains("rejects.csv") && !world.site().exists(), "{text}");
    assert_eq!(fs::read_to_string(&rejects).unwrap(), "what,I,wrote,myself\n");
}
