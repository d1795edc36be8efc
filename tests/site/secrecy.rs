//! What somebody sees who has the files and nothing else: no voter's detail, and nothing that tells where the movers of a
//! table went.

use crate::{BILIK, bilik};
use bilik::{Table, format};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, files};
use flate2::read::DeflateDecoder;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Read as _;

/// Sealed from a fixed seed, so that a five-letter word that turns up by chance (one build in a thousand) does not fail the
/// suite once a month: what these bytes are is decided once.
fn election() -> Operator {
    let shape = Shape { cost: MIN_COST, sealing_seed: Some(5), ..Shape::district(8_000, 120_000) };
    let (operator, _) = Operator::of(BILIK, &shape);
    operator.build();
    operator
}

/// A table's file in every form that it can be looked at without a voter's details.
fn views(operator: &Operator) -> Vec<(String, Vec<u8>)> {
    let mut views = Vec::new();
    for (path, bytes) in files(&operator.site(), "t") {
        let table: Table = format::read_unverified(&bytes).unwrap();
        let inspected = bilik(&[&"inspect", &operator.site().join(&path)]).exits_with(0).out;
        views.push((format!("{path} as JSON"), inspected.into_bytes()));
        views.push((format!("{path} decoded"), format!("{table:?}").into_bytes()));
        views.push((format!("{path} inflated"), payload(&bytes)));
        views.push((path, bytes));
    }
    views
}

/// The payload behind the container's eight bytes.
fn payload(bytes: &[u8]) -> Vec<u8> {
    let (header, body) = bytes.split_at(8);
    match header[7] {
        0 => body.to_vec(),
        1 => {
            let mut payload = Vec::new();
            DeflateDecoder::new(body).read_to_end(&mut payload).unwrap();
            payload
        }
        codec => panic!("codec {codec}"),
    }
}

/// Byte strings to look for, by their length.
#[derive(Default)]
struct Patterns(BTreeMap<usize, HashSet<Vec<u8>>>);

impl Patterns {
    fn add(&mut self, bytes: &[u8]) {
        self.0.entry(bytes.len()).or_default().insert(bytes.to_vec());
    }

    fn found_in<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().flat_map(|(&length, wanted)| bytes.windows(length).filter(|window| wanted.contains(*window)))
    }
}

/// The digits in every way that a program might write them: text, a number, decimal pairs, and digests without a secret.
fn add_digits(wanted: &mut Patterns, digits: &str) {
    wanted.add(digits.as_bytes());
    let number: u64 = digits.parse().unwrap();
    wanted.add(&number.to_le_bytes());
    wanted.add(&number.to_be_bytes());
    let pairs: Vec<u8> = digits.as_bytes().chunks(2).map(|pair| (pair[0] - b'0') << 4 | (pair[1] - b'0')).collect();
    wanted.add(&pairs);
    wanted.add(&Sha256::digest(digits)[..8]);
}

/// A name and its longer words, in every case and folded.
fn add_name(wanted: &mut Patterns, written: &str) {
    let folded = bilik::fold_name(written).unwrap();
    let words = written.split(|c: char| !c.is_alphanumeric()).chain(folded.significant());
    let words = words.filter(|word| word.len() >= 5).map(str::to_owned);
    let whole = [written.to_owned(), written.replace(' ', ""), folded.whole().to_owned()];
    for text in whole.into_iter().filter(|whole| whole.len() >= 5).chain(words) {
        let capitalised = format!("{}{}", text[..1].to_uppercase(), text[1..].to_lowercase());
        for form in [text.to_uppercase(), text.to_lowercase(), capitalised, text] {
            wanted.add(form.as_bytes());
        }
    }
}

