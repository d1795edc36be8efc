//! Solving one layer: which slots make every key's row XOR to its value.

use crate::limits::Limits;
use crate::row::{BAND, Row};
use alloc::vec;
use alloc::vec::Vec;

/// One equation of a layer: which key, where its row starts, which slots, what value.
struct Equation {
    key: usize,
    start: usize,
    row: u64,
    value: u64,
}

/// Which keys a banded layer left over.
pub(super) struct Banded {
    /// The keys that did not fit, in their order.
    pub(super) bumped: Vec<usize>,
    /// Keys whose rows are the same as another's, and these others: where equal keys are, they are among them.
    pub(super) twins: Vec<usize>,
}

/// Rows that are not linearly independent.
pub(super) struct Dependent;

/// Appends a banded layer's slots.
pub(super) fn banded(
    rows: impl Iterator<Item = (usize, Row, u64)>,
    size: u32,
    slots: &mut Vec<u64>,
    fill: &mut impl FnMut() -> u64,
) -> Banded {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut equations: Vec<Equation> = rows
        .map(|(key, row, value)| Equation { key, start: usize::try_from(row.base).unwrap_or(0), row: row.word, value })
        .collect();
    // In the order of their starts each elimination is short, and the band fills from the left.
    equations.sort_unstable_by_key(|equation| (equation.start, equation.row));
    let twins = twins(&equations);
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
    Banded { bumped, twins }
}

/// Neighbours in the sorted equations whose rows are the same.
fn twins(sorted: &[Equation]) -> Vec<usize> {
    let pairs = sorted.windows(2).filter_map(|pair| match pair {
        [one, next] if (one.start, one.row) == (next.start, next.row) => Some([one.key, next.key]),
        _ => None,
    });
    let mut twins: Vec<usize> = pairs.flatten().collect();
    twins.sort_unstable();
    twins.dedup();
    twins
}

/// Appends the dense layer's slots; every key must fit, or nothing is appended.
pub(super) fn dense(
    rows: impl Iterator<Item = (usize, Row, u64)>,
    size: u32,
    slots: &mut Vec<u64>,
    fill: &mut impl FnMut() -> u64,
) -> Result<(), Dependent> {
    const WORDS: usize = {
        assert!(Limits::MAX_DENSE_SLOTS / BAND == 4);
        4
    };
    type Bits = [u64; WORDS];
    let size = usize::try_from(size).map_err(|_| Dependent)?;
    let has = |bits: &Bits, slot: usize| bits.get(slot / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1);
    let add = |bits: &mut Bits, other: &Bits| bits.iter_mut().zip(other).for_each(|(word, other)| *word ^= other);
    let mut pivots: Vec<Option<(Bits, u64)>> = vec![None; size];
    for (_, row, mut value) in rows {
        let mut bits = [0; WORDS];
        for slot in row {
            let slot = usize::try_from(slot).map_err(|_| Dependent)?;
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
            return Err(Dependent);
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
