//! Keys that change, from A and B over B and C to C: who follows and who refuses at each step, as the tables of docs/operating.md
//! say. tests/browser/rotation.test.mjs has the rows of partners' elements and of what devices keep.

use crate::{bilik, small};
use bilik::format::{FormatError, HEAD_PATH, Head, SignatureError, Trust};
use bilik::lookup::{Lookup, Outcome, Problem};
use bilik_publish::signing;
use bilik_testkit::{Files, MemorySource, Operator, RunOutput, ask, copy_folder, files_of, stations};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

/// Pages that demand one signature. A column says whose keys the pages have that are published, and who signed the head.
const ONE: &str = "\
| who asks | A, B; A signed | A, B; A and B signed | B, C; B and C signed | C; C signed |
|---|---|---|---|---|
| a page of A, B | follows | follows | follows | `unverified` |
| a page of A, B that has answered before | follows | follows | follows | keeps |
| a regency that it saved, with a network again | follows | follows | follows | keeps |
| the same, once the page was reloaded | follows | follows | follows | follows |
| a page of B, C | `unverified` | follows | follows | follows |
| a page of C | `unverified` | `unverified` | follows | follows |
| an element that names no key | follows | follows | follows | follows |
| an element that names A and B | follows | follows | follows | `refused` |
| an element that names A | follows | follows | `refused` | `refused` |
| an `inline` element that names A and B | follows | follows | follows | `unverified` |
| an `inline` element that names A | follows | follows | `unverified` | `unverified` |
";
/// The readers of that table that only read what is published, with their keys.
const READERS: [(&str, &str); 5] = [
    ("a page of A, B", "AB"),
    ("a page of B, C", "BC"),
    ("a page of C", "C"),
    ("an `inline` element that names A and B", "AB"),
    ("an `inline` element that names A", "A"),
];

/// Pages that demand two.
const TWO: &str = "\
| who asks | A, B; A and B signed | A, B, C; A, B and C signed | B, C; B and C signed |
|---|---|---|---|
| a page of A, B | follows | follows | `unverified` |
| a page of A, B, C | follows | follows | follows |
| a page of B, C | `unverified` | follows | follows |
";
const READERS_OF_TWO: [(&str, &str); 3] = [("a page of A, B", "AB"), ("a page of A, B, C", "ABC"), ("a page of B, C", "BC")];

/// The rows of a table: their first cell, and the others.
fn rows(table: &str) -> Vec<(&str, Vec<&str>)> {
    table
        .lines()
        .map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            (cells.next().unwrap(), cells.collect())
        })
        .collect()
}

/// What a step of the operator left: the files, and who signed their head.
struct Step {
    files: Files,
    signed: String,
}

impl Step {
    fn head(&self) -> Head {
        Head::read_unverified(&self.files[HEAD_PATH]).unwrap().0
    }
}

/// An operator with three keys.
struct Rotation {
    operator: Operator,
    keys: BTreeMap<char, (PathBuf, String)>,
    settings: String,
    threshold: usize,
}

impl Rotation {
    fn new(threshold: usize) -> Self {
        let operator = small();
        let settings = fs::read_to_string(operator.election().join("election.toml")).unwrap();
        let own = fs::read_to_string(operator.public_key()).unwrap().trim().to_owned();
        let mut keys = BTreeMap::from([('A', (operator.key(), own))]);
        for name in ['B', 'C'] {
            let path = operator.path().join(name.to_string());
            let (public, _) = signing::generate(&path).unwrap();
            keys.insert(name, (path, public.to_string()));
        }
        Self { operator, keys, settings, threshold }
    }

    fn publics(&self, names: &str) -> Vec<&str> {
        names.chars().map(|name| self.keys[&name].1.as_str()).collect()
    }

    fn trust(&self, names: &str) -> Trust {
        Trust::new(self.publics(names), self.threshold, None).unwrap()
    }

    /// Builds a site whose pages have these keys: the first one that signs is on the machine that builds, the others are not.
    fn publish(&self, pages: &str, signed: &str) -> Step {
        let keys = self.publics(pages).iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ");
        let site = format!("\n[site]\nthreshold = {}\npublic_keys = [{keys}]\n", self.threshold);
        fs::write(self.operator.election().join("election.toml"), format!("{}{site}", self.settings)).unwrap();
        let before = self.operator.path().join("before");
        if before.exists() {
            fs::remove_dir_all(&before).unwrap();
        }
        copy_folder(&self.operator.site(), &before);
        let mut names = signed.chars();
        let (key, _) = &self.keys[&names.next().unwrap()];
        let (election, out) = (self.operator.election(), self.operator.site());
        let mut build: Vec<&dyn AsRef<OsStr>> = vec![&"build", &election, &"--key", key, &"--out", &out];
        if self.threshold > 1 {
            build.push(&"--signatures-follow");
        }
        bilik(&build).exits_with(0);
        for name in names {
            self.sign(name, &[&"--against", &before]).exits_with(0);
        }
        self.step(signed)
    }

    fn sign(&self, name: char, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
        let (site, (key, _)) = (self.operator.site(), &self.keys[&name]);
        let args: [&dyn AsRef<OsStr>; 4] = [&"sign", &site, &"--key", key];
        bilik(&[&args, more].concat())
    }

    fn step(&self, signed: &str) -> Step {
        Step { files: files_of(&self.operator), signed: signed.to_owned() }
    }

