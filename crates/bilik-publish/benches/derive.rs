//! What a key costs a build: `cargo bench -p bilik-publish --bench derive` prints milliseconds of CPU by the fast derivation, with
//! its checks, and by RustCrypto alone, at the default cost; and the ratio, which is what counts on a machine that others use too.
//!
//! Not by criterion: what is asked is CPU time over all threads, which others' work changes less than the time that passes. The
//! methods take turns, and each line is one turn of both; the last line is over all.

use bilik::{Cost, Details, Digits};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::{DeriveMethod, Derivers, KEYS_PER_CHECK};
use std::error::Error;
use std::time::Duration;

const TURNS: u32 = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let digits = Digits::typed("320101410190")?;
    let count = u32::try_from(2 * KEYS_PER_CHECK)?;
    let peppered: Vec<(Details, u32)> = (0..count).map(|number| (Details::near(&digits, number.into(), "CONTOH"), 0)).collect();
    let [fast, slow] = [DeriveMethod::Fast, DeriveMethod::RustCrypto].map(|method| Derivers::new(Cost::DEFAULT, method));
    let measure = |derivers: &Derivers, turn: u8| -> Result<Duration, Box<dyn Error>> {
        let began = cpu_time();
        derivers.keys(&[turn; 32], &peppered, &CancellationToken::new(), &|_| {})?;
        Ok(cpu_time().saturating_sub(began) / count)
    };
    let Cost { memory_kib, passes } = Cost::DEFAULT;
    println!("ms of CPU a key at {memory_kib} KiB and {passes} passes, on {} threads", rayon::current_num_threads());
    println!("{:>6} {:>12} {:>12} {:>7}", "turn", "fast", "rustcrypto", "ratio");
    let mut total = [Duration::ZERO; 2];
    // The first turn pays for memory and for the CPU's detection.
    for turn in 0..=TURNS {
        let [fast, slow] = [measure(&fast, u8::try_from(turn)?)?, measure(&slow, u8::try_from(turn)?)?];
        if turn > 0 {
            print(&turn.to_string(), fast, slow);
            total = [total[0] + fast, total[1] + slow];
        }
    }
    print("all", total[0] / TURNS, total[1] / TURNS);
    Ok(())
}

fn print(name: &str, fast: Duration, slow: Duration) {
    let [fast, slow] = [fast, slow].map(|time| time.as_secs_f64() * 1e3);
    println!("{name:>6} {fast:>12.2} {slow:>12.2} {:>7.3}", fast / slow);
}

/// The CPU time of all threads of this process.
#[cfg(unix)]
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default())
}

/// Elsewhere the time that passed: run it on a quiet machine, with one thread.
#[cfg(not(unix))]
fn cpu_time() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed()
}
