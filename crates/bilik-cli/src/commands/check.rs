//! `bilik check`: every problem of the input in one run.

use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::crosscheck::crosscheck;
use bilik_publish::input::Input;
use bilik_publish::partition::{self, PartitionError};
use bilik_publish::problem::{Report, Totals, Unreadable};
use bilik_publish::rejects::Rejects;
use clap::Args;
use std::path::PathBuf;

/// Read the whole input and report every problem; writes nothing
#[derive(Debug, Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Check {
    /// The election folder
    dir: PathBuf,
    /// Print the report as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik check pemilu", "Report every problem with its file, line and column, and how to fix it"),
        ("bilik check pemilu --json", "Report the same to a script"),
    ],
    exit_statuses: &[
        (Exit::Success, "no errors; there may be warnings"),
        (Exit::Negative, "the input has errors: `bilik build` would refuse it"),
        (Exit::Failure, "the input could not be read"),
        (Exit::Interrupted, "interrupted"),
    ],
};

impl Check {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let mut report = Report::new();
        let (totals, exit) = match self.look(&mut report, cancel) {
            Ok(totals) => (totals, if report.errors() > 0 { Exit::Negative } else { Exit::Success }),
            Err(error) => {
                // Reported together with everything that was found before.
                let Unreadable(problems) = error.downcast()?;
                for problem in problems {
                    report.push(problem);
                }
                (Totals::default(), Exit::Failure)
            }
        };
        self.print(&report, totals, exit, output);
        Ok(exit)
    }

    fn look(&self, report: &mut Report, cancel: &CancellationToken) -> anyhow::Result<Totals> {
        let mut rejects = Rejects::nowhere();
        let input = Input::load(&self.dir, report, &mut rejects)?;
        let bars = ProgressBars::new();
        let checked = partition::check(&input, &self.dir, report, &mut rejects, &bars, cancel);
        let checked = checked.map_err(|error| match error {
            PartitionError::Unreadable(unreadable) => anyhow::Error::from(unreadable),
            error => error.into(),
        })?;
        crosscheck(&input, &checked.stations, report);
        // What `build` would refuse though every line is good.
        [input.config.over(bilik_publish::now()?), checked.no_voters(&input.config)]
            .into_iter()
            .flatten()
            .for_each(|problem| report.push(problem));
        let stations = u64::try_from(input.stations.rows().len()).unwrap_or(u64::MAX);
        Ok(Totals { voters: checked.voters, stations, withheld: checked.withheld })
    }

    fn print(&self, report: &Report, totals: Totals, exit: Exit, output: &Output) {
        if self.json {
            return output.stdout.with(|out| report.write_json(totals, out));
        }
        write!(output.stdout, "{report}");
        if exit == Exit::Failure {
            writeln!(output.stdout, "Not everything could be read. Fix what is named above, and check again.");
        } else {
            writeln!(output.stdout, "{}", report.summary(totals));
        }
    }
}
