//! Time: elections that are over, clocks that are wrong, and heads that are newer or older than one that was seen.

use crate::{BILIK, bilik, small};
use bilik::format::{FormatError, Head};
use bilik::lookup::{Answered, Clock, Lookup, Outcome, Provenance};
use bilik_cli::synthetic::Shape;
use bilik_publish::signing::Signers;
use bilik_testkit::{Files, MIN_COST, MemorySource, Operator, ask, files_of};
use std::fs;

const BUDI: (&str, &str) = ("390101120190", "Budi Santoso");

/// Longer than any head is believed without asking again.
const A_WHILE: u64 = 3_600;

fn rewrite(operator: &Operator, from: &str, to: &str) {
    let path = operator.election().join("election.toml");
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
    let operator = small();
    let head = fs::read(operator.site().join("head.bilik")).unwrap();
    rewrite(&operator, "day = \"2029-02-14\"", "day = \"2024-02-14\"");
    let refused = operator.run_build(&[]).exits_with(2);
    assert!(refused.err.contains("the election is over (it expires 2024-02-16T00:00:00Z)"), "{}", refused.err);
    assert_eq!(fs::read(operator.site().join("head.bilik")).unwrap(), head);
    // `check` reports it, before hours of sealing.
    let checked = bilik(&[&"check", &operator.election()]).exits_with(1);
    assert!(checked.out.contains("error: The election is over (election_over, 1)"), "{}", checked.out);
    // Polling day was long ago, but answers are still wanted.
    rewrite(&operator, "day = \"2024-02-14\"", "day = \"2024-02-14\"\nexpires = \"2029-12-31\"");
    operator.run_build(&[]).exits_with(0);
    assert_eq!(bilik::iso_utc(operator.head().expires), "2030-01-01T00:00:00Z");
}

#[test]
fn past_expires_the_answer_is_stale_and_before_signing_it_warns_of_the_clock() {
    let operator = small();
    let head = operator.head();
    let source = MemorySource::of(&operator);
    for (now, is_stale) in [
        (head.signed_at - 86_400 * 900, false),
        (head.signed_at, false),
        (head.expires, false),
        (head.expires + 1, true),
        (head.expires + 86_400 * 900, true),
    ] {
        source.now.set(now);
        let lookup = Lookup::new(&source, operator.trust());
        let outcome = ask(&lookup, BUDI.0, BUDI.1, None);
        match (is_stale, outcome) {
            (true, Outcome::Stale { election, data }) => {
                assert_eq!((election.unwrap().id, data.serial), ("uji-2029".into(), head.serial));
                assert!(pollster::block_on(lookup.ready()).is_err());
            }
            (false, Outcome::Found { answered: Answered { data, .. }, .. }) => {
                assert_eq!(data.clock, if now < head.signed_at { Clock::Wrong } else { Clock::Unknown });
            }
            (_, outcome) => panic!("{now}: {outcome:?}"),
        }
    }
}

/// A page that stays open over the end of the election stops answering.
#[test]
fn a_lookup_that_answered_goes_stale_when_its_head_expires() {
    let operator = small();
    let source = MemorySource::of(&operator);
    let lookup = Lookup::new(&source, operator.trust());
    provenance(ask(&lookup, BUDI.0, BUDI.1, None));
    source.now.set(operator.head().expires + 1);
    assert!(matches!(ask(&lookup, BUDI.0, BUDI.1, None), Outcome::Stale { .. }));
    source.files.borrow_mut().clear();
    source.now.set(operator.head().expires + A_WHILE);
    assert!(matches!(ask(&lookup, BUDI.0, BUDI.1, None), Outcome::Stale { .. }), "with no mirror in reach, too");
}

#[test]
fn the_serial_rises_with_every_build_also_within_one_second_and_after_the_clock_was_set_back() {
    let operator = small();
    let mut last = operator.head().serial;
    for _ in 0..3 {
        operator.build();
        let serial = operator.head().serial;
        assert!(serial > last, "{serial} after {last}");
        last = serial;
    }
    // A head that was signed when the clock was an hour ahead.
    let ahead = Head { serial: last + 3_600, ..operator.head() };
    operator.sign(&ahead);
    let built = operator.build();
    assert_eq!((built.serial, operator.head().serial), (ahead.serial + 1, ahead.serial + 1));
}

/// Devices never go back to a lower serial: one that is far ahead of the time would be the last that they follow.
#[test]
fn a_serial_far_beyond_the_time_is_neither_read_nor_counted_on() {
    let operator = small();
    let head = operator.head();
    // Somebody who may write into the folder, and has no key.
    let mut poisoned = fs::read(operator.site().join("head.bilik")).unwrap();
    poisoned[40..48].fill(0xff);
    fs::write(operator.site().join("head.bilik"), &poisoned).unwrap();
    operator.run_build(&[]).exits_with(0);
    assert!(operator.head().serial.abs_diff(head.serial) < 86_400, "{}", operator.head().serial);
    // Somebody who has the key, or a clock that was a year ahead when it signed.
    let now = operator.head();
    let unreadable = Head { serial: now.signed_at + 86_401, ..now };
    let bytes = Signers::read(&[operator.key()]).unwrap().sign(&unreadable).unwrap();
    let refused = FormatError::Invalid("its serial is more than a day after its signing");
    assert_eq!(Head::read(&bytes, &operator.trust()), Err(refused));
    let year = 31_536_000;
    let ahead = Head { serial: head.serial + year, signed_at: head.signed_at + year, ..operator.head() };
    operator.sign(&ahead);
    let refused = operator.run_build(&[]).exits_with(2);
    assert!(refused.err.contains("more than a day after this machine's clock. Fix: set the clock"), "{}", refused.err);
    assert_eq!(operator.head(), ahead);
}

