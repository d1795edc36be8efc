//! The policy tested against simulated mirrors on a simulated line and clock, with thousands of failure patterns.

mod network;

use super::health::Millis;
use network::{Behaviour, Delivery, Server, Simulation};
use proptest::prelude::*;

fn behaviour() -> impl Strategy<Value = Behaviour> {
    prop_oneof![
        3 => Just(Behaviour::Honest),
        2 => Just(Behaviour::Refuses),
        2 => Just(Behaviour::Mute),
        2 => (0_u32..60_000).prop_map(Behaviour::StallsAfter),
        2 => (0_u32..60_000).prop_map(Behaviour::CutsAfter),
        2 => Just(Behaviour::Lies),
        2 => (2_000_u64..60_000).prop_map(Behaviour::Slow),
        2 => (100_u64..3_000).prop_map(Behaviour::Teases),
        2 => (500_u64..60_000).prop_map(Behaviour::Drips),
        1 => Just(Behaviour::Stumbles),
    ]
}

/// A mirror that never delivers a file.
fn useless() -> impl Strategy<Value = Server> {
    let behaviour = prop_oneof![
        Just(Behaviour::Refuses),
        Just(Behaviour::Mute),
        (0_u32..979).prop_map(Behaviour::StallsAfter),
        (0_u32..979).prop_map(Behaviour::CutsAfter),
    ];
    (behaviour, 10_u64..600).prop_map(|(behaviour, latency)| Server { behaviour, latency })
}

fn server() -> impl Strategy<Value = Server> {
    (behaviour(), 10_u64..600).prop_map(|(behaviour, latency)| Server { behaviour, latency })
}

/// Head, part of the manifest, directory, table, station list.
const FILES: [(u32, usize); 5] = [(979, 2), (1_000, 1), (2_000, 1), (101_000, 1), (3_000, 1)];

/// Somebody who is right delivers each file, within a budget that the other mirrors, some of which may be slow and right, have used up.
fn all_files_come_in_time(servers: &[Server], line: u64, seed: u64) -> Result<(), TestCaseError> {
    let others = u64::try_from(servers.len() - 1).unwrap();
    let mut simulation = Simulation::new(servers.to_vec(), line, seed);
    for (length, opinions) in FILES {
        let before = simulation.mirrors.patience();
        let came = simulation.fetch(length, opinions);
        let from = came.from.map(|mirror| servers[mirror]);
        prop_assert!(from.is_some_and(|server| server.behaviour.is_right()), "{length}: {came:?}");
        // Each other mirror may cost its silences and, where it delivers wrong contents, the time of a transfer.
        let silence = before.max(simulation.mirrors.patience()) + 600;
        let transfer = u64::from(length) * 1_000 / line + 600;
        let budget = 2 * (1 + others) * (silence + 2 * transfer);
        // Or the first who delivers is one that is right and slow.
        let slow = servers.iter().map(|server| match server.behaviour {
            Behaviour::Slow(rate) => u64::from(length) * 1_000 / rate,
            _ => 0,
        });
        let budget = budget.max(slow.max().unwrap_or(0) + 2 * (1 + others) * silence);
        prop_assert!(came.took <= budget, "{length}: {came:?}, budget {budget}");
    }
    Ok(())
}

