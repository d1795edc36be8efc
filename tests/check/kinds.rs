//! One case for each kind of problem: found at its line and column, counted, and the line rejected if it is an error.

use super::{ELECTION, REGIONS, STATIONS};
use bilik_publish::config::Config;
use bilik_publish::input::StationRow;
use bilik_publish::problem::ProblemKind;
use bilik_testkit::{BAD_LINES, BAD_WITHHELD, BadLine, Folder, SECRETS, election_for_bad_lines, roll};
use std::collections::BTreeSet;
use std::path::Path;

/// An election with one bad line, and the number of the line.
fn folder(bad: &BadLine) -> (Folder, u64) {
    let election = election_for_bad_lines().append(bad.file, bad.line);
    (election.folder(), u64::try_from(election.line_count(bad.file)).unwrap())
}

#[test]
fn each_kind_is_found_at_its_line_and_column() {
    for bad in BAD_LINES {
        let BadLine { kind, file, column, .. } = *bad;
        let (folder, line) = folder(bad);
        let outcome = folder.check();
        let what = String::from_utf8_lossy(bad.line);
        assert!(outcome.result.is_ok(), "{kind:?}: {:?}", outcome.result);
        assert!(outcome.places().contains(&(kind, line, column.to_owned())), "{kind:?} in {what}\n{}", outcome.report);
        assert_eq!(outcome.report.count(kind), 1, "{kind:?} in {what}\n{}", outcome.report);
        assert_eq!(outcome.report.rejected(), u64::from(bad.is_rejected()), "{kind:?} in {what}\n{}", outcome.report);
        let problem = outcome.report.of_kind(kind)[0];
        assert_eq!((problem.file.as_str(), problem.severity), (file, kind.severity()));
    }
    election_for_bad_lines().folder().check().assert_clean();
}

#[test]
fn unreadable_files_stop_the_check_and_each_is_named() {
    for (kind, file, text, says) in [
        (ProblemKind::NotCsv, "voters.csv", b"PK\x03\x04 and so on".to_vec(), "Excel"),
        (ProblemKind::NotCsv, "voters.csv", b"<!DOCTYPE html><p>Sign in".to_vec(), "HTML"),
        (ProblemKind::NoTable, "stations.csv", b",,\n;\n\n".to_vec(), "blank"),
        (ProblemKind::NotCsv, "regions.csv", b"\x01\x02\0\x03\0\0\x04".to_vec(), "binary"),
        (ProblemKind::NotCsv, "regions.csv", Vec::new(), "empty"),
        (ProblemKind::MissingColumn, "voters.csv", b"nik,nama,station\n".to_vec(), "\"nama\""),
        (ProblemKind::MissingColumn, "stations.csv", b"id,village,number,venue,address,lat\nx\n".to_vec(), "\"lon\""),
        (ProblemKind::DoubleColumn, "voters.csv", b"nik,name,station,NAME\n".to_vec(), "\"name\""),
        (ProblemKind::BadConfig, "election.toml", b"name = \"Pemilu \xe9\"\n".to_vec(), "not UTF-8"),
    ] {
        let fatal = Folder::with(file, text).fatal();
        assert_eq!((fatal.len(), fatal[0].kind, fatal[0].file.as_str()), (1, kind, file), "{fatal:?}");
        assert!(fatal[0].message.english().contains(says), "{fatal:?}");
    }
    for bad in BAD_WITHHELD {
        let fatal = Folder::with("withheld.csv", bad.text).fatal();
        assert_eq!(
            (fatal.len(), fatal[0].kind, fatal[0].file.as_str()),
            (1, ProblemKind::BadWithheld, "withheld.csv"),
            "{fatal:?}"
        );
        assert!(fatal[0].message.english().contains(bad.says), "{fatal:?}");
    }
    let folder = Folder::with("voters.csv", "nik,name\n").and("stations.csv", "PK\x03\x04");
    std::fs::remove_file(folder.path().join("regions.csv")).unwrap();
    let fatal: BTreeSet<(ProblemKind, String)> = folder.fatal().into_iter().map(|problem| (problem.kind, problem.file)).collect();
    let expected = [
        (ProblemKind::MissingFile, "regions.csv"),
        (ProblemKind::NotCsv, "stations.csv"),
        (ProblemKind::MissingColumn, "voters.csv"),
    ];
    assert_eq!(fatal, expected.map(|(kind, file)| (kind, file.to_owned())).into());
}

