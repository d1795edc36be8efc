//! Writing the app into a site.

use super::carried;
use super::digest::hex_digest;
use super::error::AppError;
use super::list::{self, AppList};
use super::pinned::Pinned;
use super::render::Templates;
use super::site_file::{SITE_FILE, SiteFile};
use super::values::App;
use crate::io_error::IoError;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// The page.
pub const PAGE: &str = "index.html";
/// The page for partners' frames.
pub const FRAME: &str = "embed.html";
/// What keeps the app on a device.
pub const SERVICE_WORKER: &str = "sw.js";
/// So much of a digest is the version of the files that the service worker keeps.
pub(super) const VERSION_CHARS: usize = 16;

/// Whether the binary carries the app without which nobody can be found: to be asked before hours of sealing.
///
/// # Errors
/// When it was compiled before `pkg/` was built.
pub fn check() -> Result<(), AppError> {
    AppList::carried()?.files.iter().try_for_each(|file| file.bytes().map(drop))
}

/// Writes the web app into a site: its pages into its root, the module into `pkg/`, what partners pin into `v/`, and
/// [`SITE_FILE`], which it gives. A file that is there already with the same bytes is left alone; any other is replaced in one step, so that a
/// visitor never gets half of one.
///
/// # Errors
/// When a file cannot be written.
pub fn write(site: &Path, app: &App) -> Result<SiteFile, AppError> {
    let logo = app.organiser.and_then(|organiser| organiser.logo.as_ref());
    let logo = logo.map(|logo| (logo.path, logo.bytes.as_slice()));
    let composed = compose(&AppList::carried()?, SiteFile::new(app, list_digest()?), logo)?;
    for (path, content) in &composed.files {
        put(&site.join(path), content)?;
    }
    let json = serde_json::to_vec_pretty(&composed.site).map_err(|cause| AppError::Json { file: SITE_FILE, cause })?;
    put(&site.join(SITE_FILE), &json)?;
    Ok(composed.site)
}

/// What the app of a site consists of.
pub struct Composed {
    /// What `site.json` says of it.
    pub site: SiteFile,
    /// Its files by their paths in the site, in the order of writing: each comes after those that it names.
    pub files: Vec<(String, Vec<u8>)>,
}

/// The app as this binary writes it for what a `site.json` says of its election, with the bytes of its logo; nothing where this
/// binary carries another app.
///
/// # Errors
/// When the binary carries no whole app.
pub fn recomposed(site: &SiteFile, logo: Option<&[u8]>) -> Result<Option<Composed>, AppError> {
    if site.app != list_digest()? {
        return Ok(None);
    }
    let path = site.election.organiser.as_ref().and_then(|organiser| organiser.logo.as_deref());
    compose(&AppList::carried()?, site.clone(), path.zip(logo)).map(Some)
}

fn compose(list: &AppList, mut site: SiteFile, logo: Option<(&str, &[u8])>) -> Result<Composed, AppError> {
    let templates = Templates::of(list)?;
    let mut composed = Vec::new();
    let mut pinned = Pinned::default();
    let policy = list.get(PAGE).and_then(|page| page.policy.as_ref());
    site.policy = policy.map(|policy| policy.directives(&site.mirrors)).unwrap_or_default();
    site.files.clear();
    let files = list.files.iter().filter(|file| file.is_of_site() && (site.election.demo || !file.demo));
    // Some say the digests of others, so they come after them.
    let (late, early): (Vec<_>, Vec<_>) =
        files.partition(|file| ["version", "integrity", "shell"].iter().any(|slot| file.needs(slot)));
    for file in early {
        let content = templates.fill(file, &site, "")?;
        if file.shell {
            site.files.insert(file.path.clone(), hex_digest(&content));
        }
        if file.pinned {
            pinned.add(&file.path, content.clone());
        }
        composed.push((file.path.clone(), content));
    }
    if let Some((path, bytes)) = logo {
        pinned.add(path, bytes.to_vec());
        composed.push((path.to_owned(), bytes.to_vec()));
    }
    site.pinned = pinned.folder();
    site.version = version_of(&site);
    composed.extend(pinned.files().map(|(path, content)| (format!("{}/{path}", site.pinned), content.to_vec())));
    let integrity = pinned.integrity();
    for file in late {
        composed.push((file.path.clone(), templates.fill(file, &site, &integrity)?));
    }
    Ok(Composed { site, files: composed })
}

/// Another version as soon as one byte of one file is another.
fn version_of(site: &SiteFile) -> String {
    let lines: Vec<_> = site.files.iter().map(|(path, digest)| format!("{path} {digest}\n")).collect();
    hex_digest(lines.concat().as_bytes()).chars().take(VERSION_CHARS).collect()
}

/// The digest of the list, which has that of every file.
pub(super) fn list_digest() -> Result<String, AppError> {
    Ok(hex_digest(&carried::bytes_of(list::PATH)?))
}

/// Puts a file into place in one step, where it differs from what is there.
fn put(path: &Path, content: &[u8]) -> Result<(), AppError> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| replace(path, folder, content));
    written.map_err(IoError::advising(
        path,
        "cannot be written",
        "Fix: make the folder writable, and check that the disk has room",
    ))?;
    Ok(())
}

fn replace(path: &Path, folder: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".").suffix(".partial").tempfile_in(folder)?;
    file.write_all(content)?;
    let_everyone_read(file.as_file())?;
    file.persist(path)?;
    Ok(())
}

/// Temporary files are for their owner alone; a web server must read what a site consists of.
fn let_everyone_read(file: &fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}
