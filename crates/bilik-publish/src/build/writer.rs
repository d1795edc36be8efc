//! The data files of a site: tables, station lists, directories, names and the manifest.

use super::error::BuildError;
use super::routes::Routes;
use crate::cancel::CancellationToken;
use crate::derive::Derivers;
use crate::input::Input;
use crate::io_error::IoError;
use crate::layout::Layout;
use crate::partition::Checked;
use crate::plan::Group;
use crate::progress::Progress;
use crate::randomness::Randomness;
use crate::seal::{SealContext, SealError, SealedGroup, seal};
use crate::staging::{Staging, Written};
use bilik::format::{
    Code, Directory, District, DistrictNames, FileRef, Kind, Manifest, Names, Province, Regency, RegencyNames, Tables, Village,
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Writes the data files of a site into its staging folder.
pub(super) struct SiteWriter<'a> {
    pub(super) input: &'a Input,
    pub(super) layout: &'a Layout,
    pub(super) staging: &'a Staging,
    pub(super) derivers: &'a Derivers,
    /// All files but the app and the head.
    pub(super) written: Written,
    /// Of those, the tables by `full` and by `near`.
    pub(super) tables: [Written; 2],
}

impl SiteWriter<'_> {
    /// Seals all groups, bin by bin; side by side within a bin.
    pub(super) fn seal(
        &mut self,
        checked: &Checked,
        randomness: &Randomness,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<BTreeMap<usize, Tables>, BuildError> {
        let config = &self.input.config;
        let context = SealContext {
            election: &config.election.id,
            sealing: config.sealing,
            max_keys: config.max_keys,
            regions: &self.input.regions,
            layout: self.layout,
            randomness,
            derivers: self.derivers,
            cancel,
        };
        let groups = checked.partition.groups();
        // Up to three keys a voter, one where the name is a single word; the average is two.
        progress.begin("sealing", checked.voters.saturating_mul(2));
        let mut files = BTreeMap::new();
        for bin in 0..checked.partition.bin_count() {
            let voters = checked.partition.read(bin)?;
            let sealed: Vec<(usize, SealedGroup)> = voters
                .into_par_iter()
                .filter_map(|(group, voters)| Some((group, groups.get(group)?, voters)))
                .map(|(index, group, voters)| Ok((index, seal(&context, group, &voters, &|keys| progress.advance(keys))?)))
                .collect::<Result<_, SealError>>()?;
            for (index, group) in sealed {
                files.insert(index, self.add_tables(group)?);
            }
        }
        progress.end();
        Ok(files)
    }

    fn add_tables(&mut self, group: SealedGroup) -> Result<Tables, IoError> {
        let add = |(bytes, file): &(Vec<u8>, FileRef), count: &mut Written| -> Result<FileRef, IoError> {
            self.staging.add_bytes(&file.path(Kind::Table), bytes, count)?;
            Ok(*file)
        };
        let [full_count, near_count] = &mut self.tables;
        let full = group.full.iter().map(|full| add(full, full_count)).collect::<Result<_, _>>()?;
        let near = group.near.iter().map(|near| add(near, near_count)).collect::<Result<_, _>>()?;
        Ok(Tables { full, near, homes: group.homes })
    }

    /// Station lists, directories, names and the manifest. Gives the manifest's file, and the length of the largest directory.
    pub(super) fn assemble(&mut self, groups: &[Group], files: &BTreeMap<usize, Tables>) -> Result<(FileRef, u32), BuildError> {
        let mut lists = BTreeMap::new();
        for (district, list) in self.layout.lists(&self.input.stations) {
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
                let directory = Directory { regency: number, name, districts, routes, tables };
                let directory = self.add_directory(&directory)?;
                largest = largest.max(directory.stored);
                regencies.push(Regency { code: code.last_two(), directory, stations });
            }
            provinces.push(Province {
                code: province.last_two(),
                name: province_name.to_owned(),
                zone: self.input.config.time_zone(province.last_two()),
                names: self.staging.add(&names, &mut self.written)?,
                regencies,
            });
        }
        let (elsewhere, tables) = routes.take(None, files);
        let elsewhere = if elsewhere.is_empty() {
            None
        } else {
            let directory = Directory { regency: 0, name: String::new(), districts: Vec::new(), routes: elsewhere, tables };
            Some(self.add_directory(&directory)?)
        };
        let manifest =
            Manifest { election: self.input.config.election.clone(), sealing: self.input.config.sealing, provinces, elsewhere };
        if manifest.station_count() != self.layout.all() {
            return Err(BuildError::StationsOutside);
        }
        let manifest = self.staging.add(&manifest, &mut self.written)?;
        for tables in self.tables {
            self.written.files += tables.files;
            self.written.bytes += tables.bytes;
        }
        Ok((manifest, largest))
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
            addressable: self.layout.stations_in(code),
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
