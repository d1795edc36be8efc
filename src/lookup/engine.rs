//! The engine: answers a question, and prefetches while the digits are typed.

use super::answer::{AnswerBuilder, FoundStations};
use super::derivations::Derivations;
use super::file_store::{FileStore, Root};
use super::observer::{Cancelled, Observer, Progress};
use super::outcome::{Outcome, Prepared};
use super::question::{ParsedQuestion, Question, typed_so_far};
use super::run::{self, Run, Stop};
use super::shown::{DistrictName, Provenance};
use super::source::Source;
use super::table_search::{AskedTable, Hit, TableSearch};
use crate::format::code::Code;
use crate::format::directory::Tables;
use crate::format::province::ProvincePart;
use crate::format::trust::Trust;
use crate::key::{Details, Key, Recipe};
use crate::key_search::KeySearch;
use crate::name::{self, FoldedName};
use crate::nik::{Digits, Warning};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// How often a question is answered again because a newer head has arrived meanwhile.
const MAX_OVERTAKEN: u32 = 3;
/// Warming up derives as many keys as a page has workers at most: 2^2.
const WARM_UP_BITS: u8 = 2;

/// Answers questions from the files of one election.
///
/// ```
/// use bilik::format::{FormatError, PublicKey, Trust};
/// use bilik::lookup::{FileRequest, FoundHead, Lookup, Outcome, Problem, Question, Source};
/// use std::collections::HashMap;
///
/// /// Files by their paths.
/// struct Memory(HashMap<String, Vec<u8>>);
///
/// impl Memory {
///     fn get(&self, path: &str) -> Result<Vec<u8>, Vec<Problem>> {
///         self.0.get(path).cloned().ok_or_else(|| vec![Problem::unreachable("memory", path, "no such file")])
///     }
/// }
///
/// impl Source for Memory {
///     async fn file(
///         &self,
///         wanted: FileRequest<'_>,
///         check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
///     ) -> Result<Vec<u8>, Vec<Problem>> {
///         let bytes = self.get(wanted.path)?;
///         check(&bytes).map_err(|error| vec![Problem::refused("memory", wanted.path, &error)])?;
///         Ok(bytes)
///     }
///
///     async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
///         let bytes = self.get("head.bilik")?;
///         check(&bytes).map_err(|error| vec![Problem::refused("memory", "head.bilik", &error)])?;
///         Ok(FoundHead { bytes, kept_since: None })
///     }
///
///     fn now(&self) -> u64 {
///         1_865_000_000
///     }
///
///     fn name(&self) -> String {
///         "memory".into()
///     }
/// }
///
/// let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]).verifying_key();
/// let trust = Trust::new([PublicKey::of(key).to_string().as_str()], 1, None)?;
/// let lookup = Lookup::new(Memory(HashMap::new()), trust);
/// let question =
///     Question { nik: Some("320101410190".into()), name: Some("Contoh Saja".into()), ..Question::default() };
///
/// // The source has no file, and that is an outcome too. `()` observes no progress.
/// let outcome = pollster::block_on(lookup.ask(&question, &()))?;
/// assert!(matches!(outcome, Outcome::Unreachable { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `examples/ask_a_site.rs` builds a tiny site in memory and gets a station from it.
pub struct Lookup<S> {
    pub(super) store: FileStore<S>,
    pub(super) derivations: Derivations,
    is_warm: Cell<bool>,
}

impl<S: Source> Lookup<S> {
    /// Answers from the files of a source, as far as they are signed as `trust` demands.
    pub fn new(source: S, trust: Trust) -> Self {
        Self { store: FileStore::new(source, trust), derivations: Derivations::default(), is_warm: Cell::default() }
    }

