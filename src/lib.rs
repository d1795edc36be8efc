//! Bilik: find your polling station in your own browser. (map to come)

pub mod date;
pub mod file;
pub mod head;
pub mod key;
pub mod lookup;
pub mod manifest;
pub mod mirrors;
pub mod name;
pub mod nik;
pub mod region;
pub mod ribbon;
pub mod station;
pub mod table;

#[cfg(not(target_arch = "wasm32"))]
pub mod publish;

#[cfg(target_arch = "wasm32")]
pub mod browser;
