//! The browser's side: what the module exports, and the only code that knows `web-sys`. wasm32 only.
//!
//! [`fetch`] brings one file from one mirror, as a stream that is dropped past its length; [`cache`] keeps verified files;
//! [`source`] joins the two into the lookup's source of files; [`client`] is the exported class.

mod cache;
mod client;
mod fetch;
mod source;

pub use client::Bilik;
