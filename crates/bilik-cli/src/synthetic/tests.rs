//! The made-up election has the shape that was asked for, and its samples are what they are said to be.

use super::*;
use bilik::{CommonTokens, Digits, FoldedName, Warning, fold_name};
use std::collections::{HashMap, HashSet};

struct Line {
    nik: String,
    name: FoldedName,
    station: String,
    village: String,
}

fn roll(dir: &Path) -> Vec<Line> {
    let mut lines = csv::Reader::from_path(dir.join("voters.csv")).unwrap();
    let lines = lines.records().map(Result::unwrap);
    lines
        .map(|line| Line {
            nik: line[0].to_owned(),
            name: fold_name(&line[1]).unwrap(),
            station: line[2].to_owned(),
            village: if line[3].is_empty() { line[2][..10].to_owned() } else { line[3].to_owned() },
        })
        .collect()
}

fn column(dir: &Path, file: &str, column: usize) -> Vec<String> {
    csv::Reader::from_path(dir.join(file)).unwrap().records().map(|line| line.unwrap()[column].to_owned()).collect()
}

fn made(shape: &Shape) -> (tempfile::TempDir, Sample) {
    let dir = tempfile::tempdir().unwrap();
    let sample = write(dir.path(), shape).unwrap();
    (dir, sample)
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let shape = Shape::demo(2_000);
    let (one, _) = made(&shape);
    let (same, _) = made(&shape);
    let (other, _) = made(&Shape { seed: 2, ..shape });
    for file in ["election.toml", "regions.csv", "stations.csv", "voters.csv"] {
        let read = |dir: &tempfile::TempDir| fs::read(dir.path().join(file)).unwrap();
        assert_eq!(read(&one), read(&same), "{file}");
        assert!(file == "election.toml" || read(&one) != read(&other), "{file}");
    }
}

#[test]
fn the_samples_are_what_they_are_said_to_be() {
    let (dir, sample) = made(&Shape::demo(6_000));
    let roll = roll(dir.path());
    let by_digits = |digits: &str| roll.iter().filter(|line| line.nik[..12] == *digits).collect::<Vec<_>>();
    let Sample { exact, near, stranger, mover, namesakes } = sample;
    let mover = mover.unwrap();
    for (voter, moved) in [(&exact, false), (&mover, true)] {
        let [line] = by_digits(&voter.digits)[..] else { panic!("not one voter has these digits") };
        let name = fold_name(&voter.name).unwrap();
        assert!(name.is_long());
        assert_eq!((line.name.whole(), [line.station.clone()].as_slice()), (name.whole(), voter.stations.as_slice()));
        assert_eq!(!line.station.starts_with(&line.nik[..6]), moved);
    }
    let [line] = by_digits(&near.digits)[..] else { panic!("not one voter has these digits") };
    let name = fold_name(&near.name).unwrap();
    assert_ne!(name.whole(), line.name.whole(), "found by the name alone");
    let common = CommonTokens::default();
    assert!(line.name.sealed_tokens(&common).contains(&name.asked_tokens(&common)[0]));
    assert_eq!((line.village.clone(), [line.station.clone()].as_slice()), (near.village.to_string(), near.stations.as_slice()));
    assert!(!near.village_name.is_empty());
    let nobody = fold_name(&stranger.name).unwrap();
    assert!(stranger.stations.is_empty() && !by_digits(&stranger.digits).is_empty());
    let tokens = nobody.asked_tokens(&common);
    assert!(roll.iter().all(|line| !line.name.sealed_tokens(&common).iter().any(|token| tokens.contains(token))));
    let namesakes = namesakes.unwrap();
    let name = fold_name(&namesakes.name).unwrap();
    let same: HashSet<_> = by_digits(&namesakes.digits).iter().filter(|l| l.name == name).map(|l| l.station.clone()).collect();
    assert_eq!(same, namesakes.stations.into_iter().collect());
}

#[test]
fn the_roll_has_the_shape_that_was_asked_for() {
    let (dir, _) = made(&Shape::demo(12_000));
    let roll = roll(dir.path());
    assert_eq!(roll.len(), 12_000);
    let niks: HashSet<_> = roll.iter().map(|line| &line.nik).collect();
    assert_eq!(niks.len(), roll.len(), "a NIK stands twice");
    let stations: HashSet<_> = column(dir.path(), "stations.csv", 0).into_iter().collect();
    assert!(roll.iter().all(|line| stations.contains(&line.station)));
    let regions: HashSet<_> = column(dir.path(), "regions.csv", 0).iter().map(|code| code.replace('.', "")).collect();
    assert_eq!(regions.len(), 2 + 4 + 12 + 72);
    assert!(stations.iter().all(|id| regions.contains(&id[..10])) && roll.iter().all(|line| regions.contains(&line.village)));
    let known = |line: &&Line| regions.contains(&line.nik[..6]);
    let movers = roll.iter().filter(known).filter(|line| !line.station.starts_with(&line.nik[..6])).count();
    assert!((1_500..2_000).contains(&movers), "{movers} movers");
    let short = roll.iter().filter(|line| !line.name.is_long()).count();
    assert!((4_200..5_000).contains(&short), "{short} short names");
    let old = roll.len() - roll.iter().filter(known).count();
    assert!((450..750).contains(&old), "{old} old codes");
    let warned = |warning| roll.iter().filter(|l| Digits::typed(&l.nik).unwrap().warnings().contains(&warning)).count();
    assert!((15..70).contains(&warned(Warning::ImpossibleDate)));
    assert!((1..10).contains(&warned(Warning::RepeatedDigits)));
    let mut twelve: HashMap<&str, u32> = HashMap::new();
    for line in &roll {
        *twelve.entry(&line.nik[..12]).or_default() += 1;
    }
    assert!(twelve.values().filter(|&&count| count > 1).count() > 50, "hardly any shared birth dates");
}

#[test]
fn one_district_can_have_a_country_around_it() {
    let (dir, sample) = made(&Shape::district(3_000, 100_000));
    let stations = column(dir.path(), "stations.csv", 0);
    assert_eq!(stations.len(), 100_000);
    assert_eq!(stations.iter().collect::<HashSet<_>>().len(), 100_000, "two stations with one id");
    assert!(column(dir.path(), "stations.csv", 3).iter().all(|venue| !venue.contains("SDN  ")), "a village without a name");
    let roll = roll(dir.path());
    let prefixes: HashSet<_> = roll.iter().map(|line| &line.nik[..6]).collect();
    assert_eq!(prefixes.len(), 1);
    let movers: HashSet<_> = roll.iter().filter(|l| !l.station.starts_with(&l.nik[..6])).map(|l| &l.station).collect();
    assert!((380..520).contains(&movers.len()), "{} stations of movers", movers.len());
    assert!(sample.mover.is_some());
}

#[test]
fn a_roll_that_is_there_is_not_overwritten() {
    let (dir, _) = made(&Shape::demo(500));
    let error = format!("{:#}", write(dir.path(), &Shape::demo(500)).unwrap_err());
    assert!(error.contains("election.toml") && error.contains("choose another folder"), "{error}");
}

#[test]
fn codes_are_written_with_dots() {
    for code in ["39", "39.01", "39.01.02", "39.01.02.2003"] {
        assert_eq!(dotted(Code::parse(code).unwrap()), code);
    }
}
