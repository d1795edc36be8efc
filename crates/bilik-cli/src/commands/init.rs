//! `bilik init`: an election folder to start from, with a made-up roll that builds as it is.

use anyhow::{Context as _, bail};
use bilik::{DAY_SECONDS, Day};
use clap::Args;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// Polling day of the sample, in days from today: far enough to try everything before it.
const DAYS_AHEAD: u64 = 120;

/// The sample's files. `{day}` and `{year}` stand for polling day.
const FILES: &[(&str, &str)] = &[
    ("election.toml", include_str!("init/election.toml")),
    ("regions.csv", include_str!("init/regions.csv")),
    ("stations.csv", include_str!("init/stations.csv")),
    ("voters.csv", include_str!("init/voters.csv")),
    ("withheld.csv", include_str!("init/withheld.csv")),
];

/// Writes into a new or empty folder only.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make
    dir: PathBuf,
}

impl Init {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        write(&self.dir, today()?)?;
        let dir = self.dir.display();
        println!("{dir} holds an election to start from: every voter in it is made up.\n");
        println!("  {dir}/election.toml   what the election is; every key is explained in it");
        println!("  {dir}/voters.csv      the roll: put yours in its place");
        println!("  {dir}/stations.csv    the polling stations");
        println!("  {dir}/regions.csv     the codes and names of provinces, regencies, districts and villages");
        println!("  {dir}/withheld.csv    voters at risk, who are published nowhere\n");
        println!("Next: bilik check {dir}");
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes the sample into a new or empty folder.
fn write(dir: &Path, today: u32) -> anyhow::Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("{}: the folder cannot be made", dir.display()))?;
    let mut entries = fs::read_dir(dir).with_context(|| format!("{}: a folder was expected", dir.display()))?;
    if entries.next().is_some() {
        bail!(
            "{}: the folder is not empty. Expected: a new or empty one. To do: choose another; nothing was written",
            dir.display()
        );
    }
    let ahead = u32::try_from(DAYS_AHEAD).ok().and_then(|ahead| today.checked_add(ahead));
    let day = ahead.and_then(Day::of_number).context("this computer's clock is far off; set it, and try again")?;
    for (name, text) in FILES {
        let text = text.replace("{day}", &day.to_string()).replace("{year}", &day.year.to_string());
        create(&dir.join(name), &text)?;
    }
    Ok(())
}

/// A file that was not there, which only its owner can read: a real roll takes the sample's place later.
fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    file.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow::anyhow!("{} is there already and was left alone", path.display()),
        _ => anyhow::Error::new(error).context(format!("{} cannot be written", path.display())),
    })
}

/// Days since 1970.
fn today() -> anyhow::Result<u32> {
    let clock = "this computer's clock is far off; set it, and try again";
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).context(clock)?.as_secs();
    u32::try_from(seconds / DAY_SECONDS).context(clock)
}