#[test]
fn every_kind_has_a_case() {
    let mut covered: BTreeSet<ProblemKind> = BAD_LINES.iter().map(|bad| bad.kind).collect();
    // The test above; those of withheld voters, scratch folders, accessibility, repeated digits, `election.toml` and what its folder holds.
    covered.extend([
        ProblemKind::NotCsv,
        ProblemKind::MissingColumn,
        ProblemKind::DoubleColumn,
        ProblemKind::BadWithheld,
        ProblemKind::MissingFile,
    ]);
    covered.extend([
        ProblemKind::WithheldUnmatched,
        ProblemKind::WithheldLoosely,
        ProblemKind::ScratchLeft,
        ProblemKind::ScratchRemoved,
        ProblemKind::BadConfig,
    ]);
    covered.extend([ProblemKind::UnclearAccessible, ProblemKind::RepeatedDigits]);
    covered.extend([ProblemKind::DoubleFile, ProblemKind::ScratchElsewhere]);
    // Those of folders with several files, and of workbooks.
    covered.extend([ProblemKind::IgnoredFile, ProblemKind::NoTable, ProblemKind::LongNumber]);
    // Effects of other lines, and what only the counts of all lines show.
    covered.extend([ProblemKind::RejectedRegion, ProblemKind::RejectedStation]);
    covered.extend([ProblemKind::UnknownRegion, ProblemKind::BadTotal, ProblemKind::TotalDiffers]);
    // Of a file that few elections have: contacts.rs.
    covered.insert(ProblemKind::BadContact);
    covered.extend([ProblemKind::StationWithoutVoters, ProblemKind::CrowdedStation, ProblemKind::AbroadHours]);
    // What concerns no line, and the build refuses as well: by their exit status and in words.
    covered.extend([ProblemKind::ElectionOver, ProblemKind::NoVoters]);
    // Of columns that few stations files have: times.rs.
    covered.insert(ProblemKind::BadStation);
    // What the pages of a real election lack.
    covered.extend([ProblemKind::NoOrganiser, ProblemKind::SampleValue]);
    // Two million stations would take a test too long.
    covered.insert(ProblemKind::TooManyStations);
    assert_eq!(covered, ProblemKind::ALL.iter().copied().collect());
}

#[test]
fn a_voter_of_a_rejected_station_is_rejected_too() {
    let outcome = Folder::with("stations.csv", STATIONS.replace("B1,3201012002", "B1,3201012009")).check();
    let expected = [(ProblemKind::UnknownVillage, 6, "village".into()), (ProblemKind::RejectedStation, 3, "station".into())];
    assert_eq!(outcome.places(), expected);
    assert_eq!((outcome.report.rejected(), outcome.lines()), (2, vec![2]));
}

#[test]
fn a_village_that_the_regions_lack_is_told_once_and_what_follows_is_counted() {
    let stations = (1..=30).fold(String::new(), |all, n| all + &format!("C{n},320101{},{n},Balai,Jl.,,\n", 2_008 + n % 2));
    let voters: Vec<String> = (0..900).map(|n| format!("320101010190{n:04},Budi N{n}X,C{}", n % 3 + 1)).collect();
    let voters: Vec<&str> = voters.iter().map(String::as_str).collect();
    let outcome = Folder::with("stations.csv", format!("{STATIONS}{stations}")).and("voters.csv", roll(&voters)).check();
    assert_eq!(outcome.report.counts(), [(ProblemKind::UnknownVillage, 30), (ProblemKind::RejectedStation, 900)]);
    let kept: Vec<(ProblemKind, u64)> = outcome.report.problems().iter().map(|problem| (problem.kind, problem.line)).collect();
    let station = |line| (ProblemKind::RejectedStation, line);
    assert_eq!(kept, [(ProblemKind::UnknownVillage, 7), (ProblemKind::UnknownVillage, 8), station(2), station(3), station(4)]);
    assert_eq!(outcome.report.rejected(), 930);
}

#[test]
fn all_that_is_wrong_with_a_line_is_told_and_the_line_counted_once() {
    let folder = Folder::with("voters.csv", roll(&["12,--,ZZ", "3201010101900001,Budi,A1"]));
    let outcome = folder.check();
    let kinds: BTreeSet<ProblemKind> = outcome.places().into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [ProblemKind::NikLength, ProblemKind::NameEmpty, ProblemKind::UnknownStation].into());
    assert_eq!((outcome.report.errors(), outcome.report.rejected()), (3, 1));
    let rejects = folder.read("rejects.csv");
    assert_eq!(rejects.lines().count(), 2);
    assert!(rejects.contains("voters.csv,2,nik_length,") && rejects.ends_with("\"12,--,ZZ\"\n"), "{rejects}");
}

