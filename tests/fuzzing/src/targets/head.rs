//! Bytes from anywhere as a head. None that was not signed is believed, and one that can be read is written again as the same bytes.
use crate::site;
use bilik::format::{Head, MAX_HEAD_LEN};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    if let Ok((head, keys)) = Head::read_unverified(bytes) {
        assert!(u32::try_from(bytes.len()).is_ok_and(|length| length <= MAX_HEAD_LEN) && !keys.is_empty());
        let message = head.message().expect("what was read can be signed");
        let signed = head.signed_bytes().expect("what was read can be written");
        // Byte 7 is the number of signatures, which nobody signs.
        assert!(bytes[8..].starts_with(&signed[8..]) && message.ends_with(&signed));
    }
    // The key of the trust has signed one head, and no other that anybody could find.
    if let Ok(head) = Head::read(bytes, &site::trust()) {
        let signed = Head::read(&site::head(), &site::trust()).expect("the honest head");
        assert_eq!(head, signed, "nobody signed this");
    }
}
