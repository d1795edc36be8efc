//! The web app that the binary carries: `www/` and `pkg/`, as they were when it was compiled.
//!
//! A debug build reads both folders when it runs, so that the page can be worked on without compiling. A release build holds
//! them; cargo compiles it again when one of their files changes, yet does not notice a file that is new. A binary compiled
//! before `pkg/` was built carries no module: [`check`] says so.

use self::pinned::Pinned;
use anyhow::Context as _;
use bilik::format::{Election, PublicKey};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path};

mod pinned;
mod pins;
mod slim;

pub use pins::Pins;

#[derive(RustEmbed)]
#[folder = "../../www"]
#[allow_missing = true]
struct Www;

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
/// No page of ours is longer.
pub const MAX_PAGE: u32 = 1 << 20;
/// The service worker, which keeps the shell: the files without which the page does not run.
const SERVICE_WORKER: &str = "sw.js";
/// Pictures for a home screen are the system's to keep.
const PICTURE: &str = ".png";
/// What stands in other people's pages is theirs to load.
const ELSEWHERE: [&str; 9] =
    ["embed.", "embed-code", "embed-inline", "embed-look", "element", "custom-elements", "examples", "css/embed", "css/examples"];

/// Whether the binary carries the module without which a page can find nobody: to be asked before hours of sealing.
///
/// # Errors
/// When it was compiled before `pkg/` was built.
pub fn check() -> anyhow::Result<()> {
    anyhow::ensure!(
        Pkg::iter().any(|name| is_wasm(&name)),
        "this binary carries no WebAssembly module: expected pkg/ beside src/ when it was compiled; \
         run tests/build-pkg.sh, touch crates/bilik-publish/src/app.rs and compile again"
    );
    Ok(())
}

/// Writes the web app into a site: `www/` into its root, `pkg/` beside it, and what partners pin into `v/`. A file that is
/// there already with the same bytes is left alone; any other is replaced in one step, so that a visitor never gets half
/// of one.
///
/// # Errors
/// When a file cannot be written.
pub fn write(site: &Path, app: &App) -> anyhow::Result<()> {
    let www = Www::iter().map(|name| (Www::get(&name), name.into_owned()));
    let pkg = Pkg::iter().map(|name| (Pkg::get(&name), format!("pkg/{name}")));
    write_files(site, app, www.chain(pkg))
}

fn write_files(site: &Path, app: &App, files: impl Iterator<Item = (Option<EmbeddedFile>, String)>) -> anyhow::Result<()> {
    let mut shell = Shell::default();
    let mut pinned = Pinned::default();
    let mut service_worker = None;
    let mut waiting = Vec::new();
    let index = Www::get(PAGE).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
    let deeper = Pinned::deeper(app.mirrors);
    for (file, name) in files.filter(|(_, name)| is_for_visitors(name) && pinned::is_wanted(name, app)) {
        let file = file.with_context(|| format!("the web app's file {name} is gone; compile again"))?;
        let text = || std::str::from_utf8(&file.data).with_context(|| format!("the web app's file {name} is not UTF-8"));
        let content_for = |app: &App| -> anyhow::Result<_> {
            Ok(match Path::new(&name).extension().and_then(|extension| extension.to_str()) {
                Some("html") => Cow::Owned(fill(&slim::trim(&pinned::include(text()?, &index)), app, escape).into_bytes()),
                Some("webmanifest") => Cow::Owned(fill(text()?, app, escape_json).into_bytes()),
                _ if slim::is_for(&name) => Cow::Owned(slim::slim(text()?).into_bytes()),
                _ => Cow::Borrowed(&*file.data),
            })
        };
        if name == SERVICE_WORKER {
            service_worker = Some(slim::slim(text()?));
            continue;
        }
        let content = content_for(app)?;
        if is_page(&name) && pinned::waits(&String::from_utf8_lossy(&content)) {
            waiting.push((name, String::from_utf8_lossy(&content).into_owned()));
            continue;
        }
        put(&site.join(&name), &content)?;
        shell.add(&name, &content);
        if Pinned::holds(&name) {
            pinned.add(&name, &content_for(&App { mirrors: &deeper, ..*app })?);
        }
    }
    for (path, content) in pinned.files() {
        put(&site.join(path), content)?;
    }
    for (name, page) in waiting {
        put(&site.join(name), pinned::fill(&page, &pinned).as_bytes())?;
    }
    // It names the digests of all the others.
    service_worker.map_or(Ok(()), |text| put(&site.join(SERVICE_WORKER), shell.fill(&text).as_bytes()))
}

