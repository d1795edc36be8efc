//! `bilik keygen`

use bilik_publish::signing;
use std::path::PathBuf;
use std::process::ExitCode;

/// Make a key pair for signing.
#[derive(Debug, clap::Args)]
pub(super) struct Keygen {
    /// Where the secret key goes; the public one stands beside it with .pub behind its name
    #[arg(long, value_name = "KEY")]
    out: PathBuf,
}

impl Keygen {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let (public, path) = signing::generate(&self.out)?;
        println!("{}  the secret key: keep it off any server, with a copy in a safe place", self.out.display());
        println!("{}  the public key: every page and every partner pins it", path.display());
        println!("{public}");
        Ok(ExitCode::SUCCESS)
    }
}
