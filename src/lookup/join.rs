//! Several futures at a time, until one fails.

use super::observer::Cancelled;
use super::outcome::Outcome;
use super::problem::Unavailable;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Why a lookup stopped early.
pub(super) enum Stop {
    /// There is an outcome already.
    Answer(Box<Outcome>),
    /// The caller cancelled.
    Cancelled,
}

impl From<Unavailable> for Stop {
    fn from(unavailable: Unavailable) -> Self {
        Self::Answer(Box::new(unavailable.into()))
    }
}

impl From<Cancelled> for Stop {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// A step of a lookup that runs beside others.
pub(super) type Task<'a> = Pin<Box<dyn Future<Output = Result<(), Stop>> + 'a>>;

/// Runs tasks concurrently until one fails or all have ended. Each is polled at every wake-up, which suits a few.
pub(super) async fn try_join_all(mut tasks: Vec<Task<'_>>) -> Result<(), Stop> {
    poll_fn(|context| {
        let mut failed = None;
        tasks.retain_mut(|task| match task.as_mut().poll(context) {
            Poll::Ready(Ok(())) => false,
            Poll::Ready(Err(stop)) => {
                failed = Some(stop);
                false
            }
            Poll::Pending => true,
        });
        match failed {
            Some(stop) => Poll::Ready(Err(stop)),
            None if tasks.is_empty() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    })
    .await
}
