//! `[organiser]`: who holds the election and answers for the data, as the pages say it before anybody types.

use super::logo::{Logo, MAX_LOGO};
use std::io::Read as _;
use std::path::Path;

/// Who holds the election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organiser {
    /// Its official name.
    pub name: String,
    /// What people call it.
    pub short_name: String,
    /// Its own site.
    pub url: String,
    /// Whom to ask what is done with personal data: a mail address, a telephone number or a page.
    pub privacy_contact: String,
    /// Its logo.
    pub logo: Option<Logo>,
}

/// Reads the logo, at most one byte more than a logo has. The error says what is wrong.
pub(super) fn read_logo(path: &Path) -> Result<Logo, String> {
    let limit = u64::try_from(MAX_LOGO).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    // A pipe would be waited for.
    let file = match std::fs::metadata(path) {
        Ok(meta) if !meta.is_file() => Err(std::io::Error::other("not an ordinary file")),
        _ => std::fs::File::open(path),
    };
    let read = file.and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Logo::clean(&bytes)
}
