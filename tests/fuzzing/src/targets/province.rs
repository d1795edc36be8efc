//! Bytes from anywhere as a part of a manifest. The laws are those of `document::laws`, and that it leads where the manifest does.
use crate::document;
use bilik::format::{Code, ProvincePart};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Some(part) = document::laws::<ProvincePart>(bytes) else { return };
    for last_two in 0..100 {
        let code = Code::regency(u16::from(part.province.code) * 100 + last_two);
        let Some(code) = code else { continue };
        let regency = part.regency(code);
        assert!(regency.is_none_or(|regency| u16::from(regency.code) == last_two), "another regency");
        assert_eq!(part.directory_for(code), regency.map(|regency| &regency.directory).or(part.elsewhere.as_ref()));
    }
}
