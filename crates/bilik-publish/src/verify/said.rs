//! What a page says of its election, beside what is signed and beside the operator's configuration.
//!
//! `site.json` is what a host says of its own page. From a forged one the same forged pages are composed, so that they agree with each
//! other: only what comes from elsewhere tells them apart.

use super::files::SiteReport;
use crate::app::{App, PageElection, PageOrganiser, PageWitnesses, SITE_FILE, SiteFile};
use crate::config::{Config, Rights};
use crate::source::Site;
use bilik::format::{Election, PublicKey};
use bilik::lookup::{Problem, Source as _};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A longer file of the app is not read.
pub(super) const MAX_APP_FILE: u32 = 4 << 20;

/// What a page says and nothing signs: an outsider compares it by eye with what the organiser says elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnsignedFacts {
    /// Who holds the election, and whom to ask about personal data.
    pub organiser: Option<PageOrganiser>,
    /// The law that lets the organiser publish the sealed roll.
    pub legal_basis: Option<String>,
    /// What the law says of voters, where it is not what every page says.
    pub rights: Rights,
    /// Where people find the site.
    pub address: Option<String>,
    /// The mirrors.
    pub mirrors: Vec<String>,
    /// Whose statements about the head the page shows.
    pub witnesses: Option<PageWitnesses>,
}

impl UnsignedFacts {
    /// Those of a page.
    #[must_use]
    pub fn of(described: &SiteFile) -> Self {
        let SiteFile { election, address, mirrors, witnesses, .. } = described.clone();
        let PageElection { organiser, legal_basis, rights, .. } = election;
        Self { organiser, legal_basis, rights, address, mirrors, witnesses }
    }
}

/// The facts of an election that a page says otherwise than a signed manifest: name, what the page says, what is signed.
pub(crate) fn unlike_signed(described: &SiteFile, election: &Election) -> Vec<(String, String, String)> {
    let page = PageElection { legal_basis: None, organiser: None, rights: Rights::new(), ..described.election.clone() };
    differing(&page, &PageElection::signed(election))
}

/// What a page says otherwise than the signed manifest.
pub(super) fn unlike_manifest(site: &Site, described: &SiteFile, election: &Election) -> Vec<Problem> {
    let problem = |(name, said, signed): (String, String, String)| {
        let reason = tr::tr!(
            "`election.{}` is {}, but the signed manifest says {}: changed on the host, or of another build. Fix: upload what \
             `bilik build` wrote, and find out who can write to the host",
            name,
            said,
            signed
        );
        refused(site, SITE_FILE, reason)
    };
    unlike_signed(described, election).into_iter().map(problem).collect()
}

/// Compares all that a page says with the operator's configuration. The page may trust keys that signed and are not in it: those that
/// were `given`.
pub fn check_configuration(site: &Site, described: &SiteFile, config: &Config, given: &[PublicKey], found: &mut SiteReport) {
    let keys = described.public_keys.as_slice();
    let problem = |(name, said, configured): (String, String, String)| {
        let reason = tr::tr!(
            "`{}` is {}, but election.toml says {}: changed on the host, or election.toml after the build. Fix: build again and upload \
             it, and find out who can write to the host",
            name,
            said,
            configured
        );
        refused(site, SITE_FILE, reason)
    };
    let differing = differing(&described.facts(), &SiteFile::said_by(&App::of(config, keys)));
    found.problems.extend(differing.into_iter().map(problem));
    let is_known = |key: &&PublicKey| config.public_keys.contains(key) || given.contains(key);
    for key in keys.iter().filter(|key| !is_known(key)) {
        let reason = tr::tr!("`publicKeys` has {}, which is neither in election.toml nor given", key);
        found.problems.push(refused(site, SITE_FILE, reason));
    }
    for key in config.public_keys.iter().filter(|key| !keys.contains(key)) {
        let reason = tr::tr!("`publicKeys` lacks {}, which is in election.toml. Fix: build again", key);
        found.problems.push(refused(site, SITE_FILE, reason));
    }
    let logo = config.organiser.as_ref().and_then(|organiser| organiser.logo.as_ref());
    if let Some(logo) = logo
        && site.read(logo.path, MAX_APP_FILE).is_ok_and(|bytes| bytes != logo.bytes)
    {
        let reason = tr::tr!("another picture than the logo that election.toml names. Fix: build again, and upload it");
        found.problems.push(refused(site, logo.path, reason));
    }
}

pub(super) fn refused(site: &Site, path: &str, reason: String) -> Problem {
    Problem { source: site.name(), file: path.to_owned(), reason, refused: true, newer: false }
}

/// The values that differ, each by its path: what the one and what the other says.
fn differing<T: Serialize>(one: &T, other: &T) -> Vec<(String, String, String)> {
    let (one, other) = (facts(one), facts(other));
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).filter(|name| one.get(*name) != other.get(*name)).collect();
    let text = |facts: &BTreeMap<String, String>, name| facts.get(name).cloned().unwrap_or_else(|| tr::tr!("nothing"));
    names.into_iter().map(|name| (name.clone(), text(&one, name), text(&other, name))).collect()
}

/// Every value as JSON, by its path.
fn facts(value: &impl Serialize) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    // Nothing that is compared fails to be written, and what did would differ from what is configured.
    flatten("", &serde_json::to_value(value).unwrap_or_default(), &mut facts);
    facts
}

fn flatten(path: &str, value: &Value, facts: &mut BTreeMap<String, String>) {
    let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(map) => map.iter().for_each(|(name, value)| flatten(&inner(name), value, facts)),
        Value::Array(list) if list.iter().any(Value::is_object) => {
            (1..).zip(list).for_each(|(at, value): (u32, _)| flatten(&inner(&at.to_string()), value, facts));
        }
        other => {
            facts.insert(path.to_owned(), other.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_named_by_its_path_with_both_values() {
        let one = json!({ "a": 1, "b": { "c": ["x", "y"], "d": null }, "e": [{ "f": "g" }, { "f": "h" }] });
        let other = json!({ "a": 1, "b": { "c": ["x"], "d": "z" }, "e": [{ "f": "g" }, { "f": "i" }] });
        assert!(differing(&one, &one).is_empty());
        let expected = [("b.c", r#"["x","y"]"#, r#"["x"]"#), ("b.d", "nothing", r#""z""#), ("e.2.f", r#""h""#, r#""i""#)];
        let expected = expected.map(|(name, one, other)| (name.to_owned(), one.to_owned(), other.to_owned()));
        assert_eq!(differing(&one, &other), expected);
    }
}
