//! `bilik report`: what the sealed files tell a stranger. So far, what harvesting them costs.

use super::help::Help;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use anyhow::Context as _;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::cost_model::{CostSettings, Estimate, Population, Prices, RollShape, published_names};
use bilik_publish::input::Input;
use bilik_publish::partition;
use bilik_publish::problem::Report as Problems;
use bilik_publish::rejects::Rejects;
use clap::Args;
use std::path::{Path, PathBuf};

/// Show what it costs to harvest the roll from its sealed files
///
/// Without DIR it prices the default settings and the shape of Indonesia's election of 2024. docs/threat-model.md explains the
/// attackers, the assumptions and the floors.
#[derive(Debug, Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Report {
    /// An election folder: its settings and the shape of its roll are priced
    dir: Option<PathBuf>,
    /// Price each attacker by each recipe
    #[arg(long, required_unless_present = "print_prices")]
    cost: bool,
    /// Rates and prices of machines in place of the default ones
    #[arg(long, value_name = "FILE", requires = "cost")]
    prices: Option<PathBuf>,
    /// Print the rates and prices as a file for --prices, and nothing else
    #[arg(long, conflicts_with_all = ["dir", "json"])]
    print_prices: bool,
    /// Print the model's answer as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik report --cost", "Price the default settings for a country like Indonesia"),
        ("bilik report --cost pemilu", "Price an election's own settings and roll"),
        ("bilik report --cost --print-prices", "Write a file of rates and prices to change"),
        ("bilik report --cost --prices prices.toml --json", "Price with them, for a script"),
    ],
    exit_statuses: &[
        (Exit::Success, "printed"),
        (Exit::Negative, "printed, and a real election's roll falls under a floor"),
        (Exit::Failure, "the input or the prices could not be read"),
        (Exit::Interrupted, "interrupted"),
    ],
};

/// Fewer voters do not show how names and ages are distributed.
const MIN_MEASURED: u64 = 10_000;

impl Report {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let prices = self.prices.as_deref().map_or_else(|| Ok(Prices::default()), Prices::load)?;
        if self.print_prices {
            write!(output.stdout, "{}", prices.to_toml());
            return Ok(Exit::Success);
        }
        let (estimate, is_real) = match &self.dir {
            Some(dir) => of_election(dir, prices, output, cancel)?,
            None => (Estimate::of(CostSettings::DEFAULT, Population::published(), &published_names(), prices), false),
        };
        if self.json {
            output.stdout.json(&estimate)?;
        } else {
            write!(output.stdout, "{estimate}");
        }
        Ok(if is_real && !estimate.reaches_its_floors() { Exit::Negative } else { Exit::Success })
    }
}

/// Reads the roll as `check` does, and prices it. Also says whether the election is a real one.
fn of_election(dir: &Path, prices: Prices, output: &Output, cancel: &CancellationToken) -> anyhow::Result<(Estimate, bool)> {
    let (mut problems, mut rejects) = (Problems::new(), Rejects::nowhere());
    let input = Input::load(dir, &mut problems, &mut rejects)?;
    let bars = ProgressBars::new();
    let checked = partition::check(&input, dir, &mut problems, &mut rejects, &bars, cancel)?;
    drop(bars);
    if problems.errors() > 0 {
        let errors = problems.errors();
        writeln!(output.stderr, "bilik: errors in the input: {errors}; their lines are left out. `bilik check` lists them");
    }
    let shape = RollShape::measure(&input, &checked, cancel)?.context("the roll has no voter to measure")?;
    if shape.measured < MIN_MEASURED {
        writeln!(output.stderr, "bilik: the roll has few voters: their names and ages say little, and the figures with them");
    }
    let settings = CostSettings::of(input.config.sealing);
    let estimate = Estimate::of(settings, shape.population, &shape.names, prices);
    let estimate = match &shape.weakest {
        Some(table) => estimate.with_weakest(table),
        None => estimate,
    };
    Ok((estimate, !input.config.election.demo))
}
