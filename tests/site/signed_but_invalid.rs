//! Invalid files that the operator signed, or somebody who stole the key: every file above vouches for it, so it is
//! inflated and decoded. Whatever it says, no reader panics, and none asks for memory without end.

use crate::damage::{KINDS, path_of};
use crate::small;
use bilik::format::{self, Code};
use bilik::lookup::{Lookup, Outcome};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::signing::Signers;
use bilik_publish::source::Site;
use bilik_publish::verify::check_files;
use bilik_testkit::{MemorySource, Replacement, SeededRng, ask, files_of, payload, resealed};
use std::fs;

/// Spoils a file, its payload, or both; the header mostly stays, so that more than the header is tried.
fn spoil(dice: &mut SeededRng, whole: &[u8], other: &[u8]) -> Vec<u8> {
    let inside = payload(whole).filter(|_| whole.starts_with(b"BILIK") && !whole.starts_with(b"BILIKh"));
    match (dice.below(4), inside) {
        (0, _) | (_, None) => dice.spoil(whole, other),
        (1, Some(_)) => [&whole[..8], &dice.spoil(&whole[8..], other)].concat(),
        (_, Some(inside)) => [&whole[..7], &[0], &dice.spoil(&inside, &payload(other).unwrap_or_default())[..]].concat(),
    }
}

#[test]
fn signed_invalid_files_make_no_reader_panic() {
    let operator = small();
    let old = files_of(&operator);
    let (site, trust) = (Site::open(operator.site().to_str().unwrap()).unwrap(), operator.trust());
    let (signed, signers) = (operator.head(), Signers::read(&[operator.key()]).unwrap());
    let mut dice = SeededRng::new(29);
    let questions = [
        ("390101120190", "Budi", Some("3901012001")),
        ("390101130190", "Dewi Lestari", None),
        ("390101140970", "Joko Wijaya", None),
    ];
    for kind in KINDS {
        let path = path_of(&old, kind);
        let (mut accepted, mut answered) = (0, 0);
        for n in 0..300 {
            let other = &old.values().nth(dice.below(old.len())).unwrap().clone();
            let spoilt = spoil(&mut dice, &old[&path], other);
            let replacement = Replacement { path: &path, bytes: &spoilt, inflated: None };
            let (new, _) = resealed(&old, &signed, replacement, &|head| signers.sign(head).unwrap());
            for (path, bytes) in &new {
                fs::write(operator.site().join(path), bytes).unwrap();
            }
            let found = check_files(&site, &trust, &CancellationToken::new(), &|_| ());
            accepted += u32::from(found.problems.is_empty());
            for path in new.keys().filter(|path| !old.contains_key(*path)) {
                fs::remove_file(operator.site().join(path)).unwrap();
            }
            let mut files = old.clone();
            files.extend(new);
            let source = MemorySource::with(files, signed.signed_at);
            let lookup = Lookup::new(&source, trust.clone());
            for (digits, name, village) in questions {
                let outcome = ask(&lookup, digits, name, village);
                answered += u32::from(matches!(outcome, Outcome::Found { .. } | Outcome::Ambiguous { .. }));
                assert!(kind != "head" || matches!(outcome, Outcome::Unverified { .. }), "{n}: {outcome:?}");
            }
            pollster::block_on(lookup.prepare("390101120190", Some("Budi")));
            // Whatever these two give, they give it.
            let _: (Result<_, _>, Result<_, _>) = (
                pollster::block_on(lookup.villages("contoh 39", None)),
                pollster::block_on(lookup.stations(Code::parse("3901012001").unwrap())),
            );
        }
        println!("{kind}: {accepted} of 300 pass verify, {answered} of 900 questions are answered");
        assert!(kind != "head" || accepted + answered == 0);
        fs::write(operator.site().join(format::HEAD_PATH), &old[format::HEAD_PATH]).unwrap();
    }
}
