//! `bilik patch`: stations that moved, on the morning of polling day.

use super::built::{advise_uploads, key_texts};
use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use bilik::format::Code;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::language::{number, number_len};
use bilik_publish::patch::{self, PatchOptions, PatchOutcome, Patched, StationChange};
use bilik_publish::problem::Totals;
use bilik_publish::signing::listed;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tr::tr;

/// Publish stations that moved: station lists and the head, no table
///
/// Compares stations.csv and contacts.csv with the site and signs what differs. No table is touched, and the roll is not read.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Patch {
    /// The election folder: stations.csv, regions.csv and contacts.csv are read
    dir: PathBuf,
    /// The secret key that signed the site, or another that its pages trust. May be given several times: all of them sign
    #[arg(long, required = true)]
    key: Vec<PathBuf>,
    /// The published site. Its older files are kept, for pages that still have an older head
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// Publish in the folder with fewer signatures than pages demand: the holders of other keys add theirs with `bilik sign` before
    /// anything is uploaded
    #[arg(long)]
    signatures_follow: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[("bilik patch pemilu --key KEY --out site", "Publish the stations of pemilu/stations.csv that changed")],
    exit_statuses: &[
        (Exit::Success, "the site has the stations of stations.csv; unchanged if it had them before"),
        (Exit::Negative, "refused: lines have errors; nothing was published"),
        (Exit::Failure, "it could not be patched; nothing was published"),
        (Exit::Interrupted, "interrupted; nothing was published"),
    ],
};

impl Patch {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let options = PatchOptions {
            folder: self.dir.clone(),
            keys: self.key.clone(),
            site: self.out.clone(),
            signatures_follow: self.signatures_follow,
        };
        let outcome = patch::patch(&options, cancel)?;
        if self.json {
            return self.print_json(&outcome, output);
        }
        match outcome {
            PatchOutcome::Patched(patched, report) => {
                write!(output.stderr, "{report}");
                print(&patched, output);
                advise_uploads(&self.out, &self.key, output);
                writeln!(output.notes(), "{}", self.out.display());
                Ok(Exit::Success)
            }
            PatchOutcome::Unchanged(serial, ignored, report) => {
                write!(output.stderr, "{report}");
                print_ignored(&ignored, output);
                writeln!(
                    output.notes(),
                    "{}",
                    tr!(
                        "{}: nothing to change; every station and contact of serial {} is as in the election folder; nothing was written",
                        self.out.display(),
                        serial
                    )
                );
                Ok(Exit::Success)
            }
            PatchOutcome::Refused(report) => {
                write!(output.stderr, "{report}");
                writeln!(
                    output.stderr,
                    "\n{}",
                    tr!(
                        "Nothing was patched. Rejected lines: {}. Fix them: the voters of a station that is left out would lose it",
                        number(report.rejected())
                    )
                );
                Ok(Exit::Negative)
            }
        }
    }
}

impl Patch {
    fn print_json(&self, outcome: &PatchOutcome, output: &Output) -> anyhow::Result<Exit> {
        let totals = Totals::default();
        let (value, exit) = match outcome {
            PatchOutcome::Patched(patched, report) => {
                let change = |change: &StationChange| {
                    let StationChange { id, village, village_name, fields } = change;
                    json!({ "id": id, "village": village.to_string(), "villageName": village_name, "fields": fields })
                };
                let value = json!({
                    "site": self.out,
                    "serial": patched.serial,
                    "changes": patched.changes.iter().map(change).collect::<Vec<_>>(),
                    "contacts": codes(&patched.contacts),
                    "contactsRemoved": codes(&patched.removed_contacts),
                    "ignored": patched.ignored,
                    "files": patched.written.files,
                    "bytes": patched.written.bytes,
                    "signedBy": key_texts(&patched.signed_by),
                    "signaturesBefore": patched.signatures_before,
                    "report": report.json(totals),
                });
                (value, Exit::Success)
            }
            PatchOutcome::Unchanged(serial, ignored, report) => {
                let value = json!({
                    "site": self.out,
                    "serial": serial,
                    "changes": [],
                    "contacts": [],
                    "contactsRemoved": [],
                    "ignored": ignored,
                    "report": report.json(totals),
                });
                (value, Exit::Success)
            }
            PatchOutcome::Refused(report) => (json!({ "refused": report.json(totals) }), Exit::Negative),
        };
        output.stdout.json(&value)?;
        Ok(exit)
    }
}

fn codes(regencies: &BTreeSet<Code>) -> Vec<String> {
    regencies.iter().map(ToString::to_string).collect()
}

fn print_ignored(ignored: &[&str], output: &Output) {
    if !ignored.is_empty() {
        writeln!(
            output.stdout,
            "{}",
            tr!(
                "ignored: these settings differ from the published site; run `bilik build` to apply them: {}",
                ignored.join(", ")
            )
        );
    }
}

fn print(patched: &Patched, output: &Output) {
    let (out, notes) = (&output.stdout, output.notes());
    for change in &patched.changes {
        writeln!(notes, "{change}");
    }
    for regency in &patched.contacts {
        if patched.removed_contacts.contains(regency) {
            writeln!(notes, "{}", tr!("regency {}: contact removed", regency));
        } else {
            writeln!(notes, "{}", tr!("regency {}: contact", regency));
        }
    }
    let is_of_another_village = |fields: &Vec<&str>| fields.contains(&"village");
    if patched.changes.iter().any(|change| change.fields.as_ref().is_some_and(is_of_another_village)) {
        writeln!(
            notes,
            "{}",
            tr!("another village: its voters are still found by the village on their card, as they were sealed")
        );
    }
    print_ignored(&patched.ignored, output);
    let signatures = patched.signed_by.len();
    if patched.signatures_before > signatures {
        writeln!(
            out,
            "{}",
            tr!(
                "WARNING: the previous head had {} signatures and this one has {}: pages that require more will refuse it",
                patched.signatures_before,
                signatures
            )
        );
    }
    writeln!(
        notes,
        "{}",
        tr!(
            "stations changed: {}; {} files, {} bytes written, no tables; signed as serial {} by {}",
            number_len(patched.changes.len()),
            patched.written.files,
            number(patched.written.bytes),
            patched.serial,
            listed(&patched.signed_by)
        )
    );
}
