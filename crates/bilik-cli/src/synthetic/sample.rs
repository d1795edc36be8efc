//! Voters to look up.

use bilik::format::Code;

/// Voters of the synthetic roll to try a lookup with.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Found by `full`: 12 digits and the name.
    pub exact: SampleVoter,
    /// Found by `near` only: the name is just the first one, so the village is needed.
    pub near: SampleVoter,
    /// On no roll: 12 digits of a district that exists, and a name that nobody has.
    pub stranger: SampleVoter,
    /// Found by `full`, and votes outside the district of the NIK. None if nobody moved.
    pub mover: Option<SampleVoter>,
    /// Two voters with the same 12 digits and the same name, at two stations. None in a roll of a few lines.
    pub namesakes: Option<SampleVoter>,
}

/// What to type, and what to expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleVoter {
    /// The first 12 digits of the NIK.
    pub digits: String,
    /// The name to type.
    pub name: String,
    /// The village on the identity card.
    pub village: Code,
    /// Its name.
    pub village_name: String,
    /// The ids of the stations that a lookup must give: none for the stranger.
    pub stations: Vec<String>,
}
