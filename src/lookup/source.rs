//! Where files come from: the caller of the lookup implements it.

use super::observer::{Cancelled, Observer};
use super::problem::Problem;
use crate::format::container::FormatError;
use crate::key::Key;
use crate::key_search::KeySearch;
use std::future::Future;

/// A request for an immutable file.
#[derive(Clone, Copy, Debug)]
pub struct FileRequest<'a> {
    /// Its path relative to the site.
    pub path: &'a str,
    /// Its length in bytes: reading stops past it.
    pub length: u32,
    /// The path of another file that should come from another mirror, where there are several. One mirror that sees both
    /// requests would learn more than two that see one each.
    pub apart_from: Option<&'a str>,
}

/// The error in seconds up to which a device's clock counts as right.
const MAX_CLOCK_ERROR: u32 = 120;

/// Whether a clock that is ahead by this many seconds is too far off to tell a voter anything.
pub(super) fn is_wrong(clock_error: i32) -> bool {
    clock_error.unsigned_abs() > MAX_CLOCK_ERROR
}

/// Corrects a device's time, in seconds since 1970, where its clock is known to be wrong.
pub(crate) fn corrected(device: u64, clock_error: Option<i32>) -> u64 {
    clock_error.filter(|error| is_wrong(*error)).map_or(device, |error| device.saturating_add_signed(-i64::from(error)))
}

/// A head that passed its check.
#[derive(Clone, Debug)]
pub struct FoundHead {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// When a mirror last gave this head, in seconds since 1970 by the device's clock, if no mirror could be asked now.
    pub kept_since: Option<u64>,
}

/// Where files come from: mirrors in the browser, a folder or an address in the terminal.
///
/// A source returns only bytes that pass `check`, trying one mirror after another. It decodes nothing. [`Lookup`](super::Lookup)
/// has an example.
pub trait Source {
    /// Fetches a file.
    ///
    /// # Errors
    /// What went wrong with each mirror.
    fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> impl Future<Output = Result<Vec<u8>, Vec<Problem>>>;

    /// Fetches the newest reachable head, of at most [`MAX_HEAD_LEN`](crate::format::MAX_HEAD_LEN) bytes. Several mirrors are
    /// asked, and the head for which `check` returns the highest number wins.
    ///
    /// # Errors
    /// What went wrong with each mirror.
    fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> impl Future<Output = Result<FoundHead, Vec<Problem>>>;

    /// The highest serial of any head that was verified, including one that came too late for [`Source::head`].
    fn highest_serial(&self) -> u64 {
        0
    }

    /// Called when a head has come that leads to other files. Paths for which `is_current` returns false belong to earlier
    /// builds and can be dropped from a cache.
    fn settle(&self, is_current: Box<dyn Fn(&str) -> bool>) {
        drop(is_current);
    }

    /// What was rejected, late or unreachable so far although another mirror answered.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// Derives all keys of a search, in the order of their indices, on several cores; `None` where the source does not do that,
    /// so that the lookup derives them itself.
    fn derive(&self, search: &KeySearch, observer: &dyn Observer) -> impl Future<Output = Result<Option<Vec<Key>>, Cancelled>> {
        let _ = (search, observer);
        async { Ok(None) }
    }

    /// Lets other work of this thread go on: called before each key that the lookup derives itself.
    fn pause(&self) -> impl Future<Output = ()> {
        async {}
    }

    /// The current time in seconds since 1970, as exactly as the source knows it.
    fn now(&self) -> u64;

    /// By how many seconds the device's clock is ahead of the right time; `None` where nothing else tells the time.
    fn clock_error(&self) -> Option<i32> {
        None
    }

    /// The name of the source in messages.
    fn name(&self) -> String;
}
