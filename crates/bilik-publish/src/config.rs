//! `election.toml`: what the election is, how it is sealed, and where the input is.

mod areas;
mod files;
mod logo;
mod organiser;
mod read;
mod read_areas;
mod read_phone;
mod read_rights;
mod read_texts;
mod read_witnesses;
mod rights;
mod text;
mod values;
mod witnesses;
mod zone;

use crate::language::{message, translatable};
use crate::problem::{InputProblem, ProblemKind};
pub use areas::{Areas, OwnTime, TimeError};
use bilik::format::{Election, PublicKey, Sealing};
use bilik::iso_utc;
pub use files::{FileSet, InputFiles};
pub use logo::Logo;
pub use organiser::Organiser;
pub use rights::Rights;
pub(crate) use values::{minutes_of_text, polling_day_of_text};
pub use witnesses::{NamedWitness, Witnesses};
pub use zone::Zone;

/// The file's name in an election folder.
pub const FILE: &str = "election.toml";

/// What `election.toml` says, with its defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the election is.
    pub election: Election,
    /// Who holds it.
    pub organiser: Option<Organiser>,
    /// The law that lets the operator publish the sealed roll.
    pub legal_basis: Option<String>,
    /// What the law says of voters in and outside the list, where it is not what the page says.
    pub rights: Rights,
    /// When the head expires, in seconds since 1970: the end of the day after polling day in UTC, unless it says otherwise.
    pub expires: u64,
    /// What a key costs.
    pub sealing: Sealing,
    /// Makes a demo's bytes the same in every build.
    pub seed: Option<u64>,
    /// Prefixes with fewer voters are merged.
    pub min_voters: u32,
    /// Tables with more keys are split into several files.
    pub max_keys: u32,
    /// Stations with more voters are warned of.
    pub max_voters_at_a_station: u32,
    /// Where voting is at another time.
    pub areas: Areas,
    /// Where people find the site, ending in a slash: what is printed and shared leads there.
    pub address: Option<String>,
    /// Whether every village has a page of its stations that needs no script.
    pub station_pages: bool,
    /// Base URLs that serve the site.
    pub mirrors: Vec<String>,
    /// Keys that the pages trust besides those that sign.
    pub public_keys: Vec<PublicKey>,
    /// How many of the keys that the pages trust must have signed.
    pub threshold: usize,
    /// Outsiders who state which head they have seen, if the pages name any.
    pub witnesses: Option<Witnesses>,
    /// The input.
    pub files: InputFiles,
    /// The SHA-256 of the file itself.
    pub digest: [u8; 32],
}

impl Config {
    /// The problem that the election is over, if it is.
    #[must_use]
    pub fn over(&self, now: u64) -> Option<InputProblem> {
        let message = || message!("the election is over (it expires {}): no page would show an answer", iso_utc(self.expires));
        (self.expires <= now).then(|| InputProblem::new(ProblemKind::ElectionOver, FILE, 0, None, message()))
    }

    /// What the pages of a real election lack, and what on them is still the sample's.
    pub fn warnings(&self) -> impl Iterator<Item = InputProblem> {
        self.no_organiser().into_iter().chain(self.left_of_sample())
    }

    /// Nobody is told who asks for a NIK.
    fn no_organiser(&self) -> Option<InputProblem> {
        let message = translatable!("the pages do not say who holds the election, nor whom to ask about personal data");
        let is_missing = self.organiser.is_none() && !self.election.demo;
        is_missing.then(|| InputProblem::new(ProblemKind::NoOrganiser, FILE, 0, None, message))
    }

    fn left_of_sample(&self) -> impl Iterator<Item = InputProblem> {
        let election = &self.election;
        let given = |value: &Option<String>| value.clone().unwrap_or_default();
        let organiser = self.organiser.iter().flat_map(|organiser| {
            [
                ("name in [organiser]", organiser.name.clone()),
                ("short_name in [organiser]", organiser.short_name.clone()),
                ("url in [organiser]", organiser.url.clone()),
                ("privacy_contact in [organiser]", organiser.privacy_contact.clone()),
            ]
        });
        let help = [("help_phone", given(&election.help_phone)), ("help_url", given(&election.help_url))];
        let settings = [("name", election.name.clone())].into_iter().chain(help).chain(organiser);
        settings.filter(|(_, value)| !election.demo && is_of_sample(value)).map(|(setting, value)| {
            let message = message!("{} is still that of the sample, `{}`, and the pages show it", setting, value);
            InputProblem::new(ProblemKind::SampleValue, FILE, 0, None, message)
        })
    }
}

/// Whether `bilik init` wrote this value, or one that nobody can have: the hosts that RFC 2606 reserves for examples.
fn is_of_sample(value: &str) -> bool {
    let starts = ["Pemilu Contoh", "Komisi Pemilihan Contoh", "KP Contoh", "0800-0-000-000"];
    let hosts = ["example.org", "example.com", "example.net"];
    let host = value.split_once("://").map_or(value, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default().rsplit('@').next().unwrap_or_default();
    starts.iter().any(|start| value.starts_with(start)) || hosts.contains(&host)
}

#[cfg(test)]
mod tests {
    use super::is_of_sample;

    #[test]
    fn a_value_of_the_sample_is_told_from_one_that_only_mentions_it() {
        for sample in ["https://example.org/", "http://example.com", "privasi@example.org", "KP Contoh", "Pemilu Contoh 2027"] {
            assert!(is_of_sample(sample), "{sample}");
        }
        for own in ["https://kpu.example/", "https://kpu.contoh/?ref=example.org", "example.organisation@kpu.example", "0800 555"]
        {
            assert!(!is_of_sample(own), "{own}");
        }
    }
}
