//! `bilik verify`

mod verified;

use super::help::Help;
use super::keys::TrustedKeys;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use bilik::format;
use bilik::lookup::Problem;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::config::Config;
use bilik_publish::input::Input;
use bilik_publish::now;
use bilik_publish::partition;
use bilik_publish::problem::Report;
use bilik_publish::rejects::Rejects;
use bilik_publish::signing;
use bilik_publish::source::Site;
use bilik_publish::verify::{
    Certificate, CertifiedSite, RollPart, RollSample, SiteReport, Statement, UnsignedFacts, VerifyError, VoterCheck, check_app,
    check_configuration, check_files, check_hosting, check_pages, check_places, check_secrets, check_voters,
};
use std::path::{Path, PathBuf};
use tr::tr;
use verified::{RollResult, Verified, print};

/// Check a site from outside; with the roll, that it leads every voter to the right station
///
/// Checks signature, digests, sizes and formats; at an address, how its host serves it. With the roll, checks for every voter that
/// tables and station are there, and asks a random sample, or everybody, by all of their keys.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Verify {
    /// The site's folder or address
    #[arg(required_unless_present = "check_certificate")]
    site: Option<String>,
    #[command(flatten)]
    trusted: TrustedKeys,
    /// The election folder: compare the page with its election.toml, and check the voters of its roll
    #[arg(long, value_name = "DIR")]
    roll: Option<PathBuf>,
    /// Ask N voters, drawn at random [default: one of 60, at least 300 and at most 400,000]
    #[arg(long, value_name = "N", requires = "roll", conflicts_with = "all", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// Ask every voter: some 27 times the work of a build
    #[arg(long, requires = "roll")]
    all: bool,
    /// Check part I of N of the roll only, to spread the work over machines
    #[arg(long, value_name = "I/N", requires = "roll", default_value_t)]
    part: RollPart,
    /// Write what was found to FILE, as JSON without any voter's details
    #[arg(long, value_name = "FILE", requires = "roll")]
    certificate: Option<PathBuf>,
    /// Sign the certificate with this secret key: FILE.sig
    #[arg(long, requires = "certificate")]
    key: Option<PathBuf>,
    /// Check who signed a certificate, and print it; with a site, that it is of the site's current head
    #[arg(long, value_name = "FILE", conflicts_with_all = ["roll", "data_only"])]
    check_certificate: Option<PathBuf>,
    /// Expect a mirror of the data only, without page and module
    #[arg(long)]
    data_only: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        (
            "bilik verify site --public-key KEY.pub --roll pemilu",
            "Check the folder, and ask it for a random sample of the voters",
        ),
        (
            "bilik verify site --public-key KEY.pub --roll pemilu --certificate certificate.json --key KEY",
            "The same, and write a signed certificate",
        ),
        ("bilik verify site --public-key KEY.pub --roll pemilu --all --part 3/64", "Ask for everybody in one of 64 parts"),
        ("bilik verify --check-certificate certificate.json --public-key KEY.pub", "Check who signed a certificate"),
        ("bilik verify https://a.example/ --public-key KEY.pub", "Check what a host serves, and how"),
        (
            "bilik verify https://b.example/ --public-key KEY.pub --data-only",
            "Check a mirror that holds the data without the page",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "the site is whole; with --roll, everybody who was asked is led to the right station"),
        (
            Exit::Negative,
            "it is not: a file is refused, the site has expired, or the roll and the site disagree; a certificate that none of \
             the keys signed, or of another head",
        ),
        (Exit::Failure, "it could not be checked"),
        (Exit::Interrupted, "interrupted"),
    ],
};

