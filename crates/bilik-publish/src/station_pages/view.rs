//! What the templates in www/tps/ are filled in with.

use super::links;
use super::place_names as names;
use super::qr::QrCode;
use crate::app::SiteFile;
use bilik::format::{Code, Digest, Directory, District, Place, Province, Station, TimeZone, Village};
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
    name: String,
    district: String,
    regency: String,
    province: String,
    /// Of the regency's part of the province's page.
    regency_code: String,
    province_code: String,
    /// "07.00–13.00 WIB", and as English writes it.
    hours_id: String,
    hours_en: String,
    count: usize,
    stations: Vec<StationView>,
    /// Whether to begin with links to each.
    is_long: bool,
    neighbours: Vec<PlaceLink>,
    /// The station list's digest, as far as people compare it.
    list: String,
    /// Its own address, if the site has one.
    url: Option<String>,
    qr: Option<QrCode>,
    whatsapp: Option<String>,
}

/// A station on it.
#[derive(Debug, Serialize)]
struct StationView {
    number: u16,
    venue: String,
    address: String,
    accessible: Option<bool>,
    notice: Option<String>,
    /// Where it is, in degrees; not where that is doubtful.
    lat: Option<String>,
    lon: Option<String>,
}

/// A province's page.
#[derive(Debug, Serialize)]
pub(super) struct ProvincePage {
    pub(super) name: String,
    /// Whether to begin with links to each.
    pub(super) is_long: bool,
    pub(super) regencies: Vec<RegencyView>,
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
}

impl VillagePage {
    pub(super) fn of(around: &Surroundings, village: &Village, stations: &[&Station]) -> Self {
        let Surroundings { site, province, directory, district, district_code, list } = around;
        let code = district_code.village(village.code);
        let (name, district_name) = (names::village(code, &village.name), names::district(*district_code, &district.name));
        let regency = names::regency(&directory.name);
        let url = links::whole(site.address.as_deref(), &links::village(code));
        let text = |url: &String| format!("Daftar TPS {name}, {district_name}, {regency}\n{url}");
        let neighbour = |other: &Village| {
            let other_code = district_code.village(other.code);
            let code = (other_code != code).then(|| other_code.to_string());
            PlaceLink { name: names::plain(&other.name), code }
        };
        Self {
            whatsapp: url.as_ref().map(|url| links::whatsapp(&text(url))),
            qr: url.as_deref().and_then(QrCode::of),
            code: code.to_string(),
            district: district_name,
            province: names::plain(&province.name),
            regency_code: links::folder_of(code),
            province_code: format!("{:02}", province.code),
            hours_id: hours(site, province.zone).replace(':', "."),
            hours_en: hours(site, province.zone),
            count: stations.len(),
            is_long: stations.len() > MAX_AT_A_GLANCE,
            stations: stations.iter().map(|station| StationView::of(station)).collect(),
            neighbours: district.villages.iter().map(neighbour).collect(),
            list: list.to_string().chars().take(8).collect(),
            name,
            regency,
            url,
        }
    }
}

impl StationView {
    fn of(station: &Station) -> Self {
        let place = station.place.as_ref().filter(|place| !place.doubtful);
        Self {
            number: station.number,
            venue: names::plain(&station.venue),
            address: names::plain(&station.address),
            accessible: station.accessible,
            notice: station.notice.as_deref().map(names::plain),
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

impl CountryPage {
    pub(super) fn of(provinces: &[Province]) -> Self {
        let code = |province: &Province| Some(format!("{:02}", province.code));
        let link = |province: &Province| PlaceLink { name: names::plain(&province.name), code: code(province) };
        Self { provinces: provinces.iter().map(link).collect() }
    }
}

/// "07:00–13:00 WIB".
fn hours(site: &SiteFile, zone: TimeZone) -> String {
    format!("{} {zone}", site.election.hours.join("–"))
}
