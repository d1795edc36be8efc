//! The container of every file but the head and the app, and the one place that knows `bincode` and `flate2`.
//!
//! ```text
//!  0  5  magic "BILIK"
//!  5  1  kind: m manifest, d directory, t table, s station list, n names
//!  6  1  format version, 1
//!  7  1  codec: 0 stored, 1 raw deflate
//!  8  …  payload: bincode 2, standard configuration
//! ```
//!
//! A reader goes in a fixed order, [`read`]: length against the parent's, digest over the stored bytes, header, inflate to
//! the length that the parent names, decode under a limit, no byte left over, and then what the type itself demands.

pub use bincode::{Decode, Encode};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use sha2::{Digest as _, Sha256};
use std::fmt;

const MAGIC: &[u8; 5] = b"BILIK";
const VERSION: u8 = 1;
const HEADER: usize = 8;
/// No payload is longer, whatever its kind.
const MAX_PAYLOAD: usize = 16 << 20;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The public root of one build.
    Manifest,
    /// The districts, villages and tables of one regency.
    Directory,
    /// The sealed file of one district and recipe.
    Table,
    /// The public stations of one district.
    StationList,
    /// The village names of one province.
    Names,
}

impl Kind {
    /// The letter in the container, which is the folder on the site too.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Manifest => 'm',
            Self::Directory => 'd',
            Self::Table => 't',
            Self::StationList => 's',
            Self::Names => 'n',
        }
    }

    fn of_letter(letter: u8) -> Option<Self> {
        [Self::Manifest, Self::Directory, Self::Table, Self::StationList, Self::Names]
            .into_iter()
            .find(|kind| u32::from(kind.letter()) == u32::from(letter))
    }

    /// The longest payload of this kind, in bytes.
    fn max_payload(self) -> usize {
        match self {
            Self::Manifest | Self::Directory => 1 << 20,
            Self::StationList | Self::Names => 4 << 20,
            Self::Table => MAX_PAYLOAD,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Manifest => "manifest",
            Self::Directory => "directory",
            Self::Table => "table",
            Self::StationList => "station list",
            Self::Names => "list of names",
        })
    }
}

/// The first 16 bytes of a SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
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
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What a parent knows of a file: enough to refuse any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct FileRef {
    /// Over the stored bytes; the file's name too.
    pub digest: Digest,
    /// Bytes as stored, header included.
    pub stored: u32,
    /// Bytes of the payload when inflated.
    pub inflated: u32,
}

impl FileRef {
    /// The path under the site: `t/0123….bilik`.
    #[must_use]
    pub fn path(&self, kind: Kind) -> String {
        format!("{}/{}.bilik", kind.letter(), self.digest)
    }
}

/// A type that is a file of its own.
pub trait Document: Encode + Decode<()> {
    /// Which kind of file.
    const KIND: Kind;

    /// What must hold beyond being decodable: lengths that agree, numbers within their ranges.
    ///
    /// # Errors
    /// Says what does not hold.
    fn check(&self) -> Result<(), &'static str>;
}

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// Not as long as the parent says.
    Length {
        /// What the parent says, in bytes.
        expected: u64,
        /// What there is, in bytes.
        got: u64,
    },
    /// The bytes are not those that the parent names.
    Digest {
        /// What the parent says.
        expected: Digest,
        /// What there is.
        got: Digest,
    },
    /// Not one of Bilik's files at all.
    Magic,
    /// One of Bilik's files, of another kind.
    Kind {
        /// The kind that was asked for.
        expected: Kind,
    },
    /// Written in a format that this version does not know.
    Version(u8),
    /// The compressed payload is damaged, or inflates to another length than the parent names.
    Inflate,
    /// The payload is not what its kind demands.
    Decode,
    /// It decodes, but what it says cannot be.
    Invalid(&'static str),
    /// A head whose signatures do not satisfy the pinned keys.
    Signature(&'static str),
    /// A head for another election than the one asked for.
    Election,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected, got } => {
                write!(f, "it has {got} bytes, expected {expected}: truncated, replaced, or still being copied")
            }
            Self::Digest { expected, got } => {
                write!(f, "its digest is {got}, expected {expected}: changed on the way or on the mirror")
            }
            Self::Magic => f.write_str("it is no file of Bilik's (the magic is missing): an error page, perhaps"),
            Self::Kind { expected } => write!(f, "it is not a {expected}"),
            Self::Version(version) => write!(f, "it has format version {version}, this reader knows {VERSION}: update Bilik"),
            Self::Inflate => f.write_str("its compressed part is damaged or of another length than named"),
            Self::Decode => f.write_str("it cannot be decoded: its contents are damaged or not of its kind"),
            Self::Invalid(what) => write!(f, "it makes no sense: {what}"),
            Self::Signature(what) => write!(f, "its signature is refused: {what}"),
            Self::Election => f.write_str("it is for another election"),
        }
    }
}

