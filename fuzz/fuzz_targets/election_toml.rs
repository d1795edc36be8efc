//! Texts from anywhere as an `election.toml`, alone and after a valid one: it is accepted, or each fault names its line and what to do.
#![no_main]

use bilik_fuzz::folder::{ELECTION, Folder};
use bilik_publish::config::Config;
use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;

thread_local! {
    static FOLDER: LazyCell<Folder> = LazyCell::new(Folder::new);
}

fuzz_target!(|text: &str| {
    FOLDER.with(|folder| {
        for text in [text.to_owned(), format!("{ELECTION}{text}")] {
            if let Err(faults) = Config::parse(&text, folder.path()) {
                assert!(!faults.0.is_empty(), "refused without a reason");
                let _ = faults.to_string();
            }
        }
    });
});
