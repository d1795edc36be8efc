//! Bilik: find your polling station in your own browser. (map to come)

pub mod date;
pub mod file;
pub mod head;
pub mod key;
pub mod manifest;
pub mod name;
pub mod nik;
pub mod region;
pub mod ribbon;
pub mod station;
pub mod table;

#[cfg(not(target_arch = "wasm32"))]
pub mod publish;
