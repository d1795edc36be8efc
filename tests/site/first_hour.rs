//! An operator's first hour: from `bilik init` to the first answers, by the binary alone.

use crate::support::{Handmade, Ran, World, bilik, mode, tree};
use crate::types;
use std::fs;

#[test]
fn a_fresh_folder_is_checked_built_verified_and_answers() {
    let world = World::init();
    let key = world.path().join("second-key");
    let said = bilik(&[&"keygen", &"--out", &key]).ends_with(0);
    assert!(said.out.contains("bilik-public-key:") && mode(&key) == 0o600, "{}", said.out);

    let before = tree(&world.election());
    let checked = bilik(&[&"check", &world.election()]).ends_with(0);
    assert!(checked.out.contains("0 errors"), "{}", checked.out);
    assert_eq!(tree(&world.election()), before, "check writes nothing");

    let built = world.run_build(&[]).ends_with(0);
    assert!(built.out.contains("every voter was looked up by both recipes"), "{}", built.out);
    assert_eq!(tree(&world.election()), before, "a build without rejects leaves nothing in the election folder");

    let verified = world.run_verify(&[&"--roll", &world.election(), &"--json"]).ends_with(0).json();
    let voters = fs::read_to_string(world.election().join("voters.csv")).unwrap().lines().count() - 2;
    assert_eq!((&verified["ok"], &verified["roll"]["withheld"]), (&true.into(), &1.into()), "{verified:#}");
    assert_eq!((&verified["roll"]["voters"], &verified["roll"]["right"]), (&voters.into(), &voters.into()), "{verified:#}");
    assert_eq!(verified["roll"]["sample"], verified["roll"]["sampleRight"], "{verified:#}");

    let found = world.run_find(&[&"--nik", &"390101200597", &"--name", &"contoh satu"]).ends_with(0);
    assert!(found.out.contains("TPS 001") && found.out.contains("Sukacontoh"), "{}", found.out);
    // The example of README.md and of `bilik find --help`.
    world.run_find(&[&"--nik", &"390101621291", &"--name", &"CONTOH SAJA"]).ends_with(0);
}

#[test]
fn keygen_never_overwrites_either_half() {
    let world = World::new();
    for left in [world.key(), world.public_key()] {
        let bytes = fs::read(&left).unwrap();
        let removed = if left == world.key() { world.public_key() } else { world.key() };
        let kept = fs::read(&removed).unwrap();
        for gone in [false, true] {
            if gone {
                fs::remove_file(&removed).unwrap();
            }
            let refused = bilik(&[&"keygen", &"--out", &world.key()]).ends_with(2);
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
    ran: Ran,
    json: Ran,
}

fn one_of_each() -> Vec<Answered> {
    let world = Handmade {
        stations: &["3901012001001", "3901012001002", "3901012002901", "3901022001001"],
        voters: "3901011201900001,Budi Santoso,3901012001001,\n\
                 3901011301900001,Dewi Lestari,3901012001001,\n\
                 3901011301900002,Dewi Lestari,3901012001002,\n\
                 3901014402300001,Siti Aminah,3901012002901,\n\
                 3999995402300001,Rina Wijaya,3901022001001,\n",
        toml: "help_phone = \"0800\"\n[tables]\nmin_voters = 1\n",
    }
    .write();
    world.build();
    let mut answered = Vec::new();
    let mut find = |outcome, code, args: &[&str]| {
        let more: Vec<&dyn AsRef<std::ffi::OsStr>> = args.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>).collect();
        let ran = world.run_find(&more);
        let json = world.run_find(&[&more[..], &[&"--json"]].concat());
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

    let mut head = world.head();
    (head.signed_at, head.expires) = (1_600_000_000, 1_600_000_001);
    let bytes = fs::read(world.site().join("head.bilik")).unwrap();
    world.sign(&head);
    find("stale", 2, &["--nik", budi, "--name", "Budi Santoso"]);
    let mut flipped = bytes;
    flipped[40] ^= 1;
    fs::write(world.site().join("head.bilik"), flipped).unwrap();
    find("unverified", 2, &["--nik", budi, "--name", "Budi Santoso"]);
    fs::remove_file(world.site().join("head.bilik")).unwrap();
    find("unreachable", 2, &["--nik", budi, "--name", "Budi Santoso"]);
    answered
}

#[test]
fn find_tells_the_outcome_by_its_exit_status_and_as_the_objects_that_pages_are_promised() {
    for Answered { outcome, code, ran, json } in one_of_each() {
        assert_eq!((ran.code, json.code), (code, code), "{outcome}: {}{}", ran.said(), json.said());
        let value = json.json();
        assert_eq!(value["outcome"], outcome, "{value:#}");
        types::check(&value, "Outcome").unwrap_or_else(|fault| panic!("{outcome}: {fault}\n{value:#}"));
        assert!(!ran.said().trim().is_empty() && json.err.is_empty(), "{outcome}: {}", json.err);
        // People are told of trouble where scripts do not look for the answer.
        assert_eq!(ran.out.is_empty(), code == 2, "{outcome}: {}", ran.out);
    }
}

#[test]
fn the_demo_of_the_readme_builds_a_site_in_which_everybody_is_found() {
    let world = World::new();
    let keep = world.path().join("demo");
    let demo = bilik(&[&"demo", &"--voters", &"500", &"--keep", &keep, &"--write-only"]).ends_with(0);
    assert!(demo.out.contains("no real person is in it"), "{}", demo.out);
    let (site, key, roll) = (keep.join("site"), keep.join("key.pub"), keep.join("election"));
    let verified = bilik(&[&"verify", &site, &"--public-key", &key, &"--roll", &roll]).ends_with(0);
    assert!(verified.out.contains("500 of 500 right"), "{}", verified.out);
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
    let world = crate::damage::small();
    let server = bilik_cli::server::start(world.site(), (std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let (address, key) = (format!("http://{}", server.address()), world.public_key());
    let find = || bilik(&[&"find", &address, &"--public-key", &key, &"--nik", &"390101120190", &"--name", &"Budi Santoso"]);
    find().ends_with(0);
    let verified = bilik(&[&"verify", &address, &"--public-key", &key, &"--roll", &world.election()]).ends_with(0);
    assert!(verified.out.contains("5 of 5 right"), "{}", verified.out);
    fs::remove_dir_all(world.site().join("t")).unwrap();
    assert!(find().ends_with(2).err.contains("t/"));
    drop(server);
    assert!(find().ends_with(2).err.contains("out of reach"));
}