/// The files that the service worker keeps, by their paths, with their SHA-256 in hex.
#[derive(Default)]
struct Shell(BTreeMap<String, String>);

impl Shell {
    fn add(&mut self, name: &str, content: &[u8]) {
        if !name.ends_with(PICTURE) && !ELSEWHERE.iter().any(|start| name.starts_with(start)) {
            self.0.insert(name.to_owned(), hex(&Sha256::digest(content)));
        }
    }

    /// Another version as soon as one byte of one file is another.
    fn version(&self) -> String {
        let lines = self.0.iter().fold(Sha256::new(), |lines, (name, digest)| lines.chain_update(format!("{name} {digest}\n")));
        hex(&lines.finalize()).chars().take(16).collect()
    }

    /// Fills in the placeholders of the service worker. Names that are no plain ASCII do not occur in the app.
    fn fill(&self, text: &str) -> String {
        let files: Vec<_> = self.0.iter().map(|(name, digest)| format!("\"{}\":\"{digest}\"", escape_json(name))).collect();
        text.replace("{{files}}", &format!("{{{}}}", files.join(","))).replace("{{version}}", &self.version())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Everything but what only developers read.
fn is_for_visitors(name: &str) -> bool {
    let path = Path::new(name);
    let is_hidden = path.components().any(|part| match part {
        Component::Normal(part) => part.to_string_lossy().starts_with('.'),
        _ => true,
    });
    let file = path.file_name().map(|file| file.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let is_developers = file.starts_with("readme")
        || [".d.ts", ".md"].iter().any(|end| file.ends_with(end))
        || ["jsconfig.json", "tsconfig.json", "package.json"].contains(&file.as_str());
    !is_hidden && !is_developers
}

fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "html")
}

fn is_wasm(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "wasm")
}

/// Fills in the placeholders of a page, each value written so that it stays one there.
fn fill(page: &str, app: &App, escape: fn(&str) -> String) -> String {
    let Election { id, name, demo, help_phone, help_url, .. } = app.election;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let values = [
        ("{{mirrors}}", app.mirrors.join(" ")),
        ("{{public_key}}", words(app.public_keys)),
        ("{{threshold}}", app.threshold.to_string()),
        ("{{election}}", id.clone()),
        ("{{name}}", if *demo { format!("DEMO · {name}") } else { name.clone() }),
        ("{{demo}}", demo.to_string()),
        ("{{help_phone}}", text(help_phone)),
        ("{{help_url}}", text(help_url)),
        ("{{mirror_origins}}", origins(app.mirrors).join(" ")),
    ];
    values.iter().fold(page.to_owned(), |page, (placeholder, value)| page.replace(placeholder, &escape(value)))
}

fn words(keys: &[PublicKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The origins of the absolute mirrors, each once, as a content security policy names them: where a page may fetch from.
fn origins(mirrors: &[String]) -> Vec<String> {
    let origin = |mirror: &String| {
        let (scheme, rest) = mirror.trim().split_once("://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        let host = host.rsplit('@').next()?;
        // Anything else would not be one source of a policy but several, or its end.
        let is_source = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:[]".contains(c));
        (is_source && matches!(scheme, "http" | "https")).then(|| format!("{scheme}://{host}"))
    };
    mirrors.iter().filter_map(origin).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Text as the value of an attribute or between tags.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text inside the quotes of a JSON string.
fn escape_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
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
