//! The village names of one province: the public file that browsing searches.

use super::container::{Document, Encode, Kind, read_fields};
use super::directory::{Village, are_sorted};

/// The village names of one province. Only browsing fetches this file.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Names {
    /// The two digits of the province's code.
    pub province: u8,
    /// Its regencies, sorted by code.
    pub regencies: Vec<RegencyNames>,
}

/// The names of one regency and its districts.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct RegencyNames {
    /// The last two digits of its code.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its districts with their villages, sorted by code.
    pub districts: Vec<DistrictNames>,
}

/// The names of one district and its villages.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct DistrictNames {
    /// The last two digits of its code.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Its villages, sorted by code.
    pub villages: Vec<Village>,
}

read_fields! {
    Names { province, regencies }
    RegencyNames { code, name, districts }
    DistrictNames { code, name, villages }
}

impl Document for Names {
    const KIND: Kind = Kind::Names;

    fn check(&self) -> Result<(), &'static str> {
        let district = |district: &DistrictNames| district.code <= 99 && are_sorted(&district.villages);
        let regency = |regency: &RegencyNames| {
            regency.code <= 99 && regency.districts.is_sorted_by(|a, b| a.code < b.code) && regency.districts.iter().all(district)
        };
        let are_regencies_sorted = self.regencies.is_sorted_by(|a, b| a.code < b.code);
        if self.province > 99 || !are_regencies_sorted || !self.regencies.iter().all(regency) {
            return Err("codes of regencies, districts or villages out of order or out of range");
        }
        Ok(())
    }
}