/// Found by chance, once in some ten million worlds: the slow mirror delivers before anybody else, after 56 seconds.
#[test]
fn a_slow_mirror_may_be_the_first_that_is_right() {
    let of = |behaviour, latency| Server { behaviour, latency };
    let servers =
        [of(Behaviour::Honest, 511), of(Behaviour::Teases(1_161), 10), of(Behaviour::Lies, 10), of(Behaviour::Slow(2_000), 10)];
    all_files_come_in_time(&servers, 46_000, 727_519_683_584_651_766).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30_000))]

    #[test]
    fn one_honest_mirror_is_enough(
        mut servers in prop::collection::vec(server(), 0..4),
        honest in 10_u64..600,
        place in 0_usize..4,
        line in 20_000_u64..2_000_000,
        seed: u64,
    ) {
        servers.insert(place.min(servers.len()), Server { behaviour: Behaviour::Honest, latency: honest });
        all_files_come_in_time(&servers, line, seed)?;
    }

    #[test]
    fn without_an_honest_mirror_the_race_ends_in_time(
        servers in prop::collection::vec(useless(), 1..4),
        line in 20_000_u64..2_000_000,
        seed: u64,
    ) {
        let mut simulation = Simulation::new(servers, line, seed);
        for (length, opinions) in [(979, 2), (101_000, 1)] {
            let came = simulation.fetch(length, opinions);
            prop_assert!(came.from.is_none(), "{came:?}");
            prop_assert!(came.took <= 16_000 + u64::from(length) * 6_000 / line, "{length}: {came:?}");
        }
    }

    #[test]
    fn a_slow_line_carries_hardly_anything_twice(
        line in 4_000_u64..60_000,
        latency in 50_u64..2_500,
        count in 1_usize..4,
        is_known: bool,
        seed: u64,
    ) {
        let servers = vec![Server { behaviour: Behaviour::Honest, latency }; count];
        let mut simulation = Simulation::new(servers, line, seed);
        if is_known {
            simulation.mirrors.seed_estimates(Some(latency), Some(line));
        }
        let mut carried = 0;
        let mut wanted = 0;
        for (length, opinions) in FILES {
            carried += simulation.fetch(length, opinions).carried;
            wanted += u64::from(length);
        }
        let most = wanted * if is_known { 106 } else { 120 } / 100;
        prop_assert!(carried <= most, "{carried} bytes for {wanted}");
    }

    #[test]
    fn several_opinions_are_asked_for_at_once(
        latencies in prop::collection::vec(10_u64..250, 2..4),
        seed: u64,
    ) {
        let servers: Vec<_> = latencies.iter().map(|&latency| Server { behaviour: Behaviour::Honest, latency }).collect();
        let mut simulation = Simulation::new(servers, 1_000_000, seed);
        let came = simulation.fetch(979, 2);
        prop_assert_eq!(came.asked, 2);
    }
}

#[test]
fn an_unsteady_line_carries_hardly_anything_twice() {
    for spell in [150, 300, 600, 1_000, 1_700, 3_000] {
        let (mut lookups, mut carried, mut asked) = (0, 0, 0);
        for line in (20_000..400_000).step_by(10_000) {
            for (latency, count) in [(50, 2), (50, 3), (250, 2), (250, 3), (900, 2), (900, 3)] {
                let mut simulation = Simulation::new(vec![Server { behaviour: Behaviour::Honest, latency }; count], line, line);
                simulation.spell = Some(spell);
                simulation.mirrors.seed_estimates(Some(latency), Some(line));
                let came = FILES.map(|(length, opinions)| simulation.fetch(length, opinions));
                carried += came.iter().map(|came| came.carried).sum::<u64>();
                asked += came.iter().map(|came| came.asked).sum::<u32>();
                lookups += 1;
            }
        }
        let wanted = u64::from(lookups) * FILES.iter().map(|(length, _)| u64::from(*length)).sum::<u64>();
        assert!(carried * 100 <= wanted * 107, "spells of {spell} ms: {carried} bytes for {wanted}");
        // On a steady line it is six, because the head is fetched from two mirrors.
        assert!(asked <= 7 * lookups, "spells of {spell} ms: {asked} requests in {lookups} lookups");
    }
}

const FAST: u64 = 2_000_000;

