//! The statement of a witness: somebody outside saw this head as the newest one, at this time. It lies beside the head, at
//! `w/<key id>.bilik`, has a fixed layout, and is signed by the witness's own key.
//!
//! ```text
//!   0   5  magic "BILIK"
//!   5   1  kind "w"
//!   6   1  format version, 1
//!   7   1  zero
//!   8  32  election id, ASCII, padded with zeros
//!  40   8  serial of the head, little endian
//!  48   8  when it was seen, seconds since 1970
//!  56  32  SHA-256 of the head without its signatures and with byte 7 as zero, which is what the operator signs
//!  88   8  the first 8 bytes of the SHA-256 of the witness's public key
//!  96  64  Ed25519 (RFC 8032) over a text that the fields above make: see [`WitnessStatement::message`]
//! ```
//!
//! The signed text is that of C2SP's `tlog-cosignature` (Ed25519, `cosignature/v1`), so that its tools can check a statement too.
//! The file is not a signed note, because a reader of a fixed layout is smaller in the module, and has one form for each statement.

use super::head::Head;
use super::manifest::{Election, MAX_ID_LEN};
use super::trust::PublicKey;
use base16ct::HexDisplay;
use base64ct::{Base64, Encoding as _};
use ed25519_dalek::Signature;
use std::cmp::Ordering;
use std::fmt;

/// The length of a witness's statement in bytes.
pub const STATEMENT_LEN: u32 = 160;
const LENGTH: usize = 160;
const MAGIC: &[u8; 5] = b"BILIK";
const KIND: u8 = b'w';
const VERSION: u8 = 1;
/// What origins of `tlog-checkpoint` begin with, before the election's id.
const ORIGIN: &str = "bilik/1/head/";

/// What a witness says: of all heads of this election that it has seen until then, this one has the highest serial.
///
/// ```
/// use bilik::format::{Digest, FileRef, Head, PublicKey, StatementError, WitnessStatement};
/// use ed25519_dalek::{Signer as _, SigningKey};
///
/// let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 8, inflated: 8 };
/// let head = Head { election: "example-2029".into(), serial: 7, signed_at: 0, expires: 86_400, manifest, provinces: Vec::new() };
///
/// // The witness signs what it saw.
/// let secret = SigningKey::from_bytes(&[1; 32]);
/// let public = PublicKey::of(secret.verifying_key());
/// let statement = WitnessStatement::of(&head, 3_600).unwrap();
/// let bytes = statement.to_bytes(&public, &secret.sign(statement.message().as_bytes()))?;
///
/// // A page that names the witness reads the statement, and whether it is about the head that the page has.
/// let read = WitnessStatement::read(&bytes, &public)?;
/// assert!(read.is_of(&head) && read.time == 3_600);
/// assert!(!read.is_of(&Head { serial: 6, ..head }));
/// # Ok::<(), StatementError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessStatement {
    /// The election's id.
    pub election: String,
    /// The serial of the head.
    pub serial: u64,
    /// When the witness saw it, in seconds since 1970.
    pub time: u64,
    /// The digest of the head: [`Head::fingerprint`].
    pub head: [u8; 32],
}

/// The head that a witness saw, beside another head of the same election.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenByWitness {
    /// It is this head.
    This,
    /// One with a lower serial.
    Older,
    /// One with a higher serial.
    Newer,
    /// Another head with the same serial, which an honest operator never signs.
    Other,
}

/// Why a witness's statement is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementError {
    /// It does not start as a Bilik file does.
    Magic,
    /// It is a Bilik file of another kind, which has this letter.
    Kind(u8),
    /// It has a format version that this reader does not support.
    Version(u8),
    /// It does not have exactly [`STATEMENT_LEN`] bytes.
    Length {
        /// Bytes of the file.
        got: usize,
    },
    /// The byte that must be zero is not.
    Reserved(u8),
    /// Its election's id is not one.
    ElectionId,
    /// It was seen in 1970, or beyond what a signed number of 64 bits can count.
    Time(u64),
    /// It names another key than that of the witness.
    Key {
        /// The id of the key that it names.
        got: [u8; 8],
    },
    /// It names the witness's key, but the signature does not match.
    Signature,
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic => f.write_str("not a Bilik file (bad magic); possibly an HTML error page"),
            Self::Kind(got) => write!(f, "expected a witness's statement, got a file of kind `{}`", got.escape_ascii()),
            Self::Version(got) => write!(f, "expected format version {VERSION}, got {got}: update Bilik"),
            Self::Length { got } => write!(f, "expected {STATEMENT_LEN} bytes, got {got}: truncated or replaced"),
            Self::Reserved(got) => write!(f, "expected zero in byte 7, got {got}"),
            Self::ElectionId => f.write_str("invalid election id"),
            Self::Time(got) => write!(f, "invalid time: {got} seconds since 1970"),
            Self::Key { got } => write!(f, "signed by another key than the witness's: {:x}", HexDisplay(got)),
            Self::Signature => {
                f.write_str("names the witness's key, but the signature does not match: the statement was altered")
            }
        }
    }
}

