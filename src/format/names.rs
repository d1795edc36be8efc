//! The village names of one province: the public file that browsing searches.

use super::container::{Decode, Document, Encode, Kind};
use super::directory::Village;

/// The village names of one province. Only browsing fetches this file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Names {
    /// The two digits of the province's code.
    pub province: u8,
    /// Its regencies, sorted by code.
    pub regencies: Vec<RegencyNames>,
}

/// The names of one regency and its districts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RegencyNames {
    /// The last two digits of its code.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its districts with their villages.
    pub districts: Vec<DistrictNames>,
}

/// The names of one district and its villages.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DistrictNames {
    /// The last two digits of its code.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its villages.
    pub villages: Vec<Village>,
}

impl Document for Names {
    const KIND: Kind = Kind::Names;

    fn check(&self) -> Result<(), &'static str> {
        let fits = |district: &DistrictNames| district.code <= 99 && district.villages.iter().all(|village| village.code <= 9999);
        if self.province > 99 || self.regencies.iter().any(|regency| regency.code > 99 || !regency.districts.iter().all(fits)) {
            return Err("codes out of range");
        }
        Ok(())
    }
}
