//! Progress of a long run.

/// Observes the progress of a long run. One phase follows the other.
pub trait Progress: Sync {
    /// A phase begins, with `total` units to do: bytes of a file, or voters.
    fn begin(&self, name: &str, total: u64);
    /// `by` more units are done.
    fn advance(&self, by: u64);
    /// The phase is over.
    fn end(&self);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}
