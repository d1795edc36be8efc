//! What a site says, as far as a roll is compared with it: where prefixes lead, and where stations stand.

use super::error::VerifyError;
use crate::cancel::CancellationToken;
use crate::input::Stations;
use crate::source::Site;
use bilik::format::{
    self, Code, Directory, Document, FileRef, FormatError, Head, Kind, Manifest, Sealing, StationList, Tables, Trust,
};
use bilik::lookup::{Problem, Source as _};
use bilik::{CommonTokens, Recipe, StationRef, Table, TableValue};
use std::collections::{BTreeMap, BTreeSet};

/// Where a station of the roll stands in the site.
#[derive(Clone, Copy)]
pub(super) struct Place {
    district: u32,
    /// In the district's list.
    position: u32,
    /// In the election; `None` for a station beyond what tables can lead to.
    number: Option<u32>,
}

/// A site without its tables.
pub(super) struct Published {
    pub election: String,
    pub sealing: Sealing,
    /// The tables that a lookup of these six digits asks.
    routes: BTreeMap<u32, Tables>,
    /// By the number of the station in the roll's input.
    places: Vec<Option<Place>>,
    all_stations: u32,
}

/// A table that is asked, with what each question needs of it.
pub(super) struct OpenTable {
    pub table: Table,
    pub salt: [u8; 32],
    pub common: CommonTokens,
}

impl Published {
    /// Reads all but tables and names. Some 20 MB for a whole country.
    pub(super) fn read(site: &Site, trust: &Trust, stations: &Stations, cancel: &CancellationToken) -> Result<Self, VerifyError> {
        let head = head_of(site, trust)?;
        let manifest: Manifest = document(site, &head.manifest).map_err(VerifyError::File)?;
        let mut published = Self {
            election: head.election,
            sealing: manifest.sealing,
            routes: BTreeMap::new(),
            places: vec![None; stations.rows().len()],
            all_stations: manifest.station_count(),
        };
        let mut before = 0;
        for (code, regency) in manifest.regencies() {
            cancel.check()?;
            let directory: Directory = document(site, &regency.directory).map_err(VerifyError::File)?;
            published.add_routes(&directory, |prefix| regency_of(prefix) == Some(code));
            for district in &directory.districts {
                let code = code.within(district.code);
                if let Some(file) = &district.stations {
                    let list: StationList = document(site, file).map_err(VerifyError::File)?;
                    published.add_places(&list, code, before, district.addressable, stations);
                }
                before += district.addressable;
            }
        }
        if let Some(file) = &manifest.elsewhere {
            let directory: Directory = document(site, file).map_err(VerifyError::File)?;
            published
                .add_routes(&directory, |prefix| regency_of(prefix).is_none_or(|regency| manifest.regency(regency).is_none()));
        }
        Ok(published)
    }

    fn add_routes(&mut self, directory: &Directory, is_asked: impl Fn(u32) -> bool) {
        let routes = directory.routes.iter().filter(|route| is_asked(route.prefix));
        self.routes.extend(routes.filter_map(|route| Some((route.prefix, directory.tables_of(route.prefix)?.clone()))));
    }

    fn add_places(&mut self, list: &StationList, district: Code, before: u32, addressable: u32, stations: &Stations) {
        for (position, station) in (0..).zip(&list.stations) {
            let Some(station) = station else { continue };
            let row = stations.by_id(&station.id(district)).and_then(|row| usize::try_from(row).ok());
            if let Some(place) = row.and_then(|row| self.places.get_mut(row)) {
                let number = (position < addressable).then_some(before + position);
                *place = Some(Place { district: district.short(), position, number });
            }
        }
    }

    /// The tables for the first six digits of a NIK.
    pub(super) fn tables(&self, prefix: u32) -> Option<&Tables> {
        self.routes.get(&prefix)
    }

    /// All table files.
    pub(super) fn files(&self) -> BTreeSet<FileRef> {
        self.routes.values().flat_map(|tables| tables.full.iter().chain(&tables.near)).copied().collect()
    }

    /// Where a station of the roll stands, if a table can lead to it.
    pub(super) fn place(&self, station: u32) -> Option<Place> {
        let place = usize::try_from(station).ok().and_then(|row| self.places.get(row)).copied().flatten();
        place.filter(|place| place.number.is_some())
    }

    /// A table's file, verified.
    pub(super) fn open(&self, site: &Site, tables: &Tables, recipe: Recipe, file: &FileRef) -> Result<OpenTable, Problem> {
        let table: Table = document(site, file)?;
        let home = tables.homes.iter().fold(0_u32, |sum, home| sum.saturating_add(home.stations));
        let is_as_said = table.recipe() == recipe
            && table.check_bits() == self.sealing.bits(recipe).check_bits
            && table.stations() == (home, self.all_stations);
        if !is_as_said {
            let error = FormatError::Invalid("it differs from what the manifest and the directory say of it");
            return Err(Problem::refused(&site.name(), &file.path(Kind::Table), &error));
        }
        Ok(OpenTable { salt: table.salt(&self.election), common: table.common(), table })
    }
}

impl Place {
    /// Whether a table stores it as a station of its home districts.
    pub(super) fn is_at_home(&self, tables: &Tables) -> bool {
        tables.homes.iter().any(|home| home.district == self.district && self.position < home.stations)
    }

    /// Whether a table's value leads to it, alone or with others.
    pub(super) fn is_in(&self, tables: &Tables, value: &TableValue) -> bool {
        match value {
            TableValue::One(StationRef::Home(position)) => at_home(tables, *position) == Some((self.district, self.position)),
            TableValue::One(StationRef::Elsewhere(number)) => self.number == Some(*number),
            TableValue::Several(numbers) => self.number.is_some_and(|number| numbers.contains(&number)),
        }
    }
}

/// District and position of a station of the home districts.
fn at_home(tables: &Tables, position: u32) -> Option<(u32, u32)> {
    let mut left = position;
    tables.homes.iter().find_map(|home| match left.checked_sub(home.stations) {
        None => Some((home.district, left)),
        Some(rest) => {
            left = rest;
            None
        }
    })
}

fn regency_of(prefix: u32) -> Option<Code> {
    Code::district(prefix).and_then(Code::regency_of)
}

/// The head that `trust` demands, unless it has expired.
pub(super) fn head_of(site: &Site, trust: &Trust) -> Result<Head, VerifyError> {
    let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(VerifyError::File)?;
    let head = Head::read(&bytes, trust)
        .map_err(|error| VerifyError::File(Problem::refused(&site.name(), format::HEAD_PATH, &error)))?;
    if site.now() > head.expires { Err(VerifyError::Expired) } else { Ok(head) }
}

/// A file that is referred to, verified and decoded.
pub(super) fn document<T: Document>(site: &Site, file: &FileRef) -> Result<T, Problem> {
    let path = file.path(T::KIND);
    let bytes = site.read(&path, file.stored)?;
    format::read(&bytes, file).map_err(|error| Problem::refused(&site.name(), &path, &error))
}
