//! Single-flight: concurrent requests for one digest share a fetch.

use crate::format::container::Digest;
use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// The fetches in flight, and who waits for each.
#[derive(Default)]
pub(super) struct SingleFlight(RefCell<Vec<(Digest, Vec<Waker>)>>);

/// Marks one digest as in flight until it is dropped.
pub(super) struct FlightGuard<'a> {
    flights: &'a SingleFlight,
    digest: Digest,
}

impl SingleFlight {
    /// Waits until no other request for this digest is in flight.
    pub async fn take(&self, digest: Digest) -> FlightGuard<'_> {
        poll_fn(|context| {
            let mut flights = self.0.borrow_mut();
            if let Some((_, waiting)) = flights.iter_mut().find(|(other, _)| *other == digest) {
                waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            flights.push((digest, Vec::new()));
            Poll::Ready(FlightGuard { flights: self, digest })
        })
        .await
    }
}

impl Drop for FlightGuard<'_> {
    fn drop(&mut self) {
        let mut flights = self.flights.0.borrow_mut();
        let at = flights.iter().position(|(digest, _)| *digest == self.digest);
        let waiting = at.map(|at| flights.swap_remove(at).1);
        drop(flights);
        for waker in waiting.unwrap_or_default() {
            waker.wake();
        }
    }
}
