#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bilik_fuzzing::targets::witness::run(bytes));
