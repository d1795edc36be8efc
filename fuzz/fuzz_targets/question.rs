//! What somebody types, as any three texts: the lookup answers, and never with a station of which it is not sure.
#![no_main]

use bilik::lookup::{Lookup, Outcome, Question};
use bilik::{Digits, fold_name};
use bilik_fuzz::site::{MemorySite, NAME, NIK, trust};
use libfuzzer_sys::fuzz_target;

fn same_name(text: &str) -> bool {
    fold_name(text).is_ok_and(|name| name.whole() == fold_name(NAME).expect("a name").whole())
}

fuzz_target!(|typed: (&str, &str, Option<&str>)| {
    let (nik, name, village) = typed;
    let lookup = Lookup::new(MemorySite::build(None), trust());
    let _ = pollster::block_on(lookup.prepare(nik, Some(name)));
    let question = Question { nik: Some(nik.into()), name: Some(name.into()), village: village.map(Into::into), ..Question::default() };
    let Ok(outcome) = pollster::block_on(lookup.ask(&question, &()));
    if let Outcome::Found { .. } = outcome {
        assert!(Digits::typed(nik).is_ok_and(|digits| digits == Digits::typed(NIK).expect("12 digits")));
        assert!(village.is_some() || same_name(name), "by its whole name only");
    }
});
