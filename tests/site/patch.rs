//! A station moves on the morning of polling day: lists, directories, manifest, a part of it and head change, tables never.

use crate::{BILIK, bilik, small};
use bilik::format::{self, Head, StationList};
use bilik::lookup::Outcome;
use bilik_testkit::{Files, Operator, RunOutput, ask, files_of, names_in, stations, tree};
use std::ffi::OsStr;
use std::fs;

const HEADER: &str = "id,village,number,venue,address,lat,lon,accessible,notice\n";
/// As `small` has them.
const LINES: [&str; 4] = [
    "3901012001001,3901012001,001,Balai Contoh,Jl. Contoh No. 1,-6.4,106.8,,\n",
    "3901012001002,3901012001,002,Balai Contoh,Jl. Contoh No. 1,-6.4,106.8,,\n",
    "3901012002001,3901012002,001,Balai Contoh,Jl. Contoh No. 1,-6.4,106.8,,\n",
    "3902012001001,3902012001,001,Balai Contoh,Jl. Contoh No. 1,-6.4,106.8,,\n",
];
const MOVED: &str = "3901012001001,3901012001,7,SDN Contoh 2,Jl. Pindah No. 9,-6.41,106.8,ya,Pindah dari Balai Contoh\n";

fn write_stations(operator: &Operator, lines: &[&str]) {
    fs::write(operator.election().join("stations.csv"), format!("{HEADER}{}", lines.concat())).unwrap();
}

fn run_patch(operator: &Operator, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
    let (election, key, site) = (operator.election(), operator.key(), operator.site());
    let args: [&dyn AsRef<OsStr>; 6] = [&"patch", &election, &"--key", &key, &"--out", &site];
    bilik(&[&args, more].concat())
}

fn patched(operator: &Operator, lines: &[&str]) -> RunOutput {
    write_stations(operator, lines);
    run_patch(operator, &[]).exits_with(0)
}

/// A patch that is refused, and leaves everything as it was.
#[track_caller]
fn refused(operator: &Operator, code: i32, reason: &str) {
    let before = tree(operator.path());
    let ran = run_patch(operator, &[]).exits_with(code);
    assert!(ran.err.contains(reason), "{}", ran.err);
    assert!(tree(operator.path()) == before, "{reason}: something was written");
}

fn of_kind(files: &Files, letter: &str) -> Files {
    files.iter().filter(|(path, _)| path.starts_with(letter)).map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
}

