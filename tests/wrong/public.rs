//! Manifests, directories, station lists and names that can be decoded, or nearly, and break a rule.

use crate::cases::{Cases, deflated};
use crate::golden::Role;
use crate::schema::{Payload, text, varint, zigzag};
use bilik::format::FormatError;

const PADDED: FormatError = FormatError::Invalid("a number in more bytes than it needs");
/// One more than an election may have stations.
const TOO_MANY: u64 = (1 << 21) - 7;

/// All of them.
pub fn add(cases: &mut Cases<'_>) {
    encodings(cases);
    manifests(cases);
    parts(cases);
    directories(cases);
    stations(cases);
    names(cases);
}

/// An option of a text.
fn optional(value: Option<&str>) -> Vec<u8> {
    value.map_or_else(|| vec![0], |value| [vec![1], text(value)].concat())
}

/// What no encoder writes.
fn encodings(cases: &mut Cases<'_>) {
    let mut case = |role, name: &str, change: &dyn Fn(&mut Payload), error, what: &str| {
        cases.changed(role, name, |payload| change(payload), error, what);
    };
    let (decode, manifest) = (FormatError::Decode, Role::Manifest);
    case(manifest, "bool", &|p| p.set("demo", [2]), decode.clone(), "a bool of 2");
    case(manifest, "option", &|p| p.set("help_phone", [2]), decode.clone(), "an option of 2");
    case(manifest, "enum", &|p| p.set("provinces.0.zone", [3]), decode.clone(), "a time zone that there is not");
    case(manifest, "not-utf8", &|p| p.set("name", b"\x02\xc3\x28"), decode.clone(), "a text that is not UTF-8");
    case(manifest, "marker", &|p| p.set("day", [255]), decode.clone(), "a number that begins with 255");
    case(manifest, "too-wide", &|p| p.set("memory", [253, 8, 0, 0, 0, 0, 0, 0, 0]), decode.clone(), "64 bits for 32");
    case(manifest, "padded-u16", &|p| p.pad("memory", 251), PADDED, "a small number in 3 bytes");
    case(manifest, "padded-u32", &|p| p.pad("memory", 252), PADDED, "a small number in 5 bytes");
    case(manifest, "padded-count", &|p| p.pad("provinces", 253), PADDED, "a small count in 9 bytes");
    let stations = Role::Stations;
    case(stations, "padded-station", &|p| p.pad("stations.0.station.number", 251), PADDED, "a small number in 3 bytes");
    case(Role::TableByNear, "padded-slots", &|p| p.pad("narrow.slots", 252), PADDED, "a small length in 5 bytes");
    // Lengths that nothing stands behind.
    for (name, count) in [("count-more", 3), ("count-2-32", 1 << 32), ("count-2-63", 1 << 63)] {
        case(manifest, name, &|p| p.set_number("provinces", count), decode.clone(), &format!("{count} provinces"));
    }
    for (name, length) in [("text-2-20", 1 << 20), ("text-2-62", 1 << 62)] {
        let change = |p: &mut Payload| p.set("name", [varint(length), b"Pemilu".to_vec()].concat());
        case(manifest, name, &change, decode.clone(), &format!("a text of {length} bytes"));
    }
    let villages = |p: &mut Payload| p.set_number("districts.0.villages", 400_000);
    case(Role::Directory, "villages-400000", &villages, decode.clone(), "400,000 villages within the limit of what is decoded");
    let listed = |p: &mut Payload| p.set_number("stations", TOO_MANY);
    case(stations, "count-too-many", &listed, decode, "more stations than an election may have, and none behind them");
    // Two million stations that are no more take two million bytes, and some hundred times as many once they are decoded.
    let mut absent = cases.golden.payload(stations);
    absent.set_number("stations", 2_000_000);
    let bytes = [absent.before("stations.0.station"), vec![0; 2_000_000]].concat();
    let bytes = deflated(stations.kind(), &bytes);
    cases.vouched(stations, "decoded-bomb", bytes, None, FormatError::Decode, "2,000,000 absent stations in 2 kB");
}

