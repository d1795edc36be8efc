//! `bilik keygen`

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::signing;
use serde_json::json;
use std::path::PathBuf;
use tr::tr;

/// Make a key pair for signing
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Keygen {
    /// File for the secret key; the public key is written beside it, with .pub after its name
    #[arg(long, value_name = "KEY")]
    out: PathBuf,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[("bilik keygen --out KEY", "Write KEY, which is secret, and KEY.pub, which the pages carry")],
    exit_statuses: &[
        (Exit::Success, "both files were written"),
        (Exit::Failure, "they could not be written, or one of them exists: a key is never overwritten"),
    ],
};

impl Keygen {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Exit> {
        let (public, path) = signing::generate(&self.out)?;
        let out = &output.stdout;
        if self.json {
            out.json(&json!({ "secretKeyFile": self.out, "publicKeyFile": path, "publicKey": public.to_string() }))?;
            return Ok(Exit::Success);
        }
        writeln!(
            output.notes(),
            "{}",
            tr!("{}  the secret key: keep it off every server, with a copy in a safe place", self.out.display())
        );
        writeln!(output.notes(), "{}", tr!("{}  the public key: every page and every partner carries it", path.display()));
        writeln!(out, "{public}");
        Ok(Exit::Success)
    }
}
