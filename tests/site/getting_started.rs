//! An operator's first hour: from `bilik init` to the first answers, by the binary alone.

use crate::declared_types;
use crate::{BILIK, bilik, small};
use bilik_testkit::{Election, Operator, RunOutput, Served, mode, tree};
use std::fs;
use std::path::Path;

#[test]
fn a_fresh_folder_is_checked_built_verified_and_answers() {
    let operator = Operator::init(BILIK);
    let key = operator.path().join("second-key");
    let said = bilik(&[&"keygen", &"--out", &key]).exits_with(0);
    assert!(said.out.contains("bilik-public-key:") && mode(&key) == 0o600, "{}", said.out);

    let before = tree(&operator.election());
    let checked = bilik(&[&"check", &operator.election()]).exits_with(0);
    assert!(checked.out.contains("0 errors"), "{}", checked.out);
    assert_eq!(tree(&operator.election()), before, "check writes nothing");

    let built = operator.run_build(&[]).exits_with(0);
    assert!(built.out.contains("every key was looked up when it was sealed"), "{}", built.out);
    let mut after = tree(&operator.election());
    assert!(after.remove(Path::new("reuse.json")).is_some(), "what the next build needs");
    assert_eq!(after, before, "a build without rejects leaves nothing else in the election folder");

    let verified = operator.run_verify(&[&"--roll", &operator.election(), &"--json"]).exits_with(0).json();
    let voters = fs::read_to_string(operator.election().join("voters.csv")).unwrap().lines().count() - 2;
    assert_eq!((&verified["ok"], &verified["roll"]["withheld"]), (&true.into(), &1.into()), "{verified:#}");
    assert_eq!((&verified["roll"]["voters"], &verified["roll"]["right"]), (&voters.into(), &voters.into()), "{verified:#}");
    assert_eq!(verified["roll"]["lookedUp"], verified["roll"]["lookedUpRight"], "{verified:#}");

    let found = operator.run_find(&[&"--nik", &"390101200597", &"--name", &"contoh satu"]).exits_with(0);
    assert!(found.out.contains("TPS 001") && found.out.contains("Sukacontoh"), "{}", found.out);
    // The example of README.md and of `bilik find --help`.
    operator.run_find(&[&"--nik", &"390101621291", &"--name", &"CONTOH SAJA"]).exits_with(0);
}

#[test]
fn keygen_never_overwrites_either_half() {
    let operator = Operator::new(BILIK);
    for left in [operator.key(), operator.public_key()] {
        let bytes = fs::read(&left).unwrap();
        let removed = if left == operator.key() { operator.public_key() } else { operator.key() };
        let kept = fs::read(&removed).unwrap();
        for gone in [false, true] {
            if gone {
                fs::remove_file(&removed).unwrap();
            }
            let refused = bilik(&[&"keygen", &"--out", &operator.key()]).exits_with(2);
            assert!(refused.err.contains("never overwritten"), "{}", refused.err);
            assert_eq!(fs::read(&left).unwrap(), bytes);
            assert_eq!(removed.exists(), !gone);
        }
        fs::write(&removed, kept).unwrap();
    }
}

/// One question for each outcome, with the exit status that a script relies on.
struct Answered {
    outcome: &'static str,
    code: i32,
    ran: RunOutput,
    json: RunOutput,
}

