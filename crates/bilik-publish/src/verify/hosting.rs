//! How a host serves a site: what pages of other origins need to read it at all, and what `docs/operating.md` recommends.
//!
//! One file of each kind is requested as a page of another origin would. What keeps a page from reading it is a problem; what
//! only makes it slower or staler is advice.

use crate::cancel::CancellationToken;
use crate::source::{Address, HttpAnswer};
use bilik::format;
use bilik::lookup::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use ureq::http::HeaderMap;

/// The origin of the requests: a partner's page.
const ORIGIN: &str = "https://partner.example";
/// As browsers send it.
const ENCODINGS: &str = "br, gzip";
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Head,
    /// Sealed or public data under its digest.
    Data,
    Page,
    /// A page for the frames of partners.
    Frame,
    Script,
    Module,
}

/// The app's files that are requested: path, role, and whether the app needs it.
const APP: [(&str, Role, bool); 6] = [
    ("", Role::Page, true),
    ("index.html", Role::Page, true),
    ("embed.html", Role::Frame, false),
    ("app.js", Role::Script, false),
    ("pkg/bilik.js", Role::Script, true),
    ("pkg/bilik_bg.wasm", Role::Module, true),
];

/// Requests the head, the given file of each kind, and the app if there is one.
#[must_use]
pub fn check_hosting(
    address: &Address,
    samples: &BTreeMap<char, String>,
    with_app: bool,
    cancel: &CancellationToken,
) -> HostingReport {
    let mut hosting = HostingReport::default();
    let data = samples.values().map(|path| (path.as_str(), Role::Data, true));
    let app = APP.into_iter().filter(|_| with_app);
    for (path, role, is_needed) in std::iter::once((format::HEAD_PATH, Role::Head, true)).chain(data).chain(app) {
        if cancel.is_cancelled() {
            break;
        }
        match address.ask(path, 1, &[("Origin", ORIGIN), ("Accept-Encoding", ENCODINGS)]) {
            Ok(answer) if answer.status == 404 && !is_needed => {}
            Ok(answer) => hosting.judge(address.base(), path, role, &answer),
            Err(error) => hosting.problems.push(Problem::unreachable(address.base(), path, error.to_string())),
        }
    }
    if address.base().starts_with("http://") && !is_local(address.base()) {
        hosting.advise("", "", "not https: pages under https cannot read it, and the network sees what is requested");
    }
    hosting
}

impl HostingReport {
    fn judge(&mut self, base: &str, path: &str, role: Role, answer: &HttpAnswer) {
        let headers = &answer.headers;
        let served = ServedFile {
            file: path.to_owned(),
            status: answer.status,
            allow_origin: all(headers, "access-control-allow-origin"),
            cache_control: all(headers, "cache-control"),
            content_type: all(headers, "content-type"),
            content_encoding: all(headers, "content-encoding"),
        };
        let mut wrong = |reason: String| self.problems.push(Problem::unreachable(base, path, reason));
        if answer.status != 200 {
            wrong(match answer.status {
                300..=399 => answer.redirect().to_string(),
                status => format!("the server answers a request from another origin with status {status}"),
            });
            self.served.push(served);
            return;
        }
        let origin = served.allow_origin.as_deref();
        let is_open = origin == Some("*");
        if !is_open && matches!(role, Role::Head | Role::Data) {
            wrong(format!("{}: pages of other origins cannot read it; {OPEN}", described("Access-Control-Allow-Origin", origin)));
        }
        let kind = media_type(served.content_type.as_deref());
        if role == Role::Script && !SCRIPTS.contains(&kind.as_str()) {
            wrong(format!(
                "{}: browsers do not run scripts of this type. Fix: send text/javascript",
                described("Content-Type", Some(&kind))
            ));
        }
        if matches!(role, Role::Page | Role::Frame) && kind != "text/html" {
            wrong(format!(
                "{}: browsers do not show pages of this type. Fix: send text/html",
                described("Content-Type", Some(&kind))
            ));
        }
        if role == Role::Frame {
            for header in ["x-frame-options", "content-security-policy"] {
                let value = all(headers, header).unwrap_or_default().to_ascii_lowercase();
                if header == "x-frame-options" && !value.is_empty() || value.contains("frame-ancestors") {
                    self.advise(path, "X-Frame-Options", "partners' pages cannot show this frame; omit the header for it");
                }
            }
        }
        if !is_open && !matches!(role, Role::Head | Role::Data) {
            self.advise(path, "Access-Control-Allow-Origin", &format!("{}; {OPEN}", described("it", origin)));
        }
        if role == Role::Module && kind != "application/wasm" {
            let advice = "it is not application/wasm, so browsers cannot compile the module while it loads";
            self.advise(path, "Content-Type", advice);
        }
        if role == Role::Data && kind.starts_with("text/") {
            self.advise(
                path,
                "Content-Type",
                "sealed data is not text; send application/octet-stream, so that nothing on the way converts it",
            );
        }
        self.advise_caching(path, role, served.cache_control.as_deref());
        let is_app = !matches!(role, Role::Head | Role::Data);
        if is_app && !["etag", "last-modified"].iter().any(|name| headers.contains_key(*name)) {
            self.advise(path, "ETag", "neither ETag nor Last-Modified, so the whole file is sent again each time");
        }
        if !matches!(role, Role::Head | Role::Data) {
            match served.content_encoding.as_deref() {
                Some("br") => {}
                Some("gzip") => self.advise(path, "Content-Encoding", "gzip; brotli saves a visitor a sixth of the app"),
                _ => self.advise(path, "Content-Encoding", "not compressed, although the request accepts brotli and gzip"),
            }
        }
        self.served.push(served);
    }

