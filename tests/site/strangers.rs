//! A lookup for a person who is not on the roll never gives a station.

use crate::BILIK;
use bilik::lookup::Outcome;
use bilik::{CommonTokens, fold_name};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, ask};
use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, SeedableRng as _};
use std::collections::HashSet;

const NAMES: [&str; 12] = [
    "Rekaan Takberwujud",
    "Budi Santoso",
    "Dewi",
    "Siti Aminah",
    "Muhammad Rizki Pratama",
    "I Wayan Sudarta",
    "Agus",
    "Joko Wijaya",
    "Takada Siapapun",
    "Fitri Lestari",
    "Hendra Gunawan",
    "Nur Hidayat",
];

/// No voter shares a stranger's 12 digits with the whole name, nor the 12 digits with village and a word of the name. A wrong key
/// passes by chance once in some six million questions by `full` (24 check bits, three layers), hence the fixed seed.
#[test]
fn of_3000_strangers_none_is_told_a_station() {
    let shape = Shape { cost: MIN_COST, sealing_seed: Some(3), ..Shape::demo(3_000) };
    let (operator, _) = Operator::of(BILIK, &shape);
    operator.build();
    let (lookup, roll) = (operator.lookup(), operator.roll());
    let whole = |name: &str| fold_name(name).unwrap().whole().to_owned();
    // Every word counts here, whatever a table takes for common.
    let words = |name: &str| {
        let folded = fold_name(name).unwrap();
        let sealed = folded.sealed_tokens(&CommonTokens::default());
        folded.significant().chain(sealed).map(str::to_owned).collect::<Vec<_>>()
    };
    let by_name: HashSet<(&str, String)> = roll.iter().map(|voter| (voter.digits(), whole(&voter.name))).collect();
    let by_village: HashSet<(&str, &str, String)> = roll
        .iter()
        .flat_map(|voter| words(&voter.name).into_iter().map(move |word| (voter.digits(), voter.village(), word)))
        .collect();
    let is_stranger = |digits: &str, village: &str, name: &str| {
        !by_name.contains(&(digits, whole(name)))
            && !words(name).iter().any(|word| by_village.contains(&(digits, village, word.clone())))
    };
    let mut chance = ChaCha8Rng::seed_from_u64(17);
    let mut below = |limit: usize| (chance.next_u64() % limit as u64) as usize;
    let (mut asked, mut left_out) = ([0; 3], 0);
    while asked.iter().sum::<u32>() < 3_000 {
        let (voter, other) = (&roll[below(roll.len())], &roll[below(roll.len())]);
        // A voter's digits with somebody else's name; a voter's name and village with digits made up; or their village wrong.
        let kind = below(3);
        let made_up = format!("{}{:02}{:02}{:02}", &voter.nik[..6], below(31) + 1 + 40 * below(2), below(12) + 1, below(100));
        let (digits, village, name) = match kind {
            0 if below(2) == 0 => (voter.digits(), voter.village(), NAMES[below(NAMES.len())]),
            0 => (voter.digits(), voter.village(), other.name.as_str()),
            1 => (made_up.as_str(), voter.village(), voter.name.as_str()),
            _ => (voter.digits(), other.village(), voter.name.split(' ').next_back().unwrap()),
        };
        if fold_name(name).is_err() || !is_stranger(digits, village, name) {
            left_out += 1;
            assert!(left_out < 1_000);
            continue;
        }
        asked[kind] += 1;
        let outcome = ask(&lookup, digits, name, Some(village));
        assert!(matches!(outcome, Outcome::NotFound { .. }), "a stranger of kind {kind}: {outcome:?}");
    }
    println!(
        "strangers: {} with a voter's digits, {} with made-up digits, {} with another village; none found",
        asked[0], asked[1], asked[2]
    );
}
