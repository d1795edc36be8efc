//! A site of which one document is any bytes, rightly signed: the one voter is found at the one station, or the reader says what is wrong.
use crate::site::{MemorySite, NAME, NIK, VILLAGE, trust};
use bilik::format::{Code, Kind};
use bilik::lookup::{Lookup, Question};

const MAX_PART: usize = 60_000;

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Some((which, payload)) = bytes.split_first() else { return };
    let kind = Kind::ALL[usize::from(*which) % Kind::ALL.len()];
    // In a head the length of a part has 16 bits.
    if kind == Kind::Province && payload.len() > MAX_PART {
        return;
    }
    let lookup = Lookup::new(MemorySite::build(Some((kind, payload.to_vec()))), trust());
    for village in [None, Some(VILLAGE.to_owned())] {
        let question = Question { nik: Some(NIK.into()), name: Some(NAME.into()), village, ..Question::default() };
        assert!(pollster::block_on(lookup.ask(&question, &())).is_ok(), "nobody cancels");
    }
    let _ = pollster::block_on(lookup.villages("contoh", None));
    let _ = pollster::block_on(lookup.stations(Code::parse(VILLAGE).expect("a code")));
}
