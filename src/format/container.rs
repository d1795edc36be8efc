//! The container around every file except the head, and the only place (with its `canonical`) that uses `bincode` and `flate2`.
//!
//! ```text
//!  0  5  magic "BILIK"
//!  5  1  kind: m manifest, p province, d directory, t table, s station list, n names
//!  6  1  format version, 1
//!  7  1  codec: 0 stored, 1 raw deflate
//!  8  …  payload: bincode 2, standard configuration
//! ```
//!
//! [`read`] checks in a fixed order: length and digest of the stored bytes against the parent's [`FileRef`], header, inflate to
//! the length that the parent names, decode under a limit and in the shortest form only, no byte left over, and finally the
//! document's own invariants.

mod canonical;
mod fields;
mod kind;

pub use bincode::{Decode, Encode};
pub use fields::{FieldReader, Readable};
pub(crate) use fields::{read_fields, read_whole};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
pub use kind::Kind;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::fmt;

const MAGIC: &[u8; 5] = b"BILIK";
const VERSION: u8 = 1;
const HEADER: usize = 8;

/// The first 16 bytes of a SHA-256. It is displayed as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode)]
pub struct Digest(pub [u8; 16]);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let whole = Sha256::digest(bytes);
        Self(whole.first_chunk().copied().unwrap_or_default())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hex = [0; 32];
        f.write_str(base16ct::lower::encode_str(&self.0, &mut hex).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What a parent says of a file, which is enough to reject any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode)]
pub struct FileRef {
    /// The digest of the stored bytes, which is also the file's name.
    pub digest: Digest,
    /// Length of the stored bytes, header included.
    pub stored: u32,
    /// Length of the inflated payload.
    pub inflated: u32,
}

impl Readable for Digest {
    fn read(reader: &mut FieldReader<'_>) -> Self {
        Self(Readable::read(reader))
    }
}

read_fields! {
    FileRef { digest, stored, inflated }
}

impl FileRef {
    /// The path relative to the site: `t/0123….bilik`.
    #[must_use]
    pub fn path(&self, kind: Kind) -> String {
        format!("{}/{}.bilik", kind.letter(), self.digest)
    }
}

/// A type that is stored as a file of its own.
pub trait Document: Encode + Readable {
    /// The kind of its file.
    const KIND: Kind;

    /// Checks invariants beyond decoding: lengths that agree, numbers within their ranges.
    ///
    /// # Errors
    /// Says which invariant does not hold.
    fn check(&self) -> Result<(), &'static str>;
}

/// Why a file is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// The file does not have the length that its parent names.
    Length {
        /// Bytes, according to the parent.
        expected: u64,
        /// Bytes of the file.
        got: u64,
    },
    /// The file does not have the digest that its parent names.
    Digest {
        /// The digest according to the parent.
        expected: Digest,
        /// The digest of the file.
        got: Digest,
    },
    /// The file does not start as a Bilik file does.
    Magic,
    /// The file is a Bilik file of another kind.
    Kind {
        /// The kind that was asked for.
        expected: Kind,
        /// The kind in the file's header.
        got: Kind,
    },
    /// The file has a format version that this reader does not support.
    Version(u8),
    /// The compressed payload is damaged, or does not inflate to the length that the parent names.
    Inflate,
    /// The payload cannot be decoded as its kind.
    Decode,
    /// The file can be decoded, but an invariant does not hold.
    Invalid(&'static str),
    /// The head's signatures do not satisfy the trusted keys.
    Signature(SignatureError),
    /// The file belongs to another election. Without the ids, because an error that owns text costs the module 250 bytes.
    Election,
}

impl FormatError {
    /// Whether the file is of a format version that came after this reader.
    #[must_use]
    pub fn is_newer_version(&self) -> bool {
        matches!(self, Self::Version(version) if *version > VERSION)
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected, got } => {
                write!(f, "expected {expected} bytes, got {got} bytes: truncated or replaced")
            }
            Self::Digest { expected, got } => {
                write!(f, "expected digest {expected}, got {got}: changed in transit or on the mirror")
            }
            Self::Magic => f.write_str("not a Bilik file (bad magic); possibly an HTML error page"),
            Self::Kind { expected, got } => write!(f, "expected a {expected}, got a {got}"),
            Self::Version(got) => write!(f, "expected format version {VERSION}, got {got}: update Bilik"),
            Self::Inflate => f.write_str("the compressed payload is damaged or has the wrong length"),
            Self::Decode => f.write_str("the payload cannot be decoded: damaged, or not of its kind"),
            Self::Invalid(what) => write!(f, "invalid contents: {what}"),
            Self::Signature(error) => write!(f, "signature rejected: {error}"),
            Self::Election => f.write_str("belongs to another election"),
        }
    }
}

