//! From what was searched to an outcome.

use super::file_store::Root;
use super::outcome::{Answered, Outcome, Searched, VillageReason};
use super::question::ParsedQuestion;
use super::shown::{Provenance, StationDetails, VillageName};
use crate::format::code::Code;
use crate::format::directory::Directory;
use crate::key::Recipe;
use crate::nik::Warning;

/// Collects what was searched, and makes the outcome.
pub(super) struct AnswerBuilder {
    answered: Answered,
    pub(super) searched: Searched,
    exists_today: bool,
}

impl AnswerBuilder {
    pub(super) fn new(root: &Root, data: Provenance, asked: &ParsedQuestion, directory: Option<&Directory>) -> Self {
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
        let answered = Answered { election: (&root.manifest.election).into(), data, warnings };
        Self { answered, searched, exists_today: district.is_some() }
    }

    pub(super) fn found(self, by: Recipe, mut stations: Vec<StationDetails>) -> Outcome {
        let answered = self.answered;
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
