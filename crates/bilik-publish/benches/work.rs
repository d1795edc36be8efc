//! What the parts of a build and of a lookup cost, one after another: `cargo bench -p bilik-publish --bench work`. benches/report.sh
//! runs it several times and writes docs/performance.md.
//!
//! By divan, because it prints the fastest, the median and the slowest sample. Documents are read from a site that is built already:
//! `BILIK_SITE` names it, and without it they are left out.

use bilik::format::{self, Directory, Document, FileRef, Kind, Manifest, StationList};
use bilik::{Cost, Deriver, Details, Digits, Key, KeyBits, Recipe, StationRef, Table, TableHeader, TableValue, fold_name};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::{DeriveMethod, Derivers, KEYS_PER_CHECK};
use divan::Bencher;
use divan::counter::ItemsCount;
use std::path::PathBuf;
use std::sync::LazyLock;

/// A typical name, and one with all that folding looks for.
const NAMES: [&str; 2] = ["SITI AMINAH", "Drs. H. Mochamad Soeharto bin Tjokro, M.Si."];
/// Of a file by `full` of a district of 28,000 voters, and of all its voters.
const KEYS: [u32; 2] = [8_700, 28_000];
const STATIONS: u32 = 113;
/// As in 2024.
const ALL_STATIONS: u32 = 823_220;
/// Of the voters, one in seven votes elsewhere.
const MOVERS: u32 = 7;

fn main() {
    divan::main();
}

#[divan::bench(args = NAMES)]
fn fold(name: &str) -> bool {
    fold_name(divan::black_box(name)).is_ok()
}

/// One derivation as a reader does it, at the default cost.
#[divan::bench]
fn derive_one(bencher: Bencher<'_, '_>) {
    let (Ok(mut deriver), Some(details)) = (Deriver::new(Cost::DEFAULT), details(0)) else { return };
    bencher.bench_local(|| deriver.derive(&[1; 32], divan::black_box(&details), 3));
}

/// Two chunks of keys, by the deriver of a build with its checks.
#[divan::bench(args = [1, 2], sample_count = 3, sample_size = 1)]
fn derive_fast(bencher: Bencher<'_, '_>, threads: usize) {
    derive(bencher, DeriveMethod::Fast, threads);
}

/// The same by `RustCrypto` alone.
#[divan::bench(args = [1, 2], sample_count = 3, sample_size = 1)]
fn derive_rustcrypto(bencher: Bencher<'_, '_>, threads: usize) {
    derive(bencher, DeriveMethod::RustCrypto, threads);
}

fn derive(bencher: Bencher<'_, '_>, method: DeriveMethod, threads: usize) {
    let count = 2 * KEYS_PER_CHECK;
    let peppered: Vec<(Details, u32)> = (0..).take(count).filter_map(|number| Some((details(number)?, 0))).collect();
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
    let derivers = pool.install(|| Derivers::new(Cost::DEFAULT, method));
    let work = || pool.install(|| derivers.keys(&[1; 32], &peppered, &CancellationToken::new(), &|_| {})).is_ok();
    // The first turn allocates the memory.
    assert!(work(), "keys cannot be derived");
    bencher.counter(ItemsCount::new(count)).bench_local(work);
}

fn details(number: u64) -> Option<Details> {
    Some(Details::near(&Digits::typed("320101410190").ok()?, number, "CONTOH"))
}

/// Solving the ribbons, and looking up every key afterwards; no derivation.
#[divan::bench(args = KEYS)]
fn seal_a_table(bencher: Bencher<'_, '_>, keys: u32) {
    let entries = entries(keys);
    bencher.bench_local(|| sealed(&entries));
}

#[divan::bench(args = KEYS)]
fn open_a_key(bencher: Bencher<'_, '_>, keys: u32) {
    let entries = entries(keys);
    let table = sealed(&entries);
    let mut next = entries.iter().cycle();
    bencher.bench_local(|| next.next().and_then(|(key, _)| table.as_ref()?.open(divan::black_box(key))));
}

