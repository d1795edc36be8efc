//! The engine: answers a question, and prefetches while the digits are typed.

use super::answer::AnswerBuilder;
use super::file_store::{FileStore, Root};
use super::join::{Stop, try_join_all};
use super::observer::{Cancelled, Observer, Progress};
use super::outcome::{Outcome, Prepared};
use super::problem::Unavailable;
use super::question::{ParsedQuestion, Question, typed_so_far};
use super::shown::{DistrictName, Provenance};
use super::source::Source;
use crate::format::code::Code;
use crate::format::directory::Tables;
use crate::format::trust::Trust;
use crate::key::{Cost, Deriver, Details, Recipe};
use crate::nik::{Digits, Warning};
use crate::table::{Table, TableValue};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How often a question is answered again because a newer head has arrived meanwhile.
const MAX_OVERTAKEN: u32 = 3;

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
    /// Kept for the next question, because its memory is the largest allocation of a lookup.
    deriver: RefCell<Option<(Cost, Deriver)>>,
}

impl<S: Source> Lookup<S> {
    /// Answers from the files of a source, as far as they are signed as `trust` demands.
    pub fn new(source: S, trust: Trust) -> Self {
        Self { store: FileStore::new(source, trust), deriver: RefCell::default() }
    }

    /// Where does this voter vote?
    ///
    /// [`Recipe::Full`] is tried first: one derivation, exact name, no village. If it finds nothing and the question has a
    /// village, [`Recipe::Near`] tries all peppers.
    ///
    /// # Errors
    /// [`Cancelled`] when the observer says so. Everything else that can go wrong is an [`Outcome`].
    pub async fn ask(&self, question: &Question, observer: &impl Observer) -> Result<Outcome, Cancelled> {
        let mut left = MAX_OVERTAKEN;
        loop {
            let (root, mut outcome) = match self.answer(question, observer).await {
                Ok(answered) => answered,
                Err(Stop::Answer(outcome)) => (None, *outcome),
                Err(Stop::Cancelled) => return Err(Cancelled),
            };
            // Where a newer head has arrived meanwhile, it decides the answer.
            left -= 1;
            if left > 0 && root.as_ref().is_some_and(|root| self.store.is_overtaken(root)) {
                continue;
            }
            if let (Some(root), Some(data)) = (root, outcome.data_mut()) {
                // The time may have come meanwhile.
                *data = Provenance { problems: self.store.problems(), ..self.store.provenance(&root) };
            }
            return Ok(outcome);
        }
    }

    async fn answer(&self, question: &Question, observer: &impl Observer) -> Result<(Option<Rc<Root>>, Outcome), Stop> {
        let asked = match question.read() {
            Ok(asked) => asked,
            Err((field, reason)) => return Ok((None, Outcome::BadInput { field, reason })),
        };
        observer.step(Progress { step: "files", done: 0, of: 0 }).await?;
        let root = self.store.root().await?;
        let outcome = match self.stale(&root) {
            Some(stale) => stale,
            None => self.search(&root, &asked, observer).await?,
        };
        Ok((Some(root), outcome))
    }

    async fn search(&self, root: &Rc<Root>, asked: &ParsedQuestion, observer: &impl Observer) -> Result<Outcome, Stop> {
        let prefix = Code::district(asked.digits.prefix());
        let directory = match prefix.and_then(Code::regency_of) {
            Some(regency) => self.store.directory_for(root, regency).await?,
            None => None,
        };
        let mut builder = AnswerBuilder::new(root, self.store.provenance(root), asked, directory.as_deref());
        let tables = directory.as_ref().and_then(|directory| directory.tables_of(&root.manifest.election.id, &asked.digits));
        let Some(tables) = tables else { return Ok(builder.no_voters()) };

        if let Some(table_file) = tables.full.as_ref().filter(|_| asked.only != Some(Recipe::Near)) {
            self.load_full(root, tables).await?;
            let table = self.store.table(root, table_file, Recipe::Full, home_stations(tables)).await?;
            let details = Details::full(&asked.digits, asked.name.whole());
            if let Some(value) = self.open(root, &table, &details, 0, observer).await? {
                let stations = self.store.resolve(root, tables, table_file, &value).await?;
                return Ok(builder.found(Recipe::Full, stations));
            }
            builder.searched.by.push(Recipe::Full);
        }
        let Some(village) = asked.village else {
            let villages = self.store.villages_of(root, tables).await?;
            return Ok(builder.village_needed(asked.name.is_long(), villages));
        };
        let table_file = &tables.near;
        let table = self.store.table(root, table_file, Recipe::Near, home_stations(tables)).await?;
        let common = table.common();
        let details = Details::near(&asked.digits, village.number(), asked.name.first_significant(&common));
        if let Some(value) = self.open(root, &table, &details, root.manifest.sealing.pepper_bits, observer).await? {
            let stations = self.store.resolve(root, tables, table_file, &value).await?;
            return Ok(builder.found(Recipe::Near, stations));
        }
        builder.searched.by.push(Recipe::Near);
        builder.searched.common_name = asked.name.is_only_common(&common);
        Ok(builder.not_found())
    }

