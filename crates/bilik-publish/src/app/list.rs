//! `pkg/app.json`: the one list of the web app's files, which tests/tools/build-app.mjs writes.
//!
//! ```json
//! { "format": 1,
//!   "files": [
//!     { "path": "index.html", "source": "app/index.html", "kind": "page", "sha256": "…", "shell": true, "pinned": false,
//!       "demo": false, "template": "html", "slots": ["demo", "mirrors", "policy"],
//!       "policy": { "default-src": ["'none'"], "connect-src": ["'self'", { "slot": "mirror_origins" }] } } ] }
//! ```

use super::carried;
use super::digest::hex_digest;
use super::error::AppError;
use crate::base_url::origin_of;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Where it lies in `pkg/`.
pub(super) const PATH: &str = "app.json";
const FORMAT: u32 = 1;

/// The web app's files.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct AppList {
    format: u32,
    pub(super) files: Vec<AppFile>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct AppFile {
    /// Where it lies in a site.
    pub(super) path: String,
    /// Where it lies in `pkg/`.
    pub(super) source: String,
    pub(super) kind: Kind,
    /// Of the file in `pkg/`, in hex. A template has another one in a site.
    pub(super) sha256: String,
    /// The service worker keeps it: the app does not run without it.
    pub(super) shell: bool,
    /// A pinned version under `v/` has it.
    pub(super) pinned: bool,
    /// It has no place in a site that people vote by.
    pub(super) demo: bool,
    /// What its slots are in, where it has any: how a value is escaped.
    pub(super) template: Option<Escape>,
    /// Names of values that it needs of an election, or of the other files.
    #[serde(default)]
    pub(super) slots: BTreeSet<String>,
    /// The content security policy in its head.
    pub(super) policy: Option<Policy>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    Page,
    /// A part of pages, and no file of a site.
    Partial,
    /// What `bilik pack` fills, and no file of a site.
    Pack,
    Script,
    ServiceWorker,
    Style,
    /// The page's words in one language, and other JSON.
    Text,
    Manifest,
    Image,
    /// The WebAssembly module and its glue.
    Module,
}

/// What a value is written into.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Escape {
    Html,
    Json,
}

/// A content security policy: sources by directive.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Policy(BTreeMap<String, Vec<Source>>);

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Source {
    Fixed(String),
    Slot { slot: PolicySlot },
}

/// What only an election knows of a policy.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PolicySlot {
    MirrorOrigins,
}

impl AppList {
    /// The list that the binary carries.
    pub(super) fn carried() -> Result<Self, AppError> {
        const FILE: &str = "pkg/app.json";
        let json = carried::bytes_of(PATH)?;
        let list: Self = serde_json::from_slice(&json).map_err(|cause| AppError::Json { file: FILE, cause })?;
        let got = list.format;
        if got == FORMAT { Ok(list) } else { Err(AppError::Format { file: FILE, got, expected: FORMAT }) }
    }

    pub(super) fn get(&self, path: &str) -> Option<&AppFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// The languages of the page by their codes: its scripts carry Indonesian, and each other one is a file.
pub(crate) fn languages() -> Vec<String> {
    let list = AppList::carried().map(|list| list.files).unwrap_or_default();
    let code = |file: &AppFile| file.path.strip_prefix("i18n/")?.strip_suffix(".json").map(str::to_owned);
    std::iter::once("id".to_owned()).chain(list.iter().filter_map(code)).collect()
}

impl AppFile {
    /// Its bytes as they lie in `pkg/`.
    pub(super) fn bytes(&self) -> Result<Cow<'static, [u8]>, AppError> {
        let bytes = carried::bytes_of(&self.source)?;
        if hex_digest(&bytes) == self.sha256 { Ok(bytes) } else { Err(AppError::Changed(self.source.clone())) }
    }

    /// The text of its policy in a site with these mirrors; empty where it has none.
    pub(super) fn policy_for(&self, mirrors: &[String]) -> String {
        self.policy.as_ref().map(|policy| policy_text(&policy.directives(mirrors))).unwrap_or_default()
    }

    /// Whether a site has it.
    pub(super) fn is_of_site(&self) -> bool {
        !matches!(self.kind, Kind::Partial | Kind::Pack)
    }

    pub(super) fn needs(&self, slot: &str) -> bool {
        self.slots.contains(slot)
    }
}

impl Policy {
    /// The directives for an election with these mirrors.
    pub(super) fn directives(&self, mirrors: &[String]) -> BTreeMap<String, Vec<String>> {
        let sources = |source: &Source| match source {
            Source::Fixed(source) => vec![source.clone()],
            Source::Slot { slot: PolicySlot::MirrorOrigins } => origins(mirrors),
        };
        let directives = self.0.iter();
        directives.map(|(name, list)| (name.clone(), list.iter().flat_map(sources).collect())).collect()
    }
}

/// A policy as a header or a meta element has it.
pub(super) fn policy_text(directives: &BTreeMap<String, Vec<String>>) -> String {
    let lines: Vec<_> = directives.iter().map(|(name, sources)| format!("{name} {}", sources.join(" "))).collect();
    lines.join("; ")
}

/// The origins of the absolute mirrors, each once, as a content security policy names them: where a page may fetch from.
fn origins(mirrors: &[String]) -> Vec<String> {
    mirrors.iter().filter_map(|mirror| origin_of(mirror)).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_those_of_absolute_mirrors_each_once() {
        let mirrors = [
            "./",
            "/files/",
            "https://b.example:8443/x/",
            "https://b.example:8443/y/",
            "http://a.example",
            "https://bad.example;script-src *",
        ];
        let origins = origins(&mirrors.map(String::from));
        assert_eq!(origins, ["http://a.example", "https://b.example:8443"]);
    }

    #[test]
    fn a_policy_is_written_with_the_origins_in_their_slot() {
        let json = r#"{ "default-src": ["'none'"], "connect-src": ["'self'", { "slot": "mirror_origins" }] }"#;
        let policy: Policy = serde_json::from_str(json).unwrap();
        let text = |mirrors: &[&str]| {
            let mirrors: Vec<_> = mirrors.iter().map(ToString::to_string).collect();
            policy_text(&policy.directives(&mirrors))
        };
        assert_eq!(text(&["./"]), "connect-src 'self'; default-src 'none'");
        assert_eq!(text(&["./", "https://a.example/x/"]), "connect-src 'self' https://a.example; default-src 'none'");
        assert!(serde_json::from_str::<Policy>(r#"{ "a": [{ "slot": "other" }] }"#).is_err());
    }
}
