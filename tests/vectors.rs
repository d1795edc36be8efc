//! Golden vectors, native and in wasm: names fold, details derive keys, tables open, and bytes are rejected as recorded here. A
//! change of a vector is a new format version.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use bilik::format::{self, FileRef, FormatError, split_part};
use bilik::{
    CommonTokens, Cost, Deriver, Details, Digits, Key, Recipe, StationRef, Table, TableHeader, TableValue, fold_name, table_salt,
};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Name, folded whole, the tokens it is sealed under, whether it is long.
const NAMES: &str = include_str!("vectors/names.tsv");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Deterministic random words.
fn words(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ (state >> 29)
    }
}

#[test]
fn names_fold_as_recorded() {
    let mut lines = 0;
    for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, whole, sealed, long] = fields[..] else { panic!("four fields: {line}") };
        let folded = fold_name(name).unwrap();
        let tokens = folded.sealed_tokens(&CommonTokens::default()).join(" ");
        assert_eq!((folded.whole(), tokens.as_str(), folded.is_long()), (whole, sealed, long == "long"), "{name}");
        lines += 1;
    }
    assert!(lines >= 30, "only {lines} names");
}

#[test]
fn details_derive_the_recorded_key() {
    let digits = Digits::typed("999901410190").unwrap();
    let salt_full = table_salt("uji-2029", "999901", Recipe::Full, &[7; 16]);
    let salt_near = table_salt("uji-2029", "999901", Recipe::Near, &[7; 16]);
    assert_eq!(hex(&salt_full), "5d25ae5dde22939d044fcb80627eb7a37088b9629ea467a90a9bde1d1f36e853");
    let mut deriver = Deriver::new(Cost { memory_kib: 64, passes: 2 }).unwrap();
    let full = deriver.derive(&salt_full, &Details::full(&digits, "CONTOHSATU"), 0).hash(b'n', 0);
    assert_eq!(
        format!("{:016x} {:016x} {:016x}", full.start, full.row, full.pad),
        "d42e68108bbeeef7 c800e4b53f9e4bdb 5fad56027503a7af"
    );
    let near = deriver.derive(&salt_near, &Details::near(&digits, 9_999_012_001, "CONTOH"), 41).hash(b'w', 3);
    assert_eq!(
        format!("{:016x} {:016x} {:016x}", near.start, near.row, near.pad),
        "0378333ae1c38e8e 62bef132990abb44 437645e26f4f6bb9"
    );
    assert_eq!(split_part("uji-2029", &digits, 4), 3);
    assert_eq!(CommonTokens::digest("BUDI"), 2_700_116_173);
}

fn header() -> TableHeader {
    TableHeader {
        recipe: Recipe::Near,
        check_bits: 30,
        label: "999901".into(),
        nonce: [9; 16],
        common: vec![5, 77],
        home_stations: 9,
        all_stations: 5_000,
    }
}

fn table(n: u32) -> (Table, Vec<(Details, u32, TableValue)>) {
    let header = header();
    let salt = table_salt("uji-2029", &header.label, header.recipe, &header.nonce);
    let mut deriver = Deriver::new(Cost { memory_kib: 8, passes: 1 }).unwrap();
    let mut wanted = Vec::new();
    let mut entries = Vec::new();
    for voter in 0..n {
        let digits = Digits::typed(&format!("999901{voter:06}")).unwrap();
        let details = Details::near(&digits, 9_999_012_001, "UJI");
        let sealed = match voter % 10 {
            0 => TableValue::One(StationRef::Elsewhere(voter % 5_000)),
            1 => TableValue::Several(vec![voter % 9, 4_000]),
            _ => TableValue::One(StationRef::Home(voter % 9)),
        };
        entries.push((deriver.derive(&salt, &details, voter % 64), sealed.clone()));
        wanted.push((details, voter % 64, sealed));
    }
    (Table::seal(&header, &entries, &mut words(1)).unwrap(), wanted)
}

