//! The data files of a site besides its tables: station lists, directories, names, the manifest and its parts.

use super::routes::Routes;
use crate::build::BuildError;
use crate::grouping::Group;
use crate::input::Input;
use crate::layout::Layout;
use crate::staging::{Staging, Written};
use bilik::format::{
    Code, Directory, District, DistrictNames, FileRef, Manifest, Names, Province, ProvinceRef, Regency, RegencyNames, Tables,
    Village,
};
use std::collections::BTreeMap;

/// Writes the data files of a site into its staging folder.
pub(super) struct SiteWriter<'a> {
    pub(super) input: &'a Input,
    pub(super) layout: &'a Layout,
    pub(super) staging: &'a Staging,
    /// All files but the app and the head.
    pub(super) written: Written,
    /// Of those, the tables by `full` and by `near`.
    pub(super) tables: [Written; 2],
}

impl SiteWriter<'_> {
    /// Station lists, directories, names, the manifest and its parts. Gives what the head names, and the length of the largest
    /// directory.
    pub(super) fn assemble(
        &mut self,
        groups: &[Group],
        files: &BTreeMap<usize, Tables>,
    ) -> Result<((FileRef, Vec<ProvinceRef>), u32), BuildError> {
        let mut lists = BTreeMap::new();
        let lists_of_all = self.layout.lists(&self.input.stations);
        for (district, list) in lists_of_all.filter(|(_, list)| list.present().next().is_some()) {
            lists.insert(district, self.staging.add(&list, &mut self.written)?);
        }
        let mut routes = Routes::new(groups, &self.input.regions);
        let mut largest = 0;
        let mut provinces = Vec::new();
        let regions = &self.input.regions;
        for (province, province_name) in regions.provinces() {
            let mut regencies = Vec::new();
            let mut names = Names { province: province.last_two(), regencies: Vec::new() };
            for (code, name) in regions.children(province) {
                let name = name.to_owned();
                let districts = self.districts(code, &lists);
                let stations = districts.iter().map(|district| district.addressable).sum();
                names.regencies.push(regency_names(code, &name, &districts));
                let (routes, tables) = routes.take(Some(code), files);
                let number = u16::try_from(code.number()).map_err(|_| BuildError::Regency(code))?;
                let contact = self.input.contacts.of(code);
                let directory = Directory { regency: number, name, contact, districts, routes, tables };
                let directory = self.add_directory(&directory)?;
                largest = largest.max(directory.stored);
                regencies.push(Regency { code: code.last_two(), directory, stations });
            }
            provinces.push(Province {
                code: province.last_two(),
                name: province_name.to_owned(),
                zone: self.input.config.areas.time_zone(province.last_two()),
                names: self.staging.add(&names, &mut self.written)?,
                regencies,
            });
        }
        let (elsewhere, tables) = routes.take(None, files);
        let elsewhere = if elsewhere.is_empty() {
            None
        } else {
            let (name, contact, districts) = (String::new(), None, Vec::new());
            let directory = Directory { regency: 0, name, contact, districts, routes: elsewhere, tables };
            Some(self.add_directory(&directory)?)
        };
        let manifest =
            Manifest { election: self.input.config.election.clone(), sealing: self.input.config.sealing, provinces, elsewhere };
        if manifest.station_count() != self.layout.all() {
            return Err(BuildError::StationsOutside);
        }
        let named = self.staging.add_manifest(&manifest, &[], &mut self.written)?;
        for tables in self.tables {
            self.written.files += tables.files;
            self.written.bytes += tables.bytes;
        }
        Ok((named, largest))
    }

    fn add_directory(&mut self, directory: &Directory) -> Result<FileRef, BuildError> {
        let regency = directory.regency;
        self.staging.add(directory, &mut self.written).map_err(|error| BuildError::Directory { regency, error })
    }

    fn districts(&self, regency: Code, lists: &BTreeMap<Code, FileRef>) -> Vec<District> {
        let regions = &self.input.regions;
        let village = |(code, name): (Code, &str)| Village { code: code.last_four(), name: name.to_owned() };
        let district = |(code, name): (Code, &str)| District {
            code: code.last_two(),
            name: name.to_owned(),
            villages: regions.children(code).map(village).collect(),
            stations: lists.get(&code).copied(),
            addressable: self.layout.addressable_in(code),
        };
        regions.children(regency).map(district).collect()
    }
}

fn regency_names(code: Code, name: &str, districts: &[District]) -> RegencyNames {
    let district = |district: &District| DistrictNames {
        code: district.code,
        name: district.name.clone(),
        villages: district.villages.clone(),
    };
    RegencyNames { code: code.last_two(), name: name.to_owned(), districts: districts.iter().map(district).collect() }
}
