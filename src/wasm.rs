//! What the module exports to the browser, and the only code that knows `web-sys`. wasm32 only.
//!
//! [`fetch`] brings one file from one mirror, as a stream that is dropped past its length; [`cache`] keeps verified files;
//! [`download`] carries out the policy of [`crate::mirrors`]; [`site`] knows how the mirrors do; [`source`] joins them into the lookup's source of files; [`client`]
//! is the exported class; [`time`] has the clocks.

mod cache;
mod client;
mod download;
mod fetch;
mod site;
mod source;
mod time;

pub use client::Bilik;
use rlsf::SmallGlobalTlsf;

/// Two-level segregated fit (Masmano, Ripoll, Crespo and Real, ECRTS 2004): constant time, and half the code of the standard
/// library's allocator.
#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();
