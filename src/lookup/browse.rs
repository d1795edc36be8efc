//! Browsing: villages by name, and the stations of a village. All of it is public.

use super::engine::Lookup;
use super::outcome::{Outcome, Ready};
use super::run::Stop;
use super::shown::{StationDetails, VillageName};
use super::source::Source;
use super::village_search::search;
use crate::format::code::Code;

/// The maximum number of villages that a search returns.
const MAX_FOUND: usize = 50;

impl<S: Source> Lookup<S> {
    /// Fetches the head and a part of the manifest, which shows that the site is reachable and trusted.
    ///
    /// # Errors
    /// The outcome of any question: stale, unverified or unreachable.
    pub async fn ready(&self) -> Result<Ready, Box<Outcome>> {
        let mut ready = None;
        let ended = self
            .run(&(), &mut |run| {
                let root = run.root()?;
                // The part of any province tells the election.
                if let Some(stale) = run.stale(&root, 0)? {
                    return Err(Stop::Answer(Box::new(stale)));
                }
                let part = match run.store.any_part() {
                    Some(part) => part,
                    None => run.part(&root, 0, None)?,
                };
                ready = Some(Ready { outcome: "ready", election: (&part.election).into(), data: self.store.provenance(&root) });
                Ok(())
            })
            .await;
        ended.and_then(|()| ready.ok_or(Stop::Needs)).map_err(Stop::into_outcome)
    }

    /// Finds at most 50 villages by name, tolerating typing errors, best match first. `within` narrows the search to a province,
    /// regency or district, and saves fetching the names of other provinces. An empty query lists all villages within.
    ///
    /// # Errors
    /// When a file of names cannot be fetched.
    pub async fn villages(&self, query: &str, within: Option<Code>) -> Result<Vec<VillageName>, Box<Outcome>> {
        let mut villages = Vec::new();
        let ended = self
            .run(&(), &mut |run| {
                let root = run.root()?;
                // Of one province its part is enough.
                let (part, manifest);
                let provinces = if let Some(area) = within {
                    part = run.part(&root, area.province(), None)?;
                    std::slice::from_ref(&part.province)
                } else {
                    manifest = run.manifest(&root)?;
                    &manifest.provinces
                };
                let (mut names, mut missing) = (Vec::new(), None);
                // All are asked for before the first is waited for.
                for province in provinces {
                    if within.is_none_or(|area| area.province() == province.code) {
                        match run.villages(&province.names) {
                            Ok(index) => names.push(index),
                            Err(stop) => missing = missing.or(Some(stop)),
                        }
                    }
                }
                missing.map_or(Ok(()), Err)?;
                let most = if query.trim().is_empty() && within.is_some() { usize::MAX } else { MAX_FOUND };
                for (code, [village, district, regency]) in search(&names, query, within, most) {
                    let province = provinces.iter().find(|province| province.code == code.province());
                    let province = province.map(|province| province.name.as_str()).unwrap_or_default();
                    villages.push(VillageName::new(code, [village, district, regency, province]));
                }
                Ok(())
            })
            .await;
        ended.map(|()| villages).map_err(Stop::into_outcome)
    }

    /// The stations of a village; none where there is no such village.
    ///
    /// # Errors
    /// When a file cannot be fetched.
    pub async fn stations(&self, village: Code) -> Result<Vec<StationDetails>, Box<Outcome>> {
        let mut stations = Vec::new();
        let ended = self
            .run(&(), &mut |run| {
                let root = run.root()?;
                let Some(district) = village.district_of() else { return Ok(()) };
                let part = run.part(&root, district.province(), None)?;
                if village.regency_of().and_then(|regency| part.regency(regency)).is_none() {
                    return Ok(());
                }
                let directory = run.directory(&root, district, None)?;
                let Some(file) = directory.district(district).and_then(|district| district.stations) else { return Ok(()) };
                let list = run.stations(&file, None)?;
                for station in list.present().filter(|station| station.village(district) == village) {
                    // A station that was added later stands at the end of the list.
                    let at = stations.partition_point(|other: &StationDetails| other.number <= station.number);
                    stations.insert(at, StationDetails::new(station, district, &directory, &part.province, &part.election));
                }
                Ok(())
            })
            .await;
        ended.map(|()| stations).map_err(Stop::into_outcome)
    }
}
