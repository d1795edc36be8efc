//! `--json`: docs/json.md has the keys that the commands print, and no others.

use crate::{BILIK, bilik, small};
use bilik_testkit::RunOutput;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::OsStr;

/// The keys in the table of a section of docs/json.md.
fn documented(section: &str) -> BTreeSet<String> {
    let text = include_str!("../../docs/json.md");
    let heading = format!("\n## {section}\n");
    let (_, rest) = text.split_once(&heading).unwrap_or_else(|| panic!("docs/json.md has no section {section}"));
    let table = rest.split("\n## ").next().unwrap();
    table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(key, _)| key.to_owned()).collect()
}

#[track_caller]
fn assert_keys(output: &RunOutput, section: &str, but: &[&str]) -> Value {
    assert!(output.code <= 1, "{output:?}");
    let json = output.json();
    let printed: BTreeSet<String> = json.as_object().unwrap().keys().cloned().collect();
    let mut expected = documented(section);
    for key in but {
        assert!(expected.remove(*key), "docs/json.md has no {key} in {section}");
    }
    assert_eq!(printed, expected, "{section}");
    json
}

#[test]
fn every_command_prints_the_keys_that_are_documented() {
    let operator = small();
    let folder = operator.path();
    let (election, key, public, site) = (operator.election(), operator.key(), operator.public_key(), operator.site());
    let run = |args: &[&dyn AsRef<OsStr>]| bilik(&[args, &[&"--json" as &dyn AsRef<OsStr>]].concat());

    assert_keys(&run(&[&"check", &election]), "`check`", &["changes"]);
    assert_keys(&run(&[&"check", &election, &"--against", &election]), "`check`", &[]);
    let built = assert_keys(&run(&[&"build", &election, &"--key", &key, &"--out", &site]), "`build`", &[]);
    assert_eq!((&built["voters"], &built["tables"]["full"]["files"].is_u64()), (&5.into(), &true), "{built}");

    let verify: [&dyn AsRef<OsStr>; 4] = [&"verify", &site, &"--public-key", &public];
    assert_keys(&run(&verify), "`verify`", &["hosting", "roll"]);
    assert_keys(&run(&[&verify[..], &[&"--roll", &election]].concat()), "`verify`", &["hosting", "unsigned"]);

    let work = folder.join("work");
    let planned = assert_keys(&run(&[&"plan", &election, &"--work", &work]), "`plan`", &[]);
    let parts = planned["parts"].as_u64().unwrap();
    assert!(parts > 0 && planned["alreadyPlanned"] == false, "{planned}");
    for part in 1..=parts {
        assert_keys(&run(&[&"seal", &work, &"--part", &part.to_string()]), "`seal`", &[]);
    }
    assert_eq!(run(&[&"seal", &work, &"--part", &"1"]).json()["alreadySealed"], true);
    assert_keys(&run(&[&"status", &work]), "`status`", &[]);
    assert_keys(&run(&[&"assemble", &work, &"--key", &key, &"--out", &site]), "`build`", &["report"]);

    let patched = assert_keys(
        &run(&[&"patch", &election, &"--key", &key, &"--out", &site]),
        "`patch`",
        &["files", "bytes", "signedBy", "signaturesBefore"],
    );
    assert_eq!(patched["changes"], serde_json::json!([]));
    let stations = std::fs::read_to_string(election.join("stations.csv")).unwrap();
    let moved = stations.replacen("Contoh", "Pindah", 1);
    assert_ne!(stations, moved, "the sample has a venue to change: {stations}");
    std::fs::write(election.join("stations.csv"), moved).unwrap();
    let patched = assert_keys(&run(&[&"patch", &election, &"--key", &key, &"--out", &site]), "`patch`", &[]);
    assert_eq!(patched["changes"].as_array().map(Vec::len), Some(1), "{patched}");
    assert_keys(&run(&[&"rollback", &site, &"--key", &key]), "`rollback`", &[]);

    let pack = folder.join("pack.html");
    assert_keys(&run(&[&"pack", &site, &"--regency", &"3901", &"--public-key", &public, &"--out", &pack]), "`pack`", &[]);
    let uploads = assert_keys(&run(&[&"uploads", &site, &"--public-key", &public]), "`uploads`", &[]);
    assert_eq!(uploads["stages"].as_array().unwrap().last().unwrap(), &serde_json::json!(["head.bilik"]));
    assert_keys(&run(&[&"keygen", &"--out", &folder.join("other")]), "`keygen`", &[]);

    let (other, statement) = (folder.join("other"), folder.join("statement.bilik"));
    let witness: [&dyn AsRef<OsStr>; 8] = [&"witness", &site, &"--public-key", &public, &"--key", &other, &"--out", &statement];
    assert_keys(&run(&witness), "`witness`", &[]);

    std::fs::write(election.join("voters.csv"), "nik,name,station\n39010112019,Budi,3901012001001\n").unwrap();
    let fresh = folder.join("fresh");
    for refused in [run(&[&"plan", &election, &"--work", &fresh]), run(&[&"build", &election, &"--key", &key, &"--out", &site])] {
        assert_eq!(refused.code, 1, "{refused:?}");
        assert_keys(&refused, "A refused input", &[]);
    }
}

#[test]
fn a_second_signature_prints_the_keys_that_are_documented() {
    let operator = small();
    let second = operator.path().join("second");
    assert_eq!(BILIK.run(&[&"keygen", &"--out", &second]).code, 0);
    let public = std::fs::read_to_string(second.with_extension("pub")).unwrap();
    let settings = operator.election().join("election.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let first = std::fs::read_to_string(operator.public_key()).unwrap();
    let keys = format!("\n[site]\npublic_keys = [\"{}\", \"{}\"]\n", first.trim(), public.trim());
    std::fs::write(&settings, text + &keys).unwrap();
    operator.build_again();
    let signed = BILIK.run(&[&"sign", &operator.site(), &"--key", &second, &"--json"]);
    let json = assert_keys(&signed, "`sign`", &[]);
    assert_eq!(json["signatures"], 2, "{json}");
}
