//! Sealing one group of voters: two tables, one by each recipe, each in as many files as its keys need. All are read back and
//! asked for every voter before they are published.

use super::cancel::{CancellationToken, Interrupted};
use super::derive::{DeriveError, Derivers};
use super::input::Regions;
use super::layout::Layout;
use super::partition::common_among;
use super::plan::Group;
use super::randomness::{Randomness, nonce};
use super::roll::Voter;
use bilik::format::{self, FileRef, FormatError, Home, MAX_SPLIT_BITS, Sealing, split_part};
use bilik::{
    CommonTokens, Details, Digits, FoldedName, Key, MAX_STATIONS_PER_KEY, Recipe, StationRef, Table, TableHeader, TableValue,
    table_salt,
};
use rand::Rng as _;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What sealing needs besides the voters.
pub struct SealContext<'a> {
    /// The election's id.
    pub election: &'a str,
    /// What a key costs.
    pub sealing: Sealing,
    /// A table with more keys is split into several files.
    pub max_keys: u32,
    /// Names of today's regions.
    pub regions: &'a Regions,
    /// The numbers of stations.
    pub layout: &'a Layout,
    /// Randomness.
    pub randomness: &'a Randomness,
    /// Derive the keys.
    pub derivers: &'a Derivers,
    /// Stops the derivations.
    pub cancel: &'a CancellationToken,
}

/// Why a group cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Keys cannot be derived, or two implementations of Argon2id disagree.
    #[error("table {label} by {recipe:?}: {error}")]
    Derive {
        /// The group.
        label: String,
        /// The recipe.
        recipe: Recipe,
        /// Why not.
        error: DeriveError,
    },
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
    /// By `full`; empty where no name is long enough.
    pub full: Vec<(Vec<u8>, FileRef)>,
    /// By `near`.
    pub near: Vec<(Vec<u8>, FileRef)>,
    /// The districts whose stations have the short values.
    pub homes: Vec<Home>,
}

/// Seals a group. `on_keys` is called with the number of keys derived, some at a time. Cost: one to three derivations a voter, on
/// all cores; each name is folded once.
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
    let mut full = KeyMap::new();
    let mut near = KeyMap::new();
    let mut short = Vec::new();
    for (voter, name) in voters.iter().zip(&names) {
        for details in near_details(voter, name, &common) {
            near.entry((voter.digits, details)).or_default().insert(voter.station);
        }
        if name.is_long() {
            full.entry(full_details(voter, name)).or_default().insert(voter.station);
        } else {
            short.push((voter, name));
        }
    }
    // A short name is not sealed by `full`, but a lookup asks for it there too, since "Budisantoso" may be "Budi Santoso": if it is
    // the longer name of another voter, its station belongs to that key.
    for (voter, name) in short {
        if let Some(stations) = full.get_mut(&full_details(voter, name)).filter(|stations| stations.len() < MAX_STATIONS_PER_KEY)
        {
            stations.insert(voter.station);
        }
    }
    let full = solve(context, group, &homes, (Recipe::Full, Vec::new()), full, on_keys)?;
    let near = solve(context, group, &homes, (Recipe::Near, common_digests), near, on_keys)?;
    for (voter, name) in voters.iter().zip(&names) {
        let is_right = |table: &SolvedTable, details| table.answers.get(&details).is_some_and(|all| all.contains(&voter.station));
        let by_near = near_details(voter, name, &common).all(|details| is_right(&near, details));
        if !by_near || (name.is_long() && !is_right(&full, full_details(voter, name).1)) {
            return Err(SealError::WrongAnswer { line: voter.line, label: group.label.clone() });
        }
    }
    Ok(SealedGroup { full: full.files, near: near.files, homes })
}

fn full_details(voter: &Voter, name: &FoldedName) -> (Digits, Details) {
    (voter.digits, Details::full(&voter.digits, name.whole()))
}

/// Under what a voter is sealed by `near`: once for each of the name's tokens that count.
fn near_details<'a>(voter: &'a Voter, name: &'a FoldedName, common: &CommonTokens) -> impl Iterator<Item = Details> + 'a {
    let tokens = name.sealed_tokens(common).into_iter();
    tokens.map(|token| Details::near(&voter.digits, voter.village.number(), token))
}

/// A table's files, and what they answered when they were read back and asked for every key.
struct SolvedTable {
    files: Vec<(Vec<u8>, FileRef)>,
    answers: HashMap<Details, Vec<u32>>,
}

