//! One at a time: two lookups that want the same file fetch it once. And the opposite, [`together`].

use super::{Fetched, Stop};
use crate::file::Digest;
use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Runs futures side by side until one has failed or all have ended. For a few: each is polled whenever one may go on.
pub(super) async fn together(mut running: Vec<Fetched<'_>>) -> Result<(), Stop> {
    poll_fn(|context| {
        let mut failed = None;
        running.retain_mut(|future| match future.as_mut().poll(context) {
            Poll::Ready(Ok(())) => false,
            Poll::Ready(Err(stop)) => {
                failed = Some(stop);
                false
            }
            Poll::Pending => true,
        });
        match failed {
            Some(stop) => Poll::Ready(Err(stop)),
            None if running.is_empty() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    })
    .await
}

/// What is being fetched, and who waits for it.
#[derive(Default)]
pub(super) struct Turns(RefCell<Vec<(Digest, Vec<Waker>)>>);

/// Holds one file's turn until it is dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    digest: Digest,
}

impl Turns {
    /// Waits until nobody else has the turn for a file.
    pub async fn take(&self, digest: Digest) -> Turn<'_> {
        poll_fn(|context| {
            let mut taken = self.0.borrow_mut();
            if let Some((_, waiting)) = taken.iter_mut().find(|(other, _)| *other == digest) {
                waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            taken.push((digest, Vec::new()));
            Poll::Ready(Turn { turns: self, digest })
        })
        .await
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut taken = self.turns.0.borrow_mut();
        let at = taken.iter().position(|(digest, _)| *digest == self.digest);
        let waiting = at.map(|at| taken.swap_remove(at).1);
        drop(taken);
        waiting.into_iter().flatten().for_each(Waker::wake);
    }
}
