//! What somebody types, as any three texts: the lookup answers, and never with a station of which it is not sure.
use crate::site::{MemorySite, NAME, NIK, trust};
use bilik::lookup::{Lookup, Outcome, Question};
use bilik::{Digits, fold_name};

fn same_name(text: &str) -> bool {
    fold_name(text).is_ok_and(|name| name.whole() == fold_name(NAME).expect("a name").whole())
}

/// Runs one input: up to three lines, which are the NIK, the name and the village.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut lines = text.splitn(3, '\n');
    let (nik, name, village) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default(), lines.next());
    let lookup = Lookup::new(MemorySite::build(None), trust());
    let _ = pollster::block_on(lookup.prepare(nik, Some(name)));
    let question =
        Question { nik: Some(nik.into()), name: Some(name.into()), village: village.map(Into::into), ..Question::default() };
    let outcome = pollster::block_on(lookup.ask(&question, &())).expect("nobody cancels");
    if let Outcome::Found { .. } = outcome {
        assert!(Digits::typed(nik).is_ok_and(|digits| digits == Digits::typed(NIK).expect("12 digits")));
        assert!(village.is_some() || same_name(name), "by its whole name only");
    }
}
