//! The web app: the files that the binary carries in `pkg/`, listed in `pkg/app.json`, and how they become part of a site.

mod carried;
mod day;
mod digest;
mod error;
mod list;
mod pack_page;
mod pinned;
mod place_pages;
mod render;
mod site_file;
#[cfg(test)]
mod tests;
mod values;
mod writer;

pub(crate) use day::{in_english, in_indonesian};
pub use digest::hex_digest;
pub use error::AppError;
pub(crate) use list::languages;
pub(crate) use pack_page::{PackPage, pack_page};
pub(crate) use place_pages::PlacePages;
pub use site_file::{MAX_SITE_FILE, PageElection, PageOrganiser, PageWitness, PageWitnesses, SITE_FILE, SiteFile};
pub use values::App;
pub use writer::{Composed, FRAME, PAGE, SERVICE_WORKER, check, recomposed, write};
