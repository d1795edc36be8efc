//! One case for each kind of problem: found at its line and column, counted, and the line rejected if it is an error.

use super::{ELECTION, Folder, REGIONS, STATIONS, roll};
use bilik_publish::input::StationRow;
use bilik_publish::problem::{Kind, Severity};
use std::collections::BTreeSet;

/// Kind, file, what the file holds, line, column.
fn cases() -> Vec<(Kind, &'static str, Vec<u8>, u64, &'static str)> {
    let voters =
        |kind, line: &str, column| (kind, "voters.csv", roll(&["3201010101900001,Budi,A1", line]).into_bytes(), 3, column);
    let stations = |kind, line: &str, column| (kind, "stations.csv", format!("{STATIONS}{line}\n").into_bytes(), 7, column);
    let regions = |kind, line: &str, column| (kind, "regions.csv", format!("{REGIONS}{line}\n").into_bytes(), 7, column);
    let long_name = format!("3201010101900002,{},A1", "A".repeat(201));
    let not_utf8 = b"nik,name,station\n3201010101900001,Budi,A1\n3201010101900002,Jos\xe9,A1\n".to_vec();
    let four_stations = ["A1", "A2", "A3", "A4"].map(|station| format!("320101010190,Budi Santoso,{station}"));
    let crowd = roll(&four_stations.iter().map(String::as_str).collect::<Vec<_>>());
    vec![
        voters(Kind::BrokenLine, "3201010101900002,\"Budi,A1", ""),
        voters(Kind::FieldCount, "3201010101900002,Budi, S.H.,A1", ""),
        (Kind::NotUtf8, "voters.csv", not_utf8, 3, "name"),
        voters(Kind::MissingField, "3201010101900002,Budi", "station"),
        voters(Kind::MissingField, ",Budi,A1", "nik"),
        voters(Kind::SpreadsheetDamage, "3.27302E+15,Budi,A1", "nik"),
        voters(Kind::SpreadsheetDamage, "\"3,27302E+15\",Budi,A1", "nik"),
        voters(Kind::SpreadsheetDamage, "3201010101900002,Budi,3.20101E+12", "station"),
        voters(Kind::NikNotDigits, "32010101019O0002,Budi,A1", "nik"),
        voters(Kind::NikLength, "32010101019000,Budi,A1", "nik"),
        voters(Kind::NikLength, "32010101019,Budi,A1", "nik"),
        voters(Kind::NikLength, "32010101019000021,Budi,A1", "nik"),
        voters(Kind::NameEmpty, "3201010101900002,,A1", "name"),
        voters(Kind::NameEmpty, "3201010101900002,---,A1", "name"),
        voters(Kind::NameTooLong, &long_name, "name"),
        voters(Kind::UnknownStation, "3201010101900002,Budi,C9", "station"),
        voters(Kind::DuplicateVoter, "3201 0101 0190 0001,Budi,A1", "nik"),
        (Kind::CrowdedKey, "voters.csv", crowd.into_bytes(), 5, "nik"),
        (
            Kind::UnknownVillage,
            "voters.csv",
            b"nik,name,station,village\n320101010190,Budi,A1,3201019999\n".to_vec(),
            2,
            "village",
        ),
        (Kind::BadCode, "voters.csv", b"nik,name,station,village\n320101010190,Budi,A1,Cibinong\n".to_vec(), 2, "village"),
        voters(Kind::ImpossibleDate, "3201013102900002,Budi,A1", "nik"),
        voters(Kind::UnknownDistrict, "3299990101900002,Budi,A1", "nik"),
        (Kind::SameVoterTwice, "voters.csv", roll(&["320101010190,Budi,A1", "320101010190,BUDI,A1"]).into_bytes(), 3, ""),
        stations(Kind::DuplicateStation, "A1,3201012002,7,,,,", "id"),
        stations(Kind::UnknownVillage, "X1,3201012009,1,,,,", "village"),
        stations(Kind::BadCode, "X1,Satu,1,,,,", "village"),
        stations(Kind::BadCode, "X1,320101,1,,,,", "village"),
        stations(Kind::BadNumber, "X1,3201012001,ten,,,,", "number"),
        stations(Kind::BadNumber, "X1,3201012001,0,,,,", "number"),
        stations(Kind::SameNumber, "X1,3201012001,1,,,,", "number"),
        stations(Kind::UnreadableCoordinates, "X1,3201012001,9,,,north,106.8", "lat"),
        stations(Kind::UnreadableCoordinates, "X1,3201012001,9,,,-6.4,", "lon"),
        stations(Kind::DoubtfulCoordinates, "X1,3201012001,9,,,106.84,-6.48", "lat"),
        stations(Kind::DoubtfulCoordinates, "X1,3201012001,9,,,0,0", "lat"),
        stations(Kind::DoubtfulCoordinates, "X1,3201012001,9,,,-7.2,106.84", "lat"),
        regions(Kind::BadCode, "32.01.01.20,Tiga", "code"),
        regions(Kind::BadCode, "00.00,Tiga", "code"),
        regions(Kind::DuplicateRegion, "3201012001,Tiga", "code"),
        regions(Kind::MissingParent, "32.02.01,Tiga", "code"),
        regions(Kind::MissingField, "32.01.01.2003,", "name"),
    ]
}

