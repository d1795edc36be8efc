//! What only the roll as a whole shows: doubles, crowds, and who is withheld.

use super::VOTERS;
use bilik_publish::partition::common_tokens;
use bilik_publish::problem::ProblemKind;
use bilik_testkit::{Folder, roll};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_later_of_two_lines_with_the_same_nik_is_rejected_and_names_the_earlier() {
    let folder = Folder::with(
        "voters.csv",
        roll(&[
            "3201010101900001,Budi Santoso,A1",
            "3201010101900002,Budi Santoso,A1",
            "3201010101900001,Budi Susanto,A2",
            "3201.0101.0190.0001,Ani,B1",
        ]),
    );
    let outcome = folder.check();
    let told: Vec<(u64, &str)> = outcome
        .report
        .of_kind(ProblemKind::DuplicateVoter)
        .iter()
        .map(|problem| (problem.line, problem.message.english()))
        .collect();
    assert_eq!(told, [(4, "the same 16 digits are in line 2"), (5, "the same 16 digits are in line 2")]);
    assert_eq!((outcome.lines(), outcome.report.rejected()), (vec![2, 3], 2));
    assert_eq!(outcome.result.as_ref().unwrap().voters, 2);
    let rejects = folder.read("rejects.csv");
    assert!(
        rejects.contains("voters.csv,4,duplicate_voter,the same 16 digits are in line 2,\"3201010101900001,Budi Susanto,A2\"\n"),
        "{rejects}"
    );
}

#[test]
fn voters_of_different_names_keep_a_nik_that_a_spreadsheet_has_rounded() {
    let outcome = Folder::with(
        "voters.csv",
        roll(&[
            "3201010101900000,Budi Santoso,A1",
            "3201010101900000,Ani Wijaya,A2",
            "3201010101900000,BUDI  SANTOSO,A3",
            "3201010101900000,Siti Aminah,B1",
            "3201010101900000,Ani Wijaya,A2",
        ]),
    )
    .check();
    let told = |kind| -> Vec<(u64, &str)> {
        outcome.report.of_kind(kind).iter().map(|problem| (problem.line, problem.message.english())).collect()
    };
    let rounded = "the same 16 digits are in line 2 under another name";
    assert_eq!(told(ProblemKind::RoundedNik), [(3, rounded), (5, rounded)]);
    let same = [(4, "the same 16 digits are in line 2"), (6, "the same 16 digits are in line 3")];
    assert_eq!(told(ProblemKind::DuplicateVoter), same);
    assert_eq!((outcome.lines(), outcome.report.rejected()), (vec![2, 3, 5], 2));
}

#[test]
fn without_serials_only_the_same_name_and_station_is_one_voter() {
    let outcome = Folder::with(
        "voters.csv",
        roll(&[
            "320101010190,Budi Santoso,A1",
            "320101010190,BUDI SANTOSO,A1",
            "320101010190,Budi Santoso,A2",
            "320101010190,Ani,A1",
            "3201010101900007,Drs. Budi Santoso,A1",
            "3201010101900008,Budi Santoso,B1",
            "3201010101900009,Budi Santoso,B1",
        ]),
    )
    .check();
    let twice: Vec<u64> = outcome.report.of_kind(ProblemKind::SameVoterTwice).iter().map(|problem| problem.line).collect();
    assert_eq!((twice, outcome.report.errors()), (vec![3, 6], 0));
    assert_eq!(outcome.lines(), [2, 4, 5, 7, 8]);
}

#[test]
fn voters_beyond_the_third_station_of_a_key_are_rejected() {
    // By the whole name, over two villages.
    let full = Folder::with(
        "voters.csv",
        roll(&[
            "3201010101900001,Budi Santoso,A1",
            "3201010101900002,Budi Santoso,A2",
            "3201010101900003,Budi Santoso,B1",
            "3201010101900004,Budi Santoso,A2",
            "3201010101900005,Budi Santoso,A3",
        ]),
    )
    .check();
    assert_eq!((full.lines(), full.report.count(ProblemKind::CrowdedKey)), (vec![2, 3, 4, 5], 1));
    // By the first name in one village.
    let near = ["Budi Satu,A1", "Budi Dua,A2", "Budi Tiga,A3", "Ani,A4", "Budi Empat,A4", "Budi Lima,A1", "Budi,B1"];
    let lines: Vec<String> = (1..).zip(near).map(|(serial, rest)| format!("320101010190{serial:04},{rest}")).collect();
    let near = Folder::with("voters.csv", roll(&lines.iter().map(String::as_str).collect::<Vec<_>>())).check();
    assert_eq!((near.lines(), near.report.count(ProblemKind::CrowdedKey)), (vec![2, 3, 4, 5, 7, 8], 1));
}

