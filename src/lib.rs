//! Bilik: find your polling station in your own browser. Sealed, static files are fetched from any host and searched on the
//! voter's device, so that what a voter types is never sent anywhere.
//!
//! This crate is the core, and compiled for wasm32 also the module for the browser. In short, from details to a station:
//!
//! ```
//! use bilik::{Cost, Deriver, Details, Digits, KeyBits, Recipe, StationRef, Table, TableHeader, TableValue, fold_name, table_salt};
//!
//! // Parse what a voter types: the first 12 digits of the NIK are kept, and the name is folded to one spelling.
//! let digits = Digits::typed("3201 0141 0190 0001")?;
//! let name = fold_name("Hj. Contoh Saja, S.H.")?;
//! let details = Details::full(&digits, name.whole());
//!
//! // Seal, as the operator does: derive a key from the details, and store a station of the table's home districts under it,
//! // by its position from 0.
//! let header = TableHeader {
//!     recipe: Recipe::Full,
//!     check_bits: KeyBits::usual(Recipe::Full).check_bits,
//!     label: "320101".into(),
//!     nonce: [7; 16], // random in a real build, and never reused
//!     common: vec![], // tokens that too many voters of the table share
//!     home_stations: 3,
//!     all_stations: 3,
//! };
//! let salt = table_salt("example-2029", &header.label, header.recipe, &header.nonce);
//! let key = Deriver::new(Cost::MIN)?.derive(&salt, &details, 0);
//! let station = TableValue::One(StationRef::Home(2));
//! let mut random_words = || 0x9e37_79b9_7f4a_7c15; // random in a real build
//! let table = Table::seal(&header, &[(key, station.clone())], &mut random_words).unwrap();
//!
//! // Open, as the voter's browser does. Other details give another key, which opens nothing.
//! let mut deriver = Deriver::new(Cost::MIN)?;
//! let salt = table.salt("example-2029");
//! assert_eq!(table.open(&deriver.derive(&salt, &details, 0)), Some(station));
//! let other = Details::full(&digits, fold_name("Contoh Lain")?.whole());
//! assert_eq!(table.open(&deriver.derive(&salt, &other, 0)), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where the data goes
//!
//! ```text
//! operator  voters.csv ─→ Digits, FoldedName ─→ Details ─→ Key ─→ Table ─→ format::write ─→ site     crates/bilik-publish
//!                                                                                           │
//! voter     typed NIK, name ─→ Digits, FoldedName ─→ Details ─→ Key ┐                   files, verified
//!                                                                   ├→ Table::open ←────────┘
//!                                                                   └→ station ─→ lookup::Outcome
//! ```
//!
//! A typed NIK goes into a [`lookup::Question`]. [`Digits::typed`] drops whatever follows the twelfth digit. The first two digits
//! choose the part of the manifest for a province ([`format::Head::part_for`]), the first four the directory of a regency
//! ([`format::ProvincePart::directory_for`]), and the first six the tables in it ([`format::Directory::tables_of`]). The 12
//! digits and the folded name become [`Details`], and these a [`Key`], which opens the table or does not. Only requests for files
//! leave the device. Which files they name depends on the first six digits, on at most four bits of a hash of the 12 digits where
//! a table is split ([`format::split_part`]), on whether the table by [`Recipe::Near`] is needed, and on the district of a
//! station outside the table's *home* districts, those that its voters' NIKs name.
//!
//! A row of voters.csv becomes a [`Key`] in the same way, by [`Recipe::Near`] and, where the name is long enough, by
//! [`Recipe::Full`], and is then discarded. A table stores neither details nor keys, only what makes [`Table::open`] return the
//! right station for the right key.
//!
//! # Modules
//!
//! | module | what it is for |
//! |---|---|
//! | `nik` | [`Digits`]: the 12 digits of a NIK that are used |
//! | `name` | [`fold_name`]: a name in the one spelling that goes into keys |
//! | `key` | [`Details`], [`Deriver`], [`Key`]: Argon2id with salt and pepper |
//! | `key_search` | [`KeySearch`], [`SearchDeriver`]: all keys of one search, for one worker or several |
//! | `table` | [`Table`]: sealed; a key in, a reference to a station out |
//! | [`format`](mod@format) | the files of a site, byte for byte; verification against the operator's public keys |
//! | [`lookup`] | asking a site: a question in, an outcome out |
//! | [`mirrors`] | which mirror to ask next |
//! | `date` | [`Day`]: calendar days and UTC timestamps |
//! | `wasm` | wasm32 only: fetch, cache, and the exported class `Bilik` |
//!
//! All modules except `wasm` are pure: no file, no network, no clock, no global state. `docs/format.md` describes every byte
//! of every file. The retrieval structure within a table is the crate `layered-ribbon`.

mod date;
pub mod format;
mod key;
mod key_search;
pub mod lookup;
pub mod mirrors;
mod name;
mod nik;
mod table;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use date::{DAY_SECONDS, Day, iso_utc};
pub use key::{
    Cost, CostError, Deriver, Details, Key, KeyBits, MAX_CHECK_BITS, MAX_PEPPER_BITS, MIN_CHECK_BITS, Recipe, table_salt,
};
pub use key_search::{KeySearch, SearchDeriver};
pub use name::{CommonTokens, FoldedName, MAX_NAME_CHARS, NameError, fold as fold_name};
pub use nik::{Digits, DigitsError, Sex, Warning};
pub use table::{MAX_STATIONS_PER_KEY, SealError, StationRef, Table, TableHeader, TableValue};
#[cfg(target_arch = "wasm32")]
pub use wasm::{Bilik, KeyDeriver};
