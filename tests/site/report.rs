//! `bilik report`: its figures are those of `verify` and `inspect`, and its page says what was not given.

use crate::{BILIK, bilik, small};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{Election, MIN_COST, Operator, RunOutput, copy_folder, files, mode};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;

fn report(operator: &Operator, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
    let (site, key) = (operator.site(), operator.public_key());
    bilik(&[&[&"report" as &dyn AsRef<OsStr>, &site, &"--public-key", &key], more].concat())
}

fn demo(voters: u64) -> Operator {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, sealing_seed: Some(5), ..Shape::demo(voters) });
    operator.build();
    operator
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is not a count"))
}

#[test]
fn the_figures_are_those_of_verify_and_inspect() {
    let operator = demo(4_000);
    let figures = report(&operator, &[&"--json"]).exits_with(0).json();
    let site = &figures["site"];
    let verified = operator.run_verify(&[&"--json", &"--roll", &operator.election()]).exits_with(0).json();
    for (own, other) in [("files", "files"), ("bytes", "bytes"), ("tables", "tables"), ("stations", "stations")] {
        assert_eq!(site["totals"][own], verified[other], "{own}");
    }
    let head = &site["head"];
    for (own, other) in [("serial", "serial"), ("signedAt", "signedAt"), ("expires", "expires")] {
        assert_eq!(head[own], verified[other], "{own}");
    }
    // Keys are counted by the sizes of structures, to within some; voters by their keys.
    let near = |own: u64, other: &Value, share: f64| {
        let other = number(other);
        assert!(own.abs_diff(other) as f64 <= share * other as f64, "{own}, and {other} by the roll");
    };
    let totals = &site["totals"];
    near(number(&totals["fullKeys"]) + number(&totals["nearKeys"]), &verified["roll"]["keys"], 0.002);
    near(number(&totals["voters"]), &verified["roll"]["voters"], 0.01);
    assert_eq!(site["derivations"]["sampledVoters"], verified["roll"]["asked"]);
    let voters: u64 = site["regencies"].as_array().unwrap().iter().map(|regency| number(&regency["voters"])).sum();
    assert!(voters.abs_diff(number(&totals["voters"])) < 10, "the regencies add up");

    // Each table, by what `inspect` says of its file.
    let inspected = |name: &str| bilik(&[&"inspect", &operator.site().join(name)]).exits_with(0).json();
    let manifest = inspected(&format!("m/{}.bilik", head["manifest"].as_str().unwrap()));
    assert_eq!(site["sealing"], manifest["file"]["sealing"]);
    let mut bytes = 0;
    for (name, _) in files(&operator.site(), "t") {
        let table = inspected(&name);
        let label = table["file"]["label"].as_str().unwrap();
        let groups = site["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["label"] == label).unwrap_or_else(|| panic!("{label} is in no group"));
        let own = &group[table["file"]["recipe"].as_str().unwrap()];
        assert_eq!((&own["bytes"], &own["files"]), (&table["bytes"], &1.into()), "{label}");
        assert_eq!(own["layers"], table["file"]["narrow"]["layers"], "{label}");
        bytes += number(&own["bytes"]);
    }
    let of_kind = |kind: &str| number(&site["files"][kind]["bytes"]);
    assert_eq!(bytes, of_kind("tablesByFull") + of_kind("tablesByNear"));
}

#[test]
fn what_the_roll_holds_is_counted_by_regency_as_check_counts_it() {
    let operator = demo(3_000);
    let (election, roll) = (operator.election(), operator.election().join("voters.csv"));
    let text = fs::read_to_string(&roll).unwrap();
    let station = text.lines().nth(1).unwrap().rsplit(',').find(|cell| cell.len() > 3).unwrap().to_owned();
    let bad = format!("390101120,Contoh Nama,{station}\n").repeat(7);
    fs::write(&roll, format!("{}\n{bad}", text.trim_end())).unwrap();
    let figures = report(&operator, &[&"--roll", &election, &"--json"]).exits_with(0).json();
    let checked = bilik(&[&"check", &election, &"--json"]).exits_with(1).json();
    let kinds = figures["quality"]["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), checked["counts"].as_object().unwrap().len());
    for kind in kinds {
        assert_eq!(kind["count"], checked["counts"][kind["kind"].as_str().unwrap()], "{kind}");
        let located: u64 = kind["regencies"].as_array().unwrap().iter().map(|regency| number(&regency[1])).sum();
        assert!(located <= number(&kind["count"]), "{kind}");
    }
    let length = kinds.iter().find(|kind| kind["kind"] == "nik_length").unwrap();
    assert_eq!(length["regencies"], serde_json::json!([[&station[..4], 7]]));
    assert_eq!(figures["quality"]["rejectedLines"], checked["rejected"]);
    assert_eq!(figures["quality"]["voters"], checked["voters"]);
}

#[test]
fn the_page_is_one_file_for_everybody_without_a_voter() {
    let operator = small();
    let (out, certificate) = (operator.path().join("report.html"), operator.path().join("certificate.json"));
    let election = operator.election();
    operator.run_verify(&[&"--roll", &election, &"--certificate", &certificate, &"--key", &operator.key()]).exits_with(0);
    for lang in ["id", "en"] {
        let more: [&dyn AsRef<OsStr>; 8] =
            [&"--roll", &election, &"--certificate", &certificate, &"--lang", &lang, &"--out", &out];
        report(&operator, &more).exits_with(0);
        let page = fs::read_to_string(&out).unwrap();
        assert!(page.starts_with("<!doctype html>") && page.contains(&format!("<html lang=\"{lang}\">")));
        for outside in ["<script", "http://", "https://", "src=", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        for line in operator.roll() {
            assert!(!page.contains(line.digits()), "twelve digits of a voter");
        }
        for name in ["Budi", "Santoso", "Lestari", "Joko"] {
            assert!(!page.contains(name), "{name}");
        }
        assert_eq!(mode(&out), 0o644);
        let again = fs::read(&out).unwrap();
        report(&operator, &more).exits_with(0);
        assert!(again == fs::read(&out).unwrap(), "the same site gives the same page");
    }
}

#[test]
fn a_later_site_names_what_changed_and_an_earlier_certificate_is_refused() {
    let operator = demo(2_000);
    let certificate = operator.path().join("certificate.json");
    operator.run_verify(&[&"--roll", &operator.election(), &"--certificate", &certificate]).exits_with(0);
    let old = operator.path().join("old");
    copy_folder(&operator.site(), &old);
    let same = report(&operator, &[&"--since", &old, &"--json"]).exits_with(0).json();
    let changed = |figures: &Value| {
        let files = figures["changes"]["files"].as_object().unwrap();
        files.iter().filter(|(_, change)| number(&change["new"]["files"]) > 0).map(|(kind, _)| kind.clone()).collect::<Vec<_>>()
    };
    assert_eq!(changed(&same), Vec::<String>::new());
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    let first = text.lines().nth(1).unwrap();
    let venue = first.split(',').nth(3).unwrap();
    fs::write(&stations, text.replacen(first, &first.replacen(venue, "Gedung Baru", 1), 1)).unwrap();
    let (election, key, site) = (operator.election(), operator.key(), operator.site());
    bilik(&[&"patch", &election, &"--key", &key, &"--out", &site]).exits_with(0);
    let later = report(&operator, &[&"--since", &old, &"--json"]).exits_with(0).json();
    assert_eq!(changed(&later), ["directories", "manifest", "provinceParts", "stationLists"]);
    let regencies = later["changes"]["regencies"].as_array().unwrap();
    let new: Vec<&Value> = regencies.iter().filter(|regency| number(&regency["newBytes"]) > 0).collect();
    assert_eq!((new.len(), new[0]["code"].as_str()), (1, Some(&first[..4])));
    let refused = report(&operator, &[&"--certificate", &certificate, &"--json"]).exits_with(2);
    assert!(refused.err.contains("it certifies serial"), "{}", refused.err);
}

#[test]
fn a_damaged_site_and_a_strange_key_are_refused() {
    let operator = small();
    let other = operator.path().join("OTHER");
    bilik(&[&"keygen", &"--out", &other]).exits_with(0);
    let strange = other.with_extension("pub");
    let refused = bilik(&[&"report", &operator.site(), &"--public-key", &strange, &"--json"]).exits_with(2);
    assert!(refused.err.contains("head.bilik: signature rejected"), "{}", refused.err);
    // Without a key anybody can read it, and the figures say that nothing was checked.
    let unchecked = bilik(&[&"report", &operator.site(), &"--json"]).exits_with(0);
    assert_eq!(unchecked.json()["site"]["head"]["signatureChecked"], false);
    let (name, bytes) = files(&operator.site(), "t").into_iter().next().unwrap();
    fs::write(operator.site().join(&name), &bytes[1..]).unwrap();
    let refused = report(&operator, &[&"--json"]).exits_with(2);
    assert!(refused.err.contains("`bilik verify` lists every file"), "{}", refused.err);
}

#[test]
fn hostile_names_of_regions_and_election_stay_text() {
    let hostile = "<script>alert(1)</script><img src=x onerror=a()>";
    let sample = Election::of_stations(&["3901012001001", "3902012001001"]);
    let folder = sample.folder();
    let named = |name: &str| folder.read(name).replace("Contoh 3901", hostile).replace("Pemilu Uji", hostile);
    let election = sample
        .clone()
        .with("regions.csv", named("regions.csv"))
        .with("election.toml", named("election.toml") + "[tables]\nmin_voters = 1\n")
        .voters("3901011201900001,Budi Santoso,3901012001001,\n3902011201900001,Dewi Lestari,3902012001001,\n");
    let operator = election.operator(BILIK);
    operator.build();
    let out = operator.path().join("report.html");
    for _ in 0..2 {
        // An earlier report is replaced.
        report(&operator, &[&"--out", &out]).exits_with(0);
    }
    let key = fs::read(operator.key()).unwrap();
    let refused = report(&operator, &[&"--out", &operator.key()]).exits_with(2);
    assert!(refused.err.contains("exists and is not a report") && fs::read(operator.key()).unwrap() == key, "{refused:?}");
    let page = fs::read_to_string(&out).unwrap();
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.matches("&lt;script&gt;").count() > 3, "both names are on the page");
}
