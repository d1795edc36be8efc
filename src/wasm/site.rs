//! The state of a page's mirrors: their health, the newest head that any of them gave, and what went wrong.

use super::storage::{self, Storage};
use super::time;
use super::values::Global;
use crate::format::container::FormatError;
use crate::format::head::{self, Head};
use crate::format::trust::Trust;
use crate::lookup::{Problem, corrected};
use crate::mirrors::{Mirrors, Race};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The maximum number of problems that are kept for the diagnostics.
const MAX_PROBLEMS: usize = 12;

/// The state of a site's mirrors.
pub(super) struct Site {
    /// Base addresses of the mirrors, each ending in a slash.
    pub(super) bases: Vec<String>,
    pub(super) trust: Trust,
    /// The cache key of the head. Pages that trust other keys, or want another election, have another one.
    pub(super) head_key: String,
    pub(super) mirrors: RefCell<Mirrors>,
    pub(super) storage: Storage,
    /// The newest head that was verified on this device.
    pub(super) newest: RefCell<Option<CachedHead>>,
    pub(super) problems: RefCell<Vec<Problem>>,
    /// The mirrors that were asked for files of the voter's own district; the one that delivered last is at the end.
    pub(super) home: RefCell<Vec<usize>>,
    pub(super) clock_error: time::ClockError,
    /// Incremented when everything is forgotten, so that files of earlier requests are not cached.
    pub(super) forgotten: Cell<u32>,
}

/// A verified head, and when a mirror last gave it.
#[derive(Clone)]
pub(super) struct CachedHead {
    pub(super) head: Head,
    pub(super) bytes: Vec<u8>,
    /// Seconds since 1970, by the device's clock.
    pub(super) given: u64,
}

impl Site {
    pub(super) fn base(&self, mirror: usize) -> &str {
        self.bases.get(mirror).map(String::as_str).unwrap_or_default()
    }

    /// The mirror of the page's own origin, if any: the only one that is believed about the time.
    pub(super) fn own_mirror(&self) -> Option<usize> {
        let origin = Global::origin().as_string()?;
        self.bases.iter().position(|base| base.strip_prefix(&origin).is_some_and(|path| path.starts_with('/')))
    }

    /// By how many seconds the device's clock is ahead, where the page's own origin has told the time. A time before the newest
    /// head was signed comes from a clock that is wrong itself, or from a cache.
    pub(super) fn clock_error(&self) -> Option<i32> {
        let signed_at = self.newest.borrow().as_ref().map(|kept| kept.head.signed_at).unwrap_or_default();
        let device = time::seconds();
        let is_possible = |error: &i32| device < signed_at || corrected(device, Some(*error)) >= signed_at;
        self.clock_error.get().filter(is_possible)
    }

    /// Seconds since 1970: by the device's clock, unless the page's own origin says that it is wrong.
    pub(super) fn now(&self) -> u64 {
        corrected(time::seconds(), self.clock_error())
    }

    pub(super) fn note(&self, problems: Vec<Problem>) {
        let mut known = self.problems.borrow_mut();
        for problem in problems {
            known.retain(|other| *other != problem);
            if known.len() >= MAX_PROBLEMS {
                known.remove(0);
            }
            known.push(problem);
        }
    }

    pub(super) fn note_older(&self, mirror: usize) {
        let error = FormatError::Invalid("older than a head that was seen before");
        self.note(vec![Problem::refused(self.base(mirror), head::HEAD_PATH, &error)]);
    }

    pub(super) fn race(&self, length: u32, last: &[usize]) -> Race {
        Race::new(&self.mirrors.borrow(), length, last, time::now(), &mut time::random)
    }

    /// The newest verified head on this device.
    pub(super) async fn newest(&self) -> Option<CachedHead> {
        let read = |kept: Vec<u8>| {
            let (given, bytes) = kept.split_first_chunk()?;
            let head = Head::read(bytes, &self.trust).ok()?;
            Some(CachedHead { head, bytes: bytes.to_vec(), given: u64::from_le_bytes(*given) })
        };
        // Another tab may have seen a newer head, and storage may have lost this one. Heads under other cache keys count too, if
        // the trusted keys signed them: the page may have trusted other keys on an earlier visit.
        for path in self.storage.paths(storage::HEADS).await {
            let kept = self.storage.get(storage::HEADS, &path).await.and_then(read);
            let mut newest = self.newest.borrow_mut();
            if kept.as_ref().is_some_and(|kept| newest.as_ref().is_none_or(|newest| kept.head.is_newer_than(&newest.head))) {
                *newest = kept;
            }
        }
        self.newest.borrow().clone()
    }

    /// Records a head that a mirror gave, unless a newer one is known. Returns the head that counts, and whether it is the given
    /// one. It is kept unless everything was `forgotten` since it was asked for.
    ///
    /// # Errors
    /// When the head does not verify.
    pub(super) async fn record_head(
        self: &Rc<Self>,
        mirror: usize,
        bytes: Vec<u8>,
        forgotten: u32,
    ) -> Result<(CachedHead, bool), FormatError> {
        let head = Head::read(&bytes, &self.trust)?;
        let received = CachedHead { head, bytes, given: time::seconds() };
        self.newest().await;
        // No await between this check and the change, because another answer may arrive meanwhile.
        let newer = self.newest.borrow().clone().filter(|newest| newest.head.is_newer_than(&received.head));
        if let Some(newer) = newer {
            self.note_older(mirror);
            return Ok((newer, false));
        }
        *self.newest.borrow_mut() = Some(received.clone());
        let kept = [&received.given.to_le_bytes(), received.bytes.as_slice()].concat();
        self.keep(storage::HEADS, &self.head_key, &kept, forgotten);
        Ok((received, true))
    }

    /// Keeps bytes on this device, unless everything was forgotten since `forgotten` was read. Nothing waits for it.
    pub(super) fn keep(self: &Rc<Self>, cache: &str, path: &str, bytes: &[u8], forgotten: u32) {
        let site = self.clone();
        self.storage.put(cache, path, bytes, move || site.forgotten.get() == forgotten);
    }

    pub(super) fn files(&self) -> String {
        let election = self.newest.borrow().as_ref().map(|kept| kept.head.election.clone());
        format!("{}{}", storage::FILES, election.unwrap_or_default())
    }
}
