//! Any file of a site killed, corrupted, replayed from an older site or swapped with another one, at random: a voter who asks gets the
//! right station, or the name of what is missing or was refused.

use crate::{BILIK, bilik};
use bilik::format::{self, Code, Head, StationList};
use bilik::lookup::{Lookup, Outcome, Problem, StationDetails, VillageName};
use bilik_cli::synthetic::Shape;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::signing::Signers;
use bilik_publish::source::Site;
use bilik_publish::verify::check_files;
use bilik_testkit::{Files, Line, MIN_COST, MemorySource, Operator, Replacement, SeededRng, ask, files_of, resealed};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const TRIES: u32 = 2_000;
/// Longer than a head is believed without asking again.
const A_WHILE: u64 = 3_600;

/// What somebody asks.
#[derive(Clone, Debug)]
enum Query {
    Station { digits: String, name: String, village: Option<String> },
    Villages(String),
    Stations(Code),
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    /// How the outcome is called, and its stations.
    Outcome(&'static str, Vec<StationDetails>),
    Villages(Vec<VillageName>),
    Stations(Vec<StationDetails>),
    /// Nothing, and why.
    Refused(Vec<Problem>),
}

fn answer(lookup: &Lookup<&MemorySource>, query: &Query) -> Answer {
    let refused = |outcome: Outcome| match outcome {
        Outcome::Unverified { problems } | Outcome::Unreachable { problems } => Answer::Refused(problems),
        other => panic!("{other:?}"),
    };
    match query {
        Query::Villages(query) => {
            pollster::block_on(lookup.villages(query, None)).map_or_else(|outcome| refused(*outcome), Answer::Villages)
        }
        Query::Stations(village) => {
            pollster::block_on(lookup.stations(*village)).map_or_else(|outcome| refused(*outcome), Answer::Stations)
        }
        Query::Station { digits, name, village } => match ask(lookup, digits, name, village.as_deref()) {
            Outcome::Found { station, .. } => Answer::Outcome("found", vec![*station]),
            Outcome::Ambiguous { stations, .. } => Answer::Outcome("ambiguous", stations),
            Outcome::VillageNeeded { .. } => Answer::Outcome("village needed", Vec::new()),
            Outcome::NotFound { .. } => Answer::Outcome("not found", Vec::new()),
            Outcome::NoSuchRegion { .. } => Answer::Outcome("no such region", Vec::new()),
            other => refused(other),
        },
    }
}

/// The same answer as the whole site gives, or a refusal that names a file that was harmed, or is not there.
fn judge(told: &Answer, honest: &Answer, harmed: &BTreeSet<String>, served: &Files) -> Result<bool, String> {
    let Answer::Refused(problems) = told else {
        return if told == honest { Ok(true) } else { Err(format!("{told:?}, and not {honest:?}")) };
    };
    let is_to_blame = |problem: &Problem| harmed.contains(&problem.file) || !served.contains_key(&problem.file);
    match problems.first() {
        Some(first) if is_to_blame(first) && !first.reason.is_empty() => Ok(false),
        _ => Err(format!("{problems:?}, and harmed were {harmed:?}")),
    }
}

/// This week's site, and last week's, of which each voter of a village with two stations voted at the other one.
struct Weeks {
    operator: Operator,
    older: Files,
    current: Files,
    voters: Vec<Line>,
}

impl Weeks {
    fn build() -> Self {
        let shape = Shape { cost: MIN_COST, min_voters: 200, ..Shape::demo(2_000) };
        let (operator, _) = Operator::of(BILIK, &shape);
        operator.build();
        let older = files_of(&operator);
        let path = operator.election().join("stations.csv");
        let stations = fs::read_to_string(&path).unwrap();
        let mut villages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let ids = stations.lines().skip(1).map(|line| line.split_once(',').unwrap().0);
        ids.filter(|id| id.len() == 13).for_each(|id| villages.entry(&id[..10]).or_default().push(id));
        let path = operator.election().join("voters.csv");
        let mut roll = fs::read_to_string(&path).unwrap();
        for pair in villages.values().filter(|ids| ids.len() >= 2) {
            roll = roll.replace(pair[0], "\u{1}").replace(pair[1], pair[0]).replace('\u{1}', pair[1]);
        }
        fs::write(path, roll).unwrap();
        // Last week's files are gone: each file that is there is needed.
        operator.run_build(&[&"--prune"]).exits_with(0);
        let (current, voters) = (files_of(&operator), operator.roll());
        Self { operator, older, current, voters }
    }

