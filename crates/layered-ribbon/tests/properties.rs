//! What holds for every ribbon.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly; clippy.toml covers only functions with #[test]"
)]

use layered_ribbon::{BuildError, Builder, Hash, Limits, Ribbon, Solved};
use proptest::prelude::*;

/// Entries whose values are random words of that width.
fn entries(keys: u64, width: u32, seed: u64) -> Vec<(Hash, u64)> {
    let entry = |key| {
        let hash = Hash::from_u64(key, seed);
        (hash, hash.pad >> (64 - width))
    };
    (0..keys).map(entry).collect()
}

/// Builds, with other hashes where one was unlucky.
fn build(keys: u64, width: u32, seed: u64) -> (Vec<(Hash, u64)>, Solved) {
    for retry in 0..8 {
        let entries = entries(keys, width, seed.wrapping_add(retry << 32));
        match Builder::new(width).seed(seed).build(&entries) {
            Err(BuildError::Unsolvable) => {}
            solved => return (entries, solved.unwrap()),
        }
    }
    panic!("unlucky eight times, which happens once in 2^128 times");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_key_has_its_value_in_its_layer(
        keys in prop_oneof![0..70_u64, 200..300_u64, 300..6_000_u64],
        width in 1..=63_u32,
        seed: u64,
    ) {
        let (entries, Solved { ribbon, layers }) = build(keys, width, seed);
        prop_assert_eq!(layers.len(), entries.len());
        for ((hash, value), layer) in entries.iter().zip(&layers) {
            prop_assert_eq!(ribbon.get(*layer, hash), Some(*value));
            prop_assert_eq!(ribbon.find(hash, |found| found == *value), Some(*value));
        }
    }

    #[test]
    fn the_same_input_gives_the_same_ribbon(keys in 0..600_u64, width in 1..=63_u32, seed: u64) {
        prop_assert_eq!(build(keys, width, seed).1, build(keys, width, seed).1);
    }

    #[test]
    fn parts_make_the_ribbon_again(keys in 0..2_000_u64, width in 1..=63_u32, seed: u64) {
        let ribbon = build(keys, width, seed).1.ribbon;
        let (layers, slots) = (ribbon.layer_sizes().to_vec(), ribbon.slot_bytes().to_vec());
        prop_assert_eq!(Ribbon::from_parts(ribbon.width(), layers, slots, Limits::DEFAULT), Ok(ribbon));
    }

    /// Whatever is accepted can be asked for anything.
    #[test]
    fn accepted_parts_never_panic(
        width in 0..70_u32,
        layers in prop::collection::vec(prop_oneof![0..300_u32, any::<u32>()], 0..8),
        lengthen in -1..=1_i64,
        words: [u64; 2],
    ) {
        let count: u64 = layers.iter().map(|&slots| u64::from(slots)).sum();
        let bytes = usize::try_from((count * u64::from(width)).div_ceil(8)).unwrap();
        prop_assume!(bytes < 1 << 20);
        let bytes = usize::try_from(i64::try_from(bytes).unwrap() + lengthen).unwrap_or(0);
        let mut slots = vec![0xa5; bytes];
        if let Some(last) = slots.last_mut() {
            *last = 0;
        }
        if let Ok(ribbon) = Ribbon::from_parts(width, layers, slots, Limits::DEFAULT) {
            let hash = Hash { start: words[0], row: words[1], pad: 0 };
            for layer in 0..=ribbon.layer_count() {
                prop_assert_eq!(ribbon.get(layer, &hash).is_some(), layer < ribbon.layer_count());
            }
        }
    }

    /// Hashes that are not uniform may not be solvable; they are said to be so.
    #[test]
    fn hashes_of_any_kind_build_or_are_refused(
        words in prop::collection::vec((prop_oneof![0..3_u64, any::<u64>()], prop_oneof![0..9_u64, any::<u64>()]), 0..400),
    ) {
        let entries: Vec<(Hash, u64)> = words.iter().map(|&(start, row)| (Hash { start, row, pad: 0 }, 1)).collect();
        match Builder::new(1).build(&entries) {
            Ok(Solved { ribbon, layers }) => {
                for ((hash, value), layer) in entries.iter().zip(layers) {
                    prop_assert_eq!(ribbon.get(layer, hash), Some(*value));
                }
            }
            Err(BuildError::EqualKeys { first, second }) => prop_assert!(first < second && words[first] == words[second]),
            Err(BuildError::Unsolvable | BuildError::TooManyLayers { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
