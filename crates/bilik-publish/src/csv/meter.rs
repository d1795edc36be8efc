//! What was read of the stored files: how many bytes, and their digest.

use sha2::{Digest as _, Sha256};
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Counts and digests stored bytes in the order of reading, over all files of one part of the input.
#[derive(Clone, Default)]
pub(super) struct Meter {
    read: Arc<AtomicU64>,
    digest: Arc<Mutex<Sha256>>,
}

impl Meter {
    /// Takes note of bytes.
    pub fn add(&self, bytes: &[u8]) {
        self.read.fetch_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
        if let Ok(mut digest) = self.digest.lock() {
            digest.update(bytes);
        }
    }

    /// How many bytes there were so far.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The SHA-256 of all bytes so far.
    pub fn digest(&self) -> [u8; 32] {
        self.digest.lock().map_or([0; 32], |digest| digest.clone().finalize().into())
    }
}

/// A stored file whose bytes are metered.
pub(super) struct Metered<R> {
    pub inner: R,
    pub meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.add(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