#[test]
fn the_same_voters_and_random_words_make_the_recorded_table() {
    let (sealed, wanted) = table(500);
    let (bytes, file) = format::write(&sealed).unwrap();
    assert_eq!(file.digest.to_string(), "8ab27165c526ab9fcdb48e5c6c4873e3");
    let read: Table = format::read(&bytes, &file).unwrap();
    let salt = read.salt("uji-2029");
    let mut deriver = Deriver::new(Cost { memory_kib: 8, passes: 1 }).unwrap();
    for (details, pepper, sealed) in wanted {
        assert_eq!(read.open(&deriver.derive(&salt, &details, pepper)), Some(sealed));
    }
}

/// Where nobody votes elsewhere, and where what leads elsewhere is not divided, or is divided by less than at first.
#[test]
fn other_shares_of_voters_who_vote_elsewhere_make_the_recorded_tables() {
    for (n, home_stations, elsewhere, digest) in [
        (500, 9, 0, "30646e3ce07acd15954192b7f6396974"),
        (500, 9, 1, "96031b74acd5811b5627ebbbc2e7fd43"),
        (500, 16, 2, "d4263d07eb34dceb2a151e92e47c9e8c"),
        (900, 15, 3, "2e2ddae877e2a3ece64c062a4e294298"),
        (2_000, 60, 2, "9396f825998306ffc58bfad987219487"),
        (3_000, 6, 2, "0c45d7d7a9304fb5cff48a90d7fdf4c8"),
        (3_000, 255, 3, "2776332d451133b6e0a653c364d8fc7b"),
    ] {
        let mut word = words(n);
        let key = |word: &mut dyn FnMut() -> u64| {
            let mut key = [0; 32];
            key.as_chunks_mut::<8>().0.iter_mut().for_each(|bytes| *bytes = word().to_le_bytes());
            Key::from_bytes(key)
        };
        let station = |n: u64| u32::try_from(n % 5_000).unwrap();
        let entries: Vec<(Key, TableValue)> = (0..n)
            .map(|voter| {
                let is_home = voter % 4 >= elsewhere;
                let at = if is_home {
                    StationRef::Home(station(voter) % home_stations)
                } else {
                    StationRef::Elsewhere(station(voter * 7))
                };
                (key(&mut word), TableValue::One(at))
            })
            .collect();
        let header = TableHeader { home_stations, ..header() };
        let sealed = Table::seal(&header, &entries, &mut words(n)).unwrap();
        let (_, file) = format::write(&sealed).unwrap();
        assert_eq!(file.digest.to_string(), digest, "{n} voters, {home_stations} stations, {elsewhere} of 4 elsewhere");
        for (key, at) in &entries {
            assert_eq!(sealed.open(key).as_ref(), Some(at));
        }
    }
}

#[test]
fn unexpected_bytes_are_rejected_in_a_fixed_order() {
    let (bytes, file) = format::write(&table(50).0).unwrap();
    let refused = |bytes: &[u8], file: &FileRef| format::read::<Table>(bytes, file).unwrap_err();
    assert!(matches!(refused(&bytes[1..], &file), FormatError::Length { .. }));
    for at in [0, 5, 6, 7, 8, bytes.len() / 2, bytes.len() - 1] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        assert!(matches!(refused(&flipped, &file), FormatError::Digest { .. }), "byte {at}");
    }
    // Malformed files whose digest is right are rejected too.
    let vouched = |bytes: &[u8], inflated| FileRef {
        digest: format::Digest::of(bytes),
        stored: u32::try_from(bytes.len()).unwrap(),
        inflated,
    };
    let with = |at: usize, byte: u8| {
        let mut changed = bytes.clone();
        changed[at] = byte;
        changed
    };
    for (changed, inflated, refusal) in [
        (with(0, b'b'), file.inflated, FormatError::Magic),
        (with(5, b's'), file.inflated, FormatError::Kind { expected: format::Kind::Table, got: format::Kind::StationList }),
        (with(6, 2), file.inflated, FormatError::Version(2)),
        (with(7, 9), file.inflated, FormatError::Inflate),
        (bytes.clone(), file.inflated + 1, FormatError::Inflate),
        (bytes.clone(), u32::MAX, FormatError::Invalid("longer than a file of its kind may be")),
    ] {
        assert_eq!(refused(&changed, &vouched(&changed, inflated)), refusal);
    }
}
