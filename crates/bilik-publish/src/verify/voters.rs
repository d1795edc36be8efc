//! With the roll: every voter is asked for, by the code that runs in the browser, and must get the right station.

use crate::input::{Input, Progress as Bar};
use crate::interrupted;
use crate::partition::Checked;
use crate::roll::Voter;
use crate::source::Site;
use anyhow::Context as _;
use bilik::Recipe;
use bilik::format::Trust;
use bilik::lookup::{Cancelled, Lookup, Observer, Outcome, Progress, Question};
use serde::Serialize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// At most so many wrong lines are listed.
const MAX_LISTED: usize = 100;
/// Voters that one thread takes at a time.
const CHUNK: usize = 64;

/// How the voters of the roll fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Voters {
    /// Voters asked for: all that are not withheld or rejected.
    pub voters: u64,
    /// Of them, those that got the right station.
    pub right: u64,
    /// Asked by `full`.
    pub by_full: u64,
    /// Asked by `near`, since their name has fewer than two significant tokens.
    pub by_near: u64,
    /// Among the right ones: shown two or three stations, one of them the right one.
    pub ambiguous: u64,
    /// Of the voters with longer names, asked by `near` as well.
    pub sample: u64,
    /// Of the sample, those that got the right station.
    pub sample_right: u64,
    /// Lines of the roll whose voter got another answer; the first 100.
    pub wrong_lines: Vec<u64>,
}

impl Voters {
    /// Whether nobody was lost.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.right == self.voters && self.sample_right == self.sample
    }
}

struct Silent;

impl Observer for Silent {
    async fn step(&self, _: Progress) -> Result<(), Cancelled> {
        if interrupted() { Err(Cancelled) } else { Ok(()) }
    }
}

/// Asks for everybody: by `full` (one derivation each), by `near` where the name is short (2^`pepper_bits` at most), and by
/// `near` for `sample` of the others, spread evenly over the roll.
///
/// # Errors
/// When the site or the spooled roll cannot be read, or somebody interrupts.
pub fn check_voters(
    site: &str,
    trust: &Trust,
    input: &Input,
    checked: &Checked,
    sample: u64,
    bar: &dyn Bar,
) -> anyhow::Result<Voters> {
    bar.begin("asking for every voter", checked.voters);
    // Some names are short: half as far apart, so that the sample is full before the roll ends.
    let every = (checked.voters / 2).checked_div(sample).unwrap_or(u64::MAX).max(1);
    let mut total = Voters::default();
    let long = AtomicU64::new(0);
    for bin in 0..checked.partition.bin_count() {
        let voters: Vec<Voter> = checked.partition.read(bin)?.into_iter().flat_map(|(_, voters)| voters).collect();
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Voters::default());
        let ask = || -> anyhow::Result<()> {
            // The lookup keeps its files in one thread, as in a browser.
            let mut asker = Asker {
                lookup: Lookup::new(Site::open(site)?, trust.clone()),
                input,
                mine: Voters::default(),
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
                bar.advance(u64::try_from(chunk.len()).unwrap_or_default());
            }
            if let Ok(mut found) = found.lock() {
                found.add(asker.mine);
            }
            Ok(())
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(ask)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a thread failed"))?)
        })?;
        total.add(found.into_inner().unwrap_or_default());
    }
    bar.end();
    total.wrong_lines.sort_unstable();
    total.wrong_lines.dedup();
    total.wrong_lines.truncate(MAX_LISTED);
    Ok(total)
}

impl Voters {
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
    input: &'a Input,
    mine: Voters,
    /// Longer names so far, over all threads; every so many of them is in the sample, until it is full.
    long: &'a AtomicU64,
    every: u64,
    sample: u64,
}

/// An answer, as far as it matters here.
enum Answer {
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

    fn ask(&mut self, voter: &Voter) -> anyhow::Result<()> {
        let is_long = bilik::fold_name(&voter.name).is_ok_and(|name| name.is_long());
        let answer = self.answer(voter, if is_long { Recipe::Full } else { Recipe::Near })?;
        self.mine.voters += 1;
        if is_long {
            self.mine.by_full += 1;
        } else {
            self.mine.by_near += 1;
        }
        match answer {
            Answer::Right => self.mine.right += 1,
            Answer::OneOfSeveral => {
                self.mine.right += 1;
                self.mine.ambiguous += 1;
            }
            Answer::Wrong => self.mine.wrong_lines.push(voter.line),
        }
        // Whoever has a short name was asked by `near` just now.
        if is_long && self.in_sample() {
            self.mine.sample += 1;
            match self.answer(voter, Recipe::Near)? {
                Answer::Wrong => self.mine.wrong_lines.push(voter.line),
                Answer::Right | Answer::OneOfSeveral => self.mine.sample_right += 1,
            }
        }
        Ok(())
    }

    fn answer(&self, voter: &Voter, recipe: Recipe) -> anyhow::Result<Answer> {
        let digits = String::from_utf8_lossy(voter.digits.as_bytes()).into_owned();
        let question = Question {
            nik: Some(digits),
            name: Some(voter.name.clone()),
            village: (recipe == Recipe::Near).then(|| voter.village.to_string()),
            only: Some(recipe),
            ..Question::default()
        };
        let outcome =
            pollster::block_on(self.lookup.ask(&question, &Silent)).map_err(|Cancelled| anyhow::anyhow!("interrupted"))?;
        let row = usize::try_from(voter.station).ok().and_then(|at| self.input.stations.rows().get(at));
        let expected = &row.context("a voter's station vanished")?.id;
        Ok(match outcome {
            Outcome::Found { station, by, .. } if station.id == *expected && by == recipe => Answer::Right,
            Outcome::Ambiguous { stations, by, .. } if by == recipe && stations.iter().any(|station| station.id == *expected) => {
                Answer::OneOfSeveral
            }
            Outcome::Unreachable { problems } | Outcome::Unverified { problems } => {
                let first = problems.first().map(|problem| format!("{}: {}", problem.file, problem.reason)).unwrap_or_default();
                anyhow::bail!("{first}");
            }
            Outcome::Stale { .. } => anyhow::bail!("the head has expired, so nobody is answered any more"),
            _ => Answer::Wrong,
        })
    }
}
