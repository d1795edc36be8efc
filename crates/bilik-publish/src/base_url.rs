//! Addresses as browsers read them, by the WHATWG's grammar: what the builder writes into a page, what the page's policy names
//! and what a browser asks are then the same.

use crate::language::{Message, message, translatable};
use url::{Host, Url};

/// Ports that browsers fetch nothing from (Fetch standard, "port blocking").
const BLOCKED_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111,
    113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554,
    556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666,
    6667, 6668, 6669, 6679, 6697, 10080,
];
/// What relative addresses are tried against; deep enough for `../` to lead somewhere.
const ANY_PAGE: &str = "https://page.invalid/a/b/c/d/";
/// What an address must look like.
const WEB: &str = translatable!("an address such as https://a.example/folder/");
/// Bytes of an address: what every browser and server takes.
const MAX_LENGTH: usize = 2_000;

/// Why a text is not an address that browsers can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", tr::tr!("{}. Expected: {}. Fix: {}", message, expected, fix))]
pub struct BaseUrlError {
    /// What is wrong.
    pub message: Message,
    /// What was expected.
    pub expected: Message,
    /// What to do.
    pub fix: Message,
}

impl BaseUrlError {
    fn new(message: impl Into<Message>, expected: impl Into<Message>, fix: impl Into<Message>) -> Self {
        Self { message: message.into(), expected: expected.into(), fix: fix.into() }
    }
}

/// How a kind of address is read.
pub(crate) type ReadUrl = fn(&str) -> Result<Url, BaseUrlError>;

/// The address of a page that a notice links to, which readers take from nowhere but `https:` (docs/format.md).
///
/// # Errors
/// As for [`web_url`], and when it is another scheme's.
pub fn notice_url(text: &str) -> Result<Url, BaseUrlError> {
    let url = web_url(text)?;
    let is_secure = url.scheme() == "https";
    is_secure.then_some(url).ok_or_else(|| BaseUrlError::new("not an https address", WEB, "begin with https://"))
}

/// The address of a site or of a page: `http:` or `https:`, with a host that is a name or a number, and no user name.
///
/// # Errors
/// When a browser would not open it, or would read it as another one.
pub fn web_url(text: &str) -> Result<Url, BaseUrlError> {
    // A browser drops or changes these without a word: of a `|`, Chromium alone makes `%7C`.
    if let Some(odd) = text.chars().find(|c| c.is_control() || c.is_whitespace() || "\\\"'<>|".contains(*c)) {
        let message = message!("the address has the character {}", odd.escape_default());
        return Err(BaseUrlError::new(message, WEB, "remove it, or write it percent-encoded"));
    }
    if text.len() > MAX_LENGTH {
        let message = message!("the address has {} characters", text.len());
        return Err(BaseUrlError::new(message, WEB, message!("give one of at most {} characters", MAX_LENGTH)));
    }
    let is_web =
        |(scheme, rest): (&str, &str)| matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") && !rest.starts_with('/');
    if !text.split_once("://").is_some_and(is_web) {
        return Err(BaseUrlError::new("not an address of the web", WEB, "begin with https:// and the host's name"));
    }
    let url = Url::parse(text).map_err(|cause| match cause {
        url::ParseError::InvalidPort => {
            BaseUrlError::new("the port is not a number up to 65535", WEB, "write the server's port, or leave it out")
        }
        cause => BaseUrlError::new(message!("not an address that browsers can read: {}", cause), WEB, "correct it"),
    })?;
    if !url.username().is_empty() || url.password().is_some() || text.split('/').nth(2).is_some_and(|host| host.contains('@')) {
        return Err(BaseUrlError::new(
            "the address has a user name or a password",
            WEB,
            "remove what is before the @: everybody could read it",
        ));
    }
    match url.host() {
        Some(Host::Domain(name)) if !is_host_name(name) => Err(BaseUrlError::new(
            message!("`{}` is not a host's name", name.escape_debug()),
            "letters, digits and hyphens between dots",
            "write the name as DNS has it, without a dot at its end",
        )),
        Some(_) if url.port().is_some_and(|port| BLOCKED_PORTS.contains(&port)) => Err(BaseUrlError::new(
            message!("browsers fetch nothing from port {}", url.port().unwrap_or_default()),
            WEB,
            "serve it at another port; 443 is the usual one",
        )),
        Some(_) => Ok(url),
        None => Err(BaseUrlError::new("the address has no host", WEB, "write the host's name after https://")),
    }
}

