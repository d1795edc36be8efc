//! The sealed table of one group of voters by one recipe: details in, station out, and nothing else.
//!
//! A table has three ribbons. *Narrow* contains every key. Its slots are check bits, all zero under the right key's pad, and a
//! small value: a station of the home districts, or a layer of the wide ribbon to look in. *Wide* contains the keys of voters who
//! vote elsewhere: any station of the election, or a layer of the last ribbon to look in. *Several* contains the few keys that two
//! or three voters with different stations share. Since the narrow value names the wide layer, wide slots need no check bits. Narrow
//! values that no station needs hold a part of the wide value, its remainder by a small number (the radix), so that wide slots
//! are some bits shorter.
//!
//! Without the details, a reader learns the number of keys, roughly how many of these vote elsewhere, and random bits.

mod seal_error;
#[cfg(test)]
mod tests;

use crate::format::container::{Document, Encode, Kind, read_fields, read_whole};
use crate::format::station_list::MAX_STATIONS;
use crate::key::{Key, MAX_CHECK_BITS, MIN_CHECK_BITS, Recipe};
use crate::name::CommonTokens;
use layered_ribbon::{BuildError, Builder, Hash, Ribbon, Solved};
pub use seal_error::SealError;

/// How many different stations one key can lead to.
pub const MAX_STATIONS_PER_KEY: usize = 3;
/// Tries are independent, and almost every one succeeds. If all of these fail, the cause is not chance.
const MAX_TRIES: u32 = 200;

/// Where a voter votes, as a table stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StationRef {
    /// A station of the home districts, by its position in their concatenated lists.
    Home(u32),
    /// A station anywhere, by its number in the election.
    Elsewhere(u32),
}

/// What a key leads to: one station, or two or three where several voters share the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableValue {
    /// One station.
    One(StationRef),
    /// Two or three stations, by their numbers in the election, in ascending order.
    Several(Vec<u32>),
}

/// The parameters of a table.
#[derive(Clone, Debug)]
pub struct TableHeader {
    /// The recipe of its keys.
    pub recipe: Recipe,
    /// The bits that tell a right key from a wrong one: [`KeyBits::check_bits`](crate::KeyBits::check_bits).
    pub check_bits: u8,
    /// A human-readable label, the table's prefixes, which goes into the salt.
    pub label: String,
    /// A nonce, which goes into the salt and must be fresh for each table and each content.
    pub nonce: [u8; 16],
    /// Digests of the tokens that are too common to distinguish voters, for [`CommonTokens`]. Only `near` uses them.
    pub common: Vec<u32>,
    /// The number of addressable positions of all home districts.
    pub home_stations: u32,
    /// The number of addressable positions of the election.
    pub all_stations: u32,
}

/// The sealed file of one group of voters.
///
/// It stores neither details nor keys: [`Table::open`] computes a station, or nothing, from a key and the table's bits. The
/// example on the [crate's first page](crate) seals one and opens it.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Table {
    recipe: Recipe,
    check_bits: u8,
    label: String,
    nonce: [u8; 16],
    common: Vec<u32>,
    home_stations: u32,
    all_stations: u32,
    /// The number of tries that sealing took, which goes into all hashes.
    retry: u32,
    /// What a wide value is divided by: the narrow value holds the remainder.
    radix: u32,
    narrow: Ribbon,
    wide: Ribbon,
    several: Ribbon,
}

const NARROW: u8 = b'n';
const WIDE: u8 = b'w';
const SEVERAL: u8 = b's';

