//! Which group goes into which part, and which is taken over from the earlier site.

use super::contents::contents;
use crate::build::BuildError;
use crate::grouping::Group;
use crate::randomness::{Randomness, RandomnessError};
use crate::reuse::{Kept, KeptGroup};
use crate::tables::{GroupTables, TablesContext};
use crate::work::{PartHeader, PartWriter, Plan, PlannedGroup, PlannedPart, RunKey, WorkFolder};
use rand::seq::SliceRandom as _;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Groups that did not change but are sealed again with those that did, so that a stranger who compares two sites learns little.
const DECOYS: usize = 32;

/// An earlier build of the same election.
#[derive(Default)]
pub(super) struct KeptGroups<'a> {
    by_prefixes: HashMap<&'a [u32], &'a KeptGroup>,
}

impl<'a> KeptGroups<'a> {
    /// The groups whose files the site still has.
    pub(super) fn new(kept: &'a Kept, site: &Path) -> Self {
        let there = kept.groups.par_iter().filter(|group| group.files.are_in(site));
        Self { by_prefixes: there.map(|group| (group.prefixes.as_slice(), group)).collect() }
    }

    fn group(&self, group: &Group) -> Option<&'a KeptGroup> {
        self.by_prefixes.get(group.prefixes.as_slice()).copied()
    }

    /// Random groups that may be taken over; sealed again, they hide which ones changed.
    fn decoys(&self, groups: &[Group]) -> Result<Vec<usize>, RandomnessError> {
        let known = groups.iter().enumerate().filter(|(_, group)| self.group(group).is_some());
        let mut known: Vec<usize> = known.map(|(at, _)| at).collect();
        let (chosen, _) = known.partial_shuffle(&mut Randomness::fresh()?.stream("decoys"), DECOYS);
        Ok(chosen.to_vec())
    }
}

/// A part that is being written.
struct OpenPart {
    writer: PartWriter,
    planned: PlannedPart,
}

/// Writes the parts of a plan.
pub(super) struct Parts<'a> {
    pub(super) context: &'a TablesContext<'a>,
    header: PartHeader,
    work: &'a WorkFolder,
    key: &'a RunKey,
    earlier: KeptGroups<'a>,
    /// The part of each decoy.
    decoys: HashMap<usize, usize>,
    /// The parts of the decoys, which come first. None of them is sealed if nothing changed.
    for_decoys: Vec<OpenPart>,
    /// What is taken over if nothing changed.
    unchanged_decoys: Vec<(usize, KeptGroup)>,
    current: Option<OpenPart>,
    /// Voters of a part, where changed groups of several bins go into one.
    voters_in_a_part: u64,
    has_changed: bool,
}

impl<'a> Parts<'a> {
    pub(super) fn new(
        (context, header): (&'a TablesContext<'a>, PartHeader),
        (work, key): (&'a WorkFolder, &'a RunKey),
        (groups, earlier): (&[Group], KeptGroups<'a>),
        voters_in_a_part: u64,
    ) -> Result<Self, BuildError> {
        let chosen = earlier.decoys(groups)?;
        let voters: u64 = chosen.iter().filter_map(|at| groups.get(*at)).map(|group| group.voters).sum();
        let count = usize::try_from(voters.div_ceil(voters_in_a_part.max(1))).unwrap_or(DECOYS).min(DECOYS);
        let today: HashSet<&[u32]> = groups.iter().map(|group| group.prefixes.as_slice()).collect();
        let has_changed = earlier.by_prefixes.keys().any(|prefixes| !today.contains(prefixes));
        let mut parts = Self {
            context,
            header,
            work,
            key,
            earlier,
            decoys: chosen.into_iter().zip((0..count).cycle()).collect(),
            for_decoys: Vec::new(),
            unchanged_decoys: Vec::new(),
            current: None,
            voters_in_a_part,
            has_changed,
        };
        for number in 1..=count {
            let part = parts.open(number)?;
            parts.for_decoys.push(part);
        }
        Ok(parts)
    }

    fn open(&self, number: usize) -> Result<OpenPart, BuildError> {
        let header = PartHeader { part: number, ..self.header.clone() };
        let writer = PartWriter::new(&self.work.input_path(number), &self.key.part(number), &header)?;
        let planned = PlannedPart { groups: Vec::new(), voters: 0, keys: 0 };
        Ok(OpenPart { writer, planned })
    }

    /// Adds a group to a part, or has it taken over.
    pub(super) fn add(&mut self, plan: &mut Plan, group: &Group, tables: &GroupTables) -> Result<(), BuildError> {
        let at = plan.groups.len();
        let contents = contents(&plan.reuse_key, &self.header, tables).ok_or(BuildError::NotCompared)?;
        let earlier = self.earlier.group(group).filter(|earlier| earlier.contents == contents);
        let mut planned = PlannedGroup::new(group, tables, contents);
        match (earlier, self.decoys.get(&at)) {
            (Some(earlier), None) => planned.taken_over = Some(earlier.files.clone()),
            (Some(earlier), Some(part)) => {
                self.unchanged_decoys.push((at, earlier.clone()));
                if let Some(part) = self.for_decoys.get_mut(*part) {
                    part.add(at, &planned, tables)?;
                }
            }
            (None, _) => {
                self.has_changed = true;
                let mut part = match self.current.take() {
                    Some(part) => part,
                    None => self.open(self.for_decoys.len() + plan.parts.len() + 1)?,
                };
                part.add(at, &planned, tables)?;
                self.current = Some(part);
            }
        }
        plan.groups.push(planned);
        Ok(())
    }

    /// A bin is a part, unless few of its groups changed: then the next bin's groups join them.
    pub(super) fn end_bin(&mut self, plan: &mut Plan) -> Result<(), BuildError> {
        let is_whole = |part: &mut OpenPart| self.earlier.by_prefixes.is_empty() || part.planned.voters >= self.voters_in_a_part;
        if let Some(part) = self.current.take_if(is_whole) {
            plan.parts.push(part.finish()?);
        }
        Ok(())
    }

    /// Finishes the parts. Where nothing changed, decoys would say that something did.
    pub(super) fn finish(mut self, plan: &mut Plan) -> Result<(), BuildError> {
        if let Some(part) = self.current.take() {
            plan.parts.push(part.finish()?);
        }
        if self.has_changed {
            let decoys: Vec<PlannedPart> = self.for_decoys.into_iter().map(OpenPart::finish).collect::<Result<_, _>>()?;
            plan.parts.splice(0..0, decoys);
            return Ok(());
        }
        for (at, earlier) in self.unchanged_decoys {
            if let Some(group) = plan.groups.get_mut(at) {
                group.taken_over = Some(earlier.files);
            }
        }
        Ok(())
    }
}

impl OpenPart {
    fn add(&mut self, at: usize, planned: &PlannedGroup, tables: &GroupTables) -> Result<(), BuildError> {
        for table in tables.full.iter().chain(&tables.near) {
            self.writer.add(table)?;
        }
        self.planned.groups.push(at);
        self.planned.voters += planned.voters;
        self.planned.keys += planned.keys();
        Ok(())
    }

    fn finish(self) -> Result<PlannedPart, BuildError> {
        self.writer.finish()?;
        Ok(self.planned)
    }
}
