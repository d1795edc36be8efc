//! What outcomes are made of: the election, the data, villages and stations as they are shown.

use super::problem::Problem;
use super::source::is_wrong;
use crate::date::{Day, iso_utc};
use crate::format::code::Code;
use crate::format::directory::Directory;
use crate::format::head::Head;
use crate::format::manifest::{Election, Province};
use crate::format::station_list::{AccessDetail, PollingTime, Station, StationKind};
use serde::Serialize;

/// The election as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElectionSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Polling day, `YYYY-MM-DD`.
    pub date: String,
    /// Whether all of it is made up.
    pub demo: bool,
    /// A telephone number for voters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_phone: Option<String>,
    /// An address with more information.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_url: Option<String>,
}

impl From<&Election> for ElectionSummary {
    fn from(election: &Election) -> Self {
        Self {
            id: election.id.clone(),
            name: election.name.clone(),
            date: day_of(election),
            demo: election.demo,
            help_phone: election.help_phone.clone(),
            help_url: election.help_url.clone(),
        }
    }
}

/// Whom the voters of a regency can ask, where it has a contact of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegencyHelp {
    /// The regency's name.
    pub regency: String,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_phone: Option<String>,
    /// An address with more information.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_url: Option<String>,
}

impl RegencyHelp {
    /// What a regency's directory says of it.
    pub(super) fn of(directory: &Directory) -> Option<Self> {
        let contact = directory.contact.as_ref()?;
        Some(Self { regency: directory.name.clone(), help_phone: contact.phone.clone(), help_url: contact.url.clone() })
    }
}

/// What is known of the device's clock. Only [`Clock::Confirmed`] can tell whether a station is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Nothing else tells the time.
    #[default]
    Unknown,
    /// It is right within two minutes.
    Confirmed,
    /// It is off by more than that, or before the time of signing.
    Wrong,
}

impl Clock {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

/// Which data an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// The head's serial.
    pub serial: u64,
    /// When it was signed, in UTC.
    pub signed_at: String,
    /// When it expires, in UTC.
    pub expires: String,
    /// The manifest's digest in hex.
    pub manifest: String,
    /// What is known of the device's clock.
    #[serde(skip_serializing_if = "Clock::is_unknown")]
    pub clock: Clock,
    /// By how many seconds the clock is ahead of the right time, where it is wrong and that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_error: Option<i32>,
    /// Whether the data comes from the device because no mirror could be asked for newer data.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub offline: bool,
    /// When offline: when a mirror last confirmed that the data is the newest, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<String>,
    /// What was rejected, late or unreachable although the question could be answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

impl Provenance {
    /// From a head. `now` and `kept_since` are in seconds since 1970; the latter is set where no mirror could be asked now.
    /// `clock_error` is [`Source::clock_error`](super::Source::clock_error).
    #[must_use]
    pub fn new(head: &Head, now: u64, clock_error: Option<i32>, kept_since: Option<u64>) -> Self {
        let clock = match clock_error {
            Some(error) if is_wrong(error) => Clock::Wrong,
            Some(_) => Clock::Confirmed,
            None if now < head.signed_at => Clock::Wrong,
            None => Clock::Unknown,
        };
        Self {
            serial: head.serial,
            signed_at: iso_utc(head.signed_at),
            expires: iso_utc(head.expires),
            manifest: head.manifest.digest.to_string(),
            clock,
            clock_error: clock_error.filter(|_| clock == Clock::Wrong),
            offline: kept_since.is_some(),
            checked_at: kept_since.map(iso_utc),
            problems: Vec::new(),
        }
    }
}

/// A village to choose from, with the names of where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VillageName {
    /// Ten digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its district's name.
    pub district: String,
    /// Its regency's name.
    pub regency: String,
    /// Its province's name.
    pub province: String,
}

impl VillageName {
    pub(super) fn new(code: Code, names: [&str; 4]) -> Self {
        let [name, district, regency, province] = names;
        Self {
            code: code.to_string(),
            name: name.to_owned(),
            district: district.to_owned(),
            regency: regency.to_owned(),
            province: province.to_owned(),
        }
    }
}

