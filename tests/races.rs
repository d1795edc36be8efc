//! Races recorded step by step: which mirror is asked when, which transfer is ended, and when a race is given up.
//!
//! `races/recorded.txt` has some in full, to be read beside `src/mirrors/race.rs`; of the others it has a digest. After a
//! change of the policy, `BILIK_WRITE_VECTORS=1 cargo test -p bilik --test races` writes it anew: read what the change did.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use bilik::mirrors::{Failure, Millis, Mirrors, Race, Step};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How many worlds there are, and which are written out: short ones among the first.
const WORLDS: u64 = 6_000;
const FIRST: u64 = 60;
const MAX_LINES: usize = 100;

/// Lengths, waits and bytes on both sides of the limits of the policy.
const LENGTHS: [u32; 9] = [160, 511, 512, 2_000, 16_383, 16_384, 40_000, 100_000, 400_000];
const LATENCIES: [Millis; 9] = [0, 1, 60, 300, 799, 800, 801, 1_500, 4_100];
const GAPS: [Millis; 9] = [20, 75, 125, 250, 499, 600, 800, 1_300, 5_000];
const CHUNKS: [u32; 8] = [1, 200, 511, 512, 513, 3_000, 12_000, 50_000];

/// Deterministic random numbers.
struct Dice(u64);

impl Dice {
    fn word(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 ^ (self.0 >> 29)) >> 20 & 0xffff_ffff).unwrap()
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.word() % limit
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[usize::try_from(self.below(u32::try_from(values.len()).unwrap())).unwrap()]
    }
}

/// What a mirror does once it has delivered as many bytes as it will.
#[derive(Clone, Copy)]
enum End {
    Delivers,
    Stalls,
    Fails(Failure),
}

/// How a mirror answers: after `latency`, `chunk` bytes each `gap`, and from `turn` bytes on another gap.
#[derive(Clone, Copy)]
struct Manner {
    latency: Millis,
    chunk: u32,
    gap: Millis,
    turn: u32,
    gap_after: Millis,
    bytes: u32,
    end: End,
}

impl Manner {
    fn any(dice: &mut Dice, length: u32) -> Self {
        let end = match dice.below(8) {
            0 => End::Stalls,
            1 => End::Fails(Failure::Unreachable),
            2 => End::Fails(Failure::Refused),
            _ => End::Delivers,
        };
        let bytes = if matches!(end, End::Delivers) { length } else { dice.below(length + 1) };
        let gap = dice.of(&GAPS);
        let (turn, gap_after) = if dice.below(2) == 0 { (0, gap) } else { (dice.below(length + 1), dice.of(&GAPS)) };
        // No file comes in more than some 300 chunks.
        let chunk = dice.of(&CHUNKS).max(length / 300);
        Self { latency: dice.of(&LATENCIES), chunk, gap, turn, gap_after, bytes, end }
    }
}

/// A transfer that runs: what has come, and when the next of it comes.
struct Transfer {
    mirror: usize,
    bytes: u32,
    next: Millis,
}

/// Some files, one after the other, from some mirrors, with what was learnt of them.
fn play(seed: u64, log: &mut String) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let count = usize::try_from(1 + dice.below(5)).unwrap();
    let mut mirrors = Mirrors::new(count);
    if dice.below(3) == 0 {
        mirrors.seed_estimates(Some(Millis::from(dice.below(900))), Some(u64::from(dice.below(200_000))));
    }
    let mut now = 0;
    for _ in 0..3 {
        let length = dice.of(&LENGTHS);
        let opinions = usize::try_from(dice.of(&[1_u32, 1, 1, 2, 3])).unwrap();
        let manners: Vec<Manner> = (0..count).map(|_| Manner::any(&mut dice, length)).collect();
        let last: Vec<usize> = (0..count).filter(|_| dice.below(5) == 0).collect();
        let first = (dice.below(3) == 0).then(|| usize::try_from(dice.below(5)).unwrap());
        writeln!(log, "world {seed}, {count} mirrors: {length} bytes, opinions {opinions}, last {last:?}, first {first:?}")
            .unwrap();
        let race = Race::new(&mirrors, length, &last, now, &mut || dice.word());
        let mut race = race.of_opinions(opinions).beginning_with(&mirrors, first, now);
        now = run(&mut race, &mut mirrors, &manners, now, &mut dice, log);
        race.abandon(&mut mirrors);
        let order = mirrors.order(now, &mut || dice.word());
        writeln!(log, "  patience {}, order {order:?}", mirrors.patience()).unwrap();
        now += Millis::from(dice.below(6_000));
    }
}

