//! A site in memory, with a clock and files that a test can change.

use crate::files::files;
use crate::operator::Operator;
use bilik::format::{self, FormatError};
use bilik::lookup::{FileRequest, FoundHead, PersistentSource, Problem, Source};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// The files of a site by their paths, but for the app's.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A source of files that a test can change while a lookup uses it.
pub struct MemorySource {
    /// What it serves.
    pub files: RefCell<Files>,
    /// Its clock.
    pub now: Cell<u64>,
    /// What it served, as a device keeps it: read by [`PersistentSource`] alone.
    pub kept: RefCell<Files>,
    /// Regencies that were saved, and the paths of their files.
    saved: RefCell<BTreeMap<String, String>>,
    /// The paths that were requested, each with the path of the file that must not come from the same mirror.
    pub wanted: RefCell<Vec<(String, Option<String>)>>,
    /// The highest serial of any head so far.
    pub highest: Cell<u64>,
    /// Files that replace the others as soon as a table is requested, and the serial of their head.
    pub meanwhile: RefCell<Option<(Files, u64)>>,
}

impl MemorySource {
    /// All of a site but its app, at the moment of its signing.
    pub fn of(operator: &Operator) -> Self {
        Self::with(files_of(operator), operator.head().signed_at)
    }

    /// Some files at some moment.
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
        let bytes = files.get(path).ok_or_else(|| vec![Problem::unreachable("memory", path, "it is not there")])?;
        // A source reads no further than one byte past what was asked for.
        let bytes = bytes[..bytes.len().min(length as usize + 1)].to_vec();
        check(&bytes).map_err(|refusal| vec![Problem::refused("memory", path, &refusal)])?;
        Ok(bytes)
    }
}

impl Source for &MemorySource {
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
        String::from("memory")
    }
}

impl PersistentSource for &MemorySource {
    async fn has(&self, path: &str, check: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> bool {
        self.kept.borrow().get(path).is_some_and(|bytes| check(bytes).is_ok())
    }

    async fn drop_file(&self, path: &str) {
        self.kept.borrow_mut().remove(path);
    }

    async fn mark(&self, regency: &str, paths: Option<&str>) -> bool {
        match paths {
            Some(paths) => self.saved.borrow_mut().insert(regency.to_owned(), paths.to_owned()),
            None => self.saved.borrow_mut().remove(regency),
        };
        true
    }

    async fn marked(&self) -> Vec<(String, String)> {
        self.saved.borrow().clone().into_iter().collect()
    }

    async fn forget(&self) -> bool {
        self.kept.borrow_mut().clear();
        self.saved.borrow_mut().clear();
        true
    }
}

/// All files of a site whose digest or signature a reader checks.
pub fn files_of(operator: &Operator) -> Files {
    let mut all: Files = ["m", "p", "d", "t", "s", "n"].iter().flat_map(|kind| files(&operator.site(), kind)).collect();
    all.insert(format::HEAD_PATH.to_owned(), std::fs::read(operator.site().join(format::HEAD_PATH)).unwrap());
    all
}