/// A token that is common in the table is not a key, so voters who share it do not crowd a key. The builder finds the same
/// common tokens among the voters that remain.
#[test]
fn voters_who_share_a_common_token_are_not_a_crowded_key() {
    let mut lines: Vec<String> = (0..61).map(|n| format!("3201010101{:02}0001,Budi X{n}Q,A1", n % 90 + 10)).collect();
    for (serial, station) in (1..).zip(["A1", "A2", "A3", "A4"]) {
        lines.push(format!("320101010101{serial:04},Budi Santo{station},{station}"));
    }
    let outcome = Folder::with("voters.csv", roll(&lines.iter().map(String::as_str).collect::<Vec<_>>())).check();
    assert_eq!((outcome.report.errors(), outcome.lines().len()), (0, 65), "{}", outcome.report);
    let (common, digests) = common_tokens(&outcome.voters());
    assert_eq!(digests, [bilik::CommonTokens::digest("BADI")]);
    assert_eq!(common, bilik::CommonTokens::new(digests));
}

/// Leaving a voter out can make a common token rare enough to be a key again, and that key can be crowded.
#[test]
fn crowded_keys_are_searched_again_until_the_common_tokens_are_stable() {
    let mut lines: Vec<String> = (0..56).map(|n| format!("3201010101{:02}0001,Budi X{n}Q,A1", n + 10)).collect();
    for (serial, (name, station)) in (1..).zip([("Ani Satu", "A1"), ("Ani Dua", "A2"), ("Ani Tiga", "A3"), ("Ani Budi", "A4")]) {
        lines.push(format!("320101010101{serial:04},{name},{station}"));
    }
    for (serial, station) in (1..).zip(["A1", "A2", "A3", "A4"]) {
        lines.push(format!("320101020202{serial:04},Budi Santo{station},{station}"));
    }
    let outcome = Folder::with("voters.csv", roll(&lines.iter().map(String::as_str).collect::<Vec<_>>())).check();
    let crowded: Vec<u64> = outcome.report.of_kind(ProblemKind::CrowdedKey).iter().map(|problem| problem.line).collect();
    assert_eq!(crowded, [61, 65]);
    assert!(common_tokens(&outcome.voters()).1.is_empty());
}

#[test]
fn a_token_is_common_above_three_percent_and_sixty_voters() {
    let folder = |bearers: usize, all: usize| {
        let line = |n: usize| {
            let name = if n < bearers { "Budi Budi Rahma".to_owned() } else { format!("N{n}X") };
            format!("3201{n:08},{name} K{n}M,A1")
        };
        let lines: Vec<String> = (0..all).map(line).collect();
        Folder::with("voters.csv", roll(&lines.iter().map(String::as_str).collect::<Vec<_>>())).check()
    };
    let count = |bearers, all| common_tokens(&folder(bearers, all).voters()).1.len();
    assert_eq!((count(60, 100), count(61, 100)), (0, 2));
    assert_eq!((count(75, 2_500), count(76, 2_500)), (0, 2));
}

#[test]
fn withheld_voters_are_counted_and_never_handed_on() {
    let lines = [
        "3201010101900001,Budi Santoso,A1",
        "3201010101900002,Ani,A1",
        "3201010202900001,Ani,A1",
        "320101030390,Wati,A1",
        "320101040490,Susi,A1",
        "3201010505900009,Rina Dewi,A1",
    ];
    let folder = Folder::with("voters.csv", roll(&lines)).and(
        "withheld.csv",
        // By the whole NIK; by 12 digits and the name; a whole NIK where the roll has 12 digits, with and without the name; the
        // same name with another serial; and somebody who is not there.
        "nik,name\n'3201.0101.0190.0001,\n320101020290,ANI\n3201010303900004,Wati\n3201010404900004,\n3201010505900001,Rina Dewi\n\
         3201010606900001,\n",
    );
    let outcome = folder.check();
    assert_eq!(outcome.lines(), [3]);
    assert_eq!(outcome.result.as_ref().unwrap().withheld, 5);
    let at = |kind| outcome.report.of_kind(kind).iter().map(|problem| problem.line).collect::<Vec<_>>();
    assert_eq!((at(ProblemKind::WithheldLoosely), at(ProblemKind::WithheldUnmatched)), (vec![6, 7], vec![7]));
    assert_eq!(outcome.report.errors(), 0);
}

