//! A report of a site: figures that anybody can compute from the public files, what was given besides, and a page with plots.
//!
//! | module | what it does |
//! |---|---|
//! | `figures`, `survey`, `odds` | the figures of a site; reading it; what follows from keys and settings |
//! | `all` | everything that the page shows |
//! | `changes` | what changed since an earlier site |
//! | `quality` | what `check` found, by kind and regency |
//! | `language`, `words` | numbers and texts in Indonesian and English |
//! | `drawing`, `scale`, `tile_grid`, `plots` | plots as shapes; axes and classes; a map of tiles; the kinds of plots |
//! | `view`, `sections`, `page` | what the template is given; each section; the page |
//!
//! The same site gives the same page: it has no time of its own. No figure is about a single voter: differences between sites are
//! in bytes, small counts of a regency are left out.

mod all;
mod changes;
mod drawing;
mod error;
mod figures;
mod language;
mod odds;
mod page;
mod plots;
mod quality;
mod scale;
mod sections;
mod survey;
#[cfg(test)]
mod tests;
mod tile_grid;
mod view;
mod words;

pub use crate::language::Language;
pub use all::ReportFigures;
pub use changes::{ChangeFigures, ChangedRegency, KindChange};
pub use error::ReportError;
pub use figures::{
    BitFigures, Derivations, ElectionFigures, FalseAnswer, FalseAnswers, FileTotal, GroupFigures, HeadFigures, RegencyFigures,
    SealingFigures, SiteFigures, SiteTotals, TableFigures,
};
pub use page::{page, write_page};
pub use quality::{KindFigures, MIN_SHOWN, QualityFigures};
