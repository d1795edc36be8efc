//! The files that were fetched, verified and decoded, and fetching the others.

use super::problem::{Problem, Unavailable};
use super::shown::Provenance;
use super::single_flight::{FlightGuard, SingleFlight};
use super::source::{FileRequest, Source, corrected};
use crate::format::code::Code;
use crate::format::container::{self, Digest, Document, FileRef, FormatError, Kind};
use crate::format::directory::Directory;
use crate::format::head::{self, Head};
use crate::format::manifest::Manifest;
use crate::format::names::Names;
use crate::format::station_list::StationList;
use crate::format::trust::Trust;
use crate::key::Recipe;
use crate::table::Table;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Seconds until a head is requested again.
const FRESH_SECONDS: u64 = 600;
/// The same for a head that no mirror has confirmed.
const FRESH_OFFLINE_SECONDS: u64 = 5;
/// Represents the head where files are identified by digest.
const HEAD: Digest = Digest([0; 16]);
/// The maximum number of decoded files of one kind in the cache.
const MAX_CACHED: usize = 64;

/// A head and its manifest.
#[derive(Debug)]
pub(super) struct Root {
    /// The head, verified.
    pub head: Head,
    /// The manifest that the head names.
    pub manifest: Manifest,
    read_at: u64,
    kept_since: Option<u64>,
}

impl Root {
    fn is_fresh(&self, now: u64) -> bool {
        // Where the data has expired, a mirror may have newer data by now.
        now <= self.head.expires
            && now.abs_diff(self.read_at) < if self.kept_since.is_some() { FRESH_OFFLINE_SECONDS } else { FRESH_SECONDS }
    }
}

/// Decoded files of one kind, least recently used first.
struct DecodedCache<T>(RefCell<Vec<(Digest, Rc<T>)>>);

impl<T> Default for DecodedCache<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T> DecodedCache<T> {
    fn find(&self, digest: Digest) -> Option<Rc<T>> {
        let mut kept = self.0.borrow_mut();
        let at = kept.iter().position(|(other, _)| *other == digest)?;
        let found = kept.remove(at);
        let document = found.1.clone();
        kept.push(found);
        Some(document)
    }

    fn put(&self, digest: Digest, document: T) -> Rc<T> {
        let mut kept = self.0.borrow_mut();
        if kept.len() >= MAX_CACHED {
            kept.remove(0);
        }
        let document = Rc::new(document);
        kept.push((digest, document.clone()));
        document
    }
}

/// Verified files, by kind.
pub(super) struct FileStore<S> {
    source: S,
    trust: Trust,
    root: RefCell<Option<Rc<Root>>>,
    /// Whether a manifest has come since [`FileStore::take_new`] was called.
    is_new: Cell<bool>,
    directories: DecodedCache<Directory>,
    tables: DecodedCache<Table>,
    lists: DecodedCache<StationList>,
    names: DecodedCache<Names>,
    flights: SingleFlight,
    /// The number of failures so far, and the last of them.
    failures: RefCell<(u64, Option<(Digest, Unavailable)>)>,
}

impl<S: Source> FileStore<S> {
    /// An empty store.
    pub fn new(source: S, trust: Trust) -> Self {
        Self {
            source,
            trust,
            root: RefCell::default(),
            is_new: Cell::default(),
            directories: DecodedCache::default(),
            tables: DecodedCache::default(),
            lists: DecodedCache::default(),
            names: DecodedCache::default(),
            flights: SingleFlight::default(),
            failures: RefCell::default(),
        }
    }

    /// Seconds since 1970.
    pub fn now(&self) -> u64 {
        self.source.now()
    }

    /// Which data this is, as it is shown.
    pub fn provenance(&self, root: &Root) -> Provenance {
        let clock_error = self.source.clock_error();
        let kept_since = root.kept_since.map(|since| corrected(since, clock_error));
        Provenance::new(&root.head, self.now(), clock_error, kept_since)
    }

