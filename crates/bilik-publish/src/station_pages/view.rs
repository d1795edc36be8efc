//! What the templates in www/tps/ are filled in with.

use super::links;
use super::place_names as names;
use super::qr::QrCode;
use crate::app::{SiteFile, in_english, in_indonesian};
use crate::sinks::for_page;
use bilik::Day;
use bilik::format::{
    AccessDetail, Code, Digest, Directory, District, Election, Place, PollingTime, Province, Station, StationKind, Village,
};
use serde::Serialize;

/// A list of more stations begins with links to each.
const MAX_AT_A_GLANCE: usize = 20;

/// A place with the code in its page's name.
#[derive(Debug, Serialize)]
pub(super) struct PlaceLink {
    name: String,
    /// Nothing for the page that this is, and where there is none.
    code: Option<String>,
}

/// A village's page.
#[derive(Debug, Serialize)]
pub(super) struct VillagePage {
    code: String,
    /// Whether its district is a committee abroad, and it is a way of voting there.
    is_abroad: bool,
    name: String,
    district: String,
    regency: String,
    province: String,
    /// Of the regency's part of the province's page.
    regency_code: String,
    province_code: String,
    /// When its stations are open, but for those that say so themselves.
    when: When,
    count: usize,
    stations: Vec<StationView>,
    /// Whether to begin with links to each.
    is_long: bool,
    neighbours: Vec<PlaceLink>,
    /// The station list's digest, as far as people compare it.
    list: String,
    /// Whom to call.
    help_phone: String,
    /// Where to read more, if the regency says so.
    help_url: Option<String>,
    /// Its own address, if the site has one.
    url: Option<String>,
    qr: Option<QrCode>,
    whatsapp: Option<String>,
}

/// "Rabu, 14 Februari 2029" and "07.00–13.00 WIB", and as English writes it.
#[derive(Debug, Serialize)]
struct When {
    day_id: String,
    day_en: String,
    hours_id: String,
    hours_en: String,
}

/// A station on it.
#[derive(Debug, Serialize)]
struct StationView {
    kind: &'static str,
    number: u16,
    /// Its number in addresses: a ballot box and a polling station may have the same one.
    anchor: String,
    /// When it is open, where the page's time is not its own.
    when: Option<When>,
    venue: String,
    address: String,
    accessible: Option<bool>,
    access: Vec<AccessDetail>,
    landmark: Option<String>,
    notice: Option<String>,
    notice_url: Option<String>,
    /// Where it is, in degrees; not where that is doubtful.
    lat: Option<String>,
    lon: Option<String>,
}

/// A province's page.
#[derive(Debug, Serialize)]
pub(super) struct ProvincePage {
    name: String,
    /// Whether its districts are committees abroad.
    is_abroad: bool,
    /// Whether to begin with links to each.
    is_long: bool,
    regencies: Vec<RegencyView>,
}

/// A regency on it.
#[derive(Debug, Serialize)]
pub(super) struct RegencyView {
    pub(super) code: String,
    name: String,
    /// Its districts, each by the page of its first village.
    districts: Vec<PlaceLink>,
}

/// The country's page.
#[derive(Debug, Serialize)]
pub(super) struct CountryPage {
    pub(super) provinces: Vec<PlaceLink>,
}

/// What a village's page says of what is around the village.
pub(super) struct Surroundings<'a> {
    pub(super) site: &'a SiteFile,
    pub(super) province: &'a Province,
    pub(super) directory: &'a Directory,
    pub(super) district: &'a District,
    pub(super) district_code: Code,
    pub(super) list: Digest,
    pub(super) election: &'a Election,
}