    fn advise_caching(&mut self, path: &str, role: Role, control: Option<&str>) {
        let text = control.unwrap_or_default().to_ascii_lowercase();
        let has = |word: &str| text.split(',').any(|part| part.trim() == word);
        let seconds = |name: &str| text.split(',').find_map(|part| part.trim().strip_prefix(name)?.parse::<u64>().ok());
        let (age, shared_age) = (seconds("max-age="), seconds("s-maxage="));
        let now = described("it", control);
        if role == Role::Data {
            let is_kept = age.is_some_and(|age| age >= MIN_IMMUTABLE_AGE) && has("immutable");
            if !is_kept || has("no-store") || has("no-cache") || has("private") {
                let advice = format!("{now}; recommended: public, max-age=31536000, immutable, since it never changes");
                self.advise(path, "Cache-Control", &advice);
            }
            return;
        }
        let is_fresh = has("no-cache") || has("no-store") || age.is_some_and(|age| age <= MAX_MUTABLE_AGE);
        if !is_fresh || has("immutable") || shared_age.is_some_and(|age| age > MAX_MUTABLE_AGE) {
            let what = if role == Role::Head { "a newer head" } else { "a newer version" };
            let advice =
                format!("{now}, so {what} may be seen late; recommended: no-cache, or max-age of {MAX_MUTABLE_AGE} at most");
            self.advise(path, "Cache-Control", &advice);
        }
    }

    fn advise(&mut self, file: &str, header: &'static str, advice: &str) {
        self.advice.push(Advice { file: file.to_owned(), header, advice: advice.to_owned() });
    }
}

const OPEN: &str = "send Access-Control-Allow-Origin: * exactly once in every response";
const SCRIPTS: [&str; 3] = ["text/javascript", "application/javascript", "application/x-javascript"];

