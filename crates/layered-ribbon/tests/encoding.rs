//! Decoding gives back what was encoded, and refuses what does not hold together.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly; clippy.toml covers only functions with #[test]"
)]

use bincode::config::standard;
use bincode::de::read::Reader;
use bincode::error::DecodeError;
use layered_ribbon::{Builder, Hash, Ribbon};
use proptest::prelude::*;
use serde_json::json;

fn ribbon(keys: u64, width: u32) -> Ribbon {
    let entries: Vec<(Hash, u64)> = (0..keys).map(|key| (Hash::from_u64(key, 3), key & 1)).collect();
    Builder::new(width).build(&entries).unwrap().ribbon
}

fn decode(bytes: &[u8]) -> Result<Ribbon, String> {
    bincode::decode_from_slice(bytes, standard()).map(|(ribbon, _)| ribbon).map_err(|e| e.to_string())
}

/// Looks up in all layers; only panics count.
fn ask(ribbon: &Ribbon) {
    for hash in [Hash { start: 0, row: 0, pad: 0 }, Hash { start: u64::MAX, row: u64::MAX, pad: 0 }, Hash::from_u64(1, 1)] {
        let _ = ribbon.find(&hash, |_| false);
    }
}

#[test]
fn bincode_refuses_each_part_for_its_reason() {
    let cases: [(&[u8], &str); 9] = [
        (&[0, 1, 1, 1, 0], "width"),
        (&[64, 1, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0], "width"),
        (&[8, 0, 0], "number of layers"),
        (&[8, 7, 64, 64, 64, 64, 64, 64, 1, 0], "number of layers"),
        (&[8, 2, 63, 1, 64], "slots of a layer"),
        (&[8, 1, 251, 1, 1, 251, 1, 1], "slots of a layer"),
        (&[8, 1, 2, 1, 0], "length"),
        (&[8, 1, 2, 3, 0, 0, 0], "length"),
        (&[3, 1, 2, 1, 0b0100_0000], "after the last slot"),
    ];
    for (bytes, reason) in cases {
        let error = decode(bytes).unwrap_err();
        assert!(error.contains(reason), "{bytes:?}: {error}");
    }
    assert!(decode(&[8, 1, 2, 2, 0, 0]).is_ok());
    assert!(decode(&[8, 1, 2, 2, 0]).is_err());
    assert!(decode(&[3, 1, 2, 1, 0b0011_1111]).is_ok());
}

/// A length of 2^64 - 1, and one that agrees with its layers but not with the bytes that are there.
#[test]
fn bincode_asks_for_no_memory_that_is_not_backed_by_bytes() {
    let huge = [253, 255, 255, 255, 255, 255, 255, 255, 255];
    assert!(decode(&[&[8_u8][..], &huge].concat()).is_err());
    assert!(decode(&[&[8_u8, 1, 2][..], &huge].concat()).is_err());
    let widest = [63, 2, 252, 0, 0, 0, 1, 0, 252, 0, 0, 224, 7];
    assert_eq!(63_u64 * (1 << 24) / 8, 0x07e0_0000);
    assert!(decode(&widest).unwrap_err().contains("UnexpectedEnd"));
}

#[test]
fn as_many_layers_as_may_be_are_decoded() {
    let layers = [&[1, 6][..], &[64; 6], &[48], &[0; 48]].concat();
    assert_eq!(decode(&layers).unwrap().layer_sizes(), [64; 6]);
}

/// One that shows nothing of what it has, such as a file.
struct Blind<'a>(&'a [u8]);

impl Reader for Blind<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> Result<(), DecodeError> {
        let (read, rest) = self.0.split_at_checked(bytes.len()).ok_or(DecodeError::UnexpectedEnd { additional: 1 })?;
        bytes.copy_from_slice(read);
        self.0 = rest;
        Ok(())
    }
}

#[test]
fn bincode_reads_step_by_step_where_the_length_cannot_be_seen() {
    // Shorter than a step, and three steps.
    for (keys, width) in [(10, 7), (40_000, 31)] {
        let ribbon = ribbon(keys, width);
        let mut bytes = bincode::encode_to_vec(&ribbon, standard()).unwrap();
        assert_eq!(bincode::decode_from_reader::<Ribbon, _, _>(Blind(&bytes), standard()).unwrap(), ribbon);
        bytes.pop();
        assert!(bincode::decode_from_reader::<Ribbon, _, _>(Blind(&bytes), standard()).is_err());
    }
}

#[test]
fn serde_names_the_parts_and_checks_them() {
    let ribbon = ribbon(2, 8);
    let value = serde_json::to_value(&ribbon).unwrap();
    assert_eq!(value, json!({ "width": 8, "layers": ribbon.layer_sizes(), "slots": ribbon.slot_bytes() }));
    let refused = |value| serde_json::from_value::<Ribbon>(value).unwrap_err().to_string();
    assert_eq!(
        refused(json!({ "width": 8, "layers": [2], "slots": [1, 2, 3] })),
        "ribbon: length of the slots does not match the layers: expected 2 bytes, got 3"
    );
    assert_eq!(
        refused(json!({ "width": 64, "layers": [1], "slots": [1] })),
        "ribbon: width out of range: expected 1 to 63 bits, got 64"
    );
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same(keys in 0..1_500_u64, width in 1..=63_u32) {
        let ribbon = ribbon(keys, width);
        let bytes = bincode::encode_to_vec(&ribbon, standard()).unwrap();
        prop_assert_eq!(&decode(&bytes), &Ok(ribbon.clone()));
        let fixed = standard().with_fixed_int_encoding();
        let bytes = bincode::encode_to_vec(&ribbon, fixed).unwrap();
        prop_assert_eq!(&bincode::decode_from_slice::<Ribbon, _>(&bytes, fixed).unwrap().0, &ribbon);
        let json = serde_json::to_string(&ribbon).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ribbon>(&json).unwrap(), ribbon);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(ribbon) = decode(&bytes) {
            ask(&ribbon);
        }
    }

    /// Mostly well formed, so that more of it is accepted.
    #[test]
    fn damaged_ribbons_never_panic(keys in 0..700_u64, width in 1..=63_u32, at: prop::sample::Index, to: u8) {
        let mut bytes = bincode::encode_to_vec(ribbon(keys, width), standard()).unwrap();
        let at = at.index(bytes.len().min(12));
        bytes[at] = to;
        if let Ok((ribbon, read)) = bincode::decode_from_slice::<Ribbon, _>(&bytes, standard()) {
            ask(&ribbon);
            prop_assert_eq!(&decode(&bincode::encode_to_vec(&ribbon, standard()).unwrap()), &Ok(ribbon));
            prop_assert!(read <= bytes.len());
        }
    }
}
