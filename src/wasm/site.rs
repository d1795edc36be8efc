//! What is known of the mirrors that a page names: how they do, the newest head that any of them gave, and what went wrong.

use super::{cache, time};
use crate::format::container::FormatError;
use crate::format::head::{self, Head};
use crate::format::trust::Trust;
use crate::lookup::Problem;
use crate::mirrors::{Mirrors, Race};
use std::cell::{Cell, RefCell};

/// How many problems are remembered for the diagnostics.
const MAX_PROBLEMS: usize = 12;

/// What is known of a site.
pub(super) struct Site {
    pub(super) bases: Vec<String>,
    pub(super) trust: Trust,
    /// Under what the head is kept: pages that trust other keys, or want another election, keep their own.
    pub(super) head_key: String,
    pub(super) mirrors: RefCell<Mirrors>,
    /// The newest head that was verified here, and when a mirror last gave it.
    pub(super) newest: RefCell<Option<Kept>>,
    pub(super) problems: RefCell<Vec<Problem>>,
    /// Whom the files of somebody's own district were asked of, the last one that gave one at the end.
    pub(super) home: RefCell<Vec<usize>>,
    /// Rises when everything is forgotten: what was under way then is not kept.
    pub(super) forgotten: Cell<u32>,
}

/// A head that was verified.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) head: Head,
    pub(super) bytes: Vec<u8>,
    /// Seconds since 1970.
    pub(super) given: u64,
}

impl Site {
    pub(super) fn base(&self, mirror: usize) -> &str {
        self.bases.get(mirror).map(String::as_str).unwrap_or_default()
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
        let why = FormatError::Invalid("it is older than a head that was seen");
        self.note(vec![Problem::refused(self.base(mirror), head::HEAD_PATH, &why)]);
    }

    pub(super) fn race(&self, length: u32, last: &[usize]) -> Race {
        Race::new(&self.mirrors.borrow(), length, last, time::now(), &mut time::random)
    }

    /// The newest head that this device has seen.
    pub(super) async fn newest(&self) -> Option<Kept> {
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

    /// Records a head that a mirror gave, unless it does not verify or a newer one is known. Tells which one counts, and
    /// whether it is the one given.
    pub(super) async fn record_head(&self, mirror: usize, bytes: Vec<u8>) -> Result<(Kept, bool), FormatError> {
        let head = Head::read(&bytes, &self.trust)?;
        let received = Kept { head, bytes, given: time::seconds() };
        self.newest().await;
        // Nothing is awaited between this look and the change: another answer may be on its way.
        let newer = self.newest.borrow().clone().filter(|newest| newest.head.is_newer_than(&received.head));
        if let Some(newer) = newer {
            self.note_older(mirror);
            return Ok((newer, false));
        }
        *self.newest.borrow_mut() = Some(received.clone());
        cache::put(cache::HEADS, &self.head_key, &[&received.given.to_le_bytes(), received.bytes.as_slice()].concat()).await;
        Ok((received, true))
    }

    pub(super) fn files(&self) -> String {
        let election = self.newest.borrow().as_ref().map(|kept| kept.head.election.clone());
        format!("{}{}", cache::FILES, election.unwrap_or_default())
    }
}
