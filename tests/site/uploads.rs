//! `bilik uploads`: every file once, in the order in which it must arrive.

use crate::{bilik, small};
use bilik::format::{Head, Kind};
use bilik_testkit::{Operator, RunOutput, copy_folder};
use std::ffi::OsStr;
use std::fs;

fn uploads(operator: &Operator, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
    let (site, key) = (operator.site(), operator.public_key());
    let args: [&dyn AsRef<OsStr>; 4] = [&"uploads", &site, &"--public-key", &key];
    bilik(&[&args, more].concat())
}

#[test]
fn data_comes_first_pages_later_and_the_head_last() {
    let operator = small();
    let listed = uploads(&operator, &[]).exits_with(0).out;
    let paths: Vec<&str> = listed.lines().collect();
    let mut once = paths.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), paths.len());
    assert_eq!(paths.last(), Some(&"head.bilik"));
    let at = |path: &str| paths.iter().position(|other| *other == path).unwrap();
    let last_data = paths.iter().rposition(|path| path.contains(".bilik") && *path != "head.bilik").unwrap();
    assert!(last_data < at("pkg/bilik.js") && at("pkg/bilik.js") < at("index.html"), "{listed}");
    assert!(at("css/tps.css") < at("tps/") && at("tps/") < at("index.html"), "{listed}");
    // Copied as listed, it is the whole site.
    let mirror = operator.path().join("mirror");
    for path in &paths {
        let to = mirror.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        if path.ends_with('/') {
            copy_folder(&operator.site().join(path), &to);
        } else {
            fs::copy(operator.site().join(path), to).unwrap();
        }
    }
    bilik(&[&"verify", &mirror, &"--public-key", &operator.public_key()]).exits_with(0);
}

#[test]
fn since_an_older_site_only_what_differs_is_uploaded_and_what_is_gone_is_listed() {
    let operator = small();
    let before = operator.path().join("be'fore");
    copy_folder(&operator.site(), &before);
    assert_eq!(uploads(&operator, &[&"--since", &before]).exits_with(0).out, "");
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    fs::write(&stations, text.replacen("Balai", "Gedung", 1)).unwrap();
    bilik(&[&"patch", &operator.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(0);
    let listed = uploads(&operator, &[&"--since", &before]).exits_with(0).out;
    let kinds: Vec<&str> = listed.lines().map(|path| path.split('/').next().unwrap()).collect();
    assert_eq!(kinds, ["d", "m", "p", "s", "tps", "tps", "head.bilik"], "{listed}");
    let gone = uploads(&operator, &[&"--since", &before, &"--obsolete"]).exits_with(0).out;
    assert_eq!(gone.lines().count(), 4, "{gone}");
    for path in gone.lines() {
        assert!(before.join(path).is_file() && !listed.contains(path), "{path}");
    }
    for (tool, command) in [("rsync", "rsync -rt --files-from=- '"), ("rclone", "rclone copy "), ("aws", "aws s3 cp '")] {
        let script = uploads(&operator, &[&"--since", &before, &"--for", &tool]).exits_with(0).out;
        assert!(script.starts_with("set -e\n") && script.contains(command), "{script}");
        assert!(script.rfind("head.bilik") > script.rfind("s/"), "{script}");
    }
    // All of them at once by one call, and before the pages that lead there.
    for (tool, command) in [("rsync", "rsync -rtc --delete '"), ("rclone", "rclone sync --checksum "), ("aws", "aws s3 sync '")] {
        let script = uploads(&operator, &[&"--for", &tool]).exits_with(0).out;
        let calls = if tool == "aws" { 2 } else { 1 };
        assert_eq!(script.lines().filter(|line| line.contains("/tps'")).count(), calls, "{script}");
        assert!(script.find(command).unwrap() < script.rfind("index.html").unwrap(), "{script}");
    }
    // Pages and sitemaps are of two types, and each file there is in one of the calls.
    let script = uploads(&operator, &[&"--for", &"aws"]).exits_with(0).out;
    let of_folder: Vec<&str> =
        script.lines().filter(|line| line.contains("/tps'")).map(|line| line.split_once("--delete ").unwrap().1).collect();
    assert_eq!(
        of_folder,
        [
            "--exclude '*.xml' --content-type text/html --cache-control 'no-cache'",
            "--exclude '*' --include '*.xml' --content-type application/xml --cache-control 'no-cache'",
        ]
    );
    // The rest of the world has another key.
    let other = operator.path().join("OTHER");
    bilik(&[&"keygen", &"--out", &other]).exits_with(0);
    let public = operator.path().join("OTHER.pub");
    bilik(&[&"uploads", &operator.site(), &"--public-key", &public]).exits_with(2);
}

#[test]
fn data_that_is_missing_or_damaged_is_named_and_nothing_is_listed() {
    let operator = small();
    let before = operator.path().join("before");
    copy_folder(&operator.site(), &before);
    for folder in ["d", "m", "n", "p", "s", "t"] {
        let file = fs::read_dir(operator.site().join(folder)).unwrap().next().unwrap().unwrap().path();
        let bytes = fs::read(&file).unwrap();
        let name = format!("{folder}/{}", file.file_name().unwrap().to_str().unwrap());
        let mut other = bytes.clone();
        *other.last_mut().unwrap() ^= 1;
        for damaged in [&bytes[..bytes.len() - 1], &[&bytes[..], b"x"].concat(), &other, &[]] {
            fs::write(&file, damaged).unwrap();
            let refused = uploads(&operator, &[]).exits_with(2);
            assert!(refused.out.is_empty() && refused.err.contains(&name), "{name}: {}", refused.err);
        }
        fs::remove_file(&file).unwrap();
        assert!(uploads(&operator, &[]).exits_with(2).err.contains(&name));
        // What an older site has already is not looked at again.
        let again = uploads(&operator, &[&"--since", &before]);
        assert_eq!(again.out, "", "{folder}");
        fs::write(&file, bytes).unwrap();
    }
    uploads(&operator, &[]).exits_with(0);
}

#[test]
fn a_signed_head_whose_parts_are_not_those_of_its_manifest_is_neither_uploaded_nor_packed() {
    let operator = small();
    let head = operator.head();
    let another = small();
    let toml = another.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("closes = \"13:00\"", "closes = \"14:00\"")).unwrap();
    another.build();
    let later = another.head().provinces[0];
    fs::copy(another.site().join(later.part.path(Kind::Province)), operator.site().join(later.part.path(Kind::Province)))
        .unwrap();
    for (provinces, told) in [
        (Vec::new(), "it names parts for other provinces than the manifest has".to_owned()),
        (vec![later], format!("{}: invalid contents: it differs from what the manifest says", later.part.path(Kind::Province))),
    ] {
        operator.sign(&Head { provinces, ..head.clone() });
        let out = operator.path().join("pack.html");
        let pack: [&dyn AsRef<OsStr>; 6] = [&"pack", &operator.site(), &"--regency", &"3901", &"--out", &out];
        for refused in [uploads(&operator, &[]), bilik(&pack)] {
            assert!(refused.exits_with(2).err.contains(&told), "{told}");
        }
        assert!(!out.exists());
    }
}
