//! Lines that cannot be used: always reported, never shown on the operator's screen, and without any effect on the other
//! lines.

use crate::{BILIK, bilik};
use bilik_testkit::{
    BAD_LINES, BAD_WITHHELD, BadLine, Election, GOOD_VOTERS, Operator, RunOutput, SECRETS, ask, election_for_bad_lines, lines,
    mode, stations,
};
use std::fs;

/// How many voters are not to blame.
const GOOD: u64 = 7;

/// The lines of the table that are rejected, and not only warned of.
fn rejected_lines() -> Vec<BadLine> {
    BAD_LINES.iter().copied().filter(BadLine::is_rejected).collect()
}

fn operator(bad: &[BadLine]) -> Operator {
    let add = |election: Election, bad: &BadLine| election.append(bad.file, bad.line);
    bad.iter().fold(election_for_bad_lines(), add).operator(BILIK)
}

/// What a run printed, once it is sure that it gives nobody away.
#[track_caller]
fn said(ran: &RunOutput) -> String {
    let said = ran.printed();
    let lower = said.to_lowercase();
    for secret in SECRETS {
        assert!(!lower.contains(secret), "{secret}: {said}");
    }
    said
}

/// Every good voter gets their station.
#[track_caller]
fn all_good_voters_are_found(operator: &Operator) {
    let lookup = operator.lookup();
    for voter in lines(format!("nik,name,station,village\n{GOOD_VOTERS}").as_bytes()) {
        let outcome = ask(&lookup, voter.digits(), &voter.name, Some(voter.village()));
        assert!(stations(&outcome).contains(&voter.station.as_str()), "{outcome:?}");
    }
}

#[test]
fn each_kind_of_bad_line_refuses_the_build_until_it_is_allowed_and_costs_no_other_voter() {
    for bad in rejected_lines() {
        let BadLine { kind, file, line, .. } = bad;
        let kind = kind.name();
        let operator = operator(std::slice::from_ref(&bad));
        let rejects = operator.election().join("rejects.csv");
        let refused = operator.run_build(&[]).exits_with(1);
        let text = said(&refused);
        assert!(text.contains(&format!("({kind}, 1)")) && text.contains("Rejected lines: 1, "), "{kind}: {text}");
        assert!(text.contains("Nothing was built") && !operator.site().exists(), "{kind}: {text}");
        assert_eq!(mode(&rejects), 0o600);
        let listed = fs::read(&rejects).unwrap();
        let mut listed = csv::ReaderBuilder::new().from_reader(listed.as_slice());
        let listed: Vec<csv::ByteRecord> = listed.byte_records().map(Result::unwrap).collect();
        assert_eq!(listed.len(), 1, "{kind}");
        let row = fs::read(operator.election().join(file)).unwrap().split(|&byte| byte == b'\n').count() - 1;
        assert_eq!((&listed[0][0], &listed[0][1], &listed[0][2]), (file.as_bytes(), row.to_string().as_bytes(), kind.as_bytes()));
        assert_eq!(&listed[0][4], line, "{kind}: the line as it was");

        fs::remove_file(&rejects).unwrap();
        let built = operator.run_build(&[&"--allow-rejects", &"1"]).exits_with(0);
        assert!(
            said(&built).contains(
                "rejected lines: 1, listed in rejects.csv: their voters will not be found, but for those that another line has"
            ),
            "{kind}: {}",
            built.printed()
        );
        assert_eq!(mode(&rejects), 0o600);
        all_good_voters_are_found(&operator);
        let verified = operator.run_verify(&[&"--roll", &operator.election(), &"--json"]).exits_with(0);
        said(&verified);
        let roll = &verified.json()["roll"];
        assert_eq!((&roll["voters"], &roll["right"], &roll["rejected"]), (&GOOD.into(), &GOOD.into(), &1.into()));
    }
}

#[test]
fn rejected_lines_are_counted_all_together_and_one_too_many_refuses() {
    let bad = rejected_lines();
    let count = bad.len() as u64;
    let operator = operator(&bad);
    let text = said(&operator.run_build(&[]).exits_with(1));
    assert!(text.contains(&format!("Rejected lines: {count}, ")) && text.contains(&format!("--allow-rejects {count}")), "{text}");
    said(&operator.run_build(&[&"--allow-rejects", &(count - 1).to_string()]).exits_with(1));
    assert!(!operator.site().exists());
    for json in [false, true] {
        let more: &[&dyn AsRef<std::ffi::OsStr>] = if json { &[&"--json"] } else { &[] };
        let checked = bilik(&[&[&"check" as &dyn AsRef<std::ffi::OsStr>, &operator.election()], more].concat()).exits_with(1);
        said(&checked);
        if json {
            let value = checked.json();
            let lines = fs::read(operator.election().join("voters.csv")).unwrap().split(|&byte| byte == b'\n').count() as u64 - 2;
            let of_roll = lines - GOOD;
            assert_eq!((&value["voters"], &value["rejected"]), (&GOOD.into(), &count.into()), "{value:#}");
            assert!(of_roll < count, "some lines are of other files");
        }
    }
    for allowed in [count, count + 100] {
        said(&operator.run_build(&[&"--allow-rejects", &allowed.to_string()]).exits_with(0));
        all_good_voters_are_found(&operator);
    }
    said(&operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0));
}

/// A line of the withheld file that cannot be read might publish somebody: no number of allowed rejects helps.
#[test]
fn a_withheld_voter_who_cannot_be_read_stops_the_build_whatever_is_allowed() {
    for bad in BAD_WITHHELD {
        let operator = operator(&[]);
        fs::write(operator.election().join("withheld.csv"), bad.text).unwrap();
        let text = said(&operator.run_build(&[&"--allow-rejects", &"1000"]).exits_with(2));
        assert!(text.contains("withheld.csv, line 2") && !operator.site().exists(), "{text}");
    }
}

#[test]
fn a_file_of_the_operators_own_that_is_called_like_the_rejects_is_left_alone() {
    let operator = operator(&rejected_lines()[..1]);
    let rejects = operator.election().join("rejects.csv");
    fs::write(&rejects, "what,I,wrote,myself\n").unwrap();
    let text = said(&operator.run_build(&[&"--allow-rejects", &"1"]).exits_with(2));
    assert!(text.contains("rejects.csv") && !operator.site().exists(), "{text}");
    assert_eq!(fs::read_to_string(&rejects).unwrap(), "what,I,wrote,myself\n");
}