    /// The newest reachable head and its manifest: never an older one than was returned before, and the same one again where no
    /// newer one is reachable.
    pub async fn root(&self) -> Result<Rc<Root>, Unavailable> {
        let before = self.failures.borrow().0;
        let _flight = self.flights.take(HEAD).await;
        let known = self.root.borrow().clone();
        if let Some(root) = known.as_ref().filter(|root| root.is_fresh(self.now()) && !self.is_overtaken(root)) {
            return Ok(root.clone());
        }
        if let Some(unavailable) = self.failed_since(before, HEAD) {
            return Err(unavailable);
        }
        match self.newest(known.as_deref()).await {
            Ok(root) => {
                let root = Rc::new(root);
                *self.root.borrow_mut() = Some(root.clone());
                Ok(root)
            }
            // An older head is never followed once a newer one was seen, even where the newer one's files are unavailable.
            Err(error) => known.filter(|root| !self.is_overtaken(root)).ok_or_else(|| self.fail(HEAD, error)),
        }
    }

    /// Whether a newer head has arrived since.
    pub fn is_overtaken(&self, root: &Root) -> bool {
        root.head.serial < self.source.highest_serial()
    }

    /// What went wrong although a file was fetched in the end.
    pub fn problems(&self) -> Vec<Problem> {
        self.source.problems()
    }

    async fn newest(&self, known: Option<&Root>) -> Result<Root, Unavailable> {
        let rank = |bytes: &[u8]| {
            let head = Head::read(bytes, &self.trust)?;
            match known.map(|root| &root.head) {
                Some(seen) if seen.election == head.election && head.serial < seen.serial => {
                    Err(FormatError::Invalid("older than a head that was seen before"))
                }
                _ => Ok(head.serial),
            }
        };
        let found = self.source.head(&rank).await.map_err(Unavailable)?;
        let head = Head::read(&found.bytes, &self.trust).map_err(|e| self.refused(head::HEAD_PATH, &e))?;
        let (read_at, kept_since) = (self.now(), found.kept_since);
        if let Some(root) = known.filter(|root| root.head.manifest == head.manifest && root.head.election == head.election) {
            return Ok(Root { head, manifest: root.manifest.clone(), read_at, kept_since });
        }
        let path = head.manifest.path(Kind::Manifest);
        let bytes = self.bytes(&path, &head.manifest, None).await?;
        let manifest: Manifest = container::read(&bytes, &head.manifest).map_err(|e| self.refused(&path, &e))?;
        if manifest.election.id != head.election {
            return Err(self.refused(&path, &FormatError::Election));
        }
        let directories = manifest.regencies().map(|(_, regency)| regency.directory).chain(manifest.elsewhere);
        let mut current: Vec<String> = directories.map(|file| file.path(Kind::Directory)).collect();
        current.extend(manifest.provinces.iter().map(|province| province.names.path(Kind::Names)));
        current.push(path);
        let is_listed = |path: &str| ["m/", "d/", "n/"].iter().any(|folder| path.starts_with(folder));
        self.source.settle(Box::new(move |path| !is_listed(path) || current.iter().any(|other| other == path)));
        self.is_new.set(true);
        Ok(Root { head, manifest, read_at, kept_since })
    }

    /// Whether a manifest has come since the last call.
    pub fn take_new(&self) -> bool {
        self.is_new.take()
    }

    /// Empties the store.
    pub fn forget(&self) {
        self.root.take();
        self.directories.0.take();
        self.tables.0.take();
        self.lists.0.take();
        self.names.0.take();
    }

    /// The directory for a regency's code, or the one for prefixes that belong to no present-day regency.
    pub async fn directory_for(&self, root: &Root, regency: Code) -> Result<Option<Rc<Directory>>, Unavailable> {
        let Some(file) = root.manifest.directory_for(regency) else { return Ok(None) };
        self.get(&self.directories, file, None).await.map(Some)
    }

    /// The same where it was fetched already.
    pub fn directory_here(&self, root: &Root, regency: Code) -> Option<Rc<Directory>> {
        self.directories.find(root.manifest.directory_for(regency)?.digest)
    }

    /// A table that was fetched and checked already.
    pub fn table_here(&self, file: &FileRef) -> Option<Rc<Table>> {
        self.tables.find(file.digest)
    }

    /// The directory of a district's regency. `apart` is a table whose mirror should not be asked.
    pub async fn directory(&self, root: &Root, district: Code, apart: Option<&FileRef>) -> Result<Rc<Directory>, Unavailable> {
        let regency = district.regency_of().and_then(|code| root.manifest.regency(code));
        let file = regency
            .ok_or_else(|| self.invalid(&root.head.manifest.path(Kind::Manifest), "it lacks a regency that a table refers to"))?;
        self.get(&self.directories, &file.directory, apart).await
    }

