//! Bytes from anywhere as a manifest. The laws are those of `document::laws`.
#![no_main]

use bilik::format::Manifest;
use bilik_fuzz::document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    document::laws::<Manifest>(bytes);
});
