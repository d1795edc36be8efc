//! voters.csv of a made-up country, and whom to look up.

use super::names::{NOBODY, Style, compose, twin_of};
use super::places::{Country, Home};
use super::sample::{Sample, SampleVoter};
use super::seeded_rng::SeededRng;
use super::shape::Shape;
use super::words::{MEN, WOMEN};
use anyhow::Context as _;
use bilik::format::Code;
use bilik::{Sex, fold_name};
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;

const TWINS: f64 = 0.004;
const OLD_CODES: f64 = 0.05;
const REPEATED_DIGITS: f64 = 0.000_15;
const IMPOSSIBLE_DATES: f64 = 0.003;
/// Voters whose card names another village of the district than their station's.
const OTHER_VILLAGE: f64 = 0.015;
/// Voters whose birthday nobody wrote down, so that an office chose one.
const OFFICIAL_BIRTHDAYS: f64 = 0.04;
/// How many candidates for a sample are kept: the first that shares its digits with nobody is taken.
const MAX_CANDIDATES: usize = 64;

/// One line of the roll, but for the serial.
#[derive(Clone)]
struct Voter {
    /// The first 12 digits.
    digits: u64,
    sex: Sex,
    name: String,
    /// Position in the country's stations.
    station: usize,
    /// The village on the card, where it is not the station's.
    village: Option<Code>,
    kind: VoterKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum VoterKind {
    Resident,
    Mover,
    /// Not a good example: old code, odd date, twin.
    Odd,
}

/// Writes a line for every voter.
pub(super) fn write(country: &Country, shape: &Shape, dice: &mut SeededRng, file: BufWriter<File>) -> anyhow::Result<Sample> {
    let mut roll = RollWriter {
        country,
        lines: csv::Writer::from_writer(file),
        of_home: HashMap::new(),
        of_others: HashMap::new(),
        candidates: Candidates::default(),
    };
    roll.lines.write_record(["nik", "name", "station", "village"])?;
    for (home, count) in country.homes.iter().zip(0_u32..) {
        let mut before: Option<Voter> = None;
        let mut left = home.voters;
        while left > 0 {
            let mut voter = match &before {
                Some(before) if dice.chance(TWINS) => {
                    Voter { name: twin_of(dice, before.sex, &before.name), kind: VoterKind::Odd, ..before.clone() }
                }
                None if count == 0 => first(home),
                _ => make(country, home, shape, dice),
            };
            left -= 1;
            roll.write(home, &voter)?;
            let is_example = voter.kind == VoterKind::Resident && voter.village.is_none() && is_long(&voter.name);
            if count == 0
                && before.is_some()
                && is_example
                && left > 0
                && roll.candidates.namesakes.is_none()
                && home.stations.len() > 1
            {
                let other = if voter.station == home.stations.start { voter.station + 1 } else { home.stations.start };
                let stations = [voter.station, other];
                roll.candidates.namesakes = Some((voter.clone(), stations));
                voter = Voter { station: other, kind: VoterKind::Odd, ..voter };
                left -= 1;
                roll.write(home, &voter)?;
            } else {
                // One sample from the beginning of the country, one from its end: in another time zone, if there are two.
                let is_late = usize::try_from(count).is_ok_and(|count| count * 2 + 1 >= country.homes.len());
                roll.candidates.consider(&voter, is_late);
            }
            before = Some(voter);
        }
        roll.leave(home);
    }
    roll.lines.flush()?;
    roll.sample()
}

/// The first voter of every made-up roll is the same, so that documents and recorded keystrokes can name her.
fn first(home: &Home) -> Voter {
    let digits = u64::from(home.code.short()) * 1_000_000 + 621_291;
    let (sex, name, kind) = (Sex::Female, "MIMBAWATI WARDANI".to_owned(), VoterKind::Resident);
    Voter { digits, sex, name, station: home.stations.start, village: None, kind }
}

/// One voter of a district.
fn make(country: &Country, home: &Home, shape: &Shape, dice: &mut SeededRng) -> Voter {
    let sex = if dice.chance(0.5) { Sex::Male } else { Sex::Female };
    let elsewhere = country.stations.len() - home.stations.len();
    let moves = elsewhere > 0 && dice.chance(shape.mover_share);
    let station = if moves {
        // Positions of all stations but the district's own.
        let at = dice.position(elsewhere);
        if at < home.stations.start { at } else { at + home.stations.len() }
    } else {
        home.stations.start + dice.position(home.stations.len())
    };
    let village = (!moves && dice.chance(OTHER_VILLAGE))
        .then(|| country.stations.get(home.stations.start + dice.position(home.stations.len())))
        .flatten()
        .map(|station| station.village);
    let old = home.old_code.filter(|_| dice.chance(OLD_CODES));
    let prefix = old.unwrap_or(home.code.short());
    let (date, is_odd_date) = birth_date(shape.polling_day.year, dice);
    let day = if sex == Sex::Female { 400_000 } else { 0 };
    let mut digits = u64::from(prefix) * 1_000_000 + u64::from(date + day);
    let repeated = home.old_code.is_some() && dice.chance(REPEATED_DIGITS);
    if repeated {
        digits = 111_111_111_111 * u64::from(dice.within(1, 9));
    }
    let kind = match (old.is_some() || is_odd_date || repeated, moves) {
        (true, _) => VoterKind::Odd,
        (_, true) => VoterKind::Mover,
        _ => VoterKind::Resident,
    };
    let balinese_share = if home.code.province() >= 50 { 0.15 } else { 0.02 };
    let name = compose(dice, sex, Style { short_share: shape.short_name_share, balinese_share });
    Voter { digits, sex, name, station, village, kind }
}

fn has_code_of(home: &Home, digits: u64) -> bool {
    digits / 1_000_000 == u64::from(home.code.short())
}

/// DDMMYY of somebody old enough to vote, and whether it is in no calendar.
fn birth_date(polling_year: u16, dice: &mut SeededRng) -> (u32, bool) {
    // The younger of two ages from 17 to 92: the old are fewer.
    let age = dice.within(17, 92).min(dice.within(17, 92));
    let year = u32::from(polling_year).saturating_sub(age + 1) % 100;
    if dice.chance(IMPOSSIBLE_DATES) {
        let (day, month) = dice.pick(&[(30, 2), (31, 2), (31, 4), (31, 6), (31, 9), (31, 11), (0, 7), (12, 0), (1, 13)]);
        return (day * 10_000 + month * 100 + year, true);
    }
    let (day, month) = if dice.chance(OFFICIAL_BIRTHDAYS) {
        dice.pick(&[(1, 1), (1, 7), (1, 7), (31, 12), (31, 12), (31, 12), (17, 8)])
    } else {
        let month = dice.within(1, 12);
        let last = match month {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (dice.within(1, last), month)
    };
    (day * 10_000 + month * 100 + year, false)
}

/// The roll as it is being written.
struct RollWriter<'a> {
    country: &'a Country,
    lines: csv::Writer<BufWriter<File>>,
    /// The last serial of each 12 digits that begin with the code of the home being written: that makes every NIK the only one of
    /// its kind.
    of_home: HashMap<u64, u16>,
    /// That of all other digits, which voters of several homes may have, and of the candidates.
    of_others: HashMap<u64, u16>,
    candidates: Candidates,
}

impl RollWriter<'_> {
    fn write(&mut self, home: &Home, voter: &Voter) -> anyhow::Result<()> {
        let serials = if has_code_of(home, voter.digits) { &mut self.of_home } else { &mut self.of_others };
        let serial = serials.entry(voter.digits).or_default();
        *serial += 1;
        // A NIK of one digit repeated repeats it in the serial too, the first time.
        let repeated = voter.digits.is_multiple_of(111_111_111_111).then(|| voter.digits / 111_111_111_111 * 1_111);
        let serial = match repeated {
            Some(repeated) if *serial == 1 => repeated,
            _ => u64::from(*serial),
        };
        let nik = format!("{:012}{serial:04}", voter.digits);
        let station = self.country.stations.get(voter.station).context("a station that is not there")?.id();
        let village = voter.village.map_or_else(String::new, |village| village.to_string());
        self.lines.write_record([&nik, &voter.name, &station, &village])?;
        Ok(())
    }

