//! `bilik demo`

use super::progress::Bars;
use super::{grouped, serve::wait};
use crate::demo::{Sample, SampleVoter, Shape};
use crate::{demo, serve};
use anyhow::Context as _;
use bilik::{Cost, DAY_SECONDS, Day};
use bilik_publish::build::{Built, Options};
use bilik_publish::{app, build, signing};
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// Polling day of a demo, from today: early enough that the page shows an election ahead.
const DAYS_AHEAD: u64 = 30;

/// Make a synthetic election, build its site, serve it, and print voters to try.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// The port; without it a free one from 8080 on
    #[arg(long)]
    port: Option<u16>,
    /// Voters on the made-up roll
    #[arg(long, value_name = "N", default_value_t = 6_000, value_parser = clap::value_parser!(u64).range(500..=10_000_000))]
    voters: u64,
    /// Write the election folder, the key and the site there, and leave them
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Do not serve the site; only write it
    #[arg(long, requires = "keep")]
    write_only: bool,
}

impl Demo {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        app::check()?;
        // Dropped at the end, and with it the folder, also after Ctrl-C.
        let scratch = tempfile::Builder::new().prefix("bilik-demo-").tempdir().context("cannot make a temporary folder")?;
        let folder = self.keep.as_deref().unwrap_or(scratch.path());
        let shape = Shape { polling_day: polling_day(), ..Shape::demo(self.voters) };
        let sample = demo::write(&folder.join("election"), &shape)?;
        let built = build(folder)?;
        println!(
            "A made-up election of {} voters at {} stations: no line of it is anybody's.",
            grouped(built.voters),
            grouped(built.stations.into())
        );
        if let Some(keep) = &self.keep {
            println!("It stays in {}: election/ (the input), key and key.pub, site/.", keep.display());
        }
        let server = if self.write_only {
            None
        } else {
            Some(serve::start_near(&folder.join("site"), Ipv4Addr::LOCALHOST.into(), self.port, None)?)
        };
        let address = server.as_ref().map(|server| format!("http://{}/", server.address()));
        print!("{}", to_try(address.as_deref(), &sample, shape.cost));
        if server.is_some() {
            println!("\nServing until Ctrl-C.");
            wait();
            println!("\nStopped{}.", if self.keep.is_some() { "" } else { "; the made-up election is removed" });
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes a key beside the election folder, and the site.
fn build(folder: &Path) -> anyhow::Result<Built> {
    let key = folder.join("key");
    signing::generate(&key)?;
    let options =
        Options { folder: folder.join("election"), keys: vec![key], site: folder.join("site"), allow_rejects: 0, prune: false };
    let bars = Bars::new();
    build::build(&options, &bars)?.built()
}

fn polling_day() -> Day {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let day = u32::try_from(now / DAY_SECONDS + DAYS_AHEAD).ok().and_then(Day::of_number);
    day.unwrap_or(Shape::demo(0).polling_day)
}

/// What to type, and what to expect.
fn to_try(address: Option<&str>, sample: &Sample, cost: Cost) -> String {
    let mut text = String::new();
    if let Some(address) = address {
        write!(text, "\n  {address}\n").unwrap_or_default();
    }
    text.push_str("\nThree to try. Type the 12 digits and the name; all three are made up.\n");
    let station = |voter: &SampleVoter| {
        let id = voter.stations.first().map_or("", String::as_str);
        // Behind the village's ten digits stands the number.
        format!("TPS {} in {}", id.get(10..).unwrap_or(id).trim_start_matches('0'), voter.village_name)
    };
    let Sample { exact, near, stranger, .. } = sample;
    let lines = [
        ("found by the whole name", exact, format!("{}, at once", station(exact))),
        (
            "found by first name and village",
            near,
            format!(
                "the page asks for the village on the card: choose {} ({}); then {}",
                near.village_name,
                near.village,
                station(near)
            ),
        ),
        ("on no roll", stranger, String::from("the digits of the first, yet nobody is found; the page says what to do next")),
    ];
    for (number, (title, voter, expect)) in (1..).zip(lines) {
        // Writing to a string cannot fail.
        write!(
            text,
            "\n  {number}. {title}\n     12 digits  {}\n     name       {}\n     expect     {expect}\n",
            spaced(&voter.digits),
            voter.name
        )
        .unwrap_or_default();
    }
    let real = Cost::DEFAULT;
    write!(
        text,
        "\nA demo seals lightly: one derivation goes over {} KiB {}. A real election's goes over {} KiB {}:\n\
         {} times the work, for whoever guesses and for whoever builds.\n",
        grouped(cost.memory_kib.into()),
        times(cost.passes),
        grouped(real.memory_kib.into()),
        times(real.passes),
        real.work() / cost.work().max(1)
    )
    .unwrap_or_default();
    text
}

fn times(count: u32) -> String {
    match count {
        1 => String::from("once"),
        2 => String::from("twice"),
        more => format!("{more} times"),
    }
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
        let sample = demo::write(folder.path(), &shape).unwrap();
        let text = to_try(Some("http://127.0.0.1:8080/"), &sample, shape.cost);
        assert!(text.contains("http://127.0.0.1:8080/") && text.contains("made up"));
        for voter in [&sample.exact, &sample.near, &sample.stranger] {
            assert!(text.contains(&spaced(&voter.digits)) && text.contains(&voter.name), "{text}");
            assert_eq!(bilik::Digits::typed(&spaced(&voter.digits)), bilik::Digits::typed(&voter.digits));
        }
        assert!(text.contains(&sample.near.village.to_string()) && text.contains(&sample.near.village_name));
        assert!(text.contains("1,024 KiB") && text.contains("19,456 KiB") && text.contains("38 times"), "{text}");
    }

    #[test]
    fn polling_day_lies_ahead() {
        let today = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / DAY_SECONDS;
        assert_eq!(u64::from(polling_day().number().unwrap()), today + DAYS_AHEAD);
    }
}
