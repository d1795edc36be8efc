//! What only the counts of all lines show: official totals, stations that nobody votes at, and stations with too many voters.

use super::{BILIK, ELECTION, REGIONS, STATIONS};
use bilik_publish::crosscheck::crosscheck;
use bilik_publish::problem::{ProblemKind, Severity};
use bilik_testkit::{CheckResult, Folder, RunOutput, roll};
use std::ffi::OsStr;

/// Two good voters of Satu, one of Dua, one rejected of Dua; one withheld of Satu.
const VOTERS: [&str; 5] = [
    "3201010101900001,Budi Santoso,A1",
    "3201010201900002,Dewi Lestari,A2",
    "3201014101900003,Siti Aminah,B1",
    "32010141,Rina Wijaya,B1",
    "3201010301900004,Joko Susilo,A1",
];

fn folder(totals: &str) -> Folder {
    let totals = format!("code,voters\n{totals}");
    Folder::with("voters.csv", roll(&VOTERS)).and("withheld.csv", "nik\n3201010301900004\n").and("totals.csv", totals)
}

/// What the counts show, after a check, and the difference.
fn crosschecked(folder: &Folder) -> (CheckResult, u64) {
    let mut outcome = folder.check();
    let counts = outcome.result.as_ref().unwrap().stations.clone();
    let difference = crosscheck(&folder.input(), &counts, &mut outcome.report);
    (outcome, difference)
}

fn messages(outcome: &CheckResult, kind: ProblemKind) -> Vec<(String, u64, String)> {
    let told = outcome.report.of_kind(kind).into_iter();
    told.map(|problem| (problem.file.clone(), problem.line, problem.message.english().to_owned())).collect()
}

fn bilik(arguments: &[&dyn AsRef<OsStr>]) -> RunOutput {
    BILIK.run(arguments)
}

#[test]
fn totals_of_every_level_that_are_met_are_not_told() {
    let (outcome, difference) = crosschecked(&folder("32,4\n32.01,4\n320101,4\n3201012001,3\n3201012002,1\n"));
    assert_eq!((difference, outcome.report.count(ProblemKind::TotalDiffers)), (0, 0), "{}", outcome.report);
}

#[test]
fn each_region_that_differs_is_told_with_its_name_its_figures_and_its_rejected_lines() {
    let (outcome, difference) = crosschecked(&folder("3201,\"1.005\"\n3201012001,2\n3201012002,2\n"));
    let told = messages(&outcome, ProblemKind::TotalDiffers);
    let expected = [
        (2, "3201 Bogor: expected 1005, counted 4, difference -1001; rejected lines: 1"),
        (3, "3201012001 Satu: expected 2, counted 3, difference +1; rejected lines: 0"),
        (4, "3201012002 Dua: expected 2, counted 1, difference -1; rejected lines: 1"),
    ];
    assert_eq!(told, expected.map(|(line, message)| ("totals.csv".to_owned(), line, message.to_owned())));
    assert_eq!(difference, 1_003);
    assert_eq!(outcome.report.counts()[..2], [(ProblemKind::NikLength, 1), (ProblemKind::TotalDiffers, 3)], "causes first");
}

#[test]
fn duplicates_and_lines_of_rejected_stations_are_no_voters_of_a_region() {
    // The last line is a duplicate; that of C1, whose village is unknown but whose district is not, is rejected with its station.
    let voters = ["3201010101900001,Budi Santoso,A1", "3201010201900002,Dewi Lestari,C1", "3201010101900001,Budi Santoso,A1"];
    let folder = Folder::with("voters.csv", roll(&[&voters[..], &["3201010101900009,Ani Rahayu,ZZ"]].concat()))
        .and("stations.csv", format!("{STATIONS}C1,3201012009,1,Balai,Jl.,,\n"))
        .and("totals.csv", "code,voters\n320101,3\n");
    let (outcome, difference) = crosschecked(&folder);
    let told = messages(&outcome, ProblemKind::TotalDiffers);
    assert_eq!(told[0].2, "320101 Cibinong: expected 3, counted 1, difference -2; rejected lines: 2");
    assert_eq!(difference, 2);
    let expected = &outcome.report.of_kind(ProblemKind::TotalDiffers)[0].expected;
    assert!(expected.english().ends_with("without a known station, which are counted in no region: 1"), "{expected}");
}

