//! Solving: which slots make every key's row XOR to its value.

use super::{BAND, Hash, MAX_DENSE, MAX_LAYERS, MAX_WIDTH, Ribbon, Row, bits};

/// Keys for each slot of a banded layer, in thousandths. At 1.08 hardly a slot stays free (`cargo bench -p layered-ribbon` prints it).
const OVERLOAD: u32 = 1080;
/// Up to this many keys a dense layer takes them all.
const FEW: u32 = 240;
/// The most slots of a dense layer beyond its keys. Random rows are independent after 1.6 further slots on average; they are
/// still not after this many once in 2^16 times, or when two keys are equal.
const DENSE_SPARE: u32 = 16;
const _: () = assert!(FEW + DENSE_SPARE <= MAX_DENSE && FEW * 1000 / OVERLOAD >= BAND, "a layer would be out of range");

/// A ribbon, and which layer each key came to lie in, in the order of the keys.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The structure.
    pub ribbon: Ribbon,
    /// The layer of each key.
    pub layers: Vec<u32>,
}

/// The rows of the last layer were not independent. Different keys are that unlucky once in 2^16 times, and other hashes
/// help; equal ones never fit in one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsolvable;

/// One equation of a layer: which key, where its row starts, which slots, what value.
struct Equation {
    key: usize,
    start: usize,
    row: u64,
    value: u64,
}

/// Solves for slots of `width` bits. `fill` gives the random words that free slots get. Linear in the keys.
///
/// Keys must differ: two equal ones may come to lie in two layers, and whoever asks finds the first.
///
/// # Errors
/// [`Unsolvable`] when the keys do not fit this time.
///
/// # Panics
/// Never; a width over [`MAX_WIDTH`] is unsolvable.
pub fn solve(entries: &[(Hash, u64)], width: u32, fill: &mut impl FnMut() -> u64) -> Result<Solved, Unsolvable> {
    if width == 0 || width > MAX_WIDTH {
        return Err(Unsolvable);
    }
    let mut layers = vec![0; entries.len()];
    let mut sizes = Vec::new();
    let mut slots: Vec<u64> = Vec::with_capacity(entries.len() + 16);
    let mut left: Vec<usize> = (0..entries.len()).collect();
    for layer in 0.. {
        let rows = |size: u32, is_dense: bool| {
            let entry = |&key: &usize| entries.get(key).map(|(hash, value)| (key, hash, *value));
            let row = move |(key, hash, value)| (key, Row::new(hash, layer, size, is_dense), value);
            left.iter().filter_map(entry).map(row)
        };
        let keys = u32::try_from(left.len()).map_err(|_| Unsolvable)?;
        let is_dense = keys <= FEW;
        let (size, bumped) = if is_dense {
            let mut sizes = keys..=if keys == 0 { 0 } else { keys + DENSE_SPARE };
            let size = sizes.find(|&size| dense(rows(size, true), size, &mut slots, fill).is_ok());
            (size.ok_or(Unsolvable)?, Vec::new())
        } else {
            let size = u32::try_from(u64::from(keys) * 1000 / u64::from(OVERLOAD)).map_err(|_| Unsolvable)?;
            (size, banded(rows(size, false), size, &mut slots, fill))
        };
        for key in left {
            if let Some(slot) = layers.get_mut(key) {
                *slot = layer;
            }
        }
        left = bumped;
        sizes.push(size);
        if is_dense {
            break;
        }
        if sizes.len() >= MAX_LAYERS {
            return Err(Unsolvable);
        }
    }
    let mask = (1 << width) - 1;
    let slots = bits::pack(slots.into_iter().map(|slot| slot & mask), width);
    let width = u8::try_from(width).map_err(|_| Unsolvable)?;
    Ok(Solved { ribbon: Ribbon { width, layers: sizes, slots }, layers })
}