impl std::error::Error for StatementError {}

impl WitnessStatement {
    /// The statement that this head was seen at this time; `None` where the head's election id is invalid.
    #[must_use]
    pub fn of(head: &Head, time: u64) -> Option<Self> {
        let fingerprint = head.fingerprint().ok()?;
        Some(Self { election: head.election.clone(), serial: head.serial, time, head: fingerprint })
    }

    /// Whether it is about this head.
    #[must_use]
    pub fn is_of(&self, head: &Head) -> bool {
        self.election == head.election && self.serial == head.serial && head.fingerprint() == Ok(self.head)
    }

    /// Which head the witness saw, compared with this one; `None` where they are of two elections.
    #[must_use]
    pub fn compared_with(&self, head: &Head) -> Option<SeenByWitness> {
        if self.election != head.election {
            return None;
        }
        Some(match self.serial.cmp(&head.serial) {
            Ordering::Less => SeenByWitness::Older,
            Ordering::Greater => SeenByWitness::Newer,
            Ordering::Equal if self.is_of(head) => SeenByWitness::This,
            Ordering::Equal => SeenByWitness::Other,
        })
    }

    /// Where the statements of a witness lie, relative to the site: `w/` and the key's id.
    #[must_use]
    pub fn path(key: &PublicKey) -> String {
        format!("w/{:x}.bilik", HexDisplay(&key.id()))
    }

    /// The body of a checkpoint as C2SP's `tlog-checkpoint` has it: an origin, a number that only grows, and a hash in base64. A head
    /// is not a Merkle tree, so that the number is its serial and the hash its digest.
    #[must_use]
    pub fn checkpoint(&self) -> String {
        format!("{ORIGIN}{}\n{}\n{}\n", self.election, self.serial, Base64::encode_string(&self.head))
    }

    /// The message to sign: two lines and [`WitnessStatement::checkpoint`].
    #[must_use]
    pub fn message(&self) -> String {
        let Self { election, serial, time, head } = self;
        // Not by `checkpoint`: one call of `format` is smaller in the module.
        format!("cosignature/v1\ntime {time}\n{ORIGIN}{election}\n{serial}\n{}\n", Base64::encode_string(head))
    }

    /// The bytes of the file, with the witness's signature.
    ///
    /// # Errors
    /// When the election's id or the time is invalid.
    pub fn to_bytes(&self, key: &PublicKey, signature: &Signature) -> Result<Vec<u8>, StatementError> {
        self.check()?;
        let mut bytes = [MAGIC.as_slice(), &[KIND, VERSION, 0], self.election.as_bytes()].concat();
        bytes.resize(8 + MAX_ID_LEN, 0);
        for number in [self.serial, self.time] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.head);
        bytes.extend_from_slice(&key.id());
        bytes.extend_from_slice(&signature.to_bytes());
        Ok(bytes)
    }

    /// Reads the statement of the witness with this key.
    ///
    /// # Errors
    /// Says which byte is not as it must be, or that the witness did not sign it.
    pub fn read(bytes: &[u8], key: &PublicKey) -> Result<Self, StatementError> {
        let (statement, got, signature) = split(bytes)?;
        if got != key.id() {
            return Err(StatementError::Key { got });
        }
        if !key.has_signed(statement.message().as_bytes(), &signature) {
            return Err(StatementError::Signature);
        }
        Ok(statement)
    }

    /// Reads a statement without verifying it, and the id of the key that claims to have signed it: for inspecting it, never for
    /// trusting it.
    ///
    /// # Errors
    /// When it is not a statement.
    pub fn read_unverified(bytes: &[u8]) -> Result<(Self, [u8; 8]), StatementError> {
        split(bytes).map(|(statement, id, _)| (statement, id))
    }

    fn check(&self) -> Result<(), StatementError> {
        if !Election::is_id(&self.election) {
            return Err(StatementError::ElectionId);
        }
        if self.time == 0 || i64::try_from(self.time).is_err() {
            return Err(StatementError::Time(self.time));
        }
        Ok(())
    }
}

