//! How a host serves a site, judged as a browser judges it: what pages need to read it and to run at all, and what
//! `docs/operating.md` recommends.
//!
//! One data file of each kind and every file of the app is requested as a page of another origin would. What keeps a page from
//! reading it or from running is a problem; what only makes it slower, staler or plainer is advice.

mod finding;
mod framing;
mod html;
mod media;
mod policy;

use super::files::SiteReport;
use crate::app::{FRAME, PAGE, SERVICE_WORKER, SiteFile};
use crate::base_url::is_this_machine;
use crate::cancel::CancellationToken;
use crate::source::{Address, HttpAnswer};
use bilik::format;
use bilik::lookup::Problem;
use finding::{Finding, described};
use media::Media;
use policy::ServedPage;
use serde::Serialize;
use std::collections::BTreeSet;
use ureq::http::HeaderMap;
use url::Url;

/// The origin of the requests: a partner's page.
const ORIGIN: &str = "https://partner.example";
/// A longer page is not read.
const MAX_PAGE: u64 = 1 << 20;
/// The minimum age of a file that never changes: a month, in seconds.
const MIN_IMMUTABLE_AGE: u64 = 30 * 86_400;
/// The maximum age of a file that changes: five minutes, in seconds.
const MAX_MUTABLE_AGE: u64 = 300;

