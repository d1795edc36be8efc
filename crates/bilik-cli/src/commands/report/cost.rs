//! `bilik report --cost`: what harvesting a roll from its sealed files costs.

use super::super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use anyhow::Context as _;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::cost_model::{CostSettings, Estimate, Population, Prices, RollShape, published_names};
use bilik_publish::input::Input;
use bilik_publish::partition::{self, Checked};
use bilik_publish::problem::Report as Problems;
use bilik_publish::rejects::Rejects;
use std::path::Path;
use tr::tr;

/// Fewer voters do not show how names and ages are distributed.
const MIN_MEASURED: u64 = 10_000;

/// An election folder, read as `check` does.
pub(super) struct ReadRoll {
    pub input: Input,
    pub problems: Problems,
    pub checked: Checked,
    pub shape: Option<RollShape>,
}

pub(super) fn print(
    dir: Option<&Path>,
    prices: Prices,
    json: bool,
    output: &Output,
    cancel: &CancellationToken,
) -> anyhow::Result<Exit> {
    let (estimate, is_real) = match dir {
        Some(dir) => of_election(dir, prices, output, cancel)?,
        None => (Estimate::of(CostSettings::DEFAULT, Population::published(), &published_names(), prices), false),
    };
    if json {
        output.stdout.json(&estimate)?;
    } else {
        write!(output.stdout, "{estimate}");
    }
    Ok(if is_real && !estimate.reaches_its_floors() { Exit::Negative } else { Exit::Success })
}

/// Prices a roll. Also says whether the election is a real one.
fn of_election(dir: &Path, prices: Prices, output: &Output, cancel: &CancellationToken) -> anyhow::Result<(Estimate, bool)> {
    let ReadRoll { input, shape, .. } = read_roll(dir, output, cancel)?;
    let shape = shape.context(tr!("the roll has no voter to measure"))?;
    let settings = CostSettings::of(input.config.sealing);
    let estimate = Estimate::of(settings, shape.population, &shape.names, prices);
    let estimate = match &shape.weakest {
        Some(table) => estimate.with_weakest(table),
        None => estimate,
    };
    Ok((estimate, !input.config.election.demo))
}

pub(super) fn read_roll(dir: &Path, output: &Output, cancel: &CancellationToken) -> anyhow::Result<ReadRoll> {
    let (mut problems, mut rejects) = (Problems::new(), Rejects::nowhere());
    let input = Input::load(dir, &mut problems, &mut rejects)?;
    let bars = ProgressBars::new(output);
    let checked = partition::check(&input, dir, &mut problems, &mut rejects, &bars, cancel)?;
    drop(bars);
    if problems.errors() > 0 {
        let errors = problems.errors();
        writeln!(
            output.stderr,
            "{}",
            tr!("bilik: errors in the input: {}; their lines are left out. `bilik check` lists them", errors)
        );
    }
    let shape = RollShape::measure(&input, &checked, cancel)?;
    if shape.as_ref().is_some_and(|shape| shape.measured < MIN_MEASURED) {
        writeln!(
            output.stderr,
            "{}",
            tr!("bilik: the roll has few voters: their names and ages say little, and the figures with them")
        );
    }
    Ok(ReadRoll { input, problems, checked, shape })
}
