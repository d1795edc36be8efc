//! Whom a page that lies in a site trusts: what [`super::write`] wrote into it, or somebody else did.

use crate::head::PublicKey;

/// What stands before the hex digits of a public key, wherever in the page.
const KEY_PREFIX: &str = "bilik-public-key:";
const THRESHOLD: &str = "name=\"bilik-threshold\" content=\"";

/// Whose heads a page follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pins {
    /// Every public key that stands in it, each once.
    pub keys: Vec<PublicKey>,
    /// How many of them must have signed.
    pub threshold: usize,
}

impl Pins {
    /// From the page's bytes. A page that says nothing of a threshold asks for one signature.
    #[must_use]
    pub fn of(page: &[u8]) -> Self {
        let page = String::from_utf8_lossy(page);
        let mut keys = Vec::new();
        for key in page.split(KEY_PREFIX).skip(1).filter_map(|rest| rest.get(..64).and_then(PublicKey::parse)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let said = page.split_once(THRESHOLD).and_then(|(_, rest)| rest.split_once('"')?.0.parse().ok());
        Self { keys, threshold: said.unwrap_or(1) }
    }
}
