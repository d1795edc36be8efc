//! A golden site and one file for each way to be wrong (tests/vectors): each is refused by its own name, in the library and in the
//! terminal, and costs at most twice its limit of memory. tests/engines/vectors.test.mjs serves the same files to three browsers.
//!
//! The files are made by this program, and committed so that other readers can be tried with them.
//! `BILIK_WRITE_VECTORS=1 cargo test -p bilik-cli --test wrong` writes them anew after a change of the format.

#![allow(
    clippy::as_conversions,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::decimal_bitwise_operands,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what is not as expected here fails the test, and is meant to"
)]

mod cases;
mod committed;
mod containers;
mod golden;
mod heads;
mod public;
mod schema;
mod statements;
mod tables;

use bilik::Table;
use bilik::format::{
    self, Directory, FormatError, Head, Kind, Manifest, Names, ProvincePart, PublicKey, STATEMENT_LEN, StatementError,
    StationList, Trust, TrustError, WitnessStatement,
};
use bilik::lookup::{self, Lookup};
use bilik_testkit::{Binary, Files, MemorySource, ask, stations};
use cases::{Case, Cases, Outcome};
use golden::{Golden, QUESTION, STATION};
use peak_alloc::PeakAlloc;
use std::collections::BTreeSet;
use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts what is allocated, of all threads.
#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const BILIK: Binary = Binary::at(env!("CARGO_BIN_EXE_bilik"));
/// Longer than a head is believed without asking again.
const A_WHILE: u64 = 3_600;
/// What the test itself may allocate beside.
const BESIDE: u64 = 1 << 10;
/// What inflating takes whatever it inflates: the decoder's window and tables.
const INFLATER: u64 = 48 << 10;

/// One test at a time: memory is counted for the whole process.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn all(golden: &Golden) -> Vec<Case> {
    let mut cases = Cases { golden, all: Vec::new() };
    heads::add(&mut cases);
    containers::add(&mut cases);
    public::add(&mut cases);
    tables::add(&mut cases);
    let all = cases.all;
    let names: BTreeSet<&str> = all.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), all.len(), "two cases of one name");
    all
}

/// What a reader says of the file alone.
fn read_alone(case: &Case, trust: &Trust) -> Option<FormatError> {
    let Some((kind, file)) = &case.expected else { return Head::read(&case.bytes, trust).err() };
    match kind {
        Kind::Manifest => format::read::<Manifest>(&case.bytes, file).err(),
        Kind::Province => format::read::<ProvincePart>(&case.bytes, file).err(),
        Kind::Directory => format::read::<Directory>(&case.bytes, file).err(),
        Kind::Table => format::read::<Table>(&case.bytes, file).err(),
        Kind::StationList => format::read::<StationList>(&case.bytes, file).err(),
        Kind::Names => format::read::<Names>(&case.bytes, file).err(),
    }
}

fn source(golden: &Golden, overlay: &Files) -> MemorySource {
    let mut files = golden.files.clone();
    files.extend(overlay.clone());
    MemorySource::with(files, golden.head.signed_at + 60)
}

/// What comes of the question that reads nearly every file, and of a search for villages, which reads manifest and names.
fn outcome(lookup: &Lookup<&MemorySource>, searches: bool) -> lookup::Outcome {
    let (digits, name, village) = QUESTION;
    if searches {
        let found = pollster::block_on(lookup.villages("contoh hulu", None));
        return *found.expect_err("manifest or names are wrong");
    }
    ask(lookup, digits, name, Some(village))
}

#[test]
fn the_committed_vectors_are_those_that_are_made() {
    let _turn = alone();
    let golden = Golden::build(BILIK);
    let cases = all(&golden);
    assert!(cases.len() > 200, "{} cases", cases.len());
    committed::compare(&golden, &cases, &statements::all(&golden));
}

#[test]
fn the_golden_site_answers() {
    let _turn = alone();
    let golden = Golden::build(BILIK);
    let memory = source(&golden, &Files::new());
    let lookup = Lookup::new(&memory, golden.trust.clone());
    let (digits, name, village) = QUESTION;
    assert_eq!(stations(&ask(&lookup, digits, name, Some(village))), [STATION]);
    assert!(!pollster::block_on(lookup.villages("contoh hulu", None)).unwrap().is_empty());
    golden.operator.run_verify(&[]).exits_with(0);
}

#[test]
fn each_wrong_file_is_refused_by_name_and_costs_at_most_twice_its_limit_of_memory() {
    let _turn = alone();
    let golden = Golden::build(BILIK);
    for case in all(&golden) {
        let before = ALLOCATED.current_usage() as u64;
        ALLOCATED.reset_peak_usage();
        let refused = read_alone(&case, &golden.trust);
        let used = ALLOCATED.peak_usage() as u64 - before;
        assert_eq!(refused.as_ref(), case.error.as_ref().filter(|_| case.is_alone), "{}", case.name);
        let inflater = if case.bytes.get(7) == Some(&1) && case.expected.is_some() { INFLATER } else { 0 };
        let limit = 2 * case.limit + BESIDE + inflater;
        assert!(used <= limit, "{}: {used} bytes of memory, expected {limit} at most", case.name);
    }
}

