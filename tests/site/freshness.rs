//! Time: elections that are over, clocks that are wrong, and heads that are newer or older than one that was seen.

use crate::damage::small;
use crate::shelf::{DecodedCache, Files, files_of};
use crate::support::{LIGHT, World, ask, bilik};
use bilik::format::Head;
use bilik::lookup::{Answered, Lookup, Outcome, Provenance};
use bilik_cli::synthetic::Shape;
use std::fs;

const BUDI: (&str, &str) = ("390101120190", "Budi Santoso");

/// Longer than any head is believed without asking again.
const A_WHILE: u64 = 3_600;

fn rewrite(world: &World, from: &str, to: &str) {
    let path = world.election().join("election.toml");
    let toml = fs::read_to_string(&path).unwrap();
    assert!(toml.contains(from));
    fs::write(path, toml.replace(from, to)).unwrap();
}

fn provenance(outcome: Outcome) -> Provenance {
    let Outcome::Found { answered: Answered { data, .. }, .. } = outcome else { panic!("{outcome:?}") };
    data
}

#[test]
fn an_election_that_is_over_is_not_built_and_the_site_of_before_stays() {
    let world = small();
    let head = fs::read(world.site().join("head.bilik")).unwrap();
    rewrite(&world, "day = \"2029-02-14\"", "day = \"2024-02-14\"");
    let refused = world.run_build(&[]).ends_with(2);
    assert!(refused.err.contains("the election is over (it expires 2024-02-16T00:00:00Z)"), "{}", refused.err);
    assert_eq!(fs::read(world.site().join("head.bilik")).unwrap(), head);
    // Whoever checks before sealing for hours hears of it then.
    let checked = bilik(&[&"check", &world.election()]).ends_with(1);
    assert!(checked.out.contains("error: The election is over (election_over, 1)"), "{}", checked.out);
    // Polling day was long ago, but answers are still wanted.
    rewrite(&world, "day = \"2024-02-14\"", "day = \"2024-02-14\"\nexpires = \"2029-12-31\"");
    world.run_build(&[]).ends_with(0);
    assert_eq!(bilik::iso_utc(world.head().expires), "2030-01-01T00:00:00Z");
}

#[test]
fn past_expires_the_answer_is_stale_and_before_signing_it_is_given_with_a_word() {
    let world = small();
    let head = world.head();
    let shelf = DecodedCache::of(&world);
    for (now, is_stale) in [
        (head.signed_at - 86_400 * 900, false),
        (head.signed_at, false),
        (head.expires, false),
        (head.expires + 1, true),
        (head.expires + 86_400 * 900, true),
    ] {
        shelf.now.set(now);
        let lookup = Lookup::new(&shelf, world.trust());
        let outcome = ask(&lookup, BUDI.0, BUDI.1, None);
        match (is_stale, outcome) {
            (true, Outcome::Stale { election, data }) => {
                assert_eq!((election.unwrap().id, data.serial), ("uji-2029".into(), head.serial));
                assert!(pollster::block_on(lookup.ready()).is_err());
            }
            (false, Outcome::Found { answered: Answered { data, .. }, .. }) => {
                assert_eq!(data.clock_behind, now < head.signed_at)
            }
            (_, outcome) => panic!("{now}: {outcome:?}"),
        }
    }
}

/// A page that stays open over the end of the election stops answering.
#[test]
fn a_lookup_that_answered_goes_stale_when_its_head_expires() {
    let world = small();
    let shelf = DecodedCache::of(&world);
    let lookup = Lookup::new(&shelf, world.trust());
    provenance(ask(&lookup, BUDI.0, BUDI.1, None));
    shelf.now.set(world.head().expires + 1);
    assert!(matches!(ask(&lookup, BUDI.0, BUDI.1, None), Outcome::Stale { .. }));
    shelf.files.borrow_mut().clear();
    shelf.now.set(world.head().expires + A_WHILE);
    assert!(matches!(ask(&lookup, BUDI.0, BUDI.1, None), Outcome::Stale { .. }), "with no mirror in reach, too");
}

#[test]
fn the_serial_rises_with_every_build_also_within_one_second_and_after_the_clock_was_set_back() {
    let world = small();
    let mut last = world.head().serial;
    for _ in 0..3 {
        world.build();
        let serial = world.head().serial;
        assert!(serial > last, "{serial} after {last}");
        last = serial;
    }
    // A head that was signed when the clock was a year ahead.
    let ahead = Head { serial: last + 31_536_000, ..world.head() };
    world.sign(&ahead);
    let built = world.build();
    assert_eq!((built.serial, world.head().serial), (ahead.serial + 1, ahead.serial + 1));
}

