//! With the roll: every voter is looked up by the code that runs in the browser, and must get the right station.

use super::error::VerifyError;
use crate::cancel::{CancellationToken, Interrupted};
use crate::input::Input;
use crate::partition::Checked;
use crate::progress::Progress;
use crate::roll::Voter;
use crate::source::Site;
use bilik::Recipe;
use bilik::format::Trust;
use bilik::lookup::{self, Cancelled, Lookup, Observer, Outcome, Problem, Question};
use serde::Serialize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How many wrong lines are listed.
const MAX_LISTED: usize = 100;
/// Voters that one thread takes at a time.
const CHUNK: usize = 64;

/// What the lookups of all voters gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VoterReport {
    /// Voters looked up: all that are not withheld or rejected.
    pub voters: u64,
    /// Of them, those whose answer has the right station.
    pub right: u64,
    /// Looked up by `full`.
    pub by_full: u64,
    /// Looked up by `near`, since their name has fewer than two significant tokens.
    pub by_near: u64,
    /// Among the right ones: shown two or three stations, one of them the right one.
    pub ambiguous: u64,
    /// Of the voters with longer names, looked up by `near` as well.
    pub sample: u64,
    /// Of the sample, those that got the right station.
    pub sample_right: u64,
    /// Lines of the roll whose voter got another answer; the first 100.
    pub wrong_lines: Vec<u64>,
}

impl VoterReport {
    /// Whether every answer was right.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.right == self.voters && self.sample_right == self.sample
    }
}

/// Ends a lookup when the run is cancelled.
struct CancelObserver<'a>(&'a CancellationToken);

impl Observer for CancelObserver<'_> {
    fn step(&self, _: lookup::Progress) -> Result<(), Cancelled> {
        self.0.check().map_err(|Interrupted| Cancelled)
    }
}

/// Looks up everybody: by `full` (half of its peppers on average), by `near` where the name is short, and by `near` for `sample` of the others, spread evenly over the roll.
///
/// # Errors
/// When the site or the spooled roll cannot be read, or the run is cancelled.
pub fn check_voters(
    site: &str,
    trust: &Trust,
    input: &Input,
    checked: &Checked,
    sample: u64,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<VoterReport, VerifyError> {
    progress.begin("looking up every voter", checked.voters);
    // Some names are short: half as far apart, so that the sample is full before the roll ends.
    let every = (checked.voters / 2).checked_div(sample).unwrap_or(u64::MAX).max(1);
    let mut total = VoterReport::default();
    let long = AtomicU64::new(0);
    for bin in 0..checked.partition.bin_count() {
        let voters: Vec<Voter> = checked.partition.read(bin)?.into_iter().flat_map(|(_, voters)| voters).collect();
        let next = AtomicUsize::new(0);
        let found = Mutex::new(VoterReport::default());
        let ask = || -> Result<(), VerifyError> {
            // The lookup keeps its files in one thread, as in a browser.
            let mut asker = Asker {
                lookup: Lookup::new(Site::open(site)?.cancelled_by(cancel), trust.clone()),
                cancel,
                input,
                mine: VoterReport::default(),
                long: &long,
                every,
                sample,
            };
            loop {
                let from = next.fetch_add(CHUNK, Ordering::Relaxed);
                let Some(chunk) = voters.get(from..voters.len().min(from + CHUNK)).filter(|chunk| !chunk.is_empty()) else {
                    break;
                };
                for voter in chunk {
                    asker.ask(voter)?;
                }
                progress.advance(u64::try_from(chunk.len()).unwrap_or_default());
            }
            if let Ok(mut found) = found.lock() {
                found.add(asker.mine);
            }
            Ok(())
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(ask)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| VerifyError::Thread)?)
        })?;
        total.add(found.into_inner().unwrap_or_default());
    }
    progress.end();
    total.wrong_lines.sort_unstable();
    total.wrong_lines.dedup();
    total.wrong_lines.truncate(MAX_LISTED);
    Ok(total)
}

