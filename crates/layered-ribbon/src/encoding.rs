//! Encodings of a ribbon, each behind its feature. Decoding checks what it reads, by the default limits.
//!
//! By `bincode` 2, with its standard configuration (numbers below 251 take one byte):
//!
//! ```text
//! width    u8     bits of a slot, 1 to 63
//! layers   u32[]  their number as a u64, then the slots of each, the dense layer last
//! slots    u8[]   their number as a u64, then the slots, `width` bits each, least significant bit first, without gaps; zeros after them
//! ```
//!
//! By `serde` the same three fields, in this order, the last one as bytes.

#[cfg(feature = "bincode")]
mod by_bincode {
    use crate::error::InvalidRibbon;
    use crate::limits::Limits;
    use crate::ribbon::{Ribbon, expected_bytes};
    use alloc::vec::Vec;
    use bincode::de::{Decoder, read::Reader};
    use bincode::enc::Encoder;
    use bincode::error::{DecodeError, EncodeError};
    use bincode::{Decode, Encode, impl_borrow_decode};

    /// How many bytes are asked for at once: a length that is not true costs no more memory than this.
    const STEP: usize = 1 << 16;

    impl Encode for Ribbon {
        fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
            let width = u8::try_from(self.width()).map_err(|_| EncodeError::Other("ribbon: width out of range"))?;
            width.encode(encoder)?;
            self.layer_sizes().encode(encoder)?;
            self.slot_bytes().encode(encoder)
        }
    }

    impl<Context> Decode<Context> for Ribbon {
        fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
            let limits = Limits::DEFAULT;
            let width = u8::decode(decoder)?;
            let got = u64::decode(decoder)?;
            if got > u64::from(limits.max_layers) {
                return Err(invalid(InvalidRibbon::LayersOutOfRange { max: limits.max_layers, got }));
            }
            let mut layers = Vec::new();
            for _ in 0..got {
                layers.push(u32::decode(decoder)?);
            }
            let expected = expected_bytes(width.into(), &layers, limits).map_err(invalid)?;
            let got = u64::decode(decoder)?;
            if got != expected {
                return Err(invalid(InvalidRibbon::LengthMismatch { expected, got }));
            }
            let length = usize::try_from(got).map_err(|_| DecodeError::OutsideUsizeRange(got))?;
            decoder.claim_bytes_read(length)?;
            let slots = read(decoder.reader(), length)?;
            Self::from_measured(width, layers, slots).map_err(invalid)
        }
    }

    impl_borrow_decode!(Ribbon);

    /// Bytes of a reader: at once where it shows that they are there, else step by step.
    fn read(reader: &mut impl Reader, length: usize) -> Result<Vec<u8>, DecodeError> {
        if let Some(bytes) = reader.peek_read(length) {
            let bytes = bytes.to_vec();
            reader.consume(length);
            return Ok(bytes);
        }
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let from = bytes.len();
            bytes.resize(length.min(from + STEP), 0);
            reader.read(bytes.get_mut(from..).unwrap_or_default())?;
        }
        Ok(bytes)
    }

    fn invalid(error: InvalidRibbon) -> DecodeError {
        DecodeError::Other(error.summary())
    }
}

#[cfg(feature = "serde")]
mod by_serde {
    use crate::limits::Limits;
    use crate::ribbon::Ribbon;
    use alloc::vec::Vec;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_bytes::{ByteBuf, Bytes};

    #[derive(Serialize)]
    #[serde(rename = "Ribbon")]
    struct Encoded<'a> {
        width: u32,
        layers: &'a [u32],
        slots: &'a Bytes,
    }

    #[derive(Deserialize)]
    #[serde(rename = "Ribbon")]
    struct Decoded {
        width: u32,
        layers: Vec<u32>,
        slots: ByteBuf,
    }

    impl Serialize for Ribbon {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let (width, layers, slots) = (self.width(), self.layer_sizes(), Bytes::new(self.slot_bytes()));
            Encoded { width, layers, slots }.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Ribbon {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let Decoded { width, layers, slots } = Decoded::deserialize(deserializer)?;
            Self::from_parts(width, layers, slots.into_vec(), Limits::DEFAULT).map_err(D::Error::custom)
        }
    }
}
