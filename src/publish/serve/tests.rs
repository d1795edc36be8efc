//! What goes over the wire, asked for by hand: a client library would tidy up the very paths that matter here.

use super::*;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let found = |line: &&str| line.split_once(':').is_some_and(|(key, _)| key.eq_ignore_ascii_case(name));
        self.head.lines().find(found).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }
}

fn ask(server: &Server, line: &str, extra: &str) -> Answer {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(stream, "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{extra}\r\n").unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), head, body: bytes[end + 4..].to_vec() }
}

/// A site in a folder that also holds what must not be served.
fn site() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    for sub in ["t", "pkg", ".hidden"] {
        std::fs::create_dir_all(site.join(sub)).unwrap();
    }
    let long = "abc ".repeat(500);
    for (name, content) in [
        ("index.html", long.as_str()),
        ("app.js", "let a;"),
        ("head.bilik", "head"),
        ("t/00ff.bilik", &long),
        ("pkg/bilik_bg.wasm", "\0asm"),
        (".hidden/x", "hidden"),
        (".a.partial", "hidden"),
        ("../voters.csv", "roll"),
    ] {
        std::fs::write(site.join(name), content).unwrap();
    }
    let server = start(site, SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0)).unwrap();
    (folder, server)
}

#[test]
fn every_file_has_its_type_and_how_long_it_may_be_kept() {
    let (_folder, server) = site();
    let forever = "public, max-age=31536000, immutable";
    for (path, kind, cache) in [
        ("/", "text/html", "no-cache"),
        ("/index.html", "text/html", "no-cache"),
        ("/app.js", "text/javascript", "no-cache"),
        ("/head.bilik", "application/octet-stream", "no-cache"),
        ("/t/00ff.bilik", "application/octet-stream", forever),
        ("/pkg/bilik_bg.wasm", "application/wasm", "no-cache"),
    ] {
        let answer = ask(&server, &format!("GET {path}"), "");
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").unwrap().starts_with(kind), "{path}: {}", answer.head);
        assert_eq!(answer.header("cache-control"), Some(cache), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(!answer.body.is_empty());
    }
}

#[test]
fn nothing_outside_the_site_and_nothing_hidden_is_served() {
    let (_folder, server) = site();
    for path in [
        "/../voters.csv",
        "/t/../../voters.csv",
        "/%2e%2e/voters.csv",
        "/t/%2e%2e/%2E%2E/voters.csv",
        "/..%2fvoters.csv",
        "/t/..%2F..%2fvoters.csv",
        "/..%5cvoters.csv",
        "//voters.csv",
        "/.hidden/x",
        "/%2ehidden/x",
        "/t%2f..%2f.hidden/x",
        "/.a.partial",
    ] {
        let answer = ask(&server, &format!("GET {path}"), "");
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        let body = String::from_utf8_lossy(&answer.body);
        assert!(!body.contains("roll") && !body.contains("hidden"), "{path}");
    }
}

#[test]
fn what_is_not_there_is_404_and_not_kept_for_a_year() {
    let (_folder, server) = site();
    for path in ["/t/00fe.bilik", "/nothing", "/t/", "/pkg/"] {
        let answer = ask(&server, &format!("GET {path}"), "");
        assert_eq!((answer.status, answer.header("cache-control")), (404, Some("no-cache")), "{path}");
    }
    assert_eq!(ask(&server, "POST /index.html", "Content-Length: 0\r\n").status, 405);
}

#[test]
fn head_gives_the_length_and_no_body() {
    let (_folder, server) = site();
    let answer = ask(&server, "HEAD /t/00ff.bilik", "");
    assert_eq!((answer.status, answer.header("content-length"), answer.body.len()), (200, Some("2000"), 0));
}

#[test]
fn text_is_compressed_where_asked_and_sealed_files_are_not() {
    let (_folder, server) = site();
    let accept = "Accept-Encoding: gzip, br\r\n";
    let page = ask(&server, "GET /", accept);
    assert_eq!(page.header("content-encoding"), Some("gzip"));
    assert!(page.body.len() < 500, "{} bytes", page.body.len());
    assert_eq!(ask(&server, "GET /", "").header("content-encoding"), None);
    assert_eq!(ask(&server, "GET /t/00ff.bilik", accept).header("content-encoding"), None);
}

#[test]
fn a_dropped_server_gives_its_port_back() {
    let (folder, server) = site();
    let address = server.address();
    // A connection that is open and idle must not keep it alive.
    let idle = TcpStream::connect(address).unwrap();
    drop(server);
    assert!(TcpStream::connect(address).is_err(), "still listening");
    drop(idle);
    let again = start(folder.path().join("site"), address).unwrap();
    assert_eq!(ask(&again, "GET /app.js", "").status, 200);
}

#[test]
fn a_taken_port_and_a_missing_folder_are_told() {
    let (folder, server) = site();
    let taken = format!("{:#}", start(folder.path().join("site"), server.address()).unwrap_err());
    assert!(taken.contains("--port"), "{taken}");
    let missing = format!("{:#}", start(folder.path().join("nowhere"), server.address()).unwrap_err());
    assert!(missing.contains("bilik build"), "{missing}");
    let host = Ipv4Addr::LOCALHOST.into();
    let (one, other) = (start_near(folder.path(), host, None).unwrap(), start_near(folder.path(), host, Some(0)).unwrap());
    assert_ne!(one.address(), other.address());
}

#[test]
fn the_worker_gets_the_policy_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let page =
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; connect-src 'self' https://a.example\">";
    std::fs::write(folder.path().join("index.html"), page).unwrap();
    std::fs::write(folder.path().join("worker.js"), "0").unwrap();
    let server = start(folder.path().to_path_buf(), SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0)).unwrap();
    let policy = |path: &str| ask(&server, &format!("GET {path}"), "").header("content-security-policy").map(str::to_owned);
    assert_eq!(policy("/worker.js").as_deref(), Some("default-src 'none'; connect-src 'self' https://a.example"));
    assert_eq!(policy("/index.html"), None);
}
