//! The answers: plain objects, the same in the browser and behind `bilik find --json`. Their TypeScript types are in
//! `src/wasm/types.d.ts`, written by hand since they also cover what is not serialised (options, questions) and flags that are
//! `true` or absent; `tests/site/types.rs` compares outcomes with them.

use super::problem::{Problem, Unavailable};
use super::shown::{DistrictName, ElectionSummary, Provenance, RegencyHelp, StationDetails, VillageName};
use crate::key::Recipe;
use crate::nik::Warning;
use serde::Serialize;

/// The answer to a question. It is never a bool, because each of these means something different to a voter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// One station.
    Found {
        /// The recipe that found it. [`Recipe::Near`] means "probably".
        by: Recipe,
        /// Where to vote.
        station: Box<StationDetails>,
        /// What every answer from the data has.
        #[serde(flatten)]
        answered: Answered,
    },
    /// Several stations, since voters with these details vote at different ones; rarely, one of them by chance.
    Ambiguous {
        /// The recipe that found them.
        by: Recipe,
        /// Where to vote: one of these.
        stations: Vec<StationDetails>,
        /// What every answer from the data has.
        #[serde(flatten)]
        answered: Answered,
    },
    /// The name alone found nothing. A looser search is possible with the village on the identity card.
    VillageNeeded {
        /// Why.
        reason: VillageReason,
        /// The villages to choose from.
        villages: Vec<VillageName>,
        /// What was searched so far.
        searched: Searched,
        /// What every answer from the data has.
        #[serde(flatten)]
        answered: Answered,
    },
    /// Neither search found anything.
    NotFound {
        /// What was searched.
        searched: Searched,
        /// What every answer from the data has.
        #[serde(flatten)]
        answered: Answered,
    },
    /// No voter of the roll has a NIK that starts with these six digits, and no present-day district has this code.
    NoSuchRegion {
        /// What was searched.
        searched: Searched,
        /// What every answer from the data has.
        #[serde(flatten)]
        answered: Answered,
    },
    /// A detail that cannot be used.
    BadInput {
        /// Which one.
        field: Field,
        /// Why.
        reason: BadReason,
    },
    /// The newest reachable head has expired: the election is over, or the mirrors are outdated.
    Stale {
        /// The election, where it could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        election: Option<ElectionSummary>,
        /// Which data has expired.
        data: Provenance,
    },
    /// Files were received, but they are not what the operator signed.
    Unverified {
        /// What was rejected, and why.
        problems: Vec<Problem>,
    },
    /// No mirror gave what was needed.
    Unreachable {
        /// What was tried.
        problems: Vec<Problem>,
    },
}

/// What every answer from the data has. In JSON these fields stand beside the answer's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The election that the answer is about.
    pub election: ElectionSummary,
    /// Whom to ask before those whom the election names: the contact of the station's regency, else of the one that the digits name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<RegencyHelp>,
    /// Which data answered.
    pub data: Provenance,
    /// What is odd about the details.
    pub warnings: Vec<Warning>,
}

impl Outcome {
    /// What every answer from the data has; `None` where the data did not answer.
    #[must_use]
    pub fn answered(&self) -> Option<&Answered> {
        match self {
            Self::Found { answered, .. }
            | Self::Ambiguous { answered, .. }
            | Self::VillageNeeded { answered, .. }
            | Self::NotFound { answered, .. }
            | Self::NoSuchRegion { answered, .. } => Some(answered),
            Self::Stale { .. } | Self::BadInput { .. } | Self::Unverified { .. } | Self::Unreachable { .. } => None,
        }
    }

    /// Which data the outcome comes from, if any.
    pub(super) fn data_mut(&mut self) -> Option<&mut Provenance> {
        match self {
            Self::Found { answered: Answered { data, .. }, .. }
            | Self::Ambiguous { answered: Answered { data, .. }, .. }
            | Self::VillageNeeded { answered: Answered { data, .. }, .. }
            | Self::NotFound { answered: Answered { data, .. }, .. }
            | Self::NoSuchRegion { answered: Answered { data, .. }, .. }
            | Self::Stale { data, .. } => Some(data),
            Self::BadInput { .. } | Self::Unverified { .. } | Self::Unreachable { .. } => None,
        }
    }
}

impl From<Unavailable> for Outcome {
    /// [`Outcome::Unverified`] where at least one file was received and rejected, else [`Outcome::Unreachable`].
    fn from(Unavailable(problems): Unavailable) -> Self {
        if problems.iter().any(|problem| problem.refused) {
            Self::Unverified { problems }
        } else {
            Self::Unreachable { problems }
        }
    }
}

/// Why the village is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VillageReason {
    /// The name has fewer than two significant tokens. Such voters are sealed only with their village.
    ShortName,
    /// No voter has exactly this name.
    NotFoundByName,
}

/// A detail of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// The NIK.
    Nik,
    /// The name.
    Name,
    /// The date of birth.
    BirthDate,
    /// The sex.
    Sex,
    /// The district of first issue.
    District,
    /// The village on the identity card.
    Village,
}

/// Why a detail cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadReason {
    /// It was not given.
    Missing,
    /// Fewer than 12 digits.
    TooShort,
    /// More than 16 digits, or more than 200 letters.
    TooLong,
    /// Other characters than digits.
    NotDigits,
    /// Not `YYYY-MM-DD`.
    NotADate,
    /// Neither `f` nor `m`.
    NotASex,
    /// Not the digits of a district (6) or of a village (10).
    NotACode,
    /// The name has no Latin letter.
    NoLetters,
}

/// What was searched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Searched {
    /// The first six digits.
    pub district: String,
    /// The name of that district, where it exists today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district_name: Option<String>,
    /// The name of its regency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regency: Option<String>,
    /// The ten digits of the village that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub village: Option<String>,
    /// The recipes that were tried.
    pub by: Vec<Recipe>,
    /// Whether the name consists of tokens that too many voters here share, so that more of it may find the voter.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub common_name: bool,
}

/// What the digits typed so far already tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Prepared {
    /// How many digits were usable, at most 12.
    pub digits: usize,
    /// The district of first issue, where it exists today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<DistrictName>,
    /// Whether all files of a lookup by [`Recipe::Full`] are here and verified.
    pub ready: bool,
    /// What is odd about the digits.
    pub warnings: Vec<Warning>,
    /// The villages to choose from, where the name is too short to be found by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub villages: Vec<VillageName>,
    /// The election that answers will be about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub election: Option<ElectionSummary>,
    /// Which data will answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Provenance>,
}

/// That a site is reachable and trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ready {
    /// Always `ready`.
    pub outcome: &'static str,
    /// The election that answers are about.
    pub election: ElectionSummary,
    /// Which data answers.
    pub data: Provenance,
}
