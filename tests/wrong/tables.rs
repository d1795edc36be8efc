//! Tables whose widths, counts and parameters are wrong.

use crate::cases::{Cases, deflated};
use crate::golden::Role;
use crate::schema::{Payload, varint};
use bilik::format::FormatError;

const ROLE: Role = Role::TableByNear;

/// All of them.
pub fn add(cases: &mut Cases<'_>) {
    parameters(cases);
    ribbons(cases);
    against_parents(cases);
    large(cases);
}

fn parameters(cases: &mut Cases<'_>) {
    let bits = || FormatError::Invalid("a table whose check bits are out of range");
    cases.number(ROLE, "check_bits", 15, bits(), "15 check bits");
    cases.number(ROLE, "check_bits", 41, bits(), "41 check bits");
    let stations = || FormatError::Invalid("a table with an impossible number of stations");
    cases.number(ROLE, "all", (1 << 21) - 7, stations(), "more stations than an election may have");
    cases.number(ROLE, "all", 0, stations(), "more home stations than stations");
    cases.number(ROLE, "home", u32::MAX.into(), stations(), "a number of home stations that overflows");
    let radix = || FormatError::Invalid("a table whose radix is out of range");
    cases.number(ROLE, "radix", 0, radix(), "a division by zero");
    cases.number(ROLE, "radix", u32::MAX.into(), radix(), "a radix for which the narrow values have no room");
    cases.number(ROLE, "recipe", 2, FormatError::Decode, "a recipe that there is not");
}

/// The numbers of slots of all layers of a ribbon.
fn slots(payload: &Payload, ribbon: &str) -> u64 {
    (0..payload.number(&format!("{ribbon}.layers"))).map(|at| payload.number(&format!("{ribbon}.layers.{at}.slots"))).sum()
}

/// Gives a ribbon slots of another width, all zero and of the right length.
fn widen(payload: &mut Payload, ribbon: &str, width: u8) {
    let length = (slots(payload, ribbon) * u64::from(width)).div_ceil(8);
    payload.set(&format!("{ribbon}.width"), [width]);
    payload.set_number(&format!("{ribbon}.slots"), length);
    payload.set(&format!("{ribbon}.slots.bytes"), vec![0; usize::try_from(length).unwrap()]);
}

fn ribbons(cases: &mut Cases<'_>) {
    let width = || FormatError::Invalid("a table whose slots are not as wide as its stations demand");
    for ribbon in ["narrow", "wide", "several"] {
        let own = cases.golden.payload(ROLE).get(&format!("{ribbon}.width"))[0];
        for (name, other) in [("narrower", own - 1), ("wider", own + 1)] {
            let what = format!("slots of the {ribbon} ribbon that are {name} by a bit");
            cases.changed(ROLE, &format!("{ribbon}-{name}"), |p| widen(p, ribbon, other), width(), &what);
        }
    }
    let decode = || FormatError::Decode;
    cases.number(ROLE, "narrow.width", 0, decode(), "slots of no bits");
    cases.number(ROLE, "narrow.width", 64, decode(), "slots of 64 bits");
    for (name, layers, what) in [
        ("layers-0", vec![], "no layers"),
        ("layers-7", vec![64, 64, 64, 64, 64, 64, 8], "seven layers"),
        ("layer-large", vec![(1 << 24) + 1, 8], "a layer of 2^24 + 1 slots"),
        ("layer-small", vec![63, 8], "a layer that is shorter than the band"),
        ("dense-large", vec![257], "a dense layer of 257 slots"),
    ] {
        let change = |p: &mut Payload| {
            let own = p.number("narrow.layers");
            (0..own).for_each(|at| p.set(&format!("narrow.layers.{at}.slots"), []));
            let sizes: Vec<u8> = layers.iter().flat_map(|&slots| varint(slots)).collect();
            p.set("narrow.layers", [varint(layers.len() as u64), sizes].concat());
        };
        cases.changed(ROLE, name, change, decode(), what);
    }
    for (name, count, what) in [
        ("layers-2-40", 1_u64 << 40, "2^40 layers"),
        ("slots-2-60", 1 << 60, "2^60 bytes of slots"),
        ("slots-16-mib", (16 << 20) + 1, "16 MiB of slots, and none behind them"),
    ] {
        let field = if name.starts_with("layers") { "narrow.layers" } else { "narrow.slots" };
        cases.changed(ROLE, name, |p| p.set_number(field, count), decode(), what);
    }
    let own = cases.golden.payload(ROLE);
    let used = slots(&own, "narrow") * u64::from(own.get("narrow.width")[0]);
    assert!(!used.is_multiple_of(8), "no bit is unused in the golden table: change its voters");
    let padding = |p: &mut Payload| {
        let mut bytes = p.get("narrow.slots.bytes").to_vec();
        *bytes.last_mut().unwrap() |= 0x80;
        p.set("narrow.slots.bytes", bytes);
    };
    cases.changed(ROLE, "padding", padding, decode(), "a bit is set after the last slot");
    // As many as the layers demand, and none behind them: 25 MB.
    let promised = |p: &mut Payload| {
        p.set("narrow.layers", [varint(2), varint(3_000_000), varint(8)].concat());
        (0..8).for_each(|at| p.clear(&format!("narrow.layers.{at}.slots")));
        p.set("narrow.width", [63]);
        p.set_number("narrow.slots", (3_000_008_u64 * 63).div_ceil(8));
    };
    cases.changed(ROLE, "slots-promised", promised, decode(), "25 MB of slots that the layers demand, and none behind them");
    let common = |p: &mut Payload| p.set_number("common", 4_000_000);
    cases.changed(ROLE, "common-4000000", common, decode(), "4,000,000 common tokens within the limit of what is decoded");
}

/// What the table alone does not show.
fn against_parents(cases: &mut Cases<'_>) {
    let differs = || FormatError::Invalid("it differs from what the manifest and the directory say of it");
    cases.number(ROLE, "recipe", 0, differs(), "by the other recipe");
    cases.by_lookup();
    let all = cases.golden.payload(ROLE).number("all");
    cases.number(ROLE, "all", all - 1, differs(), "a station less than the manifest has");
    cases.by_lookup();
    let full = cases.golden.bytes(Role::TableByFull).to_vec();
    cases.vouched(ROLE, "full-in-its-place", full, None, differs(), "the table by `full` in its place");
    cases.by_lookup();
}

/// As large as a table may be once it is inflated and decoded, and wrong in the end.
fn large(cases: &mut Cases<'_>) {
    let mut payload = cases.golden.payload(ROLE);
    payload.set("narrow.layers", [varint(2), varint(2_097_152), varint(0)].concat());
    (0..8).for_each(|at| payload.clear(&format!("narrow.layers.{at}.slots")));
    widen_to(&mut payload, 2_097_152, 63);
    let bytes = deflated(ROLE.kind(), &payload.bytes());
    let error = FormatError::Invalid("a table whose slots are not as wide as its stations demand");
    cases.vouched(ROLE, "large", bytes, None, error, "16 MiB of slots of a wrong width");
}

fn widen_to(payload: &mut Payload, slots: u64, width: u8) {
    let length = (slots * u64::from(width)).div_ceil(8);
    payload.set("narrow.width", [width]);
    payload.set_number("narrow.slots", length);
    payload.set("narrow.slots.bytes", vec![0; usize::try_from(length).unwrap()]);
}
