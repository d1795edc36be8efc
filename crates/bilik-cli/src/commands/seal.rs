//! `bilik seal`

use super::build::Derive;
use super::built::{files, keys};
use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::language::decimal;
use bilik_publish::seal_part::{SealOutcome, SealPartError, seal_part};
use bilik_publish::work::{PartKey, Receipt, WorkFolder};
use serde_json::json;
use std::path::PathBuf;
use tr::tr;

/// Seal one part of a plan
///
/// What it makes appears when it is whole. Running it again, or twice at once, does no harm. Every table is read back and asked
/// for every key.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Seal {
    /// The work folder
    work: PathBuf,
    /// The part, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    part: u32,
    /// The key of this part, from `bilik part-key`, when run.key is not on this machine
    #[arg(long, value_name = "FILE")]
    part_key: Option<PathBuf>,
    /// How keys are derived: the same tables either way
    #[arg(long, value_name = "METHOD", default_value = "fast")]
    derive: Derive,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik seal W --part 7", "Seal part 7"),
        ("bilik seal W --part 7 --part-key key-7", "Seal it where the work folder has no run.key"),
    ],
    exit_statuses: &[
        (Exit::Success, "the part is sealed; if it was before, nothing was done"),
        (Exit::Failure, "an argument is wrong"),
        (Exit::Never, "trying again does not help: there is no such part, a file is damaged, or the key is wrong"),
        (Exit::TryAgain, "trying again may help: a disk is full, or a folder is out of reach"),
        (Exit::Interrupted, "interrupted; nothing was written. Try again"),
    ],
};

impl Seal {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> Exit {
        let bars = ProgressBars::new(output);
        let outcome = self.seal(&bars, cancel);
        drop(bars);
        if self.json
            && let Ok(SealOutcome::Sealed(receipt) | SealOutcome::AlreadySealed(receipt)) = &outcome
        {
            let is_old = matches!(outcome, Ok(SealOutcome::AlreadySealed(_)));
            let Receipt { part, keys, files, cpu_seconds, .. } = receipt;
            let value = json!({
                "part": part, "alreadySealed": is_old, "keys": keys, "files": files.len(), "cpuSeconds": cpu_seconds,
            });
            writeln!(output.stdout, "{value:#}");
            return Exit::Success;
        }
        match outcome {
            Ok(SealOutcome::Sealed(receipt)) => {
                let (keys, files, seconds) = (keys(receipt.keys), files(receipt.files.len()), decimal(receipt.cpu_seconds, 1));
                let text =
                    tr!("part {}: {} sealed in {}, {} CPU seconds; every one was looked up", receipt.part, keys, files, seconds);
                writeln!(output.notes(), "{text}");
                Exit::Success
            }
            Ok(SealOutcome::AlreadySealed(receipt)) => {
                writeln!(output.notes(), "{}", tr!("part {}: sealed before; nothing was done", receipt.part));
                Exit::Success
            }
            Err(error) => {
                if self.json {
                    writeln!(output.stdout, "{}", json!({ "error": error.to_string() }));
                }
                writeln!(output.stderr, "{}", tr!("bilik: part {}: {}", self.part, error));
                match error.may_pass() {
                    _ if cancel.is_cancelled() => Exit::Interrupted,
                    true => Exit::TryAgain,
                    false => Exit::Never,
                }
            }
        }
    }

    fn seal(&self, bars: &ProgressBars, cancel: &CancellationToken) -> Result<SealOutcome, SealPartError> {
        let work = WorkFolder::new(&self.work);
        let part = usize::try_from(self.part).unwrap_or(usize::MAX);
        let key = if let Some(path) = &self.part_key {
            PartKey::read(path)?
        } else {
            let key = work.run_key()?;
            work.plan(&key)?.require_part(part)?;
            key.part(part)
        };
        seal_part(&work, part, &key, self.derive.into(), bars, cancel)
    }
}
