//! The head: the only file of a site that ever changes. It is small and signed, and its layout is fixed.
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
//!  88   1  number of provinces, 0 to 100
//!  89  21  each province, sorted by code: its two digits as a number; the digest of its part, 16; the part's lengths as stored
//!          and when inflated, 2 each, little endian
//!   …  72  each signature: the first 8 bytes of the SHA-256 of its public key, then Ed25519 (RFC 8032) over "bilik/1/head"
//!          and all bytes before the first signature, with byte 7 as zero
//! ```

#[cfg(test)]
mod tests;

use super::container::{Digest, FileRef, FormatError, SignatureError};
use super::manifest::{Election, MAX_ID_LEN, Manifest};
use super::trust::{PublicKey, Trust};
use crate::date::DAY_SECONDS;
use ed25519_dalek::Signature;
use sha2::{Digest as _, Sha256};

/// The path of the head, relative to the site.
pub const HEAD_PATH: &str = "head.bilik";
/// The maximum length of a head in bytes.
pub const MAX_HEAD_LEN: u32 = 2_477;
/// Before the number of provinces.
const FIXED: usize = 88;
const PROVINCE: usize = 21;
const MAX_PROVINCES: usize = 100;
const SIGNATURE: usize = 72;
/// The maximum number of signatures of a head.
pub const MAX_SIGNATURES: usize = 4;
const START: &[u8; 7] = b"BILIKh\x01";
const LABEL: &[u8] = b"bilik/1/head";

/// The part of the manifest for a province.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvinceRef {
    /// The two digits of the province's code.
    pub code: u8,
    /// A [`ProvincePart`](super::ProvincePart).
    pub part: FileRef,
}

/// The signed root of a site: which manifest is current, and which parts it has.
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
/// let provinces = Vec::new();
/// let head = Head { election: "example-2029".into(), serial: 1, signed_at: 0, expires: 86_400, manifest, provinces };
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
    /// Its parts, sorted by code.
    pub provinces: Vec<ProvinceRef>,
}

impl Head {
    /// The part of the file that is signed.
    ///
    /// # Errors
    /// When the election's id is invalid, there are more than 100 provinces, or a part is longer than 65,535 bytes.
    pub fn signed_bytes(&self) -> Result<Vec<u8>, FormatError> {
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
        if self.provinces.len() > MAX_PROVINCES {
            return Err(FormatError::Invalid("more than 100 provinces"));
        }
        bytes.push(u8::try_from(self.provinces.len()).unwrap_or_default());
        for ProvinceRef { code, part } in &self.provinces {
            bytes.push(*code);
            bytes.extend_from_slice(&part.digest.0);
            for length in [part.stored, part.inflated] {
                let length = u16::try_from(length).map_err(|_| FormatError::Invalid("a part of the manifest is too long"))?;
                bytes.extend_from_slice(&length.to_le_bytes());
            }
        }
        Ok(bytes)
    }

    /// Whether it names a part for each province of a manifest, and no other.
    #[must_use]
    pub fn names_parts_of(&self, manifest: &Manifest) -> bool {
        self.provinces.iter().map(|province| province.code).eq(manifest.provinces.iter().map(|province| province.code))
    }

    /// The part for the first two digits of a NIK. Where there is no such province, that of the first one: it has the directory of
    /// the prefixes that belong to no present-day regency, as every other part does.
    #[must_use]
    pub fn part_for(&self, province: u8) -> Option<&ProvinceRef> {
        self.provinces.iter().find(|other| other.code == province).or(self.provinces.first())
    }

    /// The SHA-256 of the signed part of the file, by which a witness names a head. Further signatures do not change it.
    ///
    /// # Errors
    /// Those of [`Head::signed_bytes`].
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
    /// Those of [`Head::signed_bytes`].
    pub fn message(&self) -> Result<Vec<u8>, FormatError> {
        Ok([LABEL, &self.signed_bytes()?].concat())
    }

    /// The bytes of the file, with its signatures.
    ///
    /// # Errors
    /// When there is no signature, or more than [`MAX_SIGNATURES`], and those of [`Head::signed_bytes`].
    pub fn to_bytes(&self, signatures: &[(PublicKey, Signature)]) -> Result<Vec<u8>, FormatError> {
        if signatures.is_empty() || signatures.len() > MAX_SIGNATURES {
            return Err(FormatError::Signature(SignatureError::Count { got: signatures.len() }));
        }
        let mut bytes = self.signed_bytes()?;
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
        let mut message = [LABEL, signed].concat();
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

fn split(bytes: &[u8]) -> Result<(&[u8], Signatures), FormatError> {
    // First, because a head of a later version may be longer.
    if !bytes.starts_with(START) {
        return Err(match bytes.strip_prefix(b"BILIKh") {
            Some(rest) => rest.first().map_or(FormatError::Magic, |version| FormatError::Version(*version)),
            None => FormatError::Magic,
        });
    }
    let number = |at: usize| bytes.get(at).copied().map_or(0, usize::from);
    let (count, signed) = (number(START.len()), FIXED + 1 + number(FIXED) * PROVINCE);
    let expected = signed + count * SIGNATURE;
    let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    if count == 0 || count > MAX_SIGNATURES || number(FIXED) > MAX_PROVINCES || bytes.len() != expected {
        return Err(FormatError::Length { expected: length(expected), got: length(bytes.len()) });
    }
    let (signed, rest) = bytes.split_at_checked(signed).ok_or(FormatError::Magic)?;
    let signature = |entry: &[u8; SIGNATURE]| {
        let (id, signature) = entry.split_first_chunk::<8>()?;
        Some((*id, Signature::from_slice(signature).ok()?))
    };
    let signatures = rest.as_chunks::<SIGNATURE>().0.iter().filter_map(signature).collect();
    Ok((signed, signatures))
}

fn parse(signed: &[u8]) -> Result<Head, FormatError> {
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
        // As many as the length of the head has room for: `split` has compared it with their number.
        let mut provinces = Vec::new();
        for [code, digest @ .., stored, stored_high, inflated, inflated_high] in
            signed.get(FIXED + 1..)?.as_chunks::<PROVINCE>().0
        {
            let length = |low: &u8, high: &u8| u16::from_le_bytes([*low, *high]).into();
            let (stored, inflated) = (length(stored, stored_high), length(inflated, inflated_high));
            provinces.push(ProvinceRef { code: *code, part: FileRef { digest: Digest(*digest), stored, inflated } });
        }
        Some(Head { election: id, serial, signed_at, expires, manifest, provinces })
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
    let mut next = 0;
    for province in &head.provinces {
        if province.code < next || province.code > 99 {
            return Err(FormatError::Invalid("codes of provinces out of order or out of range"));
        }
        next = province.code + 1;
    }
    Ok(head)
}
