//! What is fuzzed: each module runs one input, and panics where a law does not hold.

pub mod csv;
pub mod directory;
pub mod election_toml;
pub mod head;
pub mod lookup;
pub mod manifest;
pub mod mirrors;
pub mod name;
pub mod names;
pub mod province;
pub mod question;
pub mod ribbon_decode;
pub mod station_list;
pub mod table;
pub mod trust;
pub mod url;
pub mod witness;
pub mod xlsx;

/// A target: its name, and what runs one input.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: [Target; 18] = [
    ("csv", csv::run),
    ("directory", directory::run),
    ("election_toml", election_toml::run),
    ("head", head::run),
    ("lookup", lookup::run),
    ("manifest", manifest::run),
    ("mirrors", mirrors::run),
    ("name", name::run),
    ("names", names::run),
    ("province", province::run),
    ("question", question::run),
    ("ribbon_decode", ribbon_decode::run),
    ("station_list", station_list::run),
    ("table", table::run),
    ("trust", trust::run),
    ("url", url::run),
    ("witness", witness::run),
    ("xlsx", xlsx::run),
];
