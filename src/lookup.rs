//! The lookup: a question, the files it takes, and its outcome. The same code in the browser and in the terminal; only the
//! [`Source`] of the files and the [`Observer`] over the derivations differ.

mod browse;
mod file_store;
mod outcome;
mod question;
mod saved;
mod single_flight;
mod village_search;

use crate::format::code::Code;
use crate::format::container::FileRef;
use crate::format::directory::{Directory, Tables};
use crate::key::{Cost, Deriver, Details, Recipe};
use crate::nik::{Digits, Warning};
use crate::table::{StationRef, Table, TableValue};
pub use file_store::{FileRequest, FoundHead, Source};
use file_store::{FileStore, Root};
pub use outcome::*;
pub use question::Question;
use question::{ParsedQuestion, typed_so_far};
pub use saved::{PersistentSource, Saved};
use single_flight::try_join_all;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// How far a lookup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// `files` or `derive`.
    pub step: &'static str,
    /// Derivations done.
    pub done: u32,
    /// Derivations at most.
    pub of: u32,
}

/// The asker went away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Told how far a lookup is; may let others run meanwhile, and may end it.
pub trait Observer {
    /// Called before the files and before each derivation.
    fn step(&self, progress: Progress) -> impl Future<Output = Result<(), Cancelled>>;
}

/// How often one question is answered anew because a newer head came meanwhile.
const MAX_OVERTAKEN: u32 = 3;

/// A fetch ahead.
type Fetched<'a> = Pin<Box<dyn Future<Output = Result<(), Stop>> + 'a>>;

/// Why a lookup stopped early.
enum Stop {
    Answer(Box<Outcome>),
    Cancelled,
}

impl From<Unavailable> for Stop {
    fn from(trouble: Unavailable) -> Self {
        Self::Answer(Box::new(trouble.into()))
    }
}

impl From<Cancelled> for Stop {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Answers questions from the files of one election.
pub struct Lookup<S> {
    store: FileStore<S>,
    /// Kept for the next question: its memory is the largest thing that a lookup needs.
    deriver: RefCell<Option<(Cost, Deriver)>>,
}

impl<S: Source> Lookup<S> {
    /// Answers from a source's files, as far as they are signed by who is trusted.
    pub fn new(source: S, trust: crate::format::trust::Trust) -> Self {
        Self { store: FileStore::new(source, trust), deriver: RefCell::default() }
    }

    /// Where does this voter vote?
    ///
    /// An exact name is answered by `full`: one derivation, no village. Else, with a village, `near` tries all peppers.
    ///
    /// # Errors
    /// [`Cancelled`] when the watch says so; whatever else goes wrong is an [`Outcome`].
    pub async fn ask(&self, question: &Question, watch: &impl Observer) -> Result<Outcome, Cancelled> {
        let mut left = MAX_OVERTAKEN;
        loop {
            let (root, mut outcome) = match self.answer(question, watch).await {
                Ok(answered) => answered,
                Err(Stop::Answer(outcome)) => (None, *outcome),
                Err(Stop::Cancelled) => return Err(Cancelled),
            };
            // A newer head came meanwhile: what it leads to is the answer.
            left -= 1;
            if left > 0 && root.is_some_and(|root| self.store.is_overtaken(&root)) {
                continue;
            }
            if let Some(data) = outcome.data_mut() {
                data.problems = self.store.problems();
            }
            return Ok(outcome);
        }
    }

    async fn answer(&self, question: &Question, watch: &impl Observer) -> Result<(Option<Rc<Root>>, Outcome), Stop> {
        let asked = match question.read() {
            Ok(asked) => asked,
            Err((field, reason)) => return Ok((None, Outcome::BadInput { field, reason })),
        };
        watch.step(Progress { step: "files", done: 0, of: 0 }).await?;
        let root = self.store.root().await?;
        let outcome = match self.stale(&root) {
            Some(stale) => stale,
            None => self.search(&root, &asked, watch).await?,
        };
        Ok((Some(root), outcome))
    }

