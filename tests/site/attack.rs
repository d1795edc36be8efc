//! The attack that is likeliest: somebody holds a posted roll, with name, sex, age in years and village, and wants birth dates.

use crate::BILIK;
use bilik::format::{self, Code, Directory, Manifest};
use bilik::{Cost, Day, Details, Digits, KeySearch, Recipe, SearchDeriver, Sex, Table, fold_name};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, SeededRng, files};
use std::collections::HashSet;

const VOTERS: usize = 60;
/// Without pepper: half of the days of a year.
const WITHOUT_PEPPER: f64 = 183.0;
/// On average 16 times that. Of 60 people, whose dates are spread evenly, the average varies by 7.5 % (one standard deviation).
const MIN_TIMES: f64 = 14.0;

/// What a posted roll tells of a voter, as far as it is of use here; and the digits that it does not tell.
struct Posted {
    name: String,
    sex: Sex,
    age: u32,
    digits: String,
}

/// The day on which the roll was posted.
const POSTED: Day = Day { year: 2028, month: 8, day: 1 };

impl Posted {
    /// Nobody whose digits hold no date, or whose name is too short for `full`.
    fn of(nik: &str, name: &str) -> Option<Self> {
        let digits = String::from_utf8(Digits::typed(nik).ok()?.as_bytes().to_vec()).unwrap();
        if !fold_name(name).ok()?.is_long() {
            return None;
        }
        let pair = |at: usize| digits[at..at + 2].parse::<u8>().unwrap();
        let (sex, day) = if pair(6) > 40 { (Sex::Female, pair(6) - 40) } else { (Sex::Male, pair(6)) };
        let year = if pair(10) > 28 { 1900 } else { 2000 } + u16::from(pair(10));
        let born = Day { year, month: pair(8), day };
        number_of(born)?;
        let before_birthday = (POSTED.month, POSTED.day) < (born.month, born.day);
        let age = u32::from(POSTED.year - year) - u32::from(before_birthday);
        Some(Self { name: name.to_owned(), sex, age, digits })
    }

    /// All days on which somebody of this age may be born.
    fn birth_dates(&self) -> Vec<Day> {
        let year = POSTED.year - u16::try_from(self.age).unwrap();
        let last = number_of(Day { year, ..POSTED }).unwrap();
        let first = number_of(Day { year: year - 1, ..POSTED }).unwrap() + 1;
        (first..=last).map(day_of).collect()
    }
}

/// Years after which the calendar repeats itself: `Day` counts from 1970.
const CYCLE: u16 = 400;

/// `None` for a day that is on no calendar: rolls hold the 30th of February.
fn number_of(day: Day) -> Option<u32> {
    let number = Day { year: day.year + CYCLE, ..day }.number()?;
    Some(number).filter(|&number| day_of(number) == day)
}

fn day_of(number: u32) -> Day {
    let day = Day::of_number(number).unwrap();
    Day { year: day.year - CYCLE, ..day }
}

/// The birth date and the number of derivations that it took: dates in random order, and for each all peppers, which are
/// tried until one opens the table.
fn attack(posted: &Posted, manifest: &Manifest, table: impl Fn(&Digits) -> Table, rng: &mut SeededRng) -> Option<(String, u32)> {
    let name = fold_name(&posted.name).unwrap();
    let mut dates = posted.birth_dates();
    let (mut deriver, mut derivations) = (SearchDeriver::default(), 0);
    while !dates.is_empty() {
        let date = dates.swap_remove(rng.below(dates.len()));
        let digits = Digits::from_details(&posted.digits[..6], date.day, date.month, date.year, posted.sex).unwrap();
        let table = table(&digits);
        let mut search = KeySearch::new(manifest.sealing.cost);
        let details = Details::full(&digits, name.whole());
        search.add(table.salt(&manifest.election.id), details, manifest.sealing.full.pepper_bits);
        for index in 0..search.len() {
            derivations += 1;
            if table.open(&deriver.derive(&search, index).unwrap()).is_some() {
                return Some((String::from_utf8(digits.as_bytes().to_vec()).unwrap(), derivations));
            }
        }
    }
    None
}

#[test]
fn the_holder_of_a_posted_roll_pays_16_times_as_much_for_a_birth_date_as_without_pepper() {
    assert_eq!(MIN_COST, Cost::MIN);
    let shape = Shape { cost: MIN_COST, sealing_seed: Some(11), old_codes: false, ..Shape::demo(2_000) };
    let (operator, _) = Operator::of(BILIK, &shape);
    operator.build();
    let manifest: Manifest = format::read_unverified(&files(&operator.site(), "m")[0].1).unwrap();
    let directories: Vec<Directory> =
        files(&operator.site(), "d").iter().map(|(_, bytes)| format::read_unverified(bytes).unwrap()).collect();
    let table = |digits: &Digits| -> Table {
        let regency = Code::district(digits.prefix()).and_then(Code::regency_of).unwrap();
        let directory = directories.iter().find(|directory| u32::from(directory.regency) == regency.short()).unwrap();
        let tables = directory.tables_of(digits.prefix()).unwrap();
        let file = tables.file_of(Recipe::Full, &manifest.election.id, digits).unwrap();
        format::read_unverified(&std::fs::read(operator.site().join(file.path(<Table as format::Document>::KIND))).unwrap())
            .unwrap()
    };

    let mut rng = SeededRng::new(11);
    let mut roll: Vec<Posted> = operator.roll().iter().filter_map(|line| Posted::of(&line.nik, &line.name)).collect();
    let held: HashSet<(String, String)> = roll.iter().map(|voter| (voter.digits.clone(), voter.name.clone())).collect();
    let (mut total, mut dearest, mut right) = (0, 0, 0);
    for _ in 0..VOTERS {
        let voter = roll.swap_remove(rng.below(roll.len()));
        let (digits, derivations) = attack(&voter, &manifest, table, &mut rng)
            .unwrap_or_else(|| panic!("every date was tried for {} {}", voter.digits, voter.name));
        // A namesake of the same age is found as well.
        right += u32::from(held.contains(&(digits, voter.name)));
        total += derivations;
        dearest = dearest.max(derivations);
    }
    let each = f64::from(total) / VOTERS as f64;
    println!(
        "the holder of a posted roll: {VOTERS} birth dates for {total} derivations, {each:.0} a person (at most {dearest}), \
         {:.1} × what it was ({WITHOUT_PEPPER})",
        each / WITHOUT_PEPPER
    );
    assert!(right >= 59, "{right} of {VOTERS} dates are right");
    assert!(each >= MIN_TIMES * WITHOUT_PEPPER, "{each:.0} derivations a person");
}