#[test]
fn each_kind_is_found_at_its_line_and_column() {
    for (kind, file, text, line, column) in cases() {
        let looked = Folder::with(file, &text).look();
        let what = String::from_utf8_lossy(&text);
        assert!(looked.result.is_ok(), "{kind:?}: {:?}", looked.result);
        assert!(looked.places().contains(&(kind, line, column.to_owned())), "{kind:?} in {what}\n{}", looked.report);
        assert_eq!(looked.report.count(kind), 1, "{kind:?} in {what}\n{}", looked.report);
        let rejected = u64::from(kind.severity() == Severity::Error);
        assert_eq!(looked.report.rejected(), rejected, "{kind:?} in {what}\n{}", looked.report);
        let problem = looked.report.of_kind(kind)[0];
        assert_eq!((problem.file.as_str(), problem.severity), (file, kind.severity()));
    }
}

#[test]
fn what_makes_a_file_useless_stops_and_names_every_such_file() {
    let utf16: Vec<u8> = "nik,name,station\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (kind, file, text, says) in [
        (Kind::NotCsv, "voters.csv", b"PK\x03\x04 and so on".to_vec(), "Excel"),
        (Kind::NotCsv, "voters.csv", b"<!DOCTYPE html><p>Sign in".to_vec(), "HTML"),
        (Kind::NotCsv, "stations.csv", utf16, "UTF-16"),
        (Kind::NotCsv, "regions.csv", b"\x01\x02\0\x03\0\0\x04".to_vec(), "binary"),
        (Kind::NotCsv, "regions.csv", Vec::new(), "empty"),
        (Kind::MissingColumn, "voters.csv", b"nik,nama,station\n".to_vec(), "\"nama\""),
        (Kind::MissingColumn, "stations.csv", b"id,village,number,venue,address,lat\nx\n".to_vec(), "\"lon\""),
        (Kind::DoubleColumn, "voters.csv", b"nik,name,station,NAME\n".to_vec(), "\"name\""),
        (Kind::BadWithheld, "withheld.csv", b"nik\n320101010190\n".to_vec(), "12 digits alone"),
        (Kind::BadWithheld, "withheld.csv", b"nik\n3.2E+15\n".to_vec(), "rounded"),
        (Kind::BadWithheld, "withheld.csv", b"nik,name\n320101010190,--\n".to_vec(), "nothing is left"),
        (Kind::BadConfig, "election.toml", b"name = \"Pemilu \xe9\"\n".to_vec(), "not UTF-8"),
    ] {
        let fatal = Folder::with(file, text).fatal();
        assert_eq!((fatal.len(), fatal[0].kind, fatal[0].file.as_str()), (1, kind, file), "{fatal:?}");
        assert!(fatal[0].message.contains(says), "{fatal:?}");
    }
    let folder = Folder::with("voters.csv", "nik,name\n").and("stations.csv", "PK\x03\x04");
    std::fs::remove_file(folder.path().join("regions.csv")).unwrap();
    let fatal: BTreeSet<(Kind, String)> = folder.fatal().into_iter().map(|problem| (problem.kind, problem.file)).collect();
    let expected = [(Kind::MissingFile, "regions.csv"), (Kind::NotCsv, "stations.csv"), (Kind::MissingColumn, "voters.csv")];
    assert_eq!(fatal, expected.map(|(kind, file)| (kind, file.to_owned())).into());
}

