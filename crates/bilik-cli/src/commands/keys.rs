//! The options that say whom to trust, of every command that reads a site.

use anyhow::Context as _;
use bilik::format::{PublicKey, Trust, TrustError};
use bilik_publish::signing;
use std::path::Path;

/// The public keys that a site must be signed with.
#[derive(Debug, clap::Args)]
pub(super) struct TrustedKeys {
    /// The operator's public key: KEY.pub or its text. May be given several times
    #[arg(long, required = true, value_name = "KEY.pub")]
    public_key: Vec<String>,
    /// How many of the public keys must have signed
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) threshold: usize,
}

impl TrustedKeys {
    /// The keys, from their files or texts.
    pub(super) fn keys(&self) -> anyhow::Result<Vec<PublicKey>> {
        public_keys(&self.public_key)
    }

    /// The keys, and how many of them must have signed.
    pub(super) fn trust(&self) -> anyhow::Result<Trust> {
        let texts: Vec<String> = self.keys()?.iter().map(ToString::to_string).collect();
        Trust::new(texts.iter().map(String::as_str), self.threshold, None).context("--public-key")
    }
}

/// Public keys, from their files or texts.
pub(super) fn public_keys(texts: &[String]) -> anyhow::Result<Vec<PublicKey>> {
    let key = |text: &String| -> anyhow::Result<PublicKey> {
        match PublicKey::parse(text) {
            Some(key) => Ok(key),
            // No file has such a name: it is a key that is written wrongly, or one that nobody trusts.
            None if text.starts_with("bilik-public-key:") => Err(TrustError::NotAKey).context("--public-key"),
            None => Ok(signing::read_public(Path::new(text))?),
        }
    };
    texts.iter().map(key).collect()
}
