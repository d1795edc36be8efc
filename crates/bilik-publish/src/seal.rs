//! Sealing one group of voters: two tables, one by each recipe. Both are read back and asked for every voter before they are
//! published.

use super::cancel::{CancellationToken, Interrupted};
use super::input::Regions;
use super::layout::Layout;
use super::partition::common_among;
use super::plan::Group;
use super::randomness::{Randomness, nonce};
use super::roll::Voter;
use bilik::format::{self, FileRef, FormatError, Home, Sealing};
use bilik::{
    CostError, Deriver, Details, FoldedName, Key, MAX_STATIONS_PER_KEY, Recipe, StationRef, Table, TableHeader, TableValue,
    table_salt,
};
use rand::Rng as _;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What sealing needs besides the voters.
pub struct SealContext<'a> {
    /// The election's id.
    pub election: &'a str,
    /// What a key costs.
    pub sealing: Sealing,
    /// Names of today's regions.
    pub regions: &'a Regions,
    /// The numbers of stations.
    pub layout: &'a Layout,
    /// Randomness.
    pub randomness: &'a Randomness,
    /// Stops the derivations.
    pub cancel: &'a CancellationToken,
}

/// Why a group cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The cost is out of range.
    #[error(transparent)]
    Cost(CostError),
    /// A name that `check` should have rejected.
    #[error("voters, line {line}: nothing is left of the name. This is a bug in Bilik: please report it")]
    Name {
        /// The line.
        line: u64,
    },
    /// A key that `check` should have rejected.
    #[error("table {label}: more than {MAX_STATIONS_PER_KEY} stations share one key. This is a bug in Bilik: please report it")]
    CrowdedKey {
        /// The group.
        label: String,
    },
    /// No table holds these keys.
    #[error("table {label} by {recipe:?} cannot be sealed: {error}. This is a bug in Bilik: please report it")]
    Table {
        /// The group.
        label: String,
        /// The recipe.
        recipe: Recipe,
        /// Why not.
        error: bilik::SealError,
    },
    /// The table exceeds its limits, or does not read back.
    #[error("table {label} by {recipe:?}: {error}")]
    Format {
        /// The group.
        label: String,
        /// The recipe.
        recipe: Recipe,
        /// What is wrong.
        error: FormatError,
    },
    /// The table that was read back does not lead to a voter's station.
    #[error(
        "voters, line {line}: the sealed table {label} does not lead to their station. This is a bug in Bilik: please report it"
    )]
    WrongAnswer {
        /// The line.
        line: u64,
        /// The group.
        label: String,
    },
}

/// The sealed files of one group.
pub struct SealedGroup {
    /// By `full`, where any name is long enough.
    pub full: Option<(Vec<u8>, FileRef)>,
    /// By `near`.
    pub near: (Vec<u8>, FileRef),
    /// The districts whose stations have the short values.
    pub homes: Vec<Home>,
}

/// Seals a group. `on_keys` is called with the number of keys derived, some at a time. Cost: two derivations a voter, on all
/// cores; each name is folded once.
///
/// # Errors
/// When more than three stations share a key (which `check` finds first), when the run is cancelled, or when a table does not
/// give the right station for one of its voters.
pub fn seal(
    context: &SealContext,
    group: &Group,
    voters: &[Voter],
    on_keys: &(dyn Fn(u64) + Sync),
) -> Result<SealedGroup, SealError> {
    let homes = context.layout.homes(&group.prefixes, context.regions, voters.iter().map(|voter| voter.station));
    let fold = |voter: &Voter| bilik::fold_name(&voter.name).map_err(|_| SealError::Name { line: voter.line });
    let names: Vec<FoldedName> = voters.iter().map(fold).collect::<Result<_, _>>()?;
    let (common, common_digests) = common_among(names.iter());
    let mut full = BTreeMap::new();
    let mut near = BTreeMap::new();
    let mut short = Vec::new();
    for (voter, name) in voters.iter().zip(&names) {
        let add = |keys: &mut KeyMap, details| keys.entry(details).or_default().insert(voter.station);
        add(&mut near, Details::near(&voter.digits, voter.village.number(), name.first_significant(&common)));
        if name.is_long() {
            add(&mut full, Details::full(&voter.digits, name.whole()));
        } else {
            short.push((voter, name));
        }
    }
    // A short name is not sealed by `full`, but a lookup tries it there first, since "Budisantoso" may be "Budi Santoso": it must
    // open nothing by chance. If it is the longer name of another voter, its station belongs to that key.
    let mut absent = Vec::new();
    for (voter, name) in short {
        let details = Details::full(&voter.digits, name.whole());
        match full.get_mut(&details) {
            Some(stations) if stations.len() < MAX_STATIONS_PER_KEY => drop(stations.insert(voter.station)),
            Some(_) => {}
            None => absent.push(details),
        }
    }
    let make = |contents| table(context, group, &homes, contents, on_keys);
    let full = Contents { recipe: Recipe::Full, wanted: full, absent, common: Vec::new() };
    let full = if full.wanted.is_empty() { None } else { Some(make(full)?) };
    let near = make(Contents { recipe: Recipe::Near, wanted: near, absent: Vec::new(), common: common_digests })?;
    for (voter, name) in voters.iter().zip(&names) {
        let by_near = near.answers.get(&Details::near(&voter.digits, voter.village.number(), name.first_significant(&common)));
        let by_full =
            full.as_ref().filter(|_| name.is_long()).map(|full| full.answers.get(&Details::full(&voter.digits, name.whole())));
        let right = |stations: Option<&Vec<u32>>| stations.is_some_and(|stations| stations.contains(&voter.station));
        if !right(by_near) || !by_full.is_none_or(right) {
            return Err(SealError::WrongAnswer { line: voter.line, label: group.label.clone() });
        }
    }
    Ok(SealedGroup { full: full.map(|table| table.file), near: near.file, homes })
}

