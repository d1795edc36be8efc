//! Bytes from anywhere as the names of a province. The laws are those of `document::laws`.
use crate::document;
use bilik::format::Names;

/// Runs one input.
pub fn run(bytes: &[u8]) {
    document::laws::<Names>(bytes);
}
