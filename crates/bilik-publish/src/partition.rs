//! From the roll to groups of voters on disk, so that memory stays bounded however big the roll is.
//!
//! Two passes over the roll: the first checks every line and counts prefixes, from which [`super::grouping`] makes groups; the
//! second spools the voters into bins of whole groups. Then each bin is read on its own to find duplicates and crowded keys,
//! which only the voters of one group can be. Nothing is held in memory but one bin, the counts and the stations; nothing of the
//! roll lies on the disk unencrypted. Each pass digests what it reads: a roll that is not the same each time is refused.

mod bins;
mod common;
mod deferred;
mod duplicates;
mod error;
mod scratch;
mod spool;

use crate::cancel::CancellationToken;
use crate::config::Config;
use crate::csv::file_name;
use crate::grouping::group_prefixes;
use crate::input::Input;
use crate::language::translatable;
use crate::problem::{InputProblem, ProblemKind, Report};
use crate::progress::Progress;
use crate::rejects::Rejects;
use crate::roll::{self, RollCounts, StationCounts};
pub use bins::{Bins, Partition};
pub(crate) use common::common_among;
pub use common::common_tokens;
use error::MAX_IN_A_GROUP;
pub use error::PartitionError;
pub(crate) use scratch::Scratch;
pub(crate) use spool::{Spool, read as read_spool};
use std::collections::BTreeMap;
use std::path::Path;

/// An input that was checked from end to end.
#[derive(Debug)]
pub struct Checked {
    /// The voters who can be sealed.
    pub partition: Partition,
    /// How many they are.
    pub voters: u64,
    /// How many voters of the roll are withheld.
    pub withheld: u64,
    /// The SHA-256 of the roll.
    pub roll: [u8; 32],
    /// The lines of the roll by station.
    pub stations: StationCounts,
    /// Its voters by the first six digits, before duplicates were left out.
    pub prefixes: BTreeMap<u32, u64>,
}

impl Checked {
    /// The problem that there is nobody to seal, if so.
    #[must_use]
    pub fn no_voters(&self, config: &Config) -> Option<InputProblem> {
        let file = file_name(&config.files.voters);
        (self.voters == 0).then(|| InputProblem::new(ProblemKind::NoVoters, &file, 0, None, "it has no voter to seal"))
    }
}

/// Checks every line of the roll and partitions the voters. `check` and `build` both start here. Takes about three seconds
/// for a million lines, and disk space of about the roll's own size.
///
/// # Errors
/// When the roll cannot be read to its end, the scratch files cannot be written, or the run is cancelled.
pub fn check(
    input: &Input,
    dir: &Path,
    report: &mut Report,
    rejects: &mut Rejects,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Checked, PartitionError> {
    check_into((Bins::default(), &[]), (input, dir), report, rejects, progress, cancel)
}

/// The same into bins of another size; groups of an earlier build, each by its prefixes, keep their borders.
///
/// # Errors
/// As [`check`].
pub(crate) fn check_into(
    (bins, earlier): (Bins, &[&[u32]]),
    (input, dir): (&Input, &Path),
    report: &mut Report,
    rejects: &mut Rejects,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Checked, PartitionError> {
    let scratch = Scratch::new(dir, report)?;
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    let mut counted = roll::read(input, report, rejects, (translatable!("checking the roll"), progress), cancel, &mut |voter| {
        *counts.entry(voter.digits.prefix()).or_default() += 1;
        Ok::<_, PartitionError>(())
    })?;
    let groups = group_prefixes(&counts, input.config.min_voters, earlier.iter().copied());
    if let Some(group) = groups.iter().find(|group| group.voters > MAX_IN_A_GROUP) {
        return Err(PartitionError::GroupTooLarge {
            file: file_name(&input.config.files.voters),
            voters: group.voters,
            prefix: group.label.split(' ').next().unwrap_or_default().to_owned(),
        });
    }
    let mut partition = Partition::new(groups, bins, scratch);
    partition.spool(input, &counted, progress, cancel)?;
    let voters = duplicates::remove_duplicates(&mut partition, &mut counted, input, report, rejects, progress, cancel)?;
    let RollCounts { withheld, digest, stations, .. } = counted;
    Ok(Checked { partition, voters, withheld, roll: digest, stations, prefixes: counts })
}