fn manifests(cases: &mut Cases<'_>) {
    let role = Role::Manifest;
    let id = || FormatError::Invalid("invalid id or polling day of the election");
    for (name, value) in [("id-empty", ""), ("id-capitals", "Vektor-2029"), ("id-long", "abcdefghijklmnopqrstuvwxyz0123456")] {
        cases.changed(role, name, |p| p.set("id", text(value)), id(), &format!("the id `{value}`"));
    }
    cases.number(role, "day", u32::MAX.into(), id(), "a polling day that no calendar has");
    let hours = || FormatError::Invalid("opening hours out of range");
    cases.changed(role, "hours-swapped", |p| p.swap("opens", "closes"), hours(), "stations close before they open");
    cases.number(role, "closes", 1_441, hours(), "stations close after midnight");
    let cost = || FormatError::Invalid("cost of derivation, pepper bits or check bits out of range");
    for (field, values) in [("memory", [7, 65_537]), ("passes", [0, 11]), ("full_check", [15, 41]), ("near_check", [15, 41])] {
        for value in values {
            cases.number(role, field, value, cost(), &format!("`{field}` is {value}"));
        }
    }
    cases.number(role, "memory", u32::MAX.into(), cost(), "4 TiB of memory for a derivation");
    cases.number(role, "full_pepper", 11, cost(), "2,048 derivations by `full`");
    cases.number(role, "near_pepper", 200, cost(), "more derivations by `near` than atoms");
    let stations = "provinces.0.regencies.0.stations";
    cases.number(role, stations, TOO_MANY, FormatError::Invalid("too many stations"), "more stations than an election may have");
    cases.number(
        role,
        stations,
        u32::MAX.into(),
        FormatError::Invalid("too many stations"),
        "a number of stations that overflows",
    );
    let order = || FormatError::Invalid("codes of provinces or regencies out of order or out of range");
    let (first, second) = ("provinces.0.code", "provinces.1.code");
    cases.changed(role, "provinces-unsorted", |p| p.swap(first, second), order(), "provinces out of order");
    cases.changed(role, "provinces-twice", |p| p.set(second, [39]), order(), "one province twice");
    cases.number(role, second, 100, order(), "a province of three digits");
    let (first, second) = ("provinces.0.regencies.0.code", "provinces.0.regencies.1.code");
    cases.changed(role, "regencies-unsorted", |p| p.swap(first, second), order(), "regencies out of order");
    cases.changed(role, "regencies-twice", |p| p.set(second, [1]), order(), "one regency twice");
    cases.number(role, second, 100, order(), "a regency of three digits");
    let other = |p: &mut Payload| p.set("id", text("lain-2029"));
    cases.changed(role, "other-election", other, FormatError::Election, "another election than the head's");
    cases.by_lookup();
}

fn parts(cases: &mut Cases<'_>) {
    let role = Role::Part;
    let id = FormatError::Invalid("invalid id or polling day of the election");
    cases.changed(role, "id-capitals", |p| p.set("id", text("Vektor-2029")), id, "the id `Vektor-2029`");
    let hours = FormatError::Invalid("opening hours out of range");
    cases.changed(role, "hours-swapped", |p| p.swap("opens", "closes"), hours, "stations close before they open");
    let cost = FormatError::Invalid("cost of derivation, pepper bits or check bits out of range");
    cases.number(role, "passes", 0, cost, "`passes` is 0");
    let many = || FormatError::Invalid("too many stations");
    cases.number(role, "stations.0.count", TOO_MANY, many(), "more stations than an election may have");
    cases.number(role, "stations.0.count", u32::MAX.into(), many(), "a number of stations that overflows");
    let order = || FormatError::Invalid("codes of provinces or regencies out of order or out of range");
    cases.number(role, "code", 100, order(), "a province of three digits");
    let (first, second) = ("regencies.0.code", "regencies.1.code");
    cases.changed(role, "regencies-unsorted", |p| p.swap(first, second), order(), "regencies out of order");
    cases.changed(role, "regencies-twice", |p| p.set(second, [1]), order(), "one regency twice");
    let list = |p: &mut Payload| p.set_number("stations", 1 << 32);
    cases.changed(role, "count-2-32", list, FormatError::Decode, "4294967296 provinces with stations");
    // What the head says otherwise.
    let other = |p: &mut Payload| p.set("id", text("lain-2029"));
    cases.changed(role, "other-election", other, FormatError::Election, "another election than the head's");
    cases.by_lookup();
    let said = || FormatError::Invalid("it differs from what the head says of it");
    cases.number(role, "code", 40, said(), "the part of another province than the head names it for");
    cases.by_lookup();
    let more = |p: &mut Payload| {
        let count = p.number("stations");
        p.set_number("stations", count + 1);
        p.add(&format!("stations.{}.count", count - 1), [0]);
    };
    cases.changed(role, "stations-more", more, said(), "a province more than the head names");
    cases.by_lookup();
    cases.number(role, "regencies.0.stations", 77, said(), "another sum of stations than it says itself");
    cases.by_lookup();
}

