//! A part of the input in several files: folders, patterns and lists, each file with its own first line.

use super::{ELECTION, REGIONS, STATIONS, VOTERS};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::problem::{FileLine, ProblemKind, Report};
use bilik_publish::progress::Silent;
use bilik_publish::rejects::Rejects;
use bilik_publish::roll::{self, RollError, Voter};
use bilik_testkit::{CheckResult, Election, Folder};
use sha2::{Digest as _, Sha256};

/// The settings with `[input]`.
fn with_input(input: &str) -> String {
    format!("{ELECTION}[input]\n{input}\n")
}

/// What identifies each voter, and the file and line of each.
fn voters(outcome: &CheckResult) -> Vec<(usize, u64, String)> {
    let tell = |voter: Voter| (voter.line.file(), voter.line.number(), voter.name.reveal().to_owned());
    outcome.voters().into_iter().map(tell).collect()
}

fn problems(outcome: &CheckResult, kind: ProblemKind) -> Vec<(String, u64, String)> {
    let problems = outcome.report.of_kind(kind);
    problems.into_iter().map(|problem| (problem.file.clone(), problem.line, problem.message.english().to_owned())).collect()
}

const BUDI: &str = "nik,name,station\n3201010101900001,Budi Santoso,A1\n";
const SITI: &str = "STATION;NAME;NIK\nB1;Siti Aminah;3201014101900001\n";

#[test]
fn a_folder_a_pattern_and_a_list_are_read_as_one_roll() {
    for input in
        ["voters = \"dpt\"", "voters = \"dpt/*.csv\"", "voters = [\"dpt/01.csv\", \"dpt/02.csv\"]", "voters = [\"dpt/\"]"]
    {
        let folder = Folder::with("election.toml", with_input(input)).and("dpt/02.csv", SITI).and("dpt/01.csv", BUDI);
        let outcome = folder.check();
        outcome.assert_clean();
        assert_eq!(voters(&outcome), [(0, 2, "Budi Santoso".into()), (1, 2, "Siti Aminah".into())], "{input}");
        let files = folder.input().roll_files;
        assert_eq!((files.len(), files.of(outcome.voters()[1].line)), (2, "dpt/02.csv"), "{input}");
    }
    let list = with_input("voters = [\"dpt/02.csv\", \"dpt/01.csv\"]");
    let folder = Folder::with("election.toml", list).and("dpt/02.csv", SITI).and("dpt/01.csv", BUDI);
    assert_eq!(voters(&folder.check()), [(0, 2, "Siti Aminah".into()), (1, 2, "Budi Santoso".into())]);
}

#[test]
fn every_other_part_of_the_input_can_be_several_files_too() {
    let (province, rest) = REGIONS.split_at(REGIONS.find("32.01,").unwrap());
    let (one, other) = STATIONS.split_at(STATIONS.find("B1").unwrap());
    let header = "id,village,number,venue,address,lat,lon,notice\n";
    let input = "regions = \"regions/\"\nstations = \"stations-*.csv\"\nwithheld = [\"w1.csv\", \"w2.csv\"]\n";
    let folder = Folder::with("election.toml", with_input(input))
        .and("regions/b.csv", province)
        .and("regions/a.csv", format!("code,name\n{rest}"))
        .and("stations-1.csv", one)
        .and("stations-2.csv", format!("{header}{}", other.replace("106.845", "106.845,Pindah")))
        .and("w1.csv", "nik\n3201010101900001\n")
        .and("w2.csv", "name,nik\nSiti Aminah,3201014101900001\n")
        .and("voters.csv", format!("{VOTERS}3201010101900007,Ani Wijaya,B1\n"));
    let outcome = folder.check();
    outcome.assert_clean();
    assert_eq!(voters(&outcome), [(0, 4, "Ani Wijaya".into())]);
    let input = folder.input();
    let notice = |id| input.stations.get(input.stations.by_id(id).unwrap()).unwrap().station.notice.clone();
    assert_eq!((notice("A1"), notice("B1")), (None, Some("Pindah".into())));
}

#[test]
fn problems_and_rejects_name_the_file_and_its_line() {
    let folder = Folder::with("election.toml", with_input("voters = \"dpt\""))
        .and("dpt/1.csv", format!("{BUDI}320101010290,Joko,A1\n"))
        .and("dpt/2.csv", "nik;name;station\n12;Ani;A1\n3201010101900001;Budi Santoso;A2\n320101010290;JOKO;A1\n");
    let outcome = folder.check();
    assert_eq!(problems(&outcome, ProblemKind::NikLength), [("dpt/2.csv".into(), 2, "it has 2 digits".into())]);
    let told = ("dpt/2.csv".into(), 3, "the same 16 digits are in line 2 of dpt/1.csv".into());
    assert_eq!(problems(&outcome, ProblemKind::DuplicateVoter), [told]);
    let told = ("dpt/2.csv".into(), 4, "the 12 digits, the name and the station are those of line 3 of dpt/1.csv".into());
    assert_eq!(problems(&outcome, ProblemKind::SameVoterTwice), [told]);
    assert_eq!(voters(&outcome).len(), 2);
    let rejects = folder.read("rejects.csv");
    assert!(rejects.contains("\ndpt/2.csv,2,nik_length,it has 2 digits,12;Ani;A1\n"), "{rejects}");
    assert!(rejects.contains("\ndpt/2.csv,3,duplicate_voter,the same 16 digits are in line 2 of dpt/1.csv,"), "{rejects}");
}

