//! Saving a regency for offline use: all files that a lookup in it can need.

use super::engine::Lookup;
use super::observer::{Cancelled, Observer, Progress};
use super::outcome::Outcome;
use super::problem::{Problem, Unavailable};
use super::run::{Run, Stop};
use super::source::Source;
use crate::format::code::Code;
use crate::format::container::{self, FileRef, FormatError, Kind};
use serde::Serialize;
use std::future::Future;

/// A source that keeps the files that it has fetched.
pub trait PersistentSource: Source {
    /// Whether the file at this path is kept and passes `check`.
    fn has(&self, path: &str, check: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> impl Future<Output = bool>;
    /// Deletes a file.
    fn drop_file(&self, path: &str) -> impl Future<Output = ()>;
    /// Records that a regency is saved, with the paths of its files, one per line; `None` removes the record. Whether that was
    /// written, with all that was fetched before.
    fn mark(&self, regency: &str, paths: Option<&str>) -> impl Future<Output = bool>;
    /// The regencies that are recorded, and their paths.
    fn marked(&self) -> impl Future<Output = Vec<(String, String)>>;
    /// Deletes everything. Whether it is gone.
    fn forget(&self) -> impl Future<Output = bool>;
}

/// The files of a regency, and how much of them this device keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The regency's four digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its province's name.
    pub province: String,
    /// The number of its files.
    pub files: usize,
    /// Their length in bytes.
    pub bytes: u32,
    /// The length in bytes of those that are kept.
    pub saved_bytes: u32,
}

type Files = Vec<(Kind, FileRef)>;

impl<S: PersistentSource> Lookup<S> {
    /// What saving a regency (four digits) takes, and how much of it is kept already.
    ///
    /// # Errors
    /// When there is no such regency, or its directory cannot be fetched.
    pub async fn regency(&self, code: &str) -> Result<Saved, Box<Outcome>> {
        let mut found = None;
        let ended = self
            .run(&(), &mut |run| {
                found = Some(files_of(run, code)?);
                Ok(())
            })
            .await;
        ended.map_err(Stop::into_outcome)?;
        let (mut saved, files) = found.unwrap_or_default();
        for (kind, file) in files {
            if self.store.source().has(&file.path(kind), &|bytes| container::verify(bytes, &file)).await {
                saved.saved_bytes = saved.saved_bytes.saturating_add(file.stored);
            }
        }
        Ok(saved)
    }

    /// Fetches all files of a regency that are not kept yet. The observer is told bytes.
    ///
    /// # Errors
    /// An outcome when a file cannot be fetched, or [`Cancelled`] when the observer says so. Files fetched before that are kept.
    pub async fn save(&self, code: &str, observer: &dyn Observer) -> Result<Result<Saved, Box<Outcome>>, Cancelled> {
        let mut paths = String::new();
        let ended = self
            .run(observer, &mut |run| {
                let (saved, files) = files_of(run, code)?;
                let mut done = 0;
                for (kind, file) in &files {
                    done += if run.keep(*kind, file)? { file.stored } else { 0 };
                }
                observer.step(Progress { step: "save", done, of: saved.bytes })?;
                paths = files.iter().map(|(kind, file)| file.path(*kind) + "\n").collect();
                if done < saved.bytes { Err(Stop::Needs) } else { Ok(()) }
            })
            .await;
        match ended {
            Ok(()) => {}
            Err(Stop::Cancelled) => return Err(Cancelled),
            Err(stop) => return Ok(Err(stop.into_outcome())),
        }
        self.note(code, Some(paths.trim_end())).await;
        Ok(self.regency(code).await)
    }

    /// Records the files of a regency, and deletes those that it had before and that no saved regency has now. Whether the record
    /// was written.
    async fn note(&self, code: &str, paths: Option<&str>) -> bool {
        let source = self.store.source();
        let before = source.marked().await;
        let is_noted = source.mark(code, paths).await;
        // One regency has one record.
        let dropped = before.iter().find(|(other, _)| other == code).map(|(_, paths)| paths.as_str());
        for path in dropped.unwrap_or_default().split('\n') {
            let has = |paths: &str| paths.split('\n').any(|other| other == path);
            if !paths.is_some_and(has) && !before.iter().any(|(other, paths)| other != code && has(paths)) {
                source.drop_file(path).await;
            }
        }
        is_noted
    }

    /// The regencies that are saved on this device.
    pub async fn saved(&self) -> Vec<Saved> {
        let mut saved = Vec::new();
        for (code, _) in self.store.source().marked().await {
            // A regency whose directory cannot be fetched is listed too, so that it can be saved again or removed.
            let unknown = || Saved { code: code.clone(), name: code.clone(), ..Saved::default() };
            saved.push(self.regency(&code).await.unwrap_or_else(|_| unknown()));
        }
        saved
    }

    /// After a head of other files has come: fetches the files that it changed in saved regencies, so that they keep working offline.
    pub async fn renew(&self, observer: &dyn Observer) {
        if !self.store.take_new() {
            return;
        }
        for (code, _) in self.store.source().marked().await {
            let is_whole = self.regency(&code).await.is_ok_and(|saved| saved.saved_bytes == saved.bytes);
            if !is_whole {
                // A file that cannot be fetched now is fetched after the next head, or when the user saves again.
                let _: Result<Result<Saved, Box<Outcome>>, Cancelled> = self.save(&code, observer).await;
            }
        }
    }

    /// Deletes the files of a saved regency. Needs no network. Whether they are gone.
    pub async fn remove(&self, code: &str) -> bool {
        self.note(code, None).await
    }

    /// Deletes everything: files, heads, and the record of saved regencies. Whether it is gone.
    pub async fn forget(&self) -> bool {
        self.store.forget();
        self.derivations.forget();
        self.store.source().forget().await
    }
}

/// The files that a lookup in a regency can need.
fn files_of<S: Source>(run: &Run<'_, S>, code: &str) -> Result<(Saved, Files), Stop> {
    let root = run.root()?;
    let unknown = || {
        let reason = "no such regency in this election";
        Unavailable(vec![Problem::unreachable(&run.store.source().name(), code, reason)])
    };
    let regency = Code::parse(code).ok_or_else(unknown)?;
    let part = run.part(&root, regency.province(), None)?;
    if part.regency(regency).is_none() {
        return Err(unknown().into());
    }
    let directory = run.directory(&root, regency, None)?;
    let mut files: Files = Vec::new();
    let mut add = |kind: Kind, file: FileRef| {
        if files.iter().all(|(_, other)| other.digest != file.digest) {
            files.push((kind, file));
        }
    };
    for tables in &directory.tables {
        tables.full.iter().chain(&tables.near).for_each(|file| add(Kind::Table, *file));
        // Voters with a NIK of this regency may vote in another one that shares the table.
        for district in tables.homes.iter().filter_map(|home| Code::district(home.district)) {
            let homes = run.directory(&root, district, None)?;
            let list = homes.district(district).and_then(|district| district.stations);
            if let Some(file) = list {
                add(Kind::StationList, file);
            }
        }
    }
    let lists = directory.districts.iter().filter_map(|district| district.stations);
    lists.for_each(|file| add(Kind::StationList, file));
    add(Kind::Names, part.province.names);
    let saved = Saved {
        code: regency.to_string(),
        name: directory.name.clone(),
        province: part.province.name.clone(),
        files: files.len(),
        bytes: files.iter().fold(0, |sum, (_, file)| sum.saturating_add(file.stored)),
        saved_bytes: 0,
    };
    Ok((saved, files))
}
