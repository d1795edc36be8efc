//! A page for every village, with all its stations on it, that needs no script: for text browsers, search engines, messages and
//! paper. Pages of provinces and of the country lead there.
//!
//! They are made from the manifest, the directories and the station lists, so they say what was signed, and change when that does.
//! Nothing verifies them in a browser, as nothing verifies `index.html`: each says so, and `verify` compares them.
//!
//! ```text
//! tps/index.html             the provinces
//! tps/32.html                a province: its regencies and their districts
//! tps/3201/3201012001.html   a village: its stations, `#12` each; the other villages of its district
//! tps/sitemap.xml            for search engines: names tps/32.xml, which has the addresses of a province's pages
//! ```
//!
//! A district has no page of its own, so that the country has no more than 84,000 files: the page of its first village leads on.

mod error;
mod links;
mod place_names;
mod qr;
mod sitemap;
mod view;
mod walk;
mod write;

pub use error::StationPagesError;
pub(crate) use links::FOLDER;
pub(crate) use walk::{Page, Scope, StationPages};
pub(crate) use write::write_pages;