impl VillagePage {
    pub(super) fn of(around: &Surroundings, village: &Village, stations: &[&Station]) -> Self {
        let Surroundings { site, province, directory, district, district_code, list, .. } = around;
        let code = district_code.village(village.code);
        let (name, district_name) = (names::village(code, &village.name), names::district(*district_code, &district.name));
        let regency = names::regency(&directory.name);
        let url = links::whole(site.address.as_deref(), &links::village(code));
        let contact = directory.contact.as_ref();
        let phone = contact.and_then(|contact| contact.phone.as_ref()).or(around.election.help_phone.as_ref());
        let text = |url: &String| format!("Daftar TPS {name}, {district_name}, {regency}\n{url}");
        let time_of =
            |station: &Station| station.time.as_deref().cloned().unwrap_or_else(|| around.election.time_in(around.province.zone));
        // Abroad, say, all stations have one time, which is not that of the election.
        let usual =
            stations.first().map(|first| time_of(first)).filter(|time| stations.iter().all(|other| time_of(other) == *time));
        let usual = usual.unwrap_or_else(|| around.election.time_in(province.zone));
        let neighbour = |other: &Village| {
            let other_code = district_code.village(other.code);
            let code = (other_code != code).then(|| other_code.to_string());
            PlaceLink { name: for_page(&other.name), code }
        };
        Self {
            whatsapp: url.as_ref().map(|url| links::whatsapp(&text(url))),
            qr: url.as_deref().and_then(QrCode::of),
            code: code.to_string(),
            is_abroad: names::is_abroad(code),
            district: district_name,
            province: for_page(&province.name),
            regency_code: links::folder_of(code),
            province_code: format!("{:02}", province.code),
            when: When::of(&usual),
            count: stations.len(),
            is_long: stations.len() > MAX_AT_A_GLANCE,
            stations: stations.iter().map(|station| StationView::of(station, &usual, &time_of(station))).collect(),
            neighbours: district.villages.iter().map(neighbour).collect(),
            list: list.to_string().chars().take(8).collect(),
            help_phone: phone.map(|phone| for_page(phone)).unwrap_or_default(),
            help_url: contact.and_then(|contact| contact.url.clone()),
            name,
            regency,
            url,
        }
    }
}

impl StationView {
    fn of(station: &Station, usual: &PollingTime, time: &PollingTime) -> Self {
        let kind = station.kind.name();
        let before = if matches!(station.kind, StationKind::Tps | StationKind::Tpsln) { "" } else { kind };
        let place = station.place.as_ref().filter(|place| !place.doubtful);
        Self {
            kind,
            number: station.number,
            anchor: format!("{before}{}", station.number),
            when: (time != usual).then(|| When::of(time)),
            venue: for_page(&station.venue),
            address: for_page(&station.address),
            accessible: station.accessible,
            access: station.access.clone(),
            landmark: station.landmark.as_deref().map(for_page),
            notice: station.notice.as_deref().map(for_page),
            notice_url: station.notice_url.clone(),
            lat: place.map(Place::lat).map(|degrees| degrees.to_string()),
            lon: place.map(Place::lon).map(|degrees| degrees.to_string()),
        }
    }
}

impl RegencyView {
    pub(super) fn of(code: Code, directory: &Directory) -> Self {
        let district = |district: &District| {
            let district_code = code.within(district.code);
            let first = district.stations.and(district.villages.first());
            let code = first.map(|first| district_code.village(first.code).to_string());
            PlaceLink { name: names::district(district_code, &district.name), code }
        };
        Self {
            code: code.to_string(),
            name: names::regency(&directory.name),
            districts: directory.districts.iter().map(district).collect(),
        }
    }
}

impl ProvincePage {
    pub(super) fn of(code: Code, name: &str, regencies: Vec<RegencyView>) -> Self {
        let name = for_page(name);
        Self { name, is_abroad: names::is_abroad(code), is_long: regencies.len() > 1, regencies }
    }
}

impl CountryPage {
    pub(super) fn of(provinces: &[Province]) -> Self {
        let code = |province: &Province| Some(format!("{:02}", province.code));
        let link = |province: &Province| PlaceLink { name: for_page(&province.name), code: code(province) };
        Self { provinces: provinces.iter().map(link).collect() }
    }
}

impl When {
    fn of(time: &PollingTime) -> Self {
        let day = Day::of_number(time.day).map(|day| day.to_string()).unwrap_or_default();
        let clock = |minutes: u16, colon: char| format!("{:02}{colon}{:02}", minutes / 60, minutes % 60);
        let hours = |colon| format!("{}–{} {}", clock(time.opens, colon), clock(time.closes, colon), time.zone);
        Self { day_id: in_indonesian(&day), day_en: in_english(&day), hours_id: hours('.'), hours_en: hours(':') }
    }
}
