//! The lookup's source of files: the cache first, then mirrors according to the policy.

use super::download::{Download, Event, Transfer};
use super::limits::{self, within};
use super::site::{CachedHead, Site};
use super::storage::{self, Storage};
use super::time;
use crate::format::container::FormatError;
use crate::format::head::{self, Head};
use crate::format::trust::Trust;
use crate::format::witness::{SeenByWitness, WitnessStatement};
use crate::key::Key;
use crate::key_search::KeySearch;
use crate::lookup::{Cancelled, FileRequest, FoundHead, Observer, PersistentSource, Problem, Source};
use crate::mirrors::{Millis, Mirrors};
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How many mirrors are asked for the head at a time, unless witnesses do not confirm it.
const OPINIONS: usize = 2;
/// The maximum time for which a late head is awaited in the background.
const MAX_LATE_HEAD_MS: u64 = 8_000;
/// Seconds by which a witness's clock may be ahead of this device's.
const CLOCKS_DIFFER: u64 = 300;
/// Work pauses after this long, for the event loop.
const MAX_WORK_MS: Millis = 12;

/// The mirrors of a page. No other address is ever asked.
pub(super) struct Web {
    site: Rc<Site>,
    opinions: Cell<usize>,
    /// The page's function that derives the keys of a search, if any.
    derive: Option<Function>,
    /// When work last paused.
    paused: Cell<Millis>,
}

impl Web {
    /// `bases` are absolute addresses that end in a slash.
    pub(super) fn new(bases: Vec<String>, trust: Trust, line: (Option<u64>, Option<u64>), derive: Option<Function>) -> Self {
        let head_key = format!("{}?{}", head::HEAD_PATH, trust.id());
        let mut mirrors = Mirrors::new(bases.len());
        mirrors.seed_estimates(line.0, line.1);
        let site = Rc::new(Site {
            bases,
            trust,
            head_key,
            mirrors: RefCell::new(mirrors),
            storage: Storage::default(),
            newest: RefCell::default(),
            problems: RefCell::default(),
            home: RefCell::default(),
            clock_error: Cell::default(),
            forgotten: Cell::default(),
        });
        Self { site, opinions: Cell::new(OPINIONS), derive, paused: Cell::default() }
    }

    /// From now on asks all mirrors for the head.
    pub(super) fn ask_all(&self) {
        self.opinions.set(self.site.bases.len().max(OPINIONS));
    }

    /// Which head a witness saw, compared with the newest one here, and how many seconds ago.
    pub(super) fn witnessed(&self, said: &WitnessStatement) -> Option<(SeenByWitness, u32)> {
        let newest = self.site.newest.borrow();
        let seen = said.compared_with(&newest.as_ref()?.head)?;
        // One from the future, by a witness whose clock was wrong, could be shown as new for as long as a mirror likes.
        let age = self.site.now().saturating_add(CLOCKS_DIFFER).checked_sub(said.time)?.saturating_sub(CLOCKS_DIFFER);
        Some((seen, u32::try_from(age).unwrap_or(u32::MAX)))
    }
}

