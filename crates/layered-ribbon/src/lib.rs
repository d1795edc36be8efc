//! A static function from keys to values that stores no key, in hardly more bits than the values: a layered ribbon.
//!
//! ```
//! use layered_ribbon::{Builder, Hash};
//!
//! // To be found: each number's last digit, in 4 bits above 20 check bits. The check bits are zero, under a pad.
//! const WIDTH: u32 = 24;
//! let entry = |key: u64| {
//!     let hash = Hash::from_u64(key, 0);
//!     (hash, hash.mask((key % 10) << 20, WIDTH))
//! };
//! let entries: Vec<(Hash, u64)> = (0..5_000).map(entry).collect();
//! let ribbon = Builder::new(WIDTH).build(&entries)?.ribbon;
//!
//! let look_up = |key: u64| {
//!     let hash = Hash::from_u64(key, 0);
//!     let slot = ribbon.find(&hash, |slot| hash.mask(slot, WIDTH) & 0xf_ffff == 0)?;
//!     Some(hash.mask(slot, WIDTH) >> 20)
//! };
//! assert_eq!(look_up(4_321), Some(1));
//! assert_eq!(look_up(99_999), None);
//!
//! // 5,000 keys of 24 bits take hardly more than 15,000 bytes.
//! assert!(ribbon.slot_bytes().len() < 15_050);
//! # Ok::<_, layered_ribbon::BuildError>(())
//! ```
//!
//! # When to use it
//! For a set that is built once and asked often, where bytes count: files that are downloaded, tables that are published. The
//! keys cannot be listed, and with [`Hash::mask`] the values cannot be read without a key. Where nanoseconds count more than
//! one byte in a hundred, a binary fuse filter or `sux`'s `VFunc` is faster.
//!
//! # Structure
//! A key is three uniform words, [`struct@Hash`]. In a *banded* layer of `m` slots it selects a start in `0..=m - 64` and up to 64
//! of the slots from there; its value is the XOR of the selected slots (Dillinger and Walzer 2021). Solving that is Gaussian
//! elimination on a band. A banded layer has some 7 % fewer slots than keys, so nearly every slot is used; the keys whose row
//! turns out linearly dependent fall to the next layer, some 13 times smaller (bumping: Dillinger, Hübschle-Schneider, Sanders
//! and Walzer 2022). Up to 240 keys go into the last layer, which is *dense*: a row selects among all of its slots.
//!
//! With starts spread evenly, the slots at both ends of a band would be selected by too few rows: those at the left until the
//! elimination has fallen behind, the last 63 once no further row starts. So rows whose start would lie up to 32 slots outside
//! start at the end instead. That saves nine tenths of the slots that would stay free.
//!
//! BuRR keeps a few bits for each bucket to know a key's layer. This structure keeps none: [`Ribbon::get`] answers for one
//! layer, and the caller knows the right one by check bits under a pad ([`Ribbon::find`], [`Hash::mask`]), or because [`Solved::layers`] was
//! stored elsewhere. A key that was never stored gets a random value in every layer.
//!
//! # Cost
//! Slots beyond the keys: 0.01 % at 28,000 keys, 0.03 % at 5,000, 0.3 % at 500; 1.6 slots up to 240 keys. The rest is some ten
//! bytes for the lengths. Solving takes some 10 ms for 28,000 keys; a lookup reads 32 slots of a banded layer on average, in
//! the dense one up to 256. `cargo bench -p layered-ribbon` measures all of it; the README has the table, beside other
//! structures.
//!
//! # Limits
//! Values have 1 to 63 bits, and all of them the same width. By default a ribbon has at most 2^24 slots in a layer, for
//! 18 million keys; [`Limits`] says how to change that. Equal keys are refused. Once in some 2^16 times the last layer cannot
//! be solved: [`BuildError::Unsolvable`], and other hashes help.
//!
//! A ribbon from outside is checked once, when it is decoded ([`InvalidRibbon`]); lookups in it cannot fail, read out of bounds
//! or take longer than its limits say.
//!
//! # Features
//! Off by default. The crate is `no_std`, with `alloc`.
//!
//! | feature | what it adds |
//! |---|---|
//! | `bincode` | `Encode` and `Decode` of `bincode` 2 for [`Ribbon`] |
//! | `serde` | `Serialize` and `Deserialize` for [`Ribbon`] |
//!
//! # Sources
//! - P. C. Dillinger, S. Walzer: *Ribbon filter: practically smaller than Bloom and Xor*, 2021, <https://arxiv.org/abs/2103.02515>
//! - P. C. Dillinger, L. Hübschle-Schneider, P. Sanders, S. Walzer: *Fast succinct retrieval and approximate membership using
//!   ribbon*, SEA 2022, <https://arxiv.org/abs/2109.01892>
//! - G. L. Steele, D. Lea, C. H. Flood: *Fast splittable pseudorandom number generators*, OOPSLA 2014,
//!   <https://doi.org/10.1145/2660193.2660195>

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod bits;
mod builder;
#[cfg(any(feature = "bincode", feature = "serde"))]
mod encoding;
mod error;
mod hash;
mod limits;
mod ribbon;
mod row;

pub use builder::{Builder, Solved};
pub use error::{BuildError, InvalidRibbon};
pub use hash::Hash;
pub use limits::Limits;
pub use ribbon::Ribbon;

/// The README's example runs with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
