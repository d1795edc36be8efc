//! `[rights]`: what the law says of voters who are in the list (DPT), vote elsewhere (`DPTb`) or are in no list (DPK), where that is
//! not what the page says by itself.

use std::collections::BTreeMap;

/// The texts that replace the page's own: by language, then by list (`dpt`, `dptb`, `dpk`).
pub type Rights = BTreeMap<String, BTreeMap<String, String>>;