    async fn search(&self, root: &Rc<Root>, asked: &ParsedQuestion, watch: &impl Observer) -> Result<Outcome, Stop> {
        let prefix = Code::district(asked.digits.prefix());
        let directory = match prefix.and_then(Code::regency_of) {
            Some(regency) => self.store.directory_for(root, regency).await?,
            None => None,
        };
        let mut search = Search::new(root, self.store.now(), asked, directory.as_deref());
        let tables = directory.as_ref().and_then(|directory| directory.tables_of(&root.manifest.election.id, &asked.digits));
        let Some(tables) = tables else { return Ok(search.nobody()) };

        if let Some(table_file) = tables.full.as_ref().filter(|_| asked.only != Some(Recipe::Near)) {
            self.load_full(root, tables).await?;
            let table = self.store.table(root, table_file, Recipe::Full, home_stations(tables)).await?;
            let details = Details::full(&asked.digits, asked.name.whole());
            if let Some(sealed) = self.open(root, &table, &details, 0, watch).await? {
                let stations = self.resolve(root, tables, table_file, &sealed).await?;
                return Ok(search.found(Recipe::Full, stations));
            }
            search.searched.by.push(Recipe::Full);
        }
        let Some(village) = asked.village else {
            let villages = self.villages_of(root, tables).await?;
            return Ok(search.village_needed(asked.name.is_long(), villages));
        };
        let table_file = &tables.near;
        let table = self.store.table(root, table_file, Recipe::Near, home_stations(tables)).await?;
        let common = table.common();
        let details = Details::near(&asked.digits, village.number(), asked.name.first_significant(&common));
        if let Some(sealed) = self.open(root, &table, &details, root.manifest.sealing.pepper_bits, watch).await? {
            let stations = self.resolve(root, tables, table_file, &sealed).await?;
            return Ok(search.found(Recipe::Near, stations));
        }
        search.searched.by.push(Recipe::Near);
        search.searched.common_name = asked.name.is_only_common(&common);
        Ok(search.not_found())
    }

    /// Tries the peppers one by one until a key opens something.
    async fn open(
        &self,
        root: &Root,
        table: &Table,
        details: &Details,
        pepper_bits: u8,
        watch: &impl Observer,
    ) -> Result<Option<TableValue>, Stop> {
        let salt = table.salt(&root.manifest.election.id);
        let of = 1 << pepper_bits;
        for pepper in 0..of {
            watch.step(Progress { step: "derive", done: pepper, of }).await?;
            let cost = root.manifest.sealing.cost;
            let mut deriver = self.deriver.borrow_mut();
            if deriver.as_ref().is_none_or(|(for_cost, _)| *for_cost != cost) {
                *deriver = Deriver::new(cost).map(|deriver| (cost, deriver));
            }
            let key = deriver.as_mut().map(|(_, deriver)| deriver.derive(&salt, details, pepper));
            drop(deriver);
            if let Some(sealed) = key.and_then(|key| table.open(&key)) {
                return Ok(Some(sealed));
            }
        }
        Ok(None)
    }

    /// From what a table stores to stations with their names.
    async fn resolve(
        &self,
        root: &Root,
        tables: &Tables,
        table: &FileRef,
        sealed: &TableValue,
    ) -> Result<Vec<Station>, Unavailable> {
        let station_refs = match sealed {
            TableValue::One(station_ref) => vec![*station_ref],
            TableValue::Several(stations) => stations.iter().map(|&station| StationRef::Elsewhere(station)).collect(),
        };
        let mut stations = Vec::with_capacity(station_refs.len());
        for station_ref in station_refs {
            stations.push(self.station(root, tables, table, station_ref).await?);
        }
        Ok(stations)
    }

    async fn station(
        &self,
        root: &Root,
        tables: &Tables,
        table: &FileRef,
        station_ref: StationRef,
    ) -> Result<Station, Unavailable> {
        // Together with the table, the files of a mover's district would say where somebody went.
        let apart = matches!(station_ref, StationRef::Elsewhere(_)).then_some(table);
        let (district, position) = match station_ref {
            StationRef::Home(mut position) => {
                let home = tables.homes.iter().find(|home| match position.checked_sub(home.stations) {
                    Some(rest) => {
                        position = rest;
                        false
                    }
                    None => true,
                });
                (home.and_then(|home| Code::district(home.district)), position)
            }
            StationRef::Elsewhere(number) => self.district_of_station(root, number, apart).await?,
        };
        let nowhere = || self.store.invalid("t/", "a table leads to a station that is in no list");
        let district = district.ok_or_else(nowhere)?;
        let directory = self.store.directory(root, district, apart).await?;
        let file = directory.district(district).and_then(|district| district.stations).ok_or_else(nowhere)?;
        let list = self.store.stations(&file, apart).await?;
        let station = usize::try_from(position).ok().and_then(|at| list.stations.get(at)).ok_or_else(nowhere)?;
        let province = root.manifest.province(district.province()).ok_or_else(nowhere)?;
        Ok(Station::new(station, district, &directory, province, &root.manifest.election))
    }

