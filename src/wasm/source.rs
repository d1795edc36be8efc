//! The lookup's source of files: the cache first, then mirrors as the policy says.

use super::cache;
use super::download::{Download, Event};
use super::site::{Kept, Site};
use super::time::{self, Sleep};
use crate::format::container::FormatError;
use crate::format::head::{self, Head};
use crate::format::trust::Trust;
use crate::lookup::{FileRequest, FoundHead, PersistentSource, Problem, Source};
use crate::mirrors::Mirrors;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How many mirrors are asked for the head at once.
const OPINIONS: usize = 2;
/// A head that comes later than this is not waited for even in the background.
const LATEST_HEAD_MS: u64 = 8_000;

/// The mirrors that a page names, and only those.
pub(super) struct Web(Rc<Site>);

impl Web {
    /// `bases` are absolute addresses that end in a slash.
    pub(super) fn new(bases: Vec<String>, trust: Trust, line: (Option<u64>, Option<u64>)) -> Self {
        let head_key = format!("{}?{}", head::HEAD_PATH, trust.id());
        let mut mirrors = Mirrors::new(bases.len());
        mirrors.seed_estimates(line.0, line.1);
        Self(Rc::new(Site {
            bases,
            trust,
            head_key,
            mirrors: RefCell::new(mirrors),
            newest: RefCell::default(),
            problems: RefCell::default(),
            home: RefCell::default(),
            forgotten: Cell::default(),
        }))
    }
}

