//! The head: the only file of a site that ever changes. It is small, signed, and has a fixed layout.
//!
//! ```text
//!   0   5  magic "BILIK"
//!   5   1  kind "h"
//!   6   1  format version, 1
//!   7   1  number of signatures, 1 to 4; the only byte before them that is not signed
//!   8  32  election id, ASCII, padded with zeros
//!  40   8  serial, little endian: a higher one is newer; at most a day after "signed at"
//!  48   8  signed at, seconds since 1970
//!  56   8  expires, seconds since 1970
//!  64  16  the manifest's digest
//!  80   4  the manifest's length as stored
//!  84   4  the manifest's length when inflated
//!  88  72  each signature: the first 8 bytes of the SHA-256 of its public key, then Ed25519 (RFC 8032) over "bilik/1/head"
//!          and the bytes 0 to 88 with byte 7 as zero
//! ```

use super::container::{Digest, FileRef, FormatError, SignatureError};
use super::manifest::{Election, MAX_ID_LEN};
use super::trust::{PublicKey, Trust};
use crate::date::DAY_SECONDS;
use ed25519_dalek::Signature;
use sha2::{Digest as _, Sha256};

/// The path of the head, relative to the site.
pub const HEAD_PATH: &str = "head.bilik";
/// The maximum length of a head in bytes.
pub const MAX_HEAD_LEN: u32 = 376;
const SIGNED: usize = 88;
const SIGNATURE: usize = 72;
/// The maximum number of signatures of a head.
pub const MAX_SIGNATURES: usize = 4;
const START: &[u8; 7] = b"BILIKh\x01";
const LABEL: &[u8] = b"bilik/1/head";

/// The signed root of a site: which manifest is current.
///
/// ```
/// use bilik::format::{Digest, FileRef, FormatError, Head, PublicKey, SignatureError, Trust};
/// use ed25519_dalek::{Signer as _, SigningKey};
///
/// let secret = SigningKey::from_bytes(&[1; 32]);
/// let public = PublicKey::of(secret.verifying_key());
///
/// // The operator signs a head.
/// let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 8, inflated: 8 };
/// let head = Head { election: "example-2029".into(), serial: 1, signed_at: 0, expires: 86_400, manifest };
/// let signature = secret.sign(&head.message()?);
/// let bytes = head.to_bytes(&[(public, signature)])?;
///
/// // A reader that trusts this key accepts it; one that trusts another key does not.
/// let trust = Trust::new([public.to_string().as_str()], 1, None).unwrap();
/// assert_eq!(Head::read(&bytes, &trust)?, head);
/// let other = PublicKey::of(SigningKey::from_bytes(&[2; 32]).verifying_key());
/// let other = Trust::new([other.to_string().as_str()], 1, None).unwrap();
/// assert_eq!(Head::read(&bytes, &other), Err(FormatError::Signature(SignatureError::Untrusted)));
/// # Ok::<(), FormatError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The election's id.
    pub election: String,
    /// The serial number: a higher one is newer. It counts seconds since 1970 and is at most a day after the signing, so that
    /// nobody who alters or signs one head can leave no room for later ones.
    pub serial: u64,
    /// When it was signed, in seconds since 1970.
    pub signed_at: u64,
    /// When it expires, in seconds since 1970. No question is answered after that.
    pub expires: u64,
    /// The current manifest.
    pub manifest: FileRef,
}