    /// Where does this voter vote?
    ///
    /// Asks by [`Recipe::Full`], and where the question has a village also by [`Recipe::Near`], with the first and the last
    /// significant token. All keys are derived before any is tried, whatever they open: the time and the load of a lookup tell
    /// nobody whether it found somebody. An answer by `full` comes first; of several stations, those are shown to which most of
    /// the words lead. Cost in derivations: 2^4 by `full` and 2^6 for each token by `near`, with the usual pepper bits; less what
    /// the question directly before has derived, as the same one without its village.
    ///
    /// # Errors
    /// [`Cancelled`] when the observer says so. Everything else that can go wrong is an [`Outcome`].
    pub async fn ask(&self, question: &Question, observer: &dyn Observer) -> Result<Outcome, Cancelled> {
        let asked = match question.read() {
            Ok(asked) => asked,
            Err((field, reason)) => return Ok(Outcome::BadInput { field, reason }),
        };
        let mut left = MAX_OVERTAKEN;
        loop {
            observer.step(Progress { step: "files", done: 0, of: 0 })?;
            let mut answered = None;
            let ended = self
                .run(observer, &mut |run| {
                    let root = run.root()?;
                    let province = Code::district(asked.digits.prefix()).map(Code::province).unwrap_or_default();
                    let outcome = match run.stale(&root, province)? {
                        Some(stale) => stale,
                        None => search(run, &root, &asked)?,
                    };
                    answered = Some((root, outcome));
                    Ok(())
                })
                .await;
            let Some((root, mut outcome)) = answered else {
                return if let Err(Stop::Answer(outcome)) = ended { Ok(*outcome) } else { Err(Cancelled) };
            };
            // Where a newer head has arrived meanwhile, it decides the answer.
            left -= 1;
            if left > 0 && self.store.is_overtaken(&root) {
                continue;
            }
            if let Some(data) = outcome.data_mut() {
                // The time may have come meanwhile.
                *data = Provenance { problems: self.store.problems(), ..self.store.provenance(&root) };
            }
            return Ok(outcome);
        }
    }

    /// Which of some other 12 digits find somebody of this name by [`Recipe::Full`], as far as the tables for them are here:
    /// nothing is fetched. For likely slips in the digits of a question that was asked with a village; ask this whether or not
    /// that question found somebody, so that the load tells nobody. Cost: 2^4 derivations for each, with the usual pepper bits.
    ///
    /// # Errors
    /// [`Cancelled`] when the observer says so.
    pub async fn alternatives(&self, name: &str, niks: &[String], observer: &dyn Observer) -> Result<Vec<String>, Cancelled> {
        let mut found = Vec::new();
        let Ok(name) = name::fold(name) else { return Ok(found) };
        let ended = self
            .run(observer, &mut |run| {
                found = alternatives(run, &name, niks)?;
                Ok(())
            })
            .await;
        if matches!(ended, Err(Stop::Cancelled)) { Err(Cancelled) } else { Ok(found) }
    }

    /// Fetches what the digits typed so far lead to, and tells what they already say. With a name that is too short for
    /// [`Recipe::Full`], also the villages to choose from and the table by [`Recipe::Near`]: such a voter is asked for the
    /// village at once. What cannot be fetched is left to [`Lookup::ask`], which reports it.
    pub async fn prepare(&self, text: &str, name: Option<&str>) -> Prepared {
        let digits = typed_so_far(text).unwrap_or_default();
        let typed: String = digits.iter().copied().map(char::from).collect();
        let whole = Digits::typed(&typed).ok();
        if whole.is_none() && name.is_some() {
            // Somebody begins a question anew, perhaps somebody else.
            self.derivations.forget();
        }
        let is_short = name.and_then(|name| name::fold(name).ok()).is_some_and(|name| !name.is_long());
        let mut prepared = Prepared::default();
        let ended = self
            .run(&(), &mut |run| {
                // What earlier calls found, they found with fewer files.
                prepared = Prepared { digits: digits.len(), ..Prepared::default() };
                prepared.warnings = whole.map(|digits| digits.warnings()).unwrap_or_default();
                prefetch(run, &typed, whole, is_short, &mut prepared)
            })
            .await;
        let _: Result<(), Stop> = ended;
        prepared
    }

    /// Where files come from.
    #[must_use]
    pub fn source(&self) -> &S {
        self.store.source()
    }

    /// Takes the head for old: the next question asks the source for another one.
    pub fn ask_head_again(&self) {
        self.store.root.take();
    }

    /// Derives a few keys of nothing, once: the first derivation of each worker takes several times as long as the next. What can
    /// go wrong with it goes wrong with the search, which reports it.
    pub async fn warm_up(&self, observer: &dyn Observer) {
        if self.is_warm.replace(true) {
            return;
        }
        // Before any part has come nothing tells the cost.
        let Some(part) = self.store.any_part() else { return self.is_warm.set(false) };
        let mut search = KeySearch::new(part.sealing.cost);
        search.add([0; 32], Details::none(), WARM_UP_BITS);
        let _: Result<Option<Vec<Key>>, Cancelled> = self.store.source().derive(&search, observer).await;
    }