#[divan::bench(args = KEYS)]
fn ask_for_a_stranger(bencher: Bencher<'_, '_>, keys: u32) {
    let (table, mut word) = (sealed(&entries(keys)), words(2));
    let strangers: Vec<Key> = (0..1000).map(|_| key(&mut word)).collect();
    let mut next = strangers.iter().cycle();
    bencher.bench_local(|| next.next().and_then(|key| table.as_ref()?.open(divan::black_box(key))));
}

/// Digest, inflating and decoding of a table.
#[divan::bench(args = KEYS)]
fn verify_and_open_a_table(bencher: Bencher<'_, '_>, keys: u32) {
    let Some(Ok((bytes, file))) = sealed(&entries(keys)).map(|table| format::write(&table)) else { return };
    bencher.bench_local(|| format::read::<Table>(divan::black_box(&bytes), &file).is_ok());
}

fn entries(keys: u32) -> Vec<(Key, TableValue)> {
    let mut word = words(1);
    let value = |number: u32| match number % MOVERS {
        0 => StationRef::Elsewhere(number.wrapping_mul(7_919) % ALL_STATIONS),
        _ => StationRef::Home(number % STATIONS),
    };
    (0..keys).map(|number| (key(&mut word), TableValue::One(value(number)))).collect()
}

fn sealed(entries: &[(Key, TableValue)]) -> Option<Table> {
    let header = TableHeader {
        recipe: Recipe::Full,
        check_bits: KeyBits::usual(Recipe::Full).check_bits,
        label: "390101".into(),
        nonce: [7; 16],
        common: Vec::new(),
        home_stations: STATIONS,
        all_stations: ALL_STATIONS,
    };
    Table::seal(&header, entries, &mut words(3)).ok()
}

fn key(word: &mut impl FnMut() -> u64) -> Key {
    let mut bytes = [0; 32];
    for eight in bytes.chunks_exact_mut(8) {
        eight.copy_from_slice(&word().to_le_bytes());
    }
    Key::from_bytes(bytes)
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

/// The longest file of each kind of a site, which its digest names.
static SITE: LazyLock<Option<PathBuf>> = LazyLock::new(|| std::env::var_os("BILIK_SITE").map(PathBuf::from));

fn longest(kind: Kind) -> Option<Vec<u8>> {
    let folder = SITE.as_ref()?.join(kind.letter().to_string());
    let files = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let longest = files.max_by_key(|file| file.metadata().map_or(0, |data| data.len()))?;
    std::fs::read(longest.path()).ok()
}

fn site() -> Option<&'static str> {
    SITE.as_ref().map(|_| "of a site")
}

#[divan::bench(args = site())]
fn read_the_manifest(bencher: Bencher<'_, '_>, _of: &str) {
    read::<Manifest>(bencher, Kind::Manifest);
}

#[divan::bench(args = site())]
fn read_a_directory(bencher: Bencher<'_, '_>, _of: &str) {
    read::<Directory>(bencher, Kind::Directory);
}

#[divan::bench(args = site())]
fn read_a_station_list(bencher: Bencher<'_, '_>, _of: &str) {
    read::<StationList>(bencher, Kind::StationList);
}

#[divan::bench(args = site())]
fn read_a_table(bencher: Bencher<'_, '_>, _of: &str) {
    read::<Table>(bencher, Kind::Table);
}

fn read<T: Document>(bencher: Bencher<'_, '_>, kind: Kind) {
    let Some(bytes) = longest(kind) else { return };
    let Some(file) = format::read_unverified::<T>(&bytes).ok().and_then(|document| format::write(&document).ok()) else { return };
    let (bytes, file): (Vec<u8>, FileRef) = file;
    bencher.bench_local(|| format::read::<T>(divan::black_box(&bytes), &file).is_ok());
}
