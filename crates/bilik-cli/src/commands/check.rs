//! `bilik check`: every problem of the input in one run.

use super::progress::Bars;
use bilik_publish::build::now;
use bilik_publish::input::Input;
use bilik_publish::partition;
use bilik_publish::problem::{Report, Totals, Unreadable};
use bilik_publish::roll::Rejects;
use clap::Args;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status: 0 without errors (warnings or not), 1 with errors, 2 if the input could not be read.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The election folder
    dir: PathBuf,
    /// Print one JSON object instead
    #[arg(long)]
    pub(super) json: bool,
}

impl Check {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut report = Report::new();
        let (totals, code) = match self.look(&mut report) {
            Ok(totals) => (totals, u8::from(report.errors() > 0)),
            Err(error) => {
                // Told together with everything that was found before.
                let Unreadable(problems) = error.downcast()?;
                for problem in problems {
                    report.push(problem);
                }
                (Totals::default(), super::EXIT_FAILURE)
            }
        };
        match self.print(&report, totals, code) {
            // Whoever reads the output has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            other => other?,
        }
        Ok(ExitCode::from(code))
    }

    fn look(&self, report: &mut Report) -> anyhow::Result<Totals> {
        let mut rejects = Rejects::nowhere();
        let input = Input::load(&self.dir, report, &mut rejects)?;
        let bars = Bars::new();
        let checked = partition::check(&input, &self.dir, report, &mut rejects, &bars)?;
        // What `build` would refuse though every line is good.
        [input.config.over(now()?), checked.nobody(&input.config)].into_iter().flatten().for_each(|problem| report.push(problem));
        let stations = u64::try_from(input.stations.rows().len()).unwrap_or(u64::MAX);
        Ok(Totals { voters: checked.voters, stations, withheld: checked.withheld })
    }

    fn print(&self, report: &Report, totals: Totals, code: u8) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            return report.write_json(totals, &mut out);
        }
        write!(out, "{report}")?;
        if code == super::EXIT_FAILURE {
            return writeln!(out, "Not everything could be read. Mend what is named above, and check again.");
        }
        writeln!(out, "{}", report.summary(totals))
    }
}
