//! Bytes from anywhere as a manifest. The laws are those of `document::laws`.
use crate::document;
use bilik::format::Manifest;

/// Runs one input.
pub fn run(bytes: &[u8]) {
    document::laws::<Manifest>(bytes);
}
