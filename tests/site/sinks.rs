//! Text from outside that would steer a terminal, run in a spreadsheet or turn the text around it: escaped wherever it is printed.

use crate::{BILIK, bilik, small};
use bilik_testkit::{Election, files};
use std::fs;

/// A colour, a window's title, and text that runs from right to left.
const STEERING: &str = "\u{1b}[31m\u{1b}]0;x\u{7}\u{202e}\u{2066}";

fn is_harmless(printed: &str) -> bool {
    !printed
        .chars()
        .any(|c| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c))
}

#[test]
fn a_message_shows_what_would_steer_a_terminal() {
    let missing = format!("no{STEERING}such");
    let refused = bilik(&[&"inspect", &missing]);
    assert_ne!(refused.code, 0);
    assert!(refused.err.contains("\\u{1b}[31m") && is_harmless(&refused.printed()), "{:?}", refused.printed());
}

#[test]
fn json_has_the_same_text_escaped() {
    let operator = small();
    // election.toml may not contain any; the name of a region may.
    let regions = operator.election().join("regions.csv");
    let text = fs::read_to_string(&regions).unwrap();
    let (before, name) = text.split_once("39,").unwrap();
    fs::write(&regions, format!("{before}39,Pemilu \u{202e}\u{2066} Uji {name}")).unwrap();
    operator.build();
    let manifests = files(&operator.site(), "m");
    let newest = |path: &&(String, Vec<u8>)| path.0 == operator.head().manifest.path(bilik::format::Kind::Manifest);
    let (path, _) = manifests.iter().find(newest).unwrap();
    let shown = bilik(&[&"inspect", &operator.site().join(path)]).exits_with(0);
    assert!(is_harmless(&shown.printed()), "{:?}", shown.printed());
    let name = shown.json()["file"]["provinces"][0]["name"].as_str().unwrap().to_owned();
    assert!(name.starts_with("Pemilu \u{202e}\u{2066} Uji "), "{name:?}");
}

#[test]
fn a_rejected_line_is_not_a_formula() {
    let line = "=HYPERLINK(\"https://a.example\"),Contoh,A1";
    let operator = Election::sample().append("voters.csv", line).operator(BILIK);
    operator.run_build(&[]).exits_with(1);
    let rejects = fs::read(operator.election().join("rejects.csv")).unwrap();
    let raw = csv_cells(&rejects).pop().unwrap().pop().unwrap();
    assert!(raw.starts_with("'=HYPERLINK("), "{raw}");
}

fn csv_cells(bytes: &[u8]) -> Vec<Vec<String>> {
    csv::Reader::from_reader(bytes).records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}