impl VoterReport {
    fn add(&mut self, other: Self) {
        self.voters += other.voters;
        self.right += other.right;
        self.by_full += other.by_full;
        self.by_near += other.by_near;
        self.ambiguous += other.ambiguous;
        self.sample += other.sample;
        self.sample_right += other.sample_right;
        self.wrong_lines.extend(other.wrong_lines);
    }
}

struct Asker<'a> {
    lookup: Lookup<Site>,
    cancel: &'a CancellationToken,
    input: &'a Input,
    mine: VoterReport,
    /// Longer names so far, over all threads; each `every`th is in the sample, until it is full.
    long: &'a AtomicU64,
    every: u64,
    sample: u64,
}

/// Whether an answer is right.
enum Verdict {
    Right,
    OneOfSeveral,
    Wrong,
}

impl Asker<'_> {
    /// Whether the next voter with a longer name is in the sample: counted over all threads, so that it has the size asked for.
    fn in_sample(&self) -> bool {
        let n = self.long.fetch_add(1, Ordering::Relaxed);
        n.is_multiple_of(self.every) && n / self.every < self.sample
    }

    fn ask(&mut self, voter: &Voter) -> Result<(), VerifyError> {
        let is_long = bilik::fold_name(&voter.name).is_ok_and(|name| name.is_long());
        let answer = self.answer(voter, if is_long { Recipe::Full } else { Recipe::Near })?;
        self.mine.voters += 1;
        if is_long {
            self.mine.by_full += 1;
        } else {
            self.mine.by_near += 1;
        }
        match answer {
            Verdict::Right => self.mine.right += 1,
            Verdict::OneOfSeveral => {
                self.mine.right += 1;
                self.mine.ambiguous += 1;
            }
            Verdict::Wrong => self.mine.wrong_lines.push(voter.line.number()),
        }
        // Short names were looked up by `near` just now.
        if is_long && self.in_sample() {
            self.mine.sample += 1;
            match self.answer(voter, Recipe::Near)? {
                Verdict::Wrong => self.mine.wrong_lines.push(voter.line.number()),
                Verdict::Right | Verdict::OneOfSeveral => self.mine.sample_right += 1,
            }
        }
        Ok(())
    }

    /// By the first key that opens something; where that is not the right station, by all keys: over a whole country some wrong
    /// pepper opens something by chance before the right one.
    fn answer(&self, voter: &Voter, recipe: Recipe) -> Result<Verdict, VerifyError> {
        match self.answer_by(voter, recipe, true)? {
            Verdict::Wrong => self.answer_by(voter, recipe, false),
            right => Ok(right),
        }
    }

    fn answer_by(&self, voter: &Voter, recipe: Recipe, first_hit: bool) -> Result<Verdict, VerifyError> {
        let digits = String::from_utf8_lossy(voter.digits.as_bytes()).into_owned();
        let question = Question {
            nik: Some(digits),
            name: Some(voter.name.clone()),
            village: (recipe == Recipe::Near).then(|| voter.village.to_string()),
            only: Some(recipe),
            first_hit,
            ..Question::default()
        };
        let observer = CancelObserver(self.cancel);
        let outcome = pollster::block_on(self.lookup.ask(&question, &observer)).map_err(|Cancelled| Interrupted)?;
        let expected = self.input.stations.get(voter.station).map_or("", |row| row.id.as_str());
        Ok(match outcome {
            Outcome::Found { station, by, .. } if station.id == expected && by == recipe => Verdict::Right,
            Outcome::Ambiguous { stations, by, .. } if by == recipe && stations.iter().any(|station| station.id == expected) => {
                Verdict::OneOfSeveral
            }
            Outcome::Unreachable { problems } | Outcome::Unverified { problems } => {
                let unnamed = || Problem::unreachable("", "", "the site cannot be read");
                return Err(VerifyError::File(problems.into_iter().next().unwrap_or_else(unnamed)));
            }
            Outcome::Stale { .. } => return Err(VerifyError::Expired),
            _ => Verdict::Wrong,
        })
    }
}
