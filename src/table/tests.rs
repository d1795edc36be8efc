use super::*;
use crate::key::{Cost, Deriver, Details, KeyBits};
use crate::nik::Digits;

fn keys(n: usize) -> Vec<Key> {
    let mut deriver = Deriver::new(Cost { memory_kib: 8, passes: 1 }).unwrap();
    let details = Details::full(&Digits::typed("320101410190").unwrap(), "UJI");
    (0..n).map(|pepper| deriver.derive(&[3; 32], &details, u32::try_from(pepper).unwrap())).collect()
}

fn words() -> impl FnMut() -> u64 {
    let mut state = 1_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state
    }
}

fn header(recipe: Recipe, home_stations: u32, all_stations: u32) -> TableHeader {
    TableHeader {
        recipe,
        check_bits: KeyBits::usual(recipe).check_bits,
        label: "320101".into(),
        nonce: [1; 16],
        common: Vec::new(),
        home_stations,
        all_stations,
    }
}

fn sealed_of(n: usize, home: u32, all: u32) -> TableValue {
    let station = u32::try_from(n * 7919).unwrap() % all;
    match n % 20 {
        0..3 => TableValue::One(StationRef::Elsewhere(station)),
        3 if n % 100 == 3 && station + 2 < all => TableValue::Several(vec![station, station + 2]),
        3 if n % 100 == 43 && station + 2 < all => TableValue::Several(vec![station, station + 1, station + 2]),
        _ => TableValue::One(StationRef::Home(station % home)),
    }
}

#[test]
fn every_key_opens_what_was_sealed_and_others_open_nothing() {
    let keys = keys(6_000);
    let (inside, outside) = keys.split_at(3_000);
    for (recipe, home, all) in
        [(Recipe::Full, 112, 823_220), (Recipe::Near, 112, 823_220), (Recipe::Full, 1, 3), (Recipe::Near, 1_591, MAX_STATIONS)]
    {
        let entries: Vec<_> = inside.iter().enumerate().map(|(n, key)| (*key, sealed_of(n, home, all))).collect();
        let table = Table::seal(&header(recipe, home, all), &entries, &mut words()).unwrap();
        table.check().unwrap();
        for (key, sealed) in &entries {
            assert_eq!(table.open(key).as_ref(), Some(sealed));
        }
        assert_eq!(outside.iter().filter(|key| table.open(key).is_some()).count(), 0);
    }
}

/// The keys with several stations lie in more than one layer here, and the wide values say in which.
#[test]
fn several_stations_of_many_keys_are_opened() {
    let keys = keys(900);
    let several = |n: u32| match n % 3 {
        0 => TableValue::Several(vec![n % 50, 60 + n % 30]),
        1 => TableValue::Several(vec![n % 50, 60 + n % 20, 90]),
        _ => TableValue::One(StationRef::Elsewhere(n % 91)),
    };
    let entries: Vec<_> = (0..).zip(&keys).map(|(n, key)| (*key, several(n))).collect();
    let table = Table::seal(&header(Recipe::Full, 3, 91), &entries, &mut words()).unwrap();
    table.check().unwrap();
    assert!(table.ribbons().iter().all(|ribbon| ribbon.layer_count() > 1));
    for (key, sealed) in &entries {
        assert_eq!(table.open(key).as_ref(), Some(sealed));
    }
}

#[test]
fn of_many_keys_those_that_are_equal_are_named() {
    let mut keys = keys(600);
    keys[417] = keys[25];
    let entries: Vec<_> = keys.into_iter().map(|key| (key, TableValue::One(StationRef::Home(1)))).collect();
    let refused = Table::seal(&header(Recipe::Full, 2, 9), &entries, &mut words()).unwrap_err();
    assert_eq!(refused, SealError::EqualKeys { first: 25, second: 417 });
}

#[test]
fn a_table_says_what_it_was_sealed_as() {
    let header = TableHeader { nonce: [7; 16], common: vec![4, 9], ..header(Recipe::Near, 5, 12) };
    let table = Table::seal(&header, &[], &mut words()).unwrap();
    assert_eq!((table.recipe(), table.check_bits(), table.label(), table.nonce()), (Recipe::Near, 30, "320101", &[7; 16]));
    assert_eq!((table.stations(), table.common()), ((5, 12), CommonTokens::new(vec![4, 9])));
    assert_eq!(table.salt("uji-2029"), crate::key::table_salt("uji-2029", "320101", Recipe::Near, &[7; 16]));
}

#[test]
fn an_empty_table_opens_nothing() {
    let table = Table::seal(&header(Recipe::Near, 0, 0), &[], &mut words()).unwrap();
    table.check().unwrap();
    assert!(keys(10).iter().all(|key| table.open(key).is_none()));
}

#[test]
fn equal_keys_and_impossible_stations_are_refused() {
    let (key, other) = (keys(2)[0], keys(2)[1]);
    let one = TableValue::One(StationRef::Home(0));
    let seal = |header, entries: &[(Key, TableValue)]| Table::seal(&header, entries, &mut words()).unwrap_err();
    let entries = [(other, one.clone()), (key, one.clone()), (key, one.clone())];
    assert_eq!(seal(header(Recipe::Full, 2, 9), &entries), SealError::EqualKeys { first: 1, second: 2 });
    let elsewhere = TableValue::One(StationRef::Elsewhere(1));
    let entries = [(other, one.clone()), (key, elsewhere.clone()), (key, elsewhere)];
    assert_eq!(seal(header(Recipe::Full, 2, 9), &entries), SealError::EqualKeys { first: 1, second: 2 });
    let weak = TableHeader { check_bits: MIN_CHECK_BITS - 1, ..header(Recipe::Full, 2, 9) };
    let error = SealError::CheckBits { min: MIN_CHECK_BITS, max: MAX_CHECK_BITS, got: MIN_CHECK_BITS - 1 };
    assert_eq!(seal(weak, &[]), error);
    let got = MAX_STATIONS + 1;
    assert_eq!(seal(header(Recipe::Full, 2, got), &[]), SealError::TooManyStations { max: MAX_STATIONS, got });
    for wrong in [
        TableValue::One(StationRef::Home(2)),
        TableValue::One(StationRef::Elsewhere(9)),
        TableValue::Several(vec![1]),
        TableValue::Several(vec![2, 1]),
        TableValue::Several(vec![1, 9]),
    ] {
        let entries = [(other, one.clone()), (key, wrong)];
        assert_eq!(seal(header(Recipe::Full, 2, 9), &entries), SealError::ValueOutOfRange { entry: 1 });
    }
}

#[test]
fn a_table_reads_back_from_its_file() {
    let keys = keys(1_000);
    let entries: Vec<_> = keys.iter().enumerate().map(|(n, key)| (*key, sealed_of(n, 9, 500))).collect();
    let table = Table::seal(&header(Recipe::Near, 9, 500), &entries, &mut words()).unwrap();
    let (bytes, file) = crate::format::container::write(&table).unwrap();
    // The same keys, values and random words give the same file for ever.
    assert_eq!(file.digest.to_string(), "246a9b808000e25bccfea88b5837c7e2");
    assert_eq!(crate::format::container::read::<Table>(&bytes, &file).unwrap(), table);
}
