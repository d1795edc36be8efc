//! `bilik check --against`: what changed since an earlier election folder.

use super::{BILIK, REGIONS, STATIONS};
use bilik_testkit::{Folder, RunOutput, mode, roll};
use serde_json::{Value, json};
use std::path::Path;

fn check(now: &Folder, earlier: &Folder, more: &[&str]) -> RunOutput {
    let mut command = BILIK.command();
    command.arg("check").arg(now.path()).arg("--against").arg(earlier.path()).args(more);
    RunOutput::of(&mut command)
}

/// The changes in JSON, and the list without its first line.
fn changes(now: &Folder, earlier: &Folder) -> (Value, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("changes.csv");
    let before = (now.names(), earlier.names());
    let output = check(now, earlier, &["--json", "--changes", list.to_str().unwrap()]).exits_with(0);
    assert_eq!((now.names(), earlier.names()), before, "nothing is left behind");
    assert_eq!(mode(&list), 0o600);
    let text = std::fs::read_to_string(&list).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "change,nik,name,old_station,new_station");
    (output.json()["changes"].clone(), lines[1..].to_vec())
}

fn voters(lines: &[&str]) -> Folder {
    Folder::with("voters.csv", roll(lines))
}

fn counts(before: u64, now: u64, [added, gone, moved]: [u64; 3]) -> Value {
    json!({ "before": before, "now": now, "added": added, "gone": gone, "moved": moved })
}

#[test]
fn the_same_folder_has_not_changed() {
    let folder = Folder::new();
    let (changes, list) = changes(&folder, &folder);
    assert_eq!(changes["voters"], counts(2, 2, [0, 0, 0]));
    assert_eq!(changes["stations"], counts(5, 5, [0, 0, 0]));
    assert_eq!((&changes["regencies"], list.len()), (&json!([]), 0));
}

#[test]
fn voters_who_are_new_gone_or_moved_are_counted_and_listed() {
    let earlier = voters(&[
        "3201010101900001,Budi Santoso,A1",
        "3201010201900002,Dewi Lestari,A1",
        "320101410190,Siti Aminah,B1",
        "3201010301900004,Joko Susilo,A2",
    ]);
    // Budi as another spelling and title of the same name; Dewi elsewhere; Siti with her serial; Joko is gone; Rina is new.
    let now = voters(&[
        "3201010101900001,\"H. BUDI  SANTOSO, S.H.\",A1",
        "3201010201900002,Dewi Lestari,B1",
        "3201014101900009,Siti Aminah,B1",
        "3201010401900005,=Rina Wijaya,A3",
    ]);
    let (changes, list) = changes(&now, &earlier);
    assert_eq!(changes["voters"], counts(4, 4, [1, 1, 1]));
    let regency = json!({
        "code": "3201", "name": "Bogor",
        "voters": { "added": 1, "gone": 1, "moved": 1 }, "stations": { "added": 0, "gone": 0, "moved": 0 },
    });
    assert_eq!(changes["regencies"], json!([regency]));
    assert_eq!(
        list,
        [
            "voter_moved,3201010201900002,Dewi Lestari,A1,B1",
            "voter_gone,3201010301900004,Joko Susilo,A2,",
            "voter_added,3201010401900005,'=Rina Wijaya,,A3",
        ]
    );
}

