//! What a ribbon costs: `cargo bench -p layered-ribbon` prints slots over keys, time to build and time to look up, by keys; and
//! the same of a 3-wise binary fuse filter (`xorf`), which stores as many bits a slot but only its own fingerprints.
//!
//! Not by criterion: half of what is asked here is a size, and the times differ by tens of percent from one machine to the
//! next anyway. Each line is over many seeds: the mean overhead and the worst, since a build has many tables, and median
//! times.

use layered_ribbon::{BuildError, Builder, Hash, Ribbon, Solved};
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};
use xorf::{BinaryFuse32, Filter as _};

/// Keys, and how many seeds they are tried with.
const CASES: [(u32, u32); 8] =
    [(100, 1000), (500, 400), (1_000, 400), (2_000, 200), (5_000, 100), (28_000, 40), (250_000, 6), (1_000_000, 2)];
/// Bits of a slot.
const WIDTH: u32 = 31;
/// Lookups that are timed for each seed.
const LOOKUPS: u32 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    table("layered ribbon, 31 bits a slot", ribbon)?;
    table("binary fuse, 3-wise, 32 bits a slot (xorf)", fuse)
}

fn table(title: &str, measure: fn(u32, u32) -> Result<Measured, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    println!("{title}");
    println!(
        "{:>9} {:>9} {:>9} {:>7} {:>10} {:>11} {:>10}",
        "keys", "over, %", "worst, %", "layers", "tries", "build, ms", "lookup, µs"
    );
    for (keys, seeds) in CASES {
        let all = (0..seeds).map(|seed| measure(keys, seed)).collect::<Result<Vec<Measured>, _>>()?;
        let mean = |number: fn(&Measured) -> f64| all.iter().map(number).sum::<f64>() / f64::from(seeds);
        let worst = all.iter().map(|one| one.over).fold(0.0, f64::max);
        println!(
            "{keys:>9} {:>9.3} {worst:>9.3} {:>7.2} {:>10.3} {:>11.3} {:>10.4}",
            mean(|one| one.over),
            mean(|one| one.layers),
            mean(|one| one.tries),
            median(all.iter().map(|one| one.build)).as_secs_f64() * 1e3,
            median(all.iter().map(|one| one.lookup)).as_secs_f64() * 1e6,
        );
    }
    Ok(())
}

/// Of one seed.
struct Measured {
    over: f64,
    layers: f64,
    tries: f64,
    build: Duration,
    lookup: Duration,
}

/// The lower median: other work on the machine hardly moves it.
fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut sorted: Vec<Duration> = times.collect();
    sorted.sort_unstable();
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

fn ribbon(keys: u32, seed: u32) -> Result<Measured, Box<dyn Error>> {
    let mut word = words((u64::from(seed) << 32) | u64::from(keys));
    let mut tries = 0.0;
    let begin = Instant::now();
    let (entries, solved) = loop {
        tries += 1.0;
        let entries: Vec<(Hash, u64)> =
            (0..keys).map(|_| (Hash { start: word(), row: word(), pad: 0 }, word() >> (64 - WIDTH))).collect();
        match Builder::new(WIDTH).build_with(&entries, &mut word) {
            Err(BuildError::Unsolvable) => {}
            solved => break (entries, solved?),
        }
    };
    let build = begin.elapsed();
    let over = overhead(solved.ribbon.slot_count(), keys);
    let lookup = look_up(&entries, &solved);
    Ok(Measured { over, layers: f64::from(solved.ribbon.layer_count()), tries, build, lookup })
}

/// Looks keys up as a reader does, layer after layer until the value is the right one. The time for one.
fn look_up(entries: &[(Hash, u64)], solved: &Solved) -> Duration {
    let ask = |ribbon: &Ribbon, hash: &Hash, value: u64| {
        assert!(ribbon.find(hash, |found| found == value).is_some(), "a key was lost");
    };
    let begin = Instant::now();
    for (_, (hash, value)) in (0..LOOKUPS).zip(entries.iter().cycle()) {
        ask(black_box(&solved.ribbon), hash, *value);
    }
    begin.elapsed() / LOOKUPS
}

fn fuse(keys: u32, seed: u32) -> Result<Measured, Box<dyn Error>> {
    let mut word = words((u64::from(seed) << 32) | u64::from(keys));
    let begin = Instant::now();
    let entries: Vec<u64> = (0..keys).map(|_| word()).collect();
    let filter = BinaryFuse32::try_from(entries.as_slice())?;
    let build = begin.elapsed();
    let over = overhead(u64::try_from(filter.len()).unwrap_or(u64::MAX), keys);
    let begin = Instant::now();
    for (_, key) in (0..LOOKUPS).zip(entries.iter().cycle()) {
        assert!(black_box(&filter).contains(key), "a key was lost");
    }
    Ok(Measured { over, layers: 1.0, tries: 1.0, build, lookup: begin.elapsed() / LOOKUPS })
}

/// Slots beyond the keys, in percent.
fn overhead(slots: u64, keys: u32) -> f64 {
    let slots = u32::try_from(slots).unwrap_or(u32::MAX);
    (f64::from(slots) / f64::from(keys) - 1.0) * 100.0
}

/// Uniform words from a counter, so that every run is the same.
fn words(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
