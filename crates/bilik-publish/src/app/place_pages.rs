//! The templates of pages that a site has one of for each place: parts of the app, filled in with what the place has.

use super::error::AppError;
use super::list::AppList;
use super::render::{Slots, Templates};
use super::site_file::SiteFile;
use super::writer::list_digest;
use serde::Serialize;

/// The page whose policy these have too: it runs no script.
const READ_ONLY: &str = "privacy.html";

/// The templates for one site.
pub(crate) struct PlacePages<'a> {
    templates: Templates,
    site: &'a SiteFile,
    policy: String,
}

/// What a template is filled in with: the slots of every page, and the place.
#[derive(Serialize)]
struct Values<'a, T> {
    #[serde(flatten)]
    slots: Slots<'a>,
    page: &'a T,
}

impl<'a> PlacePages<'a> {
    pub(crate) fn of(site: &'a SiteFile) -> Result<Self, AppError> {
        let list = AppList::carried()?;
        let policy = list.get(READ_ONLY).map(|file| file.policy_for(&site.mirrors)).unwrap_or_default();
        Ok(Self { templates: Templates::of(&list)?, site, policy })
    }

    /// Whether the site was written with these very templates.
    pub(crate) fn are_of_site(&self) -> bool {
        list_digest().is_ok_and(|digest| digest == self.site.app)
    }

    /// What the site says of itself.
    pub(crate) fn site(&self) -> &'a SiteFile {
        self.site
    }

    /// A page.
    pub(crate) fn fill(&self, template: &str, page: &impl Serialize) -> Result<Vec<u8>, AppError> {
        let slots = Slots::of(self.site, self.policy.clone(), "");
        self.templates.render(template, &Values { slots, page })
    }
}