#[test]
fn every_kind_has_a_case() {
    let mut covered: BTreeSet<Kind> = cases().into_iter().map(|(kind, ..)| kind).collect();
    // The test above; those of withheld voters, scratch folders, accessibility, repeated digits, `election.toml` and what its folder holds.
    covered.extend([Kind::NotCsv, Kind::MissingColumn, Kind::DoubleColumn, Kind::BadWithheld, Kind::MissingFile]);
    covered.extend([Kind::WithheldUnmatched, Kind::WithheldLoosely, Kind::ScratchLeft, Kind::BadConfig]);
    covered.extend([Kind::UnclearAccessible, Kind::RepeatedDigits]);
    covered.extend([Kind::DoubleFile, Kind::ScratchElsewhere]);
    // What concerns no line, and the build refuses as well: by their exit status and in words.
    covered.extend([Kind::ElectionOver, Kind::NoVoters]);
    // Two million stations would take a test too long.
    covered.insert(Kind::TooManyStations);
    assert_eq!(covered, Kind::ALL.iter().copied().collect());
}

#[test]
fn a_voter_of_a_rejected_station_is_rejected_too() {
    let looked = Folder::with("stations.csv", STATIONS.replace("B1,3201012002", "B1,3201012009")).look();
    let expected = [(Kind::UnknownVillage, 6, "village".into()), (Kind::UnknownStation, 3, "station".into())];
    assert_eq!(looked.places(), expected);
    assert_eq!((looked.report.rejected(), looked.lines()), (2, vec![2]));
}

#[test]
fn all_that_is_wrong_with_a_line_is_told_and_the_line_counted_once() {
    let folder = Folder::with("voters.csv", roll(&["12,--,ZZ", "3201010101900001,Budi,A1"]));
    let looked = folder.look();
    let kinds: BTreeSet<Kind> = looked.places().into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [Kind::NikLength, Kind::NameEmpty, Kind::UnknownStation].into());
    assert_eq!((looked.report.errors(), looked.report.rejected()), (3, 1));
    let rejects = folder.read("rejects.csv");
    assert_eq!(rejects.lines().count(), 2);
    assert!(rejects.contains("voters.csv,2,nik_length,") && rejects.ends_with("\"12,--,ZZ\"\n"), "{rejects}");
}

#[test]
fn unclear_accessibility_and_repeated_digits_warn() {
    let header = STATIONS.replacen("lon\n", "lon,accessible,notice\n", 1);
    let folder = Folder::with("stations.csv", format!("{header}X1,3201012001,9,,,,,maybe,Moved\nX2,3201012001,8,,,,,Ya,\n"))
        .and("voters.csv", roll(&["1111111111111111,Budi,X1"]));
    let looked = folder.look();
    assert!(looked.places().contains(&(Kind::UnclearAccessible, 7, "accessible".into())), "{}", looked.report);
    assert!(looked.places().contains(&(Kind::RepeatedDigits, 2, "nik".into())), "{}", looked.report);
    assert_eq!((looked.report.errors(), looked.lines()), (0, vec![2]));
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
    assert!(swapped.look().report.of_kind(Kind::DoubtfulCoordinates)[0].message.contains("swapped"));
    // Codes of no Indonesian province may lie anywhere, but together.
    let elsewhere = |text: &str| text.replace("3201", "3901").replace("32.01", "39.01").replace("32,", "39,");
    let abroad = elsewhere(STATIONS).replace("-6.48", "52.48").replace("106.84", "13.84");
    let folder =
        Folder::with("stations.csv", abroad).and("regions.csv", elsewhere(REGIONS)).and("voters.csv", elsewhere(super::VOTERS));
    folder.look().assert_clean();
}

