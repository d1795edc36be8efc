//! What lies just within the bounds of the format is accepted, and what lies just beyond is not: of each document, each bound.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use bilik::format::{
    AccessDetail, Code, Contact, Digest, Directory, District, DistrictNames, Document, Election, FileRef, Head, Home,
    MAX_HEAD_LEN, MAX_SIGNATURES, MAX_SPLIT_BITS, MAX_STATIONS, Manifest, Names, Place, PollingTime, Province, ProvincePart,
    PublicKey, Regency, RegencyNames, Route, Sealing, Station, StationKind, StationList, Tables, TimeZone, Trust, Village,
    WitnessStatement,
};
use bilik::{Cost, Digits, KeyBits, Recipe};
use ed25519_dalek::{Signer as _, SigningKey};
use std::collections::BTreeSet;

fn file(of: &str) -> FileRef {
    FileRef { digest: Digest::of(of.as_bytes()), stored: 100, inflated: 200 }
}

fn village(code: u16) -> Village {
    Village { code, name: "Contoh".into() }
}

fn tables(full: usize, near: usize) -> Tables {
    let files = |count: usize| (0..count).map(|number| file(&number.to_string())).collect();
    Tables { full: files(full), near: files(near), homes: vec![Home { district: 390_101, stations: 7 }] }
}

fn district(code: u8) -> District {
    District { code, name: "Contoh".into(), villages: vec![village(1_001), village(2_001)], stations: None, addressable: 7 }
}

fn directory() -> Directory {
    Directory {
        regency: 3901,
        name: "Kab. Contoh".into(),
        contact: None,
        districts: vec![district(1), district(2)],
        routes: vec![Route { prefix: 390_101, table: 0 }, Route { prefix: 390_102, table: 0 }],
        tables: vec![tables(1, 1)],
    }
}

/// Whether a document is accepted after a change.
fn accepts<T: Document + Clone>(document: &T, change: impl FnOnce(&mut T)) -> bool {
    let mut changed = document.clone();
    change(&mut changed);
    changed.check().is_ok()
}

#[test]
fn of_a_directory() {
    let usual = directory();
    let with = |change: &dyn Fn(&mut Directory)| accepts(&usual, change);
    assert!(with(&|_| ()));
    assert!(with(&|one| one.regency = 9_999) && !with(&|one| one.regency = 10_000));
    assert!(!with(&|one| one.regency = 0));
    assert!(with(&|one| (one.regency, one.districts) = (0, Vec::new())));
    let contact = |phone: Option<&str>, url: Option<&str>| {
        with(&|one| one.contact = Some(Contact { phone: phone.map(Into::into), url: url.map(Into::into) }))
    };
    assert!(contact(Some("0800"), None) && contact(None, Some("https://a.example/")) && contact(None, Some("http://a.example/")));
    assert!(
        !contact(None, None) && !contact(Some("0800"), Some("javascript:alert()")) && !contact(None, Some("ftp://a.example/"))
    );
    assert!(with(&|one| one.districts[1].code = 99) && !with(&|one| one.districts[1].code = 100));
    assert!(!with(&|one| one.districts[1].code = 1) && !with(&|one| one.districts.reverse()));
    assert!(with(&|one| one.districts[0].villages[1].code = 9_999) && !with(&|one| one.districts[0].villages[1].code = 10_000));
    assert!(!with(&|one| one.districts[1].villages[1].code = 1_001) && with(&|one| one.districts[1].villages.clear()));
    assert!(with(&|one| one.routes[1].prefix = 999_999) && !with(&|one| one.routes[1].prefix = 1_000_000));
    assert!(!with(&|one| one.routes[1].prefix = 390_101) && !with(&|one| one.routes[1].table = 1));
    for (full, near, is_right) in
        [(0, 1, true), (1, 1, true), (1, 2, true), (2, 4, true), (0, 16, true), (16, 16, true), (2, 1, false), (1, 3, false)]
    {
        assert_eq!(with(&|one| one.tables[0] = tables(full, near)), is_right, "{full} and {near} files");
    }
    assert!(!with(&|one| one.tables[0] = tables(3, 4)) && !with(&|one| one.tables[0] = tables(0, 32)));
    assert!(!with(&|one| one.tables[0] = tables(0, 0)));
    let home = |district, stations| with(&|one| one.tables[0].homes = vec![Home { district, stations }]);
    assert!(home(999_999, 1) && !home(1_000_000, 1) && home(390_101, MAX_STATIONS) && !home(390_101, MAX_STATIONS + 1));
    assert!(!with(&|one| one.tables[0].homes = vec![Home { district: 390_101, stations: MAX_STATIONS / 2 + 1 }; 2]));
}