/// How much longer a whole lookup takes when the mirror that is asked first behaves like this: the worst of some runs.
fn costs(behaviour: Behaviour, line: u64) -> Millis {
    let lookup = |behaviour: Behaviour, seed: u64| {
        let servers = vec![Server { behaviour, latency: 40 }, Server { behaviour: Behaviour::Honest, latency: 40 }];
        let mut simulation = Simulation::new(servers, line, seed);
        simulation.mirrors.seed_estimates(Some(40), Some(line));
        let came: Vec<Delivery> = FILES.map(|(length, opinions)| simulation.fetch(length, opinions)).into_iter().collect();
        assert!(came.iter().all(|came| came.from.is_some()));
        let was_first = came.iter().any(|came| came.first == Some(0));
        was_first.then(|| came.iter().map(|came| came.took).sum::<Millis>())
    };
    let worst = |behaviour| (0..200).filter_map(|seed| lookup(behaviour, seed)).max().unwrap();
    worst(behaviour).saturating_sub(worst(Behaviour::Honest))
}

#[test]
fn a_lookup_whose_first_mirror_fails_is_at_most_a_second_later() {
    for behaviour in [
        Behaviour::Refuses,
        Behaviour::Mute,
        Behaviour::StallsAfter(0),
        Behaviour::StallsAfter(150),
        Behaviour::StallsAfter(1_000),
        Behaviour::StallsAfter(50_000),
        Behaviour::CutsAfter(50_000),
        Behaviour::Lies,
        Behaviour::Stumbles,
    ] {
        let cost = costs(behaviour, FAST);
        assert!(cost <= 950, "{behaviour:?} costs {cost} ms");
    }
    let cost = costs(Behaviour::Slow(20_000), FAST);
    assert!(cost <= 1_600, "20 kB/s costs {cost} ms");
}

#[test]
fn a_mirror_that_slows_down_halfway_costs_little_more_than_a_slow_one() {
    for (line, most) in [(FAST, 1_700), (300_000, 2_500), (100_000, 4_500), (30_000, 5_000)] {
        for rate in [700, 2_000, 5_000, 10_000, 20_000, 25_000, 30_000, 35_000, 40_000, 80_000] {
            let cost = costs(Behaviour::Drips(rate), line);
            assert!(cost <= most, "{rate} bytes a second cost {cost} ms on a line of {line}");
        }
    }
}

/// The delivery of a table, after the files before it, from mirrors of which only the last one is honest. The schedules below
/// are regressions: an earlier policy failed each of them.
fn table_from(others: [Server; 3], honest: Millis, line: u64, seed: u64) -> Delivery {
    let mut servers = others.to_vec();
    servers.push(Server { behaviour: Behaviour::Honest, latency: honest });
    let mut simulation = Simulation::new(servers, line, seed);
    FILES.map(|(length, opinions)| simulation.fetch(length, opinions)).into_iter().max_by_key(|came| came.carried).unwrap()
}

#[test]
fn mirrors_that_pause_in_turn_do_not_delay_the_honest_one() {
    let server = |behaviour, latency| Server { behaviour, latency };
    let worst = |others: [Server; 3], honest, line| {
        (0..300).map(|seed| table_from(others, honest, line, seed)).max_by_key(|came| came.took).unwrap()
    };
    let mute = server(Behaviour::StallsAfter(14_000), 211);
    let cuts = server(Behaviour::CutsAfter(14_000), 151);
    for (others, line) in [
        ([mute, server(Behaviour::Teases(601), 10), server(Behaviour::Teases(801), 61)], 307_200),
        ([server(Behaviour::Teases(1_061), 10), cuts, server(Behaviour::Teases(801), 10)], 102_400),
        ([server(Behaviour::Slow(9_200), 261), server(Behaviour::Teases(601), 161), server(Behaviour::Teases(721), 10)], 204_800),
        ([server(Behaviour::Slow(2_200), 91), server(Behaviour::Teases(1_351), 10), server(Behaviour::Refuses, 10)], 483_900),
    ] {
        let came = worst(others, 271, line);
        assert!(came.from.is_some() && came.took <= 13_000 && came.asked <= 12, "{came:?} with {others:?}");
    }
}