impl std::error::Error for FormatError {}

/// Why the signatures of a head are rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// No signature is by a trusted key.
    Untrusted,
    /// A signature claims to be by a trusted key and does not match.
    Altered,
    /// Fewer trusted keys have signed than must.
    TooFew {
        /// How many must have signed.
        expected: usize,
        /// How many have signed.
        got: usize,
    },
    /// A head has one to [`MAX_SIGNATURES`](super::MAX_SIGNATURES) signatures.
    Count {
        /// How many were given.
        got: usize,
    },
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted => f.write_str("not signed by a trusted key"),
            Self::Altered => f.write_str("claims a trusted key, but the signature does not match: the head was altered"),
            Self::TooFew { expected, got } => write!(f, "expected signatures by {expected} trusted keys, got {got}"),
            Self::Count { .. } => f.write_str("expected 1 to 4 signatures"),
        }
    }
}

impl std::error::Error for SignatureError {}

const TOO_LONG: FormatError = FormatError::Invalid("longer than a file of its kind may be");

/// Encodes a document as the bytes of its file, and gives what its parent must say of it. Cost: linear, dominated by
/// compression.
///
/// ```
/// use bilik::format::{self, Code, FormatError, Station, StationList};
///
/// let village = Code::parse("3201012001").unwrap();
/// let station = Station::new("3201012001004".into(), village, 4, "SDN Contoh 1".into(), "Jl. Contoh 1".into());
/// let list = StationList { district: 320_101, stations: vec![Some(station)] };
///
/// let (bytes, file) = format::write(&list)?;
/// assert_eq!(file.path(format::Kind::StationList), format!("s/{}.bilik", file.digest));
/// assert_eq!(format::read::<StationList>(&bytes, &file)?, list);
///
/// // Other bytes than those that the parent names are rejected before anything is decoded.
/// let error = format::read::<StationList>(b"<html>Not found</html>", &file).unwrap_err();
/// assert!(matches!(error, FormatError::Length { got: 22, .. }));
/// # Ok::<(), FormatError>(())
/// ```
///
/// # Errors
/// When the document is longer than its kind may be, or does not pass its own check.
pub fn write<T: Document>(document: &T) -> Result<(Vec<u8>, FileRef), FormatError> {
    document.check().map_err(FormatError::Invalid)?;
    let payload = bincode::encode_to_vec(document, bincode::config::standard()).map_err(|_| FormatError::Decode)?;
    if payload.len() > T::KIND.max_payload() {
        return Err(TOO_LONG);
    }
    let deflated = deflate(&payload)?;
    let kind = u8::try_from(T::KIND.letter()).map_err(|_| FormatError::Decode)?;
    let (codec, body) = if deflated.len() < payload.len() { (1, &deflated) } else { (0, &payload) };
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[kind, VERSION, codec]);
    bytes.extend_from_slice(body);
    let length = |n: usize| u32::try_from(n).map_err(|_| TOO_LONG);
    let file = FileRef { digest: Digest::of(&bytes), stored: length(bytes.len())?, inflated: length(payload.len())? };
    Ok((bytes, file))
}

/// Checks the bytes of a file against its parent's reference: length first, then digest. Decodes nothing.
///
/// # Errors
/// When either differs.
pub fn verify(bytes: &[u8], expected: &FileRef) -> Result<(), FormatError> {
    let got = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if got != u64::from(expected.stored) {
        return Err(FormatError::Length { expected: expected.stored.into(), got });
    }
    let got = Digest::of(bytes);
    if got != expected.digest {
        return Err(FormatError::Digest { expected: expected.digest, got });
    }
    Ok(())
}

/// Verifies the bytes of a file and decodes them. Memory is bounded by the lengths that the parent names and by the limits of
/// the kind.
///
/// # Errors
/// When the bytes are not exactly those that the parent names, or not a valid document of this kind.
pub fn read<T: Document>(bytes: &[u8], expected: &FileRef) -> Result<T, FormatError> {
    document(&verified_payload(T::KIND, bytes, expected)?)
}

