//! Bytes from anywhere as one of the files of an election folder: each line is read or named with a reason, and none is lost.
#![no_main]

use bilik_fuzz::folder::{Folder, reading};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;

const FILES: [&str; 5] = ["voters.csv", "stations.csv", "regions.csv", "withheld.csv", "totals.csv"];

thread_local! {
    static FOLDER: RefCell<Folder> = RefCell::new(Folder::new());
}

fuzz_target!(|bytes: &[u8]| {
    let Some((which, content)) = bytes.split_first() else { return };
    let name = FILES[usize::from(*which) % FILES.len()];
    FOLDER.with_borrow(|folder| {
        folder.put(name, content);
        reading(folder.path());
        folder.restore(name);
    });
});
