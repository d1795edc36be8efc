//! The files that were fetched, verified and decoded, and fetching the others. What a lookup makes of them is in `run`.

use super::problem::{Problem, Unavailable};
use super::shown::Provenance;
use super::single_flight::SingleFlight;
use super::source::{FileRequest, Source, corrected};
use super::village_search::VillageIndex;
use crate::format::container::{self, Digest, Document, FileRef, FormatError, Kind};
use crate::format::directory::Directory;
use crate::format::head::{self, Head};
use crate::format::manifest::Manifest;
use crate::format::province::ProvincePart;
use crate::format::station_list::StationList;
use crate::format::trust::Trust;
use crate::table::Table;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Seconds until a head is requested again.
const FRESH_SECONDS: u64 = 600;
/// The same for a head that no mirror has confirmed.
const FRESH_OFFLINE_SECONDS: u64 = 5;
/// Represents the head where files are identified by digest.
pub(super) const HEAD: Digest = Digest([0; 16]);
/// The maximum number of decoded files in the cache. What a lookup uses it holds itself.
const MAX_CACHED: usize = 128;

/// What a lookup cannot go on without.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// The newest reachable head.
    Head,
    /// A file, decoded.
    File {
        kind: Kind,
        file: FileRef,
        /// A table whose mirror should not be asked.
        apart: Option<FileRef>,
    },
    /// A file that the source is to keep, not decoded.
    Kept { kind: Kind, file: FileRef },
}

impl Need {
    /// What tells it from others: the file's digest, or [`HEAD`].
    pub fn digest(&self) -> Digest {
        match self {
            Self::Head => HEAD,
            Self::File { file, .. } | Self::Kept { file, .. } => file.digest,
        }
    }
}

/// A verified head, and when it was read.
#[derive(Debug)]
pub(super) struct Root {
    pub head: Head,
    read_at: u64,
    kept_since: Option<u64>,
}

impl Root {
    pub fn is_fresh(&self, now: u64) -> bool {
        // Where the data has expired, a mirror may have newer data by now.
        now <= self.head.expires
            && now.abs_diff(self.read_at) < if self.kept_since.is_some() { FRESH_OFFLINE_SECONDS } else { FRESH_SECONDS }
    }

    /// Whether it leads to the same files.
    fn is_like(&self, head: &Head) -> bool {
        self.head.election == head.election && self.head.manifest == head.manifest && self.head.provinces == head.provinces
    }
}

/// Any decoded file.
pub(super) type Decoded = Rc<dyn Any>;

/// Verified files.
pub(super) struct FileStore<S> {
    source: S,
    trust: Trust,
    pub root: RefCell<Option<Rc<Root>>>,
    /// Whether a head of other files has come since [`FileStore::take_new`] was called.
    is_new: Cell<bool>,
    /// Decoded files, least recently used first.
    cached: RefCell<Vec<(Digest, Decoded)>>,
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
            cached: RefCell::default(),
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

    /// Whether a newer head has arrived since.
    pub fn is_overtaken(&self, root: &Root) -> bool {
        root.head.serial < self.source.highest_serial()
    }

    /// What went wrong although a file was fetched in the end.
    pub fn problems(&self) -> Vec<Problem> {
        self.source.problems()
    }

    /// Whether a head of other files has come since the last call.
    pub fn take_new(&self) -> bool {
        self.is_new.take()
    }

    /// Empties the store.
    pub fn forget(&self) {
        self.root.take();
        self.cached.take();
    }

    /// A decoded file, if it is here.
    pub fn find(&self, digest: Digest) -> Option<Decoded> {
        let mut cached = self.cached.borrow_mut();
        let at = cached.iter().position(|(other, _)| *other == digest)?;
        let found = cached.remove(at);
        let document = found.1.clone();
        cached.push(found);
        Some(document)
    }

    fn put(&self, digest: Digest, document: Decoded) {
        let mut cached = self.cached.borrow_mut();
        if cached.len() >= MAX_CACHED {
            cached.remove(0);
        }
        cached.push((digest, document));
    }

    /// The error for a file that has the right digest but contradicts another file.
    pub fn invalid(&self, path: &str, what: &'static str) -> Unavailable {
        self.refused(path, &FormatError::Invalid(what))
    }

    /// The error for a file that is not what it should be.
    pub fn refused(&self, path: &str, error: &FormatError) -> Unavailable {
        Unavailable(vec![Problem::refused(&self.source.name(), path, error)])
    }

