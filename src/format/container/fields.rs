//! Reads the fields of a document one after another, without a way out after each of them.
//!
//! What `bincode` derives for a struct returns at the first field that cannot be decoded, and drops those before it: code after
//! each field of each struct. Here the reader remembers instead that something was wrong, and all later fields are empty. Only at
//! the end is it asked, and the document thrown away. `bincode` reads the numbers and texts, and says
//! how much memory they may take.

use super::canonical::CanonicalReader;
use super::kind::MAX_PAYLOAD;
use bincode::Decode;
use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::de::{Decoder as _, DecoderImpl};

type Config = Configuration<LittleEndian, Varint, Limit<MAX_PAYLOAD>>;

/// A payload that is read from its beginning to its end.
pub struct FieldReader<'a> {
    decoder: DecoderImpl<CanonicalReader<'a>, Config, ()>,
    is_broken: bool,
}

/// What a document consists of.
pub trait Readable: Sized {
    /// The next value, or an empty one where something was wrong.
    fn read(reader: &mut FieldReader<'_>) -> Self;
}

impl<'a> FieldReader<'a> {
    pub(super) fn new(payload: &'a [u8]) -> Self {
        let config = bincode::config::standard().with_limit();
        Self { decoder: DecoderImpl::new(CanonicalReader::new(payload), config, ()), is_broken: false }
    }

    /// The next value, by `bincode`.
    pub fn decode<T: Decode<()> + Default>(&mut self) -> T {
        if !self.is_broken
            && let Ok(value) = T::decode(&mut self.decoder)
        {
            return value;
        }
        self.is_broken = true;
        T::default()
    }

    /// How many values follow, of `size` bytes in memory each.
    fn count(&mut self, size: usize) -> usize {
        let count = usize::try_from(self.decode::<u64>()).ok();
        let claimed = count.and_then(|count| self.decoder.claim_bytes_read(count.checked_mul(size)?).ok());
        self.is_broken |= claimed.is_none();
        count.filter(|_| !self.is_broken).unwrap_or_default()
    }

    /// Whether something could not be decoded.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Whether that was a number in more bytes than it needs.
    pub(super) fn is_padded(&mut self) -> bool {
        self.decoder.reader().is_padded()
    }

    /// Whether no byte is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.decoder.reader().is_at_end()
    }
}

impl<T: Readable> Readable for Option<T> {
    fn read(reader: &mut FieldReader<'_>) -> Self {
        bool::read(reader).then(|| T::read(reader))
    }
}

impl<T: Readable> Readable for Vec<T> {
    fn read(reader: &mut FieldReader<'_>) -> Self {
        let count = reader.count(size_of::<T>());
        let next = |_| {
            // Claimed as a whole, and now once more field by field.
            reader.decoder.unclaim_bytes_read(size_of::<T>());
            T::read(reader)
        };
        (0..count).map(next).collect()
    }
}

impl<T: Readable> Readable for Box<T> {
    fn read(reader: &mut FieldReader<'_>) -> Self {
        Self::new(T::read(reader))
    }
}

/// Makes structs readable. Their fields are given as they are declared, which is the order in which they are encoded.
macro_rules! read_fields {
    ($($type:ident { $($field:ident),+ })+) => {$(
        impl $crate::format::container::Readable for $type {
            fn read(reader: &mut $crate::format::container::FieldReader<'_>) -> Self {
                Self { $($field: $crate::format::container::Readable::read(reader)),+ }
            }
        }
    )+};
}

/// Makes types readable that `bincode` decodes as a whole.
macro_rules! read_whole {
    ($($type:ty),+) => {$(
        impl $crate::format::container::Readable for $type {
            fn read(reader: &mut $crate::format::container::FieldReader<'_>) -> Self {
                reader.decode()
            }
        }
    )+};
}
pub(crate) use {read_fields, read_whole};

read_whole!(bool, u8, u16, u32, i16, i32, String, [u8; 16]);
