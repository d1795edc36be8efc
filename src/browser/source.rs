//! The lookup's source of files: the cache first, then mirrors as the policy says.

use super::asking::{Asking, Event};
use super::cache;
use super::time::{self, Sleep};
use crate::file::Refusal;
use crate::head::{self, Head, Trust};
use crate::lookup::{FoundHead, Keep, Problem, Source, Wanted};
use crate::mirrors::{Mirrors, Race};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How many mirrors are asked for the head at once.
const OPINIONS: usize = 2;
/// A head that comes later than this is not waited for even in the background.
const LATEST_HEAD_MS: u64 = 8_000;
/// How many problems are remembered for the diagnostics.
const MOST_PROBLEMS: usize = 12;

/// The mirrors that a page names, and only those.
pub(super) struct Web(Rc<Site>);

/// What is known of a site.
pub(super) struct Site {
    bases: Vec<String>,
    trust: Trust,
    /// Under what the head is kept: pages that trust other keys, or want another election, keep their own.
    head_key: String,
    pub(super) mirrors: RefCell<Mirrors>,
    /// The newest head that was verified here, and when a mirror last gave it.
    newest: RefCell<Option<Kept>>,
    problems: RefCell<Vec<Problem>>,
    /// Whom the files of somebody's own district were asked of, the last one that gave one at the end.
    home: RefCell<Vec<usize>>,
    /// Rises when everything is forgotten: what was under way then is not kept.
    forgotten: Cell<u32>,
}

/// A head that was verified.
#[derive(Clone)]
struct Kept {
    head: Head,
    bytes: Vec<u8>,
    /// Seconds since 1970.
    given: u64,
}

impl Site {
    pub(super) fn base(&self, mirror: usize) -> &str {
        self.bases.get(mirror).map(String::as_str).unwrap_or_default()
    }

    fn note(&self, problems: Vec<Problem>) {
        let mut known = self.problems.borrow_mut();
        for problem in problems {
            known.retain(|other| *other != problem);
            if known.len() >= MOST_PROBLEMS {
                known.remove(0);
            }
            known.push(problem);
        }
    }

    fn note_older(&self, mirror: usize) {
        let why = Refusal::Nonsense("it is older than a head that was seen");
        self.note(vec![Problem::refused(self.base(mirror), head::PATH, &why)]);
    }

    fn race(&self, length: u32, last: &[usize]) -> Race {
        Race::new(&self.mirrors.borrow(), length, last, time::now(), &mut time::random)
    }

    /// The newest head that this device has seen.
    async fn newest(&self) -> Option<Kept> {
        let read = |kept: Vec<u8>| {
            let (given, bytes) = kept.split_first_chunk()?;
            let head = Head::read(bytes, &self.trust).ok()?;
            Some(Kept { head, bytes: bytes.to_vec(), given: u64::from_le_bytes(*given) })
        };
        // Another tab may have seen a newer one; and storage may have lost the one that is here. Those of other sets of keys
        // count, too: the page may have trusted others beside, or fewer, when it was here before.
        for path in cache::paths(cache::HEADS).await {
            let kept = cache::get(cache::HEADS, &path).await.and_then(read);
            let mut newest = self.newest.borrow_mut();
            if kept.as_ref().is_some_and(|kept| newest.as_ref().is_none_or(|newest| kept.head.is_newer_than(&newest.head))) {
                *newest = kept;
            }
        }
        self.newest.borrow().clone()
    }

    /// A mirror gave a head that verifies. It is kept unless a newer one is. Tells which one counts, and whether it is the
    /// one given.
    async fn meet(&self, mirror: usize, bytes: Vec<u8>) -> Result<(Kept, bool), Refusal> {
        let head = Head::read(&bytes, &self.trust)?;
        let met = Kept { head, bytes, given: time::seconds() };
        self.newest().await;
        // Nothing is awaited between this look and the change: another answer may be on its way.
        let newer = self.newest.borrow().clone().filter(|newest| newest.head.is_newer_than(&met.head));
        if let Some(newer) = newer {
            self.note_older(mirror);
            return Ok((newer, false));
        }
        *self.newest.borrow_mut() = Some(met.clone());
        cache::put(cache::HEADS, &self.head_key, &[&met.given.to_le_bytes(), met.bytes.as_slice()].concat()).await;
        Ok((met, true))
    }

