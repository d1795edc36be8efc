//! The voters of one group: checks that need no derivation for all of them, and keys and lookups for those who were drawn.

use super::error::VerifyError;
use super::key_count::{KeyCount, KeyCounts};
use super::published::{OpenTable, Place, Published};
use super::sample::Pick;
use super::voter_report::{VoterReport, WrongLine, WrongReason};
use crate::cancel::{CancellationToken, Interrupted};
use crate::derive::Derivers;
use crate::input::Input;
use crate::progress::Progress;
use crate::roll::Voter;
use crate::source::Site;
use bilik::format::{FileRef, Tables, Trust};
use bilik::lookup::{self, Cancelled, Lookup, Observer, Outcome, Problem, Question};
use bilik::{Details, FoldedName, Recipe, TableValue};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What every group is checked with.
pub(super) struct GroupChecker<'a> {
    /// As the command line gave it: each lookup opens it anew, as each visitor does.
    pub address: &'a str,
    pub site: &'a Site,
    pub trust: &'a Trust,
    pub published: &'a Published,
    pub input: &'a Input,
    pub derivers: &'a Derivers,
    pub progress: &'a dyn Progress,
    pub cancel: &'a CancellationToken,
}

/// The tables of a group. `None` for a file that cannot be read.
type OpenTables = BTreeMap<FileRef, Option<OpenTable>>;

/// Under what a voter is sealed.
struct VoterKeys<'a> {
    tables: &'a Tables,
    place: Place,
    keys: Vec<VoterKey<'a>>,
}

struct VoterKey<'a> {
    recipe: Recipe,
    file: FileRef,
    open: &'a OpenTable,
    details: Details,
}

/// The stations of one key.
struct KeyStations {
    file: FileRef,
    first: u32,
    is_at_home: bool,
    is_several: bool,
}

/// Ends a lookup when the run is cancelled.
struct CancelObserver<'a>(&'a CancellationToken);

impl Observer for CancelObserver<'_> {
    fn step(&self, _: lookup::Progress) -> Result<(), Cancelled> {
        self.0.check().map_err(|Interrupted| Cancelled)
    }
}

