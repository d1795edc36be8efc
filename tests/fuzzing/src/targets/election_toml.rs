//! Texts from anywhere as an `election.toml`, alone and after a valid one: it is accepted, or each fault says what is wrong.

use crate::folder;
use bilik_publish::config::Config;
use bilik_testkit::Election;

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    folder::with(|folder| {
        for text in [text.to_owned(), format!("{}{text}", Election::SAMPLE_SETTINGS)] {
            if let Err(faults) = Config::parse(&text, folder.path()) {
                assert!(!faults.0.is_empty() && !faults.to_string().is_empty(), "refused without a reason");
            }
        }
    });
}