impl Head {
    /// The part of the file that is signed.
    ///
    /// # Errors
    /// When the election's id is invalid.
    pub fn signed_bytes(&self) -> Result<[u8; SIGNED], FormatError> {
        if !Election::is_id(&self.election) {
            return Err(FormatError::Invalid("invalid election id"));
        }
        let mut bytes = START.to_vec();
        bytes.push(0);
        bytes.extend_from_slice(self.election.as_bytes());
        bytes.resize(8 + MAX_ID_LEN, 0);
        for number in [self.serial, self.signed_at, self.expires] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.manifest.digest.0);
        bytes.extend_from_slice(&self.manifest.stored.to_le_bytes());
        bytes.extend_from_slice(&self.manifest.inflated.to_le_bytes());
        bytes.try_into().map_err(|_| FormatError::Invalid("wrong length of a head"))
    }

    /// The SHA-256 of the signed part of the file, by which a witness names a head. Further signatures do not change it.
    ///
    /// # Errors
    /// When the election's id is invalid.
    pub fn fingerprint(&self) -> Result<[u8; 32], FormatError> {
        Ok(Sha256::digest(self.signed_bytes()?).into())
    }

    /// Whether this head replaces another. Within an election the higher serial does. Where the same keys sign several elections
    /// and a page does not name one, the head that was signed later does: otherwise a head of an old election would make a
    /// device forget the highest serial that it has seen of the current one.
    #[must_use]
    pub fn is_newer_than(&self, other: &Self) -> bool {
        if self.election == other.election { self.serial > other.serial } else { self.signed_at > other.signed_at }
    }

    /// The message to sign: a label and [`Head::signed_bytes`].
    ///
    /// # Errors
    /// When the election's id is invalid.
    pub fn message(&self) -> Result<Vec<u8>, FormatError> {
        Ok([LABEL, &self.signed_bytes()?].concat())
    }

    /// The bytes of the file, with its signatures.
    ///
    /// # Errors
    /// When there is no signature, or more than [`MAX_SIGNATURES`].
    pub fn to_bytes(&self, signatures: &[(PublicKey, Signature)]) -> Result<Vec<u8>, FormatError> {
        if signatures.is_empty() || signatures.len() > MAX_SIGNATURES {
            return Err(FormatError::Signature(SignatureError::Count { got: signatures.len() }));
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

    /// Reads a head: checks length, start and signatures, and only then parses the fields.
    ///
    /// # Errors
    /// When it is not a head, too few of the trusted keys signed it, or it belongs to another election.
    pub fn read(bytes: &[u8], trust: &Trust) -> Result<Self, FormatError> {
        let (signed, signatures) = split(bytes)?;
        let mut message = [LABEL, signed.as_slice()].concat();
        if let Some(count) = message.get_mut(LABEL.len() + 7) {
            *count = 0;
        }
        trust.verify(&message, &signatures)?;
        let head = parse(signed)?;
        if trust.is_for(&head.election) { Ok(head) } else { Err(FormatError::Election) }
    }

    /// Reads a head without verifying it, and the ids of the keys that claim to have signed it: for inspecting a head, never for
    /// trusting it.
    ///
    /// # Errors
    /// When it is not a head.
    pub fn read_unverified(bytes: &[u8]) -> Result<(Self, Vec<[u8; 8]>), FormatError> {
        let (signed, signatures) = split(bytes)?;
        Ok((parse(signed)?, signatures.into_iter().map(|(id, _)| id).collect()))
    }
}

type Signatures = Vec<([u8; 8], Signature)>;

fn split(bytes: &[u8]) -> Result<(&[u8; SIGNED], Signatures), FormatError> {
    // First, because a head of a later version may be longer.
    let Some(rest) = bytes.strip_prefix(START) else {
        return Err(match bytes.strip_prefix(b"BILIKh") {
            Some(rest) => rest.first().map_or(FormatError::Magic, |version| FormatError::Version(*version)),
            None => FormatError::Magic,
        });
    };
    let got = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let count = usize::from(rest.first().copied().unwrap_or_default());
    let expected = SIGNED + count * SIGNATURE;
    if count == 0 || count > MAX_SIGNATURES || bytes.len() != expected {
        return Err(FormatError::Length { expected: u64::try_from(expected).unwrap_or(u64::MAX), got });
    }
    let (signed, rest) = bytes.split_first_chunk().ok_or(FormatError::Magic)?;
    let signature = |entry: &[u8; SIGNATURE]| {
        let (id, signature) = entry.split_first_chunk::<8>()?;
        Some((*id, Signature::from_slice(signature).ok()?))
    };
    let signatures = rest.as_chunks::<SIGNATURE>().0.iter().filter_map(signature).collect();
    Ok((signed, signatures))
}

fn parse(signed: &[u8; SIGNED]) -> Result<Head, FormatError> {
    let mut rest = signed.get(8..).unwrap_or_default();
    let mut take = |n: usize| {
        let (field, after) = rest.split_at_checked(n)?;
        rest = after;
        Some(field)
    };
    let mut fields = || {
        let id = std::str::from_utf8(take(MAX_ID_LEN)?).ok()?.trim_end_matches('\0').to_owned();
        let mut number = || take(8)?.try_into().ok().map(u64::from_le_bytes);
        let (serial, signed_at, expires) = (number()?, number()?, number()?);
        let digest = Digest(take(16)?.try_into().ok()?);
        let mut length = || take(4)?.try_into().ok().map(u32::from_le_bytes);
        let manifest = FileRef { digest, stored: length()?, inflated: length()? };
        Some(Head { election: id, serial, signed_at, expires, manifest })
    };
    let head = fields().ok_or(FormatError::Invalid("a field of the head"))?;
    if !Election::is_id(&head.election) {
        return Err(FormatError::Invalid("invalid election id"));
    }
    if head.signed_at > head.expires {
        return Err(FormatError::Invalid("signed after it expires"));
    }
    if head.serial > head.signed_at.saturating_add(DAY_SECONDS) {
        return Err(FormatError::Invalid("its serial is more than a day after its signing"));
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
    fn serials_order_heads_of_one_election_and_signing_times_heads_of_several() {
        let seen = head();
        let newer = Head { serial: 8, signed_at: seen.signed_at - 1, ..head() };
        assert!(newer.is_newer_than(&seen) && !seen.is_newer_than(&newer) && !seen.is_newer_than(&head()));
        // A head of the previous election, whatever its serial, must not make room for an older head of this one.
        let last = Head { election: "uji-2024".into(), serial: 900, signed_at: seen.signed_at - 1, ..head() };
        assert!(!last.is_newer_than(&seen) && seen.is_newer_than(&last));
    }

    #[test]
    fn a_signed_head_is_small_and_reads_back() {
        let bytes = signed(&head(), &[1, 2, 3, 4]);
        assert_eq!(bytes.len(), usize::try_from(MAX_HEAD_LEN).unwrap());
        assert_eq!(Head::read(&bytes, &trust(&[3, 9], 1)), Ok(head()));
        assert_eq!(Head::read(&bytes, &trust(&[3, 1], 2)), Ok(head()));
    }

    #[test]
    fn every_flipped_bit_and_every_truncation_is_rejected() {
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
    fn a_head_of_a_later_version_is_told_apart_however_long_it_is() {
        let mut later = signed(&head(), &[1]);
        later[6] = 2;
        for length in [7, later.len(), usize::try_from(MAX_HEAD_LEN).unwrap() + 1] {
            later.resize(length.max(7), 0);
            assert_eq!(Head::read(&later, &trust(&[1], 1)), Err(FormatError::Version(2)), "{length} bytes");
        }
        // A file of this version that is too long is what it was.
        let long = [signed(&head(), &[1, 2, 3, 4]), vec![0]].concat();
        assert!(matches!(Head::read(&long, &trust(&[1], 1)), Err(FormatError::Length { .. })));
    }

    #[test]
    fn untrusted_altered_and_too_few_signatures_are_different_errors() {
        let refused = |bytes: &[u8], trust: &Trust| match Head::read(bytes, trust) {
            Err(FormatError::Signature(error)) => error,
            other => panic!("{other:?}"),
        };
        let too_few = SignatureError::TooFew { expected: 2, got: 1 };
        assert_eq!(refused(&signed(&head(), &[2]), &trust(&[1], 1)), SignatureError::Untrusted);
        assert_eq!(refused(&signed(&head(), &[1]), &trust(&[1, 2], 2)), too_few);
        assert_eq!(refused(&signed(&head(), &[1, 1]), &trust(&[1, 2], 2)), too_few, "one key twice is one key");
        let mut changed = signed(&head(), &[1]);
        changed[40] ^= 1;
        assert_eq!(refused(&changed, &trust(&[1], 1)), SignatureError::Altered);
    }

    #[test]
    fn a_head_of_another_election_is_rejected() {
        let key = keys(1).1.to_string();
        let trust = Trust::new([key.as_str()], 1, Some("lain-2029".into())).unwrap();
        assert_eq!(Head::read(&signed(&head(), &[1]), &trust), Err(FormatError::Election));
    }
}