#[test]
fn with_a_wrong_file_in_its_place_no_lookup_answers_and_the_problem_is_named() {
    let _turn = alone();
    let golden = Golden::build(BILIK);
    for case in all(&golden) {
        let name = &case.name;
        let memory = source(&golden, &case.files);
        let lookup = Lookup::new(&memory, golden.trust.clone());
        let searches = ["names-", "manifest-"].iter().any(|role| name.starts_with(role));
        if case.outcome == Outcome::Older {
            // To somebody who has seen nothing newer it is as good as any.
            *memory.files.borrow_mut() = golden.files.clone();
            outcome(&lookup, false);
            memory.files.borrow_mut().extend(case.files.clone());
            memory.now.set(memory.now.get() + A_WHILE);
        }
        let told = outcome(&lookup, searches);
        match (case.outcome, &told) {
            (Outcome::Unverified, lookup::Outcome::Unverified { problems }) => {
                let problem = &problems[0];
                assert_eq!((&problem.file, &problem.reason), (&case.path, &case.reason()), "{name}");
                assert_eq!(problem.newer, name.ends_with("version-2"), "{name}");
            }
            (Outcome::Stale, lookup::Outcome::Stale { .. }) => {}
            (Outcome::Older, told) => {
                let data = &told.answered().unwrap().data;
                assert_eq!((data.serial, stations(told)), (golden.head.serial, vec![STATION]), "{name}");
            }
            _ => panic!("{name}: {told:?}"),
        }
    }
}

#[test]
fn verify_refuses_each_wrong_file_and_says_which_and_why() {
    let _turn = alone();
    let golden = Golden::build(BILIK);
    let site = golden.operator.site();
    for case in all(&golden) {
        let name = case.name.as_str();
        for (path, bytes) in &case.files {
            fs::write(site.join(path), bytes).unwrap();
        }
        let verified = golden.operator.run_verify(&[]);
        for path in case.files.keys() {
            match golden.files.get(path) {
                Some(bytes) => fs::write(site.join(path), bytes).unwrap(),
                None => fs::remove_file(site.join(path)).unwrap(),
            }
        }
        let (path, reason) = match name {
            // Nothing tells the terminal which election is meant, and its manifest is of another one than the head.
            "head-other-election" | "manifest-other-election" => {
                (golden::path_of_manifest(&case.files, &golden), String::from("its election differs"))
            }
            "head-older" => {
                verified.exits_with(0);
                continue;
            }
            "head-expired" => (case.path.clone(), "EXPIRED".into()),
            _ if name.starts_with("part-") && !case.is_alone => {
                (case.path.clone(), String::from("it differs from what the manifest"))
            }
            // It reads one byte more than its parent names, and so does not say how many there are.
            _ => (case.path.clone(), case.reason().split(" bytes: ").next().unwrap().to_owned()),
        };
        let verified = verified.exits_with(1);
        let is_told = verified.out.lines().any(|line| line.contains(&reason) && (line.contains(&path) || name == "head-expired"));
        assert!(is_told, "{name}: {path}, {reason}: {}", verified.printed());
    }
    golden.operator.run_verify(&[]).exits_with(0);
}

#[test]
fn each_wrong_statement_is_refused_by_name_and_what_is_no_statement_by_the_terminal_too() {
    let _turn = alone();
    let golden = Golden::build(BILIK);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.bilik");
    let all = statements::all(&golden);
    assert!(all.len() > 35, "{} statements", all.len());
    for case in all {
        let name = &case.name;
        let before = ALLOCATED.current_usage() as u64;
        ALLOCATED.reset_peak_usage();
        let read = WitnessStatement::read(&case.bytes, &statements::witness());
        let used = ALLOCATED.peak_usage() as u64 - before;
        let limit = 2 * u64::from(STATEMENT_LEN) + BESIDE;
        assert!(used <= limit, "{name}: {used} bytes of memory, expected {limit} at most");
        assert_eq!(read.as_ref().err(), case.error.as_ref(), "{name}");
        assert!(read.is_err() || read.unwrap().is_of(&golden.head), "{name}");
        // The terminal shows what a statement says without its witness's key.
        fs::write(&path, &case.bytes).unwrap();
        let shown = BILIK.run(&[&"inspect", &path]);
        if statements::is_a_statement(&case) {
            assert_eq!(shown.exits_with(0).json()["file"]["kind"], "witness statement", "{name}");
        } else {
            let said = shown.exits_with(2).err;
            // Another kind of file is refused as that.
            assert!(said.contains(&case.reason()) || matches!(case.error, Some(StatementError::Kind(_))), "{name}: {said}");
        }
    }
}

#[test]
fn keys_of_small_order_are_trusted_by_nobody() {
    let _turn = alone();
    let golden = Golden::build(BILIK);
    let weak = fs::read_to_string(golden::vectors().join("weak-keys.tsv")).unwrap();
    let mut count = 0;
    for (key, what) in weak.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap()) {
        assert_eq!(PublicKey::parse(key), None, "{what}");
        assert_eq!(Trust::new([key], 1, None).unwrap_err(), TrustError::NotAKey, "{what}");
        let key = format!("bilik-public-key:{key}");
        let site = golden.operator.site();
        let refused = BILIK.run(&[&"verify", &site, &"--public-key", &key]).exits_with(2);
        assert!(refused.err.contains("not a public key"), "{what}: {}", refused.err);
        count += 1;
    }
    assert_eq!(count, 14);
}
