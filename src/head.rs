//! The head: the only file that ever changes. Small, signed, and of a fixed layout that is checked before anything is decoded.
//!
//! ```text
//!   0   5  magic "BILIK"
//!   5   1  kind "h"
//!   6   1  format version, 1
//!   7   1  number of signatures, 1 to 4: the one byte before them that is not signed
//!   8  32  election id, ASCII, padded with zeros
//!  40   8  serial, little endian: a higher one is newer
//!  48   8  signed at, seconds since 1970
//!  56   8  expires, seconds since 1970
//!  64  16  the manifest's digest
//!  80   4  the manifest's length as stored
//!  84   4  the manifest's length when inflated
//!  88  72  each signature: the first 8 bytes of the SHA-256 of its public key, then Ed25519 (RFC 8032) over "bilik/1/head"
//!          and the bytes 0 to 88 with byte 7 as zero
//! ```

use crate::file::{Digest, FileRef, Refusal};
use crate::manifest::{Election, LONGEST_ID};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Where the head lies on a site.
pub const PATH: &str = "head.bilik";
/// The longest head, in bytes.
pub const LONGEST: u32 = 376;
const SIGNED: usize = 88;
const SIGNATURE: usize = 72;
/// So many signatures at most.
pub const MOST_SIGNATURES: usize = 4;
const START: &[u8; 7] = b"BILIKh\x01";
const LABEL: &[u8] = b"bilik/1/head";

/// What is signed: which manifest is the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The election's id.
    pub election: String,
    /// A higher one is newer.
    pub serial: u64,
    /// Seconds since 1970.
    pub signed_at: u64,
    /// Seconds since 1970; past this it answers nothing.
    pub expires: u64,
    /// The current manifest.
    pub manifest: FileRef,
}

/// An operator's public key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// What the text of a public key starts with.
const KEY_PREFIX: &str = "bilik-public-key:";

impl PublicKey {
    /// Reads the line of a `KEY.pub`: `bilik-public-key:` and 64 hex digits. The prefix may be missing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let hex = text.strip_prefix(KEY_PREFIX).unwrap_or(text).trim();
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        let key = VerifyingKey::from_bytes(&bytes).ok()?;
        (!key.is_weak()).then_some(Self(key))
    }

    /// From the other half of the pair.
    #[must_use]
    pub fn of(key: VerifyingKey) -> Self {
        Self(key)
    }

    /// Ed25519 (RFC 8032), strictly: no key of small order, no second form of a signature.
    fn has_signed(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(message, signature).is_ok()
    }

    /// Tells keys apart in a head; says nothing of who holds one.
    #[must_use]
    pub fn id(&self) -> [u8; 8] {
        Sha256::digest(self.0.as_bytes()).first_chunk().copied().unwrap_or_default()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KEY_PREFIX)?;
        self.0.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Whom a page trusts: some public keys, and how many of them must have signed.
#[derive(Clone, Debug)]
pub struct Trust {
    keys: Vec<PublicKey>,
    threshold: usize,
    election: Option<String>,
}

/// Why trust cannot be placed like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustError {
    /// No public key at all.
    NoKey,
    /// A text that is no public key.
    NotAKey,
    /// A threshold of zero, or above the number of different keys.
    Threshold,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => "no public key was given: it stands in the operator's KEY.pub",
            Self::NotAKey => "a public key is `bilik-public-key:` and 64 hex digits, as it stands in the operator's KEY.pub",
            Self::Threshold => "the threshold must be at least 1 and at most the number of different public keys",
        })
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// Tells one page's trust from another's, where both keep their heads in one place.
    #[must_use]
    pub fn id(&self) -> String {
        // Whatever their order.
        let keys = self.keys.iter().fold(0, |all, key| all ^ u64::from_le_bytes(key.id()));
        let hash = Sha256::new().chain_update(keys.to_le_bytes()).chain_update(self.threshold.to_string()).chain_update("/");
        crate::file::Digest::of(&hash.chain_update(self.election.as_deref().unwrap_or_default()).finalize()).to_string()
    }

    /// Trusts `threshold` of the keys together, for one election or for any that they sign.
    ///
    /// # Errors
    /// When a text is no key, or the threshold cannot be met.
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
}

