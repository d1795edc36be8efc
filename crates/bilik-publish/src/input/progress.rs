//! How far a long run has come, for whoever shows it.

/// Is told how far a long run has come. One phase follows the other.
pub trait Progress: Sync {
    /// A phase begins, with so much to do: bytes of a file, or voters.
    fn begin(&self, name: &str, total: u64);
    /// So much more of it is done.
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
