//! Bytes from anywhere as the names of a province. The laws are those of `document::laws`.
#![no_main]

use bilik::format::Names;
use bilik_fuzz::document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    document::laws::<Names>(bytes);
});
