//! `bilik build`

use super::built::{built_json, print_built, print_refusal, refusal_json};
use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::build::{self, BuildOptions, BuildOutcome};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::DeriveMethod;
use bilik_publish::plan::Allowed;
use bilik_publish::problem::Totals;
use std::path::PathBuf;
use std::time::Instant;
use tr::tr;

/// Check, seal, sign and publish a site
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(super) struct Build {
    /// The election folder
    dir: PathBuf,
    /// The secret key to sign with. May be given several times: all of them sign
    #[arg(long, required = true)]
    key: Vec<PathBuf>,
    /// Output directory; an existing site is replaced atomically
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// Keep the work in this folder until the site is published, with its key, so that a build that was killed goes on where it
    /// was when it is run again. Keep it off shared disks: with the key, it holds what the roll holds
    #[arg(long, value_name = "W")]
    work: Option<PathBuf>,
    /// Build even if up to N lines are rejected
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_rejects: u64,
    /// Build even if the voters differ from totals.csv by up to N, added up over its lines
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_differences: u64,
    /// Remove the files of earlier builds. A page that still has an older head must then fetch the new one; voters who are
    /// withheld only now are no longer in any table
    #[arg(long)]
    prune: bool,
    /// Publish in the folder with fewer signatures than pages demand: the holders of other keys add theirs with `bilik sign` before
    /// anything is uploaded
    #[arg(long)]
    signatures_follow: bool,
    /// Seal every table again, also where the election folder's reuse.json shows that nothing changed since the site in SITE was built.
    /// Without this, such tables stay as they are, but for 32 random ones that hide which changed
    #[arg(long)]
    fresh: bool,
    /// How keys are derived: the same site either way
    #[arg(long, value_name = "METHOD", default_value = "fast")]
    derive: Derive,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// The values of `--derive`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Derive {
    /// By argon2-rust; RustCrypto derives one random key of each 64 again, and the build stops at the first difference
    Fast,
    /// By RustCrypto alone, as voters' browsers do: some 2.5 times the time
    #[value(name = "rustcrypto")]
    RustCrypto,
}

impl From<Derive> for DeriveMethod {
    fn from(derive: Derive) -> Self {
        match derive {
            Derive::Fast => Self::Fast,
            Derive::RustCrypto => Self::RustCrypto,
        }
    }
}

pub(super) const HELP: Help = Help {
    examples: &[
        (
            "bilik build pemilu --key KEY --out site",
            "Check, seal, sign and publish, all or nothing; the second time, seal what changed",
        ),
        ("bilik build pemilu --key KEY --out site --allow-rejects 12", "Publish without the voters of up to 12 rejected lines"),
        ("bilik build pemilu --key KEY --key KEY2 --out site", "Sign with two keys, for an election with threshold = 2"),
    ],
    exit_statuses: &[
        (Exit::Success, "the site was published"),
        (Exit::Negative, "refused: the input has errors; nothing was published"),
        (Exit::Failure, "it could not be built; nothing was published"),
        (Exit::Interrupted, "interrupted; nothing was published"),
    ],
};

impl Build {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let began = Instant::now();
        let options = BuildOptions {
            folder: self.dir.clone(),
            keys: self.key.clone(),
            site: self.out.clone(),
            work: self.work.clone(),
            allowed: Allowed { rejects: self.allow_rejects, differences: self.allow_differences },
            prune: self.prune,
            signatures_follow: self.signatures_follow,
            reuse: !self.fresh,
            derive: self.derive.into(),
        };
        let bars = ProgressBars::new(output);
        let outcome = build::build(&options, &bars, cancel)?;
        drop(bars);
        match outcome {
            BuildOutcome::Built(built, report) if self.json => {
                let totals = Totals { voters: built.voters, stations: built.stations.into(), withheld: built.withheld };
                let mut value = built_json(&built, &self.out, began.elapsed().as_secs_f64());
                if let Some(keys) = value.as_object_mut() {
                    keys.insert("report".to_owned(), serde_json::to_value(report.json(totals))?);
                }
                output.stdout.json(&value)?;
                Ok(Exit::Success)
            }
            BuildOutcome::Built(built, report) => {
                // Warnings, and what was accepted: a withheld voter whom no line matched would be published unnoticed.
                write!(output.stderr, "{report}");
                print_built(&built, &self.out, &self.key, began.elapsed().as_secs_f64(), output);
                writeln!(output.notes(), "{}", self.out.display());
                Ok(Exit::Success)
            }
            BuildOutcome::Refused(refusal) if self.json => {
                output.stdout.json(&refusal_json(&refusal))?;
                Ok(Exit::Negative)
            }
            BuildOutcome::Refused(refusal) => {
                print_refusal(&tr!("Nothing was built."), &refusal, &output.stderr);
                Ok(Exit::Negative)
            }
        }
    }
}