#[test]
fn a_moved_station_is_shown_with_its_notice_and_no_table_changes() {
    let operator = small();
    let (before, old_head, around) = (files_of(&operator), operator.head(), names_in(operator.path()));
    let app = tree(&operator.site());
    // The roll is not there: the machine of the morning need not have it.
    let (roll, away) = (operator.election().join("voters.csv"), operator.path().join("away.csv"));
    fs::rename(&roll, &away).unwrap();
    let ran = patched(&operator, &[LINES[1], MOVED, LINES[2], LINES[3]]);
    fs::rename(&away, &roll).unwrap();
    let told = "3901012001001, village 3901012001 Contoh 3901012001: number, venue, address, coordinates, accessible, notice\n";
    assert!(ran.out.starts_with(told) && ran.out.contains("stations changed: 1; 7 files, "), "{}", ran.out);
    let (after, head) = (files_of(&operator), operator.head());
    assert!(head.serial > old_head.serial && ran.out.contains(&format!("serial {} by", head.serial)));
    assert_eq!((head.expires, &head.election), (old_head.expires, &old_head.election));
    assert!(of_kind(&after, "t/") == of_kind(&before, "t/") && of_kind(&after, "n/") == of_kind(&before, "n/"));
    // Every file of before is there as it was, but the head; four are new.
    assert!(before.iter().all(|(path, bytes)| path == "head.bilik" || after.get(path) == Some(bytes)));
    assert_eq!(after.len(), before.len() + 4);
    let kept = operator.site().join(format!("h/{}.bilik", old_head.serial));
    assert_eq!(fs::read(kept).unwrap(), before["head.bilik"]);
    assert_eq!(names_in(operator.path()), around);
    for (path, (mode, bytes)) in tree(&operator.site()) {
        assert_eq!(mode, if bytes.is_none() { 0o755 } else { 0o644 }, "{}", path.display());
        let is_data = path.starts_with("h") || path.extension().is_some_and(|extension| extension == "bilik");
        // The pages of the villages of the station's district follow its list.
        let follows = path.starts_with("tps/3901");
        assert!(is_data || follows || app.get(&path) == Some(&(mode, bytes)), "{} is the page's", path.display());
    }
    let answer = ask(&operator.lookup(), "390101120190", "Budi Santoso", None);
    let Outcome::Found { station, .. } = answer else { panic!("{answer:?}") };
    assert_eq!((station.id.as_str(), station.number, station.venue.as_str()), ("3901012001001", 7, "SDN Contoh 2"));
    assert_eq!(station.notice.as_deref(), Some("Pindah dari Balai Contoh"));
    // Voters who share a key still find their stations, and so does the voter who moved to another regency.
    assert_eq!(stations(&ask(&operator.lookup(), "390101130190", "Dewi Lestari", None)).len(), 2);
    let verified = operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0);
    assert!(verified.out.contains("5 of 5 asked right"), "{}", verified.out);
    // The head before is good still, and leads to the station as it was.
    fs::write(operator.site().join("head.bilik"), &before["head.bilik"]).unwrap();
    assert_eq!(Head::read(&before["head.bilik"], &operator.trust()).unwrap(), old_head);
    let differing = operator.run_verify(&[]).exits_with(1).out;
    let refused = || differing.lines().filter(|line| line.starts_with("REFUSED "));
    assert!(refused().count() == 2 && refused().all(|line| line.contains(" tps/3901/390101200")), "{differing}");
    let answer = ask(&operator.lookup(), "390101120190", "Budi Santoso", None);
    assert!(matches!(answer, Outcome::Found { station, .. } if station.venue == "Balai Contoh" && station.notice.is_none()));
}

#[test]
fn a_new_station_comes_last_and_a_second_patch_and_a_build_go_on_from_there() {
    let operator = small();
    let tables = of_kind(&files_of(&operator), "t/");
    let new = "3901012001901,3901012001,901,Lapas Contoh,Jl. Contoh No. 2,-6.4,106.8,,\n";
    let ran = patched(&operator, &[new, LINES[0], LINES[1], LINES[2], LINES[3]]);
    assert!(ran.out.contains("3901012001901, village 3901012001 Contoh 3901012001: new station\n"), "{}", ran.out);
    let after = files_of(&operator);
    let lists = of_kind(&after, "s/").into_values().map(|bytes| format::read_unverified::<StationList>(&bytes).unwrap());
    let longest = lists.max_by_key(|list| list.stations.len()).unwrap();
    assert_eq!(longest.present().map(|station| station.number).collect::<Vec<_>>(), [1, 2, 1, 901]);
    operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0);
    let serial = operator.head().serial;
    // It moves, and so does one in another regency: two lists, two directories, three pages, the manifest, a part of it and the head.
    let other = LINES[3].replace("Balai", "Gedung");
    let ran = patched(&operator, &[&new.replace("Lapas", "Rutan"), LINES[0], LINES[1], LINES[2], &other]);
    assert!(ran.out.contains("stations changed: 2; 10 files, ") && operator.head().serial > serial, "{}", ran.out);
    assert!(of_kind(&files_of(&operator), "t/") == tables);
    operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0);
    // A build puts it where its number belongs, and seals anew.
    let serial = operator.head().serial;
    operator.build();
    assert!(operator.head().serial > serial);
    operator.everybody_is_found();
}

