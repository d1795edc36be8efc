//! Pinned versions: the files that run in a partner's own page, once more under `v/<version>/`. The version has a digest of
//! all of them in its name, so that a path never gets other bytes; a site keeps the versions that it had. They are code alone: a
//! key or a mirror that is dropped is dropped everywhere. A partner's page names `element.js` there, with its integrity.

use super::digest::hex_digest;
use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha384};
use std::collections::BTreeMap;

/// What partners load by its integrity.
const ELEMENT: &str = "element.js";
/// So much of the digest makes the name unique.
const DIGEST_CHARS: usize = 12;

/// The files of one version.
#[derive(Default)]
pub(super) struct Pinned(BTreeMap<String, Vec<u8>>);

impl Pinned {
    pub(super) fn add(&mut self, path: &str, content: Vec<u8>) {
        self.0.insert(path.to_owned(), content);
    }

    /// Its folder: the program's version, for people, and what makes it unique.
    pub(super) fn folder(&self) -> String {
        let line = |(path, content): (&String, &Vec<u8>)| format!("{path} {}\n", hex_digest(content));
        let lines: Vec<_> = self.0.iter().map(line).collect();
        let digest: String = hex_digest(lines.concat().as_bytes()).chars().take(DIGEST_CHARS).collect();
        format!("v/{}-{digest}", env!("CARGO_PKG_VERSION"))
    }

    /// What a browser compares `element.js` with before it runs it.
    pub(super) fn integrity(&self) -> String {
        let element = self.0.get(ELEMENT).map(Vec::as_slice).unwrap_or_default();
        format!("sha384-{}", Base64::encode_string(&Sha384::digest(element)))
    }

    /// The files with their paths in the version.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_byte_in_any_file_is_another_version() {
        let of = |element: &str, other: &str| {
            let mut pinned = Pinned::default();
            pinned.add("element.js", element.into());
            pinned.add("app.js", other.into());
            (pinned.folder(), pinned.integrity())
        };
        assert_eq!(of("a", "b"), of("a", "b"));
        assert_ne!(of("a", "b").0, of("a", "c").0);
        assert_eq!(of("a", "b").1, of("a", "c").1);
        assert_ne!(of("a", "b").1, of("c", "b").1);
        assert!(of("", "").1.starts_with("sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"));
    }
}
