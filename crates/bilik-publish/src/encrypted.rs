//! Files that lie on a disk while a site is built: encrypted, since they hold what the roll holds. Without the key
//! nobody can read them, also after the process was killed or the power failed, nor change, cut or reorder them unnoticed.
//!
//! A file is a random nonce of 19 bytes, then chunks. Each chunk is its length in four bytes, little endian, with the highest
//! bit set in the last one, and that number of bytes of XChaCha20-Poly1305 in the STREAM construction (Hoang, Reyhanitabar,
//! Rogaway and Vizár, 2015). The file's label is authenticated with each chunk, so that one file cannot stand for another.

use crate::randomness::{RandomnessError, fill};
use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use hkdf::Hkdf;
use sha2::Sha256;
use std::io::{self, ErrorKind, Read, Write};
use zeroize::Zeroizing;

const NONCE: usize = 19;
const LAST: u32 = 1 << 31;
/// What the cipher adds to a chunk.
const TAG: usize = 16;
/// Plain bytes of a chunk.
pub(crate) const CHUNK: usize = 96 << 10;

/// A key for files. `Debug` hides it.
#[derive(Clone)]
pub(crate) struct FileKey(Zeroizing<[u8; FileKey::LEN]>);

impl FileKey {
    /// Bytes of a key.
    pub const LEN: usize = 32;

    /// A new one from the operating system.
    pub fn fresh() -> Result<Self, RandomnessError> {
        let mut key = Zeroizing::new([0; Self::LEN]);
        fill(key.as_mut_slice())?;
        Ok(Self(key))
    }

    /// From its bytes.
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes, to be kept where only the operator reads them.
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// Another key, from which this one cannot be found.
    pub fn derive(&self, purpose: &str) -> Self {
        let mut key = Zeroizing::new([0; Self::LEN]);
        // It fails for keys of more than 8,160 bytes only.
        let _: Result<(), _> = Hkdf::<Sha256>::new(None, self.0.as_slice()).expand(purpose.as_bytes(), key.as_mut_slice());
        Self(key)
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(hidden)")
    }
}

/// Encrypts what is written. [`EncryptedWriter::finish`] must be called: a file without its last chunk cannot be read.
pub(crate) struct EncryptedWriter<W: Write> {
    stream: EncryptorBE32<XChaCha20Poly1305>,
    label: String,
    /// Written before the first chunk.
    nonce: Option<[u8; NONCE]>,
    plain: Zeroizing<Vec<u8>>,
    to: W,
}

impl<W: Write> EncryptedWriter<W> {
    pub fn new(key: &FileKey, label: &str, to: W) -> Result<Self, RandomnessError> {
        let mut nonce = [0; NONCE];
        fill(&mut nonce)?;
        let stream = EncryptorBE32::new(key.as_bytes().into(), (&nonce).into());
        Ok(Self { stream, label: label.to_owned(), nonce: Some(nonce), plain: Zeroizing::default(), to })
    }

    /// Writes the last chunk.
    pub fn finish(mut self) -> io::Result<W> {
        let payload = Payload { msg: &self.plain, aad: self.label.as_bytes() };
        let chunk = self.stream.encrypt_last(payload).map_err(|_| too_long())?;
        write_chunk(&mut self.to, self.nonce.take(), &chunk, LAST)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn write_full_chunk(&mut self) -> io::Result<()> {
        let payload = Payload { msg: &self.plain, aad: self.label.as_bytes() };
        let chunk = self.stream.encrypt_next(payload).map_err(|_| too_long())?;
        write_chunk(&mut self.to, self.nonce.take(), &chunk, 0)?;
        self.plain.clear();
        Ok(())
    }
}

/// In one call, so that a writer that opens its file each time has little to do.
fn write_chunk(to: &mut impl Write, nonce: Option<[u8; NONCE]>, chunk: &[u8], mark: u32) -> io::Result<()> {
    let length = u32::try_from(chunk.len()).map_err(|_| too_long())? | mark;
    let nonce = nonce.as_ref().map_or(&[][..], |nonce| nonce);
    to.write_all(&[nonce, &length.to_le_bytes(), chunk].concat())
}

fn too_long() -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, "too long to be encrypted")
}

impl<W: Write> Write for EncryptedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.plain.len() >= CHUNK {
            self.write_full_chunk()?;
        }
        let room = CHUNK - self.plain.len();
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.plain.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// A chunk is written when it is full: short ones would tell how the input is divided.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decrypts what is read, up to the last chunk, behind which nothing may follow.
pub(crate) struct EncryptedReader<R: Read> {
    /// None behind the last chunk, and after an error.
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    label: String,
    is_whole: bool,
    plain: Zeroizing<Vec<u8>>,
    taken: usize,
    from: R,
}

