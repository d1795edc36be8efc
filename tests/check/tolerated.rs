//! Real-world mess that is taken in stride: the same voters come out, and nothing is reported.

use super::{ELECTION, REGIONS, STATIONS, VOTERS};
use bilik_publish::problem::{FileLine, ProblemKind};
use bilik_publish::roll::Voter;
use bilik_testkit::Folder;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write as _;

pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Voters without their lines.
fn voters(folder: &Folder) -> Vec<Voter> {
    let outcome = folder.check();
    outcome.assert_clean();
    outcome.voters().into_iter().map(|voter| Voter { line: FileLine::default(), ..voter }).collect()
}

#[test]
fn other_ways_to_write_the_same_roll_give_the_same_voters() {
    let plain = voters(&Folder::new());
    assert_eq!(plain.len(), 2);
    let crlf = VOTERS.replace('\n', "\r\n");
    let quoted =
        "\"nik\",\"name\",\"station\"\n\"3201010101900001\",\"Budi Santoso\",\"A1\"\n\"3201014101900001\",\"Siti Aminah\",\"B1\"";
    let mess = [
        ("BOM", format!("\u{feff}{VOTERS}")),
        ("CRLF", crlf.clone()),
        ("BOM, CRLF and blank lines at the end", format!("\u{feff}{crlf}\r\n\r\n  \r\n,,\r\n")),
        ("old Mac line ends", VOTERS.replace('\n', "\r")),
        ("no last line end", VOTERS.trim_end().to_owned()),
        ("semicolons", VOTERS.replace(',', ";")),
        ("tabs", VOTERS.replace(',', "\t")),
        ("Excel's sep line", format!("sep=;\r\n{}", VOTERS.replace(',', ";"))),
        ("quotes", quoted.to_owned()),
        ("quotes behind a BOM", format!("\u{feff}{quoted}")),
        ("blanks", VOTERS.replace(',', " , ").replace("Budi Santoso", "  Budi Santoso\u{a0} ")),
        ("mixed case in the header", VOTERS.replacen("nik,name,station", "NIK, Name ,STATION", 1)),
        ("more columns", VOTERS.replace('\n', ",x\n")),
        (
            "another order",
            "station,extra,name,nik\nA1,,Budi Santoso,3201010101900001\nB1,,Siti Aminah,3201014101900001\n".to_owned(),
        ),
        (
            "apostrophes and dots",
            VOTERS.replace("3201010101900001", "'32.01.01.010190.0001").replace("3201014101900001", "3201 0141 0190 0001"),
        ),
        ("one lone carriage return for a line end", VOTERS.replacen("A1\n", "A1\r", 1)),
        ("formulas", VOTERS.replace("3201010101900001", "=\"3201010101900001\"")),
        ("empty village", VOTERS.replacen("station\n", "station,village\n", 1)),
    ];
    for (what, text) in mess {
        assert_eq!(voters(&Folder::with("voters.csv", text)), plain, "{what}");
    }
}

#[test]
fn utf_16_is_read_as_utf_8_is() {
    let text = VOTERS.replace("Siti Aminah", "Siti Aminah É");
    let plain = voters(&Folder::with("voters.csv", &text));
    for mark in ["", "\u{feff}"] {
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = format!("{mark}{text}").encode_utf16().flat_map(to_bytes).collect();
            assert_eq!(voters(&Folder::with("voters.csv", &bytes)), plain);
        }
    }
    // Half of a pair.
    let mut units: Vec<u16> = text.encode_utf16().collect();
    units[30] = 0xd800;
    let bytes: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
    let outcome = Folder::with("voters.csv", bytes).check();
    assert_eq!(outcome.places(), [(ProblemKind::NotUtf8, 2, "nik".into())]);
}

#[test]
fn gzip_is_known_by_its_first_bytes_whatever_the_name() {
    let plain = voters(&Folder::new());
    assert_eq!(voters(&Folder::with("voters.csv", gzip(VOTERS))), plain);
    let folder = Folder::with("voters.csv.gz", gzip(VOTERS));
    std::fs::remove_file(folder.path().join("voters.csv")).unwrap();
    assert_eq!(voters(&folder), plain);
    // Not packed, in spite of its name.
    folder.put("voters.csv.gz", VOTERS);
    assert_eq!(voters(&folder), plain);
    let blanks = REGIONS.replace("32.01", "32. 01").replace("01.01.", "01 . 01. ");
    assert_eq!(voters(&Folder::with("regions.csv", blanks)), plain);
    let packed = Folder::with("stations.csv", gzip(STATIONS)).and("regions.csv", gzip(REGIONS));
    assert_eq!(voters(&packed), plain);
    let cut = gzip(&VOTERS.repeat(100));
    let fatal = Folder::with("voters.csv", &cut[..cut.len() - 9]).fatal();
    assert!(fatal[0].todo.english().contains("cut off"), "{fatal:?}");
}

