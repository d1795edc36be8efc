//! Everything that the page shows: the figures of a site, and what was given besides.

use super::changes::ChangeFigures;
use super::error::ReportError;
use super::figures::SiteFigures;
use super::quality::QualityFigures;
use crate::cost_model::{CostSettings, Estimate, Population, Prices, RollShape, published_names};
use crate::number::{float, share};
use crate::verify::Certificate;
use bilik::{Cost, Recipe};
use serde::Serialize;
use std::path::Path;

/// Everything that the page shows.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportFigures {
    /// What anybody can compute from the site.
    pub site: SiteFigures,
    /// What harvesting the roll costs.
    pub harvest: Estimate,
    /// What `check` found; `None` where no election folder was given.
    pub quality: Option<QualityFigures>,
    /// The certificate that was given.
    pub certificate: Option<Certificate>,
    /// What changed since the earlier site that was given.
    pub changes: Option<ChangeFigures>,
}

impl ReportFigures {
    /// Of a site alone. Names and ages are those that were published: a site does not tell them.
    #[must_use]
    pub fn of_site(site: SiteFigures, prices: Prices) -> Self {
        let harvest = Estimate::of(settings(&site), population(&site), &published_names(), prices);
        Self { site, harvest, quality: None, certificate: None, changes: None }
    }

    /// The same with what the roll is like.
    #[must_use]
    pub fn with_roll(mut self, quality: QualityFigures, shape: Option<RollShape>) -> Self {
        if let Some(shape) = shape {
            let estimate = Estimate::of(settings(&self.site), shape.population, &shape.names, self.harvest.prices);
            self.harvest = match &shape.weakest {
                Some(table) => estimate.with_weakest(table),
                None => estimate,
            };
        }
        self.quality = Some(quality);
        self
    }

    /// The same with a certificate of the site's head.
    ///
    /// # Errors
    /// When it is of another election or head.
    pub fn with_certificate(mut self, certificate: Certificate, path: &Path) -> Result<Self, ReportError> {
        let (head, election) = (&self.site.head, &self.site.election.id);
        if certificate.election != *election {
            let (expected, got) = (election.clone(), certificate.election);
            return Err(ReportError::AnotherElection { what: path.display().to_string(), expected, got });
        }
        if certificate.serial != head.serial || certificate.manifest != head.manifest {
            let (expected, got) = (head.serial, certificate.serial);
            return Err(ReportError::AnotherHead { certificate: path.display().to_string(), expected, got });
        }
        self.certificate = Some(certificate);
        Ok(self)
    }
}

fn settings(site: &SiteFigures) -> CostSettings {
    let sealing = site.sealing;
    CostSettings {
        cost: Cost { memory_kib: sealing.memory_kib, passes: sealing.passes },
        full_pepper_bits: sealing.full.pepper_bits,
        near_pepper_bits: sealing.near.pepper_bits,
    }
}

/// The people of a site, as far as it tells them; ages are the published ones.
fn population(site: &SiteFigures) -> Population {
    let totals = &site.totals;
    let keys = |recipe: Recipe| site.groups.iter().map(move |group| group.table(recipe).keys).sum::<u64>();
    let share_of = |part, of| if of == 0 { 0.0 } else { share(part, of) };
    Population {
        voters: float(totals.voters.max(1)),
        districts: float(totals.districts.max(1)),
        villages_per_district: float(totals.villages.max(1)) / float(totals.districts.max(1)),
        long_share: share_of(keys(Recipe::Full), totals.voters).min(1.0),
        home_share: 1.0 - share_of(totals.elsewhere_keys, totals.near_keys).min(1.0),
        ..Population::published()
    }
}
