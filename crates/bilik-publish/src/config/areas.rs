//! `[areas]`: where voting is at another time than in the rest of the election, and what is to be said there.
//!
//! What a village says comes before what its district says, and so on up to the election; each value by itself. Columns of the
//! stations file come before all of them.

use super::zone::Zone;
use bilik::format::{Code, Election, PollingTime, TimeZone};
use std::collections::BTreeMap;
use tr::tr;

/// What may differ from the rest of the election.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTime {
    /// Polling day, in days since 1970.
    pub day: Option<u32>,
    /// When stations open, in minutes of the day.
    pub opens: Option<u16>,
    /// When stations close, in minutes of the day.
    pub closes: Option<u16>,
    /// Their time zone.
    pub zone: Option<Zone>,
}

impl OwnTime {
    fn or(self, wider: &Self) -> Self {
        Self {
            day: self.day.or(wider.day),
            opens: self.opens.or(wider.opens),
            closes: self.closes.or(wider.closes),
            zone: self.zone.or_else(|| wider.zone.clone()),
        }
    }
}

/// What is said of an area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// When its stations are open.
    pub time: OwnTime,
    /// A notice for all of its stations that have none of their own.
    pub notice: Option<Notice>,
}

/// A notice, and where there is more about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// A page.
    pub url: Option<String>,
}

/// Why a time cannot be a polling time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// It does not close after it opens.
    #[error("{}", tr!("it does not close after it opens"))]
    Order,
    /// Clocks of the time zone do not show it on that day.
    #[error("{}", tr!("clocks of the time zone do not show the time when it opens on that day"))]
    Zone,
}

/// All areas, and what holds elsewhere.
#[derive(Clone, Debug)]
pub struct Areas {
    election: Election,
    time_zones: BTreeMap<u8, TimeZone>,
    by_code: BTreeMap<Code, Area>,
}

impl Areas {
    pub(super) fn new(election: &Election, time_zones: &BTreeMap<u8, TimeZone>, areas: BTreeMap<Code, Area>) -> Self {
        Self { election: election.clone(), time_zones: time_zones.clone(), by_code: areas }
    }

    /// The usual time zone of a province's stations.
    #[must_use]
    pub fn time_zone(&self, province: u8) -> TimeZone {
        self.time_zones.get(&province).copied().unwrap_or(TimeZone::of_province(province))
    }

    /// When a station of a village is open that says `own` of itself; none where that is as in the rest of the election.
    ///
    /// # Errors
    /// When it would not open before it closes, or not at all.
    pub fn time_of(&self, village: Code, own: OwnTime) -> Result<Option<PollingTime>, TimeError> {
        let time = self.around(village).fold(own, |time, area| time.or(&area.time));
        let usual = self.election.time_in(self.time_zone(village.province()));
        if time == OwnTime::default() {
            return Ok(None);
        }
        let (day, opens, closes) =
            (time.day.unwrap_or(usual.day), time.opens.unwrap_or(usual.opens), time.closes.unwrap_or(usual.closes));
        if opens >= closes {
            return Err(TimeError::Order);
        }
        let (offset, zone) = match &time.zone {
            Some(zone) => zone.at(day, opens).ok_or(TimeError::Zone)?,
            None => (usual.offset, usual.zone.clone()),
        };
        let time = PollingTime { day, opens, closes, offset, zone };
        Ok((time != usual).then_some(time))
    }

    /// The notice for a village's stations.
    #[must_use]
    pub fn notice_of(&self, village: Code) -> Option<&Notice> {
        self.around(village).find_map(|area| area.notice.as_ref())
    }

    /// The last polling day, in days since 1970.
    #[must_use]
    pub fn last_day(&self) -> u32 {
        self.by_code.values().filter_map(|area| area.time.day).fold(self.election.day, u32::max)
    }

    /// What is said of a village, then of its district, regency and province.
    fn around(&self, village: Code) -> impl Iterator<Item = &Area> {
        std::iter::successors(Some(village), |code| code.parent()).filter_map(|code| self.by_code.get(&code))
    }
}
