//! `bilik verify`

use super::{grouped, print_json, progress::Bars, public_keys, trust};
use bilik::format;
use bilik_publish::input::Input;
use bilik_publish::problem::Report;
use bilik_publish::roll::Rejects;
use bilik_publish::source::Site;
use bilik_publish::verify::{Files, Hosting, Voters, check_app, check_files, check_hosting, check_secrets, check_voters};
use bilik_publish::{interrupted, partition};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check a site: signature, digests, sizes, formats; at an address, how its host serves it; with the roll, that every voter is
/// found and gets the right station.
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// The site's folder or address
    site: String,
    /// The operator's public key: KEY.pub or its text. May be given several times
    #[arg(long, required = true, value_name = "KEY.pub")]
    public_key: Vec<String>,
    /// How many of the public keys must have signed
    #[arg(long, default_value_t = 1, value_name = "N")]
    threshold: usize,
    /// The election folder: asks for every voter of its roll
    #[arg(long, value_name = "DIR")]
    roll: Option<PathBuf>,
    /// How many of the voters with longer names are asked for by near as well
    #[arg(long, value_name = "N", default_value_t = 20)]
    sample: u64,
    /// The site is a mirror of the data alone: no page and no module are expected
    #[arg(long)]
    data_only: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Serialize)]
struct Verified {
    site: String,
    ok: bool,
    #[serde(flatten)]
    files: Files,
    /// How the host serves it, at an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    hosting: Option<Hosting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roll: Option<Roll>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Roll {
    /// Lines that were rejected and are in no table.
    rejected: u64,
    /// Voters who are sealed nowhere.
    withheld: u64,
    #[serde(flatten)]
    voters: Voters,
}

impl Verify {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let trust = trust(&self.public_key, self.threshold)?;
        let site = Site::open(&self.site)?;
        let mut files = check_files(&site, &trust, &|_| ());
        // A server that gives no head says nothing of its pages either, and each question can take a quarter of a minute.
        let is_there = !files.problems.iter().any(|problem| problem.file == format::HEAD_PATH && !problem.refused);
        if !self.data_only && is_there {
            check_app(&site, &public_keys(&self.public_key)?, self.threshold, &mut files);
        }
        check_secrets(&site, &mut files);
        let hosting = match &site {
            Site::Address(address) if is_there => {
                let mut hosting = check_hosting(address, &files.samples, !self.data_only);
                // What is out of reach altogether was told before.
                hosting.problems.retain(|new| !files.problems.iter().any(|old| old.file == new.file));
                files.problems.append(&mut hosting.problems);
                Some(hosting)
            }
            _ => None,
        };
        anyhow::ensure!(!interrupted(), "not everything was asked for");
        // Where files are refused, asking for voters would only repeat it.
        let roll = match &self.roll {
            Some(folder) if files.problems.is_empty() => Some(self.check_roll(folder, &trust, &files.election)?),
            _ => None,
        };
        let ok = files.problems.is_empty() && !files.expired && roll.as_ref().is_none_or(|roll| roll.voters.is_right());
        let verified = Verified { site: self.site.clone(), ok, files, hosting, roll };
        if self.json {
            print_json(&verified)?;
        } else {
            print(&verified, self.roll.is_some());
        }
        Ok(if ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    fn check_roll(&self, folder: &Path, trust: &bilik::format::Trust, election: &str) -> anyhow::Result<Roll> {
        let bars = Bars::new();
        let mut report = Report::default();
        let mut rejects = Rejects::nowhere();
        let input = Input::load(folder, &mut report, &mut rejects)?;
        anyhow::ensure!(
            input.config.election.id == election,
            "{}: this is the roll of {}, and the site is of {election}",
            folder.display(),
            input.config.election.id
        );
        let checked = partition::check(&input, folder, &mut report, &mut rejects, &bars)?;
        let voters = check_voters(&self.site, trust, &input, &checked, self.sample, &bars)?;
        anyhow::ensure!(voters.voters > 0, "{}: the roll holds no voter to ask for", folder.display());
        Ok(Roll { rejected: report.rejected(), withheld: checked.withheld, voters })
    }
}

fn print(verified: &Verified, roll_asked: bool) {
    let files = &verified.files;
    if !files.election.is_empty() {
        println!(
            "{}: election {}, serial {}, signed {}, expires {}",
            verified.site, files.election, files.serial, files.signed_at, files.expires
        );
        println!(
            "{} files, {} bytes, {} tables, {} stations",
            grouped(files.files),
            grouped(files.bytes),
            grouped(files.tables),
            grouped(files.stations)
        );
    }
    if files.expired {
        println!("EXPIRED: no page answers from this site any more");
    }
    for problem in &files.problems {
        println!("REFUSED {}: {}", problem.file, problem.reason);
    }
    if let Some(hosting) = &verified.hosting {
        for advice in &hosting.advice {
            let of = if advice.header.is_empty() { String::new() } else { format!("{} ", advice.header) };
            let file = if advice.file.is_empty() { &verified.site } else { &advice.file };
            println!("advice  {of}of {file}: {}", advice.advice);
        }
    }
    match &verified.roll {
        Some(Roll { rejected, withheld, voters }) => {
            println!(
                "{} of {} right: {} asked by full, {} by near (short names)",
                grouped(voters.right),
                grouped(voters.voters),
                grouped(voters.by_full),
                grouped(voters.by_near)
            );
            println!("{} of a sample of {} right by near as well", grouped(voters.sample_right), grouped(voters.sample));
            if voters.ambiguous > 0 {
                println!(
                    "{} of them are shown two or three stations, since they share their details with others",
                    grouped(voters.ambiguous)
                );
            }
            if *withheld > 0 || *rejected > 0 {
                println!("not asked for: {} withheld, {} rejected lines", grouped(*withheld), grouped(*rejected));
            }
            for line in &voters.wrong_lines {
                println!("WRONG roll, line {line}: another answer than their station");
            }
        }
        None if roll_asked => println!("The roll was not asked for, since the site is not whole."),
        None => {}
    }
    println!("{}", if verified.ok { "ok" } else { "NOT ok" });
}
