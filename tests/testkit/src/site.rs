//! Questions to a site, and a site behind an address.

use crate::binary::within;
use bilik::Cost;
use bilik::lookup::{Lookup, Outcome, Question, Source};
use bilik_cli::server::{self, Fault, Server};
use std::net::Ipv4Addr;
use std::path::PathBuf;

/// The smallest cost of a derivation.
pub const MIN_COST: Cost = Cost { memory_kib: 8, passes: 1 };

/// How long a server may take to start or to stop.
const SERVER_LIMIT: u64 = 60;

/// One question to a site.
pub fn ask<S: Source>(lookup: &Lookup<S>, digits: &str, name: &str, village: Option<&str>) -> Outcome {
    let question = Question {
        nik: Some(digits.to_owned()),
        name: Some(name.to_owned()),
        village: village.map(str::to_owned),
        ..Question::default()
    };
    pollster::block_on(lookup.ask(&question, &())).unwrap()
}

/// The stations of an answer: none where nobody was found.
pub fn stations(outcome: &Outcome) -> Vec<&str> {
    match outcome {
        Outcome::Found { station, .. } => vec![&station.id],
        Outcome::Ambiguous { stations, .. } => stations.iter().map(|station| station.id.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// A site behind an address of this machine, until it is dropped.
pub struct Served(Option<Server>);

impl Served {
    /// Serves a folder, with a fault where the test wants one.
    pub fn start(site: PathBuf, fault: Option<Fault>) -> Self {
        let start = move || server::start_with(site, (Ipv4Addr::LOCALHOST, 0).into(), fault.as_ref()).unwrap();
        Self(Some(within(SERVER_LIMIT, start)))
    }

    /// The address, with a slash at its end.
    pub fn address(&self) -> String {
        format!("http://{}/", self.0.as_ref().unwrap().address())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let server = self.0.take();
        // A second panic would hide the first.
        if std::thread::panicking() {
            drop(std::thread::spawn(move || drop(server)));
        } else {
            within(SERVER_LIMIT, move || drop(server));
        }
    }
}
