//! What changed between two election folders: voters and stations that were added, are gone, or moved.
//!
//! Both rolls are spooled into the same bins by the first six digits, encrypted as for a build, and compared bin by bin, so that
//! memory stays bounded: the stations of both folders, and the voters of one bin. Counts are given to everybody; who the voters are
//! stands in the private list only.

mod change;
mod counts;
mod error;
mod list;
mod pairs;
mod rolls;
mod stations;
mod voters;

use crate::cancel::CancellationToken;
use crate::language::translatable;
use crate::partition::Scratch;
use crate::problem::Report;
use crate::progress::Progress;
use crate::rejects::Rejects;
use crate::roll::{self, RollCounts, RollError};
pub use change::BeforeAndNow;
pub use counts::{ChangeCounts, ChangeTotals, Changes, RegencyChanges};
pub use error::ChangesError;
pub use list::ChangesList;
pub use rolls::{CheckedRoll, Earlier};
use stations::StationPairs;
use std::collections::BTreeMap;
use std::path::Path;
use voters::{CountedRoll, compare_voters};

/// Compares an input with an earlier one. Takes two passes over the earlier roll and one over that of now, and disk space of about
/// both rolls in `folder`, the election folder of now.
///
/// # Errors
/// When a roll cannot be read to its end or changes meanwhile, a scratch file or the list cannot be written, or the run is cancelled.
pub fn compare(
    now: CheckedRoll,
    earlier: &Earlier,
    folder: &Path,
    mut list: Option<&mut ChangesList>,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Changes, ChangesError> {
    let CheckedRoll { input, digest, mut prefixes } = now;
    // A withheld voter of one of both rolls would seem to be added or gone.
    let input = input.without_withheld();
    let pairs = StationPairs::new(&earlier.input.stations, &input.stations);
    let mut changes = Changes::new(&pairs, &earlier.input.regions, &input.regions);
    pairs.each_change(&mut |change| {
        changes.add_station(&change);
        list.as_mut().map_or(Ok(()), |list| list.add_station(&change))
    })?;
    let (before, rejected) = count(earlier, &mut prefixes, progress, cancel)?;
    let scratch = Scratch::new(folder, &mut Report::muted())?;
    let bins = voters::bins_of(&prefixes);
    let rolls = [CountedRoll::earlier(earlier, &before), CountedRoll::now(&input, &digest)];
    let (counted, rejected_now) = compare_voters(rolls, &bins, &scratch, (&pairs, &mut changes), list, progress, cancel)?;
    changes.voters.total = BeforeAndNow { before: before.voters, now: counted };
    changes.not_compared = BeforeAndNow { before: rejected, now: rejected_now };
    Ok(changes.finish())
}

/// Counts the voters of the earlier roll, and its lines with errors.
fn count(
    earlier: &Earlier,
    prefixes: &mut BTreeMap<u32, u64>,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<(RollCounts, u64), ChangesError> {
    let mut report = Report::new();
    let phase = (translatable!("reading the earlier roll"), progress);
    let counted = roll::read(&earlier.input, &mut report, &mut Rejects::nowhere(), phase, cancel, &mut |voter| {
        *prefixes.entry(voter.digits.prefix()).or_default() += 1;
        Ok::<_, RollError>(())
    });
    match counted {
        Ok(counted) => Ok((counted, report.rejected())),
        Err(RollError::Unreadable(problems)) => Err(earlier.unreadable(problems)),
        Err(RollError::Interrupted(interrupted)) => Err(interrupted.into()),
    }
}