/// A station as it is shown, with the names of where it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StationDetails {
    /// The operator's id.
    pub id: String,
    /// Its number within the village.
    pub number: u16,
    /// The village's name.
    pub village: String,
    /// The village's ten digits.
    pub village_code: String,
    /// The district's name.
    pub district: String,
    /// The regency's name.
    pub regency: String,
    /// The province's name.
    pub province: String,
    /// The building.
    pub venue: String,
    /// Street and locality.
    pub address: String,
    /// Degrees, north positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees, east positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Whether the coordinates are far from the district's other stations.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub doubtful_coordinates: bool,
    /// When it opens, in ISO 8601 in its own time zone.
    pub opens: String,
    /// When it closes, in ISO 8601 in its own time zone.
    pub closes: String,
    /// What people call its time zone, such as `WIB` or `UTC+8`.
    pub time_zone: String,
    /// What stands before its number.
    pub kind: StationKind,
    /// A notice of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// A page with more about the notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_url: Option<String>,
    /// Whether it is wheelchair accessible; `None` where unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessible: Option<bool>,
    /// What helps people to get in and to vote.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<AccessDetail>,
    /// What is near it that people know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landmark: Option<String>,
}

impl StationDetails {
    /// A station of a district's list, with the names from its directory and province.
    #[must_use]
    pub fn new(station: &Station, district: Code, directory: &Directory, province: &Province, election: &Election) -> Self {
        let village_code = station.village(district);
        let of_district = directory.district(district);
        let village = of_district.and_then(|d| d.villages.iter().find(|village| village.code == village_code.last_four()));
        let time = station.time.as_deref().cloned().unwrap_or_else(|| election.time_in(province.zone));
        Self {
            id: station.id(district),
            number: station.number,
            village: village.map(|village| village.name.clone()).unwrap_or_default(),
            village_code: village_code.to_string(),
            district: of_district.map(|district| district.name.clone()).unwrap_or_default(),
            regency: directory.name.clone(),
            province: province.name.clone(),
            venue: station.venue.clone(),
            address: station.address.clone(),
            lat: station.place.map(|place| place.lat()),
            lon: station.place.map(|place| place.lon()),
            doubtful_coordinates: station.place.is_some_and(|place| place.doubtful),
            opens: iso_local(&time, time.opens),
            closes: iso_local(&time, time.closes),
            time_zone: time.zone,
            kind: station.kind,
            notice: station.notice.clone(),
            notice_url: station.notice_url.clone(),
            accessible: station.accessible,
            access: station.access.clone(),
            landmark: station.landmark.clone(),
        }
    }
}

fn day_of(election: &Election) -> String {
    iso_day(election.day)
}

fn iso_day(number: u32) -> String {
    Day::of_number(number).map(|day| day.to_string()).unwrap_or_default()
}

/// A minute of a polling day, with how far the station's clocks are from UTC: "2029-02-14T07:00:00+07:00".
fn iso_local(time: &PollingTime, minutes: u16) -> String {
    let sign = if time.offset < 0 { '-' } else { '+' };
    let [(hour, minute), (ahead, of_hour)] = [minutes, time.offset.unsigned_abs()].map(|minutes| (minutes / 60, minutes % 60));
    format!("{}T{hour:02}:{minute:02}:00{sign}{ahead:02}:{of_hour:02}", iso_day(time.day))
}

/// A district by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DistrictName {
    /// Six digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its regency's name.
    pub regency: String,
    /// Its province's name.
    pub province: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::container::{Digest, FileRef};
    use crate::lookup::source::corrected;

    const SIGNED: u64 = 1_800_000_000;

    fn provenance(now: u64, clock_error: Option<i32>) -> Provenance {
        let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 8, inflated: 8 };
        let head = Head {
            election: "uji-2029".into(),
            serial: 1,
            signed_at: SIGNED,
            expires: SIGNED + 1,
            manifest,
            provinces: Vec::new(),
        };
        Provenance::new(&head, now, clock_error, None)
    }

    #[test]
    fn a_clock_is_confirmed_within_two_minutes_and_wrong_beyond_them() {
        let clock = |now, error| {
            let data = provenance(now, error);
            (data.clock, data.clock_error)
        };
        assert_eq!(clock(SIGNED, None), (Clock::Unknown, None));
        for error in [-120, 0, 120] {
            assert_eq!(clock(SIGNED, Some(error)), (Clock::Confirmed, None));
        }
        for error in [-121, 121, 31_536_000, i32::MIN] {
            assert_eq!(clock(SIGNED, Some(error)), (Clock::Wrong, Some(error)));
        }
        // Nothing else tells the time, and yet it cannot be right.
        assert_eq!(clock(SIGNED - 1, None), (Clock::Wrong, None));
    }

    #[test]
    fn only_a_clock_that_is_wrong_is_corrected() {
        for (error, time) in [(None, 1_000), (Some(120), 1_000), (Some(-120), 1_000), (Some(400), 600), (Some(-400), 1_400)] {
            assert_eq!(corrected(1_000, error), time, "{error:?}");
        }
        assert_eq!(corrected(1_000, Some(i32::MAX)), 0);
    }
}