#[test]
fn unclear_accessibility_and_repeated_digits_warn() {
    let header = STATIONS.replacen("lon\n", "lon,accessible,notice\n", 1);
    let folder = Folder::with("stations.csv", format!("{header}X1,3201012001,9,,,,,maybe,Moved\nX2,3201012001,8,,,,,Ya,\n"))
        .and("voters.csv", roll(&["1111111111111111,Budi,X1"]));
    let outcome = folder.check();
    assert!(outcome.places().contains(&(ProblemKind::UnclearAccessible, 7, "accessible".into())), "{}", outcome.report);
    assert!(outcome.places().contains(&(ProblemKind::RepeatedDigits, 2, "nik".into())), "{}", outcome.report);
    assert_eq!((outcome.report.errors(), outcome.lines()), (0, vec![2]));
    let input = folder.input();
    let station = |id| &input.stations.rows()[usize::try_from(input.stations.by_id(id).unwrap()).unwrap()].station;
    assert_eq!((station("X1").accessible, station("X1").notice.as_deref()), (None, Some("Moved")));
    assert_eq!((station("X2").accessible, station("X2").notice.as_deref()), (Some(true), None));
}

#[test]
fn doubtful_places_are_marked_and_the_others_not() {
    let doubtful = |folder: &Folder| -> Vec<String> {
        let is_doubtful = |row: &&StationRow| row.station.place.is_some_and(|place| place.doubtful);
        folder.input().stations.rows().iter().filter(is_doubtful).map(|row| row.id.clone()).collect()
    };
    let swapped = Folder::with("stations.csv", format!("{STATIONS}X1,3201012001,9,,,106.84,-6.48\nX2,3201012002,9,,,,\n"));
    assert_eq!(doubtful(&swapped), ["X1"]);
    let far = Folder::with("stations.csv", format!("{STATIONS}X1,3201012001,9,,,-7.2,106.84\nX2,3201012001,8,,,-6.8,106.84\n"));
    assert_eq!(doubtful(&far), ["X1"]);
    // Too few to tell which is far; but this is another country.
    let outside = "id,village,number,venue,address,lat,lon\nA1,3201012001,1,,,6.9,79.8\nB1,3201012001,2,,,-6.48,106.84\n";
    assert_eq!(doubtful(&Folder::with("stations.csv", outside)), ["A1"]);
    assert!(swapped.check().report.of_kind(ProblemKind::DoubtfulCoordinates)[0].message.english().contains("swapped"));
    // Codes of no Indonesian province may lie anywhere, but together.
    let elsewhere = |text: &str| text.replace("3201", "3901").replace("32.01", "39.01").replace("32,", "39,");
    let abroad = elsewhere(STATIONS).replace("-6.48", "52.48").replace("106.84", "13.84");
    let folder =
        Folder::with("stations.csv", abroad).and("regions.csv", elsewhere(REGIONS)).and("voters.csv", elsewhere(super::VOTERS));
    folder.check().assert_clean();
}

#[test]
fn no_problem_of_a_voter_repeats_a_nik_or_a_name() {
    for bad in BAD_LINES.iter().filter(|bad| bad.file == "voters.csv") {
        let outcome = folder(bad).0.check();
        for problem in outcome.report.problems() {
            let text = problem.to_string().to_lowercase();
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let is_secret = |word: &&str| text.contains(*word);
            assert!(!SECRETS.iter().chain(&["rina", "joko", "39011"]).any(is_secret) && digits < 20, "{text}");
        }
    }
    // Not even where columns have moved, or where the first line of names is missing.
    let moved = Folder::with("voters.csv", "nik,name,station\nBudi Santoso,A1,3201010101900001\n").check();
    assert!(!moved.report.to_string().contains("3201010101900001"), "{}", moved.report);
    let headless = Folder::with("voters.csv", "3201010101900001,Budi Santoso,A1\n").fatal();
    assert!(!headless.iter().any(|problem| problem.to_string().contains("Budi")), "{headless:?}");
}

