//! What the tables of one group of voters are to hold: folded details and values, and no voter's line, name or serial. This is
//! all that sealing needs, and it needs no randomness.

use crate::grouping::Group;
use crate::input::Regions;
use crate::layout::Layout;
use crate::partition::common_among;
use crate::roll::Voter;
use bilik::format::{Home, MAX_SPLIT_BITS, split_part};
use bilik::{CommonTokens, Details, Digits, FoldedName, MAX_STATIONS_PER_KEY, Recipe, StationRef, TableValue};
use std::collections::{BTreeMap, BTreeSet};

/// What the tables of all groups have in common.
pub(crate) struct TablesContext<'a> {
    /// The election's id.
    pub election: &'a str,
    /// A table with more keys is split into several files.
    pub max_keys: u32,
    /// Names of today's regions.
    pub regions: &'a Regions,
    /// The numbers of stations.
    pub layout: &'a Layout,
}

/// Why a group's tables cannot be made: each is something that `check` should have rejected.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// Nothing is left of a name.
    #[error("{}", tr::tr!("table {}: nothing is left of a name. This is a bug in Bilik: please report it", label))]
    Name {
        /// The group.
        label: String,
    },
    /// Too many stations for one key.
    #[error("{}", tr::tr!("table {}: more than {} stations share one key. This is a bug in Bilik: please report it", label, MAX_STATIONS_PER_KEY))]
    CrowdedKey {
        /// The group.
        label: String,
    },
    /// A station's number does not lead back to it.
    #[error("{}", tr::tr!("table {}: the number of a station does not lead to it. This is a bug in Bilik: please report it", label))]
    Station {
        /// The group.
        label: String,
    },
}

/// What one file of a table is to hold. `Debug` shows no details.
pub(crate) struct TableInput {
    /// The recipe of its keys.
    pub recipe: Recipe,
    /// Different for each file of an election: it goes into the salt.
    pub label: String,
    /// Digests of tokens that are too common to tell its voters apart, ascending.
    pub common: Vec<u32>,
    /// Stations of its home districts.
    pub home_stations: u32,
    /// The details of each key, and what they lead to.
    pub entries: Vec<(Details, TableValue)>,
}

/// What the files of one group are to hold.
pub(crate) struct GroupTables {
    /// The districts whose stations have the short values.
    pub homes: Vec<Home>,
    /// By `full`; none where no name is long enough.
    pub full: Vec<TableInput>,
    /// By `near`.
    pub near: Vec<TableInput>,
}

/// What the tables of a group are to hold. Each name is folded once.
///
/// # Errors
/// For voters that [`crate::partition::check`] rejects.
pub(crate) fn tables(context: &TablesContext, group: &Group, voters: &[Voter]) -> Result<GroupTables, TablesError> {
    let homes = context.layout.homes(&group.prefixes, context.regions, voters.iter().map(|voter| voter.station));
    let fold =
        |voter: &Voter| bilik::fold_name(voter.name.reveal()).map_err(|_| TablesError::Name { label: group.label.clone() });
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
    let full = files(context, group, &homes, (Recipe::Full, &[]), full)?;
    let near = files(context, group, &homes, (Recipe::Near, &common_digests), near)?;
    Ok(GroupTables { homes, full, near })
}

fn full_details(voter: &Voter, name: &FoldedName) -> (Digits, Details) {
    (voter.digits, Details::full(&voter.digits, name.whole()))
}

/// Under what a voter is sealed by `near`: once for each of the name's tokens that count.
fn near_details<'a>(voter: &'a Voter, name: &'a FoldedName, common: &CommonTokens) -> impl Iterator<Item = Details> + 'a {
    let tokens = name.sealed_tokens(common).into_iter();
    tokens.map(|token| Details::near(&voter.digits, voter.village.number(), token))
}

/// Details with the digits that choose their file, and the stations that they lead to.
type KeyMap = BTreeMap<(Digits, Details), BTreeSet<u32>>;

/// Divides a table into 1 to 16 files of about `max_keys` keys at most. No key, no file.
fn files(
    context: &TablesContext,
    group: &Group,
    homes: &[Home],
    (recipe, common): (Recipe, &[u32]),
    keys: KeyMap,
) -> Result<Vec<TableInput>, TablesError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let max_keys = usize::try_from(context.max_keys).unwrap_or(usize::MAX);
    let bits = (0..MAX_SPLIT_BITS).find(|bits| keys.len() >> bits <= max_keys).unwrap_or(MAX_SPLIT_BITS);
    let of = 1_usize << bits;
    let label = |number| if of == 1 { group.label.clone() } else { format!("{} {number}/{of}", group.label) };
    let home_stations = homes.iter().map(|home| home.stations).sum();
    let file = |number| TableInput { recipe, label: label(number), common: common.to_vec(), home_stations, entries: Vec::new() };
    let mut files: Vec<TableInput> = (1..=of).map(file).collect();
    for ((digits, details), stations) in keys {
        let value = value(context.layout, homes, &stations, &group.label)?;
        if let Some(file) = files.get_mut(usize::from(split_part(context.election, &digits, bits))) {
            file.entries.push((details, value));
        }
    }
    Ok(files)
}

/// How a table stores the stations of one key.
fn value(layout: &Layout, homes: &[Home], stations: &BTreeSet<u32>, label: &str) -> Result<TableValue, TablesError> {
    let wrong = || TablesError::Station { label: label.to_owned() };
    if stations.len() > MAX_STATIONS_PER_KEY {
        return Err(TablesError::CrowdedKey { label: label.to_owned() });
    }
    if let (Some(station), 1) = (stations.first(), stations.len()) {
        let station_ref = layout.station_ref(homes, *station).ok_or_else(wrong)?;
        let leads_back = layout.row(homes, station_ref) == Some(*station);
        return if leads_back { Ok(TableValue::One(station_ref)) } else { Err(wrong()) };
    }
    let numbers: BTreeSet<u32> = stations.iter().filter_map(|station| layout.number_of(*station)).collect();
    let rows = numbers.iter().filter_map(|number| layout.row(homes, StationRef::Elsewhere(*number)));
    if rows.collect::<BTreeSet<u32>>() == *stations {
        Ok(TableValue::Several(numbers.into_iter().collect()))
    } else {
        Err(wrong())
    }
}
