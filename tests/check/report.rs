//! `bilik report --cost`: the model as it is typed, and the document that prints it.

use super::{BILIK, ELECTION};
use bilik_testkit::{Folder, RunOutput, roll};
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- begin: bilik report --cost -->\n```text\n";
const END: &str = "```\n<!-- end -->";

fn report(arguments: &[&str]) -> RunOutput {
    RunOutput::of(BILIK.command().arg("report").args(arguments))
}

fn threat_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/threat-model.md")
}

/// `BILIK_WRITE_DOCS=1 cargo test --test check report` writes the document's figures anew.
#[test]
fn the_threat_model_prints_what_the_model_says() {
    let text = fs::read_to_string(threat_model()).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the mark before the figures");
    let (printed, after) = rest.split_once(END).expect("the mark after the figures");
    let said = report(&["--cost"]).exits_with(0).out;
    if std::env::var_os("BILIK_WRITE_DOCS").is_some() {
        fs::write(threat_model(), format!("{before}{BEGIN}{said}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(printed, said, "BILIK_WRITE_DOCS=1 cargo test --test check report");
}

#[test]
fn the_threat_model_states_the_floors_of_the_build() {
    let text = fs::read_to_string(threat_model()).unwrap();
    let json = report(&["--cost", "--json"]).exits_with(0).json();
    for floor in json["floors"].as_array().unwrap() {
        let dollars = floor["floor"]["dollars"].as_f64().unwrap();
        let stated = format!("**${},000", dollars / 1_000.0);
        assert!(text.contains(&stated), "{stated} is not stated");
    }
}

#[test]
fn a_roll_is_priced_by_its_own_settings_and_shape() {
    let sealing = "[sealing]\nmemory_kib = 256\npasses = 1\n";
    let folder = Folder::with("election.toml", format!("{ELECTION}{sealing}"));
    let path = folder.path().to_str().unwrap();
    let json = report(&["--cost", "--json", path]).exits_with(0).json();
    assert_eq!((&json["population"]["voters"], &json["settings"]["memory_kib"]), (&2.0.into(), &256.into()));
    assert_eq!((&json["population"]["long_share"], &json["population"]["home_share"]), (&0.5.into(), &1.0.into()));
    assert_eq!(json["population"]["villages_per_district"], 2.0);
    let harvests = json["harvests"].as_array().unwrap();
    assert_eq!(harvests.len(), 15);
    for harvest in harvests {
        assert!(harvest["dollars"]["rented_gpu"].as_f64().is_some_and(|dollars| dollars > 0.0), "{harvest}");
    }
    // A demo may be as cheap as it likes; the table says so.
    assert!(report(&["--cost", path]).exits_with(0).out.contains("NOT REACHED"));
    assert_eq!(folder.names().len(), 4, "nothing is left behind");
}

#[test]
fn the_table_with_the_easiest_names_is_named() {
    let names = ["Wayan", "Made", "Nyoman"];
    let lines: Vec<String> = (0..2_400_usize)
        .map(|n| format!("320101{:02}{:02}{:02}{n:04},{},A1", n % 28 + 1, n % 12 + 1, n % 60, names[n % 3]))
        .collect();
    let folder = Folder::with("voters.csv", roll(&lines.iter().map(String::as_str).collect::<Vec<_>>()));
    let json = report(&["--cost", "--json", folder.path().to_str().unwrap()]).exits_with(0).json();
    let weakest = &json["weakest"];
    assert_eq!((&weakest["label"], &weakest["harvest"]["recipe"]), (&"320101".into(), &"near".into()));
    assert!(weakest["tokens_for_half"].as_f64().is_some_and(|tokens| (1.0..=2.0).contains(&tokens)), "{weakest}");
}

#[test]
fn prices_can_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prices.toml");
    let prices = report(&["--print-prices"]).exits_with(0).out;
    fs::write(&file, prices.replace("dollars_per_hour = 0.34", "dollars_per_hour = 3.4")).unwrap();
    let dollars = |arguments: &[&str]| {
        let json = report(arguments).exits_with(0).json();
        (json["harvests"][0]["dollars"]["rented_gpu"].as_f64().unwrap(), json["floors"][0]["dollars"].as_f64().unwrap())
    };
    let (usual, floor) = dollars(&["--cost", "--json"]);
    let (dear, same_floor) = dollars(&["--cost", "--json", "--prices", file.to_str().unwrap()]);
    assert!((dear / usual - 10.0).abs() < 1e-9, "{usual} and {dear}");
    assert!((floor - same_floor).abs() < 1e-9, "a floor is in the default prices");
    fs::write(&file, "[cpu_core]\n").unwrap();
    let refused = report(&["--cost", "--prices", file.to_str().unwrap()]).exits_with(2);
    assert!(refused.err.contains("prices.toml: not a table of prices"), "{refused:?}");
}

#[test]
fn a_report_without_a_question_is_refused() {
    let refused = report(&[]).exits_with(2).err;
    assert!(refused.contains("<SITE>") && refused.contains("--out <FILE>"), "{refused}");
    assert!(report(&["site"]).exits_with(2).err.contains("--out <FILE>"), "a page needs a place");
}
