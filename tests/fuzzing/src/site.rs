//! A small signed site in memory, in which one document may be any bytes: what an operator's key could sign and no mirror could
//! make.

use crate::document::{referred, stored};
use bilik::format::{
    self, Code, Directory, District, DistrictNames, Document, Election, FileRef, FormatError, HEAD_PATH, Head, Home, Kind,
    Manifest, Names, Province, ProvincePart, ProvinceRef, PublicKey, Regency, RegencyNames, Route, Sealing, Station, StationList,
    Tables, TimeZone, Trust, Village, WitnessStatement,
};
use bilik::lookup::{Cancelled, FileRequest, FoundHead, Observer, Problem, Source};
use bilik::{
    CommonTokens, Cost, Day, Deriver, Details, Digits, FoldedName, Key, KeyBits, KeySearch, Recipe, SearchDeriver, StationRef,
    Table, TableHeader, TableValue, fold_name, table_salt,
};
use ed25519_dalek::{Signer as _, SigningKey};
use std::collections::HashMap;

/// The 12 digits of the one voter.
pub const NIK: &str = "320101410190";
/// The name of the one voter.
pub const NAME: &str = "Contoh Saja";
/// The village of the one voter.
pub const VILLAGE: &str = "3201012001";
/// The venue of the one station.
pub const VENUE: &str = "SDN Contoh 1";

const ID: &str = "example-2029";
const NOW: u64 = 1_865_000_000;
const BITS: KeyBits = KeyBits { pepper_bits: 0, check_bits: 28 };

/// Files by their paths.
pub struct MemorySite {
    files: HashMap<String, Vec<u8>>,
    hostile: Option<(Kind, Vec<u8>)>,
}

impl Source for MemorySite {
    async fn file(
        &self,
        wanted: FileRequest<'_>,
        check: &dyn Fn(&[u8]) -> Result<(), FormatError>,
    ) -> Result<Vec<u8>, Vec<Problem>> {
        let bytes = self.get(wanted.path)?;
        check(&bytes).map_err(|error| vec![Problem::refused("memory", wanted.path, &error)])?;
        Ok(bytes)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        let bytes = self.get(HEAD_PATH)?;
        check(&bytes).map_err(|error| vec![Problem::refused("memory", HEAD_PATH, &error)])?;
        Ok(FoundHead { bytes, kept_since: None })
    }

    /// At the smallest cost, whatever a hostile manifest demands: honest keys stay right, and no input takes seconds.
    async fn derive(&self, search: &KeySearch, _: &dyn Observer) -> Result<Option<Vec<Key>>, Cancelled> {
        let bytes = search.to_bytes();
        let cost = [Cost::MIN.memory_kib, Cost::MIN.passes].map(u32::to_le_bytes).concat();
        let cheap = KeySearch::from_bytes(&[&cost, bytes.get(cost.len()..).unwrap_or_default()].concat());
        let cheap = cheap.expect("only the cost is another");
        let mut deriver = SearchDeriver::default();
        Ok(Some((0..cheap.len()).filter_map(|index| deriver.derive(&cheap, index)).collect()))
    }

    fn now(&self) -> u64 {
        NOW
    }

    fn name(&self) -> String {
        "memory".into()
    }
}

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

/// The key that has signed.
#[must_use]
pub fn trust() -> Trust {
    let key = PublicKey::of(signing_key().verifying_key()).to_string();
    Trust::new([key.as_str()], 1, Some(ID.into())).expect("a valid key")
}

/// The payload of each document of the honest site, with its kind: what corpora begin with.
#[must_use]
pub fn payloads() -> Vec<(Kind, Vec<u8>)> {
    let site = MemorySite::build(None);
    let unpacked = |kind, bytes: &[u8]| match kind {
        Kind::Manifest => payload(&format::read_unverified::<Manifest>(bytes)),
        Kind::Province => payload(&format::read_unverified::<ProvincePart>(bytes)),
        Kind::Directory => payload(&format::read_unverified::<Directory>(bytes)),
        Kind::Table => payload(&format::read_unverified::<Table>(bytes)),
        Kind::StationList => payload(&format::read_unverified::<StationList>(bytes)),
        Kind::Names => payload(&format::read_unverified::<Names>(bytes)),
    };
    let files = site.files.values().filter_map(|bytes| Some((format::kind_of(bytes).ok()?, bytes)));
    let mut payloads: Vec<_> = files.map(|(kind, bytes)| (kind, unpacked(kind, bytes))).collect();
    // In one order, so that a seed keeps its name.
    payloads.sort_by(|(_, one), (_, other)| one.cmp(other));
    payloads
}

/// The head of the honest site.
#[must_use]
pub fn head() -> Vec<u8> {
    MemorySite::build(None).files.remove(HEAD_PATH).expect("a head")
}

fn witness_secret() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

/// The witness's key.
#[must_use]
pub fn witness() -> PublicKey {
    PublicKey::of(witness_secret().verifying_key())
}

/// The one statement that the witness has signed: it saw the head of the honest site.
#[must_use]
pub fn statement() -> Vec<u8> {
    let (head, _) = Head::read_unverified(&head()).expect("the honest head");
    let statement = WitnessStatement::of(&head, NOW).expect("a valid head");
    statement.to_bytes(&witness(), &witness_secret().sign(statement.message().as_bytes())).expect("a valid statement")
}

