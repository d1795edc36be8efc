//! When stations are open: columns of the stations file, `[areas]` of election.toml, and what contradicts itself.

use super::ELECTION;
use bilik_publish::problem::ProblemKind;
use bilik_testkit::{Election, Folder};

const COLUMNS: &str = "id,village,number,venue,address,lat,lon,kind,day,opens,closes,time_zone,notice,notice_url\n";

fn folder(settings: &str, stations: &str) -> Folder {
    Election::sample()
        .with("election.toml", format!("{ELECTION}{settings}"))
        .with("stations.csv", format!("{COLUMNS}{stations}"))
        .with("voters.csv", "nik,name,station\n3201010101900001,Budi Santoso,A1\n")
        .folder()
}

#[test]
fn a_cell_that_cannot_be_read_is_told_with_its_column() {
    for (cells, column) in [
        ("TPSX,,,,,,", "kind"),
        (",14-02-2029,,,,,", "day"),
        (",2029-02-30,,,,,", "day"),
        (",,8 pagi,,,,", "opens"),
        (",,,25:00,,,", "closes"),
        (",,,,MYT,,", "time_zone"),
        // Closes when it opens; and opens when clocks there go from two to three.
        (",,13:00,,,,", "opens"),
        (",2029-03-25,02:30,,Europe/Amsterdam,,", "opens"),
        (",,,,,Pindah,javascript:alert(1)", "notice_url"),
        (",,,,,Pindah,http://kpu.example/", "notice_url"),
    ] {
        let found = folder("", &format!("A1,3201012001,1,SD 1,Jl. 1,,,{cells}\n")).check();
        let problems = found.report.of_kind(ProblemKind::BadStation);
        assert_eq!(problems.len(), 1, "{cells}");
        assert_eq!(problems[0].column.as_deref(), Some(column), "{cells}");
    }
}

#[test]
fn two_stations_of_a_village_may_have_one_number_if_they_are_of_different_kinds() {
    let found =
        folder("", "A1,3201012001,1,SD 1,Jl. 1,,,,,,,,,\nK1,3201012001,1,,,,,KSK,,,,,,\nK2,3201012001,1,,,,,KSK,,,,,,\n").check();
    let same = found.report.of_kind(ProblemKind::SameNumber);
    assert_eq!(same.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4]);
    let message = same[0].message.to_string();
    assert!(message.contains("KSK 1"), "{message}");
}