impl<R: Read> EncryptedReader<R> {
    pub fn new(key: &FileKey, label: &str, mut from: R) -> io::Result<Self> {
        let mut nonce = [0; NONCE];
        from.read_exact(&mut nonce)?;
        let stream = Some(DecryptorBE32::new(key.as_bytes().into(), (&nonce).into()));
        Ok(Self { stream, label: label.to_owned(), is_whole: false, plain: Zeroizing::default(), taken: 0, from })
    }

    /// Reads the next chunk; false at the end.
    fn read_chunk(&mut self) -> io::Result<bool> {
        let Some(mut stream) = self.stream.take() else { return if self.is_whole { Ok(false) } else { Err(damaged()) } };
        // After an error nothing more is given, not even what was read before.
        self.plain = Zeroizing::default();
        self.taken = 0;
        let mut length = [0; 4];
        self.from.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        let is_last = length & LAST != 0;
        let length = usize::try_from(length & !LAST).map_err(|_| damaged())?;
        if length > CHUNK + TAG {
            return Err(damaged());
        }
        let mut chunk = vec![0; length];
        self.from.read_exact(&mut chunk)?;
        let payload = Payload { msg: &chunk, aad: self.label.as_bytes() };
        if is_last {
            self.plain = Zeroizing::new(stream.decrypt_last(payload).map_err(|_| damaged())?);
            if self.from.read(&mut [0])? != 0 {
                self.plain = Zeroizing::default();
                return Err(damaged());
            }
            self.is_whole = true;
        } else {
            self.plain = Zeroizing::new(stream.decrypt_next(payload).map_err(|_| damaged())?);
            self.stream = Some(stream);
        }
        Ok(true)
    }
}

fn damaged() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "it is damaged, or was encrypted with another key")
}

impl<R: Read> Read for EncryptedReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.plain.len() {
            if !self.read_chunk()? {
                return Ok(0);
            }
        }
        let mut left = self.plain.get(self.taken..).unwrap_or_default();
        let count = left.read(into)?;
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encrypt(key: &FileKey, label: &str, text: &[u8]) -> Vec<u8> {
        let mut writer = EncryptedWriter::new(key, label, Vec::new()).unwrap();
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn decrypt(key: &FileKey, label: &str, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        EncryptedReader::new(key, label, bytes)?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn what_is_written_is_read_with_the_same_key_and_label_only() {
        let key = FileKey::fresh().unwrap();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let text = vec![b'x'; length];
            let bytes = encrypt(&key, "bin 1", &text);
            assert!(length < 64 || !bytes.windows(8).any(|window| window == b"xxxxxxxx"), "{length}");
            assert_eq!(decrypt(&key, "bin 1", &bytes).unwrap(), text, "{length}");
            assert!(decrypt(&key, "bin 2", &bytes).is_err());
            assert!(decrypt(&FileKey::fresh().unwrap(), "bin 1", &bytes).is_err());
            assert!(decrypt(&key.derive("other"), "bin 1", &bytes).is_err());
        }
        assert_ne!(encrypt(&key, "a", b"same"), encrypt(&key, "a", b"same"), "a nonce serves one file");
    }

    #[test]
    fn no_cut_and_no_change_goes_unnoticed() {
        let key = FileKey::fresh().unwrap();
        let bytes = encrypt(&key, "a", &vec![7; 2 * CHUNK + 5]);
        let chunk = 4 + CHUNK + TAG;
        for length in [0, 1, NONCE, NONCE + 3, NONCE + chunk - 1, NONCE + chunk, NONCE + 2 * chunk, bytes.len() - 1] {
            assert!(decrypt(&key, "a", &bytes[..length]).is_err(), "{length}");
        }
        for at in [0, NONCE, NONCE + 3, NONCE + 4, NONCE + chunk, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(decrypt(&key, "a", &changed).is_err(), "{at}");
        }
        let mut swapped = bytes.clone();
        swapped[NONCE..NONCE + chunk].copy_from_slice(&bytes[NONCE + chunk..NONCE + 2 * chunk]);
        assert!(decrypt(&key, "a", &swapped).is_err());
        assert!(decrypt(&key, "a", &[bytes, vec![0]].concat()).is_err());
    }
}
