//! A sample of `benches/names.rs` with the shares that must be reached: who types another name than the roll has is found.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    dead_code,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "../benches/names/corpus.rs"]
mod corpus;
#[path = "../benches/names/district.rs"]
mod district;
#[path = "../benches/names/measure.rs"]
mod measure;
#[path = "../benches/names/questions.rs"]
mod questions;

use corpus::{Corpus, Half, Random};
use district::District;
use questions::Kind;

#[test]
fn voters_are_found_under_other_names_than_the_roll_has() {
    let corpus = Corpus::new();
    let district = District::new(&corpus, 4_000, &mut Random(1));
    for kind in Kind::ALL {
        let (title, goal) = kind.goal();
        for half in [Half::Tuning, Half::HeldOut] {
            let recall = measure::recall(&corpus, &district, (kind, half), 3_000, |_| true);
            assert!(recall.percent() >= goal, "{title}, {half:?}: {:.1} %, expected {goal} %", recall.percent());
            assert_eq!(recall.wrong, 0, "{title}, {half:?}");
        }
    }
    let (told, same_word) = measure::strangers(&corpus, &district, 3_000);
    assert_eq!(told, same_word, "a stranger was told a station by a word that folding made another");
}
