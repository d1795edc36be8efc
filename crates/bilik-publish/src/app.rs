//! The web app that the binary carries: `pkg/`, as it was when it was compiled. `pkg/app.json` says what is in it.
//!
//! A debug build reads the folder when it runs, so that the page can be worked on without compiling. A release build holds
//! it; cargo compiles it again when one of its files changes, yet does not notice a file that is new. A binary compiled
//! before `pkg/` was built carries no app: [`check`] says so.

use self::list::{AppList, Kind};
use self::pinned::Pinned;
use self::render::Templates;
use anyhow::Context as _;
use bilik::format::{Election, PublicKey};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io::Write as _;
use std::path::Path;

mod list;
mod pinned;
mod render;
mod site_file;

pub use site_file::{MAX_SITE_FILE, PageElection, SITE_FILE, SiteFile};

#[derive(RustEmbed)]
#[folder = "../../pkg"]
#[allow_missing = true]
struct Pkg;

/// What the operator's election writes into the pages.
#[derive(Clone, Copy, Debug)]
pub struct App<'a> {
    /// Base URLs that serve the site, absolute or relative to the page.
    pub mirrors: &'a [String],
    /// The keys whose heads the page follows.
    pub public_keys: &'a [PublicKey],
    /// How many of them must have signed.
    pub threshold: usize,
    /// What the page can say of the election before any data is there, and whom to call if none ever comes.
    pub election: &'a Election,
}

/// The page.
pub const PAGE: &str = "index.html";
/// So much of a digest is the version of the files that the service worker keeps.
const VERSION_CHARS: usize = 16;

/// Whether the binary carries the app without which nobody can be found: to be asked before hours of sealing.
///
/// # Errors
/// When it was compiled before `pkg/` was built.
pub fn check() -> anyhow::Result<()> {
    AppList::carried()?.files.iter().try_for_each(|file| file.bytes().map(drop))
}

fn not_carried() -> String {
    "this binary does not carry the whole web app: expected pkg/ beside src/ when it was compiled; \
     run tests/build-pkg.sh, touch crates/bilik-publish/src/app.rs and compile again"
        .to_owned()
}

/// Writes the web app into a site: its pages into its root, the module into `pkg/`, what partners pin into `v/`, and
/// [`SITE_FILE`]. A file that is there already with the same bytes is left alone; any other is replaced in one step, so that a
/// visitor never gets half of one.
///
/// # Errors
/// When a file cannot be written.
pub fn write(site: &Path, app: &App) -> anyhow::Result<()> {
    let list = AppList::carried()?;
    let templates = Templates::of(&list)?;
    let mut described = SiteFile::new(app, list_digest()?);
    let mut pinned = Pinned::default();
    let deeper = Pinned::deeper(app.mirrors);
    if let Some(policy) = list.get(PAGE).and_then(|page| page.policy.as_ref()) {
        described.policy = policy.directives(app.mirrors);
    }
    let files = list.files.iter().filter(|file| file.kind != Kind::Partial && (app.election.demo || !file.demo));
    // Some say the digests of others, so they come after them.
    let (late, early): (Vec<_>, Vec<_>) =
        files.partition(|file| ["version", "integrity", "shell"].iter().any(|slot| file.needs(slot)));
    for file in early {
        let content = templates.fill(file, &described, app.mirrors, "")?;
        if file.shell {
            described.files.insert(file.path.clone(), hex_digest(&content));
        }
        put(&site.join(&file.path), &content)?;
        if file.pinned {
            pinned.add(&file.path, templates.fill(file, &described, &deeper, "")?);
        }
    }
    described.pinned = pinned.folder();
    described.version = version_of(&described);
    for (path, content) in pinned.files() {
        put(&site.join(&described.pinned).join(path), content)?;
    }
    let integrity = pinned.integrity();
    for file in late {
        put(&site.join(&file.path), &templates.fill(file, &described, app.mirrors, &integrity)?)?;
    }
    let json = serde_json::to_vec_pretty(&described).context("site.json cannot be written")?;
    put(&site.join(SITE_FILE), &json)
}

/// The page that the app of that site wrote for these values; nothing where this binary carries another app.
///
/// # Errors
/// When the binary carries no whole app.
pub fn page_of(site: &SiteFile) -> anyhow::Result<Option<Vec<u8>>> {
    if site.app != list_digest()? {
        return Ok(None);
    }
    let list = AppList::carried()?;
    let page = list.get(PAGE).with_context(not_carried)?;
    Templates::of(&list)?.fill(page, site, &site.mirrors, "").map(Some)
}

/// Another version as soon as one byte of one file is another.
fn version_of(site: &SiteFile) -> String {
    let lines: Vec<_> = site.files.iter().map(|(path, digest)| format!("{path} {digest}\n")).collect();
    hex_digest(lines.concat().as_bytes()).chars().take(VERSION_CHARS).collect()
}

/// Of the list, which has the digest of every file.
fn list_digest() -> anyhow::Result<String> {
    Ok(hex_digest(&Pkg::get(list::PATH).with_context(not_carried)?.data))
}

/// The SHA-256 of bytes, in hex.
#[must_use]
pub fn hex_digest(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

/// Puts a file into place in one step, where it differs from what is there.
fn put(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    let say = || format!("cannot write {}: check that the folder can be written to and the disk has room", path.display());
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(say)?;
    let mut file = tempfile::Builder::new().prefix(".").suffix(".partial").tempfile_in(folder).with_context(say)?;
    file.write_all(content).with_context(say)?;
    let_everyone_read(file.as_file()).with_context(say)?;
    file.persist(path).with_context(say)?;
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

#[cfg(test)]
mod tests;