fn split(bytes: &[u8]) -> Result<(WitnessStatement, [u8; 8], Signature), StatementError> {
    let Some([kind, version, ..]) = bytes.strip_prefix(MAGIC) else { return Err(StatementError::Magic) };
    if *kind != KIND {
        return Err(StatementError::Kind(*kind));
    }
    if *version != VERSION {
        return Err(StatementError::Version(*version));
    }
    let got = bytes.len();
    let Ok(bytes): Result<&[u8; LENGTH], _> = bytes.try_into() else { return Err(StatementError::Length { got }) };
    let mut rest = bytes.get(7..).unwrap_or_default();
    let reserved = take::<1>(&mut rest);
    if reserved != [0] {
        return Err(StatementError::Reserved(u8::from_le_bytes(reserved)));
    }
    let id = take::<MAX_ID_LEN>(&mut rest);
    let statement = WitnessStatement {
        election: std::str::from_utf8(&id).unwrap_or_default().trim_end_matches('\0').to_owned(),
        serial: u64::from_le_bytes(take(&mut rest)),
        time: u64::from_le_bytes(take(&mut rest)),
        head: take(&mut rest),
    };
    statement.check()?;
    Ok((statement, take(&mut rest), Signature::from_bytes(&take(&mut rest))))
}

/// The next bytes of a file whose length was checked.
fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let Some((field, after)) = rest.split_first_chunk() else { return [0; N] };
    *rest = after;
    *field
}

