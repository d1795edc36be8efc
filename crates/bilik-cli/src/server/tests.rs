//! What goes over the wire, asked for by hand: a client library would tidy up the very paths that matter here.

use super::*;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Instant;

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
    for sub in ["t", "pkg", "tps", ".hidden"] {
        std::fs::create_dir_all(site.join(sub)).unwrap();
    }
    let long = "abc ".repeat(500);
    for (name, content) in [
        ("index.html", long.as_str()),
        ("app.js", "let a;"),
        ("tps/sitemap.xml", "<urlset/>"),
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
        ("/tps/sitemap.xml", "text/xml", "no-cache"),
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
    let (one, other) =
        (start_near(folder.path(), host, None, None).unwrap(), start_near(folder.path(), host, Some(0), None).unwrap());
    assert_ne!(one.address(), other.address());
}

#[test]
fn the_worker_gets_the_policy_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{
        "format": 1, "app": "", "election": { "id": "demo", "name": "Pemilu", "demo": true }, "publicKeys": [], "threshold": 1,
        "mirrors": ["https://a.example/"], "pinned": "", "version": "", "files": {},
        "policy": { "default-src": ["'none'"], "connect-src": ["'self'", "https://a.example"] }
    }"#;
    std::fs::write(folder.path().join("site.json"), json).unwrap();
    for file in ["index.html", "worker.js"] {
        std::fs::write(folder.path().join(file), "0").unwrap();
    }
    let server = start(folder.path().to_path_buf(), SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0)).unwrap();
    let policy = |path: &str| ask(&server, &format!("GET {path}"), "").header("content-security-policy").map(str::to_owned);
    assert_eq!(policy("/worker.js").as_deref(), Some("connect-src 'self' https://a.example; default-src 'none'"));
    assert_eq!(policy("/index.html"), None);
}

/// The same site, served with a fault.
fn faulty(folder: &tempfile::TempDir, fault: &str) -> Server {
    let fault: Fault = fault.parse().unwrap();
    start_with(folder.path().join("site"), SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0), Some(&fault)).unwrap()
}