    /// `bilik verify` by somebody who has these keys.
    fn verify(&self, names: &str) -> RunOutput {
        let (site, threshold, publics) = (self.operator.site(), self.threshold.to_string(), self.publics(names));
        let mut args: Vec<&dyn AsRef<OsStr>> = vec![&"verify", &site, &"--threshold", &threshold];
        for public in &publics {
            args.extend([&"--public-key" as &dyn AsRef<OsStr>, public]);
        }
        bilik(&args)
    }

    /// Asks as a page with these keys does, and gives the table's word for what comes of it.
    fn cell(&self, names: &str, step: &Step) -> &'static str {
        let memory = MemorySource::with(step.files.clone(), step.head().signed_at + 60);
        let lookup = Lookup::new(&memory, self.trust(names));
        match ask(&lookup, "390101120190", "Budi Santoso", None) {
            Outcome::Unverified { problems } => {
                let known = names.chars().filter(|name| step.signed.contains(*name)).count();
                let error = match known {
                    0 => SignatureError::Untrusted,
                    got => SignatureError::TooFew { expected: self.threshold, got },
                };
                assert_eq!(problems, [Problem::refused("memory", HEAD_PATH, &FormatError::Signature(error))], "{names}");
                "`unverified`"
            }
            outcome => {
                assert_eq!(stations(&outcome), ["3901012001001"], "{names}");
                assert_eq!(outcome.answered().unwrap().data.serial, step.head().serial, "{names}");
                "follows"
            }
        }
    }

    /// Every reader at every step, against the table.
    fn compare(&self, table: &str, readers: &[(&str, &str)], steps: &[Step]) {
        let table = rows(table);
        for (label, keys) in readers {
            let (_, expected) = table.iter().find(|(first, _)| first == label).unwrap();
            let found: Vec<&str> = steps.iter().map(|step| self.cell(keys, step)).collect();
            assert_eq!(found, *expected, "{label}");
        }
    }
}

#[test]
fn keys_change_from_a_and_b_to_c_and_each_page_follows_as_long_as_the_table_says() {
    let rotation = Rotation::new(1);
    let first = rotation.publish("AB", "A");
    // Who stays signs what is out: the same head, so that nobody sees anything change.
    rotation.sign('B', &[]).exits_with(0);
    let both = rotation.step("AB");
    assert_eq!(both.head(), first.head());
    let second = rotation.publish("BC", "BC");
    rotation.verify("BC").exits_with(0);
    let said = rotation.verify("AB").exits_with(1).out;
    assert!(said.contains("the page trusts a key that was not given"), "{said}");
    let third = rotation.publish("C", "C");
    rotation.verify("C").exits_with(0);
    let said = rotation.verify("AB").exits_with(1).out;
    assert!(said.contains("REFUSED head.bilik: signature rejected: not signed by a trusted key"), "{said}");
    let serials = [&first, &second, &third].map(|step| step.head().serial);
    assert!(serials.is_sorted_by(|a, b| a < b), "{serials:?}");
    rotation.compare(ONE, &READERS, &[first, both, second, third]);
}

#[test]
fn with_a_threshold_of_two_keys_change_over_pages_that_know_all_three() {
    let rotation = Rotation::new(2);
    let first = rotation.publish("AB", "AB");
    let second = rotation.publish("ABC", "ABC");
    let third = rotation.publish("BC", "BC");
    rotation.verify("BC").exits_with(0);
    rotation.compare(TWO, &READERS_OF_TWO, &[first, second, third]);
}

#[test]
fn who_did_not_sign_before_cannot_tell_what_changed_and_a_key_that_is_over_signs_nothing() {
    let rotation = Rotation::new(1);
    rotation.publish("AB", "A");
    let before = rotation.operator.path().join("first");
    copy_folder(&rotation.operator.site(), &before);
    rotation.publish("BC", "B");
    let refused = rotation.sign('C', &[&"--against", &before]).exits_with(2);
    assert!(refused.err.contains("not signed by a trusted key"), "{}", refused.err);
    let refused = rotation.sign('A', &[]).exits_with(2);
    assert!(refused.err.contains("not one of the keys that the site's page trusts"), "{}", refused.err);
    rotation.sign('C', &[]).exits_with(0);
}

#[test]
fn the_tables_of_the_document_are_those_of_this_test_in_both_languages() {
    let english = include_str!("../../docs/operating.md");
    let indonesian = include_str!("../../docs/id/operating.md");
    let translated = |cell: &str| match cell {
        "mengikuti" => "follows",
        "memakai simpanan" => "keeps",
        "`unverified`" => "`unverified`",
        "`refused`" => "`refused`",
        other => panic!("a cell of docs/id/operating.md that no table has: {other}"),
    };
    let twins: Vec<&str> = indonesian.split("| yang bertanya |").skip(1).collect();
    assert_eq!(twins.len(), 2);
    for (table, twin) in [ONE, TWO].into_iter().zip(twins) {
        assert!(english.contains(table), "docs/operating.md does not have\n{table}");
        let lines: Vec<&str> = twin.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
        let cells =
            lines.iter().flat_map(|line| rows(line)).map(|(_, cells)| cells.into_iter().map(translated).collect::<Vec<_>>());
        let expected = rows(table).into_iter().skip(2).map(|(_, cells)| cells);
        assert!(cells.eq(expected), "docs/id/operating.md has other cells than\n{table}");
    }
}
