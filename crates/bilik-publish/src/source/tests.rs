//! Servers that do not do what they should, and what is said of them.

use super::*;
use bilik::format::MAX_HEAD_LEN;
use std::io::Write as _;
use std::net::TcpListener;
use std::time::Instant;

/// Answers every connection with these bytes, and leaves it open.
fn server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 2048]).unwrap();
            stream.write_all(answer).unwrap_or_default();
            open.push(stream);
        }
    });
    address
}

fn problem_of(answer: &'static [u8], path: &str, max: u32) -> Problem {
    Site::open(&server(answer)).unwrap().read(path, max).unwrap_err()
}

#[test]
fn what_is_there_is_read() {
    let site = Site::open(&server(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")).unwrap();
    assert_eq!(site.read("head.bilik", 3).unwrap(), b"abc");
    assert!(site.name().ends_with('/'));
}

#[test]
fn a_redirect_names_where_it_leads_and_is_not_followed() {
    for status in ["301 Moved Permanently", "302 Found", "308 Permanent Redirect"] {
        let answer = format!("HTTP/1.1 {status}\r\nLocation: https://www.example/bilik/\r\nContent-Length: 0\r\n\r\n");
        let problem = problem_of(answer.leak().as_bytes(), "head.bilik", MAX_HEAD_LEN);
        assert!(problem.reason.contains("redirects to https://www.example/bilik/"), "{problem:?}");
        assert!(!problem.refused);
    }
}

#[test]
fn a_status_is_told() {
    let problem = problem_of(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "m/00.bilik", 9);
    assert!(problem.reason.contains("503"), "{problem:?}");
    let problem = problem_of(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "m/00.bilik", 9);
    assert!(problem.reason.contains("no such file (404)"), "{problem:?}");
}

#[test]
fn a_file_that_is_too_long_is_refused_and_not_read_to_its_end() {
    // It never ends, and the answer comes all the same.
    let endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let problem = problem_of(endless, "head.bilik", 16);
    assert!(problem.refused && problem.reason.contains("longer than 16 bytes, the maximum for a head"), "{problem:?}");
    assert!(problem_of(endless, "t/00.bilik", 16).reason.contains("expected 16 bytes, got 17 or more"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("head.bilik"), [0; 17]).unwrap();
    let problem = Site::open(folder.path().to_str().unwrap()).unwrap().read("head.bilik", 16).unwrap_err();
    assert!(problem.refused, "{problem:?}");
}

#[test]
fn requests_end_at_the_deadline() {
    let began = Instant::now();
    for start in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"] {
        let site = Site::open(&server(start)).unwrap().within(Duration::from_millis(200));
        let problem = site.read("head.bilik", MAX_HEAD_LEN).unwrap_err();
        assert!(problem.reason.contains("in total"), "{problem:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_deadline_beyond_the_clock_is_no_overflow() {
    let site = Site::open(&server(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")).unwrap();
    assert_eq!(site.within(Duration::from_secs(u64::MAX)).read("head.bilik", 3).unwrap(), b"abc");
}

#[test]
fn a_closed_port_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let problem = Site::open(&format!("http://{free}")).unwrap().read("head.bilik", MAX_HEAD_LEN).unwrap_err();
    assert!(problem.reason.contains("nothing runs there"), "{problem:?}");
}

#[cfg(unix)]
#[test]
fn only_ordinary_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("head.bilik")).status().unwrap();
    assert!(made.success());
    let problem = Site::open(folder.path().to_str().unwrap()).unwrap().read("head.bilik", MAX_HEAD_LEN).unwrap_err();
    assert!(problem.reason.contains("not an ordinary file"), "{problem:?}");
}

#[test]
fn a_path_that_leads_out_of_a_site_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(folder.path().join("KEY"), "secret").unwrap();
    std::fs::write(site.join("logo.svg"), "<svg/>").unwrap();
    let key = folder.path().join("KEY").display().to_string();
    let site = Site::open(site.to_str().unwrap()).unwrap();
    assert_eq!(site.read("logo.svg", 100).unwrap(), b"<svg/>");
    for path in ["../KEY", "t/../../KEY", key.as_str(), "./logo.svg", "", "t//logo.svg", "https://a.example/logo.svg", "..\\KEY"]
    {
        let problem = site.read(path, 100).unwrap_err();
        assert!(problem.reason.contains("not a path within a site"), "{path}: {problem:?}");
    }
}