    /// Tries one pepper after another until a key opens something.
    async fn open(
        &self,
        root: &Root,
        table: &Table,
        details: &Details,
        pepper_bits: u8,
        observer: &impl Observer,
    ) -> Result<Option<TableValue>, Stop> {
        let salt = table.salt(&root.manifest.election.id);
        let of = 1 << pepper_bits;
        for pepper in 0..of {
            observer.step(Progress { step: "derive", done: pepper, of }).await?;
            let cost = root.manifest.sealing.cost;
            let mut deriver = self.deriver.borrow_mut();
            if deriver.as_ref().is_none_or(|(for_cost, _)| *for_cost != cost) {
                *deriver = Deriver::new(cost).ok().map(|deriver| (cost, deriver));
            }
            let key = deriver.as_mut().map(|(_, deriver)| deriver.derive(&salt, details, pepper));
            drop(deriver);
            if let Some(value) = key.and_then(|key| table.open(&key)) {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Fetches what the digits typed so far lead to, and tells what they already say. What cannot be fetched is left to
    /// [`Lookup::ask`], which reports it.
    pub async fn prepare(&self, text: &str) -> Prepared {
        let digits = typed_so_far(text).unwrap_or_default();
        let mut prepared = Prepared { digits: digits.len(), ..Prepared::default() };
        let typed: String = digits.iter().copied().map(char::from).collect();
        let whole = Digits::typed(&typed).ok();
        prepared.warnings = whole.map(|digits| digits.warnings()).unwrap_or_default();
        let _: Result<(), Stop> = self.prefetch(&typed, whole, &mut prepared).await;
        prepared
    }

    async fn prefetch(&self, typed: &str, whole: Option<Digits>, prepared: &mut Prepared) -> Result<(), Stop> {
        let root = self.store.root().await?;
        prepared.election = Some((&root.manifest.election).into());
        prepared.data = Some(self.store.provenance(&root));
        let Some(regency) = typed.get(..4).and_then(Code::parse) else { return Ok(()) };
        let directory = self.store.directory_for(&root, regency).await?;
        let Some(prefix) = typed.get(..6).and_then(Code::parse) else { return Ok(()) };
        match directory.as_ref().and_then(|directory| Some((directory, directory.district(prefix)?))) {
            Some((directory, district)) => {
                let province = root.manifest.province(prefix.province()).map(|province| province.name.clone());
                prepared.district = Some(DistrictName {
                    code: prefix.to_string(),
                    name: district.name.clone(),
                    regency: directory.name.clone(),
                    province: province.unwrap_or_default(),
                });
            }
            None => prepared.warnings.push(Warning::UnknownDistrict),
        }
        let Some(directory) = directory else { return Ok(()) };
        let tables = match &whole {
            Some(digits) => directory.tables_of(&root.manifest.election.id, digits),
            None => directory.only_tables_of(prefix.short()),
        };
        let Some(tables) = tables else { return Ok(()) };
        prepared.ready = self.load_full(&root, tables).await? && whole.is_some();
        Ok(())
    }

    /// Fetches the table for an answer by `full`, and the station lists of all its home districts. The lists are fetched
    /// whether or not the answer is in them, so that requests do not tell a mirror whether a voter was found there. Returns
    /// whether all lists have come; only an answer that is in a missing one fails.
    async fn load_full(&self, root: &Root, tables: &Tables) -> Result<bool, Stop> {
        let has_lists = Cell::new(true);
        let table = async {
            if let Some(file) = &tables.full {
                self.store.table(root, file, Recipe::Full, home_stations(tables)).await?;
            }
            Ok(())
        };
        let lists = async {
            for district in tables.homes.iter().filter_map(|home| Code::district(home.district)) {
                if self.home_list(root, district).await.is_err() {
                    has_lists.set(false);
                }
            }
            Ok(())
        };
        try_join_all(vec![Box::pin(table), Box::pin(lists)]).await?;
        Ok(has_lists.get())
    }

    async fn home_list(&self, root: &Root, district: Code) -> Result<(), Unavailable> {
        let directory = self.store.directory(root, district, None).await?;
        if let Some(file) = directory.district(district).and_then(|district| district.stations) {
            self.store.stations(&file, None).await?;
        }
        Ok(())
    }

    /// The outcome of any question where the head has expired.
    pub(super) fn stale(&self, root: &Root) -> Option<Outcome> {
        let election = Some((&root.manifest.election).into());
        (self.store.now() > root.head.expires).then(|| Outcome::Stale { election, data: self.store.provenance(root) })
    }
}

fn home_stations(tables: &Tables) -> u32 {
    tables.homes.iter().fold(0, |sum, home| sum.saturating_add(home.stations))
}
