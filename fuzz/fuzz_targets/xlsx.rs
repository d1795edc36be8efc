//! Bytes from anywhere as a workbook with the roll or the stations: it is read, or refused with a reason.
#![no_main]

use bilik_fuzz::folder::{Folder, reading};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;

thread_local! {
    static FOLDER: RefCell<Folder> = RefCell::new(Folder::new());
}

fuzz_target!(|bytes: &[u8]| {
    let Some((which, content)) = bytes.split_first() else { return };
    let (csv, xlsx) = [("voters.csv", "voters.xlsx"), ("stations.csv", "stations.xlsx")][usize::from(*which) % 2];
    FOLDER.with_borrow(|folder| {
        folder.remove(csv);
        folder.put(xlsx, content);
        reading(folder.path());
        folder.remove(xlsx);
        folder.restore(csv);
    });
});