    /// The district and the position in its list of a station by its number in the election.
    async fn district_of_station(
        &self,
        root: &Root,
        number: u32,
        apart: Option<&FileRef>,
    ) -> Result<(Option<Code>, u32), Unavailable> {
        let Some((regency, entry, mut left)) = root.manifest.regency_of_station(number) else { return Ok((None, 0)) };
        let directory = self.store.directory(root, regency, apart).await?;
        let total = directory.districts.iter().fold(0_u32, |sum, district| sum.saturating_add(district.addressable));
        if total != entry.stations {
            return Err(self.store.invalid(
                &entry.directory.path(crate::format::container::Kind::Directory),
                "its stations are not as many as the manifest says",
            ));
        }
        for district in &directory.districts {
            match left.checked_sub(district.addressable) {
                None => return Ok((Some(regency.within(district.code)), left)),
                Some(rest) => left = rest,
            }
        }
        Ok((None, 0))
    }

    /// Fetches what the digits typed so far lead to, and tells what they already say. Unavailable is left to the lookup itself.
    pub async fn prepare(&self, text: &str) -> Prepared {
        let digits = typed_so_far(text).unwrap_or_default();
        let mut prepared = Prepared { digits: digits.len(), ..Prepared::default() };
        let typed: String = digits.iter().copied().map(char::from).collect();
        let whole = Digits::typed(&typed).ok();
        prepared.warnings = whole.map(|digits| digits.warnings()).unwrap_or_default();
        // What could not be fetched will be asked for again by the lookup, which reports it.
        let _: Result<(), Stop> = self.prefetch(&typed, whole, &mut prepared).await;
        prepared
    }

    async fn prefetch(&self, typed: &str, whole: Option<Digits>, prepared: &mut Prepared) -> Result<(), Stop> {
        let root = self.store.root().await?;
        prepared.election = Some((&root.manifest.election).into());
        prepared.data = Some(root.provenance(self.store.now()));
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

    /// Brings what an answer by `full` takes: the table, and the station lists of its homes whether or not the answer is in
    /// them, so that what a mirror is asked for does not tell whether somebody was found there. Tells whether all lists came:
    /// only an answer that is in one needs it.
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

    fn stale(&self, root: &Root) -> Option<Outcome> {
        let now = self.store.now();
        let election = Some((&root.manifest.election).into());
        (now > root.head.expires).then(|| Outcome::Stale { election, data: root.provenance(now) })
    }
}

fn home_stations(tables: &Tables) -> u32 {
    tables.homes.iter().fold(0, |sum, home| sum.saturating_add(home.stations))
}

/// What every answer to one question has in common.
struct Search {
    election: Election,
    data: Provenance,
    warnings: Vec<Warning>,
    searched: Searched,
    exists_today: bool,
}

impl Search {
    fn new(root: &Rc<Root>, now: u64, asked: &ParsedQuestion, directory: Option<&Directory>) -> Self {
        let prefix = Code::district(asked.digits.prefix());
        let district = prefix.and_then(|code| directory?.district(code));
        let mut warnings = asked.digits.warnings();
        if district.is_none() {
            warnings.push(Warning::UnknownDistrict);
        }
        let searched = Searched {
            district: prefix.map(|code| code.to_string()).unwrap_or_default(),
            district_name: district.map(|district| district.name.clone()),
            regency: directory.filter(|directory| directory.regency != 0).map(|directory| directory.name.clone()),
            village: asked.village.map(|village| village.to_string()),
            ..Searched::default()
        };
        let data = root.provenance(now);
        Self { election: (&root.manifest.election).into(), data, warnings, searched, exists_today: district.is_some() }
    }

    fn found(self, by: Recipe, mut stations: Vec<Station>) -> Outcome {
        let Self { election, data, warnings, .. } = self;
        if stations.len() == 1
            && let Some(station) = stations.pop()
        {
            return Outcome::Found { by, station: Box::new(station), election, data, warnings };
        }
        Outcome::Ambiguous { by, stations, election, data, warnings }
    }

    fn village_needed(self, is_long: bool, villages: Vec<Village>) -> Outcome {
        let reason = if is_long { VillageReason::NotFoundByName } else { VillageReason::ShortName };
        let Self { election, data, warnings, searched, .. } = self;
        Outcome::VillageNeeded { reason, villages, searched, election, data, warnings }
    }

    fn not_found(self) -> Outcome {
        let Self { election, data, warnings, searched, .. } = self;
        Outcome::NotFound { searched, election, data, warnings }
    }

    /// No voter of the roll has a NIK with this prefix.
    fn nobody(self) -> Outcome {
        if self.exists_today {
            return self.not_found();
        }
        let Self { election, data, warnings, searched, .. } = self;
        Outcome::NoSuchRegion { searched, election, data, warnings }
    }
}
