//! `bilik sign`: a second signature on a second machine, by a holder who looks first.

use crate::{bilik, small};
use bilik_publish::signing;
use bilik_testkit::{Operator, RunOutput, copy_folder, signatures, signed_by_first, tree};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// A site of a threshold of two that one key has signed, the second key, and the head that both signed.
fn half_signed() -> (Operator, PathBuf, Vec<u8>) {
    let operator = small();
    let second = operator.path().join("SECOND");
    signing::generate(&second).unwrap();
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, format!("{text}\n[site]\nthreshold = 2\n")).unwrap();
    operator.run_build(&[&"--key", &second]).exits_with(0);
    let whole = fs::read(operator.site().join("head.bilik")).unwrap();
    fs::write(operator.site().join("head.bilik"), signed_by_first(&whole)).unwrap();
    (operator, second, whole)
}

fn sign(operator: &Operator, key: &Path, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
    let site = operator.site();
    let args: [&dyn AsRef<OsStr>; 4] = [&"sign", &site, &"--key", &key];
    bilik(&[&args, more].concat())
}

#[track_caller]
fn refused(operator: &Operator, status: i32, ran: impl FnOnce() -> RunOutput, reason: &str) {
    let before = tree(operator.path());
    let ran = ran().exits_with(status);
    assert!(ran.err.contains(reason), "{}", ran.err);
    assert!(tree(operator.path()) == before, "{reason}: something was written");
}

#[test]
fn a_second_key_signs_on_its_own_and_the_first_signature_stays_as_it_was() {
    let (operator, second, whole) = half_signed();
    let public = operator.path().join("SECOND.pub");
    let both: [&dyn AsRef<OsStr>; 4] = [&"--public-key", &public, &"--threshold", &"2"];
    operator.run_verify(&both).exits_with(1);
    let serial = operator.head().serial;
    let said = sign(&operator, &second, &[&"--expect-serial", &serial.to_string()]).exits_with(0).out;
    assert!(said.contains(&format!("serial {serial}, signed ")) && said.contains("files verified"), "{said}");
    assert!(said.contains("2 signatures, the page demands 2: ready to upload"), "{said}");
    // Ed25519 has one signature for a key and a message: both ways give the same head.
    assert_eq!(fs::read(operator.site().join("head.bilik")).unwrap(), whole);
    operator.run_verify(&both).exits_with(0);
    refused(&operator, 2, || sign(&operator, &second, &[]), "this key has signed this head already");
    refused(&operator, 2, || sign(&operator, &operator.key(), &[]), "this key has signed this head already");
}

#[test]
fn a_key_that_the_page_does_not_trust_and_what_was_not_expected_are_refused() {
    let (operator, second, _) = half_signed();
    let stranger = operator.path().join("STRANGER");
    signing::generate(&stranger).unwrap();
    refused(&operator, 2, || sign(&operator, &stranger, &[]), "not one of the keys that the site's page trusts");
    refused(&operator, 2, || sign(&operator, &second, &[&"--expect-serial", &"7"]), "Expected: 7, as --expect-serial says");
    let public = operator.path().join("STRANGER.pub");
    refused(&operator, 2, || sign(&operator, &second, &[&"--public-key", &public]), "Expected exactly the given --public-key");
    // A head that a stranger signed, with nothing else changed.
    let good = fs::read(operator.site().join("head.bilik")).unwrap();
    let head = operator.head();
    let by_stranger = signing::Signers::read(std::slice::from_ref(&stranger)).unwrap().sign(&head).unwrap();
    fs::write(operator.site().join("head.bilik"), &by_stranger).unwrap();
    refused(&operator, 2, || sign(&operator, &second, &[]), "head.bilik: ");
    let both = [&good[..7], &[2], &good[8..], signatures(&by_stranger)].concat();
    fs::write(operator.site().join("head.bilik"), both).unwrap();
    refused(&operator, 2, || sign(&operator, &second, &[]), "one of its signatures is not by a key that the page trusts");
    fs::write(operator.site().join("head.bilik"), &good).unwrap();
    // A site that is not whole is signed by nobody who looks.
    fs::remove_dir_all(operator.site().join("t")).unwrap();
    refused(&operator, 1, || sign(&operator, &second, &[]), "REFUSED t/");
    let said = sign(&operator, &second, &[&"--head-only"]).exits_with(0).out;
    assert!(said.contains("WARNING: the files were not verified"), "{said}");
}

