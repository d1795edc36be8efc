//! Regencies that a device keeps on purpose: what is here, what a newer build makes of it, and how to be rid of it.

use crate::damage::small;
use crate::shelf::{DecodedCache, Files, files_of};
use crate::support::{Patient, World};
use bilik::lookup::{Lookup, Saved};
use pollster::block_on;

const HERE: &str = "3901";
const NEIGHBOUR: &str = "3902";

fn save(lookup: &Lookup<&DecodedCache>, code: &str) -> Saved {
    let saved = block_on(lookup.save(code, &Patient)).unwrap().unwrap();
    assert_eq!((saved.saved_bytes, saved.code.as_str()), (saved.bytes, code));
    saved
}

/// Tables and station lists that a device keeps.
fn sealed(files: &Files) -> Vec<String> {
    files.keys().filter(|path| path.starts_with("t/") || path.starts_with("s/")).cloned().collect()
}

fn world_and_shelf() -> (World, DecodedCache) {
    let world = small();
    let shelf = DecodedCache::of(&world);
    (world, shelf)
}

#[test]
fn what_storage_damaged_does_not_count_as_saved() {
    let (world, shelf) = world_and_shelf();
    let lookup = Lookup::new(&shelf, world.trust());
    save(&lookup, HERE);
    let path = sealed(&shelf.kept.borrow())[0].clone();
    shelf.kept.borrow_mut().get_mut(&path).unwrap()[9] ^= 1;
    let saved = block_on(lookup.regency(HERE)).unwrap();
    assert!(saved.saved_bytes < saved.bytes, "{path}");
    save(&lookup, HERE);
}

#[test]
fn a_newer_build_takes_the_place_of_what_was_saved_of_the_one_before() {
    let (world, shelf) = world_and_shelf();
    let lookup = Lookup::new(&shelf, world.trust());
    save(&lookup, HERE);
    let before = sealed(&shelf.kept.borrow());
    world.build();
    let files = files_of(&world);
    *shelf.files.borrow_mut() = files.clone();
    shelf.now.set(shelf.now.get() + 3_600);
    block_on(lookup.ready()).unwrap();
    block_on(lookup.renew(&Patient));
    let after = sealed(&shelf.kept.borrow());
    assert_eq!(after.len(), before.len(), "{before:?} {after:?}");
    assert!(before.iter().filter(|path| path.starts_with("t/")).all(|path| !after.contains(path)), "{before:?} {after:?}");
    assert!(block_on(lookup.saved()).iter().all(|saved| saved.saved_bytes == saved.bytes));
}

#[test]
fn a_regency_is_removed_without_the_network_and_leaves_what_another_needs() {
    let (world, shelf) = world_and_shelf();
    let lookup = Lookup::new(&shelf, world.trust());
    save(&lookup, HERE);
    save(&lookup, NEIGHBOUR);
    shelf.files.borrow_mut().clear();
    // As after a restart: nothing is known but what the device keeps.
    let offline = Lookup::new(&shelf, world.trust());
    block_on(offline.remove(HERE));
    let left = block_on(lookup.regency(NEIGHBOUR)).unwrap();
    assert_eq!(left.saved_bytes, left.bytes);
    block_on(offline.remove(NEIGHBOUR));
    assert_eq!(sealed(&shelf.kept.borrow()), Vec::<String>::new());
    assert!(block_on(offline.saved()).is_empty());
}