impl Source for Web {
    async fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let (site, files, forgotten) = (&self.site, self.site.files(), self.site.forgotten.get());
        let kept = async || site.storage.get(&files, wanted.path).await.filter(|bytes| check(bytes).is_ok());
        if let Some(bytes) = kept().await {
            return Ok(bytes);
        }
        // All files of the voter's own district are requested from one mirror while it is healthy, so that the others do not learn
        // the district. Files of another district, to which a voter moved, are requested from one of the others.
        let home = site.home.borrow().clone();
        let is_home =
            wanted.apart_from.is_none() && ["p/", "d/", "t/", "s/"].iter().any(|folder| wanted.path.starts_with(folder));
        let race = if wanted.apart_from.is_some() {
            site.race(wanted.length, &home)
        } else {
            let first = home.last().copied().filter(|_| is_home);
            site.race(wanted.length, &[]).beginning_with(&site.mirrors.borrow(), first, time::now())
        };
        let mut download = Download::new(site, wanted.path, wanted.length, race);
        let mut given = None;
        let bytes = loop {
            match download.next(None).await {
                Event::Received(mirror, bytes) => match check(&bytes) {
                    Ok(()) => {
                        download.accept(mirror);
                        given = Some(mirror);
                        break Some(bytes);
                    }
                    Err(error) => download.refuse(mirror, &error),
                },
                Event::Over | Event::TimedOut => break None,
            }
        };
        if is_home {
            let mut home = site.home.borrow_mut();
            for mirror in download.asked().into_iter().chain(given) {
                home.retain(|other| *other != mirror);
                home.push(mirror);
            }
        }
        let problems = download.problems();
        drop(download);
        let Some(bytes) = bytes else {
            let late = if site.storage.insist() { kept().await } else { None };
            return late.ok_or(problems);
        };
        site.note(problems);
        site.keep(&files, wanted.path, &bytes, forgotten);
        Ok(bytes)
    }

    async fn derive(&self, search: &KeySearch, observer: &dyn Observer) -> Result<Option<Vec<Key>>, Cancelled> {
        match &self.derive {
            Some(derive) => self.derive_by(derive, search, observer).await,
            None => Ok(None),
        }
    }

    async fn pause(&self) {
        if time::now() > self.paused.get() + MAX_WORK_MS {
            time::pause().await;
            self.paused.set(time::now());
        }
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        let (site, forgotten) = (&self.site, self.site.forgotten.get());
        let kept = site.newest().await.filter(|kept| check(&kept.bytes).is_ok() && kept.head.expires >= site.now());
        let mut download = Download::new(
            site,
            head::HEAD_PATH,
            head::MAX_HEAD_LEN,
            site.race(head::MAX_HEAD_LEN, &[]).of_opinions(self.opinions.get()),
        );
        // Where a head is cached, it is used as soon as the mirrors are silent for too long.
        let until = kept.as_ref().map(|_| time::now() + site.mirrors.borrow().patience());
        let mut best: Option<CachedHead> = None;
        let (mut is_given, mut answers) = (false, Vec::new());
        while let Event::Received(mirror, bytes) = download.next(until.filter(|_| best.is_none())).await {
            if let Err(error) = check(&bytes) {
                download.refuse(mirror, &error);
                continue;
            }
            download.accept(mirror);
            let Ok((received, is_this)) = site.record_head(mirror, bytes, forgotten).await else { continue };
            if is_this {
                is_given = true;
                answers.push((mirror, received.head.clone()));
            }
            if best.as_ref().is_none_or(|best| received.head.is_newer_than(&best.head)) {
                best = Some(received);
            }
        }
        let (problems, asked) = (download.problems(), download.asked());
        // Where the page's own origin was not asked for the head, or did not answer, it is asked for the time. That is waited for
        // only where the device's clock would make the data outdated, or is before the signing.
        let newest = best.as_ref().or(kept.as_ref()).map(|kept| kept.head.signed_at..=kept.head.expires);
        let is_unknown = site.clock_error.get().is_none();
        let is_doubtful = is_unknown && newest.is_some_and(|times| !times.contains(&time::seconds()));
        let own = site.own_mirror().filter(|own| is_unknown || !asked.contains(own));
        let request = own.map(|own| (own, download.request(own, None)));
        let mut late = download.into_running();
        if let Some((own, mut request)) = request
            && within(if is_doubtful { limits::CLOCK_MS } else { 0 }, &mut request).await.is_none()
        {
            late.push((own, request));
        }
        record_late_heads(site, late, forgotten);
        if let Some(best) = best {
            site.note(problems);
            for (mirror, _) in answers.into_iter().filter(|(_, head)| best.head.is_newer_than(head)) {
                site.note_older(mirror);
            }
            return Ok(FoundHead { bytes: best.bytes, kept_since: (!is_given).then_some(best.given) });
        }
        // An expired head at least shows that the data is outdated.
        site.storage.insist();
        let kept = kept.or(site.newest().await.filter(|kept| check(&kept.bytes).is_ok()));
        let Some(kept) = kept else { return Err(problems) };
        site.note(problems);
        Ok(FoundHead { bytes: kept.bytes, kept_since: Some(kept.given) })
    }

    fn highest_serial(&self) -> u64 {
        self.site.newest.borrow().as_ref().map(|kept| kept.head.serial).unwrap_or_default()
    }

    fn settle(&self, is_current: Box<dyn Fn(&str) -> bool>) {
        let site = self.site.clone();
        spawn_local(async move { sweep(&site, &*is_current).await });
    }

    fn problems(&self) -> Vec<Problem> {
        self.site.problems.borrow().clone()
    }

    fn now(&self) -> u64 {
        self.site.now()
    }

    fn clock_error(&self) -> Option<i32> {
        self.site.clock_error()
    }

    fn name(&self) -> String {
        self.site.base(0).to_owned()
    }
}

