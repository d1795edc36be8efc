//! `bilik init`: an election folder to start from, with a made-up roll that builds as it is.

use super::clock::days_from_today;
use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use anyhow::{Context as _, bail};
use bilik::Day;
use clap::Args;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use tr::tr;

/// Polling day of the sample, in days from today: late enough to try everything before it.
const DAYS_AHEAD: u32 = 120;

const SETTINGS: &str = "election.toml";

/// The sample's files. `{day}` and `{year}` stand for polling day.
const FILES: &[(&str, &str)] = &[
    (SETTINGS, include_str!("init/election.toml")),
    ("regions.csv", include_str!("init/regions.csv")),
    ("stations.csv", include_str!("init/stations.csv")),
    ("voters.csv", include_str!("init/voters.csv")),
    ("withheld.csv", include_str!("init/withheld.csv")),
];

/// Start an election folder: election.toml with comments, and sample CSVs
#[derive(Debug, Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Init {
    /// The folder to create; an existing one must be empty
    dir: PathBuf,
}

pub(super) const HELP: Help = Help {
    examples: &[("bilik init pemilu", "Write a sample election to start from; `bilik check pemilu` finds no problem in it")],
    exit_statuses: &[
        (Exit::Success, "the folder was written"),
        (Exit::Failure, "it could not be written, or the folder is not empty: nothing is ever overwritten"),
    ],
};

impl Init {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Exit> {
        write(&self.dir, days_from_today(DAYS_AHEAD)?)?;
        let (out, dir) = (output.notes(), self.dir.display());
        writeln!(out, "{}\n", tr!("{} holds an election to start from; all its voters are made up.", dir));
        writeln!(out, "  {}", tr!("{}/election.toml   the settings, each with an explanation", dir));
        writeln!(out, "  {}", tr!("{}/voters.csv      the roll: replace it with yours, or name yours in election.toml", dir));
        writeln!(out, "  {}", tr!("{}/stations.csv    the polling stations", dir));
        writeln!(out, "  {}", tr!("{}/regions.csv     codes and names of provinces, regencies, districts and villages", dir));
        writeln!(
            out,
            "  {}\n",
            tr!("{}/withheld.csv    voters at risk, who are not published anywhere; without any, leave its first line", dir)
        );
        writeln!(
            out,
            "{}",
            tr!("Before the first build, settle in election.toml: id, public_keys and mirrors. Published pages keep them.")
        );
        writeln!(out, "{}", tr!("Next: bilik check {}", dir));
        Ok(Exit::Success)
    }
}

/// Writes the sample into a new or empty folder.
fn write(dir: &Path, day: Day) -> anyhow::Result<()> {
    fs::create_dir_all(dir).with_context(|| tr!("cannot make the folder {}", dir.display()))?;
    let mut entries = fs::read_dir(dir).with_context(|| tr!("{}: not a folder", dir.display()))?;
    if entries.next().is_some() {
        bail!(
            "{}",
            tr!(
                "{}: the folder is not empty; nothing was written. Expected: a new or empty folder. Fix: choose another",
                dir.display()
            )
        );
    }
    FILES.iter().try_for_each(|(name, text)| write_file(dir, name, text, day))
}

/// Writes the sample's settings into a folder that has other files already.
pub(super) fn write_settings(dir: &Path) -> anyhow::Result<()> {
    let day = days_from_today(DAYS_AHEAD)?;
    let settings = FILES.iter().filter(|(name, _)| *name == SETTINGS);
    settings.into_iter().try_for_each(|(name, text)| write_file(dir, name, text, day))
}

fn write_file(dir: &Path, name: &str, text: &str, day: Day) -> anyhow::Result<()> {
    let text = text.replace("{day}", &day.to_string()).replace("{year}", &day.year.to_string());
    create(&dir.join(name), &text)
}

/// Creates a file that only its owner can read, because a real roll will replace the sample. Never overwrites.
fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    file.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow::anyhow!("{}", tr!("{} exists and was not changed", path.display())),
        _ => anyhow::Error::new(error).context(format!("cannot write {}", path.display())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_has_the_voter_of_the_examples() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), days_from_today(DAYS_AHEAD).unwrap()).unwrap();
        let voters = fs::read_to_string(folder.path().join("voters.csv")).unwrap();
        // `bilik find --help` and README.md look this voter up.
        let found = |line: &&str| line.starts_with("390101621291") && line.contains(",Contoh Saja,3901012001");
        assert_eq!(voters.lines().filter(found).count(), 1);
    }
}
