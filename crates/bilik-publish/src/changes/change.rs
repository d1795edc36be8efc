//! What can change.

use crate::input::StationRow;
use crate::roll::Voter;
use serde::Serialize;

/// A number of the earlier folder and of that of now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BeforeAndNow {
    /// In the earlier folder.
    pub before: u64,
    /// Now.
    pub now: u64,
}

/// What became of a station.
#[derive(Clone, Copy, Debug)]
pub(super) enum ChangedStation<'a> {
    /// Its id is new.
    Added(&'a StationRow),
    /// Its id is gone.
    Gone(&'a StationRow),
    /// The same id has another village, number, venue, address or place.
    Moved(&'a StationRow, &'a StationRow),
}

/// What became of a voter.
#[derive(Clone, Copy, Debug)]
pub(super) enum VoterChange<'a> {
    /// Only now.
    Added(&'a Voter),
    /// Only before.
    Gone(&'a Voter),
    /// Before and now, at another station.
    Moved(&'a Voter, &'a Voter),
}
