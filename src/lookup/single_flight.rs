//! One at a time: two lookups that want the same file fetch it once. And the opposite, [`try_join_all`].

use super::{Fetched, Stop};
use crate::format::container::Digest;
use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Runs futures side by side until one has failed or all have ended. For a few: each is polled whenever one may go on.
pub(super) async fn try_join_all(mut running: Vec<Fetched<'_>>) -> Result<(), Stop> {
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
pub(super) struct SingleFlight(RefCell<Vec<(Digest, Vec<Waker>)>>);

/// Holds one file's turn until it is dropped.
pub(super) struct FlightGuard<'a> {
    flights: &'a SingleFlight,
    digest: Digest,
}

impl SingleFlight {
    /// Waits until nobody else has the turn for a file.
    pub async fn take(&self, digest: Digest) -> FlightGuard<'_> {
        poll_fn(|context| {
            let mut taken = self.0.borrow_mut();
            if let Some((_, waiting)) = taken.iter_mut().find(|(other, _)| *other == digest) {
                waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            taken.push((digest, Vec::new()));
            Poll::Ready(FlightGuard { flights: self, digest })
        })
        .await
    }
}

impl Drop for FlightGuard<'_> {
    fn drop(&mut self) {
        let mut taken = self.flights.0.borrow_mut();
        let at = taken.iter().position(|(digest, _)| *digest == self.digest);
        let waiting = at.map(|at| taken.swap_remove(at).1);
        drop(taken);
        waiting.into_iter().flatten().for_each(Waker::wake);
    }
}