impl Table {
    /// Seals: finds slots so that each key opens what it should, asks for every key whether it does, and tries again with
    /// other hashes if one does not (a false pass of an earlier layer: rare, but not over a whole country). `fill` gives
    /// random words. Linear in the keys; some 30 ms for 28,000.
    ///
    /// # Errors
    /// When a value is out of range, keys are equal, or no try succeeds.
    pub fn seal(header: &TableHeader, entries: &[(Key, TableValue)], fill: &mut impl FnMut() -> u64) -> Result<Self, SealError> {
        if !(MIN_CHECK_BITS..=MAX_CHECK_BITS).contains(&header.check_bits) {
            return Err(SealError::CheckBits { min: MIN_CHECK_BITS, max: MAX_CHECK_BITS, got: header.check_bits });
        }
        let stations = header.all_stations.max(header.home_stations);
        if stations > MAX_STATIONS {
            return Err(SealError::TooManyStations { max: MAX_STATIONS, got: stations });
        }
        let is_wrong = |(_, sealed): &(Key, TableValue)| !fits(sealed, header.home_stations, header.all_stations);
        if let Some(entry) = entries.iter().position(is_wrong) {
            return Err(SealError::ValueOutOfRange { entry });
        }
        for retry in 0..MAX_TRIES {
            let table = match Self::attempt(header, retry, entries, fill) {
                Ok(table) => table,
                Err(BuildError::Unsolvable) => continue,
                Err(BuildError::EqualKeys { .. }) => return Err(equal_keys(entries)),
                Err(error) => return Err(SealError::Ribbon(error)),
            };
            if entries.iter().all(|(key, sealed)| table.open(key).as_ref() == Some(sealed)) {
                return Ok(table);
            }
        }
        Err(SealError::Unsolvable { tries: MAX_TRIES })
    }

    fn attempt(
        header: &TableHeader,
        retry: u32,
        entries: &[(Key, TableValue)],
        fill: &mut impl FnMut() -> u64,
    ) -> Result<Self, BuildError> {
        // Innermost first: the layer that a key came to lie in is part of the value one ribbon further out.
        let shared = entries.iter().filter_map(|(key, sealed)| match sealed {
            TableValue::Several(stations) => Some((key, stations)),
            TableValue::One(_) => None,
        });
        let station_bits = bits_for(header.all_stations.saturating_sub(1));
        let several = {
            let packed: Vec<_> = shared.map(|(key, stations)| (key.hash(SEVERAL, retry), pack(stations, station_bits))).collect();
            solve(packed, 3 * station_bits, fill)?
        };
        let several_ribbon = several.ribbon;
        let mut several_layers = several.layers.into_iter();
        let mut elsewhere = Vec::new();
        for (key, sealed) in entries {
            let value = match sealed {
                TableValue::One(StationRef::Home(_)) => continue,
                TableValue::One(StationRef::Elsewhere(station)) => *station,
                TableValue::Several(_) => header.all_stations + several_layers.next().ok_or(BuildError::Unsolvable)?,
            };
            elsewhere.push((key.hash(WIDE, retry), value));
        }
        let mut divided = |radix: u32| {
            let quotients = elsewhere.iter().map(|(hash, value)| (*hash, u64::from(value / radix))).collect();
            solve(quotients, wide_bits(header.all_stations, radix, &several_ribbon), fill)
        };
        let mut wide = divided(1)?;
        let mut radix = max_radix(header.home_stations, &wide.ribbon);
        if radix > 1 && !elsewhere.is_empty() {
            wide = divided(radix)?;
        }
        if elsewhere.is_empty() || radix > max_radix(header.home_stations, &wide.ribbon) {
            radix = 1;
            wide = divided(radix)?;
        }
        let wide_ribbon = wide.ribbon;
        let mut wide_places = wide.layers.into_iter().zip(&elsewhere).map(|(layer, (_, value))| layer * radix + value % radix);
        let mut all = Vec::with_capacity(entries.len());
        for (key, sealed) in entries {
            let value = match sealed {
                TableValue::One(StationRef::Home(position)) => *position,
                TableValue::One(StationRef::Elsewhere(_)) | TableValue::Several(_) => {
                    header.home_stations + wide_places.next().ok_or(BuildError::Unsolvable)?
                }
            };
            all.push((key.hash(NARROW, retry), u64::from(value) << header.check_bits));
        }
        let narrow = solve(all, narrow_bits(header.check_bits, header.home_stations, &wide_ribbon), fill)?.ribbon;
        Ok(Self {
            recipe: header.recipe,
            check_bits: header.check_bits,
            label: header.label.clone(),
            nonce: header.nonce,
            common: header.common.clone(),
            home_stations: header.home_stations,
            all_stations: header.all_stations,
            retry,
            radix,
            narrow,
            wide: wide_ribbon,
            several: several_ribbon,
        })
    }