/// Deletes what belongs to earlier builds.
async fn sweep(site: &Site, is_current: &dyn Fn(&str) -> bool) {
    let (storage, files) = (&site.storage, site.files());
    for path in storage.paths(&files).await {
        if !is_current(&path) {
            storage.delete(&files, &path).await;
        }
    }
    // Delete the caches of elections that are over and of earlier versions.
    let mut alive = vec![files, storage::HEADS.to_owned()];
    for key in storage.paths(storage::HEADS).await {
        let kept = storage.get(storage::HEADS, &key).await;
        let head = kept.as_deref().and_then(|kept| Head::read_unverified(kept.split_first_chunk::<8>()?.1).ok());
        match head {
            Some((head, _)) if head.expires >= site.now() => alive.push(format!("{}{}", storage::FILES, head.election)),
            _ if key == site.head_key => {}
            _ => drop(storage.delete(storage::HEADS, &key).await),
        }
    }
    for name in storage.names().await.unwrap_or_default() {
        if !alive.contains(&name) {
            storage.drop_cache(&name).await;
        }
    }
}

/// Waits in the background for heads that are late, because a newer one still counts.
fn record_late_heads(site: &Rc<Site>, late: Vec<(usize, Transfer)>, forgotten: u32) {
    for (mirror, mut transfer) in late {
        let site = site.clone();
        spawn_local(async move {
            if let Some(Ok(bytes)) = within(MAX_LATE_HEAD_MS, &mut transfer).await
                && site.record_head(mirror, bytes, forgotten).await.is_ok()
            {
                site.mirrors.borrow_mut().answered(mirror);
            }
        });
    }
}

/// The cache key of a saved regency's record, before the regency's code.
const SAVED: &str = "saved/";

impl PersistentSource for Web {
    async fn has(&self, path: &str, check: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> bool {
        self.site.storage.get(&self.site.files(), path).await.is_some_and(|bytes| check(&bytes).is_ok())
    }

    async fn drop_file(&self, path: &str) {
        self.site.storage.delete(&self.site.files(), path).await;
    }

    async fn mark(&self, regency: &str, paths: Option<&str>) -> bool {
        let (files, path) = (self.site.files(), format!("{SAVED}{regency}"));
        let Some(paths) = paths else { return self.site.storage.delete(&files, &path).await.is_some() };
        self.site.keep(&files, &path, paths.as_bytes(), self.site.forgotten.get());
        self.site.storage.settled().await
    }

    async fn marked(&self) -> Vec<(String, String)> {
        // The election is known once a head has been read.
        self.site.newest().await;
        let files = self.site.files();
        let mut marked = Vec::new();
        for path in self.site.storage.paths(&files).await {
            let Some(code) = path.strip_prefix(SAVED) else { continue };
            let paths = self.site.storage.get(&files, &path).await.and_then(|paths| String::from_utf8(paths).ok());
            marked.push((code.to_owned(), paths.unwrap_or_default()));
        }
        marked
    }

    async fn forget(&self) -> bool {
        let storage = &self.site.storage;
        self.site.forgotten.set(self.site.forgotten.get() + 1);
        self.site.newest.take();
        let Some(names) = storage.names().await else { return !Storage::is_there() };
        let mut is_gone = true;
        for name in names {
            is_gone &= storage.drop_cache(&name).await.is_some();
        }
        is_gone
    }
}
