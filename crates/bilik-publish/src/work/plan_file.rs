//! The plan: groups, parts, and what the input was.

use super::error::WorkError;
use crate::grouping::Group;
use crate::layout::Positions;
use crate::reuse::KeptFiles;
use crate::tables::{GroupTables, TableInput};
use bilik::format::Home;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Different for each plan: 32 hex digits.
    pub run: String,
    /// The election's id.
    pub election: String,
    /// The election folder.
    pub folder: PathBuf,
    /// When it was planned, in seconds since 1970.
    pub planned_at: u64,
    /// The SHA-256 of what was read besides the roll, in hex, by the key of `election.toml` that names it.
    pub input: BTreeMap<String, String>,
    /// The SHA-256 of the roll, in hex.
    pub roll: String,
    /// Voters to seal.
    pub voters: u64,
    /// Voters withheld.
    pub withheld: u64,
    /// Lines rejected.
    pub rejected: u64,
    /// Voters by which the regions differ from their official totals.
    pub differences: u64,
    /// Stations of the election.
    pub stations: u32,
    /// Where they stand in the lists of the site.
    pub positions: Positions,
    /// The earlier site whose tables are taken over where nothing changed.
    pub earlier: Option<PathBuf>,
    /// The key by which the contents of tables are compared from build to build: a secret, in hex.
    pub reuse_key: String,
    /// Groups of voters, each with its tables.
    pub groups: Vec<PlannedGroup>,
    /// The parts, the first of which is number 1.
    pub parts: Vec<PlannedPart>,
}

/// A group of voters whose prefixes share a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedGroup {
    /// Its label.
    pub label: String,
    /// Its prefixes.
    pub prefixes: Vec<u32>,
    /// Its voters.
    pub voters: u64,
    /// Its home districts, each with its number of stations.
    pub homes: Vec<(u32, u32)>,
    /// The keys of each file by `full`.
    pub full: Vec<u64>,
    /// The keys of each file by `near`.
    pub near: Vec<u64>,
    /// The HMAC of what its tables hold, in hex.
    pub contents: String,
    /// Its files in the earlier site, if they are taken over: then it is in no part.
    pub taken_over: Option<KeptFiles>,
}

/// A share of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedPart {
    /// Its groups, by their place in the plan.
    pub groups: Vec<usize>,
    /// Voters of its groups.
    pub voters: u64,
    /// Keys to derive.
    pub keys: u64,
}

impl Plan {
    /// Keys to derive in all.
    #[must_use]
    pub fn keys(&self) -> u64 {
        self.parts.iter().map(|part| part.keys).sum()
    }

    /// A part by its number, which begins at 1.
    #[must_use]
    pub fn part(&self, part: usize) -> Option<&PlannedPart> {
        self.parts.get(part.checked_sub(1)?)
    }

    /// Refuses a number that no part has.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn require_part(&self, part: usize) -> Result<(), WorkError> {
        self.part(part).map(|_| ()).ok_or(WorkError::NoPart { part, parts: self.parts.len() })
    }

    /// The groups of a part, each with its place in the plan.
    pub fn groups_of(&self, part: &PlannedPart) -> impl Iterator<Item = (usize, &PlannedGroup)> {
        part.groups.iter().filter_map(|at| Some((*at, self.groups.get(*at)?)))
    }

    /// The groups whose tables are taken over from the earlier site, each with its place in the plan and its files there.
    pub fn taken_over(&self) -> impl Iterator<Item = (usize, &PlannedGroup, &KeptFiles)> {
        self.groups.iter().enumerate().filter_map(|(at, group)| Some((at, group, group.taken_over.as_ref()?)))
    }

    pub(crate) fn grouped(&self) -> Vec<Group> {
        let group = |PlannedGroup { label, prefixes, voters, .. }: &PlannedGroup| Group {
            label: label.clone(),
            prefixes: prefixes.clone(),
            voters: *voters,
        };
        self.groups.iter().map(group).collect()
    }
}

impl PlannedGroup {
    pub(crate) fn new(group: &Group, tables: &GroupTables, contents: String) -> Self {
        let count = |file: &TableInput| u64::try_from(file.entries.len()).unwrap_or(u64::MAX);
        Self {
            label: group.label.clone(),
            prefixes: group.prefixes.clone(),
            voters: group.voters,
            homes: tables.homes.iter().map(|home| (home.district, home.stations)).collect(),
            full: tables.full.iter().map(count).collect(),
            near: tables.near.iter().map(count).collect(),
            contents,
            taken_over: None,
        }
    }

    pub(crate) fn homes(&self) -> Vec<Home> {
        self.homes.iter().map(|&(district, stations)| Home { district, stations }).collect()
    }

    pub(crate) fn keys(&self) -> u64 {
        self.full.iter().chain(&self.near).sum()
    }
}