fn one_of_each() -> Vec<Answered> {
    let election = Election::of_stations(&["3901012001001", "3901012001002", "3901012002901", "3901022001001"]);
    let election = election.settings("help_phone = \"0800\"\n[tables]\nmin_voters = 1\n").voters(
        "3901011201900001,Budi Santoso,3901012001001,\n\
         3901011301900001,Dewi Lestari,3901012001001,\n\
         3901011301900002,Dewi Lestari,3901012001002,\n\
         3901014402300001,Siti Aminah,3901012002901,\n\
         3999995402300001,Rina Wijaya,3901022001001,\n",
    );
    let operator = election.operator(BILIK);
    operator.build();
    let mut answered = Vec::new();
    let mut find = |outcome, code, args: &[&str]| {
        let more: Vec<&dyn AsRef<std::ffi::OsStr>> = args.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>).collect();
        let ran = operator.run_find(&more);
        let json = operator.run_find(&[&more[..], &[&"--json"]].concat());
        answered.push(Answered { outcome, code, ran, json });
    };
    let (budi, dewi, siti, rina) = ("390101120190", "390101130190", "390101440230", "399999540230");
    find("found", 0, &["--nik", budi, "--name", "BUDI SANTOSO"]);
    find("found", 0, &["--birth-date", "1990-01-12", "--sex", "m", "--district", "390101", "--name", "Budi Santoso"]);
    find("found", 0, &["--nik", budi, "--name", "Budi", "--village", "3901012001"]);
    find("found", 0, &["--nik", rina, "--name", "Rina Wijaya"]);
    find("ambiguous", 0, &["--nik", dewi, "--name", "Dewi Lestari"]);
    find("village_needed", 1, &["--nik", siti, "--name", "Siti Aminah"]);
    find("village_needed", 1, &["--nik", budi, "--name", "Budi"]);
    find("not_found", 1, &["--nik", budi, "--name", "Rekaan", "--village", "3901012001"]);
    find("not_found", 1, &["--nik", "390102120190", "--name", "Budi Santoso"]);
    find("no_such_region", 1, &["--nik", "888888120190", "--name", "Budi Santoso"]);
    find("bad_input", 2, &["--nik", "12", "--name", "Budi"]);
    find("bad_input", 2, &["--nik", budi, "--name", "..."]);
    find("bad_input", 2, &["--nik", budi, "--name", "Budi", "--village", "39"]);
    find("bad_input", 2, &[]);

    let mut head = operator.head();
    (head.serial, head.signed_at, head.expires) = (1_600_000_000, 1_600_000_000, 1_600_000_001);
    let bytes = fs::read(operator.site().join("head.bilik")).unwrap();
    operator.sign(&head);
    find("stale", 2, &["--nik", budi, "--name", "Budi Santoso"]);
    let mut flipped = bytes;
    flipped[40] ^= 1;
    fs::write(operator.site().join("head.bilik"), flipped).unwrap();
    find("unverified", 2, &["--nik", budi, "--name", "Budi Santoso"]);
    fs::remove_file(operator.site().join("head.bilik")).unwrap();
    find("unreachable", 2, &["--nik", budi, "--name", "Budi Santoso"]);
    answered
}

#[test]
fn find_tells_the_outcome_by_its_exit_status_and_as_the_objects_that_pages_are_promised() {
    for Answered { outcome, code, ran, json } in one_of_each() {
        assert_eq!((ran.code, json.code), (code, code), "{outcome}: {}{}", ran.printed(), json.printed());
        let value = json.json();
        assert_eq!(value["outcome"], outcome, "{value:#}");
        declared_types::check(&value, "Outcome").unwrap_or_else(|fault| panic!("{outcome}: {fault}\n{value:#}"));
        assert!(!ran.printed().trim().is_empty() && json.err.is_empty(), "{outcome}: {}", json.err);
        // People are told of trouble where scripts do not look for the answer.
        assert_eq!(ran.out.is_empty(), code == 2, "{outcome}: {}", ran.out);
    }
}

#[test]
fn the_demo_of_the_readme_builds_a_site_in_which_everybody_is_found() {
    let operator = Operator::new(BILIK);
    let keep = operator.path().join("demo");
    let demo = bilik(&[&"demo", &"--voters", &"500", &"--keep", &keep, &"--write-only"]).exits_with(0);
    assert!(demo.out.contains("no real person is in it"), "{}", demo.out);
    let (site, key, roll) = (keep.join("site"), keep.join("key.pub"), keep.join("election"));
    let verified = bilik(&[&"verify", &site, &"--public-key", &key, &"--roll", &roll]).exits_with(0);
    assert!(verified.out.contains("300 of 300 asked right"), "{}", verified.out);
    // What it tells to type is found, or is not, as it says.
    let lines: Vec<&str> = demo.out.lines().map(str::trim_start).collect();
    let typed = |number: usize| {
        let at = lines.iter().position(|line| line.starts_with(&format!("{number}. "))).unwrap();
        let behind = |what| lines[at..].iter().find_map(|line| line.strip_prefix(what)).unwrap().trim();
        let (nik, name) = (behind("12 digits"), behind("name"));
        bilik(&[&"find", &site, &"--public-key", &key, &"--nik", &nik, &"--name", &name, &"--json"]).json()["outcome"].clone()
    };
    assert_eq!((typed(1), typed(2)), ("found".into(), "village_needed".into()), "{}", demo.out);
    assert_ne!(typed(3), "found", "{}", demo.out);
}

#[test]
fn a_site_behind_an_address_is_asked_and_verified_like_a_folder() {
    let operator = small();
    let server = Served::start(operator.site(), None);
    let (address, key) = (server.address(), operator.public_key());
    let find = || bilik(&[&"find", &address, &"--public-key", &key, &"--nik", &"390101120190", &"--name", &"Budi Santoso"]);
    find().exits_with(0);
    let verified = bilik(&[&"verify", &address, &"--public-key", &key, &"--roll", &operator.election()]).exits_with(0);
    assert!(verified.out.contains("5 of 5 asked right"), "{}", verified.out);
    fs::remove_dir_all(operator.site().join("t")).unwrap();
    assert!(find().exits_with(2).err.contains("t/"));
    drop(server);
    assert!(find().exits_with(2).err.contains("out of reach"));
}