fn directories(cases: &mut Cases<'_>) {
    let role = Role::Directory;
    let regency = || FormatError::Invalid("the regency's code is out of range");
    cases.number(role, "regency", 10_000, regency(), "a regency of five digits");
    cases.number(role, "regency", 0, regency(), "districts of no regency");
    let contact = || FormatError::Invalid("a contact without a telephone number or an address of the web");
    for (name, phone, url, what) in [
        ("contact-empty", None, None, "a contact with neither a number nor a page"),
        ("contact-javascript", None, Some("javascript:alert(1)"), "a page that is a script"),
        ("contact-one-is-wrong", Some("021 0000 0000"), Some("data:,"), "a number, and a page that is not on the web"),
    ] {
        let bytes = [vec![1], optional(phone), optional(url)].concat();
        cases.changed(role, name, |p| p.set("contact", bytes), contact(), what);
    }
    cases.changed(role, "contact-option", |p| p.set("contact", [2]), FormatError::Decode, "an option of 2");
    let codes = || FormatError::Invalid("codes of districts or villages out of order or out of range");
    let (first, second) = ("districts.0.code", "districts.1.code");
    cases.changed(role, "districts-unsorted", |p| p.swap(first, second), codes(), "districts out of order");
    cases.changed(role, "districts-twice", |p| p.set(second, [1]), codes(), "one district twice");
    cases.number(role, second, 100, codes(), "a district of three digits");
    let (first, second) = ("districts.0.villages.0.code", "districts.0.villages.1.code");
    cases.changed(role, "villages-unsorted", |p| p.swap(first, second), codes(), "villages out of order");
    cases.number(role, second, 10_000, codes(), "a village of five digits");
    let prefixes = || FormatError::Invalid("prefixes out of order");
    let (first, second) = ("routes.0.prefix", "routes.1.prefix");
    cases.changed(role, "routes-unsorted", |p| p.swap(first, second), prefixes(), "prefixes out of order");
    let twice = |p: &mut Payload| p.set_number(second, 390_101);
    cases.changed(role, "routes-twice", twice, prefixes(), "one prefix twice");
    let missing = || FormatError::Invalid("a prefix leads to a missing table");
    cases.number(role, second, 1_000_000, missing(), "a prefix of seven digits");
    cases.number(role, "routes.0.table", 2, missing(), "a table after the last");
    let split = || FormatError::Invalid("a table is split into a number of files that is not allowed");
    let file =
        |p: &Payload, of: &str| ["digest", "stored", "inflated"].map(|field| p.get(&format!("{of}.0.{field}")).to_vec()).concat();
    for (name, recipe, count, what) in [
        ("near-of-3", "tables.0.near", 3_u8, "a table in three files"),
        ("near-of-32", "tables.0.near", 32, "a table in 32 files"),
        ("full-of-2", "tables.0.full", 2, "more files by `full` than by `near`"),
    ] {
        let change = |p: &mut Payload| {
            let copies = file(p, recipe).repeat(usize::from(count - 1));
            p.set(recipe, [count]);
            p.add(&format!("{recipe}.0.inflated"), copies);
        };
        cases.changed(role, name, change, split(), what);
    }
    let none = |p: &mut Payload| {
        p.set("tables.0.near", [0]);
        for field in ["digest", "stored", "inflated"] {
            p.set(&format!("tables.0.near.0.{field}"), []);
        }
    };
    cases.changed(role, "near-of-0", none, split(), "no table by `near`");
    let homes = || FormatError::Invalid("home districts of a table out of range");
    cases.number(role, "tables.0.homes.0.district", 1_000_000, homes(), "a home district of seven digits");
    cases.number(role, "tables.0.homes.0.stations", TOO_MANY, homes(), "more home stations than an election may have");
}