#[test]
fn what_changed_since_the_site_before_is_told_and_an_older_one_is_not_signed() {
    let (operator, second, whole) = half_signed();
    fs::write(operator.site().join("head.bilik"), whole).unwrap();
    let before = operator.path().join("before");
    copy_folder(&operator.site(), &before);
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    fs::write(&stations, text.replacen("Balai", "Gedung", 1)).unwrap();
    let (election, site, key) = (operator.election(), operator.site(), operator.key());
    bilik(&[&"patch", &election, &"--key", &key, &"--key", &second, &"--out", &site]).exits_with(0);
    let head = fs::read(site.join("head.bilik")).unwrap();
    fs::write(site.join("head.bilik"), signed_by_first(&head)).unwrap();
    let said = sign(&operator, &second, &[&"--against", &before]).exits_with(0).out;
    assert!(said.contains("3901 Contoh 3901: tables 0 new, 0 gone; station lists 1 new, 1 gone\n"), "{said}");
    assert!(said.contains("regencies changed: 1, unchanged: 1"), "{said}");
    fs::write(site.join("head.bilik"), signed_by_first(&head)).unwrap();
    let same = site.clone();
    refused(&operator, 2, || sign(&operator, &second, &[&"--against", &same]), "Expected: newer than serial");
}

#[test]
fn fewer_signatures_than_pages_demand_are_published_only_when_the_others_follow() {
    let operator = small();
    let (second, public) = (operator.path().join("SECOND"), operator.path().join("SECOND.pub"));
    let (second_key, _) = signing::generate(&second).unwrap();
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    let settings = |keys: &str| fs::write(&toml, format!("{text}\n[site]\nthreshold = 2\n{keys}")).unwrap();
    settings("");
    refused(&operator, 2, || operator.run_build(&[]), "--signatures-follow");
    refused(&operator, 2, || operator.run_build(&[&"--signatures-follow"]), "they would know 1 keys");
    settings(&format!("public_keys = [\"{second_key}\"]\n"));
    let (site, key, election) = (operator.site(), operator.key(), operator.election());
    let both: [&dyn AsRef<OsStr>; 4] = [&"--public-key", &public, &"--threshold", &"2"];
    // Signed by one, it is not uploaded; signed by both, it is whole.
    let follows = |ran: RunOutput| {
        let said = ran.exits_with(0).out;
        operator.run_verify(&both).exits_with(1);
        let own = operator.public_key();
        let uploads = bilik(&[&[&"uploads" as &dyn AsRef<OsStr>, &site, &"--public-key", &own], &both[..]].concat());
        assert_ne!(uploads.code, 0);
        // Nor when one key is given: the page's own number counts.
        let uploads = bilik(&[&"uploads", &site, &"--public-key", &own]);
        assert!(uploads.code == 2 && uploads.err.contains("signatures of 2 of its keys"), "{uploads:?}");
        sign(&operator, &second, &[]).exits_with(0);
        operator.run_verify(&both).exits_with(0);
        said
    };
    let said = follows(operator.run_build(&[&"--signatures-follow"]));
    assert!(said.contains("NOT TO BE UPLOADED YET: 1 of 2 signatures"), "{said}");
    assert!(!said.contains("bilik uploads"), "{said}");
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    fs::write(&stations, text.replacen("Balai", "Gedung", 1)).unwrap();
    let patch = |more: &[&dyn AsRef<OsStr>]| {
        let args: [&dyn AsRef<OsStr>; 6] = [&"patch", &election, &"--key", &key, &"--out", &site];
        bilik(&[&args, more].concat())
    };
    refused(&operator, 2, || patch(&[]), "--signatures-follow");
    follows(patch(&[&"--signatures-follow"]));
    refused(&operator, 2, || bilik(&[&"rollback", &site, &"--key", &key]), "the page demands 2 signatures");
    follows(bilik(&[&"rollback", &site, &"--key", &key, &"--signatures-follow"]));
    // What the second holder refuses to sign is undone by the first.
    let text = fs::read_to_string(&stations).unwrap();
    fs::write(&stations, text.replacen("Gedung", "Aula", 1)).unwrap();
    let good = operator.head().manifest;
    patch(&[&"--signatures-follow"]).exits_with(0);
    refused(&operator, 2, || bilik(&[&"rollback", &site, &"--key", &key]), "the page demands 2 signatures");
    bilik(&[&"rollback", &site, &"--key", &key, &"--signatures-follow"]).exits_with(0);
    assert_eq!(operator.head().manifest, good);
    // A key that no page knows signs nothing.
    let third = operator.path().join("THIRD");
    signing::generate(&third).unwrap();
    refused(&operator, 2, || patch(&[&"--key", &third, &"--signatures-follow"]), "signatures");
    refused(
        &operator,
        2,
        || bilik(&[&"rollback", &site, &"--key", &key, &"--key", &third, &"--signatures-follow"]),
        "signatures",
    );
}
