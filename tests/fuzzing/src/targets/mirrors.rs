//! Any events in any order: a race for a file asks each mirror at most three times, waits for no time that has passed, wakes nobody
//! ten times a second for nothing, and comes to an end.
use bilik::mirrors::{Failure, Mirrors, Race, Step};

/// How often each mirror may be asked for one file.
const MAX_ASKS: u32 = 3;

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let mut bytes = bytes.iter().copied();
    let mut next = move || bytes.next();
    let (Some(count), Some(length), Some(opinions)) = (next(), next(), next()) else { return };
    let count = usize::from(count % 5) + 1;
    let mut state = u32::from(length);
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state
    };
    let mut mirrors = Mirrors::new(count);
    let mut now = 0;
    // Several files, one after the other, with what was learnt of the mirrors.
    for round in 0_u32..4 {
        let size = (u32::from(length) + 1) * 1_000;
        let mut race = Race::new(&mirrors, size, &[0], now, &mut random).of_opinions(usize::from(opinions % 3) + 1);
        if round % 2 == 1 {
            race = race.beginning_with(&mirrors, Some(count - 1), now);
        }
        let mut asked = vec![0; count];
        let mut heard = vec![0_u32; count];
        let mut running = Vec::new();
        let mut idle = (now, 0);
        for turn in 0.. {
            assert!(turn < 10_000, "a race without an end");
            match race.step(&mut mirrors, now, &mut random) {
                Step::Ask(mirror) => {
                    asked[mirror] += 1;
                    heard[mirror] = 0;
                    assert!(asked[mirror] <= MAX_ASKS, "asked too often");
                    assert!(!running.contains(&mirror), "asked while it answers");
                    running.push(mirror);
                }
                Step::Drop(mirror) => {
                    assert!(running.contains(&mirror), "dropped and not running");
                    running.retain(|one| *one != mirror);
                }
                Step::Done | Step::GiveUp => break,
                Step::Wait(until) => {
                    assert!(until > now, "waiting for what has passed");
                    let (Some(event), Some(time)) = (next(), next()) else {
                        now = until;
                        idle.1 += 1;
                        assert!(idle.1 <= 8 + (now - idle.0) / 100, "woken for nothing");
                        continue;
                    };
                    idle = (now, 0);
                    now = until.min(now + u64::from(time) * 40);
                    let Some(mirror) = running.get(usize::from(event >> 3) % running.len().max(1)).copied() else { continue };
                    match event % 8 {
                        0 => {
                            running.retain(|one| *one != mirror);
                            race.won(&mut mirrors, mirror, now);
                        }
                        1 | 2 => {
                            running.retain(|one| *one != mirror);
                            let failure = if event % 8 == 1 { Failure::Unreachable } else { Failure::Refused };
                            race.lost(&mut mirrors, mirror, failure, now, &mut random);
                        }
                        3..=6 => {
                            heard[mirror] = heard[mirror].saturating_add(u32::from(time) * 300).min(size);
                            race.heard(&mut mirrors, mirror, heard[mirror], now);
                        }
                        _ => {}
                    }
                }
            }
        }
        race.abandon(&mut mirrors);
    }
}
