//! What an election says to its pages.

use crate::config::{Organiser, Rights, Witnesses};
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
