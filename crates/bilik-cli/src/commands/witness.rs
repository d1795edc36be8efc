//! `bilik witness`: somebody outside states which head was seen, and when.

use super::help::Help;
use super::keys::TrustedKeys;
use crate::exit::Exit;
use crate::output::Output;
use anyhow::Context as _;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::interval::Interval;
use bilik_publish::witness::{MirrorReport, MirrorState, Stated, WitnessOptions, WitnessOutcome, witness};
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tr::tr;

/// How often a wait checks whether it was cancelled.
const TICK: Duration = Duration::from_millis(100);
/// The log's name where none is given, beside the statement.
const LOG: &str = "heads.log";

/// State, signed with your own key, which head a site has now, for pages that name you as a witness
///
/// Looks at a site from outside through all of its mirrors, as a browser does: signatures, election, expiry, manifest and its first part.
/// Remembers each head in a log that only grows, and refuses a site that goes back or shows two heads of one serial.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct WitnessCommand {
    /// Every mirror of the site, by its address or folder
    #[arg(required = true, value_name = "SITE")]
    sites: Vec<String>,
    #[command(flatten)]
    trusted: TrustedKeys,
    /// Your own secret key, made with `bilik keygen`
    #[arg(long, value_name = "W")]
    key: PathBuf,
    /// File for the statement, which every mirror serves as w/KEY-ID.bilik
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The log of all heads that were seen [default: heads.log beside the statement]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Look again and again, with this long between two looks, such as 5m
    #[arg(long, value_name = "TIME")]
    every: Option<Interval>,
    /// Print the result as one JSON object; with --every, one on a line for each look
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        (
            "bilik witness https://a.example/ https://b.example/ --public-key KEY.pub --key W --out statement.bilik",
            "Look once at both mirrors, and write the statement",
        ),
        (
            "bilik witness https://a.example/ https://b.example/ --public-key KEY.pub --key W --out statement.bilik --every 5m",
            "The same every five minutes, until it is stopped or finds a contradiction",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "the statement was written; mirrors that lag behind or do not answer are named"),
        (Exit::Negative, "no mirror has a head that can be stated: unreachable, refused or expired; nothing was written"),
        (Exit::Failure, "it could not look, or the log or the clock cannot be trusted; nothing was written"),
        (
            Exit::Contradiction,
            "the site goes back, or shows two heads of one serial; nothing was stated, and what proves it was kept beside the log",
        ),
        (Exit::Interrupted, "interrupted"),
    ],
};

impl WitnessCommand {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let beside = self.out.parent().unwrap_or(Path::new("")).join(LOG);
        let options = WitnessOptions {
            sites: self.sites.clone(),
            trust: self.trusted.trust()?,
            key: self.key.clone(),
            out: self.out.clone(),
            log: self.state.clone().unwrap_or(beside),
        };
        // What is wrong at the first look is a slip in the command or with its files.
        let mut exit = self.report(witness(&options, cancel)?, output)?;
        let Some(every) = self.every else { return Ok(exit) };
        loop {
            let began = Instant::now();
            // A witness that sees a contradiction must be seen: it does not go on as if nothing had been.
            if exit == Exit::Contradiction {
                return Ok(exit);
            }
            while began.elapsed() < every.duration() {
                cancel.check()?;
                std::thread::sleep(TICK);
            }
            exit = match witness(&options, cancel) {
                Ok(outcome) => self.report(outcome, output)?,
                // A full disk, a clock that is being set, another process at the log: they pass.
                Err(error) if error.may_pass() => {
                    writeln!(output.stderr, "{}", tr!("this look failed: {}", error));
                    Exit::Failure
                }
                Err(error) => return Err(error.into()),
            };
        }
    }

    fn report(&self, outcome: WitnessOutcome, output: &Output) -> anyhow::Result<Exit> {
        match outcome {
            WitnessOutcome::Stated(stated) => {
                self.tell(&*stated, &stated.mirrors, output)?;
                if !self.json {
                    self.print(&stated, output);
                }
                Ok(Exit::Success)
            }
            WitnessOutcome::NoHead(mirrors) => {
                self.tell(&json!({ "refused": "no head", "mirrors": mirrors }), &mirrors, output)?;
                if !self.json {
                    writeln!(output.stderr, "{}", tr!("No mirror has a head that can be stated. Nothing was written."));
                }
                Ok(Exit::Negative)
            }
            WitnessOutcome::Contradicted(contradiction, mirrors) => {
                self.tell(&json!({ "refused": contradiction, "mirrors": mirrors }), &mirrors, output)?;
                if !self.json {
                    writeln!(output.stderr, "{}", tr!("CONTRADICTION: {}", contradiction));
                }
                Ok(Exit::Contradiction)
            }
        }
    }

    /// The result as JSON, or what is wrong with mirrors as text.
    fn tell(&self, result: &impl Serialize, mirrors: &[MirrorReport], output: &Output) -> anyhow::Result<()> {
        if !self.json {
            tell_mirrors(mirrors, output);
            return Ok(());
        }
        if self.every.is_none() {
            return output.stdout.json(result);
        }
        let line = serde_json::to_string(result).context(tr!("the answer cannot be written as JSON"))?;
        writeln!(output.stdout, "{line}");
        Ok(())
    }

    fn print(&self, stated: &Stated, output: &Output) {
        let (out, notes) = (&output.stdout, output.notes());
        let current = stated.mirrors.iter().filter(|mirror| mirror.state == MirrorState::Current).count();
        writeln!(
            out,
            "{}",
            tr!(
                "{}: election {}, serial {}, signed {}; {} of {} mirrors have it",
                stated.seen_at,
                stated.election,
                stated.serial,
                stated.signed_at,
                current,
                stated.mirrors.len()
            )
        );
        writeln!(notes, "{}", tr!("{}: upload it to every mirror as {}", self.out.display(), stated.path));
    }
}

fn tell_mirrors(mirrors: &[MirrorReport], output: &Output) {
    for MirrorReport { site, state, reason, .. } in mirrors {
        let line = match state {
            MirrorState::Current => continue,
            MirrorState::Older => tr!("OLDER {}: {}", site, reason),
            MirrorState::Refused => tr!("REFUSED {}: {}", site, reason),
            MirrorState::Unreachable => tr!("UNREACHABLE {}: {}", site, reason),
        };
        writeln!(output.stderr, "{line}");
    }
}
