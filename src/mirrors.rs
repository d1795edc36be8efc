//! Which mirror to ask next, when to ask a second one beside it, and when to give up: a pure state machine.
//!
//! [`Mirrors`] remembers how each mirror behaved and what the line can carry; a [`Race`] fetches one file. The caller tells a
//! race what happened and carries out its [`Step`]s. Time and randomness are passed in, so that tests run on a simulated clock.
//!
//! Asking a second mirror while the first may still answer is a hedged request (Dean and Barroso, "The Tail at Scale", 2013). It
//! happens after a silence of [`Mirrors::patience`], or where a transfer has become far slower than the line is known to be. Two
//! transfers that both flow are compared for a moment, and then one of them is ended, so that a slow line carries hardly anything
//! twice: where the second transfer takes bandwidth from the first, the line is the limit. Several mirrors that are slow can look
//! like a slow line for some seconds; a long transfer is therefore compared with each mirror that has not answered yet. Each
//! mirror is asked for one file at most three times.

mod health;
mod race;
#[cfg(test)]
mod simulated;

pub use health::{Failure, Millis, Mirrors};
pub use race::{Race, Step};