#[test]
fn a_directory_leads_to_the_tables_and_districts_that_it_has() {
    let one = directory();
    assert_eq!(one.tables_of(390_102), Some(&one.tables[0]));
    assert_eq!((one.tables_of(390_103), one.tables_of(0)), (None, None));
    let code = |text: &str| Code::parse(text).unwrap();
    assert_eq!(one.district(code("390102")), Some(&one.districts[1]));
    assert_eq!((one.district(code("390202")), one.district(code("390103"))), (None, None));
    let split = tables(2, 1 << MAX_SPLIT_BITS);
    assert_eq!((split.files(Recipe::Full).len(), split.files(Recipe::Near).len()), (2, 16));
    assert_eq!((split.only_file(Recipe::Full), split.only_file(Recipe::Near)), (None, None));
    assert_eq!(tables(1, 2).only_file(Recipe::Full), Some(&file("0")));
    assert_eq!((tables(0, 1).only_file(Recipe::Full), tables(0, 1).only_file(Recipe::Near)), (None, Some(&file("0"))));
    let digits = Digits::typed("390101410190").unwrap();
    let (full, near) =
        (split.file_of(Recipe::Full, "uji", &digits).unwrap(), split.file_of(Recipe::Near, "uji", &digits).unwrap());
    let at = |files: &[FileRef], one: &FileRef| files.iter().position(|other| other == one).unwrap();
    assert_eq!(at(&split.full, full), at(&split.near, near) >> 3, "the bits by near begin with those by full");
    assert_eq!(tables(0, 1).file_of(Recipe::Full, "uji", &digits), None);
}

#[test]
fn of_the_names_of_a_province() {
    let districts = vec![
        DistrictNames { code: 1, name: "A".into(), villages: vec![village(1)] },
        DistrictNames { code: 2, name: "B".into(), villages: vec![village(1), village(2)] },
    ];
    let regency = |code| RegencyNames { code, name: "Kab. Contoh".into(), districts: districts.clone() };
    let usual = Names { province: 39, regencies: vec![regency(1), regency(2)] };
    let with = |change: &dyn Fn(&mut Names)| accepts(&usual, change);
    assert!(with(&|_| ()));
    assert!(with(&|one| one.province = 99) && !with(&|one| one.province = 100));
    assert!(with(&|one| one.regencies[1].code = 99) && !with(&|one| one.regencies[1].code = 100));
    assert!(!with(&|one| one.regencies[1].code = 1));
    assert!(with(&|one| one.regencies[0].districts[1].code = 99) && !with(&|one| one.regencies[0].districts[1].code = 100));
    assert!(!with(&|one| one.regencies[0].districts[1].code = 1));
    assert!(!with(&|one| one.regencies[1].districts[1].villages.reverse()));
    assert!(!with(&|one| one.regencies[1].districts[1].villages[1].code = 10_000));
}