#[cfg(test)]
mod tests {
    use super::super::container::{Digest, FileRef};
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};

    fn head() -> Head {
        let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 13_800, inflated: 20_000 };
        let provinces = Vec::new();
        Head { election: "uji-2029".into(), serial: 7, signed_at: 1_700_000_000, expires: 1_800_000_000, manifest, provinces }
    }

    fn witness(seed: u8) -> (SigningKey, PublicKey) {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::of(key.verifying_key());
        (key, public)
    }

    fn signed(statement: &WitnessStatement, seed: u8) -> Vec<u8> {
        let (secret, public) = witness(seed);
        statement.to_bytes(&public, &secret.sign(statement.message().as_bytes())).unwrap()
    }

    fn statement() -> WitnessStatement {
        WitnessStatement::of(&head(), 1_750_000_000).unwrap()
    }

    #[test]
    fn a_statement_reads_back_and_tells_its_head_from_others() {
        let bytes = signed(&statement(), 1);
        assert_eq!(bytes.len(), usize::try_from(STATEMENT_LEN).unwrap());
        let read = WitnessStatement::read(&bytes, &witness(1).1).unwrap();
        assert_eq!(read, statement());
        assert!(read.is_of(&head()));
        let manifest = FileRef { stored: 1, ..head().manifest };
        for other in [
            Head { serial: 8, ..head() },
            Head { election: "uji-2024".into(), ..head() },
            Head { manifest, ..head() },
            Head { expires: 1_800_000_001, ..head() },
            Head { signed_at: 1_700_000_001, ..head() },
        ] {
            assert!(!read.is_of(&other), "{other:?}");
        }
        let beside = |head: &Head| statement().compared_with(head);
        assert_eq!(beside(&head()), Some(SeenByWitness::This));
        assert_eq!(beside(&Head { serial: 8, ..head() }), Some(SeenByWitness::Older));
        assert_eq!(beside(&Head { serial: 6, ..head() }), Some(SeenByWitness::Newer));
        assert_eq!(beside(&Head { expires: 1_800_000_001, ..head() }), Some(SeenByWitness::Other));
        assert_eq!(beside(&Head { election: "uji-2024".into(), ..head() }), None);
    }

    #[test]
    fn the_signed_text_is_a_cosignature_of_c2sp() {
        let text = statement().message();
        let lines: Vec<&str> = text.split('\n').collect();
        assert_eq!(lines[..4], ["cosignature/v1", "time 1750000000", "bilik/1/head/uji-2029", "7"]);
        assert_eq!((lines[4].len(), &lines[4][43..], lines[5], lines.len()), (44, "=", "", 6));
        assert_eq!(Base64::decode_vec(lines[4]).unwrap(), statement().head);
    }

    #[test]
    fn every_flipped_bit_and_every_other_length_is_rejected() {
        let (bytes, key) = (signed(&statement(), 1), witness(1).1);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut spoilt = bytes.clone();
                spoilt[at] ^= 1 << bit;
                assert!(WitnessStatement::read(&spoilt, &key).is_err(), "byte {at}, bit {bit}");
            }
            assert!(WitnessStatement::read(&bytes[..at], &key).is_err(), "{at} bytes");
        }
        assert_eq!(WitnessStatement::read(&[&bytes[..], b"x"].concat(), &key), Err(StatementError::Length { got: 161 }));
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_error() {
        let (bytes, key) = (signed(&statement(), 1), witness(1).1);
        let spoilt = |at: usize, byte: u8| {
            let mut spoilt = bytes.clone();
            spoilt[at] = byte;
            WitnessStatement::read(&spoilt, &key)
        };
        assert_eq!(spoilt(0, b'b'), Err(StatementError::Magic));
        assert_eq!(WitnessStatement::read(b"<!doctype html>", &key), Err(StatementError::Magic));
        assert_eq!(spoilt(5, b'h'), Err(StatementError::Kind(b'h')));
        assert_eq!(spoilt(6, 2), Err(StatementError::Version(2)));
        assert_eq!(WitnessStatement::read(&bytes[..100], &key), Err(StatementError::Length { got: 100 }));
        assert_eq!(spoilt(7, 1), Err(StatementError::Reserved(1)));
        for byte in [0, b'\n', b'U', 0xff] {
            assert_eq!(spoilt(8, byte), Err(StatementError::ElectionId), "{byte}");
        }
        assert_eq!(spoilt(39, b'x'), Err(StatementError::ElectionId), "after the padding");
        assert_eq!(spoilt(55, 0x80), Err(StatementError::Time(1_750_000_000 + (1 << 63))));
        let got = witness(2).1.id();
        assert_eq!(WitnessStatement::read(&signed(&statement(), 2), &key), Err(StatementError::Key { got }));
        for at in [8, 40, 48, 56, 96] {
            assert_eq!(spoilt(at, bytes[at] ^ 1), Err(StatementError::Signature), "byte {at}");
        }
        let signature = witness(1).0.sign(b"");
        assert_eq!(WitnessStatement { time: 0, ..statement() }.to_bytes(&key, &signature), Err(StatementError::Time(0)));
        let nameless = WitnessStatement { election: String::new(), ..statement() };
        assert_eq!(nameless.to_bytes(&key, &signature), Err(StatementError::ElectionId));
    }

    #[test]
    fn a_signature_over_anything_else_is_rejected() {
        let (secret, key) = witness(1);
        let other = |message: &str| statement().to_bytes(&key, &secret.sign(message.as_bytes())).unwrap();
        for message in ["", &statement().checkpoint(), &statement().message().replace("v1", "v2")] {
            assert_eq!(WitnessStatement::read(&other(message), &key), Err(StatementError::Signature));
        }
        // A malleable one: s + L is the same point, and not the canonical number.
        let mut bytes = signed(&statement(), 1);
        let order: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let mut carry = 0_u16;
        for (byte, add) in bytes[128..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        assert_eq!(WitnessStatement::read(&bytes, &key), Err(StatementError::Signature));
    }

    #[test]
    fn a_statement_lies_where_the_key_says() {
        let path = WitnessStatement::path(&witness(1).1);
        assert!(path.len() == 24 && path[18..] == *".bilik" && path.starts_with("w/"), "{path}");
        let (_, id) = WitnessStatement::read_unverified(&signed(&statement(), 1)).unwrap();
        assert_eq!(path[2..18], format!("{:016x}", u64::from_be_bytes(id)));
    }
}