    /// What a key leads to; `None` where it is not a voter's. A wrong key passes with a probability of about
    /// 2^(1.5 - `check_bits`). Cost: at most three lookups of some 32 slots, some microseconds.
    #[must_use]
    pub fn open(&self, key: &Key) -> Option<TableValue> {
        let hash = key.hash(NARROW, self.retry);
        let check = u32::from(self.check_bits);
        (0..self.narrow.layer_count()).find_map(|layer| {
            let slot = unpad(&self.narrow, layer, &hash)?;
            if slot & ((1 << check) - 1) != 0 {
                return None;
            }
            let value = u32::try_from(slot >> check).ok()?;
            match value.checked_sub(self.home_stations) {
                None => Some(TableValue::One(StationRef::Home(value))),
                Some(place) => self.open_wide(key, place),
            }
        })
    }

    fn open_wide(&self, key: &Key, place: u32) -> Option<TableValue> {
        let (layer, remainder) = (place.checked_div(self.radix)?, place.checked_rem(self.radix)?);
        let quotient = unpad(&self.wide, layer, &key.hash(WIDE, self.retry))?;
        let value = u32::try_from(quotient.checked_mul(self.radix.into())?.checked_add(remainder.into())?).ok()?;
        let Some(layer) = value.checked_sub(self.all_stations) else {
            return Some(TableValue::One(StationRef::Elsewhere(value)));
        };
        let packed = unpad(&self.several, layer, &key.hash(SEVERAL, self.retry))?;
        let stations = unpack(packed, bits_for(self.all_stations.saturating_sub(1)));
        let sealed = TableValue::Several(stations);
        fits(&sealed, self.home_stations, self.all_stations).then_some(sealed)
    }

    /// The salt of its keys: [`table_salt`](crate::table_salt) of the election's id and this table.
    #[must_use]
    pub fn salt(&self, election: &str) -> [u8; 32] {
        crate::key::table_salt(election, &self.label, self.recipe, &self.nonce)
    }

    /// The recipe of its keys.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// The bits that tell a right key from a wrong one.
    #[must_use]
    pub fn check_bits(&self) -> u8 {
        self.check_bits
    }

    /// Its human-readable label.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The tokens that are too common in this table to distinguish voters.
    #[must_use]
    pub fn common(&self) -> CommonTokens {
        CommonTokens::new(self.common.clone())
    }

    /// The numbers of addressable positions that it was sealed for: of the home districts, and of the election.
    #[must_use]
    pub fn stations(&self) -> (u32, u32) {
        (self.home_stations, self.all_stations)
    }

    /// The three ribbons: narrow, wide, several.
    #[must_use]
    pub fn ribbons(&self) -> [&Ribbon; 3] {
        [&self.narrow, &self.wide, &self.several]
    }

    /// The nonce, which goes into the salt.
    #[must_use]
    pub fn nonce(&self) -> &[u8; 16] {
        &self.nonce
    }
}

read_whole!(Ribbon);

read_fields! {
    Table { recipe, check_bits, label, nonce, common, home_stations, all_stations, retry, radix, narrow, wide, several }
}

impl Document for Table {
    const KIND: Kind = Kind::Table;

