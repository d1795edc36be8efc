//! `bilik demo`

use super::clock::days_from_today;
use super::help::Help;
use super::progress_bars::ProgressBars;
use super::serve::wait;
use crate::exit::Exit;
use crate::output::Output;
use crate::synthetic::{Sample, SampleVoter, Shape};
use crate::{server, synthetic};
use anyhow::Context as _;
use bilik::Cost;
use bilik_publish::build::{BuildOptions, Built};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::DeriveMethod;
use bilik_publish::language::number;
use bilik_publish::{app, build, signing};
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use tr::tr;

/// Polling day of a demo, in days from today: the page shows an election that is yet to come.
const DAYS_AHEAD: u32 = 30;

/// Make up an election, build its site, serve it, and print voters to try
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Demo {
    /// Port to listen on [default: the first free one from 8080]
    #[arg(long)]
    port: Option<u16>,
    /// Number of voters on the made-up roll
    #[arg(long, value_name = "N", default_value_t = 6_000, value_parser = clap::value_parser!(u64).range(500..=10_000_000))]
    voters: u64,
    /// Write the election folder, the key and the site to DIR and keep them
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Write the site without serving it
    #[arg(long, requires = "keep")]
    write_only: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik demo", "Serve a made-up election of 6,000 voters until Ctrl-C, then remove it"),
        ("bilik demo --voters 28000 --port 8081", "Make a larger one, and serve it on port 8081"),
        ("bilik demo --keep try --write-only", "Write try/election, try/key, try/key.pub and try/site, and serve nothing"),
    ],
    exit_statuses: &[
        (Exit::Success, "written; if it was served, stopped by Ctrl-C or SIGTERM"),
        (Exit::Failure, "it could not be built or served"),
        (Exit::Interrupted, "interrupted before it was built"),
    ],
};

impl Demo {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        app::check()?;
        // Removed when dropped, also after Ctrl-C.
        let scratch = tempfile::Builder::new().prefix("bilik-demo-").tempdir().context(tr!("cannot make a temporary folder"))?;
        let folder = self.keep.as_deref().unwrap_or(scratch.path());
        let shape = Shape { polling_day: days_from_today(DAYS_AHEAD)?, ..Shape::demo(self.voters) };
        let sample = synthetic::write(&folder.join("election"), &shape)?;
        let built = build(folder, output, cancel)?;
        let out = &output.stdout;
        writeln!(
            out,
            "{}",
            tr!(
                "A made-up election of {} voters at {} stations; no real person is in it.",
                number(built.voters),
                number(built.stations.into())
            )
        );
        if let Some(keep) = &self.keep {
            writeln!(out, "{}", tr!("Kept in {}: election/ (the input), key and key.pub, site/.", keep.display()));
        }
        let server = if self.write_only {
            None
        } else {
            Some(server::start_near(&folder.join("site"), Ipv4Addr::LOCALHOST.into(), self.port, None)?)
        };
        let address = server.as_ref().map(|server| format!("http://{}/", server.address()));
        write!(out, "{}", instructions(address.as_deref(), &sample, shape.cost));
        if server.is_some() {
            writeln!(out, "\n{}", tr!("Serving until Ctrl-C."));
            wait(cancel);
            writeln!(
                out,
                "\n{}",
                if self.keep.is_some() { tr!("Stopped.") } else { tr!("Stopped; the made-up election was removed.") }
            );
        }
        Ok(Exit::Success)
    }
}

/// Makes a key beside the election folder, and the site.
fn build(folder: &Path, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Built> {
    let key = folder.join("key");
    signing::generate(&key)?;
    let options = BuildOptions {
        folder: folder.join("election"),
        keys: vec![key],
        site: folder.join("site"),
        work: None,
        allowed: bilik_publish::plan::Allowed::default(),
        prune: false,
        signatures_follow: false,
        reuse: true,
        derive: DeriveMethod::default(),
    };
    let bars = ProgressBars::new(output);
    Ok(build::build(&options, &bars, cancel)?.built()?)
}

/// What to type, and what to expect.
fn instructions(address: Option<&str>, sample: &Sample, cost: Cost) -> String {
    let mut text = String::new();
    if let Some(address) = address {
        write!(text, "\n  {address}\n").unwrap_or_default();
    }
    let intro = tr!("Three voters to try. Type the 12 digits and the name; all three are made up.");
    write!(text, "\n{intro}\n").unwrap_or_default();
    let station = |voter: &SampleVoter| {
        let id = voter.stations.first().map_or("", String::as_str);
        // The village's ten digits, then the number.
        tr!("TPS {} in {}", id.get(10..).unwrap_or(id).trim_start_matches('0'), voter.village_name)
    };
    let Sample { exact, near, stranger, .. } = sample;
    let lines = [
        (tr!("found by the full name"), exact, station(exact)),
        (
            tr!("found by first name and village"),
            near,
            tr!(
                "the page asks for the village on the card; choose {} ({}), then {}",
                near.village_name,
                near.village,
                station(near)
            ),
        ),
        (
            tr!("on no roll"),
            stranger,
            tr!("the digits of the first voter with another name: not found; the page says what to do next"),
        ),
    ];
    for (number, (title, voter, expect)) in (1..).zip(lines) {
        // Writing to a string cannot fail.
        let (digits, name) = (tr!("12 digits  {}", spaced(&voter.digits)), tr!("name       {}", voter.name));
        let expect = tr!("expect     {}", expect);
        write!(text, "\n  {number}. {title}\n     {digits}\n     {name}\n     {expect}\n").unwrap_or_default();
    }
    let real = Cost::DEFAULT;
    write!(text, "\n{}\n", tr!("A demo is sealed lightly: deriving one key takes {} KiB and {}. A real election takes {} KiB and {},\n{} times the work, both for the build and for anybody who guesses.", number(cost.memory_kib.into()), passes(cost.passes), number(real.memory_kib.into()), passes(real.passes), real.work() / cost.work().max(1)))
    .unwrap_or_default();
    text
}

fn passes(count: u32) -> String {
    tr!("{} pass" | "{} passes" % count, count)
}

/// Digits in groups of four, as a card shows them.
fn spaced(digits: &str) -> String {
    let groups = [digits.get(..4), digits.get(4..8), digits.get(8..)];
    groups.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_typed_and_says_what_to_expect() {
        let folder = tempfile::tempdir().unwrap();
        let shape = Shape::demo(2_000);
        let sample = synthetic::write(folder.path(), &shape).unwrap();
        let text = instructions(Some("http://127.0.0.1:8080/"), &sample, shape.cost);
        assert!(text.contains("http://127.0.0.1:8080/") && text.contains("made up"));
        for voter in [&sample.exact, &sample.near, &sample.stranger] {
            assert!(text.contains(&spaced(&voter.digits)) && text.contains(&voter.name), "{text}");
            assert_eq!(bilik::Digits::typed(&spaced(&voter.digits)), bilik::Digits::typed(&voter.digits));
        }
        assert!(text.contains(&sample.near.village.to_string()) && text.contains(&sample.near.village_name));
        assert!(text.contains("1,024 KiB") && text.contains("19,456 KiB") && text.contains("38 times"), "{text}");
    }
}
