//! Why a table cannot be sealed.

use layered_ribbon::BuildError;
use std::fmt;

/// Why a table cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// More stations than a table can number.
    TooManyStations {
        /// What it can.
        max: u32,
        /// What the header says.
        got: u32,
    },
    /// The header's check bits are out of range.
    CheckBits {
        /// The least that readers accept.
        min: u8,
        /// The most that they accept.
        max: u8,
        /// What the header says.
        got: u8,
    },
    /// A value is not one of the stations that the header counts, or its stations are not two or three in rising order.
    ValueOutOfRange {
        /// Which entry, from 0.
        entry: usize,
    },
    /// Two entries have the same key.
    EqualKeys {
        /// The earlier entry, from 0.
        first: usize,
        /// The later one.
        second: usize,
    },
    /// No hashes were found with which every key opens what it should.
    Unsolvable {
        /// How many were tried.
        tries: u32,
    },
    /// A ribbon cannot be built, and other hashes would not help.
    Ribbon(BuildError),
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyStations { max, got } => write!(f, "too many stations: expected at most {max}, got {got}"),
            Self::CheckBits { min, max, got } => write!(f, "check bits out of range: expected {min} to {max}, got {got}"),
            Self::ValueOutOfRange { entry } => {
                write!(f, "value out of range: entry {entry} leads to a station that the table does not have")
            }
            Self::EqualKeys { first, second } => write!(f, "equal keys: entries {first} and {second}"),
            Self::Unsolvable { tries } => write!(f, "no solution after {tries} tries"),
            Self::Ribbon(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SealError {}
