//! `bilik pack`: what goes into the file, what it takes, and what is refused.

use crate::{BILIK, bilik, small};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, RunOutput, mode, names_in};
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

/// The limit of the issue, for a district of this many voters.
const MAX_PACK: u64 = 900_000;
const VOTERS: u64 = 28_000;

fn pack(operator: &Operator, more: &[&dyn AsRef<OsStr>]) -> (RunOutput, PathBuf) {
    let (site, key, out) = (operator.site(), operator.public_key(), operator.path().join("pack.html"));
    let args: [&dyn AsRef<OsStr>; 6] = [&"pack", &site, &"--public-key", &key, &"--out", &out];
    (bilik(&[&args, more].concat()), out)
}

#[test]
fn a_district_of_28_000_voters_takes_at_most_900_kb() {
    let shape = Shape { cost: MIN_COST, ..Shape::district(VOTERS, crate::sizes::STATIONS_OF_2024) };
    let (operator, _) = Operator::of(BILIK, &shape);
    operator.build();
    let prefix = operator.roll()[0].digits()[..6].to_owned();
    let (packed, out) = pack(&operator, &[&"--district", &prefix, &"--json"]);
    let packed = packed.exits_with(0).json();
    let length = fs::metadata(&out).unwrap().len();
    println!("{packed}");
    assert!(length <= MAX_PACK, "{length} bytes");
    assert_eq!(packed["bytes"], length);
    let part = |name: &str| packed["parts"][name].as_u64().unwrap();
    assert_eq!(part("page") + part("module") + part("tables") + part("lists"), length);
    assert!(part("tables") > length / 2, "{packed}");
}

#[test]
fn a_pack_has_the_files_of_its_region_and_no_other_table() {
    let operator = small();
    let (printed, out) = pack(&operator, &[&"--district", &"390101"]);
    let printed = printed.exits_with(0).out;
    let html = fs::read_to_string(&out).unwrap();
    assert!(printed.contains(&bilik_publish::app::hex_digest(html.as_bytes())), "{printed}");
    assert!(printed.contains("page ") && printed.contains("tables ") && printed.contains("bilik-public-key:"), "{printed}");
    assert!(html.starts_with("<!doctype html>") && html.contains("data-file=\"head.bilik\""));
    // It is given to others.
    assert_eq!(mode(&out), 0o644);
    assert!(!html.contains("data-file=\"m/"), "nobody looks up with the manifest");
    for letter in ["d", "n", "p", "s", "t"] {
        assert!(html.contains(&format!("data-file=\"{letter}/")), "{letter}");
    }
    // No address to fetch from, and a policy that forbids it.
    assert!(html.contains("default-src &#x27;none&#x27;") || html.contains("default-src 'none'"));
    assert!(!html.contains(" src=\"") && !html.contains("<link "));
    // Again, in place of the first.
    pack(&operator, &[&"--regency", &"3901"]).0.exits_with(0);
    assert!(fs::read_to_string(&out).unwrap() != html);
    assert!(!names_in(operator.path()).iter().any(|name| name.contains(".new-")));
}

#[test]
fn the_keys_of_the_sites_page_are_trusted_where_none_is_given_and_that_is_said() {
    let operator = small();
    let out = operator.path().join("pack.html");
    let packed = bilik(&[&"pack", &operator.site(), &"--regency", &"39.01", &"--out", &out]).exits_with(0);
    assert!(packed.err.contains("--public-key"), "{}", packed.err);
}

#[test]
fn what_cannot_be_packed_is_said_with_what_was_expected() {
    let operator = small();
    let refused = |more: &[&dyn AsRef<OsStr>], words: &[&str]| {
        let (packed, out) = pack(&operator, more);
        let packed = packed.exits_with(2);
        for word in words {
            assert!(packed.err.contains(word), "{word}: {}", packed.err);
        }
        assert!(!out.exists());
    };
    refused(&[&"--regency", &"3201"], &["3201: no such regency in this site", "one of 3901, 3902"]);
    refused(&[&"--district", &"390177"], &["390177: no such district in this site", "390101"]);
    let nobody = "no voter's NIK begins with these digits, so a pack of it would find nobody. Fix: pack another region instead";
    refused(&[&"--regency", &"3902"], &["3902: ", nobody]);
    refused(&[&"--district", &"390201"], &["390201: ", nobody]);
    refused(&[&"--district", &"3901"], &["6 digits of a district"]);
    refused(&[&"--regency", &"390101"], &["4 digits of a regency"]);
    refused(&[], &["--regency"]);
    // With `--json` an error is JSON, too.
    let (packed, _) = pack(&operator, &[&"--regency", &"3201", &"--json"]);
    assert!(packed.exits_with(2).json()["error"].as_str().unwrap().contains("no such regency"));
    // A file that is not a pack stays.
    let precious = operator.election().join("voters.csv");
    let before = fs::read(&precious).unwrap();
    let args: [&dyn AsRef<OsStr>; 6] = [&"pack", &operator.site(), &"--regency", &"3901", &"--out", &precious];
    assert!(bilik(&args).exits_with(2).err.contains("is not a pack"));
    assert_eq!(fs::read(&precious).unwrap(), before);
}

#[test]
fn a_damaged_file_a_foreign_key_and_a_mirror_without_its_page_are_refused() {
    let operator = small();
    let path = operator.site().join(&bilik_testkit::files(&operator.site(), "t")[0].0);
    let whole = fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    damaged[40] ^= 1;
    fs::write(&path, damaged).unwrap();
    assert!(pack(&operator, &[&"--regency", &"3901"]).0.exits_with(2).err.contains("t/"));
    fs::write(&path, whole).unwrap();
    let (site, out) = (operator.site(), operator.path().join("pack.html"));
    let stranger = Operator::new(BILIK);
    let key = stranger.public_key();
    let args: [&dyn AsRef<OsStr>; 8] = [&"pack", &site, &"--public-key", &key, &"--out", &out, &"--regency", &"3901"];
    assert!(bilik(&args).exits_with(2).err.contains("head.bilik"));
    fs::remove_file(site.join("site.json")).unwrap();
    assert!(pack(&operator, &[&"--regency", &"3901"]).0.exits_with(2).err.contains("site.json"));
    assert!(!out.exists());
}
