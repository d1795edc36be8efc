//! Bytes from anywhere as a directory. The laws are those of `document::laws`; in one that is accepted, every prefix leads somewhere or
//! nowhere without a panic.
use crate::document;
use bilik::format::{Code, Directory};
use bilik::{Digits, Recipe};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Some(directory) = document::laws::<Directory>(bytes) else { return };
    let digits = Digits::typed("320101410190").expect("12 digits");
    for route in &directory.routes {
        let tables = directory.tables_of(route.prefix).expect("a route leads to tables");
        for recipe in [Recipe::Full, Recipe::Near] {
            let file = tables.file_of(recipe, "example-2029", &digits);
            assert!(file.is_none_or(|file| tables.files(recipe).contains(file)));
        }
    }
    assert!(directory.tables_of(1_000_000).is_none(), "a prefix has six digits");
    for district in &directory.districts {
        let code = Code::regency(directory.regency).expect("checked").within(district.code);
        assert_eq!(directory.district(code), Some(district));
    }
}
