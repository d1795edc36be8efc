//! The files that a lookup has fetched, verified and decoded, and where to get the others.

use super::outcome::{Problem, Provenance, Unavailable};
use super::single_flight::{FlightGuard, SingleFlight};
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
use std::future::Future;
use std::rc::Rc;

/// An immutable file that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct FileRequest<'a> {
    /// Its path under the site.
    pub path: &'a str,
    /// Its length: reading stops past it.
    pub length: u32,
    /// The path of another file. Both together would tell a mirror more than each: they come from different ones where
    /// there are several.
    pub apart_from: Option<&'a str>,
}

/// A head that passed its check.
#[derive(Clone, Debug)]
pub struct FoundHead {
    /// The file.
    pub bytes: Vec<u8>,
    /// Seconds since 1970 when a mirror last gave it, where none could be asked just now.
    pub kept_since: Option<u64>,
}

/// Where files come from: mirrors in the browser, a folder or an address in the terminal.
///
/// A source returns only bytes that pass `check`, trying one mirror after another. It decodes nothing.
pub trait Source {
    /// A file.
    fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> impl Future<Output = Result<Vec<u8>, Vec<Problem>>>;

    /// The best head in reach, of at most [`head::MAX_HEAD_LEN`] bytes: several mirrors are asked, the highest rank that
    /// `check` gives wins.
    fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> impl Future<Output = Result<FoundHead, Vec<Problem>>>;

    /// The highest serial of any head that was verified, even one that came too late for [`Source::head`].
    fn highest_serial(&self) -> u64 {
        0
    }

    /// A head's manifest is here: paths for which `is_current` says no belong to earlier builds.
    fn settle(&self, is_current: &dyn Fn(&str) -> bool) -> impl Future<Output = ()> {
        let _ = is_current;
        std::future::ready(())
    }

    /// What was refused, late or out of reach so far, though another mirror gave it.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// Seconds since 1970.
    fn now(&self) -> u64;

    /// What the source is called in messages.
    fn name(&self) -> String;
}

/// For so many seconds a head is not asked for again.
const FRESH: u64 = 600;
/// The same for a head that no mirror confirmed.
const FRESH_OFFLINE: u64 = 5;
/// Stands for the head where a file is told by its digest.
const HEAD: Digest = Digest([0; 16]);
/// How many decoded files of a kind are kept.
const KEPT: usize = 64;

/// The head and its manifest.
#[derive(Debug)]
pub(super) struct Root {
    /// Verified.
    pub head: Head,
    /// The one that the head names.
    pub manifest: Manifest,
    read_at: u64,
    kept_since: Option<u64>,
}

impl Root {
    /// Which data this is.
    pub fn provenance(&self, now: u64) -> Provenance {
        Provenance::new(&self.head, now, self.kept_since)
    }

    fn is_fresh(&self, now: u64) -> bool {
        // Where the data has expired, somebody may have newer by now.
        now <= self.head.expires && now.abs_diff(self.read_at) < if self.kept_since.is_some() { FRESH_OFFLINE } else { FRESH }
    }
}

/// Decoded files of one kind, the last used last.
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
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        let document = Rc::new(document);
        kept.push((digest, document.clone()));
        document
    }
}

/// Verified files by kind.
pub(super) struct FileStore<S> {
    source: S,
    trust: Trust,
    root: RefCell<Option<Rc<Root>>>,
    /// A manifest came that was not here before.
    is_new: Cell<bool>,
    directories: DecodedCache<Directory>,
    tables: DecodedCache<Table>,
    lists: DecodedCache<StationList>,
    names: DecodedCache<Names>,
    flights: SingleFlight,
    /// How often something could not be had, and what last.
    failures: RefCell<(u64, Option<(Digest, Unavailable)>)>,
}

impl<S: Source> FileStore<S> {
    /// An empty one.
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

    /// The newest head in reach and its manifest. Never an older one than was returned before; an old one again where no
    /// newer is in reach.
    pub async fn root(&self) -> Result<Rc<Root>, Unavailable> {
        let before = self.failures.borrow().0;
        let _turn = self.flights.take(HEAD).await;
        let known = self.root.borrow().clone();
        if let Some(root) = known.as_ref().filter(|root| root.is_fresh(self.now()) && !self.is_overtaken(root)) {
            return Ok(root.clone());
        }
        if let Some(trouble) = self.failed_since(before, HEAD) {
            return Err(trouble);
        }
        match self.newest(known.as_deref()).await {
            Ok(root) => {
                let root = Rc::new(root);
                *self.root.borrow_mut() = Some(root.clone());
                Ok(root)
            }
            // An older head is never followed once a newer one was seen, whatever became of that one's files.
            Err(trouble) => known.filter(|root| !self.is_overtaken(root)).ok_or_else(|| self.fail(HEAD, trouble)),
        }
    }

    /// Whether a newer head has come since.
    pub fn is_overtaken(&self, root: &Root) -> bool {
        root.head.serial < self.source.highest_serial()
    }

    /// What went wrong on the way to what is here.
    pub fn problems(&self) -> Vec<Problem> {
        self.source.problems()
    }

