//! The committed corpora, and what chance makes of them, through every target: what a fuzzer found once stays found, and each law is
//! seen to hold without one. `BILIK_WRITE_SEEDS=1` writes the seeds of each target into its corpus.

#![allow(clippy::panic, clippy::unwrap_used, reason = "whatever is not as expected fails the test")]

use bilik_fuzzing::{seeds, targets};
use bilik_testkit::SeededRng;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Inputs that chance makes for each target.
const CHANCE: usize = 1_500;

fn folder_of(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target)
}

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = folder_of(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn run(target: &str, input: &str, bytes: &[u8], one: fn(&[u8])) {
    let result = catch_unwind(AssertUnwindSafe(|| one(bytes)));
    assert!(result.is_ok(), "{target} breaks a law on {input}: {bytes:02x?}");
}

#[test]
fn no_input_breaks_a_law() {
    if std::env::var_os("BILIK_WRITE_SEEDS").is_some() {
        for (target, _) in targets::ALL {
            fs::create_dir_all(folder_of(target)).unwrap();
            for (at, seed) in seeds::of(target).iter().enumerate() {
                fs::write(folder_of(target).join(format!("seed-{at}")), seed).unwrap();
            }
        }
    }
    let mut rng = SeededRng::new(29);
    for (target, one) in targets::ALL {
        let corpus = corpus(target);
        assert!(!corpus.is_empty(), "{target} has a corpus");
        for (name, bytes) in &corpus {
            run(target, name, bytes, one);
        }
        for _ in 0..CHANCE {
            let [first, second] = [(); 2].map(|()| &corpus[rng.below(corpus.len())].1);
            let spoilt = rng.spoil(first, second);
            run(target, "what chance made", &spoilt, one);
        }
    }
}

#[test]
fn every_seed_is_in_its_corpus() {
    for (target, _) in targets::ALL {
        let corpus = corpus(target);
        for (at, seed) in seeds::of(target).iter().enumerate() {
            assert!(
                corpus.iter().any(|(_, bytes)| bytes == seed),
                "seed {at} of {target}: run BILIK_WRITE_SEEDS=1 cargo test -p bilik-fuzzing"
            );
        }
    }
}
