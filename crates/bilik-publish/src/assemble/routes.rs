//! From the prefixes of NIKs to tables: what a directory says of them.

use crate::grouping::Group;
use crate::input::Regions;
use bilik::format::{Code, Route, Tables};
use std::collections::{BTreeMap, BTreeSet};

/// Which groups a regency's directory leads to.
pub(super) struct Routes {
    /// For each regency, or for none: prefix and group.
    by_regency: BTreeMap<Option<Code>, Vec<(u32, usize)>>,
}

impl Routes {
    pub(super) fn new(groups: &[Group], regions: &Regions) -> Self {
        let mut by_regency: BTreeMap<Option<Code>, Vec<(u32, usize)>> = BTreeMap::new();
        for (index, group) in groups.iter().enumerate() {
            for &prefix in &group.prefixes {
                let regency = Code::district(prefix).and_then(Code::regency_of).filter(|code| regions.holds(*code));
                by_regency.entry(regency).or_default().push((prefix, index));
            }
        }
        Self { by_regency }
    }

    /// The routes of one directory, and the tables that they lead to, in the order of the groups.
    pub(super) fn take(&mut self, regency: Option<Code>, files: &BTreeMap<usize, Tables>) -> (Vec<Route>, Vec<Tables>) {
        let mut wanted = self.by_regency.remove(&regency).unwrap_or_default();
        wanted.sort_unstable();
        let indices: Vec<usize> = wanted.iter().map(|(_, group)| *group).collect::<BTreeSet<_>>().into_iter().collect();
        let place = |group: usize| indices.binary_search(&group).ok().and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX);
        let routes = wanted.iter().map(|&(prefix, group)| Route { prefix, table: place(group) }).collect();
        let tables = indices.iter().filter_map(|index| files.get(index)).cloned().collect();
        (routes, tables)
    }
}
