//! What became of the voters who were checked.

use super::key_count::TableFinding;
use super::sample::RollPart;
use bilik::Recipe;
use bilik::lookup::Problem;
use serde::Serialize;

/// How many wrong lines are listed.
const MAX_LISTED: usize = 100;

/// What was found. `Default` is nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VoterReport {
    /// The part of the roll.
    pub part: RollPart,
    /// Its voters: all that are not withheld or rejected.
    pub voters: u64,
    /// Of them, those for whom the site lacks a table or their station. Known of all, without a derivation.
    pub failed: u64,
    /// Voters drawn at random and asked by each of their keys.
    pub asked: u64,
    /// Of those asked, all of whose keys lead to the right station.
    pub right: u64,
    /// Of those asked, with a key by `full`.
    pub by_full: u64,
    /// Of those asked, with a key by `near`.
    pub by_near: u64,
    /// Of the right ones: shown two or three stations, one of them the right one.
    pub ambiguous: u64,
    /// Of those asked, also looked up by the code that runs in browsers.
    pub looked_up: u64,
    /// Of those looked up, shown the right station.
    pub looked_up_right: u64,
    /// Keys of all voters in the tables. Building derived each once.
    pub keys: u64,
    /// What asking derived, without the lookups.
    pub derivations: u64,
    /// How many tables have another number of keys than the roll.
    pub differing_tables: u64,
    /// The first of these tables.
    pub tables: Vec<TableFinding>,
    /// Tables that cannot be read.
    pub problems: Vec<Problem>,
    /// Lines of the roll whose voter is not led to the right station; the first 100.
    pub wrong_lines: Vec<WrongLine>,
}

/// A line of the roll whose voter is not led to the right station.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WrongLine {
    /// The file of the roll.
    pub file: String,
    /// The line in it.
    pub line: u64,
    /// What is wrong.
    pub reason: WrongReason,
}

/// Why a voter is not led to the right station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongReason {
    /// Nothing is left of the name.
    Name,
    /// The first six digits lead to no table.
    NoTable,
    /// A table that should hold the voter is missing or cannot be read.
    NoFile,
    /// The station is in no list that a table can lead to.
    NoStation,
    /// No key by `full` opens the station.
    ByFull,
    /// Some key by `near` does not open the station.
    ByNear,
    /// The keys are right, and a lookup shows something else.
    Lookup,
}

impl WrongReason {
    pub(super) fn by(recipe: Recipe) -> Self {
        match recipe {
            Recipe::Full => Self::ByFull,
            Recipe::Near => Self::ByNear,
        }
    }
}

impl std::fmt::Display for WrongReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&match self {
            Self::Name => tr::tr!("nothing is left of the name"),
            Self::NoTable => tr::tr!("the first six digits lead to no table"),
            Self::NoFile => tr::tr!("a table that should hold this voter is missing"),
            Self::NoStation => tr::tr!("the station is not in the site's lists, or was added after the build"),
            Self::ByFull => tr::tr!("the table by full does not lead to this voter's station"),
            Self::ByNear => tr::tr!("the table by near does not lead to this voter's station"),
            Self::Lookup => tr::tr!("the keys are right, but a lookup shows another answer"),
        })
    }
}

impl VoterReport {
    /// Of those asked, who are not led to the right station.
    #[must_use]
    pub fn wrong(&self) -> u64 {
        self.asked.saturating_sub(self.right)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.failed == 0 && self.wrong() == 0 && self.differing_tables == 0 && self.problems.is_empty()
    }

    /// A voter for whom something is missing.
    pub(super) fn fail(&mut self, wrong: WrongLine) {
        self.failed += 1;
        self.add_wrong(wrong);
    }

    /// The same with a voter who is not led to the right station.
    pub(super) fn and_wrong(mut self, wrong: WrongLine) -> Self {
        self.add_wrong(wrong);
        self
    }

    /// The first lines stay, so that a roll that is all wrong needs no memory.
    fn add_wrong(&mut self, wrong: WrongLine) {
        let at = self.wrong_lines.partition_point(|other| *other < wrong);
        if at < MAX_LISTED {
            self.wrong_lines.insert(at, wrong);
            self.wrong_lines.truncate(MAX_LISTED);
        }
    }

    /// Both together: other voters of the same part.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.voters += other.voters;
        self.failed += other.failed;
        self.asked += other.asked;
        self.right += other.right;
        self.by_full += other.by_full;
        self.by_near += other.by_near;
        self.ambiguous += other.ambiguous;
        self.looked_up += other.looked_up;
        self.looked_up_right += other.looked_up_right;
        self.derivations += other.derivations;
        self.problems.extend(other.problems);
        other.wrong_lines.into_iter().for_each(|wrong| self.add_wrong(wrong));
        self
    }
}