#[test]
fn of_a_list_of_stations() {
    let village = Code::parse("3901012001").unwrap();
    let time = PollingTime { day: 20_000, opens: 420, closes: 780, offset: 420, zone: "WIB".into() };
    let mut station = Station::new("1".into(), village, 1, "A".into(), "B".into());
    station.place = Place::of_degrees(-90.0, 180.0, false);
    station.time = Some(Box::new(time));
    station.notice_url = Some("https://a.example/".into());
    station.access = vec![AccessDetail::Ramp, AccessDetail::Parking];
    let usual = StationList { district: 390_101, stations: vec![Some(station), None] };
    let with = |change: &dyn Fn(&mut StationList)| accepts(&usual, change);
    let of_one = |change: &dyn Fn(&mut Station)| with(&|list| change(list.stations[0].as_mut().unwrap()));
    assert!(with(&|_| ()));
    assert!(with(&|one| one.district = 999_999) && !with(&|one| one.district = 1_000_000));
    let places = [(90.0, -180.0), (-90.0, 180.0), (90.1, 0.0), (0.0, 180.1)].map(|(lat, lon)| station_place(lat, lon));
    assert_eq!(places, [true, true, false, false]);
    assert!(!of_one(&|one| one.notice_url = Some("http://a.example/".into())));
    assert!(!of_one(&|one| one.access.reverse()) && !of_one(&|one| one.access = vec![AccessDetail::Ramp; 2]));
    let time = |change: &dyn Fn(&mut PollingTime)| of_one(&|one| change(one.time.as_mut().unwrap()));
    assert!(
        !time(&|time| time.closes = time.opens)
            && !time(&|time| time.closes = 24 * 60 + 1)
            && time(&|time| time.closes = 24 * 60)
    );
    assert!(time(&|time| time.zone = "A".repeat(16)) && !time(&|time| time.zone = "A".repeat(17)));
    assert!(time(&|time| time.zone = "A".into()) && !time(&|time| time.zone.clear()) && !time(&|time| time.day = u32::MAX));
    for (offset, is_right) in [(-900, true), (900, true), (-901, false), (901, false), (i16::MIN, false)] {
        assert_eq!(time(&|time| time.offset = offset), is_right, "{offset} minutes");
    }
    let last = Station::new("1".into(), Code::parse("3901019999").unwrap(), 1, "A".into(), "B".into());
    assert!(with(&|one| one.stations[1] = Some(last.clone())));
    assert_eq!((usual.at(0).map(|one| one.number), usual.at(1), usual.at(2), usual.present().count()), (Some(1), None, None, 1));
}

fn head() -> Head {
    Head { election: "uji-2029".into(), serial: 5, signed_at: 1_000, expires: 2_000, manifest: file("m"), provinces: Vec::new() }
}

#[test]
fn of_a_head() {
    let key = SigningKey::from_bytes(&[3; 32]);
    let public = PublicKey::of(key.verifying_key());
    let trust = Trust::new([public.to_string().as_str()], 1, None).unwrap();
    let usual = head();
    let read = |change: &dyn Fn(&mut Head)| {
        let mut head = usual.clone();
        change(&mut head);
        let signature = key.sign(&head.message()?);
        Head::read(&head.to_bytes(&[(public, signature)])?, &trust)
    };
    assert_eq!(read(&|_| ()).as_ref(), Ok(&usual));
    assert!(read(&|one| one.expires = 1_000).is_ok() && read(&|one| one.expires = 999).is_err());
    assert!(read(&|one| one.serial = 1_000 + 86_400).is_ok() && read(&|one| one.serial = 1_001 + 86_400).is_err());
    assert!(read(&|one| one.election = "a".repeat(32)).is_ok() && read(&|one| one.election = "a".repeat(33)).is_err());
    let other = Head { election: "uji-2024".into(), ..usual.clone() };
    assert!(!other.is_newer_than(&usual) && !usual.is_newer_than(&other), "signed in the same second");
    let signed = |count: usize| usual.to_bytes(&vec![(public, key.sign(&usual.message().unwrap())); count]);
    assert!(signed(0).is_err() && signed(1).is_ok() && signed(MAX_SIGNATURES).is_ok() && signed(MAX_SIGNATURES + 1).is_err());
    assert_eq!(signed(MAX_SIGNATURES).unwrap().len() + 100 * 21, usize::try_from(MAX_HEAD_LEN).unwrap());
}

