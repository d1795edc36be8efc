//! The sections of the page, each with its plots, its tables, and what is said where something was not given.

mod answers;
mod changes;
mod crowd;
mod harvest;
mod proof;
mod quality;
mod size;
mod titles;
mod work;

pub(super) use answers::answers;
pub(super) use changes::changes;
pub(super) use crowd::crowd;
pub(super) use harvest::{cheapest, harvest};
pub(super) use proof::proof;
pub(super) use quality::quality;
pub(super) use size::{few, size};
pub(super) use work::work;
