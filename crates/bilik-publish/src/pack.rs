//! One HTML file that answers for a region without any network: the page, the module and the region's files, for a memory card
//! or the laptop of a village office. The page in it runs the same code as a site's and checks the same signature.

mod error;
mod region_files;

pub use error::PackError;

use crate::app::{self, MAX_SITE_FILE, PackPage, PageElection, PageOrganiser, SITE_FILE, SiteFile};
use crate::base_url::origin_of;
use crate::durable::{NewFile, may_replace};
use crate::io_error::IoError;
use crate::source::Site;
use base64ct::{Base64, Encoding as _};
use bilik::format::{Code, PublicKey, Trust};
use bilik::iso_utc;
use bilik::lookup::Source as _;
use region_files::RegionFiles;
use serde::Serialize;
use std::io::Write as _;
use std::path::Path;

/// By this in its first bytes a pack is told from other files, which are not replaced.
const MARK: &str = r#"data-app="pack""#;
/// A logo is shorter: `config` refuses any other.
const MAX_LOGO: u32 = 1 << 16;

/// What was packed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Packed {
    /// The region's code: four digits of a regency, or six of a district.
    pub region: String,
    /// Its name.
    pub name: String,
    /// The election's id.
    pub election: String,
    /// The head's serial.
    pub serial: u64,
    /// When the data was signed, in UTC.
    pub signed_at: String,
    /// Until when it answers, in UTC.
    pub expires: String,
    /// The keys that the page in it trusts.
    pub public_keys: Vec<String>,
    /// The length of the file in bytes.
    pub bytes: usize,
    /// Its SHA-256 in hex, by which a copy is told from another file.
    pub sha256: String,
    /// What takes them.
    pub parts: PackParts,
    /// The number of data files in it.
    pub files: usize,
}

/// Bytes of a pack by what takes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackParts {
    /// Markup, style and scripts.
    pub page: usize,
    /// The module and its worker, compressed, in base64.
    pub module: usize,
    /// Sealed tables, in base64.
    pub tables: usize,
    /// Head, parts of the manifest, directories, station lists and names, in base64.
    pub lists: usize,
}

/// Packs the files of a regency (four digits) or of a district (six) of a site into one HTML file, which is replaced in one step.
/// Every file is checked first: the head against the keys, all others against their digests. Without keys, the page trusts those
/// that the site's own page trusts.
///
/// # Errors
/// When the site has no such region, a file is missing or refused, or the pack cannot be written.
pub fn pack(site: &Site, region: Code, keys: Option<(Vec<PublicKey>, usize)>, out: &Path) -> Result<Packed, PackError> {
    refuse_other(out)?;
    let bytes = site.read(SITE_FILE, MAX_SITE_FILE).map_err(PackError::NoSiteFile)?;
    let mut described = SiteFile::parse(&bytes)?;
    if let Some((keys, threshold)) = keys {
        (described.public_keys, described.threshold) = (keys, threshold);
    }
    let texts: Vec<String> = described.public_keys.iter().map(ToString::to_string).collect();
    let trust = Trust::new(texts.iter().map(String::as_str), described.threshold, None)?;
    let files = RegionFiles::read(site, &trust, region)?;
    if site.now() > files.head.expires {
        return Err(PackError::Expired { expires: iso_utc(files.head.expires) });
    }
    // What the head's signature covers, rather than what stands beside it.
    let PageElection { organiser, rights, .. } = described.election;
    described.election = PageElection { organiser, rights, ..PageElection::signed(&files.election) };
    if let Some(organiser) = &mut described.election.organiser {
        organiser.logo = logo_of(site, organiser);
    }
    let signed_at = iso_utc(files.head.signed_at);
    let page = PackPage {
        code: region.to_string(),
        region: files.name.clone(),
        day: signed_at.chars().take(10).collect(),
        keys: texts.iter().map(|key| groups(key)).collect(),
        site: address_of(site, &described).unwrap_or_default(),
        files: files.files.iter().map(|(path, file)| (path.clone(), Base64::encode_string(&file.bytes))).collect(),
    };
    let (html, module) = app::pack_page(&described, &page)?;
    let sum = |is_table: bool| {
        let chosen = files.files.iter().filter(|(_, file)| file.is_table == is_table);
        chosen.map(|(path, _)| page.files.get(path).map_or(0, String::len)).sum()
    };
    let (tables, lists) = (sum(true), sum(false));
    let parts = PackParts { page: html.len() - module - tables - lists, module, tables, lists };
    write(out, html.as_bytes())?;
    Ok(Packed {
        region: page.code,
        name: files.name,
        election: files.election.id,
        serial: files.head.serial,
        signed_at,
        expires: iso_utc(files.head.expires),
        public_keys: texts,
        bytes: html.len(),
        sha256: app::hex_digest(html.as_bytes()),
        parts,
        files: files.files.len(),
    })
}

/// A key in groups of four digits, as people compare it.
fn groups(key: &str) -> String {
    let digits: Vec<char> = key.rsplit(':').next().unwrap_or_default().chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Where the same election is on the web: what was read, or the first mirror that has an address.
fn address_of(site: &Site, described: &SiteFile) -> Option<String> {
    if let Site::Address(address) = site {
        return Some(address.base().to_owned());
    }
    described.mirrors.iter().find(|mirror| origin_of(mirror).is_some()).cloned()
}

/// The logo as a data address; without it the page has none.
fn logo_of(site: &Site, organiser: &PageOrganiser) -> Option<String> {
    // Nobody signed this path.
    let path = organiser.logo.as_deref().filter(|path| matches!(*path, "logo.svg" | "logo.png"))?;
    let bytes = site.read(path, MAX_LOGO).ok()?;
    let kind = if path == "logo.png" { "png" } else { "svg+xml" };
    Some(format!("data:image/{kind};base64,{}", Base64::encode_string(&bytes)))
}

/// An earlier pack may be replaced, and nothing else.
fn refuse_other(out: &Path) -> Result<(), PackError> {
    if may_replace(out, MARK.as_bytes())? { Ok(()) } else { Err(PackError::OtherFile(out.to_owned())) }
}

fn write(out: &Path, html: &[u8]) -> Result<(), PackError> {
    let mut file = NewFile::new(out)?;
    file.write_all(html).map_err(IoError::advising(out, "cannot be written", "Fix: make room on the disk"))?;
    file.let_everyone_read()?;
    Ok(file.persist()?)
}
