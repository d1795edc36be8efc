//! One roll in the forms in which it comes gives the same site to the last byte.

use super::BILIK;
use super::workbooks::{Cell, workbook};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, Tree, tree};
use std::collections::HashSet;
use std::fs;
use std::path::Path;

/// A line of the roll: NIK, name, station and village.
type Row = Vec<String>;

fn shape() -> Shape {
    Shape { cost: MIN_COST, sealing_seed: Some(1), min_voters: 100, max_keys: 400, ..Shape::demo(1_500) }
}

/// The site of the same election whose roll is written otherwise. `write` gets the columns and the rows, and gives what
/// `voters` is in election.toml.
fn site(key: &Operator, write: impl Fn(&Path, &Row, Vec<Row>) -> &'static str) -> Tree {
    let (operator, _) = Operator::of(BILIK, &shape());
    fs::copy(key.key(), operator.key()).unwrap();
    let folder = operator.election();
    let mut roll = csv::Reader::from_path(folder.join("voters.csv")).unwrap();
    let columns: Row = roll.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = roll.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    fs::remove_file(folder.join("voters.csv")).unwrap();
    let voters = write(&folder, &columns, rows);
    let toml = fs::read_to_string(folder.join("election.toml")).unwrap();
    assert!(!toml.contains("\n[input]"));
    fs::write(folder.join("election.toml"), format!("{toml}\n[input]\nvoters = \"{voters}\"\n")).unwrap();
    operator.build();
    tree(&operator.site())
}

fn text(columns: &Row, rows: &[Row], delimiter: &str) -> String {
    let line = |row: &Row| row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(delimiter);
    [columns].into_iter().chain(rows).map(|row| line(row) + "\r\n").collect()
}

#[test]
fn folders_encodings_workbooks_and_rounded_niks_give_the_site_of_the_clean_csv() {
    let (key, _) = Operator::of(BILIK, &shape());
    key.build();
    let clean = tree(&key.site());
    let folder = site(&key, |folder, columns, rows| {
        fs::create_dir(folder.join("dpt")).unwrap();
        for (at, rows) in rows.chunks(rows.len().div_ceil(514)).enumerate() {
            let delimiter = [",", ";", "\t", "|"][at % 4];
            fs::write(folder.join(format!("dpt/{at:03}.csv")), text(columns, rows, delimiter)).unwrap();
        }
        "dpt/"
    });
    assert!(folder == clean, "a folder of files");
    let utf_16 = site(&key, |folder, columns, rows| {
        let units = format!("\u{feff}{}", text(columns, &rows, "\t"));
        fs::write(folder.join("dpt.txt"), units.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
        "dpt.txt"
    });
    assert!(utf_16 == clean, "UTF-16");
    let rounded = site(&key, |folder, columns, mut rows| {
        // Of two people with one name whose NIKs it made the same, the second would be taken for a duplicate.
        let mut seen = HashSet::new();
        for row in &mut rows {
            let is_new = row[0].len() == 16 && seen.insert((row[0][..15].to_owned(), row[1].to_lowercase()));
            if is_new {
                row[0].replace_range(15.., "0");
            }
        }
        fs::write(folder.join("dpt.csv"), text(columns, &rows, ",")).unwrap();
        "dpt.csv"
    });
    assert!(rounded == clean, "rounded NIKs");
    // One sheet has NIKs as texts under a title, and the other as numbers.
    let sheets = site(&key, |folder, columns, rows| {
        let (as_texts, as_numbers) = rows.split_at(rows.len() / 2);
        let columns = || columns.iter().map(|name| Cell::Text(name)).collect::<Vec<_>>();
        let texts = as_texts.iter().map(|row| row.iter().map(|cell| Cell::Text(cell)).collect());
        let number = |at, cell: &'_ String| if at == 0 { Some(Cell::Number(cell.parse().ok()?)) } else { None };
        let numbers = as_numbers
            .iter()
            .map(|row| row.iter().enumerate().map(|(at, cell)| number(at, cell).unwrap_or(Cell::Text(cell))).collect::<Vec<_>>());
        let one = [vec![Cell::Text("DAFTAR PEMILIH")], Vec::new(), columns()].into_iter().chain(texts).collect();
        let other = [columns()].into_iter().chain(numbers).collect();
        fs::write(folder.join("dpt.xlsx"), workbook(&[("Satu", one), ("Dua", other)])).unwrap();
        "dpt.xlsx"
    });
    assert!(sheets == clean, "a workbook");
}