    /// Forgets the serials of a home that is written, so that a country needs little memory.
    fn leave(&mut self, home: &Home) {
        let digits = self.candidates.all().map(|voter| voter.digits).filter(|&digits| has_code_of(home, digits));
        self.of_others.extend(digits.filter_map(|digits| Some((digits, *self.of_home.get(&digits)?))));
        self.of_home.clear();
    }

    fn sample(self) -> anyhow::Result<Sample> {
        let only = |list: &[Voter]| list.iter().find(|voter| self.of_others.get(&voter.digits) == Some(&1)).cloned();
        let known = |voter: &Voter, name: &str, stations: &[usize]| {
            let stations: Vec<_> = stations.iter().filter_map(|&at| self.country.stations.get(at)).collect();
            let village = stations.first().map(|station| station.village).context("a station that is not there")?;
            anyhow::Ok(SampleVoter {
                digits: format!("{:012}", voter.digits),
                name: capitalised(name),
                village,
                village_name: self.country.name(village).to_owned(),
                stations: stations.iter().map(|station| station.id()).collect(),
            })
        };
        let missing = "the made-up roll has no voter to try. Expected: at least a few hundred voters. Fix: ask for more";
        let exact = only(&self.candidates.exact).context(missing)?;
        let near = only(&self.candidates.near).context(missing)?;
        let mover = only(&self.candidates.mover);
        let stranger = known(&exact, NOBODY, &[exact.station])?;
        Ok(Sample {
            exact: known(&exact, &exact.name, &[exact.station])?,
            near: known(&near, near.name.split(' ').next().unwrap_or_default(), &[near.station])?,
            stranger: SampleVoter { stations: Vec::new(), ..stranger },
            mover: mover.map(|mover| known(&mover, &mover.name, &[mover.station])).transpose()?,
            namesakes: self.candidates.namesakes.map(|(voter, stations)| known(&voter, &voter.name, &stations)).transpose()?,
        })
    }
}