impl Source for Web {
    async fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let (site, files) = (&self.0, self.0.files());
        if let Some(bytes) = cache::get(&files, wanted.path).await.filter(|bytes| check(bytes).is_ok()) {
            return Ok(bytes);
        }
        // The files of one's own district come from one mirror, as far as it is well: it then knows no more than that
        // district, and the others do not even know that. What says where somebody went comes from one of those.
        let home = site.home.borrow().clone();
        let is_home = wanted.apart_from.is_none() && ["d/", "t/", "s/"].iter().any(|folder| wanted.path.starts_with(folder));
        let race = if wanted.apart_from.is_some() {
            site.race(wanted.length, &home)
        } else {
            let first = home.last().copied().filter(|_| is_home);
            site.race(wanted.length, &[]).beginning_with(&site.mirrors.borrow(), first, time::now())
        };
        let forgotten = site.forgotten.get();
        let mut download = Download::new(site, wanted.path, wanted.length, race);
        let mut given = None;
        let bytes = loop {
            match download.next(None).await {
                Event::Came(mirror, bytes) => match check(&bytes) {
                    Ok(()) => {
                        download.accept(mirror);
                        given = Some(mirror);
                        break Some(bytes);
                    }
                    Err(refusal) => download.refuse(mirror, &refusal),
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
        let Some(bytes) = bytes else { return Err(problems) };
        site.note(problems);
        if site.forgotten.get() == forgotten {
            cache::put(&files, wanted.path, &bytes).await;
        }
        Ok(bytes)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        let site = &self.0;
        let kept = site.newest().await.filter(|kept| check(&kept.bytes).is_ok() && kept.head.expires >= time::seconds());
        let mut download =
            Download::new(site, head::HEAD_PATH, head::MAX_HEAD_LEN, site.race(head::MAX_HEAD_LEN, &[]).of_opinions(OPINIONS));
        // Who has answered before is answered from what is kept when the mirrors are silent.
        let until = kept.as_ref().map(|_| time::now() + site.mirrors.borrow().patience());
        let mut best: Option<Kept> = None;
        let (mut is_given, mut answers) = (false, Vec::new());
        while let Event::Came(mirror, bytes) = download.next(until.filter(|_| best.is_none())).await {
            if let Err(refusal) = check(&bytes) {
                download.refuse(mirror, &refusal);
                continue;
            }
            download.accept(mirror);
            let Ok((received, is_this)) = site.record_head(mirror, bytes).await else { continue };
            if is_this {
                is_given = true;
                answers.push((mirror, received.head.clone()));
            }
            if best.as_ref().is_none_or(|best| received.head.is_newer_than(&best.head)) {
                best = Some(received);
            }
        }
        let problems = download.problems();
        record_late_heads(site, download);
        if let Some(best) = best {
            site.note(problems);
            for (mirror, _) in answers.into_iter().filter(|(_, head)| best.head.is_newer_than(head)) {
                site.note_older(mirror);
            }
            return Ok(FoundHead { bytes: best.bytes, kept_since: (!is_given).then_some(best.given) });
        }
        // An expired one says at least that the data is old.
        let kept = kept.or(site.newest().await.filter(|kept| check(&kept.bytes).is_ok()));
        let Some(kept) = kept else { return Err(problems) };
        site.note(problems);
        Ok(FoundHead { bytes: kept.bytes, kept_since: Some(kept.given) })
    }

    fn highest_serial(&self) -> u64 {
        self.0.newest.borrow().as_ref().map(|kept| kept.head.serial).unwrap_or_default()
    }

    async fn settle(&self, is_current: &dyn Fn(&str) -> bool) {
        let files = self.0.files();
        for path in cache::paths(&files).await {
            if !is_current(&path) {
                cache::delete(&files, &path).await;
            }
        }
        // Elections that are over, and what an earlier version kept.
        let mut alive = vec![files, cache::HEADS.to_owned()];
        for key in cache::paths(cache::HEADS).await {
            let kept = cache::get(cache::HEADS, &key).await;
            let head = kept.as_deref().and_then(|kept| Head::read_unverified(kept.split_first_chunk::<8>()?.1).ok());
            match head {
                Some((head, _)) if head.expires >= time::seconds() => alive.push(format!("{}{}", cache::FILES, head.election)),
                _ if key == self.0.head_key => {}
                _ => drop(cache::delete(cache::HEADS, &key).await),
            }
        }
        for name in cache::names().await {
            if !alive.contains(&name) {
                cache::drop_cache(&name).await;
            }
        }
    }

    fn problems(&self) -> Vec<Problem> {
        self.0.problems.borrow().clone()
    }

    fn now(&self) -> u64 {
        time::seconds()
    }

    fn name(&self) -> String {
        self.0.base(0).to_owned()
    }
}

/// Waits in the background for the mirrors that were too late with the head: a newer one counts all the same.
fn record_late_heads(site: &Rc<Site>, download: Download) {
    for (mirror, transfer) in download.leave() {
        let site = site.clone();
        spawn_local(async move {
            let (mut transfer, mut limit) = (transfer, pin!(Sleep::until(time::now() + LATEST_HEAD_MS)));
            let came = poll_fn(|context| {
                let came = transfer.as_mut().poll(context).map(Result::ok);
                if came.is_pending() { limit.as_mut().poll(context).map(|()| None) } else { came }
            });
            if let Some(bytes) = came.await
                && site.record_head(mirror, bytes).await.is_ok()
            {
                site.mirrors.borrow_mut().answered(mirror);
            }
        });
    }
}

/// Under what a saved regency is noted, with the paths of its files.
const SAVED: &str = "saved/";

impl PersistentSource for Web {
    async fn has(&self, path: &str, check: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> bool {
        cache::get(&self.0.files(), path).await.is_some_and(|bytes| check(&bytes).is_ok())
    }

    async fn drop_file(&self, path: &str) {
        cache::delete(&self.0.files(), path).await;
    }

    async fn mark(&self, regency: &str, paths: Option<&str>) {
        let (files, path) = (self.0.files(), format!("{SAVED}{regency}"));
        match paths {
            Some(paths) => cache::put(&files, &path, paths.as_bytes()).await,
            None => cache::delete(&files, &path).await,
        };
    }

    async fn marked(&self) -> Vec<(String, String)> {
        // The election is known once a head is.
        self.0.newest().await;
        let files = self.0.files();
        let mut marked = Vec::new();
        for path in cache::paths(&files).await {
            let Some(code) = path.strip_prefix(SAVED) else { continue };
            let paths = cache::get(&files, &path).await.and_then(|paths| String::from_utf8(paths).ok());
            marked.push((code.to_owned(), paths.unwrap_or_default()));
        }
        marked
    }

    async fn forget(&self) {
        self.0.forgotten.set(self.0.forgotten.get() + 1);
        self.0.newest.take();
        for name in cache::names().await {
            cache::drop_cache(&name).await;
        }
    }
}
