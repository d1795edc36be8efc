//! Progress and cancellation: the caller passes in an observer, and nothing is global to the process.

/// How far a lookup has come, or the saving of a regency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// `files`, `derive` or `save`.
    pub step: &'static str,
    /// Derivations done, or bytes saved.
    pub done: u32,
    /// The maximum number of derivations, or the number of bytes to save.
    pub of: u32,
}

/// The caller cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cancelled by the caller")
    }
}

impl std::error::Error for Cancelled {}

/// Observes progress, and may cancel. `()` observes nothing and never cancels.
pub trait Observer {
    /// Called before files are fetched and before each derivation.
    ///
    /// # Errors
    /// [`Cancelled`] ends the lookup.
    fn step(&self, progress: Progress) -> Result<(), Cancelled>;
}

impl Observer for () {
    fn step(&self, _: Progress) -> Result<(), Cancelled> {
        Ok(())
    }
}
