//! Whom a page that lies in a site trusts and asks: what [`super::write`] wrote into its head, or somebody else did.

use bilik::format::PublicKey;

/// What stands before the hex digits of a public key, wherever in the page.
const KEY_PREFIX: &str = "bilik-public-key:";

/// Whose heads a page follows, and where it asks for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pins {
    /// Every public key that stands in it, each once.
    pub keys: Vec<PublicKey>,
    /// How many of them must have signed.
    pub threshold: usize,
    /// The mirrors, as they stand there.
    pub mirrors: Vec<String>,
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
        let said = |name: &str| {
            let (_, rest) = page.split_once(&format!("name=\"bilik-{name}\" content=\""))?;
            rest.split_once('"').map(|(content, _)| content)
        };
        let threshold = said("threshold").and_then(|threshold| threshold.parse().ok()).unwrap_or(1);
        let mirrors = said("mirrors").unwrap_or_default().replace("&amp;", "&");
        Self { keys, threshold, mirrors: mirrors.split_whitespace().map(str::to_owned).collect() }
    }
}
