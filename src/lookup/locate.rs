//! From a table's value to stations with their names, and the villages of a table's home districts.

use super::file_store::Root;
use super::run::{Run, Stop};
use super::shown::{RegencyHelp, StationDetails, VillageName};
use super::source::Source;
use crate::format::code::Code;
use crate::format::container::{FileRef, Kind};
use crate::format::directory::{Tables, Village};
use crate::format::province::ProvincePart;
use crate::table::{StationRef, TableValue};

impl<S: Source> Run<'_, S> {
    /// The stations of a table's value, with their names. `part` is that of the table's voters.
    pub(super) fn resolve(
        &self,
        root: &Root,
        part: &ProvincePart,
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
            // Together with the table, the files of another district would tell a mirror where a voter moved.
            let apart = matches!(station_ref, StationRef::Elsewhere(_)).then_some(table);
            let (district, position) = match station_ref {
                StationRef::Home(position) => home_of(tables, position),
                StationRef::Elsewhere(number) => self.district_of_station(root, part, number, apart)?,
            };
            stations.push(self.station(root, district, position, apart)?);
        }
        Ok(stations)
    }

    fn station(
        &self,
        root: &Root,
        district: Option<Code>,
        position: u32,
        apart: Option<&FileRef>,
    ) -> Result<StationDetails, Stop> {
        let missing = || self.store.invalid("t/", "a table leads to a station that is in no list");
        let district = district.ok_or_else(missing)?;
        let part = self.part(root, district.province(), apart)?;
        let directory = self.directory(root, district, apart)?;
        let file = directory.district(district).and_then(|district| district.stations).ok_or_else(missing)?;
        let list = self.stations(&file, apart)?;
        let station = list.at(position).ok_or_else(missing)?;
        Ok(StationDetails::new(station, district, &directory, &part.province, &part.election))
    }

    /// Whom to ask about a station that was found: its regency's directory is here, since its names are from there.
    pub(super) fn help_at(&self, root: &Root, station: &StationDetails) -> Option<RegencyHelp> {
        let regency = Code::parse(&station.village_code).and_then(Code::regency_of)?;
        RegencyHelp::of(&*self.directory_here(root, regency)?)
    }

    /// The district of the station with this number in the election, and its position in the district's list.
    fn district_of_station(
        &self,
        root: &Root,
        part: &ProvincePart,
        number: u32,
        apart: Option<&FileRef>,
    ) -> Result<(Option<Code>, u32), Stop> {
        let Some((at, left)) = group_of(&mut part.stations.iter().copied(), number) else { return Ok((None, 0)) };
        let Some(province) = root.head.provinces.get(at) else { return Ok((None, 0)) };
        let part = self.part(root, province.code, apart)?;
        let regencies = &part.province.regencies;
        let Some((at, left)) = group_of(&mut regencies.iter().map(|regency| regency.stations), left) else {
            return Ok((None, 0));
        };
        let Some(entry) = regencies.get(at) else { return Ok((None, 0)) };
        let Some(regency) = Code::regency(u16::from(province.code) * 100 + u16::from(entry.code)) else { return Ok((None, 0)) };
        let directory = self.directory(root, regency, apart)?;
        let districts = &directory.districts;
        let total = districts.iter().fold(0_u32, |sum, district| sum.saturating_add(district.addressable));
        if total != entry.stations {
            let path = entry.directory.path(Kind::Directory);
            return Err(self.store.invalid(&path, "its number of stations differs from what its province says").into());
        }
        let Some((at, left)) = group_of(&mut districts.iter().map(|district| district.addressable), left) else {
            return Ok((None, 0));
        };
        Ok((districts.get(at).map(|district| regency.within(district.code)), left))
    }

    /// The villages of a table's home districts.
    pub(super) fn villages_of(&self, root: &Root, tables: &Tables) -> Result<Vec<VillageName>, Stop> {
        let mut villages = Vec::new();
        for code in tables.homes.iter().filter_map(|home| Code::district(home.district)) {
            let part = self.part(root, code.province(), None)?;
            let directory = self.directory(root, code, None)?;
            if let Some(district) = directory.district(code) {
                let province = &part.province.name;
                let named = |village: &Village| {
                    VillageName::new(
                        code.village(village.code),
                        [village.name.as_str(), &district.name, &directory.name, province],
                    )
                };
                villages.extend(district.villages.iter().map(named));
            }
        }
        Ok(villages)
    }
}

/// The home district of a table's position, and the position in its list.
fn home_of(tables: &Tables, position: u32) -> (Option<Code>, u32) {
    let Some((at, left)) = group_of(&mut tables.homes.iter().map(|home| home.stations), position) else {
        return (None, position);
    };
    (tables.homes.get(at).and_then(|home| Code::district(home.district)), left)
}

/// In which of some groups behind each other a number lies, and what of it is left there. Not generic: once in the module.
fn group_of(counts: &mut dyn Iterator<Item = u32>, number: u32) -> Option<(usize, u32)> {
    let mut left = number;
    for (at, count) in counts.enumerate() {
        match left.checked_sub(count) {
            Some(rest) => left = rest,
            None => return Some((at, left)),
        }
    }
    None
}
