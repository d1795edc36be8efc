//! The web app that the binary carries: `www/` and `pkg/`, as they were when it was compiled.
//!
//! A debug build reads both folders when it runs, so that the page can be worked on without compiling. A release build holds
//! them; cargo compiles it again when one of their files changes, yet does not notice a file that is new. A binary compiled
//! before `pkg/` was built carries no module: [`check`] says so.

use anyhow::Context as _;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path};

#[derive(RustEmbed)]
#[folder = "www"]
#[allow_missing = true]
struct Www;

#[derive(RustEmbed)]
#[folder = "pkg"]
#[allow_missing = true]
struct Pkg;

/// What the operator's election writes into the pages.
#[derive(Clone, Copy, Debug)]
pub struct App<'a> {
    /// Base URLs that serve the site, absolute or relative to the page.
    pub mirrors: &'a [String],
    /// The keys that sign heads, as the page reads them.
    pub public_keys: &'a [String],
    /// The election's id.
    pub election: &'a str,
    /// All of it is made up, and the very first screen says so.
    pub demo: bool,
}

/// Whether the binary carries the module without which a page can find nobody: to be asked before hours of sealing.
///
/// # Errors
/// When it was compiled before `pkg/` was built.
pub fn check() -> anyhow::Result<()> {
    anyhow::ensure!(
        Pkg::iter().any(|name| is_wasm(&name)),
        "this binary carries no WebAssembly module: expected pkg/ beside src/ when it was compiled; \
         run tests/build-pkg.sh, touch src/publish/app.rs and compile again"
    );
    Ok(())
}

/// Writes the web app into a site: `www/` into its root, `pkg/` beside it. A file that is there already with the same
/// bytes is left alone; any other is replaced in one step, so that a visitor never gets half of one.
///
/// # Errors
/// When a file cannot be written.
pub fn write(site: &Path, app: &App) -> anyhow::Result<()> {
    write_files(site, app, Www::iter().map(|name| (Www::get(&name), name)))?;
    write_files(&site.join("pkg"), app, Pkg::iter().map(|name| (Pkg::get(&name), name)))
}

fn write_files<'a>(
    folder: &Path,
    app: &App,
    files: impl Iterator<Item = (Option<EmbeddedFile>, Cow<'a, str>)>,
) -> anyhow::Result<()> {
    for (file, name) in files.filter(|(_, name)| is_for_visitors(name)) {
        let file = file.with_context(|| format!("the web app's file {name} is gone; compile again"))?;
        let content = if name.ends_with(".html") {
            let text = std::str::from_utf8(&file.data).with_context(|| format!("the web app's file {name} is not UTF-8"))?;
            Cow::Owned(fill(text, app).into_bytes())
        } else {
            file.data
        };
        put(&folder.join(&*name), &content)?;
    }
    Ok(())
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

fn is_wasm(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "wasm")
}

/// Fills in the placeholders of a page.
fn fill(page: &str, app: &App) -> String {
    let values = [
        ("{{mirrors}}", app.mirrors.join(" ")),
        ("{{public_key}}", app.public_keys.join(" ")),
        ("{{election}}", app.election.to_owned()),
        ("{{demo}}", app.demo.to_string()),
        ("{{mirror_origins}}", origins(app.mirrors).join(" ")),
    ];
    values.iter().fold(page.to_owned(), |page, (placeholder, value)| page.replace(placeholder, &escape(value)))
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
mod tests {
    use super::*;

    fn app<'a>(mirrors: &'a [String], keys: &'a [String]) -> App<'a> {
        App { mirrors, public_keys: keys, election: "pemilu-\"<&'>", demo: true }
    }

    #[test]
    fn placeholders_are_filled_and_escaped() {
        let mirrors = [String::from("./"), String::from("https://a.example/x?a=1&b=\"2\"")];
        let keys = [String::from("key1"), String::from("key2")];
        let page = "connect 'self' {{mirror_origins}};|{{mirrors}}|{{public_key}}|{{election}}|{{demo}}|{{other}}";
        assert_eq!(
            fill(page, &app(&mirrors, &keys)),
            "connect 'self' https://a.example;|./ https://a.example/x?a=1&amp;b=&quot;2&quot;|key1 key2|\
             pemilu-&quot;&lt;&amp;&#39;&gt;|true|{{other}}"
        );
    }

    #[test]
    fn origins_are_those_of_absolute_mirrors_each_once() {
        let mirrors = [
            "./",
            "/files/",
            "https://b.example:8443/x/",
            "https://b.example:8443/y/",
            "http://a.example",
            "https://user@c.example/",
            "ftp://d.example/",
            "https://bad.example;script-src *",
            "https:///x",
        ];
        let origins = origins(&mirrors.map(String::from));
        assert_eq!(origins, ["http://a.example", "https://b.example:8443", "https://c.example"]);
    }

    #[test]
    fn what_only_developers_read_is_left_out() {
        for (name, is_in) in [
            ("index.html", true),
            ("i18n/id.json", true),
            ("bilik_bg.wasm", true),
            ("manifest.webmanifest", true),
            (".gitkeep", false),
            ("css/.draft.css", false),
            ("bilik.d.ts", false),
            ("README.md", false),
            ("package.json", false),
        ] {
            assert_eq!(is_for_visitors(name), is_in, "{name}");
        }
    }

    #[test]
    fn the_page_is_written_and_unchanged_files_are_left_alone() {
        let site = tempfile::tempdir().unwrap();
        let (mirrors, keys) = ([String::from("https://a.example/")], [String::from("key")]);
        let app = App { election: "demo", demo: true, ..app(&mirrors, &keys) };
        let write = || write_files(site.path(), &app, Www::iter().map(|name| (Www::get(&name), name))).unwrap();
        write();
        let index = site.path().join("index.html");
        let page = fs::read_to_string(&index).unwrap();
        assert!(page.contains(r#"name="bilik-election" content="demo""#) && !page.contains("{{"), "{page}");
        assert!(page.contains("connect-src 'self' https://a.example;"));
        let old = std::time::SystemTime::UNIX_EPOCH;
        fs::File::options().write(true).open(&index).unwrap().set_modified(old).unwrap();
        fs::write(site.path().join("app.js"), "changed").unwrap();
        write();
        assert_eq!(fs::metadata(&index).unwrap().modified().unwrap(), old);
        assert_ne!(fs::read(site.path().join("app.js")).unwrap(), b"changed");
        let left =
            fs::read_dir(site.path()).unwrap().filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
        assert_eq!(left.count(), 0);
    }
}