impl std::error::Error for FormatError {}

/// A document as the bytes of its file, and what its parent has to say of it.
///
/// # Errors
/// When it is longer than its kind may be, or does not pass its own check.
pub fn write<T: Document>(document: &T) -> Result<(Vec<u8>, FileRef), FormatError> {
    document.check().map_err(FormatError::Invalid)?;
    let payload = bincode::encode_to_vec(document, bincode::config::standard()).map_err(|_| FormatError::Decode)?;
    if payload.len() > T::KIND.max_payload() {
        return Err(FormatError::Invalid("it is longer than files of its kind may be"));
    }
    let deflated = deflate(&payload)?;
    let kind = u8::try_from(T::KIND.letter()).map_err(|_| FormatError::Kind { expected: T::KIND })?;
    let (codec, body) = if deflated.len() < payload.len() { (1, &deflated) } else { (0, &payload) };
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[kind, VERSION, codec]);
    bytes.extend_from_slice(body);
    let length = |n: usize| u32::try_from(n).map_err(|_| FormatError::Invalid("longer than 4 GiB"));
    let file = FileRef { digest: Digest::of(&bytes), stored: length(bytes.len())?, inflated: length(payload.len())? };
    Ok((bytes, file))
}

/// Checks the bytes of a file against what its parent says of it: length first, then digest. Nothing is decoded.
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

/// Reads the bytes of a file: verifies them and decodes what they hold.
///
/// # Errors
/// When the bytes are not exactly those that the parent names, or are no document of this kind.
pub fn read<T: Document>(bytes: &[u8], expected: &FileRef) -> Result<T, FormatError> {
    verify(bytes, expected)?;
    let inflated = usize::try_from(expected.inflated).map_err(|_| FormatError::Inflate)?;
    decode(bytes, inflated, true)
}

/// Reads a file without its parent, under the limit of its kind only: for looking at one, never for trusting it.
///
/// # Errors
/// When the bytes are no document of this kind.
pub fn read_unverified<T: Document>(bytes: &[u8]) -> Result<T, FormatError> {
    decode(bytes, T::KIND.max_payload(), false)
}

/// The kind that a file's header claims.
///
/// # Errors
/// When it has no header of this format.
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

fn decode<T: Document>(bytes: &[u8], inflated: usize, exact: bool) -> Result<T, FormatError> {
    let (kind, codec, body) = split_header(bytes)?;
    if kind != T::KIND {
        return Err(FormatError::Kind { expected: T::KIND });
    }
    if inflated > kind.max_payload() {
        return Err(FormatError::Invalid("it is longer than files of its kind may be"));
    }
    let payload = match codec {
        0 if body.len() <= kind.max_payload() => std::borrow::Cow::Borrowed(body),
        1 => std::borrow::Cow::Owned(inflate(body, inflated)?),
        _ => return Err(FormatError::Inflate),
    };
    if exact && payload.len() != inflated {
        return Err(FormatError::Inflate);
    }
    let config = bincode::config::standard().with_limit::<MAX_PAYLOAD>();
    let (document, used): (T, usize) = bincode::decode_from_slice(&payload, config).map_err(|_| FormatError::Decode)?;
    if used != payload.len() {
        return Err(FormatError::Invalid("bytes are left over"));
    }
    document.check().map_err(FormatError::Invalid)?;
    Ok(document)
}

fn deflate(payload: &[u8]) -> Result<Vec<u8>, FormatError> {
    let mut out = Vec::with_capacity(payload.len() + payload.len() / 1000 + 64);
    match Compress::new(Compression::best(), false).compress_vec(payload, &mut out, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => Ok(out),
        _ => Err(FormatError::Inflate),
    }
}

/// Inflates to at most `max_payload` bytes; more is an error, and is never allocated.
fn inflate(body: &[u8], max_payload: usize) -> Result<Vec<u8>, FormatError> {
    // What a parent named is bounded by its kind; a body of n bytes cannot inflate to more than 1032 n.
    let mut out = Vec::with_capacity(max_payload.min(body.len().saturating_mul(1032)).saturating_add(1));
    let mut inflater = Decompress::new(false);
    match inflater.decompress_vec(body, &mut out, FlushDecompress::Finish) {
        Ok(Status::StreamEnd) if out.len() <= max_payload && usize::try_from(inflater.total_in()) == Ok(body.len()) => Ok(out),
        _ => Err(FormatError::Inflate),
    }
}