#[test]
fn a_faulty_line_of_the_totals_is_rejected() {
    let totals = "3201,4\n3201,4\n33,1\n320,1\n320101,banyak\n320102,1\n,9\n";
    let folder = folder(totals).and("regions.csv", format!("{REGIONS}320102,\n"));
    let outcome = folder.check();
    let of_totals = outcome.report.problems().into_iter().filter(|problem| problem.file == "totals.csv");
    let mut places: Vec<_> = of_totals.map(|problem| (problem.line, problem.kind, problem.column.clone().unwrap())).collect();
    places.sort();
    let expected = [
        (3, ProblemKind::DuplicateRegion, "code"),
        (4, ProblemKind::UnknownRegion, "code"),
        (5, ProblemKind::BadCode, "code"),
        (6, ProblemKind::BadTotal, "voters"),
        (7, ProblemKind::RejectedRegion, "code"),
        (8, ProblemKind::MissingField, "code"),
    ];
    assert_eq!(places, expected.map(|(line, kind, column)| (line, kind, column.to_owned())));
    assert!(folder.read("rejects.csv").contains("totals.csv,6,bad_total,"), "{}", folder.read("rejects.csv"));
}

#[test]
fn the_file_and_its_columns_can_be_mapped() {
    let mapped = format!(
        "{ELECTION}[input]\ntotals = \"rekap.csv\"\n[input.columns.totals]\ncode = \"KODE\"\nvoters = \"JUMLAH PEMILIH\"\n"
    );
    let folder = folder("").and("election.toml", mapped).and("rekap.csv", "kode;nama;jumlah pemilih\n3201;Bogor;5\n");
    let (outcome, difference) = crosschecked(&folder);
    assert_eq!((difference, messages(&outcome, ProblemKind::TotalDiffers)[0].0.as_str()), (1, "rekap.csv"));
    std::fs::remove_file(folder.path().join("rekap.csv")).unwrap();
    assert_eq!(folder.fatal()[0].kind, ProblemKind::MissingFile);
}

#[test]
fn a_difference_is_refused_unless_it_is_allowed() {
    let voters = roll(&VOTERS[..3]);
    let folder = folder("32,5\n3201,5\n").and("voters.csv", voters);
    let (dir, work) = (folder.path(), tempfile::tempdir().unwrap());
    let work = work.path().join("W");
    let checked = bilik(&[&"check", &dir]).exits_with(1);
    assert!(checked.out.contains("3201 Bogor: expected 5, counted 3, difference -2; rejected lines: 0"), "{checked:?}");
    let refused = bilik(&[&"plan", &dir, &"--work", &work]).exits_with(1);
    assert!(refused.err.contains("Difference from the official totals: 4 voters"), "{refused:?}");
    assert!(refused.err.contains("--allow-differences 4") && !refused.err.contains("--allow-rejects"), "{refused:?}");
    bilik(&[&"plan", &dir, &"--work", &work, &"--allow-differences", &"3"]).exits_with(1);
    bilik(&[&"plan", &dir, &"--work", &work, &"--allow-differences", &"4"]).exits_with(0);
    // A plan remembers what was wrong with its input, and which totals it was compared with.
    let refused = bilik(&[&"plan", &dir, &"--work", &work]).exits_with(2);
    assert!(refused.err.contains("--allow-differences 4"), "{refused:?}");
    folder.put("totals.csv", "code,voters\n32,3\n");
    let changed = bilik(&[&"plan", &dir, &"--work", &work, &"--allow-differences", &"4"]).exits_with(2);
    assert!(changed.err.contains("totals: changed after the plan was made"), "{changed:?}");
}

#[test]
fn stations_without_voters_are_warned_of_with_the_reason() {
    let (outcome, _) = crosschecked(&Folder::with("voters.csv", roll(&VOTERS[..2]).replace("3201010201900002", "12")));
    let told = messages(&outcome, ProblemKind::StationWithoutVoters);
    let station = |line, message: &str| ("stations.csv".to_owned(), line, message.to_owned());
    assert_eq!(
        told,
        [
            station(3, "number 2 of village 3201012001: all lines of the roll that name it were rejected: 1"),
            station(4, "number 3 of village 3201012001: no line of the roll names it"),
            station(5, "number 4 of village 3201012001: no line of the roll names it"),
            station(6, "number 1 of village 3201012002: no line of the roll names it"),
        ]
    );
    assert_eq!(ProblemKind::StationWithoutVoters.severity(), Severity::Warning);
    // Who is withheld votes there all the same.
    let (outcome, _) = crosschecked(&folder("").and("voters.csv", roll(&[VOTERS[4]])));
    assert_eq!(outcome.report.count(ProblemKind::StationWithoutVoters), 4, "A1 is not among them");
}