impl Head {
    /// The bytes that a signature covers.
    ///
    /// # Errors
    /// When the election's id is none.
    pub fn signed_bytes(&self) -> Result<[u8; SIGNED], Refusal> {
        if !Election::is_id(&self.election) {
            return Err(Refusal::Nonsense("an impossible election id"));
        }
        let mut bytes = START.to_vec();
        bytes.push(0);
        bytes.extend_from_slice(self.election.as_bytes());
        bytes.resize(8 + LONGEST_ID, 0);
        for number in [self.serial, self.signed_at, self.expires] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.manifest.digest.0);
        bytes.extend_from_slice(&self.manifest.stored.to_le_bytes());
        bytes.extend_from_slice(&self.manifest.inflated.to_le_bytes());
        bytes.try_into().map_err(|_| Refusal::Nonsense("a head of another length"))
    }

    /// Whether it takes another's place. Within an election the serial says so. Where the same keys sign several elections and
    /// a page asks for none by name, the one that was signed later: else an old election's head would make a device forget
    /// which serial of this one's it has seen.
    #[must_use]
    pub fn is_newer_than(&self, other: &Self) -> bool {
        if self.election == other.election { self.serial > other.serial } else { self.signed_at > other.signed_at }
    }

    /// What to sign: the label and the signed bytes.
    ///
    /// # Errors
    /// When the election's id is none.
    pub fn message(&self) -> Result<Vec<u8>, Refusal> {
        Ok([LABEL, &self.signed_bytes()?].concat())
    }

    /// The whole file with its signatures.
    ///
    /// # Errors
    /// When there are none or more than four.
    pub fn to_bytes(&self, signatures: &[(PublicKey, Signature)]) -> Result<Vec<u8>, Refusal> {
        if signatures.is_empty() || signatures.len() > MOST_SIGNATURES {
            return Err(Refusal::Signature("a head bears one to four"));
        }
        let mut bytes = self.signed_bytes()?.to_vec();
        if let Some(count) = bytes.get_mut(7) {
            *count = u8::try_from(signatures.len()).unwrap_or_default();
        }
        for (key, signature) in signatures {
            bytes.extend_from_slice(&key.id());
            bytes.extend_from_slice(&signature.to_bytes());
        }
        Ok(bytes)
    }

    /// Reads a head: length, start, signatures, and only then what it says.
    ///
    /// # Errors
    /// When it is no head, too few of the trusted keys signed it, or it is for another election.
    pub fn read(bytes: &[u8], trust: &Trust) -> Result<Self, Refusal> {
        let (signed, signatures) = split(bytes)?;
        let mut message = [LABEL, signed.as_slice()].concat();
        if let Some(count) = message.get_mut(LABEL.len() + 7) {
            *count = 0;
        }
        let signed_by =
            |key: &PublicKey| signatures.iter().any(|entry| entry.0 == key.id() && key.has_signed(&message, &entry.1));
        let valid = trust.keys.iter().filter(|key| signed_by(key)).count();
        if valid < trust.threshold {
            let known = signatures.iter().any(|(id, _)| trust.keys.iter().any(|key| key.id() == *id));
            return Err(Refusal::Signature(match (known, valid) {
                (false, _) => "none of the trusted keys signed it: it is another operator's",
                (true, 0) => "it bears a trusted key's name, but what it says was changed after signing",
                (true, _) => "fewer of the trusted keys signed it than must",
            }));
        }
        let head = parse(signed)?;
        if trust.election.as_ref().is_some_and(|election| *election != head.election) {
            return Err(Refusal::Election);
        }
        Ok(head)
    }

    /// Reads a head without verifying it: for looking at one, never for trusting it. Gives the ids of its keys too.
    ///
    /// # Errors
    /// When it is no head.
    pub fn read_unverified(bytes: &[u8]) -> Result<(Self, Vec<[u8; 8]>), Refusal> {
        let (signed, signatures) = split(bytes)?;
        Ok((parse(signed)?, signatures.into_iter().map(|(id, _)| id).collect()))
    }
}

type Signatures = Vec<([u8; 8], Signature)>;

fn split(bytes: &[u8]) -> Result<(&[u8; SIGNED], Signatures), Refusal> {
    let got = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if got > LONGEST.into() {
        return Err(Refusal::Length { expected: LONGEST.into(), got });
    }
    let Some(rest) = bytes.strip_prefix(START) else {
        return Err(match bytes.strip_prefix(b"BILIKh") {
            Some(rest) => rest.first().map_or(Refusal::Magic, |version| Refusal::Version(*version)),
            None => Refusal::Magic,
        });
    };
    let count = usize::from(rest.first().copied().unwrap_or_default());
    let expected = SIGNED + count * SIGNATURE;
    if count == 0 || count > MOST_SIGNATURES || bytes.len() != expected {
        return Err(Refusal::Length { expected: u64::try_from(expected).unwrap_or(u64::MAX), got });
    }
    let (signed, rest) = bytes.split_first_chunk().ok_or(Refusal::Magic)?;
    let signature = |entry: &[u8; SIGNATURE]| {
        let (id, signature) = entry.split_first_chunk::<8>()?;
        Some((*id, Signature::from_slice(signature).ok()?))
    };
    let signatures = rest.as_chunks::<SIGNATURE>().0.iter().filter_map(signature).collect();
    Ok((signed, signatures))
}