#[test]
fn no_form_of_a_table_holds_a_voters_digits_or_a_word_of_their_name() {
    let operator = election();
    let mut wanted = Patterns::default();
    let roll = operator.roll();
    for voter in &roll {
        add_digits(&mut wanted, &voter.nik);
        add_digits(&mut wanted, voter.digits());
        add_name(&mut wanted, &voter.name);
    }
    let patterns: usize = wanted.0.values().map(HashSet::len).sum();
    let views = views(&operator);
    assert!(
        views.len() >= 8 && views.len().is_multiple_of(4),
        "a table by each recipe at least, each in four forms: {}",
        views.len()
    );
    for (form, bytes) in &views {
        let found: Vec<String> = wanted.found_in(bytes).map(|found| String::from_utf8_lossy(found).into_owned()).collect();
        assert!(found.is_empty(), "{form} holds {found:?}");
    }
    println!("{patterns} byte strings of {} voters, in none of {} forms of {} files", roll.len(), views.len(), views.len() / 4);

    // The search would find them: the roll holds them all, and so does a table that one is hidden in.
    let csv = std::fs::read(operator.election().join("voters.csv")).unwrap();
    assert!(wanted.found_in(&csv).count() > 4 * roll.len());
    for (length, some) in &wanted.0 {
        let mut hiding = views[3].1.clone();
        let hidden = some.iter().next().unwrap();
        hiding.splice(1_000..1_000, hidden.iter().copied());
        assert!(wanted.found_in(&hiding).any(|found| found == hidden.as_slice()), "{length} bytes");
    }
}

/// Ways to write a station's number.
const ENCODINGS: [&str; 7] = ["u32 LE", "u24 LE", "u24 BE", "varint", "text", "bits from the lowest", "bits from the highest"];

/// For each encoding, how often each station's number stands anywhere in some bytes: at every byte, and for bits at every bit.
fn occurrences(bytes: &[u8], all: u32) -> [Vec<u32>; 7] {
    let mut counts = ENCODINGS.map(|_| vec![0; all as usize]);
    let mut count = |encoding: usize, number: u64| {
        if let Some(count) = usize::try_from(number).ok().and_then(|number| counts[encoding].get_mut(number)) {
            *count += 1;
        }
    };
    for at in 0..bytes.len() {
        let number = |from: usize, length: usize| {
            bytes.get(at + from..at + from + length).map(|bytes| bytes.iter().rev().fold(0_u64, |n, &b| n << 8 | u64::from(b)))
        };
        if let Some(n) = number(0, 4) {
            count(0, n);
        }
        if let Some(n) = number(0, 3) {
            count(1, n);
            count(2, (n & 0xff) << 16 | n & 0xff00 | n >> 16);
        }
        // The standard configuration of bincode: 251 before two bytes, 252 before four.
        match bytes[at] {
            251 => number(1, 2).filter(|&n| n > 250).into_iter().for_each(|n| count(3, n)),
            252 => number(1, 4).filter(|&n| n > 0xffff).into_iter().for_each(|n| count(3, n)),
            _ => {}
        }
        for length in 4..=6 {
            let text = bytes.get(at..at + length).filter(|text| text[0] != b'0' && text.iter().all(u8::is_ascii_digit));
            if let Some(text) = text {
                count(4, std::str::from_utf8(text).unwrap().parse().unwrap());
            }
        }
    }
    let width = 32 - (all - 1).leading_zeros();
    let bit = |at: usize| u64::from(bytes[at / 8] >> (at % 8) & 1);
    let (mut lowest, mut highest) = (0_u64, 0_u64);
    for at in 0..bytes.len() * 8 {
        lowest = lowest >> 1 | bit(at) << (width - 1);
        highest = (highest << 1 | bit(at)) & ((1 << width) - 1);
        if at + 1 >= width as usize {
            count(5, lowest);
            count(6, highest);
        }
    }
    counts
}

/// How many standard deviations more often the movers' stations stand there than other stations do: against 400 lists of as
/// many stations elsewhere where none of them votes. If the bytes know nothing of the movers, theirs is a list like any other.
fn excess(counts: &[u32], movers: &BTreeSet<u32>, others: &[u32]) -> f64 {
    let total = movers.iter().map(|&station| f64::from(counts[station as usize])).sum::<f64>();
    let mut state = 7_u64;
    let lists: Vec<f64> = (0..400)
        .map(|_| {
            let mut pick = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                others[((state >> 33) % others.len() as u64) as usize]
            };
            (0..movers.len()).map(|_| f64::from(counts[pick() as usize])).sum()
        })
        .collect();
    let mean = lists.iter().sum::<f64>() / 400.0;
    let variance = lists.iter().map(|list| (list - mean).powi(2)).sum::<f64>() / 399.0;
    (total - mean) / variance.sqrt().max(1.0)
}

