//! Tables that are taken over from the site of an earlier build, and what the next build may take over from this one.

use crate::build::BuildError;
use crate::reuse::{Kept, KeptFiles, KeptGroup};
use crate::staging::{Staging, Written};
use crate::work::{Plan, PlannedGroup};
use bilik::format::{self, FileRef, Kind, Tables};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What the next build may take over.
pub(super) fn kept(plan: &Plan, tables: &BTreeMap<usize, Tables>) -> Kept {
    let group = |(at, group): (usize, &PlannedGroup)| {
        let files = KeptFiles::of(tables.get(&at)?);
        Some(KeptGroup { prefixes: group.prefixes.clone(), contents: group.contents.clone(), files })
    };
    let groups = plan.groups.iter().enumerate().filter_map(group).collect();
    Kept::new(plan.election.clone(), plan.reuse_key.clone(), plan.positions.clone(), groups)
}

/// Copies files of the earlier site. They are those that were sealed, read back and asked for every key then: their digests say so.
pub(super) fn take_over(
    plan: &Plan,
    files: Option<Vec<FileRef>>,
    staging: &Staging,
    written: &mut Written,
    digests: &mut BTreeSet<format::Digest>,
) -> Result<Vec<FileRef>, BuildError> {
    let site = plan.earlier.as_deref().unwrap_or(Path::new(""));
    let gone = |file: &Path| BuildError::NotTakenOver { file: file.to_owned() };
    let files = files.ok_or_else(|| gone(site))?;
    for file in &files {
        let path = file.path(Kind::Table);
        let from = site.join(&path);
        let bytes = std::fs::read(&from).map_err(|_| gone(&from))?;
        if format::Digest::of(&bytes) != file.digest || !digests.insert(file.digest) {
            return Err(gone(&from));
        }
        staging.add_bytes(&path, &bytes, written)?;
    }
    Ok(files)
}
