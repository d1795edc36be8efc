//! `bilik`, the operator's binary.
fn main() {}