/// Voters of one station.
fn crowd(voters: usize, station: &str, district: u32) -> String {
    let lines: Vec<String> =
        (0..voters).map(|n| format!("{district}{:02}0190{n:04},Budi Santoso {n},{station}", n % 28 + 1)).collect();
    roll(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn stations_with_more_voters_than_allowed_are_warned_of() {
    let crowded = |folder: &Folder| messages(&crosschecked(folder).0, ProblemKind::CrowdedStation);
    let with = |text: String| Folder::with("voters.csv", text);
    assert!(crowded(&with(crowd(300, "A1", 320_101))).is_empty());
    let told = crowded(&with(crowd(301, "A2", 320_101)));
    assert_eq!(told, [("stations.csv".to_owned(), 3, "number 2 of village 3201012001 has 301 voters".to_owned())]);
    let settings = |max: &str| format!("{ELECTION}[check]\nmax_voters_at_a_station = {max}\n");
    assert!(crowded(&with(crowd(301, "A2", 320_101)).and("election.toml", settings("301"))).is_empty());
    assert_eq!(crowded(&with(crowd(11, "A2", 320_101)).and("election.toml", settings("10"))).len(), 1);
    assert_eq!(Folder::with("election.toml", settings("0")).fatal()[0].line, 8);
    // Voters abroad also vote by post.
    let abroad = |text: &str| text.replace("32.01", "99.01").replace("3201", "9901").replace("32,", "99,");
    let folder = with(crowd(301, "A2", 990_101)).and("regions.csv", abroad(REGIONS)).and("stations.csv", abroad(STATIONS));
    assert!(crowded(&folder).is_empty());
    assert!(folder.check().result.is_ok());
}

#[test]
fn lines_of_a_rejected_region_are_told_behind_it() {
    // The district has no name: its villages, their stations and these voters follow, and so does the NIK's district.
    let folder = Folder::with("regions.csv", REGIONS.replace("Cibinong", "")).and(
        "voters.csv",
        format!("{}3201010501900009,Ani,A1,3201012001\n", roll(&VOTERS).replace("station\n", "station,village\n")),
    );
    let outcome = folder.check();
    let counts = outcome.report.counts();
    let expected = [
        (ProblemKind::MissingField, 1),
        (ProblemKind::NikLength, 1),
        (ProblemKind::RejectedRegion, 8),
        (ProblemKind::RejectedStation, 6),
    ];
    assert_eq!(counts, expected, "{}", outcome.report);
    // Of a station that no line has, one voter is shown and all are counted.
    let outcome = Folder::with("voters.csv", roll(&VOTERS).replace(",A1", ",Z1")).check();
    assert_eq!(outcome.report.count(ProblemKind::UnknownStation), 2);
    assert_eq!(outcome.report.of_kind(ProblemKind::UnknownStation).len(), 1, "{}", outcome.report);
}

#[test]
fn what_stops_everything_comes_first_and_an_empty_roll_last() {
    let unreadable =
        Folder::with("stations.csv", STATIONS.replace(",1,SD", ",x,SD").replace(",2,SD", ",y,SD")).and("voters.csv", "nik\n");
    let checked = bilik(&[&"check", &unreadable.path(), &"--json"]).exits_with(2).json();
    let kinds: Vec<&str> =
        checked["problems"].as_array().unwrap().iter().map(|problem| problem["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["missing_column", "missing_column", "bad_number", "bad_number", "bad_number"]);
    let checked = bilik(&[&"check", &Folder::with("voters.csv", roll(&["12,Budi,A1", "13,Budi,A1"])).path(), &"--json"]);
    let checked = checked.exits_with(1).json();
    let errors: Vec<&str> =
        checked["problems"].as_array().unwrap().iter().map(|problem| problem["kind"].as_str().unwrap()).collect();
    assert_eq!(errors[..3], ["nik_length", "nik_length", "no_voters"]);
    // A withheld voter whose line was rejected is in the roll.
    let folder = folder("").and("withheld.csv", "nik\n3201010101900001\n").and("voters.csv", roll(&["3201010101900001,Budi,ZZ"]));
    assert_eq!(folder.check().report.counts(), [(ProblemKind::UnknownStation, 1)]);
}
