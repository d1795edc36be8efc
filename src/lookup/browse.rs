//! Browsing: villages by name, and the stations of a village. All of it public.

use super::Lookup;
use super::file_store::{Root, Source};
use super::outcome::{Outcome, Ready, Station, Unavailable, Village};
use super::village_search::find;
use crate::format::code::Code;
use crate::format::directory::{self, Tables};

/// The most villages that a search gives.
const MAX_FOUND: usize = 50;

impl<S: Source> Lookup<S> {
    /// Head and manifest: that the site is there and can be trusted.
    ///
    /// # Errors
    /// The outcome that any question would have: stale, unverified or unreachable.
    pub async fn ready(&self) -> Result<Ready, Box<Outcome>> {
        let root = self.store.root().await.map_err(|trouble| Box::new(trouble.into()))?;
        if let Some(stale) = self.stale(&root) {
            return Err(Box::new(stale));
        }
        let data = root.provenance(self.store.now());
        Ok(Ready { outcome: "ready", election: (&root.manifest.election).into(), data })
    }

    /// Villages by name, best first, at most 50; typo tolerant. `within` narrows the search to a province, regency or
    /// district, and spares fetching the other provinces' names. An empty query lists all villages within.
    ///
    /// # Errors
    /// When the names cannot be had.
    pub async fn villages(&self, query: &str, within: Option<Code>) -> Result<Vec<Village>, Unavailable> {
        let root = self.store.root().await?;
        let mut all = Vec::new();
        for province in &root.manifest.provinces {
            if within.is_none_or(|area| area.province() == province.code) {
                all.push(self.store.names(&province.names).await?);
            }
        }
        let most = if query.trim().is_empty() && within.is_some() { usize::MAX } else { MAX_FOUND };
        let found = find(all.iter().map(AsRef::as_ref), query, within, most);
        Ok(found
            .into_iter()
            .map(|(code, [village, district, regency])| village_of(&root, code, village, district, regency))
            .collect())
    }

    /// The stations of a village; none where there is no such village.
    ///
    /// # Errors
    /// When a file cannot be had.
    pub async fn stations(&self, village: Code) -> Result<Vec<Station>, Unavailable> {
        let root = self.store.root().await?;
        let Some(district) = village.district_of() else { return Ok(Vec::new()) };
        if village.regency_of().and_then(|regency| root.manifest.regency(regency)).is_none() {
            return Ok(Vec::new());
        }
        let directory = self.store.directory(&root, district, None).await?;
        let Some(file) = directory.district(district).and_then(|district| district.stations) else { return Ok(Vec::new()) };
        let list = self.store.stations(&file, None).await?;
        let Some(province) = root.manifest.province(district.province()) else { return Ok(Vec::new()) };
        let of_village = list.stations.iter().filter(|station| station.village(district) == village);
        Ok(of_village.map(|station| Station::new(station, district, &directory, province, &root.manifest.election)).collect())
    }

    /// The villages of a table's home districts.
    pub(super) async fn villages_of(&self, root: &Root, tables: &Tables) -> Result<Vec<Village>, Unavailable> {
        let mut villages = Vec::new();
        for code in tables.homes.iter().filter_map(|home| Code::district(home.district)) {
            let directory = self.store.directory(root, code, None).await?;
            if let Some(district) = directory.district(code) {
                let named = |village: &directory::Village| {
                    village_of(root, code.village(village.code), &village.name, &district.name, &directory.name)
                };
                villages.extend(district.villages.iter().map(named));
            }
        }
        Ok(villages)
    }
}

fn village_of(root: &Root, code: Code, name: &str, district: &str, regency: &str) -> Village {
    let province = root.manifest.province(code.province()).map(|province| province.name.clone());
    Village {
        code: code.to_string(),
        name: name.to_owned(),
        district: district.to_owned(),
        regency: regency.to_owned(),
        province: province.unwrap_or_default(),
    }
}
