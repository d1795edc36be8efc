//! `bilik status`

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::language::{decimal, number};
use bilik_publish::status::{WorkStatus, status};
use bilik_publish::work::WorkFolder;
use std::path::PathBuf;
use tr::tr;

/// Parts that are listed in words; `--json` lists all of them.
const LISTED: usize = 20;

/// Show which parts of a plan are sealed, and what is left to do
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Status {
    /// The work folder, with its run.key
    work: PathBuf,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik status W", "Show which parts are sealed"),
        ("bilik status W --json", "Show it to a program: done, missing, refused, core-hours"),
    ],
    exit_statuses: &[
        (Exit::Success, "every part is sealed"),
        (Exit::Negative, "some parts are missing or refused"),
        (Exit::Failure, "the work folder could not be read"),
        (Exit::Interrupted, "interrupted"),
    ],
};

impl Status {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Exit> {
        let status = status(&WorkFolder::new(&self.work))?;
        if self.json {
            output.stdout.json(&status)?;
        } else {
            print(&status, output);
        }
        Ok(if status.done == status.parts { Exit::Success } else { Exit::Negative })
    }
}

fn print(status: &WorkStatus, output: &Output) {
    let out = &output.stdout;
    writeln!(
        out,
        "{}",
        tr!(
            "{}: {} voters, {} keys; {} of {} parts sealed",
            status.election,
            number(status.voters),
            number(status.keys),
            status.done,
            status.parts
        )
    );
    if !status.missing.is_empty() {
        let some: Vec<String> = status.missing.iter().take(LISTED).map(usize::to_string).collect();
        let more = if status.missing.len() > LISTED { tr!(", … (all with --json)") } else { String::new() };
        writeln!(out, "{}", tr!("not sealed: {}{}", some.join(","), more));
    }
    for refused in &status.refused {
        writeln!(out, "{}", tr!("REFUSED part {}: {}", refused.part, refused.reason));
    }
    let left = status.core_hours_left.map_or(tr!("not known yet"), |hours| decimal(hours, 1));
    writeln!(out, "{}", tr!("core-hours: {} spent, {} left", decimal(status.core_hours_spent, 1), left));
}