#[test]
fn once_a_newer_head_was_seen_no_older_one_is_believed() {
    let world = small();
    let older = files_of(&world);
    let old = world.head().serial;
    world.build();
    let newer = files_of(&world);
    let new = world.head().serial;
    let shelf = DecodedCache::with(older.clone(), world.head().signed_at);
    let lookup = Lookup::new(&shelf, world.trust());
    let pass = |seconds: u64| shelf.now.set(shelf.now.get() + seconds);
    let serial = || provenance(ask(&lookup, BUDI.0, BUDI.1, None)).serial;
    assert_eq!(serial(), old);
    // Within its freshness the head is not asked for again; after it, the newer one is taken.
    *shelf.files.borrow_mut() = newer;
    assert_eq!(serial(), old);
    pass(A_WHILE);
    assert_eq!(serial(), new);
    // A mirror that lags, or that somebody holds back: the older head is as well signed as ever.
    *shelf.files.borrow_mut() = older.clone();
    for _ in 0..3 {
        pass(A_WHILE);
        assert_eq!(serial(), new, "back to an older head");
    }
    // Nobody in reach: the last answer, with its date.
    shelf.files.borrow_mut().clear();
    pass(A_WHILE);
    assert_eq!(serial(), new);
    // A first visitor who reaches only that mirror cannot know better.
    *shelf.files.borrow_mut() = older;
    let first = Lookup::new(&shelf, world.trust());
    assert_eq!(provenance(ask(&first, BUDI.0, BUDI.1, None)).serial, old);
}

/// Two builds of one election: the files of each, and their serials.
fn two_builds() -> (World, Files, u64, Files, u64) {
    let world = small();
    let (older, old) = (files_of(&world), world.head().serial);
    world.build();
    let (newer, new) = (files_of(&world), world.head().serial);
    (world, older, old, newer, new)
}

#[test]
fn a_newer_head_that_comes_while_an_answer_is_sought_is_the_one_that_answers() {
    let (world, older, _, newer, new) = two_builds();
    let shelf = DecodedCache::with(older, world.head().signed_at);
    *shelf.meanwhile.borrow_mut() = Some((newer, new));
    let lookup = Lookup::new(&shelf, world.trust());
    assert_eq!(provenance(ask(&lookup, BUDI.0, BUDI.1, None)).serial, new);
}

#[test]
fn once_a_newer_head_came_too_late_the_older_one_answers_no_more_even_where_the_newer_ones_files_are_missing() {
    let (world, older, old, mut newer, new) = two_builds();
    let shelf = DecodedCache::with(older, world.head().signed_at);
    let lookup = Lookup::new(&shelf, world.trust());
    assert_eq!(provenance(ask(&lookup, BUDI.0, BUDI.1, None)).serial, old);
    newer.retain(|path, _| !path.starts_with("m/"));
    *shelf.files.borrow_mut() = newer;
    shelf.highest.set(new);
    assert!(matches!(ask(&lookup, BUDI.0, BUDI.1, None), Outcome::Unreachable { .. }));
}

#[test]
fn the_files_that_say_where_a_mover_went_are_asked_for_apart_from_the_table() {
    let (world, _) = World::of(&Shape { cost: LIGHT, min_voters: 50, ..Shape::demo(1_000) });
    world.build();
    let movers = world.roll().into_iter().filter(|voter| voter.station[..6] != voter.nik[..6]);
    let (mut apart, mut together) = (0, 0);
    for voter in movers.take(12) {
        let shelf = DecodedCache::of(&world);
        let lookup = Lookup::new(&shelf, world.trust());
        if !matches!(ask(&lookup, voter.digits(), &voter.name, None), Outcome::Found { .. }) {
            continue;
        }
        let wanted = shelf.wanted.borrow();
        let table = &wanted.iter().find(|(path, _)| path.starts_with("t/")).unwrap().0;
        let (_, list) = wanted.iter().rfind(|(path, _)| path.starts_with("s/")).unwrap();
        if list.as_ref() == Some(table) { apart += 1 } else { together += 1 }
    }
    assert!(apart > 3 && together == 0, "{apart} apart, {together} together");
}

#[test]
fn who_was_found_at_home_and_who_was_not_ask_for_the_same_files() {
    let world = small();
    let paths = |name: &str| {
        let shelf = DecodedCache::of(&world);
        let outcome = ask(&Lookup::new(&shelf, world.trust()), BUDI.0, name, None);
        let mut paths: Vec<String> = shelf.wanted.take().into_iter().map(|(path, _)| path).collect();
        paths.sort_unstable();
        (matches!(outcome, Outcome::Found { .. }), paths)
    };
    let ((found, when_found), (not, when_not)) = (paths(BUDI.1), paths("Bukan Siapa"));
    assert!(found && !not);
    assert_eq!(when_found, when_not);
}
