//! The files of a site that a lookup in one region can need, each of them checked.

use super::error::PackError;
use crate::source::Site;
use crate::verify::require_parts;
use bilik::Table;
use bilik::format::{
    self, Code, Directory, Document, Election, FileRef, HEAD_PATH, Head, Kind, Level, MAX_HEAD_LEN, Manifest, Names,
    ProvincePart, StationList, Tables, Trust,
};
use bilik::lookup::{Problem, Source as _};
use std::collections::BTreeMap;

/// How many codes an error lists.
const MAX_LISTED: usize = 12;
/// Two digits with which no NIK begins.
const NO_PROVINCE: u8 = 0;

/// The files of a region.
pub(super) struct RegionFiles {
    pub head: Head,
    pub election: Election,
    /// The region's name, as a page says it.
    pub name: String,
    pub files: BTreeMap<String, PackedFile>,
}

/// A file that was checked.
pub(super) struct PackedFile {
    pub bytes: Vec<u8>,
    pub is_table: bool,
}

struct Reader<'a> {
    site: &'a Site,
    files: BTreeMap<String, PackedFile>,
}

impl RegionFiles {
    /// Reads the head and what the region needs: the parts of the manifest for its province and for NIKs of none; the tables of its
    /// prefixes; every station list of its regency, and those of the tables' other home districts; the names of its province. The
    /// manifest itself is read, but nobody needs it who looks up.
    pub(super) fn read(site: &Site, trust: &Trust, region: Code) -> Result<Self, PackError> {
        let mut reader = Reader { site, files: BTreeMap::new() };
        let bytes = site.read(HEAD_PATH, MAX_HEAD_LEN).map_err(PackError::File)?;
        let refused = |error| PackError::File(Problem::refused(&site.name(), HEAD_PATH, &error));
        let head = Head::read(&bytes, trust).map_err(refused)?;
        reader.files.insert(HEAD_PATH.to_owned(), PackedFile { bytes, is_table: false });
        let manifest: Manifest = reader.document(&head.manifest)?;
        reader.files.remove(&head.manifest.path(Kind::Manifest));
        require_parts(site, &head, &manifest, usize::MAX).map_err(PackError::File)?;
        let regency = region.regency_of().filter(|code| manifest.regency(*code).is_some());
        let Some(regency) = regency else { return Err(no_such_regency(region, &manifest)) };
        let Some(directory) = reader.directory(&manifest, regency)? else { return Err(no_such_regency(region, &manifest)) };
        for province in [regency.province(), NO_PROVINCE] {
            reader.part(&head, province)?;
        }
        let tables = tables_of(region, &directory)?;
        let mut homes: Vec<Code> = Vec::new();
        for tables in tables {
            for file in tables.full.iter().chain(&tables.near) {
                reader.document::<Table>(file)?;
            }
            homes.extend(tables.homes.iter().filter_map(|home| Code::district(home.district)));
        }
        homes.extend(directory.districts.iter().map(|district| regency.within(district.code)));
        for home in homes {
            let Some(regency) = home.regency_of() else { continue };
            reader.part(&head, regency.province())?;
            let directory = reader.directory(&manifest, regency)?;
            let list = directory.and_then(|directory| directory.district(home).and_then(|district| district.stations));
            if let Some(list) = list {
                reader.document::<StationList>(&list)?;
            }
        }
        if let Some(province) = manifest.province(regency.province()) {
            reader.document::<Names>(&province.names)?;
        }
        Ok(Self { head, name: name_of(region, &directory), election: manifest.election, files: reader.files })
    }
}

impl Reader<'_> {
    fn part(&mut self, head: &Head, province: u8) -> Result<(), PackError> {
        head.part_for(province).map_or(Ok(()), |named| self.document::<ProvincePart>(&named.part).map(drop))
    }

    fn directory(&mut self, manifest: &Manifest, regency: Code) -> Result<Option<Directory>, PackError> {
        manifest.regency(regency).map(|regency| self.document(&regency.directory)).transpose()
    }

    fn document<T: Document>(&mut self, file: &FileRef) -> Result<T, PackError> {
        let path = file.path(T::KIND);
        let bytes = match self.files.remove(&path) {
            Some(read) => read.bytes,
            None => self.site.read(&path, file.stored).map_err(PackError::File)?,
        };
        let document = format::read(&bytes, file);
        let document = document.map_err(|error| PackError::File(Problem::refused(&self.site.name(), &path, &error)))?;
        self.files.insert(path, PackedFile { bytes, is_table: T::KIND == Kind::Table });
        Ok(document)
    }
}

/// The tables that the NIKs of a region lead to.
fn tables_of(region: Code, directory: &Directory) -> Result<Vec<&Tables>, PackError> {
    let nobody = |regency| Err(PackError::NoVoters { code: region.to_string(), regency });
    if region.level() == Level::Regency {
        return if directory.tables.is_empty() { nobody(None) } else { Ok(directory.tables.iter().collect()) };
    }
    if let Some(tables) = directory.tables_of(region.short()) {
        return Ok(vec![tables]);
    }
    if directory.district(region).is_some() {
        return nobody(region.regency_of().filter(|_| !directory.tables.is_empty()));
    }
    let regency = Code::regency(directory.regency);
    let districts = directory.districts.iter().filter_map(|district| Some(regency?.within(district.code)));
    Err(PackError::NoSuchRegion { code: region.to_string(), level: "district", expected: listed(districts) })
}

fn no_such_regency(region: Code, manifest: &Manifest) -> PackError {
    let code = region.regency_of().unwrap_or(region).to_string();
    PackError::NoSuchRegion { code, level: "regency", expected: listed(manifest.regencies().map(|(code, _)| code)) }
}

fn listed(codes: impl Iterator<Item = Code>) -> String {
    let codes: Vec<String> = codes.map(|code| code.to_string()).collect();
    if codes.is_empty() {
        return "another code: there is none here".to_owned();
    }
    let more = codes.len().saturating_sub(MAX_LISTED);
    let shown = codes.into_iter().take(MAX_LISTED).collect::<Vec<_>>().join(", ");
    if more == 0 { format!("one of {shown}") } else { format!("one of {shown} and {more} more") }
}

/// "Kec. Cibinong, Kabupaten Bogor".
fn name_of(region: Code, directory: &Directory) -> String {
    match directory.district(region) {
        Some(district) if region.level() == Level::District => {
            // In Papua districts have another word.
            let kind = if region.province() >= 90 { "Distrik" } else { "Kec." };
            format!("{kind} {}, {}", district.name, directory.name)
        }
        _ if region.level() == Level::District => format!("NIK {region}, {}", directory.name),
        _ => directory.name.clone(),
    }
}
