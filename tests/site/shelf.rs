//! A site in memory with a clock of its own, and ways to spoil its files.

use crate::support::World;
use bilik::format::{self, FormatError};
use bilik::lookup::{FileRequest, FoundHead, PersistentSource, Problem, Source};
use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, SeedableRng as _};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// The files of a site by their paths, but for the app's.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A source of files that a test can change while a lookup uses it.
pub struct DecodedCache {
    pub files: RefCell<Files>,
    pub now: Cell<u64>,
    /// What it gave: never looked at, as if storage were blocked, but for [`PersistentSource`].
    pub kept: RefCell<Files>,
    /// Regencies that were saved, and the paths of their files.
    saved: RefCell<BTreeMap<String, String>>,
    /// What was asked for, and apart from which other file.
    pub wanted: RefCell<Vec<(String, Option<String>)>>,
    /// The serial of a head that came too late.
    pub highest: Cell<u64>,
    /// Other files, and the serial of their head, from the moment when a table is asked for.
    pub meanwhile: RefCell<Option<(Files, u64)>>,
}

impl DecodedCache {
    /// All of a site but its app, at the moment of its signing.
    pub fn of(world: &World) -> Self {
        Self::with(files_of(world), world.head().signed_at)
    }

    pub fn with(files: Files, now: u64) -> Self {
        Self {
            files: RefCell::new(files),
            now: Cell::new(now),
            kept: RefCell::default(),
            saved: RefCell::default(),
            wanted: RefCell::default(),
            highest: Cell::default(),
            meanwhile: RefCell::default(),
        }
    }

    fn get(&self, path: &str, length: u32, check: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> Result<Vec<u8>, Vec<Problem>> {
        let files = self.files.borrow();
        let bytes = files.get(path).ok_or_else(|| vec![Problem::unreachable("shelf", path, "it is not there")])?;
        // A source reads no further than one byte past what was asked for.
        let bytes = bytes[..bytes.len().min(length as usize + 1)].to_vec();
        check(&bytes).map_err(|refusal| vec![Problem::refused("shelf", path, &refusal)])?;
        Ok(bytes)
    }
}

impl Source for &DecodedCache {
    async fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        if wanted.path.starts_with("t/")
            && let Some((files, serial)) = self.meanwhile.take()
        {
            self.highest.set(serial);
            let table = self.files.borrow().get(wanted.path).cloned().unwrap();
            *self.files.borrow_mut() = files;
            self.files.borrow_mut().insert(wanted.path.to_owned(), table);
        }
        self.wanted.borrow_mut().push((wanted.path.to_owned(), wanted.apart_from.map(str::to_owned)));
        let bytes = self.get(wanted.path, wanted.length, check)?;
        self.kept.borrow_mut().insert(wanted.path.to_owned(), bytes.clone());
        Ok(bytes)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        let bytes = self.get(format::HEAD_PATH, format::MAX_HEAD_LEN, &|bytes| check(bytes).map(drop))?;
        Ok(FoundHead { bytes, kept_since: None })
    }

    fn highest_serial(&self) -> u64 {
        self.highest.get()
    }

    fn now(&self) -> u64 {
        self.now.get()
    }

    fn name(&self) -> String {
        String::from("shelf")
    }
}

impl PersistentSource for &DecodedCache {
    async fn has(&self, path: &str, check: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> bool {
        self.kept.borrow().get(path).is_some_and(|bytes| check(bytes).is_ok())
    }

    async fn drop_file(&self, path: &str) {
        self.kept.borrow_mut().remove(path);
    }

    async fn mark(&self, regency: &str, paths: Option<&str>) {
        match paths {
            Some(paths) => self.saved.borrow_mut().insert(regency.to_owned(), paths.to_owned()),
            None => self.saved.borrow_mut().remove(regency),
        };
    }

    async fn marked(&self) -> Vec<(String, String)> {
        self.saved.borrow().clone().into_iter().collect()
    }

    async fn forget(&self) {
        self.kept.borrow_mut().clear();
        self.saved.borrow_mut().clear();
    }
}

/// All files of a site whose digest or signature a reader checks.
pub fn files_of(world: &World) -> Files {
    let mut all: Files = ["m", "d", "t", "s", "n"].iter().flat_map(|kind| crate::support::files(&world.site(), kind)).collect();
    all.insert(format::HEAD_PATH.to_owned(), std::fs::read(world.site().join(format::HEAD_PATH)).unwrap());
    all
}

/// Randomness that repeats.
pub struct SeededRng(ChaCha8Rng);

impl SeededRng {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.0.next_u64() % limit.max(1) as u64) as usize
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.0.next_u32() as u8).collect()
    }

    /// Something else than some bytes: what disks, proxies, error pages and attackers make of a file.
    pub fn spoil(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        loop {
            let mut spoilt = bytes.to_vec();
            let (at, to) = (self.below(bytes.len()), self.below(bytes.len()));
            match self.below(9) {
                0 => spoilt[at] ^= 1 << self.below(8),
                1 => (0..=self.below(12)).for_each(|_| {
                    let at = self.below(bytes.len());
                    spoilt[at] = self.below(256) as u8;
                }),
                2 => spoilt.truncate(at),
                3 => spoilt.extend(self.bytes(1 + at)),
                4 => spoilt[at.min(to)..at.max(to)].fill(if self.below(2) == 0 { 0 } else { 255 }),
                5 => drop(spoilt.drain(at.min(to)..at.max(to))),
                6 => spoilt = self.bytes(bytes.len()),
                7 => {
                    spoilt.truncate(at);
                    spoilt.extend(&other[other.len().min(at)..]);
                }
                // Large numbers where a length may stand: 253 is a u64 to bincode, 252 a u32.
                _ => spoilt
                    .splice(at..at, [[253, 255, 255, 255, 255, 255, 255, 255, 127][self.below(9)], 252, 255, 255, 255, 255])
                    .for_each(drop),
            }
            if spoilt != bytes {
                return spoilt;
            }
        }
    }
}
