//! The committed vectors, read as somebody reads them who has the library and that folder, and nothing else: each golden file is
//! written again as the same bytes, each wrong file and each wrong statement is refused with its reason, and no weak key is trusted.
//! `tests/wrong/` makes the vectors, and tries them in the terminal too.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use bilik::format::{
    self, Code, Digest, Directory, Document, FileRef, FormatError, HEAD_PATH, Head, Kind, Manifest, Names, ProvincePart,
    PublicKey, Station, StationList, Trust, TrustError, WitnessStatement,
};
use bilik::lookup::{FileRequest, FoundHead, Lookup, Outcome, Problem, Question, Source};
use bilik::{Cost, CostError, SealError, Table};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const KEY: &str = "bilik-public-key:ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
const ELECTION: &str = "vektor-2029";

type Files = BTreeMap<String, Vec<u8>>;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn trust() -> Trust {
    Trust::new([KEY], 1, Some(ELECTION.into())).unwrap()
}

/// All files below a folder, by their paths in a site.
fn files(folder: &str) -> Files {
    let folder = vectors().join(folder);
    let mut found = Files::new();
    let mut left = vec![folder.clone()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The lines of a table, in their fields.
fn lines(table: &str, fields: usize) -> Vec<Vec<String>> {
    let text = fs::read_to_string(vectors().join(table)).unwrap();
    let lines: Vec<Vec<String>> =
        text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').map(String::from).collect()).collect();
    assert!(lines.iter().all(|line| line.len() == fields), "{table}: {fields} fields in each line");
    lines
}

/// A site in memory.
struct Memory {
    files: Files,
    now: u64,
}

impl Memory {
    fn get(&self, path: &str, check: impl Fn(&[u8]) -> Result<(), FormatError>) -> Result<Vec<u8>, Vec<Problem>> {
        let bytes = self.files.get(path).ok_or_else(|| vec![Problem::unreachable("memory", path, "it is not there")])?;
        check(bytes).map_err(|error| vec![Problem::refused("memory", path, &error)])?;
        Ok(bytes.clone())
    }
}

impl Source for Memory {
    async fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        self.get(wanted.path, check)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        let bytes = self.get(HEAD_PATH, |bytes| check(bytes).map(drop))?;
        Ok(FoundHead { bytes, kept_since: None })
    }

    fn now(&self) -> u64 {
        self.now
    }

    fn name(&self) -> String {
        "memory".into()
    }
}

/// The golden head.
fn head() -> Head {
    Head::read(&files("golden")[HEAD_PATH], &trust()).unwrap()
}

/// What comes of a site: of the question that needs every other kind of file, or of a search for a village.
fn outcome(files: Files, searches: bool) -> Outcome {
    let lookup = Lookup::new(Memory { files, now: head().signed_at + 60 }, trust());
    if searches {
        return match pollster::block_on(lookup.villages("contoh hulu", None)) {
            Ok(found) => panic!("{} villages", found.len()),
            Err(outcome) => *outcome,
        };
    }
    let text = |text: &str| Some(String::from(text));
    let question =
        Question { nik: text("390101120190"), name: text("Contoh"), village: text("3901012001"), ..Question::default() };
    pollster::block_on(lookup.ask(&question, &())).unwrap()
}

#[test]
fn the_golden_files_lead_to_a_station_and_are_written_again_as_the_same_bytes() {
    let golden = files("golden");
    let Outcome::Found { station, .. } = outcome(golden.clone(), false) else { panic!("not found") };
    assert_eq!((station.number, station.village_code.as_str()), (1, "3901012001"));
    let head = head();
    assert_eq!(head.election, ELECTION);
    let manifest: Manifest = read(&golden, &head.manifest);
    let mut count = 2;
    for (province, part) in head.provinces.iter().zip(ProvincePart::all(&manifest)) {
        assert_eq!((province.code, read::<ProvincePart>(&golden, &province.part)), (part.province.code, part));
        count += 1;
    }
    let mut directories: Vec<FileRef> = manifest.elsewhere.into_iter().collect();
    for province in &manifest.provinces {
        assert_eq!(read::<Names>(&golden, &province.names).province, province.code);
        directories.extend(province.regencies.iter().map(|regency| regency.directory));
        count += 1;
    }
    for file in directories {
        let directory: Directory = read(&golden, &file);
        count += 1;
        for (district, list) in directory.districts.iter().filter_map(|district| Some((district, district.stations?))) {
            assert_eq!(read::<StationList>(&golden, &list).district % 100, u32::from(district.code));
            count += 1;
        }
        for tables in &directory.tables {
            for (files, recipe) in [(&tables.full, bilik::Recipe::Full), (&tables.near, bilik::Recipe::Near)] {
                for file in files {
                    let table: Table = read(&golden, file);
                    let said = manifest.sealing.bits(recipe).check_bits;
                    assert_eq!(
                        (table.recipe(), table.check_bits(), table.stations().1),
                        (recipe, said, manifest.station_count())
                    );
                    assert_eq!(table.stations().0, tables.homes.iter().map(|home| home.stations).sum());
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, golden.len(), "a file to which nothing leads");
}

/// A golden file, which is written again as it was.
fn read<T: Document>(golden: &Files, file: &FileRef) -> T {
    let path = file.path(T::KIND);
    let bytes = &golden[&path];
    let document = format::read(bytes, file).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(format::write(&document).unwrap(), (bytes.clone(), *file), "{path}");
    document
}

#[test]
fn a_document_that_is_longer_than_its_kind_may_be_is_not_written() {
    let village = Code::parse("3901012001").unwrap();
    let station = |number: u16| Some(Station::new(number.to_string(), village, number, "A".repeat(2_000), "B".repeat(2_000)));
    let list = |count: u16| StationList { district: 390_101, stations: (0..count).map(station).collect() };
    assert!(format::write(&list(1_000)).is_ok());
    let refused = format::write(&list(1_100)).unwrap_err();
    assert_eq!(refused.to_string(), "invalid contents: longer than a file of its kind may be");
    // To the byte.
    let full = |venue: usize| {
        let mut list = list(1_000);
        list.stations[0].as_mut().unwrap().venue = "A".repeat(venue);
        format::write(&list)
    };
    let (_, file) = full(100_000).unwrap();
    let venue = 100_000 + (4 << 20) - usize::try_from(file.inflated).unwrap();
    let (bytes, file) = full(venue).unwrap();
    assert_eq!(file.inflated, 4 << 20);
    assert!(format::read::<StationList>(&bytes, &file).is_ok() && full(venue + 1).is_err());
}

#[test]
fn a_stored_payload_that_is_longer_than_its_kind_may_be_is_not_decoded() {
    let stored = |length: usize| {
        let file = [b"BILIKs\x01\x00".as_slice(), &vec![0; length]].concat();
        format::read_unverified::<StationList>(&file).unwrap_err()
    };
    assert_eq!(stored(4 << 20), FormatError::Invalid("bytes left over after the document"));
    assert_eq!(stored((4 << 20) + 1), FormatError::Inflate);
}

#[test]
fn with_a_wrong_file_in_its_place_no_lookup_answers_and_the_reason_is_told() {
    let golden = files("golden");
    let cases = lines("wrong.tsv", 6);
    assert!(cases.len() > 250, "{} cases", cases.len());
    for case in cases {
        let [name, path, expected, reason, ..] = &case[..] else { panic!("{case:?}") };
        let mut site = golden.clone();
        site.extend(files(&format!("wrong/{name}")));
        let newer = name.ends_with("version-2");
        match (expected.as_str(), outcome(site, name.starts_with("names-") || name.starts_with("manifest-"))) {
            ("unverified", Outcome::Unverified { problems }) => {
                let problem = &problems[0];
                assert_eq!((&problem.file, &problem.reason, problem.newer), (path, reason, newer), "{name}");
            }
            // Nobody who has seen nothing newer can know that it is old.
            ("stale", Outcome::Stale { .. }) | ("older", Outcome::Found { .. }) => {}
            (_, told) => panic!("{name}: {told:?}"),
        }
    }
}

/// Without a parent that says its length and digest, as `bilik inspect` reads a file.
#[test]
fn a_wrong_file_is_refused_alone_where_it_shows_by_itself() {
    let mut refused = BTreeMap::new();
    for case in lines("wrong.tsv", 6) {
        let [name, path, _, reason, ..] = &case[..] else { panic!("{case:?}") };
        let Some(kind) = path.split_once('/').map(|(folder, _)| folder) else { continue };
        let bytes = &files(&format!("wrong/{name}"))[path];
        let Ok(found) = format::kind_of(bytes) else { continue };
        let read = match found {
            Kind::Manifest => format::read_unverified::<Manifest>(bytes).err(),
            Kind::Province => format::read_unverified::<ProvincePart>(bytes).err(),
            Kind::Directory => format::read_unverified::<Directory>(bytes).err(),
            Kind::Table => format::read_unverified::<Table>(bytes).err(),
            Kind::StationList => format::read_unverified::<StationList>(bytes).err(),
            Kind::Names => format::read_unverified::<Names>(bytes).err(),
        };
        // What its parent or its neighbour says otherwise cannot show without them.
        if read.is_some_and(|error| error.to_string() == *reason) {
            *refused.entry(kind.to_owned()).or_insert(0) += 1;
        }
    }
    for kind in ["m", "p", "d", "t", "s", "n"] {
        assert!(refused.get(kind).is_some_and(|count| *count >= 10), "{kind}: {refused:?}");
    }
}

#[test]
fn each_wrong_statement_is_refused_with_its_reason() {
    let text = fs::read_to_string(vectors().join("statements.tsv")).unwrap();
    let witness = text.lines().find_map(|line| line.strip_prefix("# the witness: ")).unwrap();
    let witness = PublicKey::parse(witness.strip_prefix("bilik-public-key:").unwrap_or(witness)).unwrap();
    let cases = lines("statements.tsv", 3);
    assert!(cases.len() > 35, "{} statements", cases.len());
    for case in cases {
        let [name, reason, _] = &case[..] else { panic!("{case:?}") };
        let bytes = fs::read(vectors().join("statements").join(format!("{name}.bilik"))).unwrap();
        match WitnessStatement::read(&bytes, &witness) {
            Ok(statement) => assert!(reason == "-" && statement.is_of(&head()), "{name}"),
            Err(error) => assert_eq!(error.to_string(), *reason, "{name}"),
        }
    }
}

#[test]
fn keys_of_small_order_are_trusted_by_nobody() {
    let weak = lines("weak-keys.tsv", 2);
    assert_eq!(weak.len(), 14);
    for line in weak {
        assert_eq!(PublicKey::parse(&line[0]), None, "{}", line[1]);
        assert!(Trust::new([line[0].as_str()], 1, None).is_err(), "{}", line[1]);
    }
}

#[test]
fn each_reason_says_what_was_expected() {
    let text = |error: &dyn std::error::Error| error.to_string();
    for (error, said) in [
        (TrustError::NoKey, "no public key was given: expected the line in the operator's KEY.pub"),
        (
            TrustError::NotAKey,
            "not a public key: expected `bilik-public-key:` and 64 hex digits, the line in the operator's KEY.pub",
        ),
        (TrustError::Threshold, "the threshold is out of range: expected 1 to the number of different public keys"),
    ] {
        assert_eq!(text(&error), said);
    }
    let cost = CostError { min: Cost::MIN, max: Cost::MAX, got: Cost { memory_kib: 7, passes: 11 } };
    let said = "cost of derivation out of range: expected 8 to 65536 KiB and 1 to 10 passes, got 7 KiB and 11 passes";
    assert_eq!(text(&cost), said);
    for (error, said) in [
        (SealError::TooManyStations { max: 5, got: 6 }, "too many stations: expected at most 5, got 6"),
        (SealError::CheckBits { min: 16, max: 32, got: 15 }, "check bits out of range: expected 16 to 32, got 15"),
        (SealError::ValueOutOfRange { entry: 3 }, "value out of range: entry 3 leads to a station that the table does not have"),
        (SealError::EqualKeys { first: 1, second: 2 }, "equal keys: entries 1 and 2"),
        (SealError::Unsolvable { tries: 9 }, "no solution after 9 tries"),
    ] {
        assert_eq!(text(&error), said);
    }
    assert_eq!(format!("{:?}", PublicKey::parse(KEY).unwrap()), KEY, "a key is its text wherever it is told");
    let digest = Digest::of(b"");
    assert_eq!((format!("{digest:?}"), digest.to_string().as_str()), (digest.to_string(), "e3b0c44298fc1c149afbf4c8996fb924"));
}