/// One race to its end; returns when that was.
fn run(race: &mut Race, mirrors: &mut Mirrors, manners: &[Manner], mut now: Millis, dice: &mut Dice, log: &mut String) -> Millis {
    let mut running: Vec<Transfer> = Vec::new();
    // When something last happened, and how often the race was woken since: at most ten times a second, after the first few.
    let mut idle = (now, 0);
    loop {
        let step = race.step(mirrors, now, &mut || dice.word());
        let late: Vec<usize> = race.late().collect();
        writeln!(log, "  {now} {step:?} late {late:?}").unwrap();
        match step {
            Step::Ask(mirror) => running.push(Transfer { mirror, bytes: 0, next: now + manners[mirror].latency }),
            Step::Drop(mirror) => running.retain(|transfer| transfer.mirror != mirror),
            Step::Done | Step::GiveUp => return now,
            Step::Wait(until) => {
                assert!(until > now, "waiting for what has passed");
                let next = running.iter().enumerate().min_by_key(|(_, transfer)| transfer.next);
                let Some(at) = next.filter(|(_, transfer)| transfer.next <= until).map(|(at, _)| at) else {
                    now = until;
                    idle.1 += 1;
                    assert!(idle.1 <= 8 + (now - idle.0) / 100, "woken for nothing, {} times since {}", idle.1, idle.0);
                    continue;
                };
                let Transfer { mirror, bytes, next } = running[at];
                let manner = manners[mirror];
                now = now.max(next);
                idle = (now, 0);
                let bytes = bytes.saturating_add(manner.chunk).min(manner.bytes);
                let gap = if bytes < manner.turn { manner.gap } else { manner.gap_after };
                running[at] = Transfer { mirror, bytes, next: now + gap };
                writeln!(log, "  {now} mirror {mirror} {bytes}").unwrap();
                if bytes > 0 {
                    race.heard(mirrors, mirror, bytes, now);
                }
                if bytes < manner.bytes {
                    continue;
                }
                match manner.end {
                    End::Delivers => {
                        running.remove(at);
                        race.won(mirrors, mirror, now);
                    }
                    End::Stalls => running[at].next = Millis::MAX,
                    End::Fails(failure) => {
                        writeln!(log, "  {now} mirror {mirror} {failure:?}").unwrap();
                        running.remove(at);
                        race.lost(mirrors, mirror, failure, now, &mut || dice.word());
                    }
                }
            }
        }
    }
}

#[test]
fn races_run_as_recorded() {
    let mut text = String::new();
    let mut digest = Sha256::new();
    for seed in 0..WORLDS {
        let mut log = String::new();
        play(seed, &mut log);
        if seed < FIRST && log.lines().count() <= MAX_LINES {
            text += &log;
        } else {
            digest.update(&log);
        }
    }
    let digest = digest.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    writeln!(text, "the others of {WORLDS} worlds: SHA-256 {digest}").unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/races/recorded.txt");
    if std::env::var_os("BILIK_WRITE_VECTORS").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let recorded = std::fs::read_to_string(file).unwrap();
    for (line, (ours, theirs)) in text.lines().zip(recorded.lines()).enumerate() {
        assert_eq!(ours, theirs, "{file}, line {}", line + 1);
    }
    assert_eq!(text.lines().count(), recorded.lines().count());
}