    fn check(&self) -> Result<(), &'static str> {
        if self.all_stations > MAX_STATIONS || self.home_stations > self.all_stations {
            return Err("a table with an impossible number of stations");
        }
        if !(MIN_CHECK_BITS..=MAX_CHECK_BITS).contains(&self.check_bits) {
            return Err("a table whose check bits are out of range");
        }
        let widths = [
            narrow_bits(self.check_bits, self.home_stations, &self.wide),
            wide_bits(self.all_stations, self.radix.max(1), &self.several),
            3 * bits_for(self.all_stations.saturating_sub(1)),
        ];
        if self.radix == 0 || self.radix > max_radix(self.home_stations, &self.wide) {
            return Err("a table whose radix is out of range");
        }
        if self.ribbons().map(Ribbon::width) != widths {
            return Err("a table whose slots are not as wide as its stations demand");
        }
        Ok(())
    }
}

fn fits(sealed: &TableValue, home: u32, all: u32) -> bool {
    match sealed {
        TableValue::One(StationRef::Home(position)) => *position < home,
        TableValue::One(StationRef::Elsewhere(station)) => *station < all,
        TableValue::Several(stations) => {
            (2..=MAX_STATIONS_PER_KEY).contains(&stations.len())
                && stations.is_sorted_by(|a, b| a < b)
                && stations.last().is_some_and(|last| *last < all)
        }
    }
}

/// Builds one ribbon over padded values.
fn solve(mut entries: Vec<(Hash, u64)>, width: u32, fill: &mut impl FnMut() -> u64) -> Result<Solved, BuildError> {
    for (hash, value) in &mut entries {
        *value = hash.mask(*value, width);
    }
    Builder::new(width).build_with(&entries, fill)
}

/// Which keys are equal. A ribbon knows only its own entries, which are some of the table's.
fn equal_keys(entries: &[(Key, TableValue)]) -> SealError {
    let words = |&entry: &usize| entries.get(entry).map(|(key, _)| key.hash(NARROW, 0)).map(|hash| (hash.start, hash.row));
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_cached_key(words);
    let equal = order.windows(2).find_map(|pair| match pair {
        [first, second] if words(first) == words(second) => Some(SealError::EqualKeys { first: *first, second: *second }),
        _ => None,
    });
    // Equal in one hash only: as rare as finding a collision of 128 bits.
    equal.unwrap_or(SealError::Unsolvable { tries: 1 })
}

fn unpad(ribbon: &Ribbon, layer: u32, hash: &Hash) -> Option<u64> {
    Some(hash.mask(ribbon.get(layer, hash)?, ribbon.width()))
}

/// The number of bits of numbers up to `max`; at least one.
fn bits_for(max: u32) -> u32 {
    (32 - max.leading_zeros()).max(1)
}

fn wide_bits(all_stations: u32, radix: u32, several: &Ribbon) -> u32 {
    bits_for((all_stations + several.layer_count()).saturating_sub(1) / radix)
}

fn narrow_bits(check_bits: u8, home_stations: u32, wide: &Ribbon) -> u32 {
    u32::from(check_bits) + value_bits(home_stations, wide)
}

fn value_bits(home_stations: u32, wide: &Ribbon) -> u32 {
    bits_for((home_stations + wide.layer_count()).saturating_sub(1))
}

/// By what wide values can be divided at most, so that the narrow values have room for layer and remainder.
fn max_radix(home_stations: u32, wide: &Ribbon) -> u32 {
    let free = (1_u32 << value_bits(home_stations, wide)).saturating_sub(home_stations);
    free.checked_div(wide.layer_count()).unwrap_or(1).max(1)
}

/// Packs two or three stations into one value; of two, the second is repeated.
fn pack(stations: &[u32], bits: u32) -> u64 {
    let last = stations.last().copied().unwrap_or_default();
    let three = stations.iter().copied().chain(std::iter::repeat(last)).take(MAX_STATIONS_PER_KEY);
    three.fold(0, |packed, station| (packed << bits) | u64::from(station))
}

fn unpack(packed: u64, bits: u32) -> Vec<u32> {
    let mask = (1 << bits) - 1;
    let mut stations: Vec<u32> =
        [2, 1, 0].into_iter().filter_map(|at| u32::try_from(packed >> (at * bits) & mask).ok()).collect();
    stations.dedup();
    stations
}
