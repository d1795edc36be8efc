//! `bilik patch`: stations that moved, on the morning of polling day.

use super::grouped;
use bilik_publish::patch::{self, Options, Outcome, Patched};
use bilik_publish::signing::listed;
use std::path::PathBuf;
use std::process::ExitCode;

/// Publish stations that moved: stations.csv is compared with the site, and what differs is signed anew. No table is touched,
/// and the roll is not read. Exit status: 0 when the site says what stations.csv says, 1 when lines have errors, 2 when it
/// cannot be done.
#[derive(Debug, clap::Args)]
pub(super) struct Patch {
    /// The election folder: stations.csv and regions.csv are read
    dir: PathBuf,
    /// The secret key that signed the site, or another that its pages trust. Given several times, all of them sign
    #[arg(long, required = true)]
    key: Vec<PathBuf>,
    /// The published site; its older files stay, for those who still have an older head
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
}

impl Patch {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let options = Options { folder: self.dir.clone(), keys: self.key.clone(), site: self.out.clone() };
        match patch::patch(&options)? {
            Outcome::Patched(patched, report) => {
                eprint!("{report}");
                print(&patched);
                println!("{}", self.out.display());
                Ok(ExitCode::SUCCESS)
            }
            Outcome::Unchanged(serial, report) => {
                eprint!("{report}");
                println!(
                    "{}: serial {serial} says of every station what the election folder says; nothing was written",
                    self.out.display()
                );
                Ok(ExitCode::SUCCESS)
            }
            Outcome::Refused(report) => {
                eprint!("{report}");
                eprintln!(
                    "\nNothing was patched. Rejected lines: {}. Mend them: a station left out would vanish for its voters",
                    grouped(report.rejected())
                );
                Ok(ExitCode::from(1))
            }
        }
    }
}

fn print(patched: &Patched) {
    for change in &patched.changes {
        println!("{change}");
    }
    let is_of_another_village = |fields: &Vec<&str>| fields.contains(&"village");
    if patched.changes.iter().any(|change| change.fields.as_ref().is_some_and(is_of_another_village)) {
        println!("another village: its voters are found by the village on their card still, as they were sealed");
    }
    if !patched.kept.is_empty() {
        println!("election.toml says otherwise than the site, which stays as it was built: {}", patched.kept.join(", "));
    }
    let signatures = patched.signed_by.len();
    if patched.signatures_before > signatures {
        println!(
            "WARNING: the head before bore {} signatures and this one bears {signatures}: pages that demand more will refuse it",
            patched.signatures_before
        );
    }
    println!(
        "stations changed: {}; {} files, {} bytes written, no table among them; signed as serial {} by {}",
        grouped(u64::try_from(patched.changes.len()).unwrap_or_default()),
        patched.written.files,
        grouped(patched.written.bytes),
        patched.serial,
        listed(&patched.signed_by)
    );
}
