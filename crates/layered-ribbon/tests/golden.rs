//! The same hashes, values, width and fill give the same ribbon for ever, and the same bytes of it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly; clippy.toml covers only functions with #[test]")]

use layered_ribbon::{Builder, Hash, Ribbon, Solved};
use sha2::{Digest as _, Sha256};

/// Keys, width, and the first 16 bytes of a SHA-256 over the ribbon as `bincode` encodes it and then the layer of each key as 4
/// bytes. They were made before the builder had its present form.
const SOLVED: [(u64, u32, &str); 13] = [
    (0, 1, "a0454a24dd4bc418448ca19320519ea3"),
    (1, 63, "ba518ae9de19fed80f98a3d748b50484"),
    (2, 7, "f6581bf9861e02af41a20afb7f744bff"),
    (20, 7, "8d7b6bc2d88f36235e9508d8faaec79c"),
    (63, 31, "241d5d62177bbbd15fa1c7c324eff893"),
    (64, 1, "4aab2ce5a85d3f04d5bbd4b22db75b56"),
    (65, 43, "21d7bc6181ecd7639aa24a12615314d0"),
    (240, 31, "3cf6748855c95d7ec8506cf3fe954306"),
    (241, 31, "11523dcda68fb3d7db382cafabc14025"),
    (300, 63, "089232f1d78761afa64534b30294a643"),
    (1_000, 7, "0959d3328705e5c93f0b9112ef842122"),
    (5_000, 31, "c64c98dc9e16a98318f29819b9e18d40"),
    (28_000, 43, "fb9966232348a5899cadade8b1204723"),
];

#[test]
fn the_same_input_gives_the_same_bytes() {
    for (keys, width, expected) in SOLVED {
        let Solved { ribbon, layers } = solved(keys, width);
        let layers: Vec<u8> = layers.into_iter().flat_map(u32::to_le_bytes).collect();
        let digest = Sha256::new_with_prefix(encoded(&ribbon)).chain_update(layers).finalize();
        let got = base16ct::lower::encode_string(&digest[..16]);
        assert_eq!(got, expected, "{keys} keys, {width} bits");
    }
}

/// Width, number of layers, slots of the layer, number of bytes, and 20 slots of 7 bits.
#[test]
fn the_bytes_of_a_small_ribbon() {
    let bytes = [7, 1, 20, 18, 235, 57, 245, 160, 14, 12, 197, 50, 25, 3, 119, 42, 254, 189, 240, 149, 162, 2];
    assert_eq!(encoded(&solved(20, 7).ribbon), bytes);
}

fn encoded(ribbon: &Ribbon) -> Vec<u8> {
    bincode::encode_to_vec(ribbon, bincode::config::standard()).unwrap()
}

fn solved(keys: u64, width: u32) -> Solved {
    let mut word = words(keys);
    let entries: Vec<(Hash, u64)> =
        (0..keys).map(|_| (Hash { start: word(), row: word(), pad: 0 }, word() >> (64 - width))).collect();
    Builder::new(width).build_with(&entries, &mut word).unwrap()
}

/// `SplitMix64`.
fn words(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