/// How one file was served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServedFile {
    /// Its path; empty for the site's own address.
    pub file: String,
    /// 200 where the file was served.
    pub status: u16,
    /// `Access-Control-Allow-Origin`.
    pub allow_origin: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Encoding`.
    pub content_encoding: Option<String>,
}

/// A recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// The file's path.
    pub file: String,
    /// The header that it is about.
    pub header: &'static str,
    /// What is, and what is recommended.
    pub advice: String,
}

/// How a host serves a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HostingReport {
    /// The files that were requested.
    pub served: Vec<ServedFile>,
    /// What works and could be better.
    pub advice: Vec<Advice>,
    /// What keeps pages from reading it.
    #[serde(skip)]
    pub problems: Vec<Problem>,
}

/// What a file is to its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Head,
    /// Sealed or public data under its digest.
    Data,
    Page,
    /// A page for the frames of partners.
    Frame,
    Script,
    ServiceWorker,
    Style,
    Module,
    /// Texts, pictures and the like.
    Other,
}

/// The page by the site's own address, and files of the app that `site.json` does not list: path, and whether the app needs it.
const APP: [(&str, bool); 7] = [
    ("", true),
    (PAGE, true),
    (FRAME, false),
    ("app.js", false),
    (SERVICE_WORKER, true),
    ("pkg/bilik.js", true),
    ("pkg/bilik_bg.wasm", true),
];

/// One file that is requested.
#[derive(Clone, Copy)]
struct Asked<'a> {
    url: &'a Url,
    path: &'a str,
    role: Role,
    /// The files of the app that every page needs.
    app: &'a [&'a str],
    /// An earlier file of this role had the same advice.
    is_first: bool,
}

/// Requests the head, a file of each kind, and the app unless it is a mirror of the data alone; nothing that `found` says did not
/// come.
#[must_use]
pub fn check_hosting(
    address: &Address,
    found: &SiteReport,
    app: Option<&SiteFile>,
    with_app: bool,
    cancel: &CancellationToken,
) -> HostingReport {
    let mut hosting = HostingReport::default();
    let kept: Vec<&str> = app.into_iter().flat_map(|app| app.files.keys()).map(String::as_str).collect();
    let others = kept.iter().filter(|path| !APP.iter().any(|(known, _)| known == *path)).map(|path| (*path, true));
    let app = APP.into_iter().chain(others).filter(|_| with_app).map(|(path, is_needed)| (path, role_of(path), is_needed));
    let data = found.samples.values().map(|path| (path.as_str(), Role::Data, true));
    let mut roles = BTreeSet::new();
    for (path, role, is_needed) in std::iter::once((format::HEAD_PATH, Role::Head, true)).chain(data).chain(app) {
        if cancel.is_cancelled() || found.is_given_up() {
            break;
        }
        let is_missing =
            |problem: &Problem| !problem.refused && (problem.file == path || (path.is_empty() && problem.file == PAGE));
        if found.problems.iter().any(is_missing) {
            continue;
        }
        let Ok(url) = address.url().join(path) else { continue };
        let is_first = role == Role::Data || roles.insert(role) || path == PAGE;
        let asked = Asked { url: &url, path, role, app: &kept, is_first };
        let max = if matches!(role, Role::Head | Role::Data) { 1 } else { MAX_PAGE };
        match address.ask(path, max, &[("Origin", ORIGIN)]) {
            Ok(answer) if answer.status == 404 && !is_needed => {}
            Ok(answer) => hosting.judge(address.base(), asked, &answer),
            Err(error) => hosting.problems.push(error.problem(address.base(), path)),
        }
    }
    if address.url().scheme() == "http" && !is_this_machine(address.url()) {
        hosting.advise("", "", "not https: pages under https cannot read it, and the network sees what is requested".into());
    }
    hosting
}

fn role_of(path: &str) -> Role {
    match path {
        "" => Role::Page,
        FRAME => Role::Frame,
        SERVICE_WORKER => Role::ServiceWorker,
        path => match path.rsplit_once('.').map_or("", |(_, end)| end) {
            "html" => Role::Page,
            "js" => Role::Script,
            "css" => Role::Style,
            "wasm" => Role::Module,
            _ => Role::Other,
        },
    }
}

impl HostingReport {
    fn judge(&mut self, base: &str, asked: Asked<'_>, answer: &HttpAnswer) {
        let path = asked.path;
        let headers = &answer.headers;
        let served = ServedFile {
            file: path.to_owned(),
            status: answer.status,
            allow_origin: all(headers, "access-control-allow-origin"),
            cache_control: all(headers, "cache-control"),
            content_type: all(headers, "content-type"),
            content_encoding: all(headers, "content-encoding"),
        };
        let findings = match answer.status {
            200 => of_served(asked, &served, answer),
            300..=399 => vec![Finding::Problem(answer.redirect().to_string())],
            status => vec![Finding::Problem(format!("the server answers a request from another origin with status {status}"))],
        };
        for finding in findings {
            match finding {
                Finding::Problem(reason) => {
                    let problem = Problem::unreachable(base, path, reason);
                    // The page stands at two paths, mostly with the same headers.
                    if !(path == PAGE && self.problems.iter().any(|old| old.file.is_empty() && old.reason == problem.reason)) {
                        self.problems.push(problem);
                    }
                }
                Finding::Advice(header, advice) => self.advise(path, header, advice),
            }
        }
        self.served.push(served);
    }

    fn advise(&mut self, file: &str, header: &'static str, advice: String) {
        self.advice.push(Advice { file: file.to_owned(), header, advice });
    }
}

/// What the rules say of an answer with a file.
fn of_served(asked: Asked<'_>, served: &ServedFile, answer: &HttpAnswer) -> Vec<Finding> {
    let Asked { url, role, app, is_first, .. } = asked;
    let headers = &answer.headers;
    let is_app = !matches!(role, Role::Head | Role::Data);
    let mut findings: Vec<_> = media_of(role)
        .and_then(|media| media::judged(media, served.content_type.as_deref(), is_nosniff(headers)))
        .into_iter()
        .chain(open_to_others(is_app, served.allow_origin.as_deref()))
        .collect();
    let policies = values(headers, "content-security-policy");
    if is_app {
        match answer.decoded(MAX_PAGE) {
            Ok(bytes) if matches!(role, Role::Page | Role::Frame) => {
                findings.extend(ServedPage::new(url, &policies, &String::from_utf8_lossy(&bytes)).findings(app));
            }
            Ok(_) => {}
            Err(error) => findings.push(Finding::Problem(error.to_string())),
        }
    }
    match role {
        Role::Frame => {
            let options = all(headers, "x-frame-options");
            let partner = Url::parse(ORIGIN).ok();
            findings.extend(partner.and_then(|partner| framing::judged(url, &partner, &policies, options.as_deref())));
        }
        Role::ServiceWorker => findings.extend(policy::service_worker(url, &policies)),
        _ => {}
    }
    findings.extend(caching(role, served.cache_control.as_deref()));
    findings.extend(is_app.then(|| speed(served, headers)).into_iter().flatten());
    findings.retain(|finding| is_first || matches!(finding, Finding::Problem(_)));
    findings
}

fn media_of(role: Role) -> Option<Media> {
    match role {
        Role::Page | Role::Frame => Some(Media::Page),
        Role::Script | Role::ServiceWorker => Some(Media::Script),
        Role::Style => Some(Media::Style),
        Role::Module => Some(Media::Module),
        Role::Data => Some(Media::Data),
        Role::Head | Role::Other => None,
    }
}

/// Data must be, and the app had better be, readable by pages of other origins.
fn open_to_others(is_app: bool, origin: Option<&str>) -> Option<Finding> {
    if origin == Some("*") {
        None
    } else if is_app {
        Some(Finding::Advice("Access-Control-Allow-Origin", format!("{}; {OPEN}", described("it", origin))))
    } else {
        let is = described("Access-Control-Allow-Origin", origin);
        Some(Finding::Problem(format!("{is}: pages of other origins cannot read it; {OPEN}")))
    }
}

fn caching(role: Role, control: Option<&str>) -> Option<Finding> {
    let text = control.unwrap_or_default().to_ascii_lowercase();
    let has = |word: &str| text.split(',').any(|part| part.trim() == word);
    let seconds = |name: &str| text.split(',').find_map(|part| part.trim().strip_prefix(name)?.parse::<u64>().ok());
    let (age, shared_age) = (seconds("max-age="), seconds("s-maxage="));
    let now = described("it", control);
    if role == Role::Data {
        let is_kept = age.is_some_and(|age| age >= MIN_IMMUTABLE_AGE) && has("immutable");
        let is_cached = is_kept && !has("no-store") && !has("no-cache") && !has("private");
        let advice = || format!("{now}; recommended: public, max-age=31536000, immutable, since it never changes");
        return (!is_cached).then(|| Finding::Advice("Cache-Control", advice()));
    }
    let is_fresh = has("no-cache") || has("no-store") || age.is_some_and(|age| age <= MAX_MUTABLE_AGE);
    let is_stale = !is_fresh || has("immutable") || shared_age.is_some_and(|age| age > MAX_MUTABLE_AGE);
    let what = if role == Role::Head { "a newer head" } else { "a newer version" };
    let advice = || format!("{now}, so {what} may be seen late; recommended: no-cache, or max-age of {MAX_MUTABLE_AGE} at most");
    is_stale.then(|| Finding::Advice("Cache-Control", advice()))
}

/// What makes a visit to the app slower.
fn speed(served: &ServedFile, headers: &HeaderMap) -> Vec<Finding> {
    let has_validator = ["etag", "last-modified"].iter().any(|name| headers.contains_key(*name));
    let validator = (!has_validator)
        .then(|| Finding::Advice("ETag", "neither ETag nor Last-Modified, so the whole file is sent again each time".into()));
    let encoding = match served.content_encoding.as_deref() {
        Some("br" | "zstd") => None,
        Some("gzip") => Some("gzip; brotli saves a visitor a sixth of the app"),
        _ => Some("not compressed, although the request accepts brotli and gzip"),
    };
    validator.into_iter().chain(encoding.map(|encoding| Finding::Advice("Content-Encoding", encoding.into()))).collect()
}

const OPEN: &str = "send Access-Control-Allow-Origin: * exactly once in every response";

fn is_nosniff(headers: &HeaderMap) -> bool {
    all(headers, "x-content-type-options")
        .is_some_and(|value| value.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("nosniff")))
}

/// All values of a header.
fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// The same, as a browser joins them: `*, *` is not `*`.
fn all(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(values(headers, name)).filter(|values| !values.is_empty()).map(|values| values.join(", "))
}

#[cfg(test)]
mod tests;
