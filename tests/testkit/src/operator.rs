//! An operator's working folder: the election, the key and the site that is built from them.

use crate::binary::{Binary, RunOutput};
use crate::election::Election;
use bilik::format::{Head, PublicKey, Trust};
use bilik::lookup::Lookup;
use bilik_cli::synthetic::{Sample, Shape};
use bilik_publish::build::{BuildOptions, Built, build};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::DeriveMethod;
use bilik_publish::input::Input;
use bilik_publish::partition::{self, Checked};
use bilik_publish::problem::Report;
use bilik_publish::progress::Silent;
use bilik_publish::rejects::Rejects;
use bilik_publish::signing::{self, Signers};
use bilik_publish::source::Site;
use bilik_publish::verify::{RollPart, RollSample, VoterCheck, VoterReport, check_voters};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// An election folder, a key and a site in one folder, all removed at the end.
pub struct Operator {
    binary: Binary,
    path: PathBuf,
    /// Removes the folder, where it is this test's own.
    _dir: Option<tempfile::TempDir>,
}

impl Operator {
    /// A key, and nothing else yet.
    pub fn new(binary: Binary) -> Self {
        let dir = tempfile::Builder::new().prefix("bilik-test-").tempdir().unwrap();
        let operator = Self { binary, path: dir.path().to_owned(), _dir: Some(dir) };
        signing::generate(&operator.key()).unwrap();
        operator
    }

    /// An election, a key and a site that are there already.
    pub fn at(binary: Binary, folder: &Path) -> Self {
        Self { binary, path: folder.to_owned(), _dir: None }
    }

    /// The sample of `bilik init`.
    pub fn init(binary: Binary) -> Self {
        let operator = Self::new(binary);
        binary.run(&[&"init", &operator.election()]).exits_with(0);
        operator
    }

    /// A generated election.
    pub fn of(binary: Binary, shape: &Shape) -> (Self, Sample) {
        let operator = Self::new(binary);
        let sample = Election::generated(shape).write(&operator.election()).unwrap();
        (operator, sample)
    }

    /// The election folder.
    pub fn election(&self) -> PathBuf {
        self.path.join("election")
    }

    /// The secret key.
    pub fn key(&self) -> PathBuf {
        self.path.join("KEY")
    }

    /// Its public half.
    pub fn public_key(&self) -> PathBuf {
        self.path.join("KEY.pub")
    }

    /// The site.
    pub fn site(&self) -> PathBuf {
        self.path.join("site")
    }

    /// The folder that holds election, key and site.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Trust in the operator's key.
    pub fn trust(&self) -> Trust {
        let key = PublicKey::of(signing::read(&self.key()).unwrap().verifying_key()).to_string();
        Trust::new([key.as_str()], 1, None).unwrap()
    }

    /// Builds the site in this process; every table is sealed.
    pub fn build(&self) -> Built {
        self.build_with(false)
    }

    /// Builds the site again in this process; tables whose contents did not change are taken over.
    pub fn build_again(&self) -> Built {
        self.build_with(true)
    }

    fn build_with(&self, reuse: bool) -> Built {
        let options = BuildOptions {
            folder: self.election(),
            keys: vec![self.key()],
            site: self.site(),
            work: None,
            allowed: bilik_publish::plan::Allowed::default(),
            prune: false,
            signatures_follow: false,
            reuse,
            derive: DeriveMethod::default(),
        };
        build(&options, &Silent, &CancellationToken::new()).unwrap().built().unwrap()
    }

    /// `bilik build` with further arguments.
    pub fn run_build(&self, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
        let (election, key, site) = (self.election(), self.key(), self.site());
        let args: [&dyn AsRef<OsStr>; 6] = [&"build", &election, &"--key", &key, &"--out", &site];
        self.binary.run(&[&args, more].concat())
    }

    /// `bilik verify` with further arguments.
    pub fn run_verify(&self, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
        let (site, key) = (self.site(), self.public_key());
        let args: [&dyn AsRef<OsStr>; 4] = [&"verify", &site, &"--public-key", &key];
        self.binary.run(&[&args, more].concat())
    }

    /// `bilik find` with further arguments.
    pub fn run_find(&self, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
        let (site, key) = (self.site(), self.public_key());
        let args: [&dyn AsRef<OsStr>; 4] = [&"find", &site, &"--public-key", &key];
        self.binary.run(&[&args, more].concat())
    }

    /// The input as the build sees it. The scratch folder goes with it.
    pub fn load(&self) -> (Input, Checked) {
        let (mut report, mut rejects) = (Report::new(), Rejects::nowhere());
        let input = Input::load(&self.election(), &mut report, &mut rejects).unwrap();
        let checked =
            partition::check(&input, &self.election(), &mut report, &mut rejects, &Silent, &CancellationToken::new()).unwrap();
        (input, checked)
    }

    /// Asks for a sample of the roll.
    pub fn ask_for(&self, sample: RollSample) -> VoterReport {
        self.ask_for_part(sample, RollPart::default())
    }

    /// Asks for a sample of a part of the roll.
    pub fn ask_for_part(&self, sample: RollSample, part: RollPart) -> VoterReport {
        let ((input, checked), site, trust) = (self.load(), self.site(), self.trust());
        let site = site.to_str().unwrap();
        let check = VoterCheck { site, trust: &trust, input: &input, checked: &checked, sample, part };
        check_voters(&check, &Silent, &CancellationToken::new()).unwrap()
    }

    /// Asks for every voter by all of their keys: nobody may be lost, and every table has the keys of the roll.
    #[track_caller]
    pub fn everybody_is_found(&self) -> VoterReport {
        let voters = self.ask_for(RollSample::All);
        assert!(voters.is_right() && voters.voters > 0 && voters.asked == voters.voters, "{voters:?}");
        voters
    }

    /// A lookup over the site's folder.
    pub fn lookup(&self) -> Lookup<Site> {
        Lookup::new(Site::open(self.site().to_str().unwrap()).unwrap(), self.trust())
    }

    /// The head of the site.
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
    /// 12 or 16 digits.
    pub nik: String,
    /// The name.
    pub name: String,
    /// The id of the station.
    pub station: String,
    /// The village on the card, where it is not the station's.
    pub village: String,
}

impl Line {
    /// What a question needs: the first 12 digits.
    pub fn digits(&self) -> &str {
        &self.nik[..12]
    }

    /// The village on the card. Stations of generated elections have their village in the first ten digits.
    pub fn village(&self) -> &str {
        if self.village.is_empty() { &self.station[..10] } else { &self.village }
    }
}
