//! Bytes from anywhere are decoded as a ribbon. One that is accepted can be asked for any key without a panic, and encodes to
//! a ribbon that is equal.
use bincode::config::standard;
use layered_ribbon::{Hash, Ribbon};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Ok((ribbon, read)) = bincode::decode_from_slice::<Ribbon, _>(bytes, standard()) else { return };
    let key = bytes.iter().fold(u64::try_from(read).expect("a short input"), |key, byte| key.rotate_left(8) ^ u64::from(*byte));
    let edges = [Hash { start: 0, row: 0, pad: 0 }, Hash { start: u64::MAX, row: u64::MAX, pad: 0 }];
    for hash in edges.into_iter().chain([Hash::from_u64(key, 0)]) {
        for layer in 0..ribbon.layer_count() {
            let value = ribbon.get(layer, &hash).expect("the layer is there");
            assert_eq!(value >> ribbon.width(), 0, "a value is wider than its slot");
        }
        assert_eq!(ribbon.get(ribbon.layer_count(), &hash), None);
    }
    let again = bincode::encode_to_vec(&ribbon, standard()).expect("a ribbon is encoded");
    assert_eq!(bincode::decode_from_slice(&again, standard()).ok(), Some((ribbon, again.len())));
}
