//! Reading CSV files line by line: opened whatever their compression and encoding, split by hand, with columns found by name and the
//! line of every cell. What a line means is decided in [`super::input`] and [`super::roll`].

mod cell;
mod fault;
mod header;
mod lines;
mod meter;
mod open;
#[cfg(feature = "parquet")]
mod parquet_text;
mod resolve;
mod rows;
mod sheet;
mod source;
mod split;
mod workbook;

pub(crate) use cell::{
    NO_BPS_CODE, YesNo, bps_code, code, count, degrees, quoted, region_code, station_number, tidy, trimmed, yes_or_no,
};
pub(crate) use fault::{Fault, unreadable};
pub(crate) use lines::{Lines, MAX_TEXT_CHARS, reject};
pub(crate) use sheet::{Aliases, Column, Mapped, Sheet, file_name};
