//! The files that the binary carries: `pkg/`, as it was when it was compiled.
//!
//! A debug build reads the folder when it runs, so that the page can be worked on without compiling. A release build holds it;
//! cargo compiles it again when one of its files changes, yet does not notice a file that is new.

use super::error::AppError;
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "../../pkg"]
#[allow_missing = true]
struct Pkg;

/// The bytes of a file in `pkg/`.
pub(super) fn bytes_of(path: &str) -> Result<Cow<'static, [u8]>, AppError> {
    Pkg::get(path).map(|file| file.data).ok_or_else(|| AppError::NotCarried(format!("pkg/{path}")))
}
