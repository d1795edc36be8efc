//! With the roll: whether the site leads every voter to the right station.
//!
//! All voters are checked for what needs no derivation: their tables are there, their station is in its list, and each table has
//! as many keys as the roll has voters for it. A random sample, or everybody, is asked: each of a voter's keys is searched among
//! all peppers, and must open the right station. Of those, some are looked up by the very code that runs in browsers.

use super::error::VerifyError;
use super::group::GroupChecker;
use super::key_count::KeyCounts;
use super::published::Published;
use super::sample::{Draw, Pick, RollPart, RollSample};
use super::voter_report::VoterReport;
use crate::cancel::CancellationToken;
use crate::derive::{DeriveMethod, Derivers};
use crate::input::Input;
use crate::partition::Checked;
use crate::progress::Progress;
use crate::roll::Voter;
use crate::source::Site;
use bilik::format::Trust;
use rayon::prelude::*;

/// What to check.
#[derive(Clone, Copy)]
pub struct VoterCheck<'a> {
    /// The site's folder or address.
    pub site: &'a str,
    /// Whose head it must have.
    pub trust: &'a Trust,
    /// The election folder.
    pub input: &'a Input,
    /// Its roll.
    pub checked: &'a Checked,
    /// How many voters are asked.
    pub sample: RollSample,
    /// Of which part of the roll.
    pub part: RollPart,
}

/// Checks the voters of a roll against a site. Asking costs half of the peppers of each of a voter's keys on average: some 59
/// derivations with the usual pepper bits and names, on all cores. Memory is bounded by one bin of voters.
///
/// # Errors
/// When the site or the spooled roll cannot be read, or the run is cancelled.
pub fn check_voters(check: &VoterCheck, progress: &dyn Progress, cancel: &CancellationToken) -> Result<VoterReport, VerifyError> {
    let VoterCheck { site: address, trust, input, checked, sample, part } = *check;
    let site = Site::open(address)?.cancelled_by(cancel);
    let published = Published::read(&site, trust, &input.stations, cancel)?;
    let derivers = Derivers::for_search(published.sealing.cost, DeriveMethod::Fast);
    let checker =
        GroupChecker { address, site: &site, trust, published: &published, input, derivers: &derivers, progress, cancel };
    let groups = checked.partition.groups();
    let in_part = groups.iter().enumerate().filter(|(group, _)| part.has(*group));
    let voters = in_part.map(|(_, group)| group.voters).sum();
    let mut draw = Draw::new(sample, voters)?;
    let mut counts = KeyCounts::default();
    for (_, group) in groups.iter().enumerate().filter(|(group, _)| !part.has(*group)) {
        let tables = group.prefixes.iter().filter_map(|&prefix| published.tables(prefix));
        counts.share(tables.flat_map(|tables| tables.full.iter().chain(&tables.near)).copied());
    }
    let mut total = VoterReport::default();
    progress.begin("checking voters", voters);
    for bin in 0..checked.partition.bin_count() {
        let mut drawn: Vec<(Vec<Voter>, Vec<Pick>)> = Vec::new();
        for (_, voters) in checked.partition.read(bin)?.into_iter().filter(|(group, _)| part.has(*group)) {
            let picks = voters.iter().map(|_| draw.pick()).collect();
            drawn.push((voters, picks));
        }
        let found: Vec<(VoterReport, KeyCounts)> =
            drawn.into_par_iter().map(|(voters, picks)| checker.check(&voters, &picks)).collect::<Result<_, VerifyError>>()?;
        for (report, keys) in found {
            total = total.and(report);
            counts.merge(keys);
        }
    }
    progress.end();
    total.part = part;
    total.keys = counts.total();
    if part.is_whole() {
        counts.expect_all(published.files());
    }
    (total.differing_tables, total.tables) = counts.findings();
    total.problems.sort_by(|one, other| one.file.cmp(&other.file));
    total.problems.dedup();
    Ok(total)
}
