//! `bilik rollback`: an earlier manifest again, under a higher serial, if all of its files are there.

use crate::{bilik, small};
use bilik::lookup::Outcome;
use bilik_testkit::{Operator, RunOutput, ask, names_in, tree};
use std::fs;
use std::path::Path;

fn rollback(operator: &Operator, head: &Path) -> RunOutput {
    bilik(&[&"rollback", &operator.site(), &"--head", &head, &"--key", &operator.key()])
}

fn back(operator: &Operator, more: &[&str]) -> RunOutput {
    let (site, key) = (operator.site(), operator.key());
    let mut args: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"rollback", &site, &"--key", &key];
    args.extend(more.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>));
    bilik(&args)
}

fn venue(operator: &Operator) -> String {
    match ask(&operator.lookup(), "390101120190", "Budi Santoso", None) {
        Outcome::Found { station, .. } => station.venue,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_earlier_head_is_published_again_under_a_higher_serial() {
    let operator = small();
    let kept = operator.path().join("before.bilik");
    fs::copy(operator.site().join("head.bilik"), &kept).unwrap();
    let (first, right) = (operator.head(), venue(&operator));
    let same = rollback(&operator, &kept).exits_with(2);
    assert!(same.err.contains("Expected: an earlier serial"), "{}", same.err);
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    fs::write(&stations, text.replacen("Balai", "Gedung", 1)).unwrap();
    bilik(&[&"patch", &operator.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(0);
    let patched = operator.head();
    assert_ne!(venue(&operator), right);
    let said = rollback(&operator, &kept).exits_with(0).out;
    let head = operator.head();
    assert!(said.starts_with(&format!("serial {}: the manifest of serial {}, ", head.serial, first.serial)), "{said}");
    assert!(head.serial > patched.serial && head.manifest == first.manifest && head.expires == patched.expires);
    assert_eq!(venue(&operator), right);
    operator.run_verify(&[]).exits_with(0);
    // After a build that removed them, its files are gone.
    operator.run_build(&[&"--prune"]).exits_with(0);
    let before = tree(&operator.site());
    let refused = rollback(&operator, &kept).exits_with(1);
    assert!(refused.err.contains("REFUSED ") && refused.err.contains("Nothing was signed"), "{}", refused.err);
    // Somebody else's head leads nowhere.
    let other = small();
    let strange = rollback(&operator, &other.site().join("head.bilik")).exits_with(2);
    assert!(strange.err.contains("head.bilik: "), "{}", strange.err);
    assert!(tree(&operator.site()) == before);
}

#[test]
fn a_site_keeps_the_heads_that_were_replaced_until_it_is_pruned() {
    let operator = small();
    let none = back(&operator, &[]).exits_with(2);
    assert!(none.err.contains("keeps no head of another manifest") && none.err.contains("kept: none"), "{}", none.err);
    let (first, right) = (operator.head(), venue(&operator));
    let stations = operator.election().join("stations.csv");
    for (from, to) in [("Balai", "Gedung"), ("Gedung", "Aula")] {
        let text = fs::read_to_string(&stations).unwrap();
        fs::write(&stations, text.replacen(from, to, 1)).unwrap();
        bilik(&[&"patch", &operator.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(0);
    }
    let patched = venue(&operator);
    back(&operator, &[]).exits_with(0);
    assert!(![&right, &patched].contains(&&venue(&operator)), "the patch before the last one");
    let withdrawn = operator.head().serial - 1;
    back(&operator, &[]).exits_with(0);
    assert_eq!(venue(&operator), right, "further back, and never to what was withdrawn");
    assert!(back(&operator, &[]).exits_with(2).err.contains("keeps no head of another manifest"));
    back(&operator, &["--to", &withdrawn.to_string()]).exits_with(0);
    assert_eq!(venue(&operator), patched, "but where it is asked for");
    back(&operator, &["--to", &first.serial.to_string()]).exits_with(0);
    assert_eq!((venue(&operator), operator.head().manifest), (right, first.manifest));
    let missing = back(&operator, &["--to", "7"]).exits_with(2);
    let kept = format!("of serial 7 (kept: {}", operator.head().serial - 1);
    assert!(missing.err.contains(&kept), "{}", missing.err);
    operator.run_verify(&[]).exits_with(0);
    // They are not uploaded, and go with what they lead to.
    let uploads = bilik(&[&"uploads", &operator.site(), &"--public-key", &operator.public_key()]).exits_with(0);
    assert!(!uploads.out.lines().any(|line| line.trim_start().starts_with("h/")), "{}", uploads.out);
    operator.run_build(&[&"--prune"]).exits_with(0);
    assert!(names_in(&operator.site().join("h")).is_empty());
    assert!(back(&operator, &[]).exits_with(2).err.contains("kept: none"));
}

#[test]
fn what_the_page_still_says_of_the_election_is_named() {
    let operator = small();
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    let line = text.lines().find(|line| line.starts_with("name = ")).unwrap();
    fs::write(&toml, text.replace(line, "name = \"Nama Baru\"")).unwrap();
    operator.build();
    let ran = back(&operator, &[]).exits_with(0);
    assert!(ran.out.contains("WARNING: the page still says `election.name` \"Nama Baru\", but the data says "), "{}", ran.out);
    operator.run_verify(&[]).exits_with(1);
    // The fix is the one that it names.
    fs::write(&toml, &text).unwrap();
    operator.build();
    operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0);
}
