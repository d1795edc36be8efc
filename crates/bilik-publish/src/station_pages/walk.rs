//! From the signed files to the pages, one district at a time.

use super::error::StationPagesError;
use super::links;
use super::sitemap;
use super::view::{CountryPage, ProvincePage, RegencyView, Surroundings, VillagePage};
use crate::app::{PlacePages, SiteFile};
use crate::cancel::CancellationToken;
use crate::source::Site;
use bilik::format::{self, Code, Directory, Document, Election, FileRef, Manifest, Province, Station, StationList};
use bilik::lookup::{Problem, Source as _};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A page, or a sitemap, with its path in the site.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// What a province's page says of a regency, and its villages that have a page.
type Seen = (RegencyView, Vec<Code>);

/// Which pages are wanted.
pub(crate) enum Scope {
    /// All.
    All,
    /// Those of villages in these districts, and of their provinces.
    Districts(BTreeSet<Code>),
    /// At most N villages of each of these regencies; no provinces.
    Sample(BTreeSet<Code>, usize),
}

/// The pages of a site.
pub(crate) struct StationPages<'a> {
    templates: PlacePages<'a>,
    cancel: &'a CancellationToken,
}

/// Takes pages, from several threads.
type Take<'a> = &'a (dyn Fn(Page) -> Result<(), StationPagesError> + Sync);

impl<'a> StationPages<'a> {
    /// Nothing for a site that has none.
    pub(crate) fn of(site: &'a SiteFile, cancel: &'a CancellationToken) -> Result<Option<Self>, StationPagesError> {
        let templates = site.station_pages.then(|| PlacePages::of(site)).transpose()?;
        Ok(templates.map(|templates| Self { templates, cancel }))
    }

    /// Whether the site's own pages were made by this app, so that they can be compared.
    pub(crate) fn are_of_site(&self) -> bool {
        self.templates.are_of_site()
    }

    /// Makes the pages of a manifest. A file is read from the first of the sites that has it.
    pub(crate) fn make(&self, sites: &[&Site], manifest: &FileRef, scope: &Scope, take: Take) -> Result<(), StationPagesError> {
        let manifest: &Manifest = &read(sites, manifest)?;
        let regencies: Vec<(&Province, Code, &FileRef)> = regencies_of(manifest, scope).collect();
        let one = |(province, code, file): &(&Province, Code, &FileRef)| {
            let directory: Directory = read(sites, file)?;
            self.villages(sites, (&manifest.election, province, *code, &directory), scope, take)?;
            Ok((*code, (RegencyView::of(*code, &directory), sitemap::villages_with_pages(*code, &directory))))
        };
        let seen: BTreeMap<Code, Seen> = regencies.par_iter().map(one).collect::<Result<_, StationPagesError>>()?;
        if !matches!(scope, Scope::Sample(..)) {
            self.provinces(manifest, seen, take)?;
        }
        if matches!(scope, Scope::All) {
            let page = CountryPage::of(&manifest.provinces);
            take(Page { path: links::country(), bytes: self.templates.fill("tps/country.html", &page)? })?;
            if let Some(address) = &self.templates.site().address {
                let with_regencies = manifest.provinces.iter().filter(|province| !province.regencies.is_empty());
                let provinces: Vec<Code> = with_regencies.filter_map(code_of).collect();
                take(Page { path: links::sitemap(), bytes: sitemap::index(address, &provinces) })?;
            }
        }
        Ok(())
    }

    fn provinces(&self, manifest: &Manifest, seen: BTreeMap<Code, Seen>, take: Take) -> Result<(), StationPagesError> {
        let mut of_province: BTreeMap<u8, (Vec<RegencyView>, Vec<Code>)> = BTreeMap::new();
        for (code, (view, villages)) in seen {
            let (views, all) = of_province.entry(code.province()).or_default();
            views.push(view);
            all.extend(villages);
        }
        for province in &manifest.provinces {
            let Some(code) = code_of(province) else { continue };
            let Some((regencies, villages)) = of_province.remove(&province.code) else { continue };
            if let Some(address) = &self.templates.site().address {
                take(Page { path: links::sitemap_of(code), bytes: sitemap::of_province(address, code, &villages) })?;
            }
            let page = ProvincePage::of(code, &province.name, regencies);
            take(Page { path: links::province(code), bytes: self.templates.fill("tps/province.html", &page)? })?;
        }
        Ok(())
    }

    fn villages(
        &self,
        sites: &[&Site],
        (election, province, code, directory): (&Election, &Province, Code, &Directory),
        scope: &Scope,
        take: Take,
    ) -> Result<(), StationPagesError> {
        let mut left = if let Scope::Sample(_, most) = scope { *most } else { usize::MAX };
        for district in &directory.districts {
            let district_code = code.within(district.code);
            let is_wanted = !matches!(scope, Scope::Districts(districts) if !districts.contains(&district_code)) && left > 0;
            let Some(file) = district.stations.as_ref().filter(|_| is_wanted) else { continue };
            self.cancel.check()?;
            let list: StationList = read(sites, file)?;
            let site = self.templates.site();
            let around = Surroundings { site, province, directory, district, district_code, list: file.digest, election };
            for village in district.villages.iter().take(left) {
                let stations = stations_of(&list, district_code.village(village.code), district_code);
                let page = VillagePage::of(&around, village, &stations);
                let path = links::village(district_code.village(village.code));
                take(Page { path, bytes: self.templates.fill("tps/village.html", &page)? })?;
            }
            left = left.saturating_sub(district.villages.len());
        }
        Ok(())
    }
}

fn code_of(province: &Province) -> Option<Code> {
    Code::parse(&format!("{:02}", province.code))
}

/// A village's stations by number.
fn stations_of(list: &StationList, village: Code, district: Code) -> Vec<&Station> {
    let mut stations: Vec<&Station> = list.present().filter(|station| station.village(district) == village).collect();
    stations.sort_by_key(|station| (station.kind, station.number));
    stations
}

fn regencies_of<'a>(manifest: &'a Manifest, scope: &'a Scope) -> impl Iterator<Item = (&'a Province, Code, &'a FileRef)> {
    let is_wanted = move |code: &Code| match scope {
        Scope::All => true,
        Scope::Districts(districts) => districts.iter().any(|district| district.province() == code.province()),
        Scope::Sample(regencies, _) => regencies.contains(code),
    };
    manifest.provinces.iter().flat_map(move |province| {
        let code = move |number: u8| Code::parse(&format!("{:02}{number:02}", province.code));
        let regencies = province.regencies.iter();
        regencies.filter_map(move |regency| Some((province, code(regency.code).filter(is_wanted)?, &regency.directory)))
    })
}

/// A document from the first site that has it; the last one says what is wrong with it.
fn read<T: Document>(sites: &[&Site], file: &FileRef) -> Result<T, StationPagesError> {
    let path = file.path(T::KIND);
    let (last, first) = sites.split_last().ok_or_else(|| Problem::unreachable("", &path, "no site"))?;
    let site = first.iter().find(|site| site.has(&path)).unwrap_or(last);
    let bytes = site.read(&path, file.stored)?;
    Ok(format::read(&bytes, file).map_err(|error| Problem::refused(&site.name(), &path, &error))?)
}
