//! `bilik rollback`: back to what was published before.

use super::built::key_texts;
use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::language::number;
use bilik_publish::rollback::{EarlierHead, RollbackOptions, RollbackOutcome, rollback};
use bilik_publish::signing::listed;
use serde_json::json;
use std::path::PathBuf;
use tr::tr;

/// Go back to what a site published before, under a new and higher serial
///
/// Verifies all files of the earlier manifest, and signs a new head that names it. Only head.bilik changes.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Rollback {
    /// The site's folder
    site: PathBuf,
    /// The serial to go back to. Without it, the last one that had other data. The folder h of the site has the heads that were
    /// replaced, until a build with --prune
    #[arg(long, value_name = "SERIAL")]
    to: Option<u64>,
    /// A copy that you kept of the earlier head.bilik
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    head: Option<PathBuf>,
    /// The secret key that signs. May be given several times: all of them sign
    #[arg(long, required = true)]
    key: Vec<PathBuf>,
    /// Publish in the folder with fewer signatures than pages demand: the holders of other keys add theirs with `bilik sign` before
    /// anything is uploaded
    #[arg(long)]
    signatures_follow: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik rollback site --key KEY", "Publish again what the site had before the last build or patch"),
        ("bilik rollback site --to 1734567890 --key KEY", "Publish again what had this serial"),
    ],
    exit_statuses: &[
        (Exit::Success, "the site has the earlier manifest again, under a new serial"),
        (Exit::Negative, "refused: files of the earlier manifest are missing or damaged; nothing was written"),
        (Exit::Failure, "it could not go back; nothing was written"),
        (Exit::Interrupted, "interrupted; nothing was written"),
    ],
};

impl Rollback {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let to = match (self.to, &self.head) {
            (Some(serial), _) => EarlierHead::Serial(serial),
            (None, Some(copy)) => EarlierHead::Copy(copy.clone()),
            (None, None) => EarlierHead::Last,
        };
        let options =
            RollbackOptions { site: self.site.clone(), to, keys: self.key.clone(), signatures_follow: self.signatures_follow };
        let outcome = rollback(&options, cancel)?;
        if self.json {
            let (value, exit) = match &outcome {
                RollbackOutcome::RolledBack(done) => {
                    let differs =
                        |(name, page, data): &(String, String, String)| json!({ "name": name, "page": page, "data": data });
                    let value = json!({
                        "site": self.site,
                        "serial": done.serial,
                        "manifestOf": done.earlier.0,
                        "inPlaceOf": done.from,
                        "files": done.files,
                        "signedBy": key_texts(&done.signed_by),
                        "pageDiffers": done.page_differs.iter().map(differs).collect::<Vec<_>>(),
                    });
                    (value, Exit::Success)
                }
                RollbackOutcome::Refused(problems) => (json!({ "refused": problems }), Exit::Negative),
            };
            output.stdout.json(&value)?;
            return Ok(exit);
        }
        match outcome {
            RollbackOutcome::RolledBack(done) => {
                let (serial, signed_at) = done.earlier;
                writeln!(
                    output.notes(),
                    "{}",
                    tr!(
                        "serial {}: the manifest of serial {}, signed {}, in place of serial {}; {} files verified; signed by {}",
                        done.serial,
                        serial,
                        bilik::iso_utc(signed_at),
                        done.from,
                        number(done.files),
                        listed(&done.signed_by)
                    )
                );
                writeln!(
                    output.stdout,
                    "{}",
                    tr!(
                        "WARNING: voters who were withheld after serial {} are in its tables. Fix: if there are any, build again instead, with --prune",
                        serial
                    )
                );
                for (name, page, data) in &done.page_differs {
                    writeln!(
                        output.stdout,
                        "{}",
                        tr!(
                            "WARNING: the page still says `election.{}` {}, but the data says {} again. Fix: put the earlier election.toml back, and run `bilik build`",
                            name,
                            page,
                            data
                        )
                    );
                }
                writeln!(output.notes(), "{}", self.site.join(bilik::format::HEAD_PATH).display());
                Ok(Exit::Success)
            }
            RollbackOutcome::Refused(problems) => {
                for problem in problems {
                    writeln!(output.stderr, "{}", tr!("REFUSED {}: {}", problem.file, problem.reason));
                }
                writeln!(output.stderr, "{}", tr!("Nothing was signed. Fix: copy these files from a mirror that still has them"));
                Ok(Exit::Negative)
            }
        }
    }
}
