//! The page of a pack: one file with the app and a region's data in it. Its template comes with scripts and styles in it, and with
//! a policy that forbids every request.

use super::error::AppError;
use super::list::{AppFile, AppList};
use super::render::{Slots, Templates};
use super::site_file::SiteFile;
use base64ct::{Base64, Encoding as _};
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write as _;

/// Where its template lies in the list.
const TEMPLATE: &str = "pack.html";
/// What the page runs besides its script, by the paths of a site.
const MODULE: [&str; 2] = ["pkg/bilik_bg.wasm", "worker.js"];

/// What a pack says and holds.
#[derive(Debug, Serialize)]
pub(crate) struct PackPage {
    /// The region's code: the digits with which the NIKs of its voters begin.
    pub code: String,
    /// Its name.
    pub region: String,
    /// When the data was signed, `YYYY-MM-DD`.
    pub day: String,
    /// The keys that the page trusts, in groups of digits.
    pub keys: Vec<String>,
    /// Where the same election is on the web; empty where that is unknown.
    pub site: String,
    /// The region's files by path, in base64.
    pub files: BTreeMap<String, String>,
}

/// A file of the module.
#[derive(Serialize)]
struct ModuleFile {
    path: &'static str,
    /// Of its bytes before they were compressed, in hex: a damaged module could still compile.
    crc: String,
    /// Compressed by raw deflate, in base64.
    base64: String,
}

#[derive(Serialize)]
struct PackSlots<'a> {
    #[serde(flatten)]
    page: Slots<'a>,
    pack: &'a PackPage,
    /// The day in words.
    pack_day: String,
    module: &'a [ModuleFile],
}

/// The file, and how many of its bytes are the module.
///
/// # Errors
/// When the binary carries no whole app.
pub(crate) fn pack_page(site: &SiteFile, pack: &PackPage) -> Result<(String, usize), AppError> {
    let list = AppList::carried()?;
    let file = |path: &str| list.get(path).ok_or_else(|| AppError::NotCarried(path.to_owned()));
    let template = file(TEMPLATE)?;
    let module = MODULE.into_iter().map(|path| module_file(path, file(path)?)).collect::<Result<Vec<_>, AppError>>()?;
    let pack_day = super::day::in_indonesian(&pack.day);
    let slots = PackSlots { page: Slots::of(site, template.policy_for(&site.mirrors), ""), pack, pack_day, module: &module };
    let html = Templates::of(&list)?.render(&template.path, &slots)?;
    let html = String::from_utf8(html).map_err(|_| AppError::NotUtf8(template.source.clone()))?;
    Ok((html, module.iter().map(|file| file.base64.len()).sum()))
}

fn module_file(path: &'static str, file: &AppFile) -> Result<ModuleFile, AppError> {
    let bytes = file.bytes()?;
    let mut crc = Crc::new();
    crc.update(&bytes);
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    let deflated = deflate.write_all(&bytes).and_then(|()| deflate.finish());
    let deflated = deflated.map_err(|_| AppError::Changed(file.source.clone()))?;
    Ok(ModuleFile { path, crc: format!("{:x}", crc.sum()), base64: Base64::encode_string(&deflated) })
}
