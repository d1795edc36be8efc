//! Asking a ribbon, and making one from its parts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly; clippy.toml covers only functions with #[test]"
)]

use layered_ribbon::{Builder, Hash, InvalidRibbon, Limits, Ribbon};

fn entries(keys: std::ops::Range<u64>) -> Vec<(Hash, u64)> {
    keys.map(|key| (Hash::from_u64(key, 1), key & 0xff)).collect()
}

#[test]
fn a_strangers_value_is_random() {
    let ribbon = Builder::new(31).build(&entries(0..5_000)).unwrap().ribbon;
    let zero_low_byte =
        entries(5_000..9_096).iter().filter(|(hash, _)| ribbon.get(0, hash).unwrap().trailing_zeros() >= 8).count();
    // Stored values have 23 upper bits of zero, and are not among these.
    assert!((4..=40).contains(&zero_low_byte), "{zero_low_byte} of 4,096, expected 16");
}

#[test]
fn there_is_no_value_beyond_the_last_layer() {
    let ribbon = Builder::new(8).build(&entries(0..1_000)).unwrap().ribbon;
    let (hash, _) = entries(3..4)[0];
    assert!(ribbon.get(ribbon.layer_count() - 1, &hash).is_some());
    assert_eq!(ribbon.get(ribbon.layer_count(), &hash), None);
    assert_eq!(ribbon.get(u32::MAX, &hash), None);
}

#[test]
fn parts_that_do_not_agree_are_refused_each_for_its_reason() {
    let ribbon = Builder::new(31).build(&entries(0..1_000)).unwrap().ribbon;
    let (width, layers, slots) = (ribbon.width(), ribbon.layer_sizes().to_vec(), ribbon.slot_bytes().to_vec());
    let bytes = u64::try_from(slots.len()).unwrap();
    let first = layers[0];
    let of_layers = |layers: Vec<u32>| Ribbon::from_parts(width, layers, slots.clone(), Limits::DEFAULT).unwrap_err();
    let of_width = |width| Ribbon::from_parts(width, layers.clone(), slots.clone(), Limits::DEFAULT).unwrap_err();
    for got in [0, 64, 256 + 31, u32::MAX] {
        assert_eq!(of_width(got), InvalidRibbon::WidthOutOfRange { max: 63, got });
    }
    assert_eq!(of_layers(vec![]), InvalidRibbon::LayersOutOfRange { max: 6, got: 0 });
    assert_eq!(of_layers(vec![64; 7]), InvalidRibbon::LayersOutOfRange { max: 6, got: 7 });
    let most = Ribbon::from_parts(1, vec![64; 6], vec![0; 48], Limits::DEFAULT).unwrap();
    assert_eq!((most.layer_count(), most.slot_count(), most.slot_bytes().len()), (6, 384, 48));
    let max = 1 << 24;
    assert_eq!(of_layers(vec![63, 9]), InvalidRibbon::LayerOutOfRange { layer: 0, min: 64, max, got: 63 });
    assert_eq!(of_layers(vec![64, max + 1, 9]), InvalidRibbon::LayerOutOfRange { layer: 1, min: 64, max, got: max + 1 });
    assert_eq!(of_layers(vec![first, 257]), InvalidRibbon::LayerOutOfRange { layer: 1, min: 0, max: 256, got: 257 });
    let short = Ribbon::from_parts(width, layers.clone(), slots[1..].to_vec(), Limits::DEFAULT);
    assert_eq!(short, Err(InvalidRibbon::LengthMismatch { expected: bytes, got: bytes - 1 }));
    let narrow = Limits { max_layer_slots: first - 1, ..Limits::DEFAULT };
    assert!(Ribbon::from_parts(width, layers, slots, narrow).is_err());
}

#[test]
fn bits_after_the_last_slot_are_refused_and_so_is_nothing_else() {
    let of = |last| Ribbon::from_parts(3, vec![2], vec![last], Limits::DEFAULT);
    assert!(of(0b0011_1111).is_ok());
    assert_eq!(of(0b0100_0000), Err(InvalidRibbon::PaddingSet));
    assert_eq!(of(0b1000_0000), Err(InvalidRibbon::PaddingSet));
    assert!(Ribbon::from_parts(4, vec![2], vec![0xff], Limits::DEFAULT).is_ok());
}

#[test]
fn what_is_wrong_with_parts_is_said_with_its_numbers() {
    let said = |width, layers, slots| Ribbon::from_parts(width, layers, slots, Limits::DEFAULT).unwrap_err().to_string();
    assert_eq!(said(0, vec![1], vec![0]), "ribbon: width out of range: expected 1 to 63 bits, got 0");
    assert_eq!(said(8, vec![], vec![]), "ribbon: number of layers out of range: expected 1 to 6, got 0");
    assert_eq!(said(8, vec![257], vec![]), "ribbon: slots of a layer out of range: expected 0 to 256 in layer 0, got 257");
    assert_eq!(said(8, vec![2], vec![0]), "ribbon: length of the slots does not match the layers: expected 2 bytes, got 1");
    assert_eq!(said(3, vec![2], vec![0xff]), "ribbon: bits are set after the last slot");
}