    /// Fetches what is needed, so that it is here afterwards. Requests for one file share a fetch, and its failure.
    pub async fn load(&self, need: Need) -> Result<(), Unavailable> {
        let digest = need.digest();
        let before = self.failures.borrow().0;
        let _flight = self.flights.take(digest).await;
        if self.is_here(&need) {
            return Ok(());
        }
        if let Some(unavailable) = self.failed_since(before, digest) {
            return Err(unavailable);
        }
        let loaded = match need {
            Need::Head => self.load_head().await,
            Need::File { kind, file, apart } => self.load_file(kind, &file, apart).await,
            Need::Kept { kind, file } => self.bytes(kind, &file, None).await.map(drop),
        };
        if let Err(error) = &loaded {
            let mut failures = self.failures.borrow_mut();
            *failures = (failures.0 + 1, Some((digest, error.clone())));
        }
        loaded
    }

    /// The failure of a request for the same file that was in flight meanwhile.
    fn failed_since(&self, before: u64, digest: Digest) -> Option<Unavailable> {
        let failures = self.failures.borrow();
        let (_, error) = failures.1.as_ref().filter(|(other, _)| *other == digest && failures.0 > before)?;
        Some(error.clone())
    }

    fn is_here(&self, need: &Need) -> bool {
        match need {
            Need::Head => {
                let is_fresh = |root: &Rc<Root>| root.is_fresh(self.now()) && !self.is_overtaken(root);
                self.root.borrow().as_ref().is_some_and(is_fresh)
            }
            Need::File { file, .. } => self.find(file.digest).is_some(),
            Need::Kept { .. } => false,
        }
    }

    async fn load_file(&self, kind: Kind, file: &FileRef, apart: Option<FileRef>) -> Result<(), Unavailable> {
        let bytes = self.bytes(kind, file, apart).await?;
        let document = decode(kind, &bytes, file).map_err(|error| self.refused(&file.path(kind), &error))?;
        self.put(file.digest, document);
        Ok(())
    }

    /// A file's verified bytes.
    async fn bytes(&self, kind: Kind, file: &FileRef, apart: Option<FileRef>) -> Result<Vec<u8>, Unavailable> {
        let (path, apart) = (file.path(kind), apart.map(|table| table.path(Kind::Table)));
        let wanted = FileRequest { path: &path, length: file.stored, apart_from: apart.as_deref() };
        self.source.file(wanted, &|bytes| container::verify(bytes, file)).await.map_err(Unavailable)
    }

    /// The newest reachable head: never an older one than was seen before.
    async fn load_head(&self) -> Result<(), Unavailable> {
        let known = self.root.borrow().clone();
        let rank = |bytes: &[u8]| {
            let head = Head::read(bytes, &self.trust)?;
            match known.as_ref().map(|root| &root.head) {
                Some(seen) if seen.election == head.election && head.serial < seen.serial => {
                    Err(FormatError::Invalid("older than a head that was seen before"))
                }
                _ => Ok(head.serial),
            }
        };
        let found = self.source.head(&rank).await.map_err(Unavailable)?;
        let head = Head::read(&found.bytes, &self.trust).map_err(|error| self.refused(head::HEAD_PATH, &error))?;
        if !known.is_some_and(|root| root.is_like(&head)) {
            self.settle(&head);
        }
        *self.root.borrow_mut() = Some(Rc::new(Root { head, read_at: self.now(), kept_since: found.kept_since }));
        Ok(())
    }

    /// Other files than before are current. Directories and names that no part lists any more stay: nothing here knows them all.
    fn settle(&self, head: &Head) {
        let parts = head.provinces.iter().map(|province| province.part.path(Kind::Province));
        let current: Vec<String> = parts.chain([head.manifest.path(Kind::Manifest)]).collect();
        let is_of_head = |path: &str| path.starts_with("m/") || path.starts_with("p/");
        self.source.settle(Box::new(move |path| !is_of_head(path) || current.iter().any(|other| other == path)));
        self.is_new.set(true);
    }

    /// A part of the current manifest that is here, of any province: all parts tell of the election.
    pub fn any_part(&self) -> Option<Rc<ProvincePart>> {
        let root = self.root.borrow().clone()?;
        let mut provinces = root.head.provinces.iter();
        let part = provinces.find_map(|province| self.find(province.part.digest)?.downcast::<ProvincePart>().ok());
        part.filter(|part| part.election.id == root.head.election)
    }

    /// Where files come from.
    pub fn source(&self) -> &S {
        &self.source
    }
}

fn decode(kind: Kind, bytes: &[u8], file: &FileRef) -> Result<Decoded, FormatError> {
    fn read<T: Document + 'static>(payload: &[u8]) -> Result<Decoded, FormatError> {
        Ok(Rc::new(container::document::<T>(payload)?))
    }
    let payload = container::verified_payload(kind, bytes, file)?;
    match kind {
        Kind::Manifest => read::<Manifest>(&payload),
        Kind::Province => read::<ProvincePart>(&payload),
        Kind::Directory => read::<Directory>(&payload),
        Kind::Table => read::<Table>(&payload),
        Kind::StationList => read::<StationList>(&payload),
        // Indexed as it comes, so that a keystroke only searches.
        Kind::Names => Ok(Rc::new(VillageIndex::new(container::document(&payload)?))),
    }
}
