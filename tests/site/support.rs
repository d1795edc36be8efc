//! What the tests share: the binary, an election with its key and its site in a folder of their own, and questions to it.

use bilik::Cost;
use bilik::format::{Head, PublicKey, Trust};
use bilik::lookup::{Cancelled, Lookup, Observer, Outcome, Progress, Question};
use bilik_cli::synthetic::{self, Sample, Shape};
use bilik_publish::build::{Built, Options, build};
use bilik_publish::input::{Input, Silent};
use bilik_publish::partition::{self, Checked};
use bilik_publish::problem::Report;
use bilik_publish::roll::Rejects;
use bilik_publish::signing::{self, Signers};
use bilik_publish::source::Site;
use bilik_publish::verify::{Voters, check_voters};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The binary.
pub const BILIK: &str = env!("CARGO_BIN_EXE_bilik");
/// The least that a derivation can cost.
pub const LIGHT: Cost = Cost { memory_kib: 8, passes: 1 };

/// What a run of the binary came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }

    /// Everything that it printed.
    pub fn said(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.said());
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.said()))
    }
}

/// Runs the binary.
pub fn bilik(args: &[&dyn AsRef<OsStr>]) -> Ran {
    Ran::of(Command::new(BILIK).args(args))
}

/// An election folder, a key and a site in a folder of their own, all removed at the end.
pub struct World {
    path: PathBuf,
    /// Removes the folder, where it is this test's own.
    _dir: Option<tempfile::TempDir>,
}

impl World {
    /// A key, and nothing else yet.
    pub fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("bilik-test-").tempdir().unwrap();
        let world = Self { path: dir.path().to_owned(), _dir: Some(dir) };
        signing::generate(&world.key()).unwrap();
        world
    }

    /// An election, a key and a site that somebody else made.
    pub fn at(folder: &Path) -> Self {
        Self { path: folder.to_owned(), _dir: None }
    }

    /// The sample of `bilik init`.
    pub fn init() -> Self {
        let world = Self::new();
        bilik(&[&"init", &world.election()]).ends_with(0);
        world
    }

    /// A made-up election.
    pub fn of(shape: &Shape) -> (Self, Sample) {
        let world = Self::new();
        let sample = synthetic::write(&world.election(), shape).unwrap();
        (world, sample)
    }

    pub fn election(&self) -> PathBuf {
        self.path.join("election")
    }

    pub fn key(&self) -> PathBuf {
        self.path.join("KEY")
    }

    pub fn public_key(&self) -> PathBuf {
        self.path.join("KEY.pub")
    }

    pub fn site(&self) -> PathBuf {
        self.path.join("site")
    }

    /// Where election, key and site lie.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn trust(&self) -> Trust {
        let key = PublicKey::of(signing::read(&self.key()).unwrap().verifying_key()).to_string();
        Trust::new([key.as_str()], 1, None).unwrap()
    }

    /// Builds the site in this process.
    pub fn build(&self) -> Built {
        let options =
            Options { folder: self.election(), keys: vec![self.key()], site: self.site(), allow_rejects: 0, prune: false };
        build(&options, &Silent).unwrap().built().unwrap()
    }

    /// `bilik build` with further arguments.
    pub fn run_build(&self, more: &[&dyn AsRef<OsStr>]) -> Ran {
        let (election, key, site) = (self.election(), self.key(), self.site());
        let args: [&dyn AsRef<OsStr>; 6] = [&"build", &election, &"--key", &key, &"--out", &site];
        bilik(&[&args, more].concat())
    }

    /// `bilik verify` with further arguments.
    pub fn run_verify(&self, more: &[&dyn AsRef<OsStr>]) -> Ran {
        let (site, key) = (self.site(), self.public_key());
        let args: [&dyn AsRef<OsStr>; 4] = [&"verify", &site, &"--public-key", &key];
        bilik(&[&args, more].concat())
    }

    /// `bilik find` with further arguments.
    pub fn run_find(&self, more: &[&dyn AsRef<OsStr>]) -> Ran {
        let (site, key) = (self.site(), self.public_key());
        let args: [&dyn AsRef<OsStr>; 4] = [&"find", &site, &"--public-key", &key];
        bilik(&[&args, more].concat())
    }

    /// The input as the build sees it. The scratch folder goes with it.
    pub fn load(&self) -> (Input, Checked) {
        let (mut report, mut rejects) = (Report::new(), Rejects::nowhere());
        let input = Input::load(&self.election(), &mut report, &mut rejects).unwrap();
        let checked = partition::check(&input, &self.election(), &mut report, &mut rejects, &Silent).unwrap();
        (input, checked)
    }

    /// Asks for every voter of the roll; by `near` too for at most `sample` of those with longer names.
    pub fn ask_for_everybody(&self, sample: u64) -> Voters {
        let (input, checked) = self.load();
        check_voters(self.site().to_str().unwrap(), &self.trust(), &input, &checked, sample, &Silent).unwrap()
    }

    /// Asks for every voter by both recipes: nobody may be lost.
    #[track_caller]
    pub fn everybody_is_found(&self) -> Voters {
        let voters = self.ask_for_everybody(u64::MAX);
        assert!(voters.is_right() && voters.voters > 0 && voters.sample > 0, "{voters:?}");
        voters
    }

    pub fn lookup(&self) -> Lookup<Site> {
        Lookup::new(Site::open(self.site().to_str().unwrap()).unwrap(), self.trust())
    }

    pub fn head(&self) -> Head {
        Head::read(&fs::read(self.site().join("head.bilik")).unwrap(), &self.trust()).unwrap()
    }

    /// Puts another head in place, signed by the operator.
    pub fn sign(&self, head: &Head) {
        let bytes = Signers::read(&[self.key()]).unwrap().sign(head).unwrap();
        fs::write(self.site().join("head.bilik"), bytes).unwrap();
    }

    /// The lines of the roll.
    pub fn roll(&self) -> Vec<Line> {
        lines(&fs::read(self.election().join("voters.csv")).unwrap())
    }
}