    /// What comes of the mirrors that were too late for the head: a newer one counts all the same.
    fn listen_on(self: &Rc<Self>, asking: Asking) {
        for (mirror, transfer) in asking.leave() {
            let site = self.clone();
            spawn_local(async move {
                let (mut transfer, mut limit) = (transfer, pin!(Sleep::until(time::now() + LATEST_HEAD_MS)));
                let came = poll_fn(|context| {
                    let came = transfer.as_mut().poll(context).map(Result::ok);
                    if came.is_pending() { limit.as_mut().poll(context).map(|()| None) } else { came }
                });
                if let Some(bytes) = came.await
                    && site.meet(mirror, bytes).await.is_ok()
                {
                    site.mirrors.borrow_mut().answered(mirror);
                }
            });
        }
    }

    fn files(&self) -> String {
        let election = self.newest.borrow().as_ref().map(|kept| kept.head.election.clone());
        format!("{}{}", cache::FILES, election.unwrap_or_default())
    }
}

impl Web {
    /// `bases` are absolute addresses that end in a slash.
    pub(super) fn new(bases: Vec<String>, trust: Trust, line: (Option<u64>, Option<u64>)) -> Self {
        let head_key = format!("{}?{}", head::PATH, trust.id());
        let mut mirrors = Mirrors::new(bases.len());
        mirrors.know(line.0, line.1);
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
    async fn file(&self, wanted: Wanted<'_>, check: &dyn Fn(&[u8]) -> Result<(), Refusal>) -> Result<Vec<u8>, Vec<Problem>> {
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
        let mut asking = Asking::new(site, wanted.path, wanted.length, race);
        let mut given = None;
        let bytes = loop {
            match asking.next(None).await {
                Event::Came(mirror, bytes) => match check(&bytes) {
                    Ok(()) => {
                        asking.accept(mirror);
                        given = Some(mirror);
                        break Some(bytes);
                    }
                    Err(refusal) => asking.refuse(mirror, &refusal),
                },
                Event::Over | Event::Late => break None,
            }
        };
        if is_home {
            let mut home = site.home.borrow_mut();
            for mirror in asking.asked().into_iter().chain(given) {
                home.retain(|other| *other != mirror);
                home.push(mirror);
            }
        }
        let problems = asking.problems();
        drop(asking);
        let Some(bytes) = bytes else { return Err(problems) };
        site.note(problems);
        if site.forgotten.get() == forgotten {
            cache::put(&files, wanted.path, &bytes).await;
        }
        Ok(bytes)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, Refusal>) -> Result<FoundHead, Vec<Problem>> {
        let site = &self.0;
        let kept = site.newest().await.filter(|kept| check(&kept.bytes).is_ok() && kept.head.expires >= time::seconds());
        let mut asking = Asking::new(site, head::PATH, head::LONGEST, site.race(head::LONGEST, &[]).of_opinions(OPINIONS));
        // Who has answered before is answered from what is kept when the mirrors are silent.
        let until = kept.as_ref().map(|_| time::now() + site.mirrors.borrow().patience());
        let mut best: Option<Kept> = None;
        let (mut is_given, mut answers) = (false, Vec::new());
        while let Event::Came(mirror, bytes) = asking.next(until.filter(|_| best.is_none())).await {
            if let Err(refusal) = check(&bytes) {
                asking.refuse(mirror, &refusal);
                continue;
            }
            asking.accept(mirror);
            let Ok((met, is_this)) = site.meet(mirror, bytes).await else { continue };
            if is_this {
                is_given = true;
                answers.push((mirror, met.head.clone()));
            }
            if best.as_ref().is_none_or(|best| met.head.is_newer_than(&best.head)) {
                best = Some(met);
            }
        }
        let problems = asking.problems();
        site.listen_on(asking);
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

/// Under what a saved regency is noted, with the paths of its files.
const SAVED: &str = "saved/";

impl Keep for Web {
    async fn has(&self, path: &str, check: &dyn Fn(&[u8]) -> Result<(), Refusal>) -> bool {
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