#[test]
fn a_real_election_is_held_to_its_rules() {
    let real = ELECTION.replace("demo = true\n", "");
    let faults = |text: &str| {
        let fatal = Folder::with("election.toml", text).fatal();
        assert!(
            fatal.iter().all(|problem| problem.kind == ProblemKind::BadConfig && problem.file == "election.toml"),
            "{fatal:?}"
        );
        fatal.into_iter().map(|problem| (problem.line, problem.message.english().to_owned())).collect::<Vec<_>>()
    };
    let basis = "legal_basis = \"Keputusan 1\"\n";
    assert!(Folder::with("election.toml", format!("{real}{basis}")).check().result.is_ok());
    assert_eq!(faults(&real), [(0, "`legal_basis` is missing or empty".into())]);
    assert_eq!(faults(&format!("{real}legal_basis = \" \"\n"))[0].0, 6);
    let small = faults(&format!("{real}{basis}[tables]\nmin_voters = 499\n"));
    assert_eq!(small, [(8, "`min_voters` is too low for a real election".into())]);
    assert!(Folder::with("election.toml", format!("{real}{basis}[tables]\nmin_voters = 500\n")).check().result.is_ok());
    let cheap = format!(
        "{real}{basis}[sealing]
memory_kib = 19455
passes = 1
full_pepper_bits = 3
near_pepper_bits = 5
near_check_bits = 28
seed = 7
"
    );
    let cheap = faults(&cheap);
    assert_eq!(cheap.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [8, 9, 12, 13, 0]);
    assert!(cheap[4].1.starts_with("too cheap to harvest for the holder of a posted roll: $"), "{cheap:?}");
    assert!(
        Folder::with("election.toml", format!("{ELECTION}[sealing]\nmemory_kib = 8\npasses = 1\nseed = 7\n"))
            .check()
            .result
            .is_ok()
    );
}

#[test]
fn no_text_of_election_toml_steers_what_shows_it() {
    let settings = "legal_basis = \"A\"\nhelp_phone = \"B\"\n[organiser]\nname = \"C\"\nshort_name = \"D\"\nurl = \"https://e.example/\"\n\
        privacy_contact = \"F\"\n[rights.id]\ndpt = \"G\"\n[areas.\"9901\"]\nnotice = \"H\"\n[input]\nvoters = [\"I.csv\"]\n";
    let text = format!("{ELECTION}{settings}");
    assert!(Config::parse(&text, Path::new(".")).is_ok());
    for (setting, before) in [
        ("name", "name = \"Uji"),
        ("legal_basis", "\"A"),
        ("help_phone", "\"B"),
        ("organiser.name", "\"C"),
        ("organiser.short_name", "\"D"),
        ("organiser.privacy_contact", "\"F"),
        ("rights.id.dpt", "\"G"),
        ("areas.9901.notice", "\"H"),
        ("input.voters", "\"I"),
    ] {
        assert!(text.contains(before), "{before}");
        for (escape, code) in
            [("u001b[31m", "U+001B"), ("u202e", "U+202E"), ("u0085", "U+0085"), ("u2066", "U+2066"), ("n", "U+000A")]
        {
            let steering = text.replacen(before, &format!("{before}\\{escape}x"), 1);
            let faults = Config::parse(&steering, Path::new(".")).unwrap_err().0;
            let messages: Vec<&str> = faults.iter().map(|problem| problem.message.english()).collect();
            assert_eq!(messages, [format!("`{setting}` contains the character {code}")], "{steering}");
            let line = steering.lines().position(|line| line.contains('\\')).unwrap() + 1;
            assert_eq!(faults[0].line, u64::try_from(line).unwrap());
        }
    }
    // Names in scripts that run from right to left need none of them.
    assert!(Config::parse(&text.replacen("\"C", "\"ڤميليهن", 1), Path::new(".")).is_ok());
    assert!(Config::parse(&text.replacen("\"A\"", "\"\"\"\nA\n\"\"\"", 1), Path::new(".")).is_ok());
}

