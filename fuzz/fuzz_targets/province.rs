#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bilik_fuzzing::targets::province::run(bytes));