#[test]
fn no_problem_of_a_voter_repeats_a_nik_or_a_name() {
    for (_, file, text, ..) in cases().into_iter().filter(|(_, file, ..)| *file == "voters.csv") {
        let looked = Folder::with(file, text).look();
        for problem in looked.report.problems() {
            let digits = problem.to_string().bytes().filter(u8::is_ascii_digit).count();
            let text = problem.to_string();
            assert!(!text.contains("3201010101") && !text.to_lowercase().contains("budi") && digits < 20, "{text}");
        }
    }
    // Not even where columns have moved, or where the first line of names is missing.
    let moved = Folder::with("voters.csv", "nik,name,station\nBudi Santoso,A1,3201010101900001\n").look();
    assert!(!moved.report.to_string().contains("3201010101900001"), "{}", moved.report);
    let headless = Folder::with("voters.csv", "3201010101900001,Budi Santoso,A1\n").fatal();
    assert!(!headless.iter().any(|problem| problem.to_string().contains("Budi")), "{headless:?}");
}

#[test]
fn a_real_election_is_held_to_its_rules() {
    let real = ELECTION.replace("demo = true\n", "");
    let faults = |text: &str| {
        let fatal = Folder::with("election.toml", text).fatal();
        assert!(fatal.iter().all(|problem| problem.kind == Kind::BadConfig && problem.file == "election.toml"), "{fatal:?}");
        fatal.into_iter().map(|problem| (problem.line, problem.message)).collect::<Vec<_>>()
    };
    let basis = "legal_basis = \"Keputusan 1\"\n";
    assert!(Folder::with("election.toml", format!("{real}{basis}")).look().result.is_ok());
    assert_eq!(faults(&real), [(0, "`legal_basis` is missing or empty".into())]);
    assert_eq!(faults(&format!("{real}legal_basis = \" \"\n"))[0].0, 6);
    let cheap = format!("{real}{basis}[sealing]\nmemory_kib = 19455\npasses = 1\npepper_bits = 5\nseed = 7\n");
    let lines: Vec<u64> = faults(&cheap).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [8, 9, 10, 11]);
    assert!(
        Folder::with("election.toml", format!("{ELECTION}[sealing]\nmemory_kib = 8\npasses = 1\nseed = 7\n"))
            .look()
            .result
            .is_ok()
    );
}

#[test]
fn every_slip_in_election_toml_is_told_with_its_line() {
    let lines = |text: &str| Folder::with("election.toml", text).fatal().iter().map(|problem| problem.line).collect::<Vec<_>>();
    let several = "id = \"Uji Coba\"\nname = \"\"\nday = \"2029-02-30\"\nopens = \"13:00\"\ncloses = \"07:00\"\ndemo = true\n\
        help_url = \"javascript:alert(1)\"\n[time_zones]\n\"9\" = \"WIT\"\n\"91\" = \"UTC\"\n[tables]\nmin_voters = 9\nmax_voters = 10\n\
        [site]\nmirrors = [\"./\", \"ftp://x/\"]\n";
    assert_eq!(lines(several), [1, 2, 3, 5, 7, 12, 9, 10, 15]);
    let fatal = Folder::with("election.toml", format!("{ELECTION}dday = 1\n")).fatal();
    assert!(fatal[0].line == 7 && fatal[0].message.contains("dday") && fatal[0].message.contains("closes"), "{fatal:?}");
    assert_eq!(lines(&format!("{ELECTION}[input.columns.voters]\nnick = \"x\"\n")), [8]);
    assert_eq!(lines("id = \n"), [1]);
}