/// Voters who may become samples.
#[derive(Default)]
struct Candidates {
    exact: Vec<Voter>,
    near: Vec<Voter>,
    mover: Vec<Voter>,
    namesakes: Option<(Voter, [usize; 2])>,
}

impl Candidates {
    fn all(&self) -> impl Iterator<Item = &Voter> {
        let namesake = self.namesakes.as_ref().map(|(voter, _)| voter);
        self.exact.iter().chain(&self.near).chain(&self.mover).chain(namesake)
    }

    fn consider(&mut self, voter: &Voter, is_late: bool) {
        let words = voter.name.split(' ').count();
        let list = match voter.kind {
            VoterKind::Mover => &mut self.mover,
            VoterKind::Resident if words == 2 && voter.village.is_none() => &mut self.exact,
            VoterKind::Resident if words == 3 && is_late && voter.village.is_none() && is_rare(&voter.name) => &mut self.near,
            VoterKind::Resident | VoterKind::Odd => return,
        };
        if list.len() < MAX_CANDIDATES && is_long(&voter.name) && !voter.name.contains(['.', ',']) {
            list.push(voter.clone());
        }
    }
}

/// As people type a name that their card shows in capitals.
fn capitalised(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| format!("{first}{}", letters.as_str().to_lowercase()))
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn is_long(name: &str) -> bool {
    fold_name(name).is_ok_and(|name| name.is_long())
}

/// Whether the first word is a distinctive name that few have, so that no table counts it as common.
fn is_rare(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    let frequent = MEN.iter().take(60).chain(WOMEN.iter().take(60));
    first.len() > 2
        && fold_name(first).is_ok_and(|name| name.significant().count() == 1)
        && !frequent.copied().any(|other| other.eq_ignore_ascii_case(first))
}