/// How far from what chance explains a list may lie: less than once in a million lists, also where few numbers stand at all.
const MAX_EXCESS: f64 = 7.0;

#[test]
fn the_stations_of_a_tables_movers_stand_in_it_no_more_often_than_others() {
    let operator = election();
    let (input, checked) = operator.load();
    let all = input.stations.rows().len() as u32;
    let voters: Vec<_> = checked.partition.read(0).unwrap().into_iter().flat_map(|(_, voters)| voters).collect();
    let is_home = |station: u32| input.stations.get(station).unwrap().village.province() == 39;
    let movers: BTreeSet<u32> = voters.iter().map(|voter| voter.station).filter(|&station| !is_home(station)).collect();
    let others: Vec<u32> = (0..all).filter(|&station| !is_home(station) && !movers.contains(&station)).collect();
    assert!(movers.len() > 1_000 && others.len() > 100_000);
    for (path, bytes) in files(&operator.site(), "t") {
        let payload = payload(&bytes);
        let table: Table = format::read_unverified(&bytes).unwrap();
        // There is no room for a list: the payload is the slots, and some sixty bytes of header.
        let slots: u64 = table.ribbons().iter().map(|ribbon| (ribbon.slot_count() * u64::from(ribbon.width())).div_ceil(8)).sum();
        let rest = payload.len() as u64 - slots;
        assert!(rest <= 80, "{path}: {rest} bytes beside the slots");

        // A leak of half of the list would show in each encoding, so the test can fail.
        let half = movers.iter().copied().step_by(2).collect::<Vec<_>>();
        let counts = occurrences(&payload, all);
        for (encoding, (name, counts)) in ENCODINGS.iter().zip(counts).enumerate() {
            let leak = &occurrences(&list(encoding, &half, all), all)[encoding];
            let leaked: Vec<u32> = counts.iter().zip(leak).map(|(one, other)| one + other).collect();
            let (of_table, of_leak) = (excess(&counts, &movers, &others), excess(&leaked, &movers, &others));
            println!("{path}, {rest} bytes beside the slots, {name}: {of_table:+.2} (half of the list would be {of_leak:+.1})");
            assert!(of_table.abs() < MAX_EXCESS, "{path}, {name}: {of_table:+.2} standard deviations");
            assert!(of_leak > MAX_EXCESS, "{path}, {name}: half of the list shows as {of_leak:+.2} only");
        }
        // Their ids, too: the operator's own names of the stations.
        let text = String::from_utf8_lossy(&bytes);
        assert!(movers.iter().all(|&station| !text.contains(&input.stations.get(station).unwrap().id)), "{path}");
    }
}

/// Stations' numbers one after another in one encoding.
fn list(encoding: usize, stations: &[u32], all: u32) -> Vec<u8> {
    let width = 32 - (all - 1).leading_zeros();
    let small = |station: u32| u16::try_from(station).ok();
    let bytes = |station: u32| match encoding {
        0 => station.to_le_bytes().to_vec(),
        1 => station.to_le_bytes()[..3].to_vec(),
        2 => station.to_be_bytes()[1..].to_vec(),
        3 => small(station)
            .map_or_else(|| [&[252][..], &station.to_le_bytes()].concat(), |small| [&[251][..], &small.to_le_bytes()].concat()),
        _ => station.to_string().into_bytes(),
    };
    if encoding < 5 {
        return stations.iter().flat_map(|&station| bytes(station)).collect();
    }
    let order = |bit: u32| if encoding == 5 { bit } else { width - 1 - bit };
    let bits: Vec<u8> =
        stations.iter().flat_map(|station| (0..width).map(move |bit| (station >> order(bit) & 1) as u8)).collect();
    bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | bit)).collect()
}
