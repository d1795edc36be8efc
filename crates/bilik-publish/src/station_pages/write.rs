//! Writing the pages into a site that is being published.

use super::error::StationPagesError;
use super::links::FOLDER;
use super::walk::{Page, Scope, StationPages};
use crate::app::SiteFile;
use crate::cancel::CancellationToken;
use crate::source::Site;
use crate::staging::{Staging, Written};
use bilik::format::FileRef;
use std::sync::{Mutex, PoisonError};

fn is_published(site: Option<&Site>, page: &Page) -> bool {
    let Some(Site::Folder(folder)) = site else { return false };
    std::fs::read(folder.join(&page.path)).is_ok_and(|published| published == page.bytes)
}

/// Writes the pages of a manifest, whose files are in the staging folder or in the site that is replaced. All of them take the
/// place of those that were there before, so a village that went away has none any more, and a site that wants none loses its own.
pub(crate) fn write_pages(
    staging: &Staging,
    published: Option<&Site>,
    site: &SiteFile,
    manifest: &FileRef,
    scope: &Scope,
    cancel: &CancellationToken,
) -> Result<Written, StationPagesError> {
    if matches!(scope, Scope::All) {
        staging.replace_folder(FOLDER);
    }
    let written = Mutex::new(Written::default());
    if let Some(pages) = StationPages::of(site, cancel)? {
        let staged = Site::Folder(staging.path().to_owned());
        let sites: Vec<&Site> = [&staged].into_iter().chain(published).collect();
        pages.make(&sites, manifest, scope, &|page| {
            // A page that says the same is not uploaded again.
            if matches!(scope, Scope::Districts(_)) && is_published(published, &page) {
                return Ok(());
            }
            let mut one = Written::default();
            staging.add_bytes(&page.path, &page.bytes, &mut one)?;
            let mut all = written.lock().unwrap_or_else(PoisonError::into_inner);
            all.files += one.files;
            all.bytes += one.bytes;
            Ok(())
        })?;
    }
    Ok(written.into_inner().unwrap_or_else(PoisonError::into_inner))
}
