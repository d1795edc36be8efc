//! Excel workbooks as they come: titles above the columns, several sheets, NIKs as text or as numbers.

use super::{ELECTION, REGIONS, VOTERS};
use bilik_publish::problem::ProblemKind;
use bilik_testkit::{CheckResult, Folder};
use rust_xlsxwriter::Workbook;

/// A cell of a sheet.
#[derive(Clone, Copy)]
pub enum Cell<'a> {
    Text(&'a str),
    Number(f64),
}

/// A workbook of sheets by their names.
pub fn workbook(sheets: &[(&str, Vec<Vec<Cell>>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Text("") => {}
                    Cell::Text(text) => drop(sheet.write_string(row, column, *text).unwrap()),
                    Cell::Number(number) => drop(sheet.write_number(row, column, *number).unwrap()),
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Rows of texts, one for each line, parted by commas.
fn texts(lines: &str) -> Vec<Vec<Cell<'_>>> {
    lines.lines().map(|line| line.split(',').map(Cell::Text).collect()).collect()
}

fn with_roll(name: &str, bytes: impl AsRef<[u8]>) -> Folder {
    Folder::with("election.toml", format!("{ELECTION}[input]\nvoters = \"{name}\"\n")).and(name, bytes)
}

fn told(outcome: &CheckResult, kind: ProblemKind) -> Vec<(String, u64, String)> {
    let problems = outcome.report.of_kind(kind);
    problems.into_iter().map(|problem| (problem.file.clone(), problem.line, problem.message.english().to_owned())).collect()
}

fn names(outcome: &CheckResult) -> Vec<String> {
    outcome.voters().into_iter().map(|voter| voter.name.reveal().to_owned()).collect()
}

#[test]
fn a_workbook_is_read_with_titles_above_its_columns() {
    let titles = format!("DAFTAR PEMILIH TETAP\n,,KABUPATEN CONTOH\n\n{VOTERS}");
    let outcome = with_roll("dpt.xlsx", workbook(&[("Sheet1", texts(&titles))])).check();
    outcome.assert_clean();
    assert_eq!((names(&outcome), outcome.lines()), (vec!["Budi Santoso".into(), "Siti Aminah".into()], vec![5, 6]));
    // As the other files of the election, whatever their names.
    let folder = Folder::with("regions.csv", workbook(&[("Wilayah", texts(REGIONS))]));
    folder.check().assert_clean();
}

#[test]
fn titles_above_the_columns_are_passed_over_in_csv_too() {
    let titles =
        format!("\u{feff}DAFTAR PEMILIH TETAP;;\n\"Kabupaten \"\"Contoh\"\"\n;Tahun 2029;\n{}", VOTERS.replace(',', ";"));
    let outcome = Folder::with("voters.csv", titles).check();
    outcome.assert_clean();
    assert_eq!(outcome.lines(), [5, 6]);
    let far = format!("{}{VOTERS}", "Judul\n".repeat(20));
    assert_eq!(Folder::with("voters.csv", far).fatal().len(), 3);
}

#[test]
fn each_sheet_with_the_columns_is_read_and_problems_name_the_sheet_and_its_row() {
    let sheets = [
        ("Ringkasan", texts("Jumlah,2\nTPS,2")),
        ("Satu", texts("nik,name,station\n3201010101900001,Budi Santoso,A1\n12,Ani,A1")),
        ("Kosong", Vec::new()),
        ("Dua", texts("\n\nstation,NIK,Name\nB1,3201014101900001,Siti Aminah\nB1,3201010101900001,Budi Santoso")),
    ];
    let folder = with_roll("dpt.xlsx", workbook(&sheets));
    let outcome = folder.check();
    assert_eq!(names(&outcome), ["Budi Santoso", "Siti Aminah"]);
    let ignored = told(&outcome, ProblemKind::IgnoredFile);
    assert_eq!(ignored.iter().map(|(file, ..)| file.as_str()).collect::<Vec<_>>(), ["dpt.xlsx, sheet Ringkasan"]);
    assert_eq!(told(&outcome, ProblemKind::NikLength), [("dpt.xlsx, sheet Satu".into(), 3, "it has 2 digits".into())]);
    let twice = "the same 16 digits are in line 2 of dpt.xlsx, sheet Satu".into();
    assert_eq!(told(&outcome, ProblemKind::DuplicateVoter), [("dpt.xlsx, sheet Dua".into(), 5, twice)]);
    let rejects = folder.read("rejects.csv");
    assert!(rejects.contains("\"dpt.xlsx, sheet Satu\",3,nik_length,it has 2 digits,\"12,Ani,A1\"\n"), "{rejects}");
}

#[test]
fn a_nik_that_is_a_number_gives_its_digits_and_a_warning_where_a_spreadsheet_rounded_it() {
    let row = |nik, name, station| vec![Cell::Number(nik), Cell::Text(name), Cell::Text(station)];
    let header = || vec![Cell::Text("nik"), Cell::Text("name"), Cell::Text("station")];
    // Two people whose last digits the spreadsheet has made zeros.
    let rows = vec![
        header(),
        row(3_201_010_101_900_000.0, "Budi Santoso", "A1"),
        row(3_201_010_101_900_000.0, "Ani Wijaya", "A2"),
        row(320_101_410_190.0, "Siti Aminah", "B1"),
    ];
    let outcome = with_roll("dpt.xlsx", workbook(&[("Sheet1", rows)])).check();
    assert_eq!(names(&outcome), ["Budi Santoso", "Ani Wijaya", "Siti Aminah"]);
    assert_eq!(outcome.voters()[0].serial, Some(0));
    let rounded = "it has 2 numbers of 16 digits, and each ends in a zero";
    assert_eq!(told(&outcome, ProblemKind::LongNumber), [("dpt.xlsx".into(), 0, rounded.into())]);
    assert_eq!((outcome.report.count(ProblemKind::RoundedNik), outcome.report.errors()), (1, 0));
    // Another program keeps all digits.
    let rows = vec![header(), row(3_201_010_101_900_001.0, "Budi Santoso", "A1"), row(3_201_010_101_900_010.0, "Ani", "A2")];
    let outcome = with_roll("dpt.xlsx", workbook(&[("Sheet1", rows)])).check();
    outcome.assert_clean();
    assert_eq!(outcome.voters().iter().map(|voter| voter.serial).collect::<Vec<_>>(), [Some(1), Some(10)]);
}

#[test]
fn a_withheld_voter_whose_nik_was_rounded_in_one_of_the_files_is_withheld() {
    for (in_roll, in_list) in [("3201010101900010", "3201010101900017"), ("3201010101900017", "3201010101900010")] {
        let folder = Folder::with("voters.csv", format!("{VOTERS}{in_roll},Ani Wijaya,A1\n"))
            .and("withheld.csv", format!("nik\n{in_list}\n"));
        let outcome = folder.check();
        assert_eq!(names(&outcome), ["Budi Santoso", "Siti Aminah"]);
        assert_eq!(outcome.report.count(ProblemKind::WithheldLoosely), 1);
    }
}

#[test]
fn workbooks_that_cannot_be_read_are_told() {
    let whole = workbook(&[("Sheet1", texts(VOTERS))]);
    for (bytes, kind, says) in [
        (whole[..whole.len() / 2].to_vec(), ProblemKind::NotCsv, "not a whole Excel workbook"),
        (workbook(&[("Sheet1", texts("nik,nama,station\n1,2,3"))]), ProblemKind::MissingColumn, "\"nama\""),
        (workbook(&[("Sheet1", Vec::new())]), ProblemKind::NoTable, "blank"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on".to_vec(), ProblemKind::NotCsv, "old or encrypted"),
    ] {
        let fatal = with_roll("dpt.xlsx", bytes).fatal();
        assert_eq!((fatal.len(), fatal[0].kind, fatal[0].file.as_str()), (1, kind, "dpt.xlsx"), "{fatal:?}");
        assert!(fatal[0].message.english().contains(says), "{fatal:?}");
    }
}

#[test]
fn a_sheet_that_lacks_one_column_or_says_who_is_withheld_is_not_left_out() {
    let second = "nik,nama,station\n3201010101900009,Dewi Contoh,A1\n";
    let roll = with_roll("dpt.xlsx", workbook(&[("Kec A", texts(VOTERS)), ("Kec B", texts(second))]));
    let fatal = roll.fatal();
    assert!(
        fatal.iter().any(|problem| problem.kind == ProblemKind::MissingColumn && problem.file.contains("Kec B")),
        "{fatal:?}"
    );
    let withheld = workbook(&[("A", texts("nik\n3201010101900009\n")), ("B", texts("Nomor,Catatan\n1,x\n"))]);
    let settings = format!("{ELECTION}[input]\nwithheld = \"rahasia.xlsx\"\n");
    let fatal = Folder::with("election.toml", settings).and("rahasia.xlsx", withheld).fatal();
    assert!(fatal.iter().any(|problem| problem.file.contains("sheet B")), "{fatal:?}");
}
