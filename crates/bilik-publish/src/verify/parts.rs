//! Whether the parts of a manifest say what it says.

use super::published::document;
use crate::source::Site;
use bilik::format::{FormatError, HEAD_PATH, Head, Kind, Manifest, ProvincePart};
use bilik::lookup::{Problem, Source as _};

/// What is wrong with a head.
pub(super) const OTHER_PROVINCES: &str = "it names parts for other provinces than the manifest has";
/// What is wrong with a part.
pub(super) const OTHER_CONTENTS: &str = "it differs from what the manifest says of its province";

/// Refuses a head whose parts are not those of its manifest. Reads `at_most` of them.
///
/// # Errors
/// Names the head, or the first part that is missing or wrong.
pub(crate) fn require_parts(site: &Site, head: &Head, manifest: &Manifest, at_most: usize) -> Result<(), Problem> {
    let wrong = |path: &str, what| Problem::refused(&site.name(), path, &FormatError::Invalid(what));
    if !head.names_parts_of(manifest) {
        return Err(wrong(HEAD_PATH, OTHER_PROVINCES));
    }
    for (named, expected) in head.provinces.iter().zip(ProvincePart::all(manifest)).take(at_most) {
        let part: ProvincePart = document(site, &named.part)?;
        if part != expected {
            return Err(wrong(&named.part.path(Kind::Province), OTHER_CONTENTS));
        }
    }
    Ok(())
}