/// The address of a folder: a [`web_url`] without query and fragment. Its path ends in a slash.
///
/// # Errors
/// As [`web_url`], and when it has a query or a fragment.
pub fn base_url(text: &str) -> Result<Url, BaseUrlError> {
    let mut url = web_url(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        let fix = translatable!("remove everything from the ? or # on: names of files are put after the address");
        return Err(BaseUrlError::new("the address has a query or a fragment", WEB, fix));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Where people find a site, as `election.toml` names it: what is printed, and what others open, has no page around it.
///
/// # Errors
/// When it is relative, or as [`mirror_url`].
pub fn site_address(text: &str, allow_http: bool) -> Result<String, BaseUrlError> {
    if text.starts_with(['.', '/']) {
        return Err(BaseUrlError::new("the address is relative", WEB, "write the whole address, as people type it"));
    }
    let expected = |error| BaseUrlError { expected: WEB.into(), ..error };
    mirror_url(text, allow_http).map_err(expected)
}

/// A mirror as `election.toml` names it, as it is written into pages: the address of a folder, or a folder on the page's own
/// host. Only with `allow_http` may it be `http:` on another machine than this one.
///
/// # Errors
/// When a page could not reach it: under `https:`, under its own policy, or at all.
pub fn mirror_url(text: &str, allow_http: bool) -> Result<String, BaseUrlError> {
    if text.starts_with("./") || text.starts_with("../") || text.starts_with('/') {
        return relative(text);
    }
    let url = base_url(text).map_err(|error| BaseUrlError { expected: message!("\"./\", or {}", error.expected), ..error })?;
    let host = text.split('/').nth(2).unwrap_or_default();
    if !host.is_ascii() {
        let fix = message!("write {}, as DNS has it", url);
        return Err(BaseUrlError::new("the host's name has letters other than a to z", "a name in ASCII", fix));
    }
    if matches!(url.host(), Some(Host::Ipv6(_))) {
        return Err(BaseUrlError::new(
            "a page's policy cannot name an IPv6 address, so browsers block this mirror",
            "a host's name",
            "give the address a name in DNS, and write that",
        ));
    }
    if url.scheme() == "http" && !allow_http && !is_this_machine(&url) {
        return Err(BaseUrlError::new(
            "pages under https: cannot read a mirror under http:",
            "an address that begins with https://; http:// only for localhost, 127.0.0.1 and demos",
            "serve the mirror by https, and write that",
        ));
    }
    Ok(url.into())
}

/// A folder on the page's own host.
fn relative(text: &str) -> Result<String, BaseUrlError> {
    let expected = translatable!("a folder on the same host such as \"./\"");
    let is_plain = text.chars().all(|c| c.is_ascii_graphic() && !"\\\"'<>|?#".contains(c)) && !text.starts_with("//");
    let page = Url::parse(ANY_PAGE).ok().filter(|_| is_plain);
    if !page.is_some_and(|page| page.join(text).is_ok_and(|url| url.origin() == page.origin())) {
        let fix = translatable!("write it without query and fragment, and with other characters percent-encoded");
        return Err(BaseUrlError::new("not a folder's path that browsers read as it is written", expected, fix));
    }
    let slash = if text.ends_with('/') { "" } else { "/" };
    Ok(format!("{text}{slash}"))
}

/// Whether requests to it do not leave the machine: browsers trust these without https.
#[must_use]
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a content security policy can name it.
fn is_host_name(name: &str) -> bool {
    name.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
}

/// The origin of an absolute mirror as a policy names it; nothing for a relative one, and for what no policy can name.
pub(crate) fn origin_of(mirror: &str) -> Option<String> {
    let url = base_url(mirror).ok()?;
    (!matches!(url.host(), Some(Host::Ipv6(_)))).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mirror(text: &str) -> Result<String, String> {
        mirror_url(text, false).map_err(|error| error.to_string())
    }

    #[test]
    fn a_mirror_is_written_as_a_browser_serialises_it() {
        for (text, written) in [
            ("./", "./"),
            ("../x", "../x/"),
            ("/files", "/files/"),
            ("https://a.example", "https://a.example/"),
            ("HTTPS://A.Example:443/x", "https://a.example/x/"),
            ("https://a.example:8443/x/../y", "https://a.example:8443/y/"),
            ("https://xn--pemilu--hya.example", "https://xn--pemilu--hya.example/"),
            ("https://a.example/\u{e9}", "https://a.example/%C3%A9/"),
            ("https://0x7f.1/", "https://127.0.0.1/"),
            ("https://a.example/x:///y", "https://a.example/x:///y/"),
            ("https://a.example/x://.//", "https://a.example/x:///"),
            ("http://localhost:8080", "http://localhost:8080/"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x/"),
        ] {
            assert_eq!(mirror(text), Ok(written.to_owned()), "{text}");
            assert_eq!(mirror(written), Ok(written.to_owned()), "{text}");
        }
        assert_eq!(mirror_url("http://a.example", true).unwrap(), "http://a.example/");
    }

    #[test]
    fn what_a_page_cannot_reach_is_no_mirror_and_the_reason_is_told() {
        for (text, reason) in [
            ("http://[::1]:8080/", "IPv6"),
            ("https://[2001:db8::1]/", "IPv6"),
            ("https://pemilu-\u{e9}.example/", "write https://xn--pemilu--hya.example/"),
            ("https://mirror.example:84430/", "65535"),
            ("https://a.example:6000/", "port 6000"),
            ("https://user@a.example/", "user name"),
            ("https://user:secret@a.example/", "user name"),
            ("https://@a.example/", "user name"),
            ("https://a.example/?x=1", "query"),
            ("https://a.example/#x", "fragment"),
            ("https://a.example/\0", "\\u{0}"),
            ("https://a.exa\tmple/", "\\t"),
            (" https://a.example/", "character"),
            ("https:\\\\a.example\\", "character"),
            ("https://a.example/\u{202f}", "character"),
            ("http://a.example/", "under http:"),
            ("http://localhost.a.example/", "under http:"),
            ("ftp://a.example/", "not an address of the web"),
            ("//a.example/", "not a folder"),
            ("/\\a.example/", "not a folder"),
            ("./?x", "not a folder"),
            ("./x|y", "not a folder"),
            ("https://a.example/x|y", "the character |"),
            ("./\u{e9}/", "not a folder"),
            ("a.example", "not an address of the web"),
            ("", "not an address of the web"),
            ("https:a.example/", "not an address of the web"),
            ("https:///x", "not an address of the web"),
            ("https://", "empty host"),
            ("https://a..b/", "not a host's name"),
            ("https://a.example./", "not a host's name"),
            ("https://a_b.example/", "not a host's name"),
            ("https://a.example;script-src/", "not a host's name"),
            ("https://a%zz.example/", "browsers can read"),
        ] {
            let error = mirror(text).expect_err(text);
            assert!(error.contains(reason) && error.contains("Expected: ") && error.contains("Fix: "), "{text}: {error}");
        }
    }

    #[test]
    fn a_page_may_have_a_query_and_a_number_for_a_host() {
        for url in ["http://a-b.example:8080/x?y=1#z", "https://kpu.go.id/bantuan/", "https://[::1]/", "http://192.0.2.1/"] {
            assert_eq!(web_url(url).unwrap().as_str(), url);
        }
        assert_eq!(web_url("https://pemilu-\u{e9}.example/").unwrap().as_str(), "https://xn--pemilu--hya.example/");
        assert_eq!(web_url("https://a.example").unwrap().as_str(), "https://a.example/");
        for url in ["javascript:alert(1)", "example.org", "//a.example/", "https://a b.example/", "https://a.example:99999/"] {
            assert!(web_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_policy_names_the_origin_that_a_browser_asks() {
        assert_eq!(origin_of("https://b.example:443/x/").as_deref(), Some("https://b.example"));
        assert_eq!(origin_of("https://b.example:8443/x/").as_deref(), Some("https://b.example:8443"));
        for none in ["./", "/files/", "ftp://d.example/", "https://bad.example;script-src *", "https:///x", "https://[::1]/"] {
            assert_eq!(origin_of(none), None, "{none}");
        }
    }
}
