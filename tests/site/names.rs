//! How people write their names, and whether they are found all the same.

use crate::BILIK;
use bilik::Recipe;
use bilik::lookup::Outcome;
use bilik_cli::synthetic::Shape;
use bilik_testkit::{Election, Line, MIN_COST, Operator, ask, stations};
use std::fmt::Write as _;

/// Names that half a roll bears, which people leave out or never use alone: this test's own list, not that of `name.rs`.
const TELL_NOBODY: &[&str] = &[
    "MUHAMMAD", "MUHAMAD", "MOHAMMAD", "MOHAMAD", "MOCH", "MOH", "MUH", "M", "AHMAD", "ACHMAD", "AKHMAD", "SITI", "SRI", "NUR",
    "I", "NI", "LUH", "WAYAN", "PUTU", "GEDE", "MADE", "KADEK", "NYOMAN", "KOMANG", "KETUT",
];
const TITLES: &[&str] = &["H", "HJ", "DRS", "DRA", "IR", "DR", "SE", "S.SOS", "S.KOM", "S.PD", "S.H"];

/// A word as it was spelt before 1947 and 1972; one that is spelt so already stays.
fn old(word: &str) -> String {
    let word = word.to_uppercase();
    let is_title = TITLES.contains(&word.trim_end_matches(['.', ',']));
    if is_title || ["OE", "DJ", "TJ", "SJ", "NJ"].iter().any(|old| word.contains(old)) {
        return word;
    }
    let mut old = String::new();
    for (letter, next) in word.chars().zip(word.chars().skip(1).chain([' '])) {
        match (letter, next) {
            ('C', 'H') => old.push('C'),
            ('C', _) => old.push_str("TJ"),
            ('J', _) => old.push_str("DJ"),
            ('Y', _) => old.push('J'),
            ('U', _) => old.push_str("OE"),
            _ => old.push(letter),
        }
    }
    old
}

fn old_words(name: &str) -> String {
    name.split(' ').map(old).collect::<Vec<_>>().join(" ")
}

/// The first word of a name that is not a title and, while another word follows, not in `TELL_NOBODY`. The lists are
/// separate from the code, so that they do not repeat a mistake there.
fn first_name(written: &str) -> String {
    let before_comma = written.split(',').next().unwrap();
    let plain = |word: &str| word.to_uppercase().trim_end_matches('.').to_owned();
    let words: Vec<&str> = before_comma.split_whitespace().filter(|word| !TITLES.contains(&plain(word).as_str())).collect();
    let tells = |word: &&&str| !TELL_NOBODY.iter().any(|other| plain(word) == *other || plain(word) == old(other));
    (*words.iter().find(tells).or(words.last()).unwrap()).to_owned()
}

fn capitalised(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| format!("{first}{}", letters.as_str().to_lowercase()))
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

type Sloppy = (&'static str, fn(&str) -> String);

/// Each way to write a name that is not the roll's.
const WAYS: [Sloppy; 7] = [
    ("first name alone", |name| capitalised(&first_name(name))),
    ("title before", |name| format!("Drs. H. {}", capitalised(name))),
    ("title after", |name| format!("{}, S.Pd., M.M.", capitalised(name))),
    ("lower case", str::to_lowercase),
    ("extra spaces", |name| format!("  {}  ", name.replace(' ', "   "))),
    ("old spelling", old_words),
    ("all at once", |name| format!(" hj.  {} ,  s.e. ", old(&first_name(name)).to_lowercase())),
];

/// Whether an answer leads a voter to their station.
fn is_right(outcome: &Outcome, voter: &Line) -> bool {
    stations(outcome).contains(&voter.station.as_str())
}

#[test]
fn sloppy_names_with_the_village_are_found() {
    let (mut right, mut all) = ([0; WAYS.len()], 0);
    for seed in 1..=3 {
        let shape = Shape { cost: MIN_COST, seed, ..Shape::demo(2_500) };
        let (operator, _) = Operator::of(BILIK, &shape);
        operator.build();
        let lookup = operator.lookup();
        for voter in operator.roll().iter().step_by(11) {
            all += 1;
            for (right, (_, write)) in right.iter_mut().zip(WAYS) {
                let outcome = ask(&lookup, voter.digits(), &write(&voter.name), Some(voter.village()));
                *right += u32::from(is_right(&outcome, voter));
            }
        }
    }
    let percent = |right: u32| f64::from(right) * 100.0 / f64::from(all);
    for ((way, _), right) in WAYS.iter().zip(right) {
        println!("{way:<17} {right} of {all}: {:.1} %", percent(right));
    }
    for ((way, _), right) in WAYS.iter().zip(right) {
        assert!(percent(right) >= 97.0, "{way}: {right} of {all}");
    }
}

#[test]
fn the_exact_name_needs_no_village_and_a_short_one_is_asked_for_it() {
    let (operator, sample) = Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(2_500) });
    operator.build();
    let lookup = operator.lookup();
    let exact = ask(&lookup, &sample.exact.digits, &sample.exact.name, None);
    assert!(
        matches!(&exact, Outcome::Found { by: Recipe::Full, station, .. } if station.id == sample.exact.stations[0]),
        "{exact:?}"
    );
    let asked = ask(&lookup, &sample.near.digits, &sample.near.name, None);
    let village = sample.near.village.to_string();
    assert!(matches!(&asked, Outcome::VillageNeeded { villages, .. } if villages.iter().any(|v| v.code == village)), "{asked:?}");
    let near = ask(&lookup, &sample.near.digits, &sample.near.name, Some(&village));
    assert!(
        matches!(&near, Outcome::Found { by: Recipe::Near, station, .. } if station.id == sample.near.stations[0]),
        "{near:?}"
    );
    let stranger = ask(&lookup, &sample.stranger.digits, &sample.stranger.name, Some(&sample.stranger.village.to_string()));
    assert!(matches!(stranger, Outcome::NotFound { .. }), "{stranger:?}");
}

/// Where a first name is borne by more than 3 % of a table's voters, it is skipped like SITI: alone it finds nobody, and the
/// answer says that more of the name may.
#[test]
fn a_first_name_that_too_many_bear_is_found_with_the_next_name_and_not_alone() {
    let mut voters = String::new();
    for n in 1..=100_u32 {
        let second = ["Gunadi", "Halim", "Kusuma", "Lubis", "Mahendra", "Nugraha", "Pratama", "Siregar"][n as usize % 8];
        let first = if n <= 70 { "Budi" } else { "Rizal" };
        writeln!(voters, "39010101{n:04}{n:04},{first} {second}{n}a,3901012001001,").unwrap();
    }
    let election = Election::of_stations(&["3901012001001"]).voters(&voters).settings("[tables]\nmin_voters = 1\n");
    let operator = election.operator(BILIK);
    operator.build();
    let (lookup, roll) = (operator.lookup(), operator.roll());
    for voter in &roll {
        let first = voter.name.split(' ').next().unwrap();
        let second = voter.name.split(' ').nth(1).unwrap();
        let ask = |name: &str| ask(&lookup, voter.digits(), name, Some(voter.village()));
        let alone = ask(first);
        if first == "Budi" {
            assert!(matches!(&alone, Outcome::NotFound { searched, .. } if searched.common_name), "{alone:?}");
        } else {
            assert!(is_right(&alone, voter), "{alone:?}");
        }
        // The name that follows leads to them in any case, with a third that is not on the card too.
        assert!(is_right(&ask(&format!("Budi {second}")), voter));
        assert!(is_right(&ask(&format!("{first} {second} Wijaya")), voter), "the first name that is not common is the second");
    }
    operator.everybody_is_found();
}
