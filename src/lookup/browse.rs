//! Browsing: villages by name, and the stations of a village. All of it is public.

use super::engine::Lookup;
use super::outcome::{Outcome, Ready};
use super::problem::Unavailable;
use super::shown::{StationDetails, VillageName};
use super::source::Source;
use super::village_search::find;
use crate::format::code::Code;

/// The maximum number of villages that a search returns.
const MAX_FOUND: usize = 50;

impl<S: Source> Lookup<S> {
    /// Fetches head and manifest, which shows that the site is reachable and trusted.
    ///
    /// # Errors
    /// The outcome of any question: stale, unverified or unreachable.
    pub async fn ready(&self) -> Result<Ready, Box<Outcome>> {
        let root = self.store.root().await.map_err(|unavailable| Box::new(unavailable.into()))?;
        if let Some(stale) = self.stale(&root) {
            return Err(Box::new(stale));
        }
        let data = self.store.provenance(&root);
        Ok(Ready { outcome: "ready", election: (&root.manifest.election).into(), data })
    }

    /// Finds at most 50 villages by name, tolerating typing errors, best match first. `within` narrows the search to a province,
    /// regency or district, and saves fetching the names of other provinces. An empty query lists all villages within.
    ///
    /// # Errors
    /// When a file of names cannot be fetched.
    pub async fn villages(&self, query: &str, within: Option<Code>) -> Result<Vec<VillageName>, Unavailable> {
        let root = self.store.root().await?;
        let mut all = Vec::new();
        for province in &root.manifest.provinces {
            if within.is_none_or(|area| area.province() == province.code) {
                all.push(self.store.names(&province.names).await?);
            }
        }
        let most = if query.trim().is_empty() && within.is_some() { usize::MAX } else { MAX_FOUND };
        let found = find(all.iter().map(AsRef::as_ref), query, within, most);
        Ok(found.into_iter().map(|(code, [village, district, regency])| root.village(code, village, district, regency)).collect())
    }

    /// The stations of a village; none where there is no such village.
    ///
    /// # Errors
    /// When a file cannot be fetched.
    pub async fn stations(&self, village: Code) -> Result<Vec<StationDetails>, Unavailable> {
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
        Ok(of_village
            .map(|station| StationDetails::new(station, district, &directory, province, &root.manifest.election))
            .collect())
    }
}
