//! Answers of hosts, and what is said of them.

use super::*;
use ureq::http::{HeaderName, HeaderValue};

fn judged(role: Role, status: u16, headers: &[(&'static str, &'static str)]) -> HostingReport {
    judged_with(role, status, headers, if headers.contains(&BROTLI) { EMPTY_BROTLI } else { b"" })
}

fn judged_with(role: Role, status: u16, headers: &[(&'static str, &'static str)], bytes: &[u8]) -> HostingReport {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    map.insert("etag", HeaderValue::from_static("\"1\""));
    let mut hosting = HostingReport::default();
    let url = Url::parse("https://a.example/x").unwrap();
    let asked = Asked { url: &url, path: "x", role, app: &["x.js"], is_first: true };
    hosting.judge("https://a.example/", asked, &HttpAnswer { status, headers: map, bytes: bytes.to_vec() });
    hosting
}

const BROTLI: (&str, &str) = ("content-encoding", "br");
const EMPTY_BROTLI: &[u8] = b"\x06";
const OPEN: (&str, &str) = ("access-control-allow-origin", "*");
const FOREVER: (&str, &str) = ("cache-control", "public, max-age=31536000, immutable");
const FRESH: (&str, &str) = ("cache-control", "no-cache");
const OCTETS: (&str, &str) = ("content-type", "application/octet-stream");

#[test]
fn what_is_recommended_passes_without_a_word() {
    for (role, headers) in [
        (Role::Head, vec![OPEN, FRESH, OCTETS]),
        (Role::Head, vec![OPEN, ("cache-control", "public, max-age=60"), OCTETS]),
        (Role::Head, vec![OPEN, ("cache-control", "public, max-age=0, s-maxage=30"), OCTETS]),
        (Role::Data, vec![OPEN, FOREVER, OCTETS]),
        (Role::Page, vec![OPEN, FRESH, BROTLI, ("content-type", "text/html; charset=utf-8")]),
        (Role::Frame, vec![OPEN, FRESH, BROTLI, ("content-type", "text/html")]),
        (Role::Script, vec![OPEN, FRESH, BROTLI, ("content-type", "text/javascript")]),
        (Role::Module, vec![OPEN, FRESH, BROTLI, ("content-type", "application/wasm")]),
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
    for caching in
        [&[][..], &[FRESH], &[("cache-control", "max-age=3600")], &[("cache-control", "private, max-age=31536000, immutable")]]
    {
        assert_eq!(header(judged(Role::Data, 200, &[&[OPEN, OCTETS], caching].concat())), ["Cache-Control"]);
    }
    for caching in [&[][..], &[FOREVER], &[("cache-control", "max-age=3600")], &[("cache-control", "no-cache, s-maxage=86400")]] {
        assert_eq!(header(judged(Role::Head, 200, &[&[OPEN, OCTETS], caching].concat())), ["Cache-Control"]);
    }
    assert_eq!(header(judged(Role::Data, 200, &[OPEN, FOREVER, ("content-type", "text/plain")])), ["Content-Type"]);
    assert_eq!(header(judged(Role::Module, 200, &[OPEN, FRESH, BROTLI, OCTETS])), ["Content-Type"]);
    let html = ("content-type", "text/html");
    assert_eq!(header(judged(Role::Page, 200, &[OPEN, FRESH, html])), ["Content-Encoding"]);
    assert_eq!(header(judged(Role::Page, 200, &[FRESH, html, BROTLI])), ["Access-Control-Allow-Origin"]);
}

#[test]
fn a_script_or_a_page_of_another_type_does_not_work() {
    for role in [Role::Script, Role::Page, Role::Frame] {
        let judged = judged(role, 200, &[OPEN, FRESH, BROTLI, ("content-type", "text/plain")]);
        assert!(judged.problems[0].reason.contains("Content-Type"), "{judged:?}");
    }
}

#[test]
fn a_frame_that_partners_cannot_show_is_a_problem_and_a_page_need_not_be_shown() {
    let html = ("content-type", "text/html");
    for header in [("x-frame-options", "DENY"), ("content-security-policy", "img-src *, frame-ancestors 'self'")] {
        let judged = |role| judged(role, 200, &[OPEN, FRESH, BROTLI, html, header]).problems;
        assert!(matches!(&judged(Role::Frame)[..], [problem] if problem.reason.contains("empty box")), "{header:?}");
        assert_eq!(judged(Role::Page), []);
    }
}

#[test]
fn pages_are_judged_under_all_of_their_policies() {
    let headers = [OPEN, FRESH, ("content-type", "text/html"), ("content-security-policy", "script-src 'self' blob:")];
    for role in [Role::Page, Role::Frame] {
        let said = judged_with(role, 200, &headers, b"<script src=a.js></script>").problems;
        assert!(
            matches!(&said[..], [problem] if problem.reason.contains("does not compile") || problem.reason.contains("do not compile")),
            "{said:?}"
        );
    }
    let own = b"<meta http-equiv=content-security-policy content=\"script-src 'none'\"><script src=a.js></script>";
    let said = judged_with(Role::Page, 200, &headers[..3], own).problems;
    assert!(said[0].reason.contains("the page's own policy has `script-src 'none'`"), "{said:?}");
}

#[test]
fn a_label_on_other_bytes_is_a_problem_with_every_file_of_the_app() {
    for role in [Role::Page, Role::Script, Role::ServiceWorker, Role::Style, Role::Module, Role::Other] {
        let said = judged_with(role, 200, &[OPEN, FRESH, ("content-encoding", "gzip")], b"plain").problems;
        assert!(said.iter().any(|problem| problem.reason.contains("Content-Encoding is `gzip`")), "{role:?}: {said:?}");
    }
}

#[test]
fn a_service_worker_has_rules_of_its_own() {
    let javascript = ("content-type", "text/javascript");
    let said = |headers: &[_]| judged(Role::ServiceWorker, 200, &[&[OPEN, FRESH, BROTLI], headers].concat()).problems;
    assert_eq!(said(&[javascript, ("content-security-policy", "default-src 'none'; connect-src 'self'")]), []);
    assert!(said(&[javascript, ("content-security-policy", "default-src 'none'")])[0].reason.contains("connect-src"));
    assert!(said(&[("content-type", "text/plain")])[0].reason.contains("Content-Type"));
}

#[test]
fn styles_are_held_to_their_type_where_browsers_do_so() {
    let nosniff = ("x-content-type-options", "NoSniff");
    let said = |headers: &[_]| judged(Role::Style, 200, &[&[OPEN, FRESH, BROTLI], headers].concat()).problems;
    assert_eq!(said(&[]), []);
    assert!(said(&[nosniff])[0].reason.contains("text/css"));
    assert!(said(&[("content-type", "text/plain")])[0].reason.contains("text/css"));
    assert_eq!(said(&[nosniff, ("content-type", "text/css")]), []);
}

#[test]
fn advice_is_given_for_the_first_file_of_a_kind() {
    let url = Url::parse("https://a.example/x").unwrap();
    let mut hosting = HostingReport::default();
    let headers = HeaderMap::from_iter([("content-type".parse().unwrap(), HeaderValue::from_static("text/plain"))]);
    let asked = Asked { url: &url, path: "x.js", role: Role::Script, app: &[], is_first: false };
    hosting.judge("https://a.example/", asked, &HttpAnswer { status: 200, headers, bytes: Vec::new() });
    assert_eq!((hosting.advice.len(), hosting.problems.len()), (0, 1), "{hosting:?}");
}
