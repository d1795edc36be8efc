//! Public keys, and which of them a reader trusts.

use super::container::{Digest, FormatError, SignatureError};
use base16ct::HexDisplay;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// An operator's Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// The prefix of a public key's text.
const KEY_PREFIX: &str = "bilik-public-key:";

impl PublicKey {
    /// Parses the line of a `KEY.pub`: `bilik-public-key:` and 64 hex digits; the prefix is optional. `None` for any other text
    /// and for keys of small order.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let hex = text.strip_prefix(KEY_PREFIX).unwrap_or(text).trim();
        let mut bytes = [0; 32];
        if base16ct::mixed::decode(hex, &mut bytes).ok()?.len() != 32 {
            return None;
        }
        let key = VerifyingKey::from_bytes(&bytes).ok()?;
        (!key.is_weak()).then_some(Self(key))
    }

    /// The public key of a signing key's verifying key.
    #[must_use]
    pub fn of(key: VerifyingKey) -> Self {
        Self(key)
    }

    /// Strict Ed25519 verification (RFC 8032): rejects keys of small order and non-canonical signatures.
    pub(super) fn has_signed(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(message, signature).is_ok()
    }

    /// The first 8 bytes of the key's SHA-256, by which a head refers to it.
    #[must_use]
    pub fn id(&self) -> [u8; 8] {
        Sha256::digest(self.0.as_bytes()).first_chunk().copied().unwrap_or_default()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KEY_PREFIX)?;
        write!(f, "{:x}", HexDisplay(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Which signatures a reader trusts: some public keys, how many of them must have signed, and for which election.
///
/// ```
/// use bilik::format::{Trust, TrustError};
///
/// assert_eq!(Trust::new(["not a key"], 1, None).unwrap_err(), TrustError::NotAKey);
/// assert_eq!(Trust::new([], 1, None).unwrap_err(), TrustError::NoKey);
/// ```
#[derive(Clone, Debug)]
pub struct Trust {
    keys: Vec<PublicKey>,
    threshold: usize,
    election: Option<String>,
}

/// Why a [`Trust`] cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustError {
    /// No public key was given.
    NoKey,
    /// A text is not a public key.
    NotAKey,
    /// The threshold is zero or above the number of different keys.
    Threshold,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => "no public key was given: expected the line in the operator's KEY.pub",
            Self::NotAKey => {
                "not a public key: expected `bilik-public-key:` and 64 hex digits, the line in the operator's KEY.pub"
            }
            Self::Threshold => "the threshold is out of range: expected 1 to the number of different public keys",
        })
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// An identifier of this combination of keys, threshold and election, independent of the order of the keys. It separates
    /// the cached heads of pages that share one origin.
    #[must_use]
    pub fn id(&self) -> String {
        let keys = self.keys.iter().fold(0, |all, key| all ^ u64::from_le_bytes(key.id()));
        let hash = Sha256::new().chain_update(keys.to_le_bytes()).chain_update(self.threshold.to_string()).chain_update("/");
        Digest::of(&hash.chain_update(self.election.as_deref().unwrap_or_default()).finalize()).to_string()
    }

    /// Trusts heads that at least `threshold` of these keys have signed, for one election or, with `None`, for any.
    ///
    /// # Errors
    /// When a text is not a public key, there is none, or the threshold cannot be met.
    pub fn new<'a>(
        keys: impl IntoIterator<Item = &'a str>,
        threshold: usize,
        election: Option<String>,
    ) -> Result<Self, TrustError> {
        let mut parsed: Vec<PublicKey> = Vec::new();
        for key in keys {
            let key = PublicKey::parse(key).ok_or(TrustError::NotAKey)?;
            if !parsed.contains(&key) {
                parsed.push(key);
            }
        }
        if parsed.is_empty() {
            return Err(TrustError::NoKey);
        }
        if threshold == 0 || threshold > parsed.len() {
            return Err(TrustError::Threshold);
        }
        Ok(Self { keys: parsed, threshold, election })
    }

    /// Checks that enough of the keys have signed a message. Each signature comes with the id of its key.
    pub(super) fn verify(&self, message: &[u8], signatures: &[([u8; 8], Signature)]) -> Result<(), FormatError> {
        let has_signed =
            |key: &PublicKey| signatures.iter().any(|(id, signature)| *id == key.id() && key.has_signed(message, signature));
        let valid = self.keys.iter().filter(|key| has_signed(key)).count();
        if valid >= self.threshold {
            return Ok(());
        }
        let is_known = signatures.iter().any(|(id, _)| self.keys.iter().any(|key| key.id() == *id));
        Err(FormatError::Signature(match (is_known, valid) {
            (false, _) => SignatureError::Untrusted,
            (true, 0) => SignatureError::Altered,
            (true, got) => SignatureError::TooFew { expected: self.threshold, got },
        }))
    }

    /// Whether heads of this election are trusted.
    pub(super) fn is_for(&self, election: &str) -> bool {
        self.election.as_ref().is_none_or(|wanted| wanted == election)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    fn key(seed: u8) -> PublicKey {
        PublicKey::of(SigningKey::from_bytes(&[seed; 32]).verifying_key())
    }

    #[test]
    fn the_vectors_of_rfc_8032_pass() {
        let bytes = |hex: &str| -> Vec<u8> {
            hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
        };
        for (key, message, signature) in [
            (
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
            (
                "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
                "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
            ),
        ] {
            let key = PublicKey::parse(key).unwrap();
            let signature = Signature::from_slice(&bytes(signature)).unwrap();
            assert!(key.has_signed(&bytes(message), &signature));
            assert!(!key.has_signed(&[&bytes(message)[..], &[0]].concat(), &signature));
        }
    }

    #[test]
    fn keys_are_parsed_with_and_without_prefix() {
        let text = key(1).to_string();
        assert_eq!(PublicKey::parse(&text), Some(key(1)));
        assert_eq!(PublicKey::parse(&text[KEY_PREFIX.len()..].to_uppercase()), Some(key(1)));
        for bad in ["", "bilik-public-key:", &text[1..], &text[..80], &"0".repeat(64)] {
            assert_eq!(PublicKey::parse(bad), None, "{bad}");
        }
        assert_eq!(Trust::new([], 1, None).unwrap_err(), TrustError::NoKey);
        assert_eq!(Trust::new([text.as_str(), &text], 2, None).unwrap_err(), TrustError::Threshold);
    }
}