/// All values of a header, as a browser joins them: `*, *` is not `*`.
fn all(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<String> =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn media_type(text: Option<&str>) -> String {
    text.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn described(what: &str, value: Option<&str>) -> String {
    match value {
        None | Some("") => format!("{what} is missing"),
        Some(value) => format!("{what} is `{value}`"),
    }
}

fn is_local(base: &str) -> bool {
    let host = base.split_once("://").map_or(base, |(_, rest)| rest).split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.starts_with("127.") || host == "[" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::{HeaderName, HeaderValue};

    fn judged(role: Role, status: u16, headers: &[(&'static str, &'static str)]) -> HostingReport {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        map.insert("etag", HeaderValue::from_static("\"1\""));
        let mut hosting = HostingReport::default();
        hosting.judge("https://a.example/", "x", role, &HttpAnswer { status, headers: map, bytes: Vec::new() });
        hosting
    }

    const OPEN: (&str, &str) = ("access-control-allow-origin", "*");
    const FOREVER: (&str, &str) = ("cache-control", "public, max-age=31536000, immutable");
    const FRESH: (&str, &str) = ("cache-control", "no-cache");
    const OCTETS: (&str, &str) = ("content-type", "application/octet-stream");

    #[test]
    fn what_is_recommended_passes_without_a_word() {
        let brotli = ("content-encoding", "br");
        for (role, headers) in [
            (Role::Head, vec![OPEN, FRESH, OCTETS]),
            (Role::Head, vec![OPEN, ("cache-control", "public, max-age=60"), OCTETS]),
            (Role::Head, vec![OPEN, ("cache-control", "public, max-age=0, s-maxage=30"), OCTETS]),
            (Role::Data, vec![OPEN, FOREVER, OCTETS]),
            (Role::Page, vec![OPEN, FRESH, brotli, ("content-type", "text/html; charset=utf-8")]),
            (Role::Frame, vec![OPEN, FRESH, brotli, ("content-type", "text/html")]),
            (Role::Script, vec![OPEN, FRESH, brotli, ("content-type", "text/javascript")]),
            (Role::Module, vec![OPEN, FRESH, brotli, ("content-type", "application/wasm")]),
        ] {
            let judged = judged(role, 200, &headers);
            assert!(judged.problems.is_empty() && judged.advice.is_empty(), "{judged:?}");
        }
    }

    #[test]
    fn without_the_one_cors_header_data_is_refused() {
        for origin in [&[][..], &[("access-control-allow-origin", "https://a.example")], &[OPEN, OPEN]] {
            for role in [Role::Head, Role::Data] {
                let caching = if role == Role::Head { FRESH } else { FOREVER };
                let judged = judged(role, 200, &[origin, &[caching, OCTETS]].concat());
                assert!(judged.problems[0].reason.contains("Access-Control-Allow-Origin"), "{judged:?}");
                assert!(judged.advice.is_empty(), "{judged:?}");
            }
        }
    }

    #[test]
    fn anything_but_200_is_a_problem() {
        let location = ("location", "https://b.example/x");
        assert!(judged(Role::Data, 302, &[OPEN, location]).problems[0].reason.contains("https://b.example/x"));
        assert!(judged(Role::Data, 403, &[OPEN]).problems[0].reason.contains("403"));
        assert!(judged(Role::Data, 206, &[OPEN]).problems[0].reason.contains("206"));
    }

    #[test]
    fn what_is_slower_or_staler_is_advice() {
        let header = |judged: HostingReport| {
            assert!(judged.problems.is_empty(), "{judged:?}");
            judged.advice.iter().map(|advice| advice.header).collect::<Vec<_>>()
        };
        for caching in [
            &[][..],
            &[FRESH],
            &[("cache-control", "max-age=3600")],
            &[("cache-control", "private, max-age=31536000, immutable")],
        ] {
            assert_eq!(header(judged(Role::Data, 200, &[&[OPEN, OCTETS], caching].concat())), ["Cache-Control"]);
        }
        for caching in
            [&[][..], &[FOREVER], &[("cache-control", "max-age=3600")], &[("cache-control", "no-cache, s-maxage=86400")]]
        {
            assert_eq!(header(judged(Role::Head, 200, &[&[OPEN, OCTETS], caching].concat())), ["Cache-Control"]);
        }
        assert_eq!(header(judged(Role::Data, 200, &[OPEN, FOREVER, ("content-type", "text/plain")])), ["Content-Type"]);
        let brotli = ("content-encoding", "br");
        assert_eq!(header(judged(Role::Module, 200, &[OPEN, FRESH, brotli, OCTETS])), ["Content-Type"]);
        let html = ("content-type", "text/html");
        assert_eq!(header(judged(Role::Page, 200, &[OPEN, FRESH, html])), ["Content-Encoding"]);
        assert_eq!(
            header(judged(Role::Frame, 200, &[OPEN, FRESH, html, brotli, ("x-frame-options", "DENY")])),
            ["X-Frame-Options"]
        );
        assert_eq!(header(judged(Role::Page, 200, &[FRESH, html, brotli])), ["Access-Control-Allow-Origin"]);
    }

    #[test]
    fn a_script_or_a_page_of_another_type_does_not_work() {
        for role in [Role::Script, Role::Page, Role::Frame] {
            let judged = judged(role, 200, &[OPEN, FRESH, ("content-encoding", "br"), ("content-type", "text/plain")]);
            assert!(judged.problems[0].reason.contains("Content-Type"), "{judged:?}");
        }
    }

    #[test]
    fn this_machine_needs_no_https() {
        for (base, local) in [("http://127.0.0.1:80/", true), ("http://localhost/x/", true), ("http://a.example/", false)] {
            assert_eq!(is_local(base), local);
        }
    }
}
