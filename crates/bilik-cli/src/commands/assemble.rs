//! `bilik assemble`

use super::built::{built_json, print_built};
use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::assemble::{self, AssembleOptions};
use bilik_publish::cancel::CancellationToken;
use std::path::PathBuf;
use std::time::Instant;

/// Sign and publish a site from sealed parts
///
/// Every part must be there, of this plan and complete. Each table is asked for one random voter's key, as a reader asks. Then the
/// work folder is wiped.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(super) struct Assemble {
    /// The work folder, with its run.key
    work: PathBuf,
    /// The secret key to sign with. May be given several times: all of them sign
    #[arg(long, required = true)]
    key: Vec<PathBuf>,
    /// Output directory; an existing site is replaced atomically
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// Remove the files of earlier builds. A page that still has an older head must then fetch the new one; voters who are
    /// withheld only now are no longer in any table
    #[arg(long)]
    prune: bool,
    /// Publish in the folder with fewer signatures than pages demand: the holders of other keys add theirs with `bilik sign` before
    /// anything is uploaded
    #[arg(long)]
    signatures_follow: bool,
    /// Keep the contents of the work folder
    #[arg(long)]
    keep: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[("bilik assemble W --key KEY --out site", "Sign and publish, all or nothing, and wipe the work folder")],
    exit_statuses: &[
        (Exit::Success, "the site was published"),
        (Exit::Failure, "a part is missing or refused, or it could not be assembled; nothing was published"),
        (Exit::Interrupted, "interrupted; nothing was published"),
    ],
};

impl Assemble {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let began = Instant::now();
        let options = AssembleOptions {
            work: self.work.clone(),
            keys: self.key.clone(),
            site: self.out.clone(),
            prune: self.prune,
            signatures_follow: self.signatures_follow,
            keep: self.keep,
        };
        let bars = ProgressBars::new(output);
        let built = assemble::assemble(&options, &bars, cancel)?;
        drop(bars);
        if self.json {
            output.stdout.json(&built_json(&built, &self.out, began.elapsed().as_secs_f64()))?;
            return Ok(Exit::Success);
        }
        print_built(&built, &self.out, &self.key, began.elapsed().as_secs_f64(), output);
        writeln!(output.notes(), "{}", self.out.display());
        Ok(Exit::Success)
    }
}
