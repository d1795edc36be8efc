//! From what was searched to an outcome.

use super::outcome::{Answered, Outcome, Searched, VillageReason};
use super::question::ParsedQuestion;
use super::shown::{Provenance, RegencyHelp, StationDetails, VillageName};
use crate::format::code::Code;
use crate::format::directory::Directory;
use crate::format::manifest::Election;
use crate::key::Recipe;
use crate::nik::Warning;

/// The stations that a search found, each with the details that led to it.
#[derive(Default)]
pub(super) struct FoundStations(Vec<(StationDetails, Vec<usize>)>);

impl FoundStations {
    pub(super) fn add(&mut self, details: usize, stations: Vec<StationDetails>) {
        for station in stations {
            match self.0.iter_mut().find(|(other, _)| other.id == station.id) {
                Some((_, by)) if by.contains(&details) => {}
                Some((_, by)) => by.push(details),
                None => self.0.push((station, vec![details])),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those to which most of the details lead: somebody else with the same first or last word of the name is led to by one.
    fn likeliest(self) -> Vec<StationDetails> {
        let most = self.0.iter().map(|(_, by)| by.len()).max().unwrap_or_default();
        self.0.into_iter().filter(|(_, by)| by.len() == most).map(|(station, _)| station).collect()
    }
}

/// Collects what was searched, and makes the outcome.
pub(super) struct AnswerBuilder {
    answered: Answered,
    pub(super) searched: Searched,
    exists_today: bool,
}

impl AnswerBuilder {
    pub(super) fn new(election: &Election, data: Provenance, asked: &ParsedQuestion, directory: Option<&Directory>) -> Self {
        let prefix = Code::district(asked.digits.prefix());
        let district = prefix.and_then(|code| directory?.district(code));
        let mut warnings = asked.digits.warnings();
        if district.is_none() {
            warnings.push(Warning::UnknownDistrict);
        }
        let searched = Searched {
            district: prefix.map(|code| code.to_string()).unwrap_or_default(),
            district_name: district.map(|district| district.name.clone()),
            regency: directory.filter(|directory| directory.regency != 0).map(|directory| directory.name.clone()),
            village: asked.village.map(|village| village.to_string()),
            ..Searched::default()
        };
        let help = directory.and_then(RegencyHelp::of);
        let answered = Answered { election: election.into(), help, data, warnings };
        Self { answered, searched, exists_today: district.is_some() }
    }

    /// `help_at` is the contact of a station's regency.
    pub(super) fn found(
        self,
        by: Recipe,
        found: FoundStations,
        help_at: impl Fn(&StationDetails) -> Option<RegencyHelp>,
    ) -> Outcome {
        let mut answered = self.answered;
        let mut stations = found.likeliest();
        let mut helps = stations.iter().map(&help_at);
        // Of stations in several regencies nobody knows which is the voter's.
        if let Some(first) = helps.next()
            && helps.all(|other| other == first)
        {
            answered.help = first;
        }
        if stations.len() == 1
            && let Some(station) = stations.pop()
        {
            return Outcome::Found { by, station: Box::new(station), answered };
        }
        Outcome::Ambiguous { by, stations, answered }
    }

    pub(super) fn village_needed(self, is_long: bool, villages: Vec<VillageName>) -> Outcome {
        let reason = if is_long { VillageReason::NotFoundByName } else { VillageReason::ShortName };
        Outcome::VillageNeeded { reason, villages, searched: self.searched, answered: self.answered }
    }

    pub(super) fn not_found(self) -> Outcome {
        Outcome::NotFound { searched: self.searched, answered: self.answered }
    }

    /// No voter of the roll has a NIK with this prefix.
    pub(super) fn no_voters(self) -> Outcome {
        if self.exists_today {
            return self.not_found();
        }
        Outcome::NoSuchRegion { searched: self.searched, answered: self.answered }
    }
}
