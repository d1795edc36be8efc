//! `bilik check`: every problem of the input in one run, and what changed since an earlier input.

use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::{Output, Stdout};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::changes::{ChangeTotals, Changes, ChangesList, CheckedRoll, Earlier, RegencyChanges, compare};
use bilik_publish::crosscheck::crosscheck;
use bilik_publish::input::Input;
use bilik_publish::language::number;
use bilik_publish::partition::{self, PartitionError};
use bilik_publish::problem::{Report, ReportJson, Totals, Unreadable};
use bilik_publish::rejects::Rejects;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use tr::tr;

/// Read the whole input and report every problem; build nothing
#[derive(Debug, Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Check {
    /// The election folder
    dir: PathBuf,
    /// Also count what changed since an earlier election folder: voters and stations that are new, gone or moved
    #[arg(long, value_name = "OLDDIR")]
    against: Option<PathBuf>,
    /// List each changed voter and station in this CSV file. It holds NIKs and names: only its owner can read it. It is never
    /// overwritten
    #[arg(long, value_name = "FILE", requires = "against")]
    changes: Option<PathBuf>,
    /// Print the report as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik check pemilu", "Report every problem with its file, line and column, and how to fix it"),
        ("bilik check pemilu --json", "Report the same to a script"),
        ("bilik check pemilu --against pemilu-old", "Also count the voters and stations that are new, gone or moved"),
        ("bilik check pemilu --against pemilu-old --changes changes.csv", "Also list them, in a private file"),
    ],
    exit_statuses: &[
        (Exit::Success, "no errors; there may be warnings and changes"),
        (Exit::Negative, "the input has errors: `bilik build` would refuse it"),
        (Exit::Failure, "the input could not be read, or not be compared"),
        (Exit::Interrupted, "interrupted"),
    ],
};

/// Regencies that the terminal shows.
const MAX_REGENCIES: usize = 10;

/// What was found.
#[derive(Default)]
struct Found {
    totals: Totals,
    changes: Option<Changes>,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    #[serde(flatten)]
    report: ReportJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a Changes>,
}

impl Check {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let mut report = Report::new();
        let (found, exit) = match self.look(&mut report, output, cancel) {
            Ok(found) => (found, if report.errors() > 0 { Exit::Negative } else { Exit::Success }),
            Err(error) => {
                // Reported together with everything that was found before.
                let Unreadable(problems) = error.downcast()?;
                for problem in problems {
                    report.push(problem);
                }
                (Found::default(), Exit::Failure)
            }
        };
        self.print(&report, &found, exit, output)?;
        Ok(exit)
    }

    fn look(&self, report: &mut Report, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Found> {
        // A wrong path is told before minutes of work.
        let earlier = self.against.as_deref().map(Earlier::load).transpose()?;
        let mut list = self.changes.as_deref().map(ChangesList::create).transpose()?;
        let mut rejects = Rejects::nowhere();
        let input = Input::load(&self.dir, report, &mut rejects)?;
        let bars = ProgressBars::new(output);
        let checked = partition::check(&input, &self.dir, report, &mut rejects, &bars, cancel);
        let checked = checked.map_err(|error| match error {
            PartitionError::Unreadable(unreadable) => anyhow::Error::from(unreadable),
            error => error.into(),
        })?;
        crosscheck(&input, &checked.stations, report);
        // What `build` would refuse though every line is good, and what the pages lack.
        [input.config.over(bilik_publish::now()?), checked.no_voters(&input.config)]
            .into_iter()
            .flatten()
            .chain(input.config.warnings())
            .for_each(|problem| report.push(problem));
        let stations = u64::try_from(input.stations.rows().len()).unwrap_or(u64::MAX);
        let totals = Totals { voters: checked.voters, stations, withheld: checked.withheld };
        // The scratch files go before those of the comparison come.
        drop(checked.partition);
        let now = CheckedRoll { input, digest: checked.roll, prefixes: checked.prefixes };
        let changes = earlier.map(|earlier| compare(now, &earlier, &self.dir, list.as_mut(), &bars, cancel)).transpose()?;
        list.map_or(Ok(()), ChangesList::finish)?;
        Ok(Found { totals, changes })
    }

    fn print(&self, report: &Report, found: &Found, exit: Exit, output: &Output) -> anyhow::Result<()> {
        let out = &output.stdout;
        if self.json {
            return out.json(&CheckJson { report: report.json(found.totals), changes: found.changes.as_ref() });
        }
        write!(out, "{report}");
        if exit == Exit::Failure {
            writeln!(out, "{}", tr!("Not everything could be read. Fix what is named above, and check again."));
        } else {
            writeln!(out, "{}", report.summary(found.totals));
        }
        if let (Some(changes), Some(against)) = (&found.changes, &self.against) {
            writeln!(out, "\n{}", tr!("changes since {}:", against.display()));
            print_changes(changes, out);
            if let Some(list) = &self.changes {
                writeln!(out, "{}", tr!("listed in {}: private, it holds part of the roll", list.display()));
            }
        }
        Ok(())
    }
}

fn print_changes(changes: &Changes, out: &Stdout) {
    for (what, ChangeTotals { total, changed }) in [(tr!("voters"), changes.voters), (tr!("stations"), changes.stations)] {
        writeln!(
            out,
            "{}",
            tr!(
                "{}: {} before, {} now; {} added, {} gone, {} moved",
                what,
                number(total.before),
                number(total.now),
                number(changed.added),
                number(changed.gone),
                number(changed.moved)
            )
        );
    }
    let skipped = changes.not_compared;
    if skipped.before + skipped.now > 0 {
        writeln!(
            out,
            "{}",
            tr!("lines of the rolls with errors, not compared: {} before, {} now", number(skipped.before), number(skipped.now))
        );
    }
    let Some(shown) = changes.regencies.get(..MAX_REGENCIES.min(changes.regencies.len())).filter(|shown| !shown.is_empty())
    else {
        return;
    };
    let name = |regency: &RegencyChanges| format!("{} {}", regency.code, regency.name);
    let width = shown.iter().map(|regency| name(regency).chars().count()).max().unwrap_or_default();
    let [voters, stations, gone, moved] = [tr!("voters added"), tr!("stations added"), tr!("gone"), tr!("moved")];
    writeln!(out, "{:width$}  {voters:>12} {gone:>10} {moved:>10}  {stations:>14} {gone:>6} {moved:>6}", "");
    for regency in shown {
        let [voters, stations] = [regency.voters, regency.stations];
        let [added, gone, moved] = [voters.added, voters.gone, voters.moved].map(number);
        writeln!(
            out,
            "{:width$}  {added:>12} {gone:>10} {moved:>10}  {:>14} {:>6} {:>6}",
            name(regency),
            stations.added,
            stations.gone,
            stations.moved
        );
    }
    if changes.regencies.len() > shown.len() {
        writeln!(out, "{}", tr!("and {} more regencies; --json has all", changes.regencies.len() - shown.len()));
    }
}
