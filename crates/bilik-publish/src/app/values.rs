//! What an election says to its pages.

use crate::config::{Config, Organiser, Rights, Witnesses};
use bilik::format::{Election, PublicKey};

/// What the operator's election writes into the pages.
#[derive(Clone, Copy, Debug)]
pub struct App<'a> {
    /// Where people find the site.
    pub address: Option<&'a str>,
    /// Whether every village has a page of its stations.
    pub station_pages: bool,
    /// Base URLs that serve the site, absolute or relative to the page.
    pub mirrors: &'a [String],
    /// The keys whose heads the page follows.
    pub public_keys: &'a [PublicKey],
    /// How many of them must have signed.
    pub threshold: usize,
    /// Outsiders whose statements about the head the page shows.
    pub witnesses: Option<&'a Witnesses>,
    /// What the page can say of the election before any data is there, and whom to call if none ever comes.
    pub election: &'a Election,
    /// Who holds it.
    pub organiser: Option<&'a Organiser>,
    /// The law that lets the organiser publish the sealed roll.
    pub legal_basis: Option<&'a str>,
    /// What the law says of voters in and outside the list.
    pub rights: &'a Rights,
}

impl<'a> App<'a> {
    /// What a configuration says to pages that trust these keys.
    #[must_use]
    pub fn of(config: &'a Config, public_keys: &'a [PublicKey]) -> Self {
        let Config { address, station_pages, mirrors, election, threshold, witnesses, organiser, legal_basis, rights, .. } =
            config;
        Self {
            address: address.as_deref(),
            station_pages: *station_pages,
            mirrors,
            public_keys,
            threshold: *threshold,
            witnesses: witnesses.as_ref(),
            election,
            organiser: organiser.as_ref(),
            legal_basis: legal_basis.as_deref(),
            rights,
        }
    }
}