fn stations(cases: &mut Cases<'_>) {
    let role = Role::Stations;
    let station = |field: &str| format!("stations.0.station.{field}");
    let district = FormatError::Invalid("district code out of range, or too many stations");
    cases.number(role, "district", 1_000_000, district, "a district of seven digits");
    let place = || FormatError::Invalid("village code or coordinates of a station out of range");
    cases.number(role, &station("village"), 10_000, place(), "a village of five digits");
    for (name, field, units) in [("north", "lat", 9_000_001), ("south", "lat", -9_000_001), ("east", "lon", 18_000_001)] {
        let change = |p: &mut Payload| p.set(&station(&format!("place.{field}")), zigzag(units));
        cases.changed(role, &format!("too-far-{name}"), change, place(), "coordinates beyond the globe");
    }
    let lowest = |p: &mut Payload| p.set(&station("place.lat"), zigzag(i32::MIN.into()));
    cases.changed(role, "too-far-min", lowest, place(), "the lowest number for a latitude");
    let time = |day: u64, opens: u64, closes: u64, offset: i64, zone: &str| {
        [vec![1], varint(day), varint(opens), varint(closes), zigzag(offset), text(zone)].concat()
    };
    for (name, bytes, what) in [
        ("closes-first", time(21_594, 780, 420, 420, "WIB"), "it closes before it opens"),
        ("closes-late", time(21_594, 420, 1_441, 420, "WIB"), "it closes after midnight"),
        ("offset", time(21_594, 420, 780, 901, "WIB"), "its clocks are 15 hours and a minute ahead"),
        ("day", time(u32::MAX.into(), 420, 780, 420, "WIB"), "a polling day that no calendar has"),
        ("zone-empty", time(21_594, 420, 780, 420, ""), "no name of its time zone"),
        ("zone-long", time(21_594, 420, 780, 420, "ABCDEFGHIJKLMNOPQ"), "a time zone's name of 17 letters"),
    ] {
        let error = FormatError::Invalid("polling time of a station out of range");
        cases.changed(role, &format!("time-{name}"), |p| p.set(&station("time"), bytes), error, what);
    }
    for (name, url) in [("http", "http://contoh.example/"), ("javascript", "javascript:alert(1)")] {
        let error = FormatError::Invalid("a link of a notice is not an https:// address");
        let change = |p: &mut Payload| p.set(&station("notice_url"), [vec![1], text(url)].concat());
        cases.changed(role, &format!("notice-{name}"), change, error, &format!("a notice's link to {url}"));
    }
    cases.number(role, &station("kind"), 4, FormatError::Decode, "a kind of station that there is not");
    let access = || FormatError::Invalid("details of a station's access out of order");
    for (name, details, what) in [("unsorted", [1, 0], "details out of order"), ("twice", [2, 2], "one detail twice")] {
        let change = |p: &mut Payload| p.set(&station("access"), [&[2][..], &details].concat());
        cases.changed(role, &format!("access-{name}"), change, access(), what);
    }
    let decode = || FormatError::Decode;
    cases.changed(role, "access-unknown", |p| p.set(&station("access"), [1, 4]), decode(), "a detail that there is not");
    let more = |p: &mut Payload| p.set(&station("access"), varint(1 << 32));
    cases.changed(role, "access-2-32", more, decode(), "4,294,967,296 details, and none behind them");
    let broken = |p: &mut Payload| p.set(&station("landmark"), b"\x01\x02\xc3\x28");
    cases.changed(role, "landmark-not-utf8", broken, decode(), "a landmark that is not UTF-8");
    let long = |p: &mut Payload| p.set(&station("landmark"), [vec![1], varint(1 << 62)].concat());
    cases.changed(role, "landmark-2-62", long, decode(), "a landmark of 2^62 bytes");
    cases.changed(role, "landmark-option", |p| p.set(&station("landmark"), [2]), decode(), "an option of 2");
    cases.changed(role, "accessible", |p| p.set(&station("accessible"), [1, 2]), FormatError::Decode, "a bool of 2");
}

fn names(cases: &mut Cases<'_>) {
    let role = Role::Names;
    let codes = || FormatError::Invalid("codes of regencies, districts or villages out of order or out of range");
    cases.number(role, "province", 100, codes(), "a province of three digits");
    let (districts, villages) = ("regencies.0.districts", "regencies.0.districts.0.villages");
    for (name, list) in [("regencies", "regencies"), ("districts", districts), ("villages", villages)] {
        let (first, second) = (format!("{list}.0.code"), format!("{list}.1.code"));
        cases.changed(role, &format!("{name}-unsorted"), |p| p.swap(&first, &second), codes(), &format!("{name} out of order"));
        let highest = if name == "villages" { 10_000 } else { 100 };
        cases.number(role, &second, highest, codes(), &format!("a code of {name} out of range"));
    }
}