    fn lookup<'a>(&self, source: &'a MemorySource) -> Lookup<&'a MemorySource> {
        Lookup::new(source, self.operator.trust())
    }

    fn query(&self, dice: &mut SeededRng) -> Query {
        let line = loop {
            let line = &self.voters[dice.below(self.voters.len())];
            // Some are written oddly, as in a real roll.
            if line.nik.len() == 16 && line.nik.bytes().all(|byte| byte.is_ascii_digit()) && line.station.len() == 13 {
                break line;
            }
        };
        let village = Some(line.village().to_owned()).filter(|village| village.len() == 10);
        let digits = line.digits().to_owned();
        match dice.below(8) {
            0 => Query::Villages(["coba", "con", "a"][dice.below(3)].into()),
            1 => Query::Stations(Code::parse(&line.station[..10]).unwrap()),
            2 => Query::Station { digits, name: "Bukan Siapa Siapa".into(), village: None },
            3 => Query::Station { digits, name: "Bukan Siapa Siapa".into(), village },
            4 | 5 => Query::Station { digits, name: line.name.clone(), village: None },
            _ => Query::Station { digits, name: line.name.clone(), village },
        }
    }
}

/// What happens to the files, and to which; in words.
fn harm(dice: &mut SeededRng, weeks: &Weeks, files: &mut Files) -> String {
    let paths: Vec<&String> = weeks.current.keys().collect();
    let pick = |dice: &mut SeededRng| paths[dice.below(paths.len())];
    // Every second time the files that everybody needs.
    let path = match dice.below(8) {
        0 => paths.iter().find(|path| path.starts_with("head")).unwrap(),
        1 => {
            let parts: Vec<&&String> = paths.iter().filter(|path| path.starts_with("p/")).collect();
            parts[dice.below(parts.len())]
        }
        _ => pick(dice),
    };
    let bytes = weeks.current[path].clone();
    match dice.below(4) {
        0 => {
            files.remove(path);
            format!("{path} killed")
        }
        1 => {
            let other = &weeks.current[pick(dice)];
            files.insert(path.clone(), dice.spoil(&bytes, other));
            format!("{path} corrupted")
        }
        2 => {
            let alike: Vec<&Vec<u8>> =
                weeks.older.iter().filter(|(older, _)| older[..2] == path[..2]).map(|(_, old)| old).collect();
            files.insert(path.clone(), alike[dice.below(alike.len())].clone());
            format!("{path} replayed")
        }
        _ => {
            let other = pick(dice);
            files.insert(path.clone(), weeks.current[other].clone());
            files.insert(other.clone(), bytes);
            format!("{path} and {other} swapped")
        }
    }
}

