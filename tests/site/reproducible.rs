//! When two builds of one roll give the same bytes, and when they must not.

use crate::BILIK;
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, files, tree};
use std::collections::BTreeSet;

fn shape(sealing_seed: Option<u64>) -> Shape {
    Shape { cost: MIN_COST, sealing_seed, min_voters: 100, max_keys: 400, ..Shape::demo(2_000) }
}

/// The immutable files of a build in a folder of its own, with a key of its own.
fn immutable(shape: &Shape) -> Vec<(String, Vec<u8>)> {
    let (operator, _) = Operator::of(BILIK, shape);
    operator.build();
    ["m", "p", "d", "t", "s", "n"].iter().flat_map(|kind| files(&operator.site(), kind)).collect()
}

fn tables(files: &[(String, Vec<u8>)]) -> BTreeSet<&str> {
    files.iter().filter(|(path, _)| path.starts_with("t/")).map(|(path, _)| path.as_str()).collect()
}

#[test]
fn a_demo_with_a_fixed_seed_gives_the_same_bytes_twice_and_another_seed_others() {
    let (one, two, other) = (immutable(&shape(Some(1))), immutable(&shape(Some(1))), immutable(&shape(Some(2))));
    assert!(one.len() > 30 && tables(&one).len() > 10);
    assert!(one == two);
    assert!(tables(&one).is_disjoint(&tables(&other)), "a nonce is of its seed");
}

#[test]
fn without_a_seed_every_table_differs_and_nothing_else_but_what_names_them() {
    let (one, two) = (immutable(&shape(None)), immutable(&shape(None)));
    assert!(tables(&one).is_disjoint(&tables(&two)));
    assert_eq!(tables(&one).len(), tables(&two).len());
    let public = |files: &[(String, Vec<u8>)]| {
        let public = files.iter().filter(|(path, _)| path.starts_with("s/") || path.starts_with("n/"));
        public.cloned().collect::<Vec<_>>()
    };
    assert!(public(&one) == public(&two));
}

#[test]
fn a_seed_and_a_key_give_the_same_site_to_the_last_byte_and_building_again_changes_nothing() {
    let (one, _) = Operator::of(BILIK, &shape(Some(1)));
    let (two, _) = Operator::of(BILIK, &shape(Some(1)));
    std::fs::copy(one.key(), two.key()).unwrap();
    one.build();
    // Another second of the clock.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    two.build();
    assert!(tree(&one.site()) == tree(&two.site()));
    two.build();
    assert!(tree(&one.site()) == tree(&two.site()));
    one.run_verify(&[]).exits_with(0);
    // Whatever changes gets a higher serial all the same: pages must take it for newer.
    let serial = two.head().serial;
    let toml = two.election().join("election.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, text.replace("seed = 1\n", "seed = 2\n")).unwrap();
    two.build();
    assert_eq!(two.head().serial, serial + 1);
}
