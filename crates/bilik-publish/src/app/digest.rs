//! The digests by which the app's files are named.

use sha2::{Digest as _, Sha256};

/// The SHA-256 of bytes, in hex.
#[must_use]
pub fn hex_digest(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}
