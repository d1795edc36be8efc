//! Names from anywhere: one that folds, folds to itself, has tokens, and is not longer than it was typed.
#![no_main]

use bilik::{CommonTokens, MAX_NAME_CHARS, fold_name};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(name) = fold_name(text) else { return };
    assert!(text.chars().count() <= MAX_NAME_CHARS, "longer than a name may be");
    let whole = name.whole();
    assert!(!whole.is_empty() && whole.split(' ').all(|token| !token.is_empty()), "{whole:?}");
    let again = fold_name(whole).expect("a folded name is a name");
    assert_eq!(again.whole(), whole, "folding twice");
    assert!(!name.sealed_tokens(&CommonTokens::default()).is_empty());
});
