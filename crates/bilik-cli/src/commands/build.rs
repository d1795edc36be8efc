//! `bilik build`

use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::{Output, Stdout};
use bilik_publish::build::{self, BuildOptions, BuildOutcome, Built};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::DeriveMethod;
use bilik_publish::signing::listed;
use indicatif::HumanCount;
use std::path::PathBuf;
use std::time::Instant;

/// Check, seal, sign and publish a site
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Build {
    /// The election folder
    dir: PathBuf,
    /// The secret key to sign with. May be given several times: all of them sign
    #[arg(long, required = true)]
    key: Vec<PathBuf>,
    /// Output directory; an existing site is replaced atomically
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// Build even if up to N lines are rejected
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_rejects: u64,
    /// Remove the files of earlier builds. A page that still has an older head must then fetch the new one; voters who are
    /// withheld only now are no longer in any table
    #[arg(long)]
    prune: bool,
    /// How keys are derived: the same site either way
    #[arg(long, value_name = "METHOD", default_value = "fast")]
    derive: Derive,
}

/// The values of `--derive`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Derive {
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
        ("bilik build pemilu --key KEY --out site", "Check, seal, sign and publish, all or nothing"),
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
            allow_rejects: self.allow_rejects,
            prune: self.prune,
            derive: self.derive.into(),
        };
        let bars = ProgressBars::new();
        let outcome = build::build(&options, &bars, cancel)?;
        drop(bars);
        match outcome {
            BuildOutcome::Built(built, report) => {
                // Warnings, and what was accepted: a withheld voter whom no line matched would be published unnoticed.
                write!(output.stderr, "{report}");
                print_built(&built, began.elapsed().as_secs_f64(), &output.stdout);
                writeln!(output.stdout, "{}", self.out.display());
                Ok(Exit::Success)
            }
            BuildOutcome::Refused { report, totals, rejects } => {
                write!(output.stderr, "{report}");
                writeln!(output.stderr, "{}", report.summary(totals));
                writeln!(
                    output.stderr,
                    "\nNothing was built. Rejected lines: {}, listed in {}. \
                     Fix them, or pass --allow-rejects {} to publish without these voters",
                    HumanCount(report.rejected()),
                    rejects.display(),
                    report.rejected()
                );
                Ok(Exit::Negative)
            }
        }
    }
}

/// What was built, in a few lines.
fn print_built(built: &Built, seconds: f64, out: &Stdout) {
    let [full, near] = built.tables;
    writeln!(
        out,
        "{} voters sealed in {} groups, {} stations, {seconds:.1} s",
        HumanCount(built.voters),
        built.groups,
        HumanCount(built.stations.into())
    );
    let rows = [
        ("tables by full", full.bytes, full.files),
        ("tables by near", near.bytes, near.files),
        ("all but the app", built.written.bytes, built.written.files),
    ];
    for (name, bytes, files) in rows {
        // `HumanCount` knows no width.
        writeln!(out, "{name:<15} {:>14} bytes in {files} files", HumanCount(bytes).to_string());
    }
    writeln!(
        out,
        "manifest {} bytes, largest directory {} bytes",
        HumanCount(built.manifest.into()),
        HumanCount(built.largest_directory.into())
    );
    if built.withheld > 0 {
        writeln!(out, "voters withheld, not sealed anywhere: {}", HumanCount(built.withheld));
    }
    if built.earlier > 0 {
        writeln!(
            out,
            "files of earlier builds kept, for pages that still have their head: {}; --prune removes them",
            HumanCount(built.earlier)
        );
        if built.withheld > 0 {
            writeln!(
                out,
                "WARNING: they still contain voters who were not withheld then. Fix: build again with --prune, and delete the \
                 old files on every mirror"
            );
        }
    }
    if built.rejected > 0 {
        writeln!(out, "rejected lines: {}, listed in rejects.csv: these voters will not be found", HumanCount(built.rejected));
    }
    writeln!(out, "every voter was looked up by both recipes; signed as serial {} by {}", built.serial, listed(&built.signed_by));
}
