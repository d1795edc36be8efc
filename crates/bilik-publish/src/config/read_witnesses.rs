//! Reads the witnesses of `[site]`.

use super::read::ConfigReader;
use super::text::{SiteText, WitnessText};
use super::values::filled;
use super::witnesses::{NamedWitness, Witnesses};
use crate::interval::Interval;
use crate::language::{message, translatable};
use bilik::format::PublicKey;

/// A page fetches a statement of each.
const MAX_WITNESSES: usize = 8;
/// Half an hour: six looks of a witness that looks every five minutes.
const MAX_AGE_SECONDS: u64 = 1_800;

impl ConfigReader<'_> {
    /// `None` where no witness is named.
    pub(super) fn witnesses(&mut self, given: &SiteText) -> Option<Witnesses> {
        let mut named: Vec<NamedWitness> = Vec::new();
        for WitnessText { name, public_key } in &given.witnesses {
            let key =
                translatable!("the line of the witness's KEY.pub: `bilik-public-key:` and 64 hex digits, each witness once");
            let fits = |key: &String| PublicKey::parse(key).filter(|key| named.iter().all(|other| other.public_key != *key));
            let key = self.fitting("public_key", public_key, fits, key);
            let name = self.fitting("name", name, |name| filled(name), translatable!("what people call the witness"));
            if let (Some(name), Some(public_key)) = (name, key) {
                named.push(NamedWitness { name, public_key });
            }
        }
        let count = given.witnesses.len();
        if count > MAX_WITNESSES {
            let expected = message!("at most {}: a page asks for each", MAX_WITNESSES);
            self.fault(None, message!("`witnesses` names {}", count), expected, "remove some");
        }
        let fits = |threshold: &usize| (1..=count).contains(threshold).then_some(*threshold);
        let expected = translatable!("1 to the number of `witnesses`: how many must have seen the data lately");
        let threshold =
            given.witness_threshold.as_ref().and_then(|given| self.fitting("witness_threshold", given, fits, expected));
        let expected = translatable!("a length of time such as \"30m\" or \"2h\"");
        let fits = |text: &String| text.parse::<Interval>().ok().map(Interval::seconds);
        let max_age = given.witness_max_age.as_ref().and_then(|given| self.fitting("witness_max_age", given, fits, expected));
        let threshold = threshold.unwrap_or(1);
        (!named.is_empty()).then(|| Witnesses { threshold, max_age: max_age.unwrap_or(MAX_AGE_SECONDS), named })
    }
}