impl Verify {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        if let Some(certificate) = &self.check_certificate {
            return self.check_certificate(certificate, output);
        }
        let address = self.site.as_deref().unwrap_or_default();
        if let Some(certificate) = &self.certificate {
            Certificate::refuse_existing(certificate)?;
        }
        if let Some(key) = &self.key {
            signing::read(key)?;
        }
        let trust = self.trusted.trust()?;
        let site = Site::open(address)?.cancelled_by(cancel);
        let mut files = check_files(&site, &trust, cancel, &|_| ());
        // A server that gives no head gives no pages either, and each request can take a quarter of a minute.
        let is_there = !files.problems.iter().any(|problem| problem.file == format::HEAD_PATH && !problem.refused);
        let with_app = !self.data_only && is_there;
        let keys = self.trusted.keys()?;
        let app = if with_app { check_app(&site, &keys, self.trusted.threshold, cancel, &mut files) } else { None };
        if let Some(app) = &app {
            check_pages(&site, app, &trust, cancel, &mut files);
            if let Some(folder) = &self.roll {
                let config = Config::load(folder)?;
                // The roll of another election is refused as that.
                if config.election.id == files.election {
                    check_configuration(&site, app, &config, &keys, &mut files);
                }
            }
        }
        check_secrets(&site, cancel, &mut files);
        let hosting = match &site {
            Site::Address(address) if is_there => {
                let mut hosting = check_hosting(address, &files, app.as_ref(), with_app, cancel);
                let is_known = |new: &Problem, old: &Problem| old.file == new.file && old.reason == new.reason;
                hosting.problems.retain(|new| !files.problems.iter().any(|old| is_known(new, old)));
                files.problems.append(&mut hosting.problems);
                Some(hosting)
            }
            _ => None,
        };
        anyhow::ensure!(!cancel.is_cancelled(), "{}", tr!("not everything was checked"));
        // Where files are refused, asking for voters would only repeat it.
        let roll = match &self.roll {
            Some(folder) if files.problems.is_empty() => {
                Some(self.check_roll((address, &site), folder, (&trust, &mut files), output, cancel)?)
            }
            _ => None,
        };
        let ok = files.problems.is_empty() && !files.expired && roll.as_ref().is_none_or(|roll| roll.voters.is_right());
        let unsigned = app.as_ref().filter(|_| self.roll.is_none()).map(UnsignedFacts::of);
        let verified = Verified { site: address.to_owned(), ok, files, unsigned, hosting, roll };
        if self.json {
            output.stdout.json(&verified)?;
        } else {
            print(&verified, self.roll.is_some(), &output.stdout);
        }
        if let Some(certificate) = &self.certificate {
            let path = certificate.display();
            let is_written = verified.roll.is_some() && verified.files.problems.is_empty();
            let said =
                if is_written { tr!("certificate written to {}", path) } else { tr!("no certificate was written to {}", path) };
            writeln!(output.stderr, "{said}");
        }
        Ok(if ok { Exit::Success } else { Exit::Negative })
    }

    fn check_roll(
        &self,
        (address, site): (&str, &Site),
        folder: &Path,
        (trust, files): (&bilik::format::Trust, &mut SiteReport),
        output: &Output,
        cancel: &CancellationToken,
    ) -> anyhow::Result<RollResult> {
        let bars = ProgressBars::new(output);
        let mut report = Report::default();
        let mut rejects = Rejects::nowhere();
        let input = Input::load(folder, &mut report, &mut rejects)?;
        let (election, own) = (&files.election, &input.config.election.id);
        anyhow::ensure!(
            own == election,
            "{}",
            tr!("{}: the roll is of {}, but the site is of {}", folder.display(), own, election)
        );
        // Signed, as it was checked a moment ago; it must not change until the end.
        let head = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(VerifyError::File)?;
        check_places(site, trust, &input, cancel, files)?;
        let checked = partition::check(&input, folder, &mut report, &mut rejects, &bars, cancel)?;
        anyhow::ensure!(checked.voters > 0, "{}", tr!("{}: the roll has no voter to ask for", folder.display()));
        let sample = if self.all { RollSample::All } else { self.sample.map_or(RollSample::Usual, RollSample::Count) };
        let check = VoterCheck { site: address, trust, input: &input, checked: &checked, sample, part: self.part };
        let voters = check_voters(&check, &bars, cancel)?;
        let (rejected, withheld) = (report.rejected(), checked.withheld);
        let after = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(VerifyError::File)?;
        anyhow::ensure!(head == after, "{}", tr!("{}: the site was replaced meanwhile. Fix: verify again", address));
        if let Some(path) = self.certificate.as_ref().filter(|_| files.problems.is_empty()) {
            let certified = CertifiedSite { site: address, head: &head, checked_at: now()?, withheld, rejected };
            Certificate::new(&certified, &voters)?.write(path, self.key.as_deref())?;
        }
        Ok(RollResult { rejected, withheld, statement: Statement::of(&voters), voters })
    }

    fn check_certificate(&self, path: &Path, output: &Output) -> anyhow::Result<Exit> {
        let (certificate, signed_by) = Certificate::read(path, &self.trusted.keys()?)?;
        let is_current = match &self.site {
            None => true,
            Some(site) => {
                let head = Site::open(site)?.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(VerifyError::File)?;
                certificate.is_of(&head)
            }
        };
        let out = &output.stdout;
        if self.json {
            let signed_by = signed_by.map(|key| key.to_string());
            out.json(&serde_json::json!({ "signedBy": signed_by, "isOfTheSite": is_current, "certificate": certificate }))?;
        } else {
            let Certificate { site, election, serial, date, tool, statement, .. } = &certificate;
            match signed_by {
                Some(key) => writeln!(out, "{}", tr!("signed by {}", key)),
                None => {
                    writeln!(out, "{}", tr!("REFUSED {}: none of the given keys signed it, or it was changed", path.display()));
                }
            }
            writeln!(out, "{}", tr!("{}: election {}, serial {}, checked {} by {}", site, election, serial, date, tool));
            writeln!(out, "{}\n{}", statement.en, statement.id);
            if !certificate.ok {
                writeln!(out, "{}", tr!("The site was NOT ok when it was checked."));
            }
            if !is_current {
                writeln!(out, "{}", tr!("REFUSED: the site has another head than the one that was certified"));
            }
        }
        Ok(if signed_by.is_some() && is_current && certificate.ok { Exit::Success } else { Exit::Negative })
    }
}
