//! Builds a tiny signed site in memory, with one made-up voter, and asks it where that voter votes.
//!
//! ```sh
//! cargo run --example ask_a_site
//! ```

use bilik::format::{
    self, Code, Directory, District, DistrictNames, Document, Election, FileRef, FormatError, HEAD_PATH, Head, Home, Manifest,
    Names, Province, ProvincePart, ProvinceRef, PublicKey, Regency, RegencyNames, Route, Sealing, Station, StationList, Tables,
    TimeZone, Trust, Village,
};
use bilik::lookup::{FileRequest, FoundHead, Lookup, Outcome, Problem, Question, Source};
use bilik::{
    CommonTokens, Cost, Day, Deriver, Details, Digits, KeyBits, Recipe, StationRef, Table, TableHeader, TableValue, fold_name,
    table_salt,
};
use ed25519_dalek::{Signer as _, SigningKey};
use std::collections::HashMap;
use std::error::Error;

const ELECTION: &str = "example-2029";
const NIK: &str = "320101410190";
const NAME: &str = "Contoh Saja";
const VILLAGE: u16 = 2001;
/// A real election has 4 and 6 bits of pepper, which are drawn for each key.
const BITS: KeyBits = KeyBits { pepper_bits: 0, check_bits: 28 };
/// The time of the example: seconds since 1970.
const NOW: u64 = 1_865_000_000;

/// A site in memory: files by their paths.
#[derive(Default)]
struct MemorySite(HashMap<String, Vec<u8>>);

impl Source for MemorySite {
    async fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        println!("  requested: {}", wanted.path);
        let bytes = self.get(wanted.path)?;
        check(&bytes).map_err(|error| vec![Problem::refused(&self.name(), wanted.path, &error)])?;
        Ok(bytes)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        println!("  requested: {HEAD_PATH}");
        let bytes = self.get(HEAD_PATH)?;
        check(&bytes).map_err(|error| vec![Problem::refused(&self.name(), HEAD_PATH, &error)])?;
        Ok(FoundHead { bytes, kept_since: None })
    }

    fn now(&self) -> u64 {
        NOW
    }

    fn name(&self) -> String {
        "memory".into()
    }
}

impl MemorySite {
    fn get(&self, path: &str) -> Result<Vec<u8>, Vec<Problem>> {
        self.0.get(path).cloned().ok_or_else(|| vec![Problem::unreachable(&self.name(), path, "no such file")])
    }

    /// Adds a document under its digest.
    fn add<T: Document>(&mut self, document: &T) -> Result<FileRef, FormatError> {
        let (bytes, file) = format::write(document)?;
        self.0.insert(file.path(T::KIND), bytes);
        Ok(file)
    }

    /// Builds the whole site, from the leaves to the signed head.
    fn build(signing_key: &SigningKey) -> Result<Self, Box<dyn Error>> {
        let mut site = Self::default();
        let district = Code::parse("320101").ok_or("not a district")?;
        let station =
            Station::new("3201012001001".into(), district.village(VILLAGE), 1, "SDN Contoh 1".into(), "Jl. Contoh".into());
        let stations = site.add(&StationList { district: district.short(), stations: vec![Some(station)] })?;
        let full = site.add(&table(Recipe::Full, Details::full)?)?;
        let near = site.add(&table(Recipe::Near, |digits, _| {
            // A real build seals under each of `sealed_tokens`.
            let name = fold_name(NAME).ok();
            let first = name.as_ref().and_then(|name| name.sealed_tokens(&CommonTokens::default()).first().copied());
            Details::near(digits, district.village(VILLAGE).number(), first.unwrap_or_default())
        })?)?;
        let villages = vec![Village { code: VILLAGE, name: "Contohrejo".into() }];
        let directory = site.add(&Directory {
            regency: 3201,
            name: "Kabupaten Contoh".into(),
            contact: None,
            districts: vec![District {
                code: 1,
                name: "Uji".into(),
                villages: villages.clone(),
                stations: Some(stations),
                addressable: 1,
            }],
            routes: vec![Route { prefix: district.short(), table: 0 }],
            tables: vec![Tables {
                full: vec![full],
                near: vec![near],
                homes: vec![Home { district: district.short(), stations: 1 }],
            }],
        })?;
        let districts = vec![DistrictNames { code: 1, name: "Uji".into(), villages }];
        let regencies = vec![RegencyNames { code: 1, name: "Kabupaten Contoh".into(), districts }];
        let names = site.add(&Names { province: 32, regencies })?;
        let manifest = Manifest {
            election: Election {
                id: ELECTION.into(),
                name: "Pemilu Contoh".into(),
                day: Day::parse("2029-02-14").and_then(Day::number).ok_or("not a day")?,
                opens: 7 * 60,
                closes: 13 * 60,
                demo: true,
                help_phone: None,
                help_url: None,
            },
            sealing: Sealing { cost: Cost::DEFAULT, full: BITS, near: BITS },
            provinces: vec![Province {
                code: 32,
                name: "Provinsi Contoh".into(),
                zone: TimeZone::Wib,
                names,
                regencies: vec![Regency { code: 1, directory, stations: 1 }],
            }],
            elsewhere: None,
        };
        let mut provinces = Vec::new();
        for part in ProvincePart::all(&manifest) {
            provinces.push(ProvinceRef { code: part.province.code, part: site.add(&part)? });
        }
        let manifest = site.add(&manifest)?;
        let head = Head { election: ELECTION.into(), serial: 1, signed_at: NOW, expires: NOW + 86_400, manifest, provinces };
        let signature = signing_key.sign(&head.message()?);
        let bytes = head.to_bytes(&[(PublicKey::of(signing_key.verifying_key()), signature)])?;
        site.0.insert(HEAD_PATH.into(), bytes);
        Ok(site)
    }
}

/// A table with one voter.
fn table(recipe: Recipe, details: impl Fn(&Digits, &str) -> Details) -> Result<Table, Box<dyn Error>> {
    let header = TableHeader {
        recipe,
        check_bits: BITS.check_bits,
        label: "320101".into(),
        nonce: [7; 16],
        common: Vec::new(),
        home_stations: 1,
        all_stations: 1,
    };
    let salt = table_salt(ELECTION, &header.label, recipe, &header.nonce);
    let details = details(&Digits::typed(NIK)?, fold_name(NAME)?.whole());
    let key = Deriver::new(Cost::DEFAULT)?.derive(&salt, &details, 0);
    let entries = [(key, TableValue::One(StationRef::Home(0)))];
    Ok(Table::seal(&header, &entries, &mut || 0x9e37_79b9_7f4a_7c15).map_err(|error| format!("cannot seal: {error:?}"))?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let signing_key = SigningKey::from_bytes(&[1; 32]);
    let public_key = PublicKey::of(signing_key.verifying_key()).to_string();
    let trust = Trust::new([public_key.as_str()], 1, Some(ELECTION.into()))?;
    let lookup = Lookup::new(MemorySite::build(&signing_key)?, trust);
    for name in ["Tjontoh Sadja", "Orang Lain"] {
        println!("Where does {name} vote?");
        let question = Question { nik: Some(NIK.into()), name: Some(name.into()), ..Question::default() };
        match pollster::block_on(lookup.ask(&question, &()))? {
            Outcome::Found { station, .. } => println!("  TPS {:03}, {}, {}", station.number, station.venue, station.village),
            Outcome::VillageNeeded { villages, .. } => println!("  not by name alone; choose one of {} villages", villages.len()),
            other => println!("  {other:?}"),
        }
    }
    Ok(())
}