    /// Calls `work` until it ends with something else than [`Stop::Needs`]. Boxed, so that the module contains once, and not with
    /// each question that can be asked, what becomes of a call that is dropped.
    pub(super) fn run<'a>(
        &'a self,
        observer: &'a dyn Observer,
        work: &'a mut dyn FnMut(&Run<'_, S>) -> Result<(), Stop>,
    ) -> Pin<Box<dyn Future<Output = Result<(), Stop>> + 'a>> {
        Box::pin(run::run(&self.store, &self.derivations, observer, work))
    }
}

fn search<S: Source>(run: &Run<'_, S>, root: &Rc<Root>, asked: &ParsedQuestion) -> Result<Outcome, Stop> {
    let prefix = Code::district(asked.digits.prefix());
    let part = run.part(root, prefix.map(Code::province).unwrap_or_default(), None)?;
    let directory = match prefix.and_then(Code::regency_of) {
        Some(regency) => run.directory_for(&part, regency)?,
        None => None,
    };
    let mut builder = AnswerBuilder::new(&part.election, run.store.provenance(root), asked, directory.as_deref());
    let tables = directory.as_ref().and_then(|directory| directory.tables_of(asked.digits.prefix()));
    let Some(tables) = tables else { return Ok(builder.no_voters()) };
    let mut search = TableSearch::new(&part);
    if asked.only != Some(Recipe::Near) {
        load_full(run, root, &part, tables, Some(&asked.digits))?;
        if let Some(table) = table_of(run, &part, tables, Recipe::Full, &asked.digits)? {
            search.add(&table, Details::full(&asked.digits, asked.name.whole()));
            builder.searched.by.push(Recipe::Full);
        }
    }
    if let Some(village) = asked.village
        && let Some(table) = table_of(run, &part, tables, Recipe::Near, &asked.digits)?
    {
        let common = table.table.common();
        for token in asked.name.asked_tokens(&common) {
            search.add(&table, Details::near(&asked.digits, village.number(), token));
        }
        builder.searched.by.push(Recipe::Near);
        builder.searched.common_name = asked.name.is_only_common(&common);
    }
    let hits = open(run, &search, !asked.first_hit)?;
    for recipe in [Recipe::Full, Recipe::Near] {
        let mut found = FoundStations::default();
        for hit in hits.iter().filter(|hit| hit.recipe == recipe) {
            found.add(hit.details, run.resolve(root, &part, tables, &hit.file, &hit.value)?);
        }
        if !found.is_empty() {
            return Ok(builder.found(recipe, found, |station| run.help_at(root, station)));
        }
    }
    if asked.village.is_none() {
        let villages = run.villages_of(root, tables)?;
        return Ok(builder.village_needed(asked.name.is_long(), villages));
    }
    Ok(builder.not_found())
}

fn alternatives<S: Source>(run: &Run<'_, S>, name: &FoldedName, niks: &[String]) -> Result<Vec<String>, Stop> {
    let root = run.root()?;
    // Any part tells the election and the cost; without one no table is here.
    let Some(any) = run.store.any_part() else { return Ok(Vec::new()) };
    let mut search = TableSearch::new(&any);
    let mut asked = Vec::new();
    for nik in niks {
        let Ok(digits) = Digits::typed(nik) else { continue };
        let Some(regency) = Code::district(digits.prefix()).and_then(Code::regency_of) else { continue };
        let Some(directory) = run.directory_here(&root, regency) else { continue };
        let file = directory.tables_of(digits.prefix());
        let file = file.and_then(|tables| tables.file_of(Recipe::Full, &any.election.id, &digits));
        let Some((file, table)) = file.and_then(|file| Some((*file, run.here(file.digest)?))) else { continue };
        search.add(&AskedTable { recipe: Recipe::Full, file, table }, Details::full(&digits, name.whole()));
        asked.push(nik);
    }
    let hits = open(run, &search, true)?;
    let mut found = Vec::new();
    for (at, nik) in asked.into_iter().enumerate() {
        if hits.iter().any(|hit| hit.details == at) {
            found.push(nik.clone());
        }
    }
    Ok(found)
}

