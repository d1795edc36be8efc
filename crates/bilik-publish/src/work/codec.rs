//! Numbers and byte strings of the files of a part. They are read by the version that wrote them, and are authenticated before
//! they are decoded.

use std::io::{self, ErrorKind, Read, Write};

/// A longer byte string is not one of ours.
const MAX_BYTES: usize = 64 << 20;

pub(super) fn put_u32(to: &mut impl Write, number: u32) -> io::Result<()> {
    to.write_all(&number.to_le_bytes())
}

pub(super) fn put_bytes(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    put_u32(to, u32::try_from(bytes.len()).map_err(|_| invalid())?)?;
    to.write_all(bytes)
}

pub(super) fn put_json(to: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    put_bytes(to, &serde_json::to_vec(value)?)
}

pub(super) fn take_u32(from: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

pub(super) fn take_bytes(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = usize::try_from(take_u32(from)?).ok().filter(|length| *length <= MAX_BYTES).ok_or_else(invalid)?;
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn take_json<T: serde::de::DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    Ok(serde_json::from_slice(&take_bytes(from)?)?)
}

pub(super) fn invalid() -> io::Error {
    ErrorKind::InvalidData.into()
}