#[test]
fn numbers_and_names_are_as_they_are_documented() {
    assert_eq!(MAX_STATIONS, 2_097_144);
    let kinds = [StationKind::Tps, StationKind::Tpsln, StationKind::Ksk, StationKind::Pos];
    assert_eq!(kinds.map(StationKind::name), ["TPS", "TPSLN", "KSK", "POS"]);
    assert_eq!([Cost::MIN, Cost::DEFAULT, Cost::MAX].map(Cost::work), [8, 38_912, 655_360]);
}

#[test]
fn of_the_cost_of_a_derivation() {
    for (memory_kib, passes, is_right) in
        [(8, 1, true), (65_536, 10, true), (7, 1, false), (8, 0, false), (65_537, 10, false), (65_536, 11, false)]
    {
        assert_eq!(Cost { memory_kib, passes }.is_within_limits(), is_right, "{memory_kib} KiB, {passes} passes");
    }
}

#[test]
fn pages_that_trust_something_else_keep_their_heads_elsewhere() {
    let keys: Vec<String> =
        (1..=24).map(|seed| PublicKey::of(SigningKey::from_bytes(&[seed; 32]).verifying_key()).to_string()).collect();
    let id = |keys: &[String], threshold: usize, election: Option<&str>| {
        Trust::new(keys.iter().map(String::as_str), threshold, election.map(Into::into)).unwrap().id()
    };
    let mut ids: Vec<String> = (1..=keys.len()).map(|count| id(&keys[..count], 1, None)).collect();
    ids.extend([id(&keys[1..2], 1, None), id(&keys[..2], 2, None)]);
    ids.extend(["uji-2024", "uji-2029"].map(|election| id(&keys[..1], 1, Some(election))));
    let different: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(different.len(), ids.len());
    let reversed: Vec<String> = keys.iter().rev().cloned().collect();
    assert_eq!(id(&reversed, 2, None), id(&keys, 2, None), "in another order");
}

#[test]
fn a_witness_signs_two_lines_and_a_checkpoint() {
    let head = head();
    let statement = WitnessStatement::of(&head, 1_500).unwrap();
    let checkpoint = statement.checkpoint();
    assert!(checkpoint.starts_with("bilik/1/head/uji-2029\n5\n"), "{checkpoint}");
    assert_eq!(statement.message().strip_prefix("cosignature/v1\ntime 1500\n"), Some(checkpoint.as_str()));
}

fn station_place(lat: f64, lon: f64) -> bool {
    Place::of_degrees(lat, lon, false).is_some()
}

fn manifest() -> Manifest {
    let regency = |code, stations| Regency { code, directory: file("d"), stations };
    let province = |code, regencies| Province { code, name: "Contoh".into(), zone: TimeZone::Wib, names: file("n"), regencies };
    Manifest {
        election: Election {
            id: "uji-2029".into(),
            name: "Uji".into(),
            day: 21_594,
            opens: 420,
            closes: 780,
            demo: true,
            help_phone: None,
            help_url: None,
        },
        sealing: Sealing { cost: Cost::MIN, full: KeyBits::usual(Recipe::Full), near: KeyBits::usual(Recipe::Near) },
        provinces: vec![province(39, vec![regency(1, 10), regency(71, 20)]), province(59, vec![regency(1, 30)])],
        elsewhere: Some(file("e")),
    }
}