#[test]
fn people_who_share_their_digits_are_not_taken_for_each_other() {
    let (ani, eko) = ("320101010190", "Eko Prasetyo");
    let earlier = voters(&[&format!("{ani}0001,Ani Rahayu,A1"), &format!("{ani}0002,{eko},A2")]);
    // Two names of the same digits change places; Ani's namesake is new, and has Ani's old station.
    let now = voters(&[&format!("{ani}0002,{eko},A1"), &format!("{ani}0007,Ani Rahayu,A1"), &format!("{ani}0001,Ani Rahayu,A2")]);
    let (changes, mut list) = changes(&now, &earlier);
    list.sort();
    assert_eq!(changes["voters"], counts(2, 3, [1, 0, 2]));
    let expected = ["voter_added,3201010101900007,Ani Rahayu,,A1", "voter_moved,3201010101900001,Ani Rahayu,A1,A2"];
    assert_eq!(list[..2], expected);
    assert_eq!(list[2], "voter_moved,3201010101900002,Eko Prasetyo,A2,A1");
    // Without serials, who stays at a station is found first.
    let plain = |lines: &[&str]| {
        voters(
            &lines.iter().map(|line| format!("{ani},{line}")).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>(),
        )
    };
    let (changes, list) = self::changes(&plain(&["Ani,A2", "Ani,B1"]), &plain(&["Ani,A1", "Ani,A2"]));
    assert_eq!((&changes["voters"], list), (&counts(2, 2, [0, 0, 1]), vec![format!("voter_moved,{ani},Ani,A1,B1")]));
    // A line that repeats another is the same voter.
    let (changes, _) = self::changes(&plain(&["Ani,A1", "Ani,A1"]), &plain(&["Ani,A1"]));
    assert_eq!(changes["voters"]["added"], 0);
    // A spreadsheet has made the last digit a zero.
    let (changes, _) = self::changes(&voters(&[&format!("{ani}0000,Ani,A1")]), &voters(&[&format!("{ani}0007,Ani,A1")]));
    assert_eq!(changes["voters"], counts(1, 1, [0, 0, 0]));
}

#[test]
fn stations_are_compared_by_their_ids() {
    let regions = format!("{REGIONS}3202,Sukabumi\n320201,Cisaat\n3202012001,Tiga\n");
    let earlier = Folder::with("regions.csv", &regions);
    let stations = STATIONS
        .replace("A2,3201012001,2,SD 2,", "A2,3201012001,2,Balai,")
        .replace("A3,3201012001,3,", "A3,3201012001,33,")
        .replace("-6.484", "-6.4841")
        .replace("B1,3201012002,1,SD 5,Jl. 5", "B2,3201012002,1,SD 5,Jl. 5")
        + "C1,3202012001,1,SD 6,Jl. 6,-6.9,106.9\n";
    let lines = ["3201010101900001,Budi Santoso,A1", "3201014101900001,Siti Aminah,B2", "3202010101900001,Ani,C1"];
    let now = Folder::with("regions.csv", &regions).and("stations.csv", stations).and("voters.csv", roll(&lines));
    let (changes, list) = changes(&now, &earlier);
    assert_eq!(changes["stations"], counts(5, 6, [2, 1, 3]));
    assert_eq!(changes["voters"], counts(2, 3, [1, 0, 1]));
    let codes: Vec<&str> = changes["regencies"].as_array().unwrap().iter().map(|of| of["code"].as_str().unwrap()).collect();
    assert_eq!((codes, &changes["regencies"][1]["stations"]["added"]), (vec!["3201", "3202"], &json!(1)));
    assert_eq!(
        list,
        [
            "station_moved,,,A2,A2",
            "station_moved,,,A3,A3",
            "station_moved,,,A4,A4",
            "station_gone,,,B1,",
            "station_added,,,,B2",
            "station_added,,,,C1",
            "voter_moved,3201014101900001,Siti Aminah,B1,B2",
            "voter_added,3202010101900001,Ani,,C1",
        ]
    );
}

#[test]
fn who_is_withheld_now_is_not_gone_and_lines_with_errors_are_told_apart() {
    let withheld = Folder::new().and("withheld.csv", "nik\n3201010101900001\n");
    let (changes, list) = changes(&withheld, &Folder::new());
    assert_eq!((&changes["voters"], list.len()), (&counts(2, 2, [0, 0, 0]), 0));
    // Not even where the earlier file of withheld voters cannot be read any more.
    let earlier = Folder::new().and("withheld.csv", "gone").and("voters.csv", super::VOTERS.replace("3201014101900001", "32"));
    let output = check(&Folder::new(), &earlier, &["--json"]).exits_with(0).json();
    assert_eq!(output["changes"]["not_compared"], json!({ "before": 1, "now": 0 }));
    assert_eq!(output["changes"]["voters"], counts(1, 2, [1, 0, 0]));
}