/// Appends a banded layer's slots; gives back the keys that did not fit.
fn banded(
    rows: impl Iterator<Item = (usize, Row, u64)>,
    size: u32,
    slots: &mut Vec<u64>,
    fill: &mut impl FnMut() -> u64,
) -> Vec<usize> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut equations: Vec<Equation> = rows
        .map(|(key, row, value)| Equation { key, start: usize::try_from(row.base).unwrap_or(0), row: row.word, value })
        .collect();
    // In the order of their starts each elimination is short, and the band fills from the left.
    equations.sort_unstable_by_key(|equation| (equation.start, equation.row));
    // A pivot is a row whose lowest bit stands for its own slot; zero where there is none.
    let mut pivots = vec![(0_u64, 0_u64); size];
    let mut bumped = Vec::new();
    for Equation { key, start, mut row, mut value } in equations {
        let mut at = start;
        loop {
            match pivots.get_mut(at) {
                Some(pivot) if pivot.0 == 0 => {
                    *pivot = (row, value);
                    break;
                }
                Some(pivot) => {
                    row ^= pivot.0;
                    value ^= pivot.1;
                }
                None => row = 0,
            }
            if row == 0 {
                bumped.push(key);
                break;
            }
            let shift = row.trailing_zeros();
            row >>= shift;
            at += usize::try_from(shift).unwrap_or(0);
        }
    }
    let from = slots.len();
    slots.resize(from + size, 0);
    let layer = slots.get_mut(from..).unwrap_or_default();
    for (at, (row, value)) in pivots.into_iter().enumerate().rev() {
        let mut slot = value;
        let mut others = if row == 0 { 0 } else { row & !1 };
        while others != 0 {
            let other = at + usize::try_from(others.trailing_zeros()).unwrap_or(0);
            slot ^= layer.get(other).copied().unwrap_or_default();
            others &= others - 1;
        }
        if let Some(place) = layer.get_mut(at) {
            *place = if row == 0 { fill() } else { slot };
        }
    }
    bumped.sort_unstable();
    bumped
}

/// Appends the dense layer's slots; every key must fit, or nothing is appended.
fn dense(
    rows: impl Iterator<Item = (usize, Row, u64)>,
    size: u32,
    slots: &mut Vec<u64>,
    fill: &mut impl FnMut() -> u64,
) -> Result<(), Unsolvable> {
    const WORDS: usize = {
        let words = MAX_DENSE / BAND;
        assert!(words == 4);
        4
    };
    type Bits = [u64; WORDS];
    let size = usize::try_from(size).map_err(|_| Unsolvable)?;
    let has = |bits: &Bits, slot: usize| bits.get(slot / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1);
    let add = |bits: &mut Bits, other: &Bits| bits.iter_mut().zip(other).for_each(|(word, other)| *word ^= other);
    let mut pivots: Vec<Option<(Bits, u64)>> = vec![None; size];
    for (_, row, mut value) in rows {
        let mut bits = [0; WORDS];
        for slot in row {
            let slot = usize::try_from(slot).map_err(|_| Unsolvable)?;
            if let Some(word) = bits.get_mut(slot / 64) {
                *word |= 1 << (slot % 64);
            }
        }
        let mut placed = false;
        for (slot, pivot) in pivots.iter_mut().enumerate() {
            if !has(&bits, slot) {
                continue;
            }
            if let Some((other, others)) = pivot {
                add(&mut bits, other);
                value ^= *others;
            } else {
                *pivot = Some((bits, value));
                placed = true;
                break;
            }
        }
        if !placed {
            return Err(Unsolvable);
        }
    }
    let mut layer = vec![0; size];
    for (slot, pivot) in pivots.iter().enumerate().rev() {
        let solved = match pivot {
            None => fill(),
            Some((bits, value)) => (slot + 1..size)
                .filter(|&other| has(bits, other))
                .fold(*value, |sum, other| sum ^ layer.get(other).copied().unwrap_or_default()),
        };
        if let Some(place) = layer.get_mut(slot) {
            *place = solved;
        }
    }
    slots.extend(layer);
    Ok(())
}