/// What arrives within that time, and whether the server ended it.
fn within(server: &Server, path: &str, time: Duration) -> (String, bool) {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let (began, mut bytes, mut piece) = (Instant::now(), Vec::new(), [0; 4096]);
    loop {
        let left = time.saturating_sub(began.elapsed());
        if left.is_zero() {
            return (String::from_utf8_lossy(&bytes).into_owned(), false);
        }
        stream.set_read_timeout(Some(left)).unwrap();
        match stream.read(&mut piece) {
            Ok(0) => return (String::from_utf8_lossy(&bytes).into_owned(), true),
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
            Err(_) => {}
        }
    }
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

const A_WHILE: Duration = Duration::from_millis(400);

#[test]
fn a_fault_concerns_every_data_file_and_never_the_app() {
    let (folder, _whole) = site();
    for fault in ["stall", "stall-midway", "slow=1", "drop", "500", "truncated", "flipped"] {
        let server = faulty(&folder, fault);
        for path in ["/app.js", "/", "/pkg/bilik_bg.wasm"] {
            let (answer, ended) = within(&server, path, Duration::from_secs(5));
            assert!(ended && answer.starts_with("HTTP/1.1 200"), "{fault}: {path}: {answer}");
        }
        for (path, content) in [("/head.bilik", "head".to_owned()), ("/t/00ff.bilik", "abc ".repeat(500))] {
            let (answer, _) = within(&server, path, A_WHILE);
            assert!(!(answer.starts_with("HTTP/1.1 200") && body(&answer) == content), "{fault}: {path} is whole");
        }
        assert_eq!(ask(&server, "GET /app.js", "").header("access-control-allow-origin"), Some("*"));
    }
}

#[test]
fn a_stalled_file_is_never_answered_and_one_stalled_midway_never_ends() {
    let (folder, _whole) = site();
    assert_eq!(within(&faulty(&folder, "stall"), "/t/00ff.bilik", A_WHILE), (String::new(), false));
    let (answer, ended) = within(&faulty(&folder, "stall-midway"), "/t/00ff.bilik", A_WHILE);
    assert!(answer.contains("content-length: 2000") && body(&answer).len() == 1000 && !ended, "{answer}");
}

#[test]
fn a_stalled_server_stops_all_the_same() {
    let (folder, _whole) = site();
    let server = faulty(&folder, "stall");
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(stream, "GET /head.bilik HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    drop(server);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_slow_file_comes_whole_and_no_faster_than_told() {
    let (folder, _whole) = site();
    let began = Instant::now();
    let answer = ask(&faulty(&folder, "slow=4000"), "GET /t/00ff.bilik", "");
    assert_eq!((answer.status, answer.body.len(), answer.header("content-length")), (200, 2000, Some("2000")));
    assert!(began.elapsed() >= Duration::from_millis(400), "{:?}", began.elapsed());
}

#[test]
fn a_dropped_file_breaks_off_before_its_length() {
    let (folder, _whole) = site();
    let (answer, ended) = within(&faulty(&folder, "drop"), "/t/00ff.bilik", Duration::from_secs(5));
    assert!(answer.contains("content-length: 2000") && body(&answer).len() == 1000 && ended, "{answer}");
}

#[test]
fn spoilt_files_look_well_to_http() {
    let (folder, _whole) = site();
    let truncated = ask(&faulty(&folder, "truncated"), "GET /t/00ff.bilik", "Range: bytes=0-3\r\n");
    assert_eq!((truncated.status, truncated.body.len(), truncated.header("content-length")), (200, 1000, Some("1000")));
    let flipped = ask(&faulty(&folder, "flipped"), "GET /t/00ff.bilik", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n");
    let content = "abc ".repeat(500);
    let changed: u32 = flipped.body.iter().zip(content.as_bytes()).map(|(a, b)| (a ^ b).count_ones()).sum();
    assert_eq!((flipped.status, flipped.body.len(), changed), (200, content.len(), 1));
    let error = ask(&faulty(&folder, "500"), "GET /t/00ff.bilik", "");
    assert_eq!((error.status, error.header("cache-control")), (500, Some("no-cache")));
    // What is not there stays so.
    assert_eq!(ask(&faulty(&folder, "500"), "GET /t/00fe.bilik", "").status, 404);
}

#[test]
fn an_older_head_is_served_and_nothing_else_is_touched() {
    let (folder, _whole) = site();
    let head = folder.path().join("old.bilik");
    std::fs::write(&head, "BILIKh of last week").unwrap();
    let server = faulty(&folder, &format!("older-head={}", head.display()));
    assert_eq!(ask(&server, "GET /head.bilik", "").body, b"BILIKh of last week");
    assert_eq!(ask(&server, "GET /t/00ff.bilik", "").body.len(), 2000);
    for (content, path) in [("no head", "old.bilik"), ("", "nowhere")] {
        std::fs::write(&head, content).unwrap();
        let fault = Fault::OlderHead(folder.path().join(path));
        let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
        let error = start_with(folder.path().join("site"), address, Some(&fault)).unwrap_err();
        assert!(format!("{error:#}").contains("older-head"), "{error:#}");
    }
}

#[test]
fn faults_are_read_from_their_names() {
    let read = |text: &str| text.parse::<Fault>();
    for name in ["stall", "stall-midway", "drop", "500", "truncated", "flipped", "slow=1", "older-head=/a=b"] {
        assert!(read(name).is_ok_and(|fault| !fault.to_string().is_empty()), "{name}");
    }
    assert_eq!(read("slow"), Ok(Fault::Slow(20_000)));
    assert_eq!(read("older-head=/a=b"), Ok(Fault::OlderHead("/a=b".into())));
    for name in ["", "halt", "stall=1", "slow=0", "slow=fast", "older-head", "older-head="] {
        assert!(!read(name).unwrap_err().is_empty(), "{name}");
    }
}