    async fn newest(&self, known: Option<&Root>) -> Result<Root, Unavailable> {
        let rank = |bytes: &[u8]| {
            let head = Head::read(bytes, &self.trust)?;
            match known.map(|root| &root.head) {
                Some(seen) if seen.election == head.election && head.serial < seen.serial => {
                    Err(FormatError::Invalid("an older head than one that was seen"))
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
        self.source.settle(&|path| !is_listed(path) || current.iter().any(|other| other == path)).await;
        self.is_new.set(true);
        Ok(Root { head, manifest, read_at, kept_since })
    }

    /// Whether another manifest came since this was asked last.
    pub fn take_new(&self) -> bool {
        self.is_new.take()
    }

    /// As if nothing had been fetched.
    pub fn forget(&self) {
        self.root.take();
        self.directories.0.take();
        self.tables.0.take();
        self.lists.0.take();
        self.names.0.take();
    }

    /// The directory for a regency's code, or the one for all prefixes of no regency.
    pub async fn directory_for(&self, root: &Root, regency: Code) -> Result<Option<Rc<Directory>>, Unavailable> {
        let Some(file) = root.manifest.directory_for(regency) else { return Ok(None) };
        self.get(&self.directories, file, None).await.map(Some)
    }

    /// The directory of a regency that exists today. `apart`: not from the mirror of that table.
    pub async fn directory(&self, root: &Root, district: Code, apart: Option<&FileRef>) -> Result<Rc<Directory>, Unavailable> {
        let regency = district.regency_of().and_then(|code| root.manifest.regency(code));
        let file = regency
            .ok_or_else(|| self.invalid(&root.head.manifest.path(Kind::Manifest), "it lacks a regency that a table names"))?;
        self.get(&self.directories, &file.directory, apart).await
    }

    /// A sealed table. Its recipe and its numbers of stations must be those of the manifest and the directory.
    pub async fn table(&self, root: &Root, file: &FileRef, recipe: Recipe, home_stations: u32) -> Result<Rc<Table>, Unavailable> {
        let table = self.get(&self.tables, file, None).await?;
        if table.recipe() != recipe || table.stations() != (home_stations, root.manifest.station_count()) {
            return Err(self.invalid(&file.path(Kind::Table), "its recipe or its numbers of stations are not the directory's"));
        }
        Ok(table)
    }

    /// A station list. `apart`: not from the mirror of that table.
    pub async fn stations(&self, file: &FileRef, apart: Option<&FileRef>) -> Result<Rc<StationList>, Unavailable> {
        self.get(&self.lists, file, apart).await
    }

    /// The names of a province.
    pub async fn names(&self, file: &FileRef) -> Result<Rc<Names>, Unavailable> {
        self.get(&self.names, file, None).await
    }

    /// That a file, though what its parent names, contradicts another.
    pub fn invalid(&self, path: &str, what: &'static str) -> Unavailable {
        self.refused(path, &FormatError::Invalid(what))
    }

    fn refused(&self, path: &str, refusal: &FormatError) -> Unavailable {
        Unavailable(vec![Problem::refused(&self.source.name(), path, refusal)])
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
        let Some((_turn, bytes)) = self.load_bytes(&path, file, apart, &|| kept.find(file.digest).is_some()).await? else {
            return kept.find(file.digest).ok_or_else(|| self.invalid(&path, "it was given away"));
        };
        let document = container::read(&bytes, file).map_err(|e| self.fail(file.digest, self.refused(&path, &e)))?;
        Ok(kept.put(file.digest, document))
    }

    /// A file's bytes, and the turn to decode them; nothing where `is_here` says that another lookup has fetched it
    /// meanwhile. Apart from `get`, so that the module carries the waiting once and not for every kind of file.
    async fn load_bytes(
        &self,
        path: &str,
        file: &FileRef,
        apart: Option<&FileRef>,
        is_here: &dyn Fn() -> bool,
    ) -> Result<Option<(FlightGuard<'_>, Vec<u8>)>, Unavailable> {
        let before = self.failures.borrow().0;
        let turn = self.flights.take(file.digest).await;
        if is_here() {
            return Ok(None);
        }
        if let Some(trouble) = self.failed_since(before, file.digest) {
            return Err(trouble);
        }
        let bytes = self.bytes(path, file, apart).await.map_err(|trouble| self.fail(file.digest, trouble))?;
        Ok(Some((turn, bytes)))
    }

    fn fail(&self, what: Digest, trouble: Unavailable) -> Unavailable {
        let mut failures = self.failures.borrow_mut();
        *failures = (failures.0 + 1, Some((what, trouble.clone())));
        trouble
    }

    /// What became of it while somebody waited for the turn: who waits for the same is not made to wait for it twice.
    fn failed_since(&self, before: u64, what: Digest) -> Option<Unavailable> {
        let failures = self.failures.borrow();
        let (_, trouble) = failures.1.as_ref().filter(|(digest, _)| *digest == what && failures.0 > before)?;
        Some(trouble.clone())
    }

    /// A file's verified bytes, not decoded.
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
