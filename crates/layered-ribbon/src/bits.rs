//! Fields of up to 63 bits in a run of bytes, least significant bit first, without gaps.

use alloc::vec::Vec;

/// The `index`-th field of `width` bits; zero past the end.
pub(crate) fn get(bytes: &[u8], index: u64, width: u32) -> u64 {
    let bit = index * u64::from(width);
    let rest = usize::try_from(bit / 8).ok().and_then(|from| bytes.get(from..)).unwrap_or_default();
    let shift = bit % 8;
    let word = if let Some((whole, tail)) = rest.split_first_chunk::<8>() {
        let low = u64::from_le_bytes(*whole) >> shift;
        // A field may reach into a ninth byte.
        let high = tail.first().map_or(0, |&byte| u64::from(byte));
        if shift == 0 { low } else { low | (high << (64 - shift)) }
    } else {
        rest.iter().rev().fold(0, |word, &byte| (word << 8) | u64::from(byte)) >> shift
    };
    low(word, width)
}

/// The lowest `count` bits of a word.
pub(crate) fn low(word: u64, count: u32) -> u64 {
    if count >= 64 { word } else { word & ((1 << count) - 1) }
}

/// Puts values behind each other, `width` bits each.
pub(crate) fn pack(values: impl Iterator<Item = u64>, width: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut pending, mut held) = (0_u128, 0);
    for value in values {
        pending |= u128::from(value) << held;
        held += width;
        while held >= 8 {
            bytes.push(pending.to_le_bytes().first().copied().unwrap_or_default());
            pending >>= 8;
            held -= 8;
        }
    }
    if held > 0 {
        bytes.push(pending.to_le_bytes().first().copied().unwrap_or_default());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_got() {
        for width in 1..=63 {
            let mask = (1_u64 << width) - 1;
            let values: Vec<u64> = (1..100_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) & mask).collect();
            let bytes = pack(values.iter().copied(), width);
            assert_eq!(
                bytes.len(),
                values.len() * usize::try_from(width).unwrap() / 8 + usize::from(!(99 * width).is_multiple_of(8))
            );
            for (index, value) in (0..).zip(&values) {
                assert_eq!(get(&bytes, index, width), *value, "{width} bits");
            }
            assert_eq!(get(&bytes, 1_000_000, width), 0);
        }
    }
}
