//! `bilik sign`: another signature, on another machine.

use super::help::Help;
use super::keys::public_keys;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::cosign::{CosignOptions, CosignOutcome, cosign};
use bilik_publish::language::number;
use serde_json::json;
use std::path::PathBuf;
use tr::tr;

/// Add a signature to a site's head, on the machine of the key's holder
///
/// Verifies the site first, as `bilik verify` does, and says what it signs. Only head.bilik changes: copy it back to where the site
/// was built.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Sign {
    /// The site's folder: a copy of the one that was built
    site: PathBuf,
    /// The secret key to sign with: one that the site's page trusts
    #[arg(long)]
    key: PathBuf,
    /// Expect the page to trust exactly these keys, KEY.pub or its text. May be given several times
    #[arg(long, value_name = "KEY.pub")]
    public_key: Vec<String>,
    /// Sign only a head with this serial, as the builder told it
    #[arg(long, value_name = "N")]
    expect_serial: Option<u64>,
    /// Say what changed since this site, by its folder or address, and refuse unless it is older
    #[arg(long, value_name = "SITE")]
    against: Option<String>,
    /// Sign without verifying the other files
    #[arg(long)]
    head_only: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik sign site --key KEY2", "Verify the site, and sign its head with a second key"),
        (
            "bilik sign site --key KEY2 --expect-serial 1795697569 --against https://a.example/",
            "Sign this serial only, and say what changes for those who visit a.example",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "signed"),
        (Exit::Negative, "refused: the site is not whole; nothing was written"),
        (Exit::Failure, "it could not be signed; nothing was written"),
        (Exit::Interrupted, "interrupted; nothing was written"),
    ],
};

impl Sign {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let options = CosignOptions {
            site: self.site.clone(),
            key: self.key.clone(),
            public_keys: public_keys(&self.public_key)?,
            expect_serial: self.expect_serial,
            against: self.against.clone(),
            head_only: self.head_only,
        };
        let (out, notes) = (&output.stdout, output.notes());
        let signed = match cosign(&options, cancel)? {
            CosignOutcome::Signed(signed) => signed,
            CosignOutcome::Refused(problems) if self.json => {
                output.stdout.json(&json!({ "refused": problems }))?;
                return Ok(Exit::Negative);
            }
            CosignOutcome::Refused(problems) => {
                for problem in problems {
                    writeln!(output.stderr, "{}", tr!("REFUSED {}: {}", problem.file, problem.reason));
                }
                writeln!(output.stderr, "{}", tr!("Nothing was signed."));
                return Ok(Exit::Negative);
            }
        };
        if self.json {
            output.stdout.json(&json!({
                "site": self.site,
                "election": signed.head.election,
                "serial": signed.head.serial,
                "expires": bilik::iso_utc(signed.head.expires),
                "files": signed.files,
                "signedBy": signed.key.to_string(),
                "signatures": signed.signatures,
                "threshold": signed.threshold,
            }))?;
            return Ok(Exit::Success);
        }
        if let Some(changes) = &signed.changes {
            writeln!(out, "{changes}");
        }
        let head = &signed.head;
        writeln!(
            out,
            "{}",
            tr!(
                "election {}, serial {}, signed {}, expires {}, manifest {}",
                head.election,
                head.serial,
                bilik::iso_utc(head.signed_at),
                bilik::iso_utc(head.expires),
                head.manifest.digest
            )
        );
        if self.head_only {
            writeln!(out, "{}", tr!("WARNING: the files were not verified, as --head-only says"));
        } else {
            writeln!(notes, "{}", tr!("{} files verified", number(signed.files)));
        }
        writeln!(notes, "{}", tr!("signed by {}", signed.key));
        let missing = signed.threshold.saturating_sub(signed.signatures);
        if missing > 0 {
            writeln!(
                out,
                "{}",
                tr!(
                    "{} of {} signatures: pages refuse this head until {} more sign",
                    signed.signatures,
                    signed.threshold,
                    missing
                )
            );
        } else {
            writeln!(
                notes,
                "{}",
                tr!("{} signatures, the page demands {}: ready to upload", signed.signatures, signed.threshold)
            );
        }
        writeln!(notes, "{}", self.site.join(bilik::format::HEAD_PATH).display());
        Ok(Exit::Success)
    }
}