#[test]
fn columns_and_files_are_mapped_in_election_toml() {
    let config = format!(
        "{ELECTION}[input]\nvoters = \"dpt.txt\"\n[input.columns.voters]\nnik = \"NO_NIK\"\nname = \"Nama Pemilih\"\nstation = \"tps\"\n\
         [input.columns.regions]\ncode = \"kode\"\n"
    );
    let folder = Folder::with("election.toml", config)
        .and("regions.csv", REGIONS.replacen("code", "Kode", 1))
        .and("dpt.txt", VOTERS.replacen("nik,name,station", "no nik;NAMA_PEMILIH;TPS", 1).replace(',', ";"));
    assert_eq!(voters(&folder), voters(&Folder::new()));
}

#[test]
fn lines_are_counted_as_the_file_has_them() {
    // A field over two lines, a blank line, and CRLF.
    let text = "nik,name,station,address\r\n\r\n3201010101900001,Budi,A1,\"Jl. 1\r\nRT 2\"\r\n3201014101900001,Siti,B1,x\r\n12,Ani,A1,x\r\n";
    let outcome = Folder::with("voters.csv", text).check();
    assert_eq!(outcome.lines(), [3, 5]);
    assert_eq!(outcome.report.problems().iter().map(|problem| problem.line).collect::<Vec<_>>(), [6]);
}

#[test]
fn an_open_quotation_mark_costs_its_own_line_only() {
    let mut lines: Vec<String> = (0..200).map(|n| format!("320101010190{n:04},Budi {n},A1")).collect();
    lines[5] = "3201010101909999,\"Budi,A1".to_owned();
    // The next one closes it by chance, and would swallow the lines between.
    lines[9] = "3201010101909998,\"Ani\" Wati,A1".to_owned();
    lines[150] = "3201010101909997,\"Ani,A1".to_owned();
    let folder = Folder::with("voters.csv", format!("nik,name,station\n{}\n", lines.join("\n")));
    let outcome = folder.check();
    let broken: Vec<u64> = outcome.report.problems().iter().map(|problem| problem.line).collect();
    assert_eq!((broken, outcome.lines().len()), (vec![7, 152], 198), "{}", outcome.report);
    assert!(folder.read("rejects.csv").contains("\"3201010101909999,\"\"Budi,A1\""));
}

#[test]
fn a_station_number_reads_with_its_label_and_stations_come_in_order() {
    let text = "id,village,number,venue,address,lat,lon\n\
        z,32.01.01.2002,TPS 001,,,,\nb,3201012001,010,,,\"-6,48\",\"106,84\"\na,3201012001,9,,,,\n";
    let folder = Folder::with("stations.csv", text).and("voters.csv", "nik,name,station\n320101010190,Budi,z\n");
    folder.check().assert_clean();
    let input = folder.input();
    let ids: Vec<&str> = input.stations.rows().iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "z"]);
    assert_eq!(input.stations.by_id("z"), Some(2));
    let place = input.stations.rows()[1].station.place.unwrap();
    assert!((place.lat() + 6.48).abs() < 1e-9 && !place.doubtful);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a name holds, a CSV writer's quoting is undone, and each voter has the number of their first line.
    #[test]
    fn names_come_back_from_quotes_with_their_lines(names in prop::collection::vec("A[a-z \",;'\n\\PC]{0,12}B", 1..30)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["nik", "name", "station"]).unwrap();
        let mut line = 2;
        let mut expected = Vec::new();
        for (serial, name) in names.iter().enumerate() {
            writer.write_record([&format!("320101010190{serial:04}"), name, "A1"]).unwrap();
            expected.push((line, name.clone()));
            line += 1 + name.matches('\n').count();
        }
        let outcome = Folder::with("voters.csv", writer.into_inner().unwrap()).check();
        let voters: Vec<(usize, String)> =
            outcome.voters().into_iter().map(|voter| (usize::try_from(voter.line.number()).unwrap(), voter.name.reveal().to_owned())).collect();
        prop_assert_eq!(voters, expected, "{}", outcome.report);
    }

    /// Any bytes at all get an answer, and no line counts twice.
    #[test]
    fn any_bytes_get_an_answer(
        pieces in prop::collection::vec(
            prop_oneof![
                4 => prop::sample::select(vec!["\"", ",", "\n", "\r\n", ";", "'", "A1", "Budi", "320101010190", "3201010101900001", " ", "\r"])
                    .prop_map(|piece| piece.as_bytes().to_vec()),
                1 => prop::collection::vec(any::<u8>(), 1..4),
            ],
            0..120,
        ),
        has_header in prop::bool::weighted(0.9),
    ) {
        let mut text = if has_header { b"nik,name,station\n".to_vec() } else { Vec::new() };
        text.extend(pieces.concat());
        let lines = text.split(|&byte| byte == b'\n').count();
        let outcome = Folder::with("voters.csv", text).check();
        if let Ok(checked) = &outcome.result {
            prop_assert!(usize::try_from(checked.voters + outcome.report.rejected()).unwrap() <= lines);
            prop_assert_eq!(outcome.voters().len(), usize::try_from(checked.voters).unwrap());
        }
    }
}
