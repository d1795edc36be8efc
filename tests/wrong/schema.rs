//! The payloads as docs/format.md describes them, field by field: read without the library, so that one field can be changed, or
//! the rest cut off.

use bilik::format::Kind;

/// What a field is.
enum Type {
    /// One byte: `u8`, `bool`.
    Byte,
    /// A varint: numbers above 8 bits, and the variants of an enum.
    Number,
    /// Length and UTF-8.
    Text,
    /// A fixed number of bytes.
    Bytes(usize),
    /// Length and bytes, two fields.
    Blob,
    /// These fields.
    Group(&'static [Named]),
    /// 0, or 1 and these fields.
    Option(&'static [Named]),
    /// Their number, and as often these fields.
    List(&'static [Named]),
}

type Named = (&'static str, Type);

const TEXT: &[Named] = &[("text", Type::Text)];
const FILE: &[Named] = &[("digest", Type::Bytes(16)), ("stored", Type::Number), ("inflated", Type::Number)];
const VILLAGES: &[Named] = &[("code", Type::Number), ("name", Type::Text)];

const REGENCY: &[Named] = &[("code", Type::Byte), ("directory", Type::Group(FILE)), ("stations", Type::Number)];

/// What manifest and parts of it begin with.
const ELECTION: &[Named] = &[
    ("id", Type::Text),
    ("name", Type::Text),
    ("day", Type::Number),
    ("opens", Type::Number),
    ("closes", Type::Number),
    ("demo", Type::Byte),
    ("help_phone", Type::Option(TEXT)),
    ("help_url", Type::Option(TEXT)),
    ("memory", Type::Number),
    ("passes", Type::Number),
    ("full_pepper", Type::Byte),
    ("full_check", Type::Byte),
    ("near_pepper", Type::Byte),
    ("near_check", Type::Byte),
];

const MANIFEST: &[Named] = &[
    (
        "provinces",
        Type::List(&[
            ("code", Type::Byte),
            ("name", Type::Text),
            ("zone", Type::Number),
            ("names", Type::Group(FILE)),
            ("regencies", Type::List(REGENCY)),
        ]),
    ),
    ("elsewhere", Type::Option(FILE)),
];

const PROVINCE: &[Named] = &[
    ("code", Type::Byte),
    ("province_name", Type::Text),
    ("zone", Type::Number),
    ("names", Type::Group(FILE)),
    ("regencies", Type::List(REGENCY)),
    ("stations", Type::List(&[("count", Type::Number)])),
    ("elsewhere", Type::Option(FILE)),
];

const DIRECTORY: &[Named] = &[
    ("regency", Type::Number),
    ("name", Type::Text),
    ("contact", Type::Option(&[("phone", Type::Option(TEXT)), ("url", Type::Option(TEXT))])),
    (
        "districts",
        Type::List(&[
            ("code", Type::Byte),
            ("name", Type::Text),
            ("villages", Type::List(VILLAGES)),
            ("stations", Type::Option(FILE)),
            ("addressable", Type::Number),
        ]),
    ),
    ("routes", Type::List(&[("prefix", Type::Number), ("table", Type::Number)])),
    (
        "tables",
        Type::List(&[
            ("full", Type::List(FILE)),
            ("near", Type::List(FILE)),
            ("homes", Type::List(&[("district", Type::Number), ("stations", Type::Number)])),
        ]),
    ),
];

const STATION: &[Named] = &[
    ("id", Type::Option(TEXT)),
    ("village", Type::Number),
    ("number", Type::Number),
    ("venue", Type::Text),
    ("address", Type::Text),
    ("place", Type::Option(&[("lat", Type::Number), ("lon", Type::Number), ("doubtful", Type::Byte)])),
    ("accessible", Type::Option(&[("value", Type::Byte)])),
    ("notice", Type::Option(TEXT)),
    ("notice_url", Type::Option(TEXT)),
    (
        "time",
        Type::Option(&[
            ("day", Type::Number),
            ("opens", Type::Number),
            ("closes", Type::Number),
            ("offset", Type::Number),
            ("zone", Type::Text),
        ]),
    ),
    ("kind", Type::Number),
    ("landmark", Type::Option(TEXT)),
    ("access", Type::List(&[("detail", Type::Number)])),
];

const STATIONS: &[Named] = &[("district", Type::Number), ("stations", Type::List(&[("station", Type::Option(STATION))]))];

const NAMES: &[Named] = &[
    ("province", Type::Byte),
    (
        "regencies",
        Type::List(&[
            ("code", Type::Byte),
            ("name", Type::Text),
            ("districts", Type::List(&[("code", Type::Byte), ("name", Type::Text), ("villages", Type::List(VILLAGES))])),
        ]),
    ),
];

const RIBBON: &[Named] = &[("width", Type::Byte), ("layers", Type::List(&[("slots", Type::Number)])), ("slots", Type::Blob)];

const TABLE: &[Named] = &[
    ("recipe", Type::Number),
    ("check_bits", Type::Byte),
    ("label", Type::Text),
    ("nonce", Type::Bytes(16)),
    ("common", Type::List(&[("digest", Type::Number)])),
    ("home", Type::Number),
    ("all", Type::Number),
    ("retry", Type::Number),
    ("radix", Type::Number),
    ("narrow", Type::Group(RIBBON)),
    ("wide", Type::Group(RIBBON)),
    ("several", Type::Group(RIBBON)),
];

/// A payload in its fields.
#[derive(Clone)]
pub struct Payload {
    fields: Vec<(String, Vec<u8>)>,
}

impl Payload {
    /// Reads one that is right.
    pub fn read(kind: Kind, payload: &[u8]) -> Self {
        let structures: &[&[Named]] = match kind {
            Kind::Manifest => &[ELECTION, MANIFEST],
            Kind::Province => &[ELECTION, PROVINCE],
            Kind::Directory => &[DIRECTORY],
            Kind::StationList => &[STATIONS],
            Kind::Names => &[NAMES],
            Kind::Table => &[TABLE],
        };
        let mut read = Self { fields: Vec::new() };
        let mut rest = payload;
        for fields in structures {
            read.walk(fields, "", &mut rest);
        }
        assert!(rest.is_empty(), "{} bytes of a {kind} are not in docs/format.md", rest.len());
        read
    }

    fn walk(&mut self, fields: &[Named], within: &str, rest: &mut &[u8]) {
        for (name, kind) in fields {
            let name = format!("{within}{name}");
            let inside = format!("{name}.");
            match kind {
                Type::Byte => self.push(name, &take(rest, 1)),
                Type::Number => self.push(name, &take_number(rest).1),
                Type::Bytes(count) => self.push(name, &take(rest, *count)),
                Type::Text => {
                    let (length, number) = take_number(rest);
                    self.push(name, &[number, take(rest, length)].concat());
                }
                Type::Blob => {
                    let (length, number) = take_number(rest);
                    self.push(name, &number);
                    self.push(format!("{inside}bytes"), &take(rest, length));
                }
                Type::Group(fields) => self.walk(fields, &inside, rest),
                Type::Option(fields) => {
                    let tag = take(rest, 1);
                    self.push(name, &tag);
                    if tag == [1] {
                        self.walk(fields, &inside, rest);
                    }
                }
                Type::List(fields) => {
                    let (count, number) = take_number(rest);
                    self.push(name, &number);
                    (0..count).for_each(|at| self.walk(fields, &format!("{inside}{at}."), rest));
                }
            }
        }
    }

    fn push(&mut self, name: String, bytes: &[u8]) {
        self.fields.push((name, bytes.to_vec()));
    }

    fn at(&self, name: &str) -> usize {
        self.fields.iter().position(|(other, _)| other == name).unwrap_or_else(|| panic!("no field {name}"))
    }

    /// All of it.
    pub fn bytes(&self) -> Vec<u8> {
        self.fields.iter().flat_map(|(_, bytes)| bytes.clone()).collect()
    }

    /// What comes before a field.
    pub fn before(&self, name: &str) -> Vec<u8> {
        self.fields[..self.at(name)].iter().flat_map(|(_, bytes)| bytes.clone()).collect()
    }

    /// The fields that are in no list and no option.
    pub fn sections(&self) -> Vec<String> {
        let is_top = |name: &str| !name.contains('.') || name.ends_with(".width");
        self.fields.iter().map(|(name, _)| name.clone()).filter(|name| is_top(name)).collect()
    }

    /// The name of the last field.
    pub fn last(&self) -> String {
        self.fields[self.fields.len() - 1].0.clone()
    }

    /// The bytes of a field.
    pub fn get(&self, name: &str) -> &[u8] {
        &self.fields[self.at(name)].1
    }

    /// The number in a field.
    pub fn number(&self, name: &str) -> u64 {
        take_number(&mut self.get(name)).0 as u64
    }

    /// Puts other bytes in the place of a field's.
    pub fn set(&mut self, name: &str, bytes: impl AsRef<[u8]>) {
        let at = self.at(name);
        self.fields[at].1 = bytes.as_ref().to_vec();
    }

    /// Removes a field's bytes, where there is such a field.
    pub fn clear(&mut self, name: &str) {
        self.fields.iter_mut().filter(|(other, _)| other == name).for_each(|(_, bytes)| bytes.clear());
    }

    /// Puts another number in the place of a field's.
    pub fn set_number(&mut self, name: &str, number: u64) {
        self.set(name, varint(number));
    }

    /// Adds bytes after a field.
    pub fn add(&mut self, name: &str, bytes: impl AsRef<[u8]>) {
        let at = self.at(name);
        self.fields[at].1.extend_from_slice(bytes.as_ref());
    }

    /// Exchanges the values of two fields.
    pub fn swap(&mut self, one: &str, other: &str) {
        let (first, second) = (self.get(one).to_vec(), self.get(other).to_vec());
        self.set(one, second);
        self.set(other, first);
    }

    /// Puts a field's number into more bytes than it needs.
    pub fn pad(&mut self, name: &str, marker: u8) {
        let length = [2, 4, 8][usize::from(marker - 251)];
        let number = self.number(name).to_le_bytes();
        self.set(name, [&[marker], &number[..length]].concat());
    }
}

fn take(rest: &mut &[u8], count: usize) -> Vec<u8> {
    let (taken, after) = rest.split_at(count);
    *rest = after;
    taken.to_vec()
}

/// A number and its bytes.
fn take_number(rest: &mut &[u8]) -> (usize, Vec<u8>) {
    let mut bytes = take(rest, 1);
    let more = match bytes[0] {
        251 => 2,
        252 => 4,
        253 => 8,
        small => return (small.into(), bytes),
    };
    bytes.extend(take(rest, more));
    let number = bytes[1..].iter().rev().fold(0, |number, &byte| (number << 8) | usize::from(byte));
    (number, bytes)
}

/// A number in its shortest form.
pub fn varint(number: u64) -> Vec<u8> {
    let all = number.to_le_bytes();
    match number {
        0..=250 => vec![all[0]],
        251..=0xffff => [&[251], &all[..2]].concat(),
        0x1_0000..=0xffff_ffff => [&[252], &all[..4]].concat(),
        _ => [&[253], &all[..]].concat(),
    }
}

/// A signed number in its shortest form.
pub fn zigzag(number: i64) -> Vec<u8> {
    varint(((number << 1) ^ (number >> 63)) as u64)
}

/// A text with its length.
pub fn text(text: &str) -> Vec<u8> {
    [varint(text.len() as u64), text.into()].concat()
}