/// The payload of a file, verified and inflated: what of [`read`] is the same for all documents, so that the module contains it
/// once.
pub(crate) fn verified_payload<'a>(kind: Kind, bytes: &'a [u8], expected: &FileRef) -> Result<Cow<'a, [u8]>, FormatError> {
    verify(bytes, expected)?;
    let inflated = usize::try_from(expected.inflated).map_err(|_| FormatError::Inflate)?;
    payload(kind, bytes, inflated, true)
}

/// Decodes a file without its parent, under the limits of its kind only: for inspecting a file, never for trusting it.
///
/// # Errors
/// When the bytes are not a valid document of this kind.
pub fn read_unverified<T: Document>(bytes: &[u8]) -> Result<T, FormatError> {
    document(&payload(T::KIND, bytes, T::KIND.max_payload(), false)?)
}

/// The kind in a file's header, unverified.
///
/// # Errors
/// When the header is missing, or is not one of this format version.
pub fn kind_of(bytes: &[u8]) -> Result<Kind, FormatError> {
    split_header(bytes).map(|(kind, ..)| kind)
}

fn split_header(bytes: &[u8]) -> Result<(Kind, u8, &[u8]), FormatError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(FormatError::Magic)?;
    let ([kind, version, codec], body) = rest.split_first_chunk().ok_or(FormatError::Magic)?;
    if *version != VERSION {
        return Err(FormatError::Version(*version));
    }
    Ok((Kind::of_letter(*kind).ok_or(FormatError::Magic)?, *codec, body))
}

/// Decodes a payload.
pub(crate) fn document<T: Document>(payload: &[u8]) -> Result<T, FormatError> {
    let mut reader = FieldReader::new(payload);
    let document = T::read(&mut reader);
    check_end(&mut reader)?;
    document.check().map_err(FormatError::Invalid)?;
    Ok(document)
}

/// What was read must have been right, and all that there is.
fn check_end(reader: &mut FieldReader<'_>) -> Result<(), FormatError> {
    if reader.is_padded() {
        return Err(FormatError::Invalid("a number in more bytes than it needs"));
    }
    if reader.is_broken() {
        return Err(FormatError::Decode);
    }
    if reader.is_at_end() { Ok(()) } else { Err(FormatError::Invalid("bytes left over after the document")) }
}

/// What is in a file of this kind.
fn payload(expected: Kind, bytes: &[u8], inflated: usize, exact: bool) -> Result<Cow<'_, [u8]>, FormatError> {
    let (kind, codec, body) = split_header(bytes)?;
    if kind != expected {
        return Err(FormatError::Kind { expected, got: kind });
    }
    if inflated > kind.max_payload() {
        return Err(TOO_LONG);
    }
    let payload = match codec {
        0 if body.len() <= kind.max_payload() => Cow::Borrowed(body),
        1 => Cow::Owned(inflate(body, inflated)?),
        _ => return Err(FormatError::Inflate),
    };
    if exact && payload.len() != inflated {
        return Err(FormatError::Inflate);
    }
    Ok(payload)
}

fn deflate(payload: &[u8]) -> Result<Vec<u8>, FormatError> {
    let mut out = Vec::with_capacity(payload.len() + payload.len() / 1000 + 64);
    match Compress::new(Compression::best(), false).compress_vec(payload, &mut out, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => Ok(out),
        _ => Err(FormatError::Inflate),
    }
}

/// Inflates to at most `max_payload` bytes. More is an error and is never allocated.
fn inflate(body: &[u8], max_payload: usize) -> Result<Vec<u8>, FormatError> {
    // `max_payload` is bounded by the kind, and deflate cannot expand n bytes to more than 1032 n.
    let mut out = Vec::with_capacity(max_payload.min(body.len().saturating_mul(1032)).saturating_add(1));
    let mut inflater = Decompress::new(false);
    match inflater.decompress_vec(body, &mut out, FlushDecompress::Finish) {
        Ok(Status::StreamEnd) if out.len() <= max_payload && usize::try_from(inflater.total_in()) == Ok(body.len()) => Ok(out),
        _ => Err(FormatError::Inflate),
    }
}
