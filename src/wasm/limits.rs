//! How long the module waits for the browser, and what takes the place of an answer. `www/limits.js` is the same for the page.
//!
//! | what | limit | instead |
//! |---|---|---|
//! | a read or a deletion in the Cache API | [`STORAGE_MS`] | the mirrors |
//! | the same, where no mirror delivers | [`LAST_STORAGE_MS`] | an outcome that names the file |
//! | writing to the Cache API | nothing waits for it; saving a regency does, [`WRITES_MS`] | it counts as not saved |
//! | the time of the page's own origin, where the device's is doubtful | [`CLOCK_MS`] | the device's clock, as unconfirmed |
//! | a fetch | the policy's ([`crate::mirrors::Race`]) | another mirror, then an outcome that names the file |
//!
//! All other promises that the module waits for are its own timers.

use super::time::{self, Sleep};
use crate::mirrors::Millis;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// A call of the Cache API.
pub(super) const STORAGE_MS: Millis = 1_000;
/// The same where there is no other source: a cheap phone's storage may take seconds.
pub(super) const LAST_STORAGE_MS: Millis = 4_000;
/// All files of a regency are written.
pub(super) const WRITES_MS: Millis = 10_000;
/// The page's own origin tells the time.
pub(super) const CLOCK_MS: Millis = 2_000;

/// A future's output, unless it takes longer.
pub(super) async fn within<F: Future + Unpin>(milliseconds: Millis, mut future: F) -> Option<F::Output> {
    let mut limit = Sleep::until(time::now() + milliseconds);
    poll_fn(|context| match Pin::new(&mut future).poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Pin::new(&mut limit).poll(context).map(|()| None),
    })
    .await
}
