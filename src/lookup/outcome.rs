//! What a lookup answers: plain objects, the same in the browser and behind `bilik find --json`. Their TypeScript types
//! stand in `src/wasm/types.d.ts`.

use crate::date::{Day, iso_utc};
use crate::format::code::Code;
use crate::format::container::FormatError;
use crate::format::directory::Directory;
use crate::format::head::Head;
use crate::format::manifest::{self, Province, TimeZone};
use crate::format::station_list;
use crate::key::Recipe;
use crate::nik::Warning;
use serde::Serialize;

/// The answer to a question. Never a bool: each of these means something else to a voter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// One station.
    Found {
        /// By which recipe: `near` means "probably".
        by: Recipe,
        /// Where to vote.
        station: Box<Station>,
        /// What the answer is about.
        election: Election,
        /// Which data answered.
        data: Provenance,
        /// What is odd about the details.
        warnings: Vec<Warning>,
    },
    /// Two or three stations: voters with these details vote at different ones.
    Ambiguous {
        /// By which recipe.
        by: Recipe,
        /// Where to vote: one of these.
        stations: Vec<Station>,
        /// What the answer is about.
        election: Election,
        /// Which data answered.
        data: Provenance,
        /// What is odd about the details.
        warnings: Vec<Warning>,
    },
    /// The name alone did not answer; with the village on the identity card a looser search is possible.
    VillageNeeded {
        /// Why.
        reason: VillageReason,
        /// The villages of the district to choose from.
        villages: Vec<Village>,
        /// What was searched so far.
        searched: Searched,
        /// What the answer is about.
        election: Election,
        /// Which data answered.
        data: Provenance,
        /// What is odd about the details.
        warnings: Vec<Warning>,
    },
    /// Both searches found nothing.
    NotFound {
        /// What was searched.
        searched: Searched,
        /// What the answer is about.
        election: Election,
        /// Which data answered.
        data: Provenance,
        /// What is odd about the details.
        warnings: Vec<Warning>,
    },
    /// No voter of the roll has a NIK that starts with these six digits, and no district of today has their code.
    NoSuchRegion {
        /// What was searched.
        searched: Searched,
        /// What the answer is about.
        election: Election,
        /// Which data answered.
        data: Provenance,
        /// What is odd about the details.
        warnings: Vec<Warning>,
    },
    /// A detail that cannot be used.
    BadInput {
        /// Which one.
        field: Field,
        /// Why.
        reason: BadReason,
    },
    /// The newest head in reach has expired: the election is over, or the mirrors are old.
    Stale {
        /// What the data was about, where it could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        election: Option<Election>,
        /// Which data it is.
        data: Provenance,
    },
    /// Files were there, but they are not what the operator signed.
    Unverified {
        /// What was refused, and why.
        problems: Vec<Problem>,
    },
    /// No mirror gave what was needed.
    Unreachable {
        /// What was tried.
        problems: Vec<Problem>,
    },
}

impl Outcome {
    /// Which data answered, where any did.
    pub fn data_mut(&mut self) -> Option<&mut Provenance> {
        match self {
            Self::Found { data, .. }
            | Self::Ambiguous { data, .. }
            | Self::VillageNeeded { data, .. }
            | Self::NotFound { data, .. }
            | Self::NoSuchRegion { data, .. }
            | Self::Stale { data, .. } => Some(data),
            Self::BadInput { .. } | Self::Unverified { .. } | Self::Unreachable { .. } => None,
        }
    }
}

/// Why the village is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VillageReason {
    /// The name has fewer than two significant tokens: such voters are only sealed with their village.
    ShortName,
    /// Nobody has exactly this name.
    NotFoundByName,
}

/// A detail of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// The 12 digits.
    Nik,
    /// The name.
    Name,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// District of first issue.
    District,
    /// The village on the identity card.
    Village,
}

/// Why a detail cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadReason {
    /// It is not there.
    Missing,
    /// Fewer than 12 digits.
    TooShort,
    /// More than 16 digits, or more than 200 letters.
    TooLong,
    /// Something other than digits.
    NotDigits,
    /// Not `YYYY-MM-DD`.
    NotADate,
    /// Neither `f` nor `m`.
    NotASex,
    /// Not six digits, or not ten.
    NotACode,
    /// No Latin letter is left of the name.
    NoLetters,
}

/// What was searched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Searched {
    /// The first six digits.
    pub district: String,
    /// Its name today, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district_name: Option<String>,
    /// Its regency's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regency: Option<String>,
    /// The village that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub village: Option<String>,
    /// The recipes that were tried.
    pub by: Vec<Recipe>,
    /// The name consists of tokens that too many share here: more of it may find the voter.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub common_name: bool,
}