#[test]
fn where_nothing_changed_nothing_is_written_and_going_back_is_a_change() {
    let operator = small();
    write_stations(&operator, &LINES);
    let before = tree(operator.path());
    let ran = run_patch(&operator, &[]).exits_with(0);
    assert!(ran.out.contains("nothing was written") && tree(operator.path()) == before, "{}", ran.out);
    let first = operator.head();
    patched(&operator, &[MOVED, LINES[1], LINES[2], LINES[3]]);
    let ran = patched(&operator, &LINES);
    assert!(ran.out.contains("number, venue"), "{}", ran.out);
    assert_eq!(operator.head().manifest, first.manifest);
    assert!(operator.head().serial > first.serial + 1);
    operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0);
}

#[test]
fn what_the_page_says_of_its_organiser_stays_and_is_named() {
    let operator = small();
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    let organiser =
        "[organiser]\nname = \"Komisi Contoh\"\nurl = \"https://kp.example\"\nprivacy_contact = \"privasi@kp.example\"\n";
    fs::write(&toml, format!("legal_basis = \"Keputusan 7\"\n{text}\n{organiser}")).unwrap();
    let site = operator.site().join("site.json");
    let page = fs::read(&site).unwrap();
    let ran = patched(&operator, &[MOVED, LINES[1], LINES[2], LINES[3]]);
    assert!(ran.out.contains("run `bilik build` to apply them: organiser, legal_basis\n"), "{}", ran.out);
    assert_eq!(fs::read(&site).unwrap(), page);
    operator.build();
    let ran = patched(&operator, &LINES);
    assert!(!ran.out.contains("to apply them"), "{}", ran.out);
}

#[test]
fn a_station_that_left_its_list_is_named_and_nothing_is_patched() {
    let operator = small();
    write_stations(&operator, &[MOVED, LINES[1], LINES[2]]);
    refused(&operator, 2, "no line has station 3902012001001, which is in the published list of district 390201 Contoh 390201");
    let elsewhere = LINES[2].replace("3901012002,", "3902012001,");
    write_stations(&operator, &[MOVED, LINES[1], &elsewhere, LINES[3]]);
    refused(&operator, 2, "station 3901012002001 is in village 3902012001, but in the published list of district 390101");
    // Regions that came after the build.
    let regions = operator.election().join("regions.csv");
    let text = fs::read_to_string(&regions).unwrap();
    fs::write(&regions, format!("{text}3901012009,Contoh Baru\n390109,Contoh Baru\n3901092001,Contoh Baru\n")).unwrap();
    let new =
        "3901012009001,3901012009,1,Balai,Jl. Contoh,-6.4,106.8,,\n3901092001001,3901092001,1,Balai,Jl. Contoh,-6.4,106.8,,\n";
    write_stations(&operator, &[&LINES.concat(), new]);
    refused(&operator, 2, "station 3901012009001 is in village 3901012009, which the site does not have");
    refused(&operator, 2, "1 stations are in district 390109, which the site does not have");
    let refused = run_patch(&operator, &[]);
    assert!(refused.err.contains("bilik build"), "{}", refused.err);
}

#[test]
fn lines_with_errors_refuse_the_patch_as_they_refuse_a_build() {
    let operator = small();
    let rejects = operator.election().join("rejects.csv");
    fs::write(&rejects, "file,line,kind,reason,raw\nvoters.csv,2,of,a,build\n").unwrap();
    write_stations(&operator, &[&MOVED.replace(",7,", ",nol,"), LINES[1], LINES[2], LINES[3]]);
    refused(&operator, 1, "stations.csv:2  number  it reads \"nol\"");
    write_stations(&operator, &[MOVED, &LINES[1].replace("3901012001,", "3901012008,"), LINES[2], LINES[3]]);
    refused(&operator, 1, "no region has the code 3901012008");
    assert!(rejects.exists());
}