/// A table's file, and what it answered when it was read back and asked for every key.
struct SolvedTable {
    file: (Vec<u8>, FileRef),
    answers: HashMap<Details, Vec<u32>>,
}

/// Details, and the stations that they lead to.
type KeyMap = BTreeMap<Details, BTreeSet<u32>>;

/// What one table is to hold.
struct Contents {
    recipe: Recipe,
    wanted: KeyMap,
    /// Details that must open nothing.
    absent: Vec<Details>,
    common: Vec<u32>,
}

fn table(
    context: &SealContext,
    group: &Group,
    homes: &[Home],
    contents: Contents,
    on_keys: &(dyn Fn(u64) + Sync),
) -> Result<SolvedTable, SealError> {
    let Contents { recipe, wanted, absent, common } = contents;
    let mut stream = context.randomness.stream(&format!("{} {recipe:?}", group.label));
    let nonce = nonce(&mut stream);
    let salt = table_salt(context.election, &group.label, recipe, &nonce);
    let pepper_bits = pepper_bits(context.sealing, recipe);
    let mut peppered = Vec::with_capacity(wanted.len() + absent.len());
    let mut values = Vec::with_capacity(wanted.len());
    for (details, stations) in wanted {
        values.push(value(context.layout, homes, &stations).ok_or_else(|| SealError::CrowdedKey { label: group.label.clone() })?);
        peppered.push((details, pepper(stream.next_u32(), pepper_bits)));
    }
    peppered.extend(absent.into_iter().map(|details| (details, 0)));
    let keys = derive(context, &salt, &peppered, on_keys)?;
    let (sealed_here, absent) = keys.split_at(values.len().min(keys.len()));
    let entries: Vec<(Key, TableValue)> = sealed_here.iter().copied().zip(values).collect();
    let header = TableHeader {
        recipe,
        label: group.label.clone(),
        nonce,
        common,
        home_stations: homes.iter().map(|home| home.stations).sum(),
        all_stations: context.layout.all(),
    };
    let table = Table::seal(&header, &entries, absent, &mut || stream.next_u64());
    let table = table.map_err(|error| SealError::Table { label: group.label.clone(), recipe, error })?;
    let format_error = |error| SealError::Format { label: group.label.clone(), recipe, error };
    let (bytes, file) = format::write(&table).map_err(format_error)?;
    // From the bytes that will be published, not from what led to them.
    let read: Table = format::read(&bytes, &file).map_err(format_error)?;
    let mut answers = HashMap::with_capacity(entries.len());
    for ((details, _), (key, _)) in peppered.into_iter().zip(&entries) {
        let stations = match read.open(key) {
            Some(TableValue::One(station_ref)) => context.layout.station(homes, station_ref).into_iter().collect(),
            Some(TableValue::Several(stations)) => stations,
            None => Vec::new(),
        };
        answers.insert(details, stations);
    }
    Ok(SolvedTable { file: (bytes, file), answers })
}

/// Derives keys on all cores, in the order of their details.
fn derive(
    context: &SealContext,
    salt: &[u8; 32],
    peppered: &[(Details, u32)],
    on_keys: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Key>, SealError> {
    let chunk_of_keys = |deriver: &mut Result<Deriver, CostError>, chunk: &[(Details, u32)]| {
        context.cancel.check()?;
        let deriver = deriver.as_mut().map_err(|error| SealError::Cost(*error))?;
        let keys: Vec<Key> = chunk.iter().map(|(details, pepper)| deriver.derive(salt, details, *pepper)).collect();
        on_keys(u64::try_from(chunk.len()).unwrap_or_default());
        Ok(keys)
    };
    let chunks = peppered.par_chunks(64).map_init(|| Deriver::new(context.sealing.cost), chunk_of_keys);
    Ok(chunks.collect::<Result<Vec<_>, SealError>>()?.concat())
}

fn value(layout: &Layout, homes: &[Home], stations: &BTreeSet<u32>) -> Option<TableValue> {
    match stations.len() {
        1 => Some(TableValue::One(
            stations.first().map_or(StationRef::Elsewhere(0), |station| layout.station_ref(homes, *station)),
        )),
        2..=MAX_STATIONS_PER_KEY => Some(TableValue::Several(stations.iter().copied().collect())),
        _ => None,
    }
}

/// The pepper bits of a recipe: `full` has none.
#[must_use]
pub fn pepper_bits(sealing: Sealing, recipe: Recipe) -> u8 {
    match recipe {
        Recipe::Full => 0,
        Recipe::Near => sealing.pepper_bits,
    }
}

fn pepper(word: u32, bits: u8) -> u32 {
    word & ((1 << bits) - 1)
}