#[test]
fn what_a_folder_holds_besides_is_named_and_what_cannot_be_meant_is_refused() {
    let folder = Folder::with("election.toml", with_input("voters = \"dpt\""));
    let fatal = folder.fatal();
    assert_eq!((fatal.len(), fatal[0].kind, fatal[0].file.as_str()), (1, ProblemKind::MissingFile, "dpt"), "{fatal:?}");
    folder.put("dpt/readme.pdf", "x");
    assert!(folder.fatal()[0].message.english().contains("no file to read"));
    folder.put("dpt/a.csv", BUDI);
    let outcome = folder.check();
    assert_eq!(problems(&outcome, ProblemKind::IgnoredFile), [("dpt/readme.pdf".into(), 0, "it is not read".into())]);
    assert_eq!(outcome.voters().len(), 1);
    folder.put("dpt/a.csv.gz", "x");
    assert_eq!(folder.fatal()[0].kind, ProblemKind::DoubleFile);
    for (input, kind, says) in [
        ("voters = \"dpt/*.tsv\"", ProblemKind::MissingFile, "no file fits"),
        ("voters = [\"dpt/a.csv\", \"./dpt/a.csv\"]", ProblemKind::DoubleFile, "twice"),
        ("voters = []", ProblemKind::BadConfig, "`voters`"),
        ("voters = 7", ProblemKind::BadConfig, "a folder, a pattern"),
    ] {
        folder.put("election.toml", with_input(input));
        let fatal = folder.fatal();
        assert_eq!((fatal.len(), fatal[0].kind), (1, kind), "{fatal:?}");
        assert!(fatal[0].message.english().contains(says), "{fatal:?}");
    }
    // Each file's columns are looked for before the roll is read.
    folder.put("election.toml", with_input("voters = \"d*/?.csv\""));
    folder.put("dpt/b.csv", "nik,nama,station\n");
    folder.put("dpt/c.csv", "nik,name\n");
    let files: Vec<String> = folder.fatal().into_iter().map(|problem| problem.file).collect();
    assert_eq!(files, ["dpt/b.csv", "dpt/c.csv"]);
}

#[test]
fn a_country_of_514_files_is_the_same_roll_as_one_file() {
    let line = |n: usize| format!("32010{}0101{:02}{:04},Budi N{n}X,A1\n", n % 3 + 1, n % 90 + 10, n % 9_999);
    let mut one = Election::sample().with("voters.csv", "nik,name,station\n");
    let mut many = Election::sample().with("election.toml", with_input("voters = \"dpt\""));
    for file in 0..514 {
        let lines: String = (file * 4..file * 4 + 4).map(line).collect();
        one = one.append("voters.csv", lines.trim_end());
        many = many.with(&format!("dpt/{file:03}.csv"), format!("nik,name,station\n{lines}"));
    }
    let name = |voter: Voter| Voter { line: FileLine::default(), ..voter };
    let read = |election: &Election| election.folder().check().voters().into_iter().map(name).collect::<Vec<_>>();
    let (one, many) = (read(&one), read(&many));
    assert_eq!((one.len(), one == many), (2_056, true));
}

#[test]
fn each_pass_has_the_digest_of_all_stored_bytes() {
    let folder = Folder::with("election.toml", with_input("voters = \"dpt\""))
        .and("dpt/1.csv", BUDI)
        .and("dpt/2.csv.gz", super::tolerated::gzip(SITI))
        .and("withheld.csv", "nik\n3201010101900009\n");
    let digest = || {
        let (mut report, mut rejects) = (Report::new(), Rejects::nowhere());
        let each = &mut |_| Ok::<_, RollError>(());
        let counted = roll::read(&folder.input(), &mut report, &mut rejects, ("", &Silent), &CancellationToken::new(), each);
        counted.unwrap().digest
    };
    let stored = ["dpt/1.csv", "dpt/2.csv.gz"].map(|name| std::fs::read(folder.path().join(name)).unwrap()).concat();
    assert_eq!(digest()[..], Sha256::digest(&stored)[..]);
    // A change that keeps the number of lines and of voters.
    let before = digest();
    folder.put("dpt/1.csv", BUDI.replace("Budi", "Badu"));
    assert_ne!(digest(), before);
    let digests = folder.input().digests;
    let of = |name: &str| -> [u8; 32] { Sha256::digest(std::fs::read(folder.path().join(name)).unwrap()).into() };
    assert_eq!((digests.config, digests.regions), (of("election.toml"), of("regions.csv")));
    assert_eq!((digests.stations, digests.withheld), (of("stations.csv"), Some(of("withheld.csv"))));
}
