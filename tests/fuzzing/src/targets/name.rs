//! Names from anywhere: one that folds has letters A to Z and words, and folds the same in capitals, in small letters and with blanks
//! around it.

use bilik::{CommonTokens, MAX_NAME_CHARS, fold_name};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(name) = fold_name(text) else { return };
    let whole = name.whole();
    assert!(!whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{whole:?}");
    assert!(!name.sealed_tokens(&CommonTokens::default()).is_empty() && !name.asked_tokens(&CommonTokens::default()).is_empty());
    if text.is_ascii() && text.len() + 2 < MAX_NAME_CHARS {
        for same in [text.to_ascii_uppercase(), text.to_ascii_lowercase(), format!(" {text} ")] {
            assert!(fold_name(&same).is_ok_and(|other| other.whole() == whole), "{same:?} folds to something else");
        }
    }
}