fn payload<T: Document>(document: &Result<T, FormatError>) -> Vec<u8> {
    let document = document.as_ref().expect("a file of the honest site");
    bincode::encode_to_vec(document, bincode::config::standard()).expect("it was decoded")
}

impl MemorySite {
    /// The site, from the leaves to the signed head, with these bytes as the payload of the documents of that kind.
    #[must_use]
    pub fn build(hostile: Option<(Kind, Vec<u8>)>) -> Self {
        let mut site = Self { files: HashMap::new(), hostile };
        let manifest = site.manifest();
        let part = |part: ProvincePart| ProvinceRef { code: part.province.code, part: site.add(&part) };
        let provinces = ProvincePart::all(&manifest).into_iter().map(part).collect();
        let manifest = site.add(&manifest);
        let head = Head { election: ID.into(), serial: 1, signed_at: NOW, expires: NOW + 86_400, manifest, provinces };
        let signature = signing_key().sign(&head.message().expect("a valid head"));
        let signed = head.to_bytes(&[(PublicKey::of(signing_key().verifying_key()), signature)]);
        site.files.insert(HEAD_PATH.into(), signed.expect("a valid head"));
        site
    }

    fn get(&self, path: &str) -> Result<Vec<u8>, Vec<Problem>> {
        self.files.get(path).cloned().ok_or_else(|| vec![Problem::unreachable("memory", path, "no such file")])
    }

    fn add<T: Document>(&mut self, document: &T) -> FileRef {
        let (bytes, file) = match &self.hostile {
            Some((kind, payload)) if *kind == T::KIND => {
                let bytes = stored::<T>(payload);
                let file = referred(&bytes, u32::try_from(payload.len()).expect("a short input"));
                (bytes, file)
            }
            _ => format::write(document).expect("a valid document"),
        };
        self.files.insert(file.path(T::KIND), bytes);
        file
    }

    fn manifest(&mut self) -> Manifest {
        let village = Code::parse(VILLAGE).expect("a code");
        let district = village.district_of().expect("a village");
        let station = Station::new(format!("{VILLAGE}001"), village, 1, VENUE.into(), "Jl. Contoh".into());
        let stations = self.add(&StationList { district: district.short(), stations: vec![Some(station)] });
        let full = self.add(&table(Recipe::Full, |digits, name| Details::full(digits, name.whole())));
        let near = self.add(&table(Recipe::Near, |digits, name| {
            let token = name.sealed_tokens(&CommonTokens::default()).first().copied().unwrap_or_default();
            Details::near(digits, village.number(), token)
        }));
        let villages = vec![Village { code: village.last_four(), name: "Contohrejo".into() }];
        let directory = self.add(&directory(district, stations, (full, near), villages.clone()));
        let districts = vec![DistrictNames { code: 1, name: "Uji".into(), villages }];
        let regencies = vec![RegencyNames { code: 1, name: "Kabupaten Contoh".into(), districts }];
        let names = self.add(&Names { province: 32, regencies });
        let election = Election {
            id: ID.into(),
            name: "Pemilu Contoh".into(),
            day: Day::parse("2029-02-14").and_then(Day::number).expect("a day"),
            opens: 7 * 60,
            closes: 13 * 60,
            demo: true,
            help_phone: None,
            help_url: None,
        };
        let regencies = vec![Regency { code: 1, directory, stations: 1 }];
        let name = "Provinsi Contoh".into();
        let provinces = vec![Province { code: 32, name, zone: TimeZone::Wib, names, regencies }];
        Manifest { election, sealing: Sealing { cost: Cost::MIN, full: BITS, near: BITS }, provinces, elsewhere: None }
    }
}

fn directory(district: Code, stations: FileRef, (full, near): (FileRef, FileRef), villages: Vec<Village>) -> Directory {
    Directory {
        regency: 3201,
        name: "Kabupaten Contoh".into(),
        contact: None,
        districts: vec![District { code: 1, name: "Uji".into(), villages, stations: Some(stations), addressable: 1 }],
        routes: vec![Route { prefix: district.short(), table: 0 }],
        tables: vec![Tables {
            full: vec![full],
            near: vec![near],
            homes: vec![Home { district: district.short(), stations: 1 }],
        }],
    }
}

/// A table with the one voter.
fn table(recipe: Recipe, details: impl Fn(&Digits, &FoldedName) -> Details) -> Table {
    let header = TableHeader {
        recipe,
        check_bits: BITS.check_bits,
        label: "320101".into(),
        nonce: [7; 16],
        common: Vec::new(),
        home_stations: 1,
        all_stations: 1,
    };
    let salt = table_salt(ID, &header.label, recipe, &header.nonce);
    let details = details(&Digits::typed(NIK).expect("12 digits"), &fold_name(NAME).expect("a name"));
    let key = Deriver::new(Cost::MIN).expect("a valid cost").derive(&salt, &details, 0);
    let entries = [(key, TableValue::One(StationRef::Home(0)))];
    Table::seal(&header, &entries, &mut || 0x9e37_79b9_7f4a_7c15).expect("one key")
}