impl GroupChecker<'_> {
    /// Checks a group. Each name is folded once, and each table decoded once.
    pub(super) fn check(&self, voters: &[Voter], picks: &[Pick]) -> Result<(VoterReport, KeyCounts), VerifyError> {
        self.cancel.check()?;
        let mut report = VoterReport { voters: u64::try_from(voters.len()).unwrap_or(u64::MAX), ..VoterReport::default() };
        let tables = self.open_tables(voters, &mut report)?;
        let names: Vec<Option<FoldedName>> = voters.iter().map(|voter| bilik::fold_name(voter.name.reveal()).ok()).collect();
        let counts = self.count_keys(voters, &names, &tables, &mut report);
        let asked = || picks.iter().filter(|pick| **pick != Pick::Nothing).count();
        self.progress.advance(report.voters.saturating_sub(u64::try_from(asked()).unwrap_or_default()));
        let all: Vec<_> = voters.iter().zip(&names).zip(picks).filter(|(_, pick)| **pick != Pick::Nothing).collect();
        let ask = |((voter, name), pick): ((&Voter, &Option<FoldedName>), &Pick)| {
            let asked = self.ask(voter, name.as_ref(), *pick, &tables)?;
            self.progress.advance(1);
            Ok::<_, VerifyError>(asked)
        };
        let asked = all.into_par_iter().map(ask).try_reduce(VoterReport::default, |one, other| Ok(one.and(other)))?;
        Ok((report.and(asked), counts))
    }

    /// All tables that lookups of these voters ask.
    fn open_tables(&self, voters: &[Voter], report: &mut VoterReport) -> Result<OpenTables, VerifyError> {
        let mut open = OpenTables::new();
        let prefixes: BTreeSet<u32> = voters.iter().map(|voter| voter.digits.prefix()).collect();
        for tables in prefixes.into_iter().filter_map(|prefix| self.published.tables(prefix)) {
            for recipe in [Recipe::Full, Recipe::Near] {
                for file in tables.files(recipe) {
                    if open.contains_key(file) {
                        continue;
                    }
                    let table = match self.published.open(self.site, tables, recipe, file) {
                        Ok(table) => Some(table),
                        // Of a server nobody knows whether it will answer again.
                        Err(problem) if matches!(self.site, Site::Address(_)) && !problem.refused => {
                            return Err(VerifyError::File(problem));
                        }
                        Err(problem) => {
                            report.problems.push(problem);
                            None
                        }
                    };
                    open.insert(*file, table);
                }
            }
        }
        Ok(open)
    }

    /// What a voter's keys are, and in which tables, or what is missing.
    fn keys_of<'a>(
        &'a self,
        voter: &Voter,
        name: Option<&FoldedName>,
        open: &'a OpenTables,
    ) -> Result<VoterKeys<'a>, WrongReason> {
        let name = name.ok_or(WrongReason::Name)?;
        let tables = self.published.tables(voter.digits.prefix()).ok_or(WrongReason::NoTable)?;
        let place = self.published.place(voter.station).ok_or(WrongReason::NoStation)?;
        let table = |recipe| {
            let file = tables.file_of(recipe, &self.published.election, &voter.digits)?;
            Some((*file, open.get(file)?.as_ref()?))
        };
        let mut keys = Vec::with_capacity(3);
        if name.is_long() {
            let (file, open) = table(Recipe::Full).ok_or(WrongReason::NoFile)?;
            keys.push(VoterKey { recipe: Recipe::Full, file, open, details: Details::full(&voter.digits, name.whole()) });
        }
        let (file, open) = table(Recipe::Near).ok_or(WrongReason::NoFile)?;
        let near = name.sealed_tokens(&open.common).into_iter().map(|token| {
            let details = Details::near(&voter.digits, voter.village.number(), token);
            VoterKey { recipe: Recipe::Near, file, open, details }
        });
        keys.extend(near);
        Ok(VoterKeys { tables, place, keys })
    }

    fn wrong(&self, voter: &Voter, reason: WrongReason) -> WrongLine {
        WrongLine { file: self.input.roll_files.of(voter.line).to_owned(), line: voter.line.number(), reason }
    }

    /// Counts the keys that the group has in each table, as the builder makes them, and the voters for whom something is missing.
    fn count_keys(
        &self,
        voters: &[Voter],
        names: &[Option<FoldedName>],
        open: &OpenTables,
        report: &mut VoterReport,
    ) -> KeyCounts {
        let mut keys: HashMap<Details, KeyStations> = HashMap::with_capacity(voters.len() * 2);
        for (voter, name) in voters.iter().zip(names) {
            match self.keys_of(voter, name.as_ref(), open) {
                Err(reason) => report.fail(self.wrong(voter, reason)),
                Ok(VoterKeys { tables, place, keys: own }) => {
                    let is_at_home = place.is_at_home(tables);
                    for VoterKey { file, details, .. } in own {
                        let new = KeyStations { file, first: voter.station, is_at_home, is_several: false };
                        let stations = keys.entry(details).or_insert(new);
                        stations.is_several |= stations.first != voter.station;
                    }
                }
            }
        }
        // A short name is a station more for the key of the longer name that is written like it.
        for (voter, name) in voters.iter().zip(names) {
            if let Some(name) = name.as_ref().filter(|name| !name.is_long())
                && let Some(stations) = keys.get_mut(&Details::full(&voter.digits, name.whole()))
            {
                stations.is_several |= stations.first != voter.station;
            }
        }
        let mut counts: BTreeMap<FileRef, KeyCount> = BTreeMap::new();
        for stations in keys.values() {
            let count = counts.entry(stations.file).or_default();
            count.all += 1;
            count.elsewhere += u64::from(stations.is_several || !stations.is_at_home);
            count.several += u64::from(stations.is_several);
        }
        let mut all = KeyCounts::default();
        for (file, table) in open {
            match table {
                Some(table) => all.add(*file, &table.table, counts.get(file).copied().unwrap_or_default()),
                None => all.share([*file]),
            }
        }
        all
    }

    /// Asks for one voter by each of their keys; where they were drawn for it, by whole lookups too.
    fn ask(&self, voter: &Voter, name: Option<&FoldedName>, pick: Pick, open: &OpenTables) -> Result<VoterReport, VerifyError> {
        let mut report = VoterReport { asked: 1, ..VoterReport::default() };
        // What is missing was reported with all voters.
        let Ok(VoterKeys { tables, place, keys }) = self.keys_of(voter, name, open) else { return Ok(report) };
        let mut recipes: Vec<Recipe> = keys.iter().map(|key| key.recipe).collect();
        recipes.dedup();
        report.by_full = u64::from(recipes.contains(&Recipe::Full));
        report.by_near = u64::from(recipes.contains(&Recipe::Near));
        let mut is_several = false;
        for VoterKey { recipe, open, details, .. } in &keys {
            let leads_here = |value: &TableValue| place.is_in(tables, value);
            let is_sought = |key: &bilik::Key| open.table.open(key).as_ref().is_some_and(leads_here);
            let bits = self.published.sealing.bits(*recipe).pepper_bits;
            let found = self.derivers.search(&open.salt, details, bits, self.cancel, &is_sought)?;
            report.derivations += found.derivations;
            match found.key.and_then(|key| open.table.open(&key)) {
                Some(value) => is_several |= matches!(value, TableValue::Several(_)),
                None => return Ok(report.and_wrong(self.wrong(voter, WrongReason::by(*recipe)))),
            }
        }
        report.ambiguous = u64::from(is_several);
        if pick == Pick::AskAndLookUp {
            report.looked_up = 1;
            for recipe in recipes {
                if !self.look_up(voter, recipe)? {
                    return Ok(report.and_wrong(self.wrong(voter, WrongReason::Lookup)));
                }
            }
            report.looked_up_right = 1;
        }
        report.right = 1;
        Ok(report)
    }

    /// Whether a whole lookup, as the browser's, shows the voter's station, alone or with others.
    fn look_up(&self, voter: &Voter, recipe: Recipe) -> Result<bool, VerifyError> {
        let digits = String::from_utf8_lossy(voter.digits.as_bytes()).into_owned();
        let question = Question {
            nik: Some(digits),
            name: Some(voter.name.reveal().to_owned()),
            village: (recipe == Recipe::Near).then(|| voter.village.to_string()),
            only: Some(recipe),
            ..Question::default()
        };
        let lookup = Lookup::new(Site::open(self.address)?.cancelled_by(self.cancel), self.trust.clone());
        let asked = pollster::block_on(lookup.ask(&question, &CancelObserver(self.cancel)));
        let expected = self.input.stations.get(voter.station).map_or("", |row| row.id.as_str());
        Ok(match asked.map_err(|Cancelled| Interrupted)? {
            Outcome::Found { station, by, .. } => by == recipe && station.id == expected,
            Outcome::Ambiguous { stations, by, .. } => by == recipe && stations.iter().any(|station| station.id == expected),
            Outcome::Unreachable { problems } | Outcome::Unverified { problems } => {
                let unnamed = || Problem::unreachable("", "", "the site cannot be read");
                return Err(VerifyError::File(problems.into_iter().next().unwrap_or_else(unnamed)));
            }
            Outcome::Stale { .. } => return Err(VerifyError::Expired),
            _ => false,
        })
    }
}
