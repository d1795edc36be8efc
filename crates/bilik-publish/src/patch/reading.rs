//! Reading the site that is patched: a damaged file ends the patch.

use super::error::PatchError;
use crate::source::Site;
use bilik::format::{self, Document, FileRef};
use bilik::lookup::{Problem, Source as _};

pub(super) fn read<T: Document>(site: &Site, file: &FileRef) -> Result<T, PatchError> {
    let path = file.path(T::KIND);
    let bytes = site.read(&path, file.stored).map_err(PatchError::Damaged)?;
    format::read(&bytes, file).map_err(|refusal| PatchError::Damaged(Problem::refused(&site.name(), &path, &refusal)))
}
