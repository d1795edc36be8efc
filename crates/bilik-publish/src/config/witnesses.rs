//! `witnesses` in `[site]`: outsiders who state which head they have seen, as the pages say it.

use bilik::format::PublicKey;

/// Outsiders who state which head they have seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnesses {
    /// How many of them must have seen the head lately.
    pub threshold: usize,
    /// How long ago that may be, in seconds.
    pub max_age: u64,
    /// Who they are: one at least.
    pub named: Vec<NamedWitness>,
}

/// A witness as the pages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedWitness {
    /// What people call it.
    pub name: String,
    /// The key that signs its statements.
    pub public_key: PublicKey,
}
