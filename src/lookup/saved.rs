//! Saving a regency: all that a lookup in it can need, kept on the device on purpose.

use super::file_store::{Root, Source};
use super::outcome::{Outcome, Problem, Unavailable};
use super::single_flight::try_join_all;
use super::{Cancelled, Fetched, Lookup, Observer, Progress, Stop};
use crate::format::code::Code;
use crate::format::container::{self, FileRef, FormatError, Kind};
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::future::Future;

/// So many files are fetched at a time.
const AT_ONCE: usize = 3;

/// A source that keeps what it has fetched.
pub trait PersistentSource: Source {
    /// Whether the file at a path is kept, and passes `check`.
    fn has(&self, path: &str, check: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> impl Future<Output = bool>;
    /// Keeps it no longer.
    fn drop_file(&self, path: &str) -> impl Future<Output = ()>;
    /// Notes that a regency was saved, with the paths of its files, one a line; or, with none, that it no longer is.
    fn mark(&self, regency: &str, paths: Option<&str>) -> impl Future<Output = ()>;
    /// The regencies that were saved, and the paths that were noted.
    fn marked(&self) -> impl Future<Output = Vec<(String, String)>>;
    /// Keeps nothing any more.
    fn forget(&self) -> impl Future<Output = ()>;
}

/// A regency's files, and how much of them the device keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// Four digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its province's name.
    pub province: String,
    /// How many files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u32,
    /// The bytes of those that are kept.
    pub saved_bytes: u32,
}

type Files = Vec<(String, FileRef)>;

impl<S: PersistentSource> Lookup<S> {
    /// What saving a regency takes, and what of it is here.
    ///
    /// # Errors
    /// When there is no such regency, or its directory cannot be had.
    pub async fn regency(&self, code: &str) -> Result<Saved, Outcome> {
        let root = self.store.root().await?;
        let (saved, _) = self.files_of(&root, code).await?;
        Ok(saved)
    }

    /// Fetches all files of a regency that are not here yet. The watch is told bytes.
    ///
    /// # Errors
    /// The outcome when a file cannot be had, or [`Cancelled`] when the watch says so; what came until then is kept.
    pub async fn save(&self, code: &str, watch: &impl Observer) -> Result<Result<Saved, Outcome>, Cancelled> {
        match self.save_files(code, watch).await {
            Ok(saved) => Ok(Ok(saved)),
            Err(Stop::Answer(outcome)) => Ok(Err(*outcome)),
            Err(Stop::Cancelled) => Err(Cancelled),
        }
    }

    async fn save_files(&self, code: &str, watch: &impl Observer) -> Result<Saved, Stop> {
        let root = self.store.root().await?;
        let (saved, files) = self.files_of(&root, code).await?;
        let (left, done) = (RefCell::new(files.iter()), Cell::new(0));
        let worker = || async {
            loop {
                let next = left.borrow_mut().next();
                let Some((path, file)) = next else { return Ok::<(), Stop>(()) };
                watch.step(Progress { step: "save", done: done.get(), of: saved.bytes }).await?;
                self.store.bytes(path, file, None).await?;
                done.set(done.get().saturating_add(file.stored));
            }
        };
        let mut workers: Vec<Fetched<'_>> = Vec::new();
        (0..AT_ONCE).for_each(|_| workers.push(Box::pin(worker())));
        try_join_all(workers).await?;
        watch.step(Progress { step: "save", done: saved.bytes, of: saved.bytes }).await?;
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        self.note(&saved.code, Some(&paths.join("\n"))).await;
        let (saved, _) = self.files_of(&root, code).await?;
        Ok(saved)
    }

    /// Notes which files a regency has now, and keeps those no longer that it had before and no saved regency has now: of an
    /// earlier build, or removed on purpose.
    async fn note(&self, code: &str, paths: Option<&str>) {
        let source = self.store.source();
        let before = source.marked().await;
        source.mark(code, paths).await;
        for path in before.iter().filter(|(other, _)| other == code).flat_map(|(_, paths)| paths.split('\n')) {
            let has = |paths: &str| paths.split('\n').any(|other| other == path);
            if !paths.is_some_and(has) && !before.iter().any(|(other, paths)| other != code && has(paths)) {
                source.drop_file(path).await;
            }
        }
    }

    /// The regencies that were saved on this device.
    pub async fn saved(&self) -> Vec<Saved> {
        let mut saved = Vec::new();
        for (code, _) in self.store.source().marked().await {
            // One whose directory cannot be had is listed all the same: it can be fetched anew, or removed.
            let unknown = || Saved { code: code.clone(), name: code.clone(), ..Saved::default() };
            saved.push(self.regency(&code).await.unwrap_or_else(|_| unknown()));
        }
        saved
    }

    /// After another manifest has come: fetches what it changed in the regencies that were saved, so that they go on
    /// working without the network.
    pub async fn renew(&self, watch: &impl Observer) {
        if !self.store.take_new() {
            return;
        }
        for (code, _) in self.store.source().marked().await {
            let is_whole = self.regency(&code).await.is_ok_and(|saved| saved.saved_bytes == saved.bytes);
            if !is_whole {
                // What could not be fetched now is fetched by the next manifest, or by hand.
                let _: Result<Result<Saved, Outcome>, Cancelled> = self.save(&code, watch).await;
            }
        }
    }

    /// Keeps a regency's tables, station lists and names no longer. Needs no network.
    pub async fn remove(&self, code: &str) {
        self.note(code, None).await;
    }

    /// Keeps nothing any more: no file, no head, no note of what was saved.
    pub async fn forget(&self) {
        self.store.forget();
        self.store.source().forget().await;
    }

    async fn files_of(&self, root: &Root, code: &str) -> Result<(Saved, Files), Unavailable> {
        let regency = Code::parse(code).filter(|code| root.manifest.regency(*code).is_some());
        let Some(regency) = regency else {
            let reason = "there is no such regency in this election";
            return Err(Unavailable(vec![Problem::unreachable(&self.store.source().name(), code, reason)]));
        };
        let directory = self.store.directory(root, regency, None).await?;
        let mut files: Files = Vec::new();
        let mut add = |kind: Kind, file: FileRef| {
            let path = file.path(kind);
            if files.iter().all(|(other, _)| *other != path) {
                files.push((path, file));
            }
        };
        for tables in &directory.tables {
            tables.full.iter().chain([&tables.near]).for_each(|file| add(Kind::Table, *file));
            // Who was issued a NIK here may vote in another regency that shares the table.
            for district in tables.homes.iter().filter_map(|home| Code::district(home.district)) {
                let homes = self.store.directory(root, district, None).await?;
                let list = homes.district(district).and_then(|district| district.stations);
                if let Some(file) = list {
                    add(Kind::StationList, file);
                }
            }
        }
        let lists = directory.districts.iter().filter_map(|district| district.stations);
        lists.for_each(|file| add(Kind::StationList, file));
        let province = root.manifest.province(regency.province());
        if let Some(province) = province {
            add(Kind::Names, province.names);
        }
        let mut saved_bytes = 0_u32;
        for (path, file) in &files {
            if self.store.source().has(path, &|bytes| container::verify(bytes, file)).await {
                saved_bytes = saved_bytes.saturating_add(file.stored);
            }
        }
        let saved = Saved {
            code: regency.to_string(),
            name: directory.name.clone(),
            province: province.map(|province| province.name.clone()).unwrap_or_default(),
            files: files.len(),
            bytes: files.iter().fold(0, |sum, (_, file)| sum.saturating_add(file.stored)),
            saved_bytes,
        };
        Ok((saved, files))
    }
}
