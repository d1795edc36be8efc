//! Sealing one group of voters: two tables, one by each recipe, that were asked for every voter before anyone else can ask.

use super::input::Regions;
use super::layout::Layout;
use super::partition::common_tokens;
use super::plan::Group;
use super::randomness::{Randomness, nonce};
use super::roll::Voter;
use anyhow::{Context as _, bail, ensure};
use bilik::format::{self, FileRef, Home, Sealing};
use bilik::{
    CostError, Deriver, Details, Key, MAX_STATIONS_PER_KEY, Recipe, StationRef, Table, TableHeader, TableValue, table_salt,
};
use rand::Rng as _;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What sealing needs to know beside the voters.
pub struct SealContext<'a> {
    /// The election's id.
    pub election: &'a str,
    /// What a key costs.
    pub sealing: Sealing,
    /// Names of today's regions.
    pub regions: &'a Regions,
    /// Where stations stand.
    pub layout: &'a Layout,
    /// Randomness.
    pub randomness: &'a Randomness,
}

/// The sealed files of one group.
pub struct SealedGroup {
    /// By `full`, where any name is long enough.
    pub full: Option<(Vec<u8>, FileRef)>,
    /// By `near`.
    pub near: (Vec<u8>, FileRef),
    /// Whose stations the small values stand for.
    pub homes: Vec<Home>,
}

/// Seals a group. `sealed_keys` is told of progress, some keys at a time. Cost: two derivations a voter, on all cores.
///
/// # Errors
/// When more than three stations share a key (which `check` finds first), when the build is interrupted, or when a table
/// does not answer rightly for one of its voters.
pub fn seal(
    context: &SealContext,
    group: &Group,
    voters: &[Voter],
    sealed_keys: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<SealedGroup> {
    let homes = context.layout.homes(&group.prefixes, context.regions, voters.iter().map(|voter| voter.station));
    let (common, common_digests) = common_tokens(voters);
    let mut full = BTreeMap::new();
    let mut near = BTreeMap::new();
    let mut short = Vec::new();
    for voter in voters {
        let Ok(name) = bilik::fold_name(&voter.name) else { bail!("voters, line {}: the name folds to nothing", voter.line) };
        let add = |keys: &mut KeyMap, details| keys.entry(details).or_default().insert(voter.station);
        add(&mut near, Details::near(&voter.digits, voter.village.number(), name.first_significant(&common)));
        if name.is_long() {
            add(&mut full, Details::full(&voter.digits, name.whole()));
        } else {
            short.push((voter, name));
        }
    }
    // A short name is not sealed by `full`, but a reader asks for it there first, since "Budisantoso" may be "Budi Santoso": it
    // must open nothing by chance. If it is somebody's longer name, its station belongs to that key.
    let mut absent = Vec::new();
    for (voter, name) in short {
        let details = Details::full(&voter.digits, name.whole());
        match full.get_mut(&details) {
            Some(stations) if stations.len() < MAX_STATIONS_PER_KEY => drop(stations.insert(voter.station)),
            Some(_) => {}
            None => absent.push(details),
        }
    }
    let make = |contents| table(context, group, &homes, contents, sealed_keys);
    let full = Contents { recipe: Recipe::Full, wanted: full, absent, common: Vec::new() };
    let full = if full.wanted.is_empty() { None } else { Some(make(full)?) };
    let near = make(Contents { recipe: Recipe::Near, wanted: near, absent: Vec::new(), common: common_digests })?;
    for voter in voters {
        let name = bilik::fold_name(&voter.name).map_err(|e| anyhow::anyhow!("voters, line {}: {e:?}", voter.line))?;
        let by_near = near.answers.get(&Details::near(&voter.digits, voter.village.number(), name.first_significant(&common)));
        let by_full =
            full.as_ref().filter(|_| name.is_long()).map(|full| full.answers.get(&Details::full(&voter.digits, name.whole())));
        let right = |stations: Option<&Vec<u32>>| stations.is_some_and(|stations| stations.contains(&voter.station));
        ensure!(
            right(by_near) && by_full.is_none_or(right),
            "voters, line {}: the sealed table {} does not lead to their station; this is a fault of Bilik's, please report it",
            voter.line,
            group.label
        );
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
    sealed_keys: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<SolvedTable> {
    let Contents { recipe, wanted, absent, common } = contents;
    let mut stream = context.randomness.stream(&format!("{} {recipe:?}", group.label));
    let nonce = nonce(&mut stream);
    let salt = table_salt(context.election, &group.label, recipe, &nonce);
    let pepper_bits = pepper_bits(context.sealing, recipe);
    let mut peppered = Vec::with_capacity(wanted.len() + absent.len());
    let mut values = Vec::with_capacity(wanted.len());
    for (details, stations) in wanted {
        values.push(value(context.layout, homes, &stations).with_context(|| format!("table {} by {recipe:?}", group.label))?);
        peppered.push((details, pepper(stream.next_u32(), pepper_bits)));
    }
    peppered.extend(absent.into_iter().map(|details| (details, 0)));
    let keys = derive(context, &salt, &peppered, sealed_keys)?;
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
    let table = Table::seal(&header, &entries, absent, &mut || stream.next_u64()).map_err(|e| {
        anyhow::anyhow!("table {} by {recipe:?} cannot be sealed: {e}; this is a fault of Bilik's, please report it", group.label)
    })?;
    let (bytes, file) = format::write(&table).map_err(|e| anyhow::anyhow!("table {} by {recipe:?}: {e}", group.label))?;
    // From the bytes that will be published, not from what led to them.
    let read: Table = format::read(&bytes, &file)
        .map_err(|e| anyhow::anyhow!("table {} by {recipe:?} does not read back: {e}", group.label))?;
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
    sealed_keys: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<Vec<Key>> {
    let chunk_of_keys = |deriver: &mut Result<Deriver, CostError>, chunk: &[(Details, u32)]| {
        ensure!(!super::interrupted(), "interrupted");
        let deriver = deriver.as_mut().map_err(|error| *error)?;
        let keys: Vec<Key> = chunk.iter().map(|(details, pepper)| deriver.derive(salt, details, *pepper)).collect();
        sealed_keys(u64::try_from(chunk.len()).unwrap_or_default());
        Ok(keys)
    };
    let chunks = peppered.par_chunks(64).map_init(|| Deriver::new(context.sealing.cost), chunk_of_keys);
    Ok(chunks.collect::<anyhow::Result<Vec<_>>>()?.concat())
}

fn value(layout: &Layout, homes: &[Home], stations: &BTreeSet<u32>) -> anyhow::Result<TableValue> {
    match stations.len() {
        1 => {
            Ok(TableValue::One(stations.first().map_or(StationRef::Elsewhere(0), |station| layout.station_ref(homes, *station))))
        }
        2..=MAX_STATIONS_PER_KEY => Ok(TableValue::Several(stations.iter().copied().collect())),
        _ => bail!("more than {MAX_STATIONS_PER_KEY} stations share one key, which `bilik check` should have refused"),
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
