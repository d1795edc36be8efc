//! Addresses of mirrors against the test list of the WHATWG's URL standard, which the crate `url` brings with its sources: what
//! `check` accepts, browsers read as the same address. tests/engines/urls.test.mjs asks three browsers themselves.

use super::{BILIK, ELECTION};
use bilik_publish::base_url::{mirror_url, site_address};
use bilik_testkit::Election;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One address of the list.
struct Listed {
    input: String,
    /// What it is relative to.
    base: Option<String>,
    /// How it is written as a browser reads it; `None` where a browser refuses it.
    href: Option<String>,
}

/// A file of the sources of a dependency.
fn source_file(package: &str, path: &str) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--locked", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"];
    let told = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).expect("what cargo says of the packages");
    let is_it = |found: &&Value| found["name"] == package;
    let manifest = told["packages"].as_array().unwrap().iter().find(is_it).unwrap()["manifest_path"].as_str().unwrap();
    Path::new(manifest).with_file_name(path)
}

fn list() -> Vec<Listed> {
    let json = std::fs::read(source_file("url", "tests/urltestdata.json")).unwrap();
    let all: Vec<Value> = serde_json::from_slice(&json).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let listed =
        |value: &Value| Some(Listed { input: text(&value["input"])?, base: text(&value["base"]), href: text(&value["href"]) });
    all.iter().filter_map(listed).collect()
}

/// With a slash at its end, as names of files are put after it.
fn as_folder(href: &str) -> String {
    if href.ends_with('/') { href.to_owned() } else { format!("{href}/") }
}

#[test]
fn what_is_accepted_as_a_mirror_a_browser_reads_as_the_same_address() {
    let list = list();
    let (mut absolute, mut relative, mut refused) = (0, 0, 0);
    for Listed { input, base, href } in &list {
        let Ok(written) = mirror_url(input, true) else {
            refused += 1;
            assert!(mirror_url(input, false).is_err(), "{input:?} is accepted where less is");
            continue;
        };
        assert_eq!(mirror_url(&written, true).as_ref(), Ok(&written), "{input:?}: what is written is written again");
        if input.starts_with(['.', '/']) {
            relative += 1;
            // The list says what it is relative to other pages than those that show Bilik, too.
            let of_web = base.as_ref().filter(|base| base.starts_with("http"));
            if let (Some(base), Some(href)) = (of_web, href) {
                let read = url::Url::parse(base).unwrap().join(&written).unwrap();
                assert_eq!(read.as_str(), as_folder(href), "{input:?} on {base}");
            }
            assert!(site_address(input, true).is_err(), "{input:?} is not a whole address");
        } else {
            absolute += 1;
            let href = href.as_ref().unwrap_or_else(|| panic!("{input:?} is accepted, and browsers refuse it"));
            assert_eq!(written, as_folder(href), "{input:?}");
            assert_eq!(site_address(input, true).unwrap(), written, "{input:?}");
        }
    }
    println!("{absolute} absolute and {relative} relative addresses accepted, {refused} refused");
    assert!(absolute >= 40 && relative >= 10 && refused >= 500, "{absolute} {relative} {refused}");
}

#[test]
fn check_accepts_and_refuses_the_same_addresses() {
    let inputs: BTreeSet<String> = list().into_iter().map(|listed| listed.input).collect();
    let run = |mirrors: &[&String]| {
        let lines: Vec<String> = mirrors.iter().map(|mirror| format!("{},\n", toml_text(mirror))).collect();
        let settings = format!("{ELECTION}[site]\nmirrors = [\n{}]\n", lines.concat());
        let folder = Election::sample().with("election.toml", &settings).folder();
        let before = u64::try_from(ELECTION.lines().count()).unwrap() + 2;
        (BILIK.run(&[&"check", &folder.path(), &"--json"]), before)
    };
    let all: Vec<&String> = inputs.iter().collect();
    let (checked, before) = run(&all);
    let told = checked.exits_with(2).json();
    let refused: BTreeSet<u64> =
        told["problems"].as_array().unwrap().iter().map(|problem| problem["line"].as_u64().unwrap() - before).collect();
    let mut accepted = Vec::new();
    for (number, input) in (1..).zip(&all) {
        // Browsers escape what turns the text around it; election.toml has none of it.
        let is_accepted = mirror_url(input, true).is_ok() && !input.contains(['\u{202d}', '\u{202e}']);
        assert_eq!(refused.contains(&number), !is_accepted, "{input:?}");
        accepted.extend(is_accepted.then_some(*input));
    }
    run(&accepted).0.exits_with(0);
}

/// A text as TOML writes it.
fn toml_text(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}