#[test]
fn once_a_newer_head_was_seen_no_older_one_is_believed() {
    let operator = small();
    let older = files_of(&operator);
    let old = operator.head().serial;
    operator.build();
    let newer = files_of(&operator);
    let new = operator.head().serial;
    let source = MemorySource::with(older.clone(), operator.head().signed_at);
    let lookup = Lookup::new(&source, operator.trust());
    let pass = |seconds: u64| source.now.set(source.now.get() + seconds);
    let serial = || provenance(ask(&lookup, BUDI.0, BUDI.1, None)).serial;
    assert_eq!(serial(), old);
    // Within its freshness the head is not asked for again; after it, the newer one is taken.
    *source.files.borrow_mut() = newer;
    assert_eq!(serial(), old);
    pass(A_WHILE);
    assert_eq!(serial(), new);
    // A mirror that lags, or that somebody holds back: the older head is as well signed as ever.
    *source.files.borrow_mut() = older.clone();
    for _ in 0..3 {
        pass(A_WHILE);
        assert_eq!(serial(), new, "back to an older head");
    }
    // Nobody in reach: the last answer, with its date.
    source.files.borrow_mut().clear();
    pass(A_WHILE);
    assert_eq!(serial(), new);
    // A first visitor who reaches only that mirror cannot know better.
    *source.files.borrow_mut() = older;
    let first = Lookup::new(&source, operator.trust());
    assert_eq!(provenance(ask(&first, BUDI.0, BUDI.1, None)).serial, old);
}

/// Two builds of one election: the files of each, and their serials.
fn two_builds() -> (Operator, Files, u64, Files, u64) {
    let operator = small();
    let (older, old) = (files_of(&operator), operator.head().serial);
    operator.build();
    let (newer, new) = (files_of(&operator), operator.head().serial);
    (operator, older, old, newer, new)
}

#[test]
fn a_newer_head_that_comes_while_an_answer_is_sought_is_the_one_that_answers() {
    let (operator, older, _, newer, new) = two_builds();
    let source = MemorySource::with(older, operator.head().signed_at);
    *source.meanwhile.borrow_mut() = Some((newer, new));
    let lookup = Lookup::new(&source, operator.trust());
    assert_eq!(provenance(ask(&lookup, BUDI.0, BUDI.1, None)).serial, new);
}

#[test]
fn once_a_newer_head_came_too_late_the_older_one_answers_no_more_even_where_the_newer_ones_files_are_missing() {
    let (operator, older, old, mut newer, new) = two_builds();
    let source = MemorySource::with(older, operator.head().signed_at);
    let lookup = Lookup::new(&source, operator.trust());
    assert_eq!(provenance(ask(&lookup, BUDI.0, BUDI.1, None)).serial, old);
    newer.retain(|path, _| !path.starts_with("p/"));
    *source.files.borrow_mut() = newer;
    source.highest.set(new);
    assert!(matches!(ask(&lookup, BUDI.0, BUDI.1, None), Outcome::Unreachable { .. }));
}

#[test]
fn a_movers_station_list_is_requested_apart_from_the_table() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, min_voters: 50, ..Shape::demo(1_000) });
    operator.build();
    let movers = operator.roll().into_iter().filter(|voter| voter.station[..6] != voter.nik[..6]);
    let (mut apart, mut together, mut provinces) = (0, 0, 0);
    for voter in movers.take(12) {
        let source = MemorySource::of(&operator);
        let lookup = Lookup::new(&source, operator.trust());
        if !matches!(ask(&lookup, voter.digits(), &voter.name, None), Outcome::Found { .. }) {
            continue;
        }
        let wanted = source.wanted.borrow();
        let table = &wanted.iter().find(|(path, _)| path.starts_with("t/")).unwrap().0;
        let (_, list) = wanted.iter().rfind(|(path, _)| path.starts_with("s/")).unwrap();
        if list.as_ref() == Some(table) {
            apart += 1;
        } else {
            together += 1;
        }
        // So is the part of another province, which tells where to.
        let mut others = wanted.iter().filter(|(path, _)| path.starts_with("p/")).skip(1).peekable();
        provinces += usize::from(others.peek().is_some());
        assert!(others.all(|(_, other)| other.as_ref() == Some(table)));
    }
    assert!(apart > 3 && together == 0, "{apart} apart, {together} together");
    assert!(provinces > 0, "nobody moved to another province");
}

#[test]
fn found_and_not_found_request_the_same_files() {
    let operator = small();
    let paths = |name: &str| {
        let source = MemorySource::of(&operator);
        let outcome = ask(&Lookup::new(&source, operator.trust()), BUDI.0, name, None);
        let mut paths: Vec<String> = source.wanted.take().into_iter().map(|(path, _)| path).collect();
        paths.sort_unstable();
        (matches!(outcome, Outcome::Found { .. }), paths)
    };
    let ((found, when_found), (not, when_not)) = (paths(BUDI.1), paths("Bukan Siapa"));
    assert!(found && !not);
    assert_eq!(when_found, when_not);
}
