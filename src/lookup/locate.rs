//! From a table's value to stations with their names, and the villages of a table's home districts.

use super::file_store::Root;
use super::run::{Run, Stop};
use super::shown::{RegencyHelp, StationDetails, VillageName};
use super::source::Source;
use crate::format::code::Code;
use crate::format::container::{FileRef, Kind};
use crate::format::directory::{Directory, Tables, Village};
use crate::table::{StationRef, TableValue};

impl<S: Source> Run<'_, S> {
    /// The stations of a table's value, with their names.
    pub(super) fn resolve(
        &self,
        root: &Root,
        tables: &Tables,
        table: &FileRef,
        value: &TableValue,
    ) -> Result<Vec<StationDetails>, Stop> {
        let station_refs = match value {
            TableValue::One(station_ref) => vec![*station_ref],
            TableValue::Several(stations) => stations.iter().map(|&station| StationRef::Elsewhere(station)).collect(),
        };
        let mut stations = Vec::with_capacity(station_refs.len());
        for station_ref in station_refs {
            stations.push(self.station(root, tables, table, station_ref)?);
        }
        Ok(stations)
    }

    fn station(&self, root: &Root, tables: &Tables, table: &FileRef, station_ref: StationRef) -> Result<StationDetails, Stop> {
        // Together with the table, the files of another district would tell a mirror where a voter moved.
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
            StationRef::Elsewhere(number) => self.district_of_station(root, number, apart)?,
        };
        let missing = || self.store.invalid("t/", "a table leads to a station that is in no list");
        let district = district.ok_or_else(missing)?;
        let directory = self.directory(root, district, apart)?;
        let file = directory.district(district).and_then(|district| district.stations).ok_or_else(missing)?;
        let list = self.stations(&file, apart)?;
        let station = list.at(position).ok_or_else(missing)?;
        let province = root.manifest.province(district.province()).ok_or_else(missing)?;
        Ok(StationDetails::new(station, district, &directory, province, &root.manifest.election))
    }

    /// Whom to ask about a station that was found: its regency's directory is here, since its names are from there.
    pub(super) fn help_at(&self, root: &Root, station: &StationDetails) -> Option<RegencyHelp> {
        let regency = Code::parse(&station.village_code).and_then(Code::regency_of)?;
        let file = root.manifest.regency(regency)?.directory;
        let directory = self.here::<Directory>(file.digest)?;
        RegencyHelp::of(&directory)
    }

    /// The district of the station with this number in the election, and its position in the district's list.
    fn district_of_station(&self, root: &Root, number: u32, apart: Option<&FileRef>) -> Result<(Option<Code>, u32), Stop> {
        let Some((regency, entry, mut left)) = root.manifest.regency_of_station(number) else { return Ok((None, 0)) };
        let directory = self.directory(root, regency, apart)?;
        let total = directory.districts.iter().fold(0_u32, |sum, district| sum.saturating_add(district.addressable));
        if total != entry.stations {
            let path = entry.directory.path(Kind::Directory);
            return Err(self.store.invalid(&path, "its number of stations differs from the manifest's").into());
        }
        for district in &directory.districts {
            match left.checked_sub(district.addressable) {
                None => return Ok((Some(regency.within(district.code)), left)),
                Some(rest) => left = rest,
            }
        }
        Ok((None, 0))
    }

    /// The villages of a table's home districts.
    pub(super) fn villages_of(&self, root: &Root, tables: &Tables) -> Result<Vec<VillageName>, Stop> {
        let mut villages = Vec::new();
        for code in tables.homes.iter().filter_map(|home| Code::district(home.district)) {
            let directory = self.directory(root, code, None)?;
            if let Some(district) = directory.district(code) {
                let named =
                    |village: &Village| root.village(code.village(village.code), &village.name, &district.name, &directory.name);
                villages.extend(district.villages.iter().map(named));
            }
        }
        Ok(villages)
    }
}

impl Root {
    /// A village with the names of where it is.
    pub(super) fn village(&self, code: Code, name: &str, district: &str, regency: &str) -> VillageName {
        let province = self.manifest.province(code.province()).map(|province| province.name.clone());
        VillageName {
            code: code.to_string(),
            name: name.to_owned(),
            district: district.to_owned(),
            regency: regency.to_owned(),
            province: province.unwrap_or_default(),
        }
    }
}
