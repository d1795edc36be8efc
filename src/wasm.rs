//! What the module exports to the browser, and the only code that uses `web-sys`. wasm32 only.
//!
//! | module | what it does |
//! |---|---|
//! | [`client`] | the exported class |
//! | [`source`] | the lookup's source of files: cache first, then mirrors |
//! | [`derive`] | keys, derived by several workers |
//! | [`download`] | carries out the steps of a [`crate::mirrors::Race`] |
//! | [`site`] | the state of a page's mirrors, and the newest head |
//! | [`fetch`] | one file from one mirror, as a stream that ends past the file's length |
//! | [`storage`] | verified files in the Cache API |
//! | [`limits`] | how long anything of the browser's is waited for |
//! | [`time`] | clocks, timers, random numbers |
//! | [`values`] | promises, and texts of arrays |

mod client;
mod derive;
mod download;
mod fetch;
mod limits;
mod site;
mod source;
mod storage;
mod time;
mod values;

pub use client::Bilik;
pub use derive::KeyDeriver;
use rlsf::SmallGlobalTlsf;

/// Two-level segregated fit (Masmano, Ripoll, Crespo and Real, ECRTS 2004): constant time, and half the code size of the
/// standard library's allocator.
#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();
