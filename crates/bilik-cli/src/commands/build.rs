//! `bilik build`

use super::{grouped, progress::Bars};
use bilik_publish::build::{self, Built, Options, Outcome};
use bilik_publish::signing::listed;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Check, seal, sign and publish a site.
#[derive(Debug, clap::Args)]
pub(super) struct Build {
    /// The election folder
    dir: PathBuf,
    /// The secret key to sign with. Given several times, all of them sign
    #[arg(long, required = true)]
    key: Vec<PathBuf>,
    /// Where the site goes; a site that stands there is replaced all at once
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// Build though so many lines are rejected
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_rejects: u64,
    /// Remove the files of earlier builds: whoever still has an older head must fetch the new one, and voters who are withheld
    /// only now are in no table any more
    #[arg(long)]
    prune: bool,
}

impl Build {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let began = Instant::now();
        let options = Options {
            folder: self.dir.clone(),
            keys: self.key.clone(),
            site: self.out.clone(),
            allow_rejects: self.allow_rejects,
            prune: self.prune,
        };
        let bars = Bars::new();
        let outcome = build::build(&options, &bars)?;
        drop(bars);
        match outcome {
            Outcome::Built(built, report) => {
                // Warnings, and what was accepted: a withheld voter whom no line matched would be published unnoticed.
                eprint!("{report}");
                print_built(&built, began.elapsed().as_secs_f64());
                println!("{}", self.out.display());
                Ok(ExitCode::SUCCESS)
            }
            Outcome::Refused { report, totals, rejects } => {
                eprint!("{report}");
                eprintln!("{}", report.summary(totals));
                eprintln!(
                    "\nNothing was built. Rejected lines: {}, listed in {}. Mend them, or accept that these voters are lost with --allow-rejects {}",
                    grouped(report.rejected()),
                    rejects.display(),
                    report.rejected()
                );
                Ok(ExitCode::from(1))
            }
        }
    }
}

/// What was built, in a few lines.
pub(super) fn print_built(built: &Built, seconds: f64) {
    let [full, near] = built.tables;
    println!(
        "{} voters sealed in {} groups, {} stations, {seconds:.1} s",
        grouped(built.voters),
        built.groups,
        grouped(built.stations.into())
    );
    println!("tables by full  {:>14} bytes in {} files", grouped(full.bytes), full.files);
    println!("tables by near  {:>14} bytes in {} files", grouped(near.bytes), near.files);
    println!("all but the app {:>14} bytes in {} files", grouped(built.written.bytes), built.written.files);
    println!(
        "manifest {} bytes, largest directory {} bytes",
        grouped(built.manifest.into()),
        grouped(built.largest_directory.into())
    );
    if built.withheld > 0 {
        println!("voters withheld, sealed nowhere: {}", grouped(built.withheld));
    }
    if built.earlier > 0 {
        println!(
            "{} files of earlier builds stay, for those who still have their head; --prune removes them",
            grouped(built.earlier)
        );
        if built.withheld > 0 {
            println!(
                "WARNING: whoever is withheld only now is still in those; build again with --prune, and delete them on every mirror"
            );
        }
    }
    if built.rejected > 0 {
        println!("rejected lines: {}, listed in rejects.csv: these voters will not be found", grouped(built.rejected));
    }
    println!("every voter was asked for by both recipes; signed as serial {} by {}", built.serial, listed(&built.signed_by));
}
