//! `site.json`: what a site's app is made of and whom its page trusts, in one file that a program can read. `app::write` writes
//! it from the values that it writes into the pages; patch, serve and verify read it. A browser never asks for it.

use super::error::AppError;
use super::list::policy_text;
use super::values::App;
use crate::config::{NamedWitness, Organiser, Rights, Witnesses};
use bilik::Day;
use bilik::format::{Election, PublicKey, WitnessStatement};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;

/// Where it lies in a site.
pub const SITE_FILE: &str = "site.json";
/// No such file of ours is longer.
pub const MAX_SITE_FILE: u32 = 1 << 18;
const FORMAT: u32 = 1;

/// What a site's app is made of, and whom its page trusts and asks.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct SiteFile {
    format: u32,
    /// Of the list of files that the app was written from: SHA-256 in hex. The same app has the same templates.
    pub(super) app: String,
    /// What the pages say of the election.
    pub election: PageElection,
    /// Every key that the page trusts.
    #[serde(serialize_with = "write_keys", deserialize_with = "read_keys")]
    pub public_keys: Vec<PublicKey>,
    /// How many of them must have signed.
    pub threshold: usize,
    /// Whose statements about the head the page shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<PageWitnesses>,
    /// Where people find the site, ending in a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether every village has a page of its stations.
    #[serde(default)]
    pub station_pages: bool,
    /// The mirrors, as `election.toml` has them.
    pub mirrors: Vec<String>,
    /// The content security policy of the page: sources by directive.
    pub policy: BTreeMap<String, Vec<String>>,
    /// The folder of this app's pinned version.
    pub pinned: String,
    /// The version of the files below: another one when a byte of them is another.
    pub version: String,
    /// The files without which the page does not run, with their SHA-256 in hex.
    pub files: BTreeMap<String, String>,
}

/// What pages can say of an election before any data is there.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct PageElection {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Polling day, `YYYY-MM-DD`.
    #[serde(default)]
    pub day: String,
    /// When stations open and close, `HH:MM`.
    #[serde(default)]
    pub hours: [String; 2],
    /// All of it is made up.
    pub demo: bool,
    /// Whom to call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_phone: Option<String>,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_url: Option<String>,
    /// The law that lets the organiser publish the sealed roll.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// Who holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organiser: Option<PageOrganiser>,
    /// What the law says of voters in and outside the list, where it is not what the page says.
    #[serde(default, skip_serializing_if = "Rights::is_empty")]
    pub rights: Rights,
}

/// What pages say of an organiser.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct PageOrganiser {
    /// Its official name.
    pub name: String,
    /// What people call it.
    pub short_name: String,
    /// Its own site.
    pub url: String,
    /// Whom to ask about personal data.
    pub privacy_contact: String,
    /// Where its logo lies in the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// Whose statements about the head the page shows. As JSON it is also what the page itself carries.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct PageWitnesses {
    /// How many of them must have seen the head lately.
    pub threshold: usize,
    /// How long ago that may be, in seconds.
    pub max_age: u64,
    /// Who they are.
    pub named: Vec<PageWitness>,
}

/// A witness as a page knows it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct PageWitness {
    /// What people call it.
    pub name: String,
    /// The line of its public key.
    pub key: String,
    /// Where its statement lies on a mirror.
    pub path: String,
}

impl From<&Witnesses> for PageWitnesses {
    fn from(witnesses: &Witnesses) -> Self {
        let of = |NamedWitness { name, public_key }: &NamedWitness| PageWitness {
            name: name.clone(),
            key: public_key.to_string(),
            path: WitnessStatement::path(public_key),
        };
        Self { threshold: witnesses.threshold, max_age: witnesses.max_age, named: witnesses.named.iter().map(of).collect() }
    }
}

impl PageElection {
    pub(super) fn of(app: &App) -> Self {
        let legal_basis = app.legal_basis.map(str::to_owned);
        let (organiser, rights) = (app.organiser.map(PageOrganiser::from), app.rights.clone());
        Self { legal_basis, organiser, rights, ..Self::signed(app.election) }
    }

    /// What the manifest says of it.
    pub(crate) fn signed(election: &Election) -> Self {
        let Election { id, name, day, opens, closes, demo, help_phone, help_url } = election;
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        Self {
            id: id.clone(),
            name: name.clone(),
            day: Day::of_number(*day).map(|day| day.to_string()).unwrap_or_default(),
            hours: [clock(*opens), clock(*closes)],
            demo: *demo,
            help_phone: help_phone.clone(),
            help_url: help_url.clone(),
            legal_basis: None,
            organiser: None,
            rights: Rights::new(),
        }
    }
}

impl From<&Organiser> for PageOrganiser {
    fn from(organiser: &Organiser) -> Self {
        let Organiser { name, short_name, url, privacy_contact, logo } = organiser.clone();
        Self { name, short_name, url, privacy_contact, logo: logo.map(|logo| logo.path.to_owned()) }
    }
}

impl SiteFile {
    /// Of a site in which nothing lies yet.
    pub(super) fn new(app: &App, list_digest: String) -> Self {
        Self {
            format: FORMAT,
            app: list_digest,
            election: PageElection::of(app),
            public_keys: app.public_keys.to_vec(),
            threshold: app.threshold,
            witnesses: app.witnesses.map(PageWitnesses::from),
            address: app.address.map(str::to_owned),
            station_pages: app.station_pages,
            mirrors: app.mirrors.to_vec(),
            policy: BTreeMap::new(),
            pinned: String::new(),
            version: String::new(),
            files: BTreeMap::new(),
        }
    }

    /// Of an app that is not written: what it says, and of no file a word.
    pub(crate) fn said_by(app: &App) -> Self {
        Self::new(app, String::new())
    }

    /// What it says, without the files and what follows from them.
    pub(crate) fn facts(&self) -> Self {
        Self {
            app: String::new(),
            policy: BTreeMap::new(),
            pinned: String::new(),
            version: String::new(),
            files: BTreeMap::new(),
            ..self.clone()
        }
    }

    /// Reads one.
    ///
    /// # Errors
    /// When it is not one, or of another format.
    pub fn parse(json: &[u8]) -> Result<Self, AppError> {
        let file: Self = serde_json::from_slice(json).map_err(|cause| AppError::Json { file: SITE_FILE, cause })?;
        let got = file.format;
        if got == FORMAT { Ok(file) } else { Err(AppError::Format { file: SITE_FILE, got, expected: FORMAT }) }
    }

    /// The page's policy as a header has it.
    #[must_use]
    pub fn policy_header(&self) -> String {
        policy_text(&self.policy)
    }
}

fn write_keys<S: Serializer>(keys: &[PublicKey], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(keys.iter().map(ToString::to_string))
}

fn read_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PublicKey>, D::Error> {
    let lines: Vec<String> = Vec::deserialize(deserializer)?;
    let key = |line: String| PublicKey::parse(&line).ok_or_else(|| de::Error::custom(format!("not a public key: {line}")));
    lines.into_iter().map(key).collect()
}