/// Opens the tables with all keys of a search. Unless it is `complete`, the first hit is enough.
fn open<S: Source>(run: &Run<'_, S>, search: &TableSearch<'_>, complete: bool) -> Result<Vec<Hit>, Stop> {
    let of = search.keys.len();
    // In a browser every search is complete.
    if complete || cfg!(target_arch = "wasm32") {
        return run.keys(&search.keys, of, |keys| (0..).zip(keys).filter_map(|(index, key)| search.open(index, key)).collect());
    }
    for index in 0..of {
        let hit = run.keys(&search.keys, index + 1, |keys| search.open(index, keys.last()?))?;
        if hit.is_some() {
            return Ok(hit.into_iter().collect());
        }
    }
    Ok(Vec::new())
}

/// The table's file for 12 digits, verified; `None` where no voter's name is long enough.
fn table_of<S: Source>(
    run: &Run<'_, S>,
    part: &ProvincePart,
    tables: &Tables,
    recipe: Recipe,
    digits: &Digits,
) -> Result<Option<AskedTable>, Stop> {
    let Some(file) = tables.file_of(recipe, &part.election.id, digits) else { return Ok(None) };
    let table = run.table(part, file, recipe, home_stations(tables))?;
    Ok(Some(AskedTable { recipe, file: *file, table }))
}

fn prefetch<S: Source>(
    run: &Run<'_, S>,
    typed: &str,
    whole: Option<Digits>,
    is_short: bool,
    prepared: &mut Prepared,
) -> Result<(), Stop> {
    let root = run.root()?;
    prepared.data = Some(run.store.provenance(&root));
    let part = match typed.get(..2).and_then(Code::parse) {
        Some(province) => Some(run.part(&root, province.province(), None)?),
        None => run.store.any_part(),
    };
    let Some(part) = part else { return Ok(()) };
    prepared.election = Some((&part.election).into());
    let Some(regency) = typed.get(..4).and_then(Code::parse) else { return Ok(()) };
    let directory = run.directory_for(&part, regency)?;
    let Some(prefix) = typed.get(..6).and_then(Code::parse) else { return Ok(()) };
    match directory.as_ref().and_then(|directory| Some((directory, directory.district(prefix)?))) {
        Some((directory, district)) => {
            prepared.district = Some(DistrictName {
                code: prefix.to_string(),
                name: district.name.clone(),
                regency: directory.name.clone(),
                province: part.province.name.clone(),
            });
        }
        None => prepared.warnings.push(Warning::UnknownDistrict),
    }
    let Some(directory) = directory else { return Ok(()) };
    let Some(tables) = directory.tables_of(prefix.short()) else { return Ok(()) };
    if is_short {
        prepared.villages = run.villages_of(&root, tables)?;
    }
    prepared.ready = load_full(run, &root, &part, tables, whole.as_ref())? && whole.is_some();
    if let Some(digits) = whole.filter(|_| is_short) {
        table_of(run, &part, tables, Recipe::Near, &digits)?;
    }
    Ok(())
}

/// The table for an answer by `full`, as soon as the digits say which of its files, and the station lists of all its home
/// districts. The lists are fetched whether or not the answer is in them, so that requests do not tell a mirror whether a voter
/// was found there. Returns whether all lists have come; only an answer that is in a missing one fails.
fn load_full<S: Source>(
    run: &Run<'_, S>,
    root: &Root,
    part: &ProvincePart,
    tables: &Tables,
    digits: Option<&Digits>,
) -> Result<bool, Stop> {
    let file = match digits {
        Some(digits) => tables.file_of(Recipe::Full, &part.election.id, digits),
        None => tables.only_file(Recipe::Full),
    };
    // All are asked for before the first is waited for.
    let table = file.map_or(Ok(()), |file| run.table(part, file, Recipe::Full, home_stations(tables)).map(drop));
    let (mut are_coming, mut are_here) = (false, true);
    for district in tables.homes.iter().filter_map(|home| Code::district(home.district)) {
        let list = home_list(run, root, district);
        are_coming |= matches!(list, Err(Stop::Needs));
        are_here &= list.is_ok();
    }
    table?;
    if are_coming { Err(Stop::Needs) } else { Ok(are_here) }
}

fn home_list<S: Source>(run: &Run<'_, S>, root: &Root, district: Code) -> Result<(), Stop> {
    let directory = run.directory(root, district, None)?;
    let file = directory.district(district).and_then(|district| district.stations);
    file.map_or(Ok(()), |file| run.stations(&file, None).map(drop))
}

fn home_stations(tables: &Tables) -> u32 {
    tables.homes.iter().fold(0, |sum, home| sum.saturating_add(home.stations))
}