fn parse(signed: &[u8; SIGNED]) -> Result<Head, Refusal> {
    let nonsense = Refusal::Nonsense("a field of the head");
    let mut rest = signed.get(8..).unwrap_or_default();
    let mut take = |n: usize| {
        let (field, after) = rest.split_at_checked(n)?;
        rest = after;
        Some(field)
    };
    let mut fields = || {
        let id = std::str::from_utf8(take(LONGEST_ID)?).ok()?.trim_end_matches('\0').to_owned();
        let mut number = || take(8)?.try_into().ok().map(u64::from_le_bytes);
        let (serial, signed_at, expires) = (number()?, number()?, number()?);
        let digest = Digest(take(16)?.try_into().ok()?);
        let mut length = || take(4)?.try_into().ok().map(u32::from_le_bytes);
        let manifest = FileRef { digest, stored: length()?, inflated: length()? };
        Some(Head { election: id, serial, signed_at, expires, manifest })
    };
    let head = fields().ok_or(nonsense)?;
    if !Election::is_id(&head.election) || head.signed_at > head.expires {
        return Err(Refusal::Nonsense("an impossible election id, or a date of signing after that of expiry"));
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};

    fn head() -> Head {
        let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 13_800, inflated: 20_000 };
        Head { election: "uji-2029".into(), serial: 7, signed_at: 1_700_000_000, expires: 1_800_000_000, manifest }
    }

    fn keys(seed: u8) -> (SigningKey, PublicKey) {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::of(key.verifying_key());
        (key, public)
    }

    fn signed(head: &Head, seeds: &[u8]) -> Vec<u8> {
        let message = head.message().unwrap();
        let signatures: Vec<_> = seeds.iter().map(|&seed| (keys(seed).1, keys(seed).0.sign(&message))).collect();
        head.to_bytes(&signatures).unwrap()
    }

    fn trust(seeds: &[u8], threshold: usize) -> Trust {
        let keys: Vec<String> = seeds.iter().map(|&seed| keys(seed).1.to_string()).collect();
        Trust::new(keys.iter().map(String::as_str), threshold, None).unwrap()
    }

    #[test]
    fn within_an_election_the_serial_counts_and_between_two_of_the_same_keys_the_time_of_signing() {
        let seen = head();
        let newer = Head { serial: 8, signed_at: seen.signed_at - 1, ..head() };
        assert!(newer.is_newer_than(&seen) && !seen.is_newer_than(&newer) && !seen.is_newer_than(&head()));
        // The last election's, whatever its serial: it must not make room for an older head of this one's.
        let last = Head { election: "uji-2024".into(), serial: 900, signed_at: seen.signed_at - 1, ..head() };
        assert!(!last.is_newer_than(&seen) && seen.is_newer_than(&last));
    }

    #[test]
    fn a_signed_head_reads_back_and_is_small() {
        let bytes = signed(&head(), &[1, 2, 3, 4]);
        assert_eq!(bytes.len(), usize::try_from(LONGEST).unwrap());
        assert_eq!(Head::read(&bytes, &trust(&[3, 9], 1)), Ok(head()));
        assert_eq!(Head::read(&bytes, &trust(&[3, 1], 2)), Ok(head()));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let bytes = signed(&head(), &[1]);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut spoilt = bytes.clone();
                spoilt[at] ^= 1 << bit;
                assert!(Head::read(&spoilt, &trust(&[1], 1)).is_err(), "byte {at}, bit {bit}");
            }
            assert!(Head::read(&bytes[..at], &trust(&[1], 1)).is_err());
        }
        assert!(Head::read(&[&bytes[..], b"x"].concat(), &trust(&[1], 1)).is_err());
    }

    #[test]
    fn other_operators_and_too_few_of_ours_are_refused_apart() {
        let refused = |bytes: &[u8], trust: &Trust| match Head::read(bytes, trust) {
            Err(Refusal::Signature(why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(refused(&signed(&head(), &[2]), &trust(&[1], 1)).contains("another operator"));
        assert!(refused(&signed(&head(), &[1]), &trust(&[1, 2], 2)).contains("fewer"));
        assert!(refused(&signed(&head(), &[1, 1]), &trust(&[1, 2], 2)).contains("fewer"), "one key twice is one key");
        let mut changed = signed(&head(), &[1]);
        changed[40] ^= 1;
        assert!(refused(&changed, &trust(&[1], 1)).contains("changed"));
    }

    #[test]
    fn another_election_is_refused() {
        let key = keys(1).1.to_string();
        let trust = Trust::new([key.as_str()], 1, Some("lain-2029".into())).unwrap();
        assert_eq!(Head::read(&signed(&head(), &[1]), &trust), Err(Refusal::Election));
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
    fn keys_read_with_and_without_prefix() {
        let text = keys(1).1.to_string();
        assert_eq!(PublicKey::parse(&text), Some(keys(1).1));
        assert_eq!(PublicKey::parse(&text[KEY_PREFIX.len()..].to_uppercase()), Some(keys(1).1));
        for bad in ["", "bilik-public-key:", &text[1..], &text[..80], &"0".repeat(64)] {
            assert_eq!(PublicKey::parse(bad), None, "{bad}");
        }
        assert_eq!(Trust::new([], 1, None).unwrap_err(), TrustError::NoKey);
        assert_eq!(Trust::new([text.as_str(), &text], 2, None).unwrap_err(), TrustError::Threshold);
    }
}
