//! Reads a payload, and only what the encoder writes: a number in more bytes than it needs is refused, so that each document has
//! one encoding.

use bincode::de::read::Reader;
use bincode::error::DecodeError;

/// What comes before a number of 2, 4 and 8 bytes.
const MARKERS: [u8; 3] = [251, 252, 253];
/// More bytes than any number has.
const MIN_BLOB: usize = 18;

/// The bytes of a payload that are not read yet.
///
/// It offers no look ahead at numbers, so `bincode` reads the marker of one alone and then its 2, 4 or 8 bytes. Nothing else of
/// these lengths follows a single byte of such a value: single bytes of valid documents are 100 at most.
pub(super) struct CanonicalReader<'a> {
    rest: &'a [u8],
    /// The last byte, if it was read alone.
    marker: u8,
    is_padded: bool,
}

impl<'a> CanonicalReader<'a> {
    pub(super) fn new(payload: &'a [u8]) -> Self {
        Self { rest: payload, marker: 0, is_padded: false }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether decoding failed because of a number in more bytes than it needs.
    pub(super) fn is_padded(&self) -> bool {
        self.is_padded
    }
}

impl Reader for CanonicalReader<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> Result<(), DecodeError> {
        let Some((taken, rest)) = self.rest.split_at_checked(bytes.len()) else {
            return Err(DecodeError::UnexpectedEnd { additional: bytes.len() - self.rest.len() });
        };
        bytes.copy_from_slice(taken);
        self.rest = rest;
        let [two, four, eight] = MARKERS;
        self.is_padded = match *taken {
            [low, 0] => self.marker == two && low < two,
            [_, _, 0, 0] => self.marker == four,
            [_, _, _, _, 0, 0, 0, 0] => self.marker == eight,
            _ => false,
        };
        self.marker = if let [alone] = *taken { alone } else { 0 };
        if self.is_padded { Err(DecodeError::Other("a number in more bytes than it needs")) } else { Ok(()) }
    }

    fn peek_read(&mut self, count: usize) -> Option<&[u8]> {
        self.rest.get(..count).filter(|_| count >= MIN_BLOB)
    }

    fn consume(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
        self.marker = 0;
    }
}
