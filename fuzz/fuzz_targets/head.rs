//! Bytes from anywhere as a head. None that was not signed is believed, and one that can be read is written again as the same bytes.
#![no_main]

use bilik::format::{Head, HEAD_PATH, MAX_HEAD_LEN};
use bilik_fuzz::site;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    assert!(HEAD_PATH.len() < 20);
    if let Ok((head, keys)) = Head::read_unverified(bytes) {
        assert!(bytes.len() <= MAX_HEAD_LEN && !keys.is_empty());
        let message = head.message().expect("what was read can be signed");
        let signed = head.signed_bytes().expect("what was read can be written");
        assert!(bytes.starts_with(&signed) && !message.is_empty());
    }
    // The key of the trust has signed nothing that a fuzzer would find.
    assert!(Head::read(bytes, &site::trust()).is_err());
});
