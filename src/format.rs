//! The files of a site, byte for byte: public documents, the container around each file, and the signed head.
//!
//! A reader starts with the [`Head`], the only file without a parent. Each other file is named by its digest in a parent, so
//! that verifying the head's signatures verifies everything:
//!
//! ```text
//! head ─┬→ province ─┬→ directory ─┬→ table          sealed: Table
//!       │            │             └→ station list   public
//!       │            └→ names                        public, for browsing
//!       └→ manifest    all provinces: for browsing the country, and for those who check or change a site
//! ```
//!
//! | module | file or part |
//! |---|---|
//! | `container` | magic, kind, version and codec around every file except the head; digests |
//! | `head` | `head.bilik`: small, signed, the only file that ever changes |
//! | `trust` | public keys, and how many of them must have signed |
//! | `manifest` | `m/`: the root of one build |
//! | `province` | `p/`: what of it the voters of one province need |
//! | `directory` | `d/`: the districts of one regency, and which tables a NIK's first six digits lead to |
//! | `names` | `n/`: the names of one province, for browsing |
//! | `station_list` | `s/`: the stations of one district |
//! | `witness` | `w/`: somebody outside saw this head, at this time |
//! | `code` | official codes of regions |
//!
//! [`write()`] and [`read()`] are the two ends of every file except the head's [`Head::to_bytes`] and [`Head::read`].

pub(crate) mod code;
pub(crate) mod container;
pub(crate) mod directory;
pub(crate) mod head;
pub(crate) mod manifest;
pub(crate) mod names;
pub(crate) mod province;
pub(crate) mod station_list;
pub(crate) mod trust;
pub(crate) mod witness;

pub use code::{Code, Level};
pub use container::{
    Digest, Document, Encode, FieldReader, FileRef, FormatError, Kind, Readable, SignatureError, kind_of, read, read_unverified,
    verify, write,
};
pub use directory::{Contact, Directory, District, Home, MAX_SPLIT_BITS, Route, Tables, Village, split_part};
pub use head::{HEAD_PATH, Head, MAX_HEAD_LEN, MAX_SIGNATURES, ProvinceRef};
pub use manifest::{Election, MAX_ID_LEN, Manifest, Province, Regency, Sealing, TimeZone};
pub use names::{DistrictNames, Names, RegencyNames};
pub use province::ProvincePart;
pub use station_list::{AccessDetail, MAX_STATIONS, Place, PollingTime, Station, StationKind, StationList};
pub use trust::{PublicKey, Trust, TrustError};
pub use witness::{STATEMENT_LEN, SeenByWitness, StatementError, WitnessStatement};