#[test]
fn a_withheld_voter_listed_twice_is_not_reported_as_unmatched() {
    let withheld = "nik,name\n3201010101900001,\n320101020290,Dewi\n3201010101900001,\n320101020290,DEWI\n";
    let outcome = Folder::with("voters.csv", roll(&["3201010101900001,Budi,A1", "3201010202900001,Dewi,A1"]))
        .and("withheld.csv", withheld)
        .check();
    outcome.assert_clean();
    assert_eq!(outcome.result.as_ref().unwrap().withheld, 2);
}

#[test]
fn another_person_with_the_same_digits_is_not_withheld() {
    let lines = ["3201010101900001,Budi,A1", "320101020290,Ani,A1", "320101030390,Wati,A1"];
    let withheld = "nik,name\n3201010101900002,Candra\n320101020290,Dewi\n3201010303900001,Eka\n";
    let outcome = Folder::with("voters.csv", roll(&lines)).and("withheld.csv", withheld).check();
    assert_eq!((outcome.lines(), outcome.report.count(ProblemKind::WithheldUnmatched)), (vec![2, 3, 4], 3));
}

#[test]
fn the_village_is_the_stations_or_that_of_the_card() {
    let text = "nik,name,station,village\n320101010190,Budi,A1,\n320101020290,Ani,A1,32.01.01.2002\n";
    let outcome = Folder::with("voters.csv", text).check();
    outcome.assert_clean();
    let villages: Vec<String> = outcome.voters().iter().map(|voter| voter.village.to_string()).collect();
    assert_eq!(villages, ["3201012001", "3201012002"]);
}

#[test]
fn groups_hold_exactly_their_voters_in_the_order_of_the_lines() {
    let config = format!("{}[tables]\nmin_voters = 20\nmax_keys = 80\n", super::ELECTION);
    let line =
        |n: usize| format!("{}0101{:02}{n:04},Budi N{n}X,A1", [320_101, 320_102, 320_103, 777_777][n * n % 7 % 4], n % 90 + 10);
    let lines: Vec<String> = (0..700).map(line).collect();
    let outcome = Folder::with("voters.csv", roll(&lines.iter().map(String::as_str).collect::<Vec<_>>()))
        .and("election.toml", config)
        .check();
    let partition = &outcome.result.as_ref().unwrap().partition;
    let mut seen = BTreeSet::new();
    let mut of_digits: BTreeMap<_, usize> = BTreeMap::new();
    for bin in 0..partition.bin_count() {
        for (group, voters) in partition.read(bin).unwrap() {
            let plan = &partition.groups()[group];
            assert_eq!(plan.voters, u64::try_from(voters.len()).unwrap());
            assert!(voters.is_sorted_by_key(|voter| voter.line));
            for voter in voters {
                assert!(plan.prefixes.contains(&voter.digits.prefix()));
                assert_eq!(*of_digits.entry(voter.digits).or_insert(group), group, "one place for the same digits");
                assert!(seen.insert(voter.line.number()));
            }
        }
    }
    assert!(partition.groups().len() > 1, "{:?}", partition.groups());
    assert_eq!(seen, (2..702).collect());
}

#[test]
fn a_clean_run_removes_the_rejects_of_the_last() {
    let folder = Folder::with("voters.csv", roll(&["12,Budi,A1"]));
    assert_eq!(folder.check().report.rejected(), 1);
    assert!(folder.names().contains(&"rejects.csv".to_owned()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("rejects.csv")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    folder.put("voters.csv", VOTERS);
    folder.check().assert_clean();
    assert!(!folder.names().contains(&"rejects.csv".to_owned()));
}
