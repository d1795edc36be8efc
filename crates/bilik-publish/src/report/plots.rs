//! The kinds of plots, each labelled where its marks are.

mod bars;
mod histogram;
mod ranges;
mod tiles;

pub(super) use bars::{Bar, bars};
pub(super) use histogram::histogram;
pub(super) use ranges::{Range, ranges};
pub(super) use tiles::{ClassKey, Tile, TileMap, tile_map};
