//! `bilik part-key`

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::work::WorkFolder;
use std::path::PathBuf;

/// Print the key of one part, for a worker that must not read the others
///
/// With it, a worker reads what this part needs and writes what it makes, and nothing else of the work folder.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct PartKeyCommand {
    /// The work folder, with its run.key
    work: PathBuf,
    /// The part, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    part: u32,
}

pub(super) const HELP: Help = Help {
    examples: &[("bilik part-key W --part 7", "Print 64 hex digits: a secret, for `bilik seal --part-key`")],
    exit_statuses: &[
        (Exit::Success, "the key was printed"),
        (Exit::Failure, "there is no such part, or the work folder has no key"),
        (Exit::Interrupted, "interrupted"),
    ],
};

impl PartKeyCommand {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Exit> {
        let work = WorkFolder::new(&self.work);
        let part = usize::try_from(self.part).unwrap_or(usize::MAX);
        let key = work.run_key()?;
        work.plan(&key)?.require_part(part)?;
        writeln!(output.stdout, "{}", *key.part(part).to_hex());
        Ok(Exit::Success)
    }
}
