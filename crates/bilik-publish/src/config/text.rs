//! The keys of `election.toml`, as written: unknown keys are errors, and positions are kept for messages.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigText {
    pub(super) id: Option<Spanned<String>>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) day: Option<Spanned<Value>>,
    pub(super) opens: Option<Spanned<Value>>,
    pub(super) closes: Option<Spanned<Value>>,
    #[serde(default)]
    pub(super) demo: bool,
    pub(super) help_phone: Option<Spanned<String>>,
    pub(super) help_url: Option<Spanned<String>>,
    pub(super) legal_basis: Option<Spanned<String>>,
    pub(super) expires: Option<Spanned<Value>>,
    pub(super) organiser: Option<OrganiserText>,
    #[serde(default)]
    pub(super) rights: BTreeMap<Spanned<String>, RightsText>,
    #[serde(default)]
    pub(super) sealing: SealingText,
    #[serde(default)]
    pub(super) tables: TablesText,
    #[serde(default)]
    pub(super) check: CheckText,
    #[serde(default)]
    pub(super) time_zones: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    pub(super) areas: BTreeMap<Spanned<String>, AreaText>,
    #[serde(default)]
    pub(super) site: SiteText,
    #[serde(default)]
    pub(super) input: InputText,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganiserText {
    pub(super) name: Option<Spanned<String>>,
    pub(super) short_name: Option<Spanned<String>>,
    pub(super) url: Option<Spanned<String>>,
    pub(super) privacy_contact: Option<Spanned<String>>,
    pub(super) logo: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RightsText {
    pub(super) dpt: Option<Spanned<String>>,
    pub(super) dptb: Option<Spanned<String>>,
    pub(super) dpk: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealingText {
    pub(super) memory_kib: Option<Spanned<u32>>,
    pub(super) passes: Option<Spanned<u32>>,
    pub(super) full_pepper_bits: Option<Spanned<u8>>,
    pub(super) full_check_bits: Option<Spanned<u8>>,
    pub(super) near_pepper_bits: Option<Spanned<u8>>,
    pub(super) near_check_bits: Option<Spanned<u8>>,
    pub(super) seed: Option<Spanned<u64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TablesText {
    pub(super) min_voters: Option<Spanned<u32>>,
    pub(super) max_keys: Option<Spanned<u32>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckText {
    pub(super) max_voters_at_a_station: Option<Spanned<u32>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaText {
    pub(super) day: Option<Spanned<Value>>,
    pub(super) opens: Option<Spanned<Value>>,
    pub(super) closes: Option<Spanned<Value>>,
    pub(super) time_zone: Option<Spanned<String>>,
    pub(super) notice: Option<Spanned<String>>,
    pub(super) notice_url: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteText {
    pub(super) address: Option<Spanned<String>>,
    pub(super) station_pages: Option<bool>,
    pub(super) mirrors: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) public_keys: Vec<Spanned<String>>,
    pub(super) threshold: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) witnesses: Vec<WitnessText>,
    pub(super) witness_threshold: Option<Spanned<usize>>,
    pub(super) witness_max_age: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WitnessText {
    pub(super) name: Spanned<String>,
    pub(super) public_key: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InputText {
    pub(super) voters: Option<Spanned<FilesText>>,
    pub(super) stations: Option<Spanned<FilesText>>,
    pub(super) regions: Option<Spanned<FilesText>>,
    pub(super) withheld: Option<Spanned<FilesText>>,
    pub(super) totals: Option<Spanned<FilesText>>,
    pub(super) contacts: Option<Spanned<FilesText>>,
    #[serde(default)]
    pub(super) columns: ColumnsText,
}

/// One name or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a file, a folder, a pattern such as \"dpt/*.csv\", or a list of them")]
pub(super) enum FilesText {
    One(String),
    Several(Vec<String>),
}

impl FilesText {
    /// The names; none where one of them is empty, or all are missing.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        let names = match self {
            Self::One(name) => vec![name.clone()],
            Self::Several(names) => names.clone(),
        };
        let is_filled = !names.is_empty() && names.iter().all(|name| !name.trim().is_empty());
        is_filled.then_some(names)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnsText {
    #[serde(default)]
    pub(super) voters: VotersText,
    #[serde(default)]
    pub(super) stations: StationsText,
    #[serde(default)]
    pub(super) regions: RegionsText,
    #[serde(default)]
    pub(super) withheld: WithheldText,
    #[serde(default)]
    pub(super) totals: TotalsText,
    #[serde(default)]
    pub(super) contacts: ContactsText,
}

/// Makes the struct of one file's columns, so that an unknown name is reported with the known ones.
macro_rules! columns {
    ($name:ident: $($column:ident)*) => {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $($column: Option<String>),* }

        impl $name {
            pub(super) fn mapped(self) -> BTreeMap<String, String> {
                [$((stringify!($column), self.$column)),*]
                    .into_iter()
                    .filter_map(|(name, mapped)| Some((name.to_owned(), mapped?)))
                    .collect()
            }
        }
    };
}

columns!(VotersText: nik name station village);
columns!(StationsText: id village number venue address lat lon accessible notice notice_url kind day opens closes time_zone landmark
    ramp level parking help);
columns!(RegionsText: code name);
columns!(WithheldText: nik name);
columns!(TotalsText: code voters);
columns!(ContactsText: region phone url);