/// The lines of a roll.
pub fn lines(csv: &[u8]) -> Vec<Line> {
    let line = |record: Result<csv::StringRecord, _>| {
        let record = record.unwrap();
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        Line { nik: cell(0), name: cell(1), station: cell(2), village: cell(3) }
    };
    csv::Reader::from_reader(csv).records().map(line).collect()
}

/// A line of the roll.
#[derive(Clone, Debug)]
pub struct Line {
    pub nik: String,
    pub name: String,
    pub station: String,
    pub village: String,
}

impl Line {
    /// What a question needs: the first 12 digits.
    pub fn digits(&self) -> &str {
        &self.nik[..12]
    }

    /// The village on the card. Stations of made-up elections bear their village in the first ten digits.
    pub fn village(&self) -> &str {
        if self.village.is_empty() { &self.station[..10] } else { &self.village }
    }
}

/// An election of a few lines that a test writes down.
pub struct Handmade<'a> {
    /// Ten digits of the village and the number: all regions follow from them.
    pub stations: &'a [&'a str],
    /// Lines of voters.csv: nik, name, station, village.
    pub voters: &'a str,
    /// More lines of election.toml.
    pub toml: &'a str,
}

impl Handmade<'_> {
    pub fn write(&self) -> World {
        let world = World::new();
        let put = |name: &str, text: &str| fs::write(world.election().join(name), text).unwrap();
        fs::create_dir(world.election()).unwrap();
        let toml = "id = \"uji-2029\"\nname = \"Pemilu Uji\"\nday = \"2029-02-14\"\nopens = \"07:00\"\ncloses = \"13:00\"\ndemo = true\n";
        let toml = format!("{toml}{}\n[sealing]\nmemory_kib = 8\npasses = 1\n", self.toml);
        put("election.toml", &toml);
        let codes = self.stations.iter().flat_map(|id| [2, 4, 6, 10].map(|digits| &id[..digits])).collect::<BTreeSet<_>>();
        let mut regions = String::from("code,name\n");
        for code in codes {
            writeln!(regions, "{code},Contoh {code}").unwrap();
        }
        put("regions.csv", &regions);
        let mut stations = String::from("id,village,number,venue,address,lat,lon\n");
        for id in self.stations {
            writeln!(stations, "{id},{},{},Balai Contoh,Jl. Contoh No. 1,-6.4,106.8", &id[..10], &id[10..]).unwrap();
        }
        put("stations.csv", &stations);
        put("voters.csv", &format!("nik,name,station,village\n{}", self.voters));
        world
    }
}

/// Asks without a pause.
pub struct Patient;

impl Observer for Patient {
    async fn step(&self, _: Progress) -> Result<(), Cancelled> {
        Ok(())
    }
}

/// One question to a site.
pub fn ask<S: bilik::lookup::Source>(lookup: &Lookup<S>, digits: &str, name: &str, village: Option<&str>) -> Outcome {
    let question = Question {
        nik: Some(digits.to_owned()),
        name: Some(name.to_owned()),
        village: village.map(str::to_owned),
        ..Question::default()
    };
    pollster::block_on(lookup.ask(&question, &Patient)).unwrap()
}

/// The stations of an answer: none where nobody was found.
pub fn stations(outcome: &Outcome) -> Vec<&str> {
    match outcome {
        Outcome::Found { station, .. } => vec![&station.id],
        Outcome::Ambiguous { stations, .. } => stations.iter().map(|station| station.id.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// A folder with all that is in it: permissions and bytes by path. A folder has no bytes.
pub type Tree = BTreeMap<PathBuf, (u32, Option<Vec<u8>>)>;

pub fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_path) = open.pop() {
        for entry in fs::read_dir(&folder_path).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode() & 0o7777;
            let bytes = if path.is_dir() { None } else { Some(fs::read(&path).unwrap()) };
            if bytes.is_none() {
                open.push(path.clone());
            }
            tree.insert(path.strip_prefix(folder).unwrap().to_owned(), (mode, bytes));
        }
    }
    tree
}

/// The files of one kind on a site: paths under it, and bytes.
pub fn files(site: &Path, letter: &str) -> Vec<(String, Vec<u8>)> {
    let files = tree(&site.join(letter)).into_iter().filter_map(|(path, (_, bytes))| Some((path, bytes?)));
    files.map(|(path, bytes)| (format!("{letter}/{}", path.display()), bytes)).collect()
}

/// The permissions of a file.
pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Names in a folder, sorted.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// 28000 as 28,000.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}