#[test]
fn every_slip_in_election_toml_is_told_with_its_line() {
    let lines = |text: &str| Folder::with("election.toml", text).fatal().iter().map(|problem| problem.line).collect::<Vec<_>>();
    let several = "id = \"Uji Coba\"\nname = \"\"\nday = \"2029-02-30\"\nopens = \"13:00\"\ncloses = \"07:00\"\ndemo = true\n\
        help_url = \"javascript:alert(1)\"\n[time_zones]\n\"9\" = \"WIT\"\n\"91\" = \"UTC\"\n[tables]\nmin_voters = 9\nmax_keys = 10\n\
        [site]\nmirrors = [\"./\", \"ftp://x/\"]\n";
    assert_eq!(lines(several), [1, 2, 3, 5, 7, 12, 15]);
    let areas = "[time_zones]\n\"9\" = \"WIT\"\n\"91\" = \"UTC\"\n[areas.\"9x\"]\nopens = \"08:00\"\n[areas.\"99.01\"]\nday = \"soon\"\n\
        opens = 8\ncloses = \"25:00\"\ntime_zone = \"MYT\"\nnotice = \"\"\nnotice_url = \"javascript:alert(1)\"\n\
        [areas.\"9902\"]\ncloses = \"06:00\"\n[areas.\"99.02\"]\nnotice_url = \"https://a.example/\"\n";
    let of_areas: Vec<u64> = lines(&format!("{ELECTION}{areas}")).iter().map(|line| line - 6).collect();
    assert_eq!(of_areas, [2, 3, 7, 8, 9, 10, 12, 11, 16, 13, 4, 15, 13]);
    let phone = |text: &str| lines(&ELECTION.replace("demo = true\n", &format!("demo = true\nhelp_phone = \"{text}\"\n")));
    assert_eq!(phone(&"1".repeat(101)), [7]);
    assert!(Config::parse(&format!("help_phone = \"{}\"\n{ELECTION}", "1".repeat(100)), Path::new(".")).is_ok());
    let url = |length: usize| format!("help_url = \"https://a.example/{}\"\n{ELECTION}", "x".repeat(length - 18));
    assert_eq!(lines(&url(2_001)), [1]);
    assert!(Config::parse(&url(2_000), Path::new(".")).is_ok());
    let name = |length: usize| {
        let old = ELECTION.lines().find(|line| line.starts_with("name = ")).unwrap();
        ELECTION.replace(old, &format!("name = \"{}\"", "x".repeat(length)))
    };
    assert_eq!(lines(&name(201)), [2]);
    assert!(Config::parse(&name(200), Path::new(".")).is_ok());
    let long = "x".repeat(601);
    let rights = format!(
        "[rights.id]\ndpt = \"Pukul {{hours}}\"\ndptb = \"\"\ndpk = \"{{hour}}\"\n[rights.idn]\ndpk = \"x\"\n[rights.en]\ndpk = \"{long}\"\n"
    );
    assert_eq!(lines(&format!("{ELECTION}{rights}")), [14, 9, 10, 11]);
    // What the page's own list names, and nothing that it could not show.
    let page = include_str!("../../www/page/language.js");
    let page = page.split_once("LANGUAGES = {").unwrap().1.split_once('}').unwrap().0;
    let named: BTreeSet<&str> = page.split(',').map(|named| named.split(':').next().unwrap().trim()).collect();
    let rights = |code: &str| format!("{ELECTION}[rights.{code}]\ndpk = \"x\"\n");
    for code in &named {
        assert!(Config::parse(&rights(code), Path::new(".")).is_ok(), "{code}");
    }
    let unknown = Config::parse(&rights("xx"), Path::new(".")).unwrap_err().0;
    let expected = unknown[0].expected.english();
    let listed: BTreeSet<&str> = expected.strip_prefix("a language of the page: ").unwrap().split(", ").collect();
    assert_eq!((unknown[0].line, listed), (7, named));
    let mirrors =
        "[site]\nmirrors = [\n  \"./\",\n  \"https://[::1]/\",\n  \"https://a.example:84430/\",\n  \"http://a.example/\",\n]\n";
    assert_eq!(lines(&format!("{ELECTION}{mirrors}")), [10, 11]);
    let fatal = Folder::with("election.toml", format!("{ELECTION}{mirrors}")).fatal();
    assert!(
        fatal[0].message.english().starts_with("invalid value for `mirrors`, number 2: a page's policy cannot name"),
        "{fatal:?}"
    );
    let real = ELECTION.replace("demo = true\n", "legal_basis = \"Keputusan 1\"\n");
    assert_eq!(lines(&format!("{real}{mirrors}")), [10, 11, 12]);
    let fatal = Folder::with("election.toml", format!("{ELECTION}dday = 1\n")).fatal();
    assert!(
        fatal[0].line == 7 && fatal[0].message.english().contains("dday") && fatal[0].message.english().contains("closes"),
        "{fatal:?}"
    );
    assert_eq!(lines(&format!("{ELECTION}[input.columns.voters]\nnick = \"x\"\n")), [8]);
    assert_eq!(lines("id = \n"), [1]);
}
