//! `bilik verify`

use super::help::Help;
use super::keys::TrustedKeys;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::{Output, Stdout};
use bilik::format;
use bilik::lookup::Problem;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::input::Input;
use bilik_publish::partition;
use bilik_publish::problem::Report;
use bilik_publish::rejects::Rejects;
use bilik_publish::source::Site;
use bilik_publish::verify::{
    HostingReport, SiteReport, VoterReport, check_app, check_files, check_hosting, check_secrets, check_voters,
};
use indicatif::HumanCount;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check a site from outside; with the roll, look up every voter
///
/// Checks signature, digests, sizes and formats; at an address, how its host serves it; with the roll, that every voter is found
/// and gets the right station.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Verify {
    /// The site's folder or address
    site: String,
    #[command(flatten)]
    trusted: TrustedKeys,
    /// The election folder: look up every voter of its roll
    #[arg(long, value_name = "DIR")]
    roll: Option<PathBuf>,
    /// Look up N of the voters with longer names by near as well
    #[arg(long, value_name = "N", default_value_t = 20)]
    sample: u64,
    /// Expect a mirror of the data only, without page and module
    #[arg(long)]
    data_only: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik verify site --public-key KEY.pub --roll pemilu", "Check the folder, and that every voter is found"),
        ("bilik verify https://a.example/ --public-key KEY.pub", "Check what a host serves, and how"),
        (
            "bilik verify https://b.example/ --public-key KEY.pub --data-only",
            "Check a mirror that holds the data without the page",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "the site is whole; with --roll, every voter gets the right station"),
        (Exit::Negative, "it is not: a file is refused, the site has expired, or a voter gets a wrong answer"),
        (Exit::Failure, "it could not be checked"),
        (Exit::Interrupted, "interrupted"),
    ],
};

#[derive(Serialize)]
struct Verified {
    site: String,
    ok: bool,
    #[serde(flatten)]
    files: SiteReport,
    /// How the host serves it, at an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    hosting: Option<HostingReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roll: Option<RollResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RollResult {
    /// Lines that were rejected and are in no table.
    rejected: u64,
    /// Voters who are not sealed anywhere.
    withheld: u64,
    #[serde(flatten)]
    voters: VoterReport,
}

impl Verify {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let trust = self.trusted.trust()?;
        let site = Site::open(&self.site)?.cancelled_by(cancel);
        let mut files = check_files(&site, &trust, cancel, &|_| ());
        // A server that gives no head gives no pages either, and each request can take a quarter of a minute.
        let is_there = !files.problems.iter().any(|problem| problem.file == format::HEAD_PATH && !problem.refused);
        let with_app = !self.data_only && is_there;
        let keys = self.trusted.keys()?;
        let app = if with_app { check_app(&site, &keys, self.trusted.threshold, cancel, &mut files) } else { None };
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
        anyhow::ensure!(!cancel.is_cancelled(), "not everything was checked");
        // Where files are refused, looking up voters would only repeat it.
        let roll = match &self.roll {
            Some(folder) if files.problems.is_empty() => Some(self.check_roll(folder, &trust, &files.election, cancel)?),
            _ => None,
        };
        let ok = files.problems.is_empty() && !files.expired && roll.as_ref().is_none_or(|roll| roll.voters.is_right());
        let verified = Verified { site: self.site.clone(), ok, files, hosting, roll };
        if self.json {
            output.stdout.json(&verified)?;
        } else {
            print(&verified, self.roll.is_some(), &output.stdout);
        }
        Ok(if ok { Exit::Success } else { Exit::Negative })
    }

    fn check_roll(
        &self,
        folder: &Path,
        trust: &bilik::format::Trust,
        election: &str,
        cancel: &CancellationToken,
    ) -> anyhow::Result<RollResult> {
        let bars = ProgressBars::new();
        let mut report = Report::default();
        let mut rejects = Rejects::nowhere();
        let input = Input::load(folder, &mut report, &mut rejects)?;
        anyhow::ensure!(
            input.config.election.id == election,
            "{}: the roll is of {}, but the site is of {election}",
            folder.display(),
            input.config.election.id
        );
        let checked = partition::check(&input, folder, &mut report, &mut rejects, &bars, cancel)?;
        let voters = check_voters(&self.site, trust, &input, &checked, self.sample, &bars, cancel)?;
        anyhow::ensure!(voters.voters > 0, "{}: the roll has no voter to look up", folder.display());
        Ok(RollResult { rejected: report.rejected(), withheld: checked.withheld, voters })
    }
}

fn print(verified: &Verified, has_roll: bool, out: &Stdout) {
    let files = &verified.files;
    if !files.election.is_empty() {
        writeln!(
            out,
            "{}: election {}, serial {}, signed {}, expires {}",
            verified.site, files.election, files.serial, files.signed_at, files.expires
        );
        writeln!(
            out,
            "{} files, {} bytes, {} tables, {} stations",
            HumanCount(files.files),
            HumanCount(files.bytes),
            HumanCount(files.tables),
            HumanCount(files.stations)
        );
    }
    if files.expired {
        writeln!(out, "EXPIRED: pages no longer answer from this site");
    }
    for problem in &files.problems {
        let file = if problem.file.is_empty() { &verified.site } else { &problem.file };
        writeln!(out, "REFUSED {file}: {}", problem.reason);
    }
    if let Some(hosting) = &verified.hosting {
        for advice in &hosting.advice {
            let of = if advice.header.is_empty() { String::new() } else { format!("{} ", advice.header) };
            let file = if advice.file.is_empty() { &verified.site } else { &advice.file };
            writeln!(out, "advice  {of}of {file}: {}", advice.advice);
        }
    }
    match &verified.roll {
        Some(RollResult { rejected, withheld, voters }) => {
            writeln!(
                out,
                "{} of {} right: {} looked up by full, {} by near (short names)",
                HumanCount(voters.right),
                HumanCount(voters.voters),
                HumanCount(voters.by_full),
                HumanCount(voters.by_near)
            );
            writeln!(
                out,
                "{} of a sample of {} right by near as well",
                HumanCount(voters.sample_right),
                HumanCount(voters.sample)
            );
            if voters.ambiguous > 0 {
                writeln!(
                    out,
                    "{} of them get two or three stations, because they share their details with others",
                    HumanCount(voters.ambiguous)
                );
            }
            if *withheld > 0 || *rejected > 0 {
                writeln!(out, "not looked up: {} withheld, {} rejected lines", HumanCount(*withheld), HumanCount(*rejected));
            }
            for line in &voters.wrong_lines {
                writeln!(out, "WRONG roll, line {line}: the answer is not this voter's station");
            }
        }
        None if has_roll => writeln!(out, "The roll was not checked, because the site is not whole."),
        None => {}
    }
    writeln!(out, "{}", if verified.ok { "ok" } else { "NOT ok" });
}
