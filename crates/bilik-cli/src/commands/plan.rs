//! `bilik plan`

use super::built::{groups, keys, print_refusal, refusal_json, stations, voters};
use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::language::{number, translated};
use bilik_publish::plan::{self, Allowed, Plan, PlanOptions, PlanOutcome};
use bilik_publish::problem::Totals;
use bilik_publish::reuse::obstacle;
use serde_json::json;
use std::path::PathBuf;
use tr::tr;

/// Check the input and divide the work into parts, to seal them anywhere
///
/// The first of three steps: plan, seal each part, assemble. `bilik build` does all three on one machine.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct PlanCommand {
    /// The election folder
    dir: PathBuf,
    /// The work folder: a new one, or one left by a killed run
    #[arg(long, value_name = "W")]
    work: PathBuf,
    /// How many parts; by default, parts of about an hour of one core. A part has whole tables, so there can be fewer
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4_096))]
    parts: Option<u16>,
    /// Plan even if up to N lines are rejected
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_rejects: u64,
    /// Take over the tables of this site, which an earlier build made from the same folder, where nothing changed. 32 random ones are
    /// sealed again to hide which changed. It must stay as it is until the parts are assembled
    #[arg(long, value_name = "SITE")]
    reuse: Option<PathBuf>,
    /// Plan even if the voters differ from totals.csv by up to N, added up over its lines
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_differences: u64,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik plan pemilu --work W", "Check the input and divide it into parts of about an hour"),
        ("bilik plan pemilu --work W --reuse site", "Plan what changed since site was built from the same folder"),
        ("bilik plan pemilu --work W --parts 640", "Divide it into 640 parts, such as for a Slurm array of 1-640"),
    ],
    exit_statuses: &[
        (Exit::Success, "the work folder has the plan of this input; if it had it before, nothing was done"),
        (Exit::Negative, "refused: the input has errors; nothing was planned"),
        (Exit::Failure, "it could not be planned, or the input changed after it was"),
        (Exit::Interrupted, "interrupted; nothing was planned"),
    ],
};

impl PlanCommand {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let options = PlanOptions {
            folder: self.dir.clone(),
            work: self.work.clone(),
            parts: self.parts.map(usize::from),
            allowed: Allowed { rejects: self.allow_rejects, differences: self.allow_differences },
            reuse: self.reuse.clone(),
        };
        if let Some(site) = &self.reuse
            && let Some(obstacle) = obstacle(&self.dir, site)
        {
            anyhow::bail!(
                "{}",
                tr!(
                    "{}: {}. Fix: give the site that the last build of this folder made, or leave --reuse out",
                    site.display(),
                    translated(obstacle)
                )
            );
        }
        let bars = ProgressBars::new(output);
        let outcome = plan::plan(&options, &bars, cancel)?;
        drop(bars);
        if self.json {
            return self.print_json(&outcome, output);
        }
        match outcome {
            PlanOutcome::Planned(plan, report) => {
                write!(output.stderr, "{report}");
                self.print(&plan, output);
                if self.parts.is_some_and(|asked| usize::from(asked) > plan.parts.len()) {
                    writeln!(output.notes(), "{}", tr!("fewer parts than asked for: there are no more groups to seal"));
                }
                Ok(Exit::Success)
            }
            PlanOutcome::AlreadyPlanned(plan, report) => {
                write!(output.stderr, "{report}");
                writeln!(
                    output.notes(),
                    "{}",
                    tr!("{}: planned before, of the same input; nothing was done", self.work.display())
                );
                self.print(&plan, output);
                Ok(Exit::Success)
            }
            PlanOutcome::Refused(refusal) => {
                print_refusal(&tr!("Nothing was planned."), &refusal, &output.stderr);
                Ok(Exit::Negative)
            }
        }
    }

    fn print_json(&self, outcome: &PlanOutcome, output: &Output) -> anyhow::Result<Exit> {
        let (plan, report, is_old) = match outcome {
            PlanOutcome::Refused(refusal) => {
                output.stdout.json(&refusal_json(refusal))?;
                return Ok(Exit::Negative);
            }
            PlanOutcome::Planned(plan, report) => (plan, report, false),
            PlanOutcome::AlreadyPlanned(plan, report) => (plan, report, true),
        };
        let totals = Totals { voters: plan.voters, stations: plan.stations.into(), withheld: plan.withheld };
        output.stdout.json(&json!({
            "work": self.work,
            "election": plan.election,
            "alreadyPlanned": is_old,
            "voters": plan.voters,
            "withheld": plan.withheld,
            "rejected": plan.rejected,
            "differences": plan.differences,
            "stations": plan.stations,
            "groups": plan.groups.len(),
            "takenOver": plan.taken_over().count(),
            "keys": plan.keys(),
            "parts": plan.parts.len(),
            "report": report.json(totals),
        }))?;
        Ok(Exit::Success)
    }

    fn print(&self, plan: &Plan, output: &Output) {
        let (out, parts) = (output.notes(), plan.parts.len());
        writeln!(
            out,
            "{}",
            tr!(
                "{} in {}, {} to derive, {}",
                voters(plan.voters),
                groups(plan.groups.len()),
                keys(plan.keys()),
                stations(plan.stations.into())
            )
        );
        if plan.earlier.is_some() {
            let taken_over = plan.taken_over().count();
            writeln!(
                out,
                "{}",
                tr!("groups whose tables are taken over: {}; sealed: {}", taken_over, plan.groups.len() - taken_over)
            );
        }
        let work = self.work.display();
        if parts == 0 {
            writeln!(out, "{}", tr!("no part has to be sealed; next: bilik assemble {} --key KEY --out SITE", work));
            return;
        }
        let largest = plan.parts.iter().map(|part| part.keys).max().unwrap_or_default();
        writeln!(out, "{}", tr!("parts 1 to {}; the largest has {} keys", parts, number(largest)));
        writeln!(
            out,
            "{}",
            tr!("next: bilik seal {} --part N for each of them, then bilik assemble {} --key KEY --out SITE", work, work)
        );
    }
}
