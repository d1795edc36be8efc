//! Texts from anywhere as addresses: one that is accepted is written as itself the next time, and has no secret, query or control character.
use bilik_publish::base_url::{base_url, mirror_url, site_address, web_url};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for allow_http in [false, true] {
        if let Ok(mirror) = mirror_url(text, allow_http) {
            assert_eq!(mirror_url(&mirror, allow_http).ok(), Some(mirror.clone()), "another one the second time");
            // Of what separates directives, policies get none: they name the host alone.
            assert!(mirror.ends_with('/') && mirror.is_ascii() && !mirror.contains(['?', '#', ' ', '"', '\'', '<', '>', '\\']));
            // In a path these are letters like others.
            if let Some(rest) = mirror.strip_prefix("https://").or_else(|| mirror.strip_prefix("http://")) {
                assert!(rest.split('/').next().is_some_and(|host| !host.contains(['@', ';', ','])));
            }
            assert!(allow_http || !mirror.starts_with("http:") || mirror.contains("localhost") || mirror.contains("127."));
        }
        let _ = site_address(text, allow_http);
    }
    if let Ok(url) = base_url(text) {
        assert!(url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.has_host());
    }
    let _ = web_url(text);
}