#[test]
fn the_terminal_shows_counts_and_nothing_of_a_voter() {
    let earlier = voters(&["3201010101900001,Budi Santoso,A1", "3201010201900002,Dewi Lestari,B1"]);
    let now = voters(&["3201010101900001,Budi Santoso,A2", "32010102,Dewi Lestari,B1"]);
    let output = check(&now, &earlier, &[]).exits_with(1);
    let told = output.out.split_once("changes since").expect("the changes").1;
    for line in [
        "voters: 2 before, 1 now; 0 added, 1 gone, 1 moved\n",
        "stations: 5 before, 5 now; 0 added, 0 gone, 0 moved\n",
        "lines of the rolls with errors, not compared: 0 before, 1 now\n",
        "\n3201 Bogor             0          1          1               0      0      0\n",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let json = check(&now, &earlier, &["--json"]).out;
    for secret in ["Budi", "Dewi", "3201010101", "3201010201"] {
        assert!(!output.out.contains(secret) && !json.contains(secret), "{secret}");
    }
}

#[test]
fn a_list_is_never_overwritten_and_only_whole() {
    let (now, earlier) = (Folder::new(), Folder::new());
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("changes.csv");
    std::fs::write(&list, "mine").unwrap();
    let refused = check(&now, &earlier, &["--changes", list.to_str().unwrap()]).exits_with(2);
    assert!(refused.err.contains("never overwritten") && refused.out.is_empty(), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&list).unwrap(), "mine");
    // What cannot be read leaves no list.
    std::fs::remove_file(&list).unwrap();
    let now = now.and("voters.csv", "PK\x03\x04");
    check(&now, &earlier, &["--changes", list.to_str().unwrap()]).exits_with(2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let needs_a_folder = RunOutput::of(BILIK.command().arg("check").arg(now.path()).args(["--changes", "x.csv"]));
    assert!(needs_a_folder.exits_with(2).err.contains("--against"));
}

#[test]
fn an_earlier_folder_that_cannot_be_read_is_named() {
    let earlier = Folder::with("voters.csv", "nik,name\n");
    let refused = check(&Folder::new(), &earlier, &[]).exits_with(2);
    let path = Path::display(earlier.path()).to_string();
    assert!(refused.err.contains("earlier election folder") && refused.err.contains(&path), "{refused:?}");
    assert!(refused.err.contains("voters.csv") && refused.err.contains("station"), "{refused:?}");
}

/// Many who share their digits, and some of them their names: counts by another way must agree.
#[test]
fn thousands_of_voters_are_compared_as_one_by_one() {
    let line = |n: usize, station: &str| {
        let (four, name) = (n / 4, ["Budi", "Budi", "Ani Rahayu", "Ani Rahayu Dewi"][n % 4]);
        format!("{:06}{:02}0190{n:04},{name},{station}", 320_101 + four % 97, four % 28 + 1)
    };
    let stations = ["A1", "A2", "A3", "A4", "B1"];
    let before: Vec<String> = (0..6_000).map(|n| line(n, stations[n % 5])).collect();
    let after: Vec<String> = (1_000..7_000).map(|n| line(n, stations[if n % 10 == 0 { (n + 1) % 5 } else { n % 5 }])).collect();
    let of = |lines: &[String]| voters(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let output = check(&of(&after), &of(&before), &["--json"]).json();
    assert_eq!(output["rejected"], 0, "each line is a voter");
    assert_eq!(output["changes"]["voters"], counts(6_000, 6_000, [1_000, 1_000, 500]));
}