/// Details with the digits that choose their file, and the stations that they lead to.
type KeyMap = BTreeMap<(Digits, Details), BTreeSet<u32>>;

/// Seals a table in 1 to 16 files of about `max_keys` keys at most. No key, no file.
fn solve(
    context: &SealContext,
    group: &Group,
    homes: &[Home],
    (recipe, common): (Recipe, Vec<u32>),
    wanted: KeyMap,
    on_keys: &(dyn Fn(u64) + Sync),
) -> Result<SolvedTable, SealError> {
    let mut solved = SolvedTable { files: Vec::new(), answers: HashMap::with_capacity(wanted.len()) };
    if wanted.is_empty() {
        return Ok(solved);
    }
    let max_keys = usize::try_from(context.max_keys).unwrap_or(usize::MAX);
    let bits = (0..MAX_SPLIT_BITS).find(|bits| wanted.len() >> bits <= max_keys).unwrap_or(MAX_SPLIT_BITS);
    let mut parts: Vec<Vec<(Details, BTreeSet<u32>)>> = vec![Vec::new(); 1 << bits];
    for ((digits, details), stations) in wanted {
        if let Some(part) = parts.get_mut(usize::from(split_part(context.election, &digits, bits))) {
            part.push((details, stations));
        }
    }
    let of = parts.len();
    for (number, entries) in (1..).zip(parts) {
        let label = if of == 1 { group.label.clone() } else { format!("{} {number}/{of}", group.label) };
        let part = Part { recipe, label, common: common.clone(), entries };
        let (file, answers) = seal_part(context, homes, part, on_keys)?;
        solved.files.push(file);
        solved.answers.extend(answers);
    }
    Ok(solved)
}

/// What one file is to hold.
struct Part {
    recipe: Recipe,
    label: String,
    common: Vec<u32>,
    entries: Vec<(Details, BTreeSet<u32>)>,
}

/// One file, and what it answered.
type SealedPart = ((Vec<u8>, FileRef), Vec<(Details, Vec<u32>)>);

fn seal_part(context: &SealContext, homes: &[Home], part: Part, on_keys: &(dyn Fn(u64) + Sync)) -> Result<SealedPart, SealError> {
    let Part { recipe, label, common, entries } = part;
    let bits = context.sealing.bits(recipe);
    let mut stream = context.randomness.stream(&format!("{label} {recipe:?}"));
    let nonce = nonce(&mut stream);
    let salt = table_salt(context.election, &label, recipe, &nonce);
    let mut peppered = Vec::with_capacity(entries.len());
    let mut values = Vec::with_capacity(entries.len());
    for (details, stations) in entries {
        values.push(value(context.layout, homes, &stations).ok_or_else(|| SealError::CrowdedKey { label: label.clone() })?);
        peppered.push((details, pepper(stream.next_u32(), bits.pepper_bits)));
    }
    let keys = context.derivers.keys(&salt, &peppered, context.cancel, on_keys).map_err(|error| match error {
        DeriveError::Interrupted(interrupted) => SealError::Interrupted(interrupted),
        error => SealError::Derive { label: label.clone(), recipe, error },
    })?;
    let sealed: Vec<(Key, TableValue)> = keys.into_iter().zip(values).collect();
    let header = TableHeader {
        recipe,
        check_bits: bits.check_bits,
        label: label.clone(),
        nonce,
        common,
        home_stations: homes.iter().map(|home| home.stations).sum(),
        all_stations: context.layout.all(),
    };
    let table = Table::seal(&header, &sealed, &mut || stream.next_u64());
    let table = table.map_err(|error| SealError::Table { label: label.clone(), recipe, error })?;
    let format_error = |error| SealError::Format { label: label.clone(), recipe, error };
    let (bytes, file) = format::write(&table).map_err(format_error)?;
    // From the bytes that will be published, not from what led to them.
    let read: Table = format::read(&bytes, &file).map_err(format_error)?;
    let answer = |key: &Key| match read.open(key) {
        Some(TableValue::One(station_ref)) => context.layout.station(homes, station_ref).into_iter().collect(),
        Some(TableValue::Several(stations)) => stations,
        None => Vec::new(),
    };
    let answers = peppered.into_iter().zip(&sealed).map(|((details, _), (key, _))| (details, answer(key))).collect();
    Ok(((bytes, file), answers))
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

fn pepper(word: u32, bits: u8) -> u32 {
    word & ((1 << bits) - 1)
}