#[test]
fn in_2000_tries_of_harm_nobody_is_shown_a_wrong_station_and_what_was_refused_is_named() {
    let weeks = Weeks::build();
    let (trust, now) = (weeks.operator.trust(), weeks.operator.head().signed_at);
    let folder = weeks.operator.site();
    let site = Site::open(folder.to_str().unwrap()).unwrap();
    let intact = MemorySource::with(weeks.current.clone(), now);
    let honest = weeks.lookup(&intact);
    let mut dice = SeededRng::new(2_000);
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for n in 0..TRIES {
        let mut files = weeks.current.clone();
        // Somebody who asked before has seen the newest head; to somebody else a whole older site is as good as any.
        let is_returning = dice.below(2) == 0;
        let is_all_older = is_returning && dice.below(8) == 0;
        let what: Vec<String> = if is_all_older {
            files.clone_from(&weeks.older);
            vec![String::from("the whole older site")]
        } else {
            (0..=dice.below(3)).map(|_| harm(&mut dice, &weeks, &mut files)).collect()
        };
        let is_harmed = |path: &&String| files.get(*path) != weeks.current.get(*path);
        let harmed: BTreeSet<String> = weeks.current.keys().filter(is_harmed).cloned().collect();
        let query = weeks.query(&mut dice);
        let memory = MemorySource::with(if is_returning { weeks.current.clone() } else { files.clone() }, now);
        let lookup = weeks.lookup(&memory);
        if is_returning {
            pollster::block_on(lookup.ready()).unwrap();
            memory.files.borrow_mut().clone_from(&files);
            memory.now.set(now + A_WHILE);
        }
        let told = answer(&lookup, &query);
        let verdict = judge(&told, &answer(&honest, &query), &harmed, &files);
        let is_answered = verdict.unwrap_or_else(|wrong| panic!("{n}: {what:?}: {query:?}: {wrong}"));
        *counts.entry(if is_answered { "right" } else { "refused" }).or_default() += 1;
        if is_all_older || harmed.is_empty() {
            continue;
        }
        for path in &harmed {
            match files.get(path) {
                Some(bytes) => fs::write(folder.join(path), bytes).unwrap(),
                None => fs::remove_file(folder.join(path)).unwrap(),
            }
        }
        let found = check_files(&site, &trust, &CancellationToken::new(), &|_| ());
        for path in &harmed {
            fs::write(folder.join(path), &weeks.current[path]).unwrap();
        }
        let is_head_older = files.get(format::HEAD_PATH) == weeks.older.get(format::HEAD_PATH);
        let is_to_blame = |problem: &Problem| harmed.contains(&problem.file) || is_head_older;
        assert!(found.problems.iter().any(is_to_blame), "{n}: {what:?}: {:?}", found.problems);
    }
    println!("{counts:?} of {TRIES}");
    assert!(counts["right"] > 200 && counts["refused"] > 200, "{counts:?}");
    assert!(check_files(&site, &trust, &CancellationToken::new(), &|_| ()).problems.is_empty());
}

/// The judge itself: a site in which somebody with the key moved one station, and last week's site before somebody who never asked.
#[test]
fn a_wrong_station_would_be_noticed() {
    let weeks = Weeks::build();
    let (head, now) = (weeks.operator.head(), weeks.operator.head().signed_at);
    let intact = MemorySource::with(weeks.current.clone(), now);
    let honest = weeks.lookup(&intact);
    let mut dice = SeededRng::new(7);
    let (query, station) = loop {
        let query = weeks.query(&mut dice);
        if let Answer::Outcome("found", stations) = answer(&honest, &query) {
            break (query, stations[0].clone());
        }
    };
    let is_judged_wrong = |files: Files| {
        let memory = MemorySource::with(files.clone(), now);
        let told = answer(&weeks.lookup(&memory), &query);
        judge(&told, &answer(&honest, &query), &BTreeSet::new(), &files).is_err()
    };
    assert!(!is_judged_wrong(weeks.current.clone()));
    assert!(is_judged_wrong(weeks.older.clone()), "last week's site");
    let district: u32 = station.village_code[..6].parse().unwrap();
    let is_list = |bytes: &[u8]| format::read_unverified::<StationList>(bytes).unwrap().district == district;
    let (path, bytes) = weeks.current.iter().find(|(path, bytes)| path.starts_with("s/") && is_list(bytes)).unwrap();
    let mut list: StationList = format::read_unverified(bytes).unwrap();
    let moved = list.stations.iter_mut().flatten().find(|one| one.id(Code::district(district).unwrap()) == station.id).unwrap();
    moved.number += 1;
    let (bytes, _) = format::write(&list).unwrap();
    let signers = Signers::read(&[weeks.operator.key()]).unwrap();
    let sign = |head: &Head| signers.sign(head).unwrap();
    let (new, _) = resealed(&weeks.current, &head, Replacement { path, bytes: &bytes, inflated: None }, &sign);
    let mut files = weeks.current.clone();
    files.extend(new);
    assert!(is_judged_wrong(files), "a station's number");
    // The terminal cannot know better than the key either: the site is whole.
    bilik(&[&"verify", &weeks.operator.site(), &"--public-key", &weeks.operator.public_key()]).exits_with(0);
}