#[test]
fn another_key_another_election_and_no_site_are_refused() {
    let (operator, other) = (small(), Operator::init(BILIK));
    write_stations(&operator, &[MOVED, LINES[1], LINES[2], LINES[3]]);
    let before = tree(operator.path());
    let with = |folder: &Operator, key: &Operator, site: &Operator, reason: &str| {
        let ran = bilik(&[&"patch", &folder.election(), &"--key", &key.key(), &"--out", &site.site()]).exits_with(2);
        assert!(ran.err.contains(reason), "{}", ran.err);
        assert!(tree(operator.path()) == before && !other.site().exists(), "{reason}");
    };
    with(&operator, &other, &operator, "not signed by a trusted key");
    with(&other, &operator, &operator, "the site there is of another election, uji-2029");
    with(&operator, &operator, &other, "not a site: it has no head.bilik");
}

#[test]
fn a_damaged_site_is_refused_and_named() {
    let operator = small();
    write_stations(&operator, &[MOVED, LINES[1], LINES[2], LINES[3]]);
    let files = files_of(&operator);
    for path in files.keys().filter(|path| ["m/", "p/", "d/", "s/", "head"].iter().any(|start| path.starts_with(start))) {
        let file = operator.site().join(path);
        let mut spoilt = files[path].clone();
        spoilt[20] ^= 1;
        for bytes in [&spoilt[..], &files[path][..files[path].len() - 1], b""] {
            fs::write(&file, bytes).unwrap();
            refused(&operator, 2, path);
        }
        fs::write(&file, &files[path]).unwrap();
    }
    run_patch(&operator, &[]).exits_with(0);
}

/// A disk that takes nothing, and a site that one file cannot be moved into.
#[test]
fn a_patch_that_fails_leaves_the_site_as_it_was() {
    let operator = small();
    write_stations(&operator, &[MOVED, LINES[1], LINES[2], LINES[3]]);
    let before = tree(operator.path());
    let run = |limit: &str| {
        let mut command = BILIK.behind_shell(&format!("trap '' XFSZ; {limit} exec \"$0\" \"$@\""));
        command.arg("patch").arg(operator.election()).arg("--key").arg(operator.key());
        RunOutput::of(command.arg("--out").arg(operator.site()))
    };
    let failed = run("ulimit -f 0;").exits_with(2);
    assert!(tree(operator.path()) == before, "{}", failed.err);
    // A folder stands where the new list goes, which is the same in every operator: the head is not reached.
    let other = small();
    let lists = of_kind(&files_of(&other), "s/");
    patched(&other, &[MOVED, LINES[1], LINES[2], LINES[3]]);
    let list = of_kind(&files_of(&other), "s/").into_keys().find(|path| !lists.contains_key(path)).unwrap();
    fs::create_dir_all(operator.site().join(&list).join("in the way")).unwrap();
    let failed = run("").exits_with(2);
    assert!(failed.err.contains("cannot be moved into the site"), "{}", failed.err);
    let after = tree(operator.path());
    assert!(before.iter().all(|(path, file)| after.get(path) == Some(file)) && after.len() > before.len());
    assert!(!names_in(operator.path()).iter().any(|name| name.starts_with(".bilik")));
    operator.run_verify(&[]).exits_with(0);
    fs::remove_dir_all(operator.site().join(&list)).unwrap();
    run("").exits_with(0);
    operator.run_verify(&[]).exits_with(0);
}

#[test]
fn settings_fixed_by_the_build_stay_and_are_reported() {
    let operator = small();
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("closes = \"13:00\"", "closes = \"14:00\"")).unwrap();
    let ran = patched(&operator, &[MOVED, LINES[1], LINES[2], LINES[3]]);
    assert!(ran.out.contains("run `bilik build` to apply them: closes\n"), "{}", ran.out);
    operator.run_verify(&[]).exits_with(0);
}
