//! A part of the manifest: what of it the voters of one province need.
//!
//! A head names the parts itself, so that a voter fetches neither the manifest nor the regencies of other provinces.

use super::code::Code;
use super::container::{Document, Encode, FileRef, Kind, read_fields};
use super::manifest::{self, Election, Manifest, Province, Regency, Sealing};

/// The election, and one province of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct ProvincePart {
    /// The election.
    pub election: Election,
    /// What deriving a key costs.
    pub sealing: Sealing,
    /// The province.
    pub province: Province,
    /// How many addressable positions each province of the manifest has, in its order.
    pub stations: Vec<u32>,
    /// The directory of the prefixes that belong to no present-day regency.
    pub elsewhere: Option<FileRef>,
}

impl ProvincePart {
    /// The parts of a manifest, in the order of its provinces.
    #[must_use]
    pub fn all(manifest: &Manifest) -> Vec<Self> {
        let part = |province: &Province| Self {
            election: manifest.election.clone(),
            sealing: manifest.sealing,
            province: province.clone(),
            stations: manifest.provinces.iter().map(Province::station_count).collect(),
            elsewhere: manifest.elsewhere,
        };
        manifest.provinces.iter().map(part).collect()
    }

    /// The directory for the first four digits of a NIK: the regency's, or else [`ProvincePart::elsewhere`].
    #[must_use]
    pub fn directory_for(&self, regency: Code) -> Option<&FileRef> {
        self.regency(regency).map(|regency| &regency.directory).or(self.elsewhere.as_ref())
    }

    /// The regency with this code, where it exists today and is in this province.
    #[must_use]
    pub fn regency(&self, code: Code) -> Option<&Regency> {
        self.province.regency(code.last_two()).filter(|_| self.province.code == code.province())
    }

    /// How many addressable positions the election has.
    #[must_use]
    pub fn station_count(&self) -> u32 {
        self.stations.iter().fold(0, |sum, stations| sum.saturating_add(*stations))
    }
}

read_fields! {
    ProvincePart { election, sealing, province, stations, elsewhere }
}

impl Document for ProvincePart {
    const KIND: Kind = Kind::Province;

    fn check(&self) -> Result<(), &'static str> {
        manifest::check(&self.election, self.sealing, std::slice::from_ref(&self.province), self.station_count())
    }
}