/// What happens in a race that is played by hand.
enum Event {
    Heard(usize, u32),
    Won(usize),
    Lost(usize, Failure),
}

/// What a race does while these things happen, with the time; without its waiting.
fn steps(mut race: Race, mirrors: &mut Mirrors, events: &[(Millis, Event)]) -> Vec<(Millis, Step)> {
    let (mut now, mut events) = (0, events.iter().peekable());
    let mut steps = Vec::new();
    loop {
        match race.step(mirrors, now, &mut || 0) {
            Step::Wait(until) => {
                let Some((at, event)) = events.next_if(|(at, _)| *at <= until) else {
                    now = until;
                    continue;
                };
                now = *at;
                match *event {
                    Event::Heard(mirror, bytes) => race.heard(mirrors, mirror, bytes, now),
                    Event::Won(mirror) => race.won(mirrors, mirror, now),
                    Event::Lost(mirror, failure) => race.lost(mirrors, mirror, failure, now, &mut || 0),
                }
            }
            step => {
                steps.push((now, step));
                if matches!(step, Step::Done | Step::GiveUp) {
                    return steps;
                }
            }
        }
    }
}

#[test]
fn a_mirror_that_was_asked_three_times_is_not_asked_again_when_it_fails() {
    let mut mirrors = Mirrors::new(3);
    mirrors.seed_estimates(Some(0), Some(1));
    let race = Race::new(&mirrors, 100_000, &[], 0, &mut || 0);
    let events = [
        (900, Event::Heard(0, 600)),
        (910, Event::Heard(0, 1_200)),
        (2_610, Event::Heard(2, 600)),
        (2_620, Event::Heard(2, 1_200)),
        (3_430, Event::Lost(1, Failure::Unreachable)),
    ];
    let expected = [
        (0, Step::Ask(0)),
        (800, Step::Ask(1)),
        (910, Step::Drop(1)),
        (1_710, Step::Ask(2)),
        (2_510, Step::Ask(1)),
        (2_620, Step::Drop(1)),
        (3_420, Step::Ask(1)),
        (10_620, Step::GiveUp),
    ];
    assert_eq!(steps(race, &mut mirrors, &events), expected);
}

#[test]
fn a_race_that_has_one_of_two_answers_is_not_given_up() {
    let mut mirrors = Mirrors::new(2);
    mirrors.seed_estimates(Some(4_000), None);
    let race = Race::new(&mirrors, 160, &[], 0, &mut || 0).of_opinions(2);
    // So late that the silence of both mirrors ends the race before the second has had its time.
    let taken = steps(race, &mut mirrors, &[(7_900, Event::Won(0))]);
    assert_eq!(taken, [(0, Step::Ask(0)), (0, Step::Ask(1)), (8_000, Step::Done)]);
}

#[test]
fn who_fails_without_being_asked_leaves_the_others_share_of_the_line_as_it_is() {
    // Two transfers, so that each may have half of the line: 20,000 bytes a second are far less than the whole of it only.
    let share = |stranger: Option<usize>| {
        let mut mirrors = Mirrors::new(2);
        mirrors.seed_estimates(None, Some(128_000));
        let mut other = Race::new(&mirrors, 100_000, &[], 0, &mut || 0);
        other.step(&mut mirrors, 0, &mut || 0);
        let race = Race::new(&mirrors, 40_000, &[], 0, &mut || 0);
        let mut events: Vec<(Millis, Event)> = Vec::new();
        events.extend(stranger.map(|mirror| (10, Event::Lost(mirror, Failure::Refused))));
        events.extend((1..=20).map(|tenth| (u64::from(tenth) * 100, Event::Heard(0, tenth * 2_000))));
        events.push((2_000, Event::Won(0)));
        steps(race, &mut mirrors, &events)
    };
    let alone = [(0, Step::Ask(0)), (2_000, Step::Done)];
    assert_eq!((share(None), share(Some(1))), (alone.to_vec(), alone.to_vec()));
}