#[test]
fn of_a_manifest() {
    let usual = manifest();
    let with = |change: &dyn Fn(&mut Manifest)| accepts(&usual, change);
    assert!(with(&|_| ()));
    assert!(with(&|one| one.election.id = "a".repeat(32)) && !with(&|one| one.election.id = "a".repeat(33)));
    assert!(!with(&|one| one.election.id = "Uji".into()) && !with(&|one| one.election.id.clear()));
    assert!(!with(&|one| one.election.closes = 420) && !with(&|one| one.election.closes = 24 * 60 + 1));
    assert!(with(&|one| one.election.closes = 24 * 60) && with(&|one| one.election.closes = 421));
    // Twice as many days as seconds of 32 bits count.
    assert!(with(&|one| one.election.day = 99_420) && !with(&|one| one.election.day = 99_421));
    assert!(!with(&|one| one.election.day = u32::MAX));
    assert!(!with(&|one| one.sealing.cost.passes = 0) && !with(&|one| one.sealing.full.check_bits = 15));
    assert!(!with(&|one| one.sealing.near.pepper_bits = 11));
    assert!(with(&|one| one.provinces[1].regencies[0].stations = MAX_STATIONS - 30));
    assert!(!with(&|one| one.provinces[1].regencies[0].stations = MAX_STATIONS - 29));
    assert!(!with(&|one| one.provinces[1].regencies[0].stations = u32::MAX));
    assert!(with(&|one| one.provinces[1].code = 99) && !with(&|one| one.provinces[1].code = 100));
    assert!(!with(&|one| one.provinces[1].code = 39) && !with(&|one| one.provinces.reverse()));
    assert!(with(&|one| one.provinces[0].regencies[1].code = 99) && !with(&|one| one.provinces[0].regencies[1].code = 100));
    assert!(!with(&|one| one.provinces[0].regencies[1].code = 1));
}

#[test]
fn a_manifest_and_its_parts_lead_to_regencies_and_count_their_stations() {
    let one = manifest();
    let code = |text: &str| Code::parse(text).unwrap();
    assert_eq!(one.station_count(), 60);
    let [west, east] = &ProvincePart::all(&one)[..] else { panic!("two provinces") };
    for part in [west, east] {
        assert_eq!((part.station_count(), &part.stations[..]), (60, &[30, 30][..]));
        assert_eq!((&part.election, part.sealing, part.elsewhere), (&one.election, one.sealing, one.elsewhere));
        for regency in ["3901", "3971", "3972", "5901", "5902", "5971"].map(code) {
            let expected = one.regency(regency).filter(|_| part.province.code == regency.province());
            assert_eq!(part.regency(regency), expected, "{regency}");
            let directory = expected.map_or(file("e"), |regency| regency.directory);
            assert_eq!(part.directory_for(regency), Some(&directory), "{regency}");
        }
    }
    assert_eq!(west.directory_for(code("3971")), Some(&file("d")));
    assert_eq!(west.directory_for(code("3972")), Some(&file("e")));
    assert_eq!(one.sealing.bits(Recipe::Full), KeyBits::usual(Recipe::Full));
    assert_eq!(one.sealing.bits(Recipe::Near), KeyBits::usual(Recipe::Near));
    for (province, zone, hours) in
        [(11, "WIB", 7), (36, "WIB", 7), (51, "WITA", 8), (61, "WIB", 7), (63, "WITA", 8), (65, "WITA", 8)]
    {
        let of = TimeZone::of_province(province);
        assert_eq!((of.to_string().as_str(), of.hours()), (zone, hours), "{province}");
        assert_eq!(one.election.time_in(of).offset, i16::from(hours) * 60);
    }
    for (province, zone) in
        [(71, "WITA"), (79, "WITA"), (81, "WIT"), (89, "WIT"), (91, "WIT"), (99, "WIT"), (62, "WIB"), (90, "WIB")]
    {
        assert_eq!(TimeZone::of_province(province).to_string(), zone, "{province}");
    }
    let time = one.election.time_in(TimeZone::Wit);
    assert_eq!((time.day, time.opens, time.closes, time.zone.as_str()), (21_594, 420, 780, "WIT"));
}