    /// A sealed table, whose recipe, check bits and numbers of stations must agree with manifest and directory.
    pub async fn table(&self, root: &Root, file: &FileRef, recipe: Recipe, home_stations: u32) -> Result<Rc<Table>, Unavailable> {
        let table = self.get(&self.tables, file, None).await?;
        let is_as_said = table.recipe() == recipe
            && table.check_bits() == root.manifest.sealing.bits(recipe).check_bits
            && table.stations() == (home_stations, root.manifest.station_count());
        if !is_as_said {
            return Err(self.invalid(&file.path(Kind::Table), "it differs from what the manifest and the directory say of it"));
        }
        Ok(table)
    }

    /// A station list. `apart` is a table whose mirror should not be asked.
    pub async fn stations(&self, file: &FileRef, apart: Option<&FileRef>) -> Result<Rc<StationList>, Unavailable> {
        self.get(&self.lists, file, apart).await
    }

    /// The names of a province.
    pub async fn names(&self, file: &FileRef) -> Result<Rc<Names>, Unavailable> {
        self.get(&self.names, file, None).await
    }

    /// The error for a file that has the right digest but contradicts another file.
    pub fn invalid(&self, path: &str, what: &'static str) -> Unavailable {
        self.refused(path, &FormatError::Invalid(what))
    }

    fn refused(&self, path: &str, error: &FormatError) -> Unavailable {
        Unavailable(vec![Problem::refused(&self.source.name(), path, error)])
    }

    async fn get<T: Document>(
        &self,
        kept: &DecodedCache<T>,
        file: &FileRef,
        apart: Option<&FileRef>,
    ) -> Result<Rc<T>, Unavailable> {
        if let Some(document) = kept.find(file.digest) {
            return Ok(document);
        }
        let path = file.path(T::KIND);
        let Some((_flight, bytes)) = self.load_bytes(&path, file, apart, &|| kept.find(file.digest).is_some()).await? else {
            return kept.find(file.digest).ok_or_else(|| self.invalid(&path, "dropped from the cache while it was requested"));
        };
        let document = container::read(&bytes, file).map_err(|e| self.fail(file.digest, self.refused(&path, &e)))?;
        Ok(kept.put(file.digest, document))
    }

    /// A file's bytes, and the guard under which to decode them; `None` where `is_here` says that another request has fetched the
    /// file meanwhile. This is separate from `get` so that the module contains the waiting once and not for each kind of file.
    async fn load_bytes(
        &self,
        path: &str,
        file: &FileRef,
        apart: Option<&FileRef>,
        is_here: &dyn Fn() -> bool,
    ) -> Result<Option<(FlightGuard<'_>, Vec<u8>)>, Unavailable> {
        let before = self.failures.borrow().0;
        let flight = self.flights.take(file.digest).await;
        if is_here() {
            return Ok(None);
        }
        if let Some(unavailable) = self.failed_since(before, file.digest) {
            return Err(unavailable);
        }
        let bytes = self.bytes(path, file, apart).await.map_err(|error| self.fail(file.digest, error))?;
        Ok(Some((flight, bytes)))
    }

    fn fail(&self, digest: Digest, error: Unavailable) -> Unavailable {
        let mut failures = self.failures.borrow_mut();
        *failures = (failures.0 + 1, Some((digest, error.clone())));
        error
    }

    /// The failure of a request for the same file that was in flight meanwhile: those that waited for it share the failure
    /// instead of waiting a second time.
    fn failed_since(&self, before: u64, digest: Digest) -> Option<Unavailable> {
        let failures = self.failures.borrow();
        let (_, error) = failures.1.as_ref().filter(|(other, _)| *other == digest && failures.0 > before)?;
        Some(error.clone())
    }

    /// A file's verified bytes, without decoding them.
    pub async fn bytes(&self, path: &str, file: &FileRef, apart: Option<&FileRef>) -> Result<Vec<u8>, Unavailable> {
        let apart = apart.map(|table| table.path(Kind::Table));
        let wanted = FileRequest { path, length: file.stored, apart_from: apart.as_deref() };
        self.source.file(wanted, &|bytes| container::verify(bytes, file)).await.map_err(Unavailable)
    }

    /// Where files come from.
    pub fn source(&self) -> &S {
        &self.source
    }
}
