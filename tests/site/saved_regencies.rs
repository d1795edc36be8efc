//! Regencies that a device keeps on purpose: what is here, what a newer build makes of it, and how to be rid of it.

use crate::small;
use bilik::lookup::{Lookup, Saved};
use bilik_testkit::{Files, MemorySource, Operator, files_of};
use pollster::block_on;

const HERE: &str = "3901";
const NEIGHBOUR: &str = "3902";

fn save(lookup: &Lookup<&MemorySource>, code: &str) -> Saved {
    let saved = block_on(lookup.save(code, &())).unwrap().unwrap();
    assert_eq!((saved.saved_bytes, saved.code.as_str()), (saved.bytes, code));
    saved
}

/// Tables and station lists that a device keeps.
fn sealed(files: &Files) -> Vec<String> {
    files.keys().filter(|path| path.starts_with("t/") || path.starts_with("s/")).cloned().collect()
}

fn operator_and_source() -> (Operator, MemorySource) {
    let operator = small();
    let source = MemorySource::of(&operator);
    (operator, source)
}

#[test]
fn damaged_files_do_not_count_as_saved() {
    let (operator, source) = operator_and_source();
    let lookup = Lookup::new(&source, operator.trust());
    save(&lookup, HERE);
    let path = sealed(&source.kept.borrow())[0].clone();
    source.kept.borrow_mut().get_mut(&path).unwrap()[9] ^= 1;
    let saved = block_on(lookup.regency(HERE)).unwrap();
    assert!(saved.saved_bytes < saved.bytes, "{path}");
    save(&lookup, HERE);
}

#[test]
fn a_newer_build_takes_the_place_of_what_was_saved_of_the_one_before() {
    let (operator, source) = operator_and_source();
    let lookup = Lookup::new(&source, operator.trust());
    save(&lookup, HERE);
    let before = sealed(&source.kept.borrow());
    operator.build();
    let files = files_of(&operator);
    *source.files.borrow_mut() = files.clone();
    source.now.set(source.now.get() + 3_600);
    block_on(lookup.ready()).unwrap();
    block_on(lookup.renew(&()));
    let after = sealed(&source.kept.borrow());
    assert_eq!(after.len(), before.len(), "{before:?} {after:?}");
    assert!(before.iter().filter(|path| path.starts_with("t/")).all(|path| !after.contains(path)), "{before:?} {after:?}");
    assert!(block_on(lookup.saved()).iter().all(|saved| saved.saved_bytes == saved.bytes));
}

#[test]
fn a_regency_is_removed_without_the_network_and_leaves_what_another_needs() {
    let (operator, source) = operator_and_source();
    let lookup = Lookup::new(&source, operator.trust());
    save(&lookup, HERE);
    save(&lookup, NEIGHBOUR);
    source.files.borrow_mut().clear();
    // As after a restart: nothing is known but what the device keeps.
    let offline = Lookup::new(&source, operator.trust());
    assert!(block_on(offline.remove(HERE)));
    let left = block_on(lookup.regency(NEIGHBOUR)).unwrap();
    assert_eq!(left.saved_bytes, left.bytes);
    assert!(block_on(offline.remove(NEIGHBOUR)));
    assert_eq!(sealed(&source.kept.borrow()), Vec::<String>::new());
    assert!(block_on(offline.saved()).is_empty());
}
