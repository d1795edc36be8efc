//! The columns that a commission's files may have, and the names that they certainly go by.

use super::error::ImportError;
use crate::csv::{Aliases, Column, Lines, Mapped, Sheet};
use std::collections::BTreeMap;

/// Names of columns that can mean one thing only, as their letters and digits. Of a roll, `alamat` is not among them: there it is the
/// voter's.
const PLACES: [(&str, &[&str]); 6] = [
    ("province", &["provinsi", "propinsi", "prov", "namaprovinsi", "namapropinsi", "namaprov"]),
    (
        "regency",
        &[
            "kabupaten",
            "kab",
            "kota",
            "kabupatenkota",
            "kabkota",
            "kabkot",
            "namakabupaten",
            "namakab",
            "namakabupatenkota",
            "namakabkota",
            "namakabkot",
        ],
    ),
    ("district", &["kecamatan", "kec", "distrik", "namakecamatan", "namakec", "ppln", "namappln"]),
    (
        "village",
        &[
            "kelurahan",
            "desa",
            "kel",
            "kelurahandesa",
            "desakelurahan",
            "keldesa",
            "desakel",
            "kampung",
            "namakelurahan",
            "namadesa",
            "namakel",
            "namakelurahandesa",
            "namadesakelurahan",
            "namakeldesa",
            "kodekelurahan",
            "kodedesa",
            "kodekeldesa",
            "kodekelurahandesa",
            "villagecode",
        ],
    ),
    ("number", &["tps", "notps", "nomortps", "nomertps", "notpsln", "nomortpsln", "tpsln", "tpsnumber"]),
    ("venue", &["tempattps", "namatempat", "tempatpemungutansuara", "gedungtps", "bangunantps"]),
];
const POSITION: [(&str, &[&str]); 3] = [
    ("lat", &["latitude", "lintang", "latitudetps"]),
    ("lon", &["lng", "long", "longitude", "bujur", "longitudetps"]),
    ("accessible", &["akses", "aksesdisabilitas", "aksesibel", "aksesibilitas"]),
];

const ROLL_ALIASES: Aliases = &[
    ("nik", &["nonik", "nomornik", "nikktp", "nomorindukkependudukan", "noktp", "nomorktp"]),
    ("name", &["nama", "namapemilih", "namalengkap", "fullname"]),
    ("station", &["idtps", "kodetps", "stationid"]),
    ("address", &["alamattps", "lokasitps", "stationaddress"]),
    PLACES[0],
    PLACES[1],
    PLACES[2],
    PLACES[3],
    PLACES[4],
    PLACES[5],
];
const STATION_ALIASES: Aliases = &[
    ("id", &["idtps", "kodetps", "stationid"]),
    ("address", &["alamat", "alamattps", "lokasi", "lokasitps"]),
    PLACES[0],
    PLACES[1],
    PLACES[2],
    PLACES[3],
    PLACES[4],
    ("venue", &["tempat", "tempattps", "namatempat", "tempatpemungutansuara", "gedung", "gedungtps", "bangunan", "bangunantps"]),
    POSITION[0],
    POSITION[1],
    POSITION[2],
];
const REGION_ALIASES: Aliases = &[("code", &["kode", "kodewilayah", "regioncode"]), ("name", &["nama", "namawilayah"])];

pub(super) const ROLL: Sheet = Sheet {
    key: "voters",
    needed: &["nik", "name"],
    optional: &["station", "card_village", "province", "regency", "district", "village", "number", "venue", "address"],
    aliases: ROLL_ALIASES,
};
pub(super) const STATIONS: Sheet = Sheet {
    key: "stations",
    needed: &["number"],
    optional: &[
        "id",
        "province",
        "regency",
        "district",
        "village",
        "venue",
        "address",
        "lat",
        "lon",
        "accessible",
        "notice",
        "notice_url",
        "kind",
        "day",
        "opens",
        "closes",
        "time_zone",
        "landmark",
        "ramp",
        "level",
        "parking",
        "help",
    ],
    aliases: STATION_ALIASES,
};
pub(super) const REGIONS: Sheet = Sheet { key: "regions", needed: &["code", "name"], optional: &[], aliases: REGION_ALIASES };

const SHEETS: [&Sheet; 3] = [&ROLL, &STATIONS, &REGIONS];

/// The columns that a line's place is read from.
#[derive(Clone, Copy)]
pub(super) struct PlaceColumns {
    /// Province, regency, district and village.
    pub regions: [Column; 4],
    pub number: Column,
}

impl PlaceColumns {
    pub fn of(lines: &Lines) -> Self {
        let regions = ["province", "regency", "district", "village"].map(|name| lines.column(name));
        Self { regions, number: lines.column("number") }
    }
}

/// The operator's names of columns by sheet; `given` is "voters.name" and the name in the file.
pub(super) fn mapped(given: &[(String, String)]) -> Result<BTreeMap<&'static str, Mapped>, ImportError> {
    let mut mapped: BTreeMap<&'static str, Mapped> = SHEETS.iter().map(|sheet| (sheet.key, Mapped::new())).collect();
    for (column, theirs) in given {
        let known = || SHEETS.iter().flat_map(|sheet| names(sheet).map(move |name| (sheet.key, name)));
        let Some((key, name)) = known().find(|(key, name)| format!("{key}.{name}") == *column) else {
            let known: Vec<String> = known().map(|(key, name)| format!("{key}.{name}")).collect();
            return Err(ImportError::UnknownColumn { column: column.clone(), known: known.join(", ") });
        };
        mapped.entry(key).or_default().insert(name.to_owned(), theirs.clone());
    }
    Ok(mapped)
}

fn names(sheet: &Sheet) -> impl Iterator<Item = &'static str> + use<> {
    sheet.needed.iter().chain(sheet.optional).copied()
}

/// How a column was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recognised {
    /// It has Bilik's own name.
    ByName,
    /// The operator named it.
    Mapped,
    /// It goes by a name that can mean nothing else.
    Guessed,
}

/// A column of the files, and what it is used as.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsedColumn {
    /// The part of the input: voters, stations or regions.
    pub part: &'static str,
    /// What it is used as.
    pub used_as: &'static str,
    /// Its name in the file.
    pub name: String,
    /// How that is known.
    pub recognised: Recognised,
}

/// The columns that were used, with the number of their files and sheets.
#[derive(Debug, Default)]
pub(super) struct UsedColumns(BTreeMap<UsedColumn, u64>);

impl UsedColumns {
    /// Takes note of the columns of the file at hand.
    pub fn note(&mut self, lines: &Lines, sheet: &Sheet, mapped: &Mapped) {
        for used_as in names(sheet) {
            let column = lines.column(used_as);
            if !lines.has(column) {
                continue;
            }
            let name = lines.column_name(column).to_owned();
            let recognised = if mapped.contains_key(used_as) {
                Recognised::Mapped
            } else if name.to_lowercase().replace([' ', '-', '.'], "_") == used_as {
                Recognised::ByName
            } else {
                Recognised::Guessed
            };
            *self.0.entry(UsedColumn { part: sheet.key, used_as, name, recognised }).or_default() += 1;
        }
    }

    pub fn into_list(self) -> Vec<(UsedColumn, u64)> {
        self.0.into_iter().collect()
    }
}