/// What went wrong with one file of one mirror.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The mirror's base address, or the folder.
    pub source: String,
    /// The file's path under it.
    pub file: String,
    /// For people; never holds a detail.
    pub reason: String,
    /// The file was there and was refused, rather than out of reach.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
}

impl Problem {
    /// A file that could not be had.
    #[must_use]
    pub fn unreachable(source: &str, file: &str, reason: impl Into<String>) -> Self {
        Self { source: source.to_owned(), file: file.to_owned(), reason: reason.into(), refused: false }
    }

    /// A file that was had, and refused.
    #[must_use]
    pub fn refused(source: &str, file: &str, refusal: &FormatError) -> Self {
        Self { source: source.to_owned(), file: file.to_owned(), reason: refusal.to_string(), refused: true }
    }
}

/// Why there is no answer from the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable(pub Vec<Problem>);

impl From<Unavailable> for Outcome {
    /// `Unverified` as soon as one file was there and was refused, else `Unreachable`.
    fn from(Unavailable(problems): Unavailable) -> Self {
        if problems.iter().any(|problem| problem.refused) {
            Self::Unverified { problems }
        } else {
            Self::Unreachable { problems }
        }
    }
}

/// The election as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Election {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Polling day, `YYYY-MM-DD`.
    pub date: String,
    /// All of it is made up.
    pub demo: bool,
    /// Whom to call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_phone: Option<String>,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_url: Option<String>,
}

impl From<&manifest::Election> for Election {
    fn from(election: &manifest::Election) -> Self {
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

/// Which data answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// The head's serial.
    pub serial: u64,
    /// When it was signed, in UTC.
    pub signed_at: String,
    /// Until when it answers, in UTC.
    pub expires: String,
    /// The manifest's digest.
    pub manifest: String,
    /// The device's clock stands before the signing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub clock_behind: bool,
    /// No mirror could be asked whether this is the newest: it is what the device keeps.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub offline: bool,
    /// When offline: when a mirror last said that it is the newest, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<String>,
    /// What was refused, late or out of reach on the way to an answer that could be given all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

impl Provenance {
    /// Of a head, read at some time. `kept_since`: when a mirror last gave it, where none does now.
    #[must_use]
    pub fn new(head: &Head, now: u64, kept_since: Option<u64>) -> Self {
        Self {
            serial: head.serial,
            signed_at: iso_utc(head.signed_at),
            expires: iso_utc(head.expires),
            manifest: head.manifest.digest.to_string(),
            clock_behind: now < head.signed_at,
            offline: kept_since.is_some(),
            checked_at: kept_since.map(iso_utc),
            problems: Vec::new(),
        }
    }
}

/// A village to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Village {
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

/// A station as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Station {
    /// The operator's id.
    pub id: String,
    /// The number in its village.
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
    /// Street and place.
    pub address: String,
    /// Degrees, north positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees, east positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// The coordinates lie far from the district's other stations.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub doubtful_coordinates: bool,
    /// ISO 8601 in the station's own time zone.
    pub opens: String,
    /// ISO 8601 in the station's own time zone.
    pub closes: String,
    /// The station's time zone.
    pub time_zone: TimeZone,
    /// What the operator says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Whether it can be used in a wheelchair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessible: Option<bool>,
}

impl Station {
    /// A station of a district, with the names of where it is.
    #[must_use]
    pub fn new(
        station: &station_list::Station,
        district: Code,
        directory: &Directory,
        province: &Province,
        election: &manifest::Election,
    ) -> Self {
        let village_code = station.village(district);
        let of_district = directory.district(district);
        let village = of_district.and_then(|d| d.villages.iter().find(|village| village.code == village_code.last_four()));
        let time = |minutes: u16| {
            let (day, hours) = (day_of(election), province.zone.hours());
            format!("{day}T{:02}:{:02}:00+{hours:02}:00", minutes / 60, minutes % 60)
        };
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
            opens: time(election.opens),
            closes: time(election.closes),
            time_zone: province.zone,
            notice: station.notice.clone(),
            accessible: station.accessible,
        }
    }
}

fn day_of(election: &manifest::Election) -> String {
    Day::of_number(election.day).map(|day| day.to_string()).unwrap_or_default()
}

/// What the digits typed so far already tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Prepared {
    /// How many of them were usable.
    pub digits: usize,
    /// The district of first issue, where it still exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<DistrictName>,
    /// All that a lookup by `full` needs is here.
    pub ready: bool,
    /// What is odd about the digits.
    pub warnings: Vec<Warning>,
    /// What the answers will be about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub election: Option<Election>,
    /// Which data will answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Provenance>,
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

/// That a site is there and can be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ready {
    /// Always `ready`.
    pub outcome: &'static str,
    /// What the answers are about.
    pub election: Election,
    /// Which data answers.
    pub data: Provenance,
}
