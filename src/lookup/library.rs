//! The files that a lookup has fetched, verified and decoded, and where to get the others.

use super::outcome::{Problem, Trouble};
use super::turns::Turns;
use crate::file::{self, Digest, Document, FileRef, Kind, Refusal};
use crate::head::{self, Head, Trust};
use crate::key::Recipe;
use crate::manifest::Manifest;
use crate::region::{Code, Directory, Names};
use crate::station::StationList;
use crate::table::Table;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

/// Where files come from: mirrors in the browser, a folder or an address in the terminal.
///
/// A source returns only bytes that pass `check`, trying one mirror after another. It decodes nothing.
pub trait Source {
    /// The immutable file at a path, of exactly `length` bytes: reading stops past them.
    fn file(
        &self,
        path: &str,
        length: u32,
        check: &dyn Fn(&[u8]) -> Result<(), Refusal>,
    ) -> impl Future<Output = Result<Vec<u8>, Vec<Problem>>>;

    /// The best head in reach, of at most [`head::LONGEST`] bytes: several mirrors are asked, the highest rank that
    /// `check` gives wins.
    fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, Refusal>) -> impl Future<Output = Result<Vec<u8>, Vec<Problem>>>;

    /// Seconds since 1970.
    fn now(&self) -> u64;

    /// What the source is called in messages.
    fn name(&self) -> String;
}

/// For so many seconds a head is not asked for again.
const FRESH: u64 = 600;
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
}

/// Decoded files of one kind, the last used last.
struct Shelf<T>(RefCell<Vec<(Digest, Rc<T>)>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

/// Verified files by kind.
pub(super) struct Library<S> {
    source: S,
    trust: Trust,
    root: RefCell<Option<Rc<Root>>>,
    directories: Shelf<Directory>,
    tables: Shelf<Table>,
    lists: Shelf<StationList>,
    names: Shelf<Names>,
    turns: Turns,
}

impl<S: Source> Library<S> {
    /// An empty one.
    pub fn new(source: S, trust: Trust) -> Self {
        Self {
            source,
            trust,
            root: RefCell::default(),
            directories: Shelf::default(),
            tables: Shelf::default(),
            lists: Shelf::default(),
            names: Shelf::default(),
            turns: Turns::default(),
        }
    }

    /// Seconds since 1970.
    pub fn now(&self) -> u64 {
        self.source.now()
    }

    /// The newest head in reach and its manifest. Never an older one than was returned before; an old one again where no
    /// newer is in reach.
    pub async fn root(&self) -> Result<Rc<Root>, Trouble> {
        let _turn = self.turns.take(Digest([0; 16])).await;
        let known = self.root.borrow().clone();
        if let Some(root) = known.as_ref().filter(|root| self.now().abs_diff(root.read_at) < FRESH) {
            return Ok(root.clone());
        }
        match self.newest(known.as_deref().map(|root| &root.head)).await {
            Ok(root) => {
                let root = Rc::new(root);
                *self.root.borrow_mut() = Some(root.clone());
                Ok(root)
            }
            Err(trouble) => known.ok_or(trouble),
        }
    }

    async fn newest(&self, seen: Option<&Head>) -> Result<Root, Trouble> {
        let rank = |bytes: &[u8]| {
            let head = Head::read(bytes, &self.trust)?;
            match seen {
                Some(seen) if seen.election == head.election && head.serial < seen.serial => {
                    Err(Refusal::Nonsense("an older head than one that was seen"))
                }
                _ => Ok(head.serial),
            }
        };
        let bytes = self.source.head(&rank).await.map_err(Trouble)?;
        let head = Head::read(&bytes, &self.trust).map_err(|e| self.refused(head::PATH, &e))?;
        let manifest: Manifest = self.fetch(&head.manifest).await?;
        if manifest.election.id != head.election {
            return Err(self.refused(&head.manifest.path(Kind::Manifest), &Refusal::Election));
        }
        Ok(Root { head, manifest, read_at: self.now() })
    }

    /// The directory for a regency's code, or the one for all prefixes of no regency.
    pub async fn directory_for(&self, root: &Root, regency: Code) -> Result<Option<Rc<Directory>>, Trouble> {
        let Some(file) = root.manifest.directory_for(regency) else { return Ok(None) };
        self.get(&self.directories, file).await.map(Some)
    }

    /// The directory of a regency that exists today.
    pub async fn directory(&self, root: &Root, district: Code) -> Result<Rc<Directory>, Trouble> {
        let regency = district.regency_of().and_then(|code| root.manifest.regency(code));
        let file = regency
            .ok_or_else(|| self.nonsense(&root.head.manifest.path(Kind::Manifest), "it lacks a regency that a table names"))?;
        self.get(&self.directories, &file.directory).await
    }

    /// A sealed table. Its recipe and its numbers of stations must be those of the manifest and the directory.
    pub async fn table(&self, root: &Root, file: &FileRef, recipe: Recipe, home_stations: u32) -> Result<Rc<Table>, Trouble> {
        let table = self.get(&self.tables, file).await?;
        if table.recipe() != recipe || table.stations() != (home_stations, root.manifest.station_count()) {
            return Err(self.nonsense(&file.path(Kind::Table), "its recipe or its numbers of stations are not the directory's"));
        }
        Ok(table)
    }

    /// A station list.
    pub async fn stations(&self, file: &FileRef) -> Result<Rc<StationList>, Trouble> {
        self.get(&self.lists, file).await
    }

    /// The names of a province.
    pub async fn names(&self, file: &FileRef) -> Result<Rc<Names>, Trouble> {
        self.get(&self.names, file).await
    }

    /// That a file, though what its parent names, contradicts another.
    pub fn nonsense(&self, path: &str, what: &'static str) -> Trouble {
        self.refused(path, &Refusal::Nonsense(what))
    }

    fn refused(&self, path: &str, refusal: &Refusal) -> Trouble {
        Trouble(vec![Problem::refused(&self.source.name(), path, refusal)])
    }

    async fn get<T: Document>(&self, kept: &Shelf<T>, file: &FileRef) -> Result<Rc<T>, Trouble> {
        let find = || {
            let mut kept = kept.0.borrow_mut();
            let at = kept.iter().position(|(digest, _)| *digest == file.digest)?;
            let found = kept.remove(at);
            let document = found.1.clone();
            kept.push(found);
            Some(document)
        };
        if let Some(document) = find() {
            return Ok(document);
        }
        let _turn = self.turns.take(file.digest).await;
        // Another lookup may have brought it meanwhile.
        if let Some(document) = find() {
            return Ok(document);
        }
        let document = Rc::new(self.fetch::<T>(file).await?);
        let mut kept = kept.0.borrow_mut();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((file.digest, document.clone()));
        Ok(document)
    }

    async fn fetch<T: Document>(&self, file: &FileRef) -> Result<T, Trouble> {
        let path = file.path(T::KIND);
        let bytes = self.source.file(&path, file.stored, &|bytes| file::verify(bytes, file)).await.map_err(Trouble)?;
        file::read(&bytes, file).map_err(|e| self.refused(&path, &e))
    }
}
