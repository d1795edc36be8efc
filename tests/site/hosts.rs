//! `verify` at the address of a host that serves a site in ways that browsers do not take.

use crate::hosting::{find, verify};
use crate::{BILIK, small};
use bilik_testkit::{Operator, RunOutput};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

/// What a host answers: status line without the version, headers, body.
pub(crate) struct Answer {
    status: &'static str,
    pub(crate) headers: String,
    body: Vec<u8>,
}

/// A host that serves a folder with right headers, but for what it does to the answer for each path.
pub(crate) fn host(folder: &Path, change: impl Fn(&str, &mut Answer) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (folder, change) = (folder.to_owned(), Arc::new(change));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, folder, change) = (stream.unwrap(), folder.clone(), Arc::clone(&change));
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).unwrap_or_default();
                let request = String::from_utf8_lossy(&bytes[..read]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
                let file = if path.is_empty() { "index.html" } else { path };
                let mut answer = match std::fs::read(folder.join(file)) {
                    Ok(body) => Answer { status: "200 OK", headers: right_headers(file), body },
                    Err(_) => Answer { status: "404 Not Found", headers: String::new(), body: Vec::new() },
                };
                change(path, &mut answer);
                let Answer { status, headers, body } = answer;
                let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                stream.write_all(&[head.into_bytes(), body].concat()).unwrap_or_default();
            });
        }
    });
    address
}

fn right_headers(file: &str) -> String {
    let kind = match file.rsplit_once('.').unwrap_or_default().1 {
        "js" => "text/javascript",
        "html" => "text/html",
        "css" => "text/css",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    };
    format!("Access-Control-Allow-Origin: *\r\nCache-Control: no-cache\r\nETag: \"1\"\r\nContent-Type: {kind}\r\n")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The lines that refuse a file.
fn refused(operator: &Operator, address: &str) -> Vec<String> {
    let said = verify(operator, address, &[]).exits_with(1).out;
    said.lines().filter_map(|line| line.strip_prefix("REFUSED ")).map(str::to_owned).collect()
}

#[test]
fn a_host_with_right_headers_passes() {
    let operator = small();
    verify(&operator, &host(&operator.site(), |_, _| ()), &[]).exits_with(0);
}

#[test]
fn a_policy_in_a_header_that_stops_the_page_is_refused() {
    let operator = small();
    let with = |policy: &'static str| {
        let address = host(&operator.site(), move |_, answer| answer.headers += policy);
        let lines = refused(&operator, &address);
        // Once for the page, and once for the frame.
        assert!(
            lines.iter().any(|line| line.starts_with(&address)) && lines.iter().any(|line| line.starts_with("embed.html: ")),
            "{lines:?}"
        );
        assert!(!lines.iter().any(|line| line.starts_with("index.html: ")), "{lines:?}");
        lines
    };
    for (policy, named) in [
        ("Content-Security-Policy: script-src 'self' blob:\r\n", "add 'wasm-unsafe-eval' to script-src"),
        (
            "Content-Security-Policy: img-src *\r\nContent-Security-Policy: font-src *, script-src 'nonce-a'\r\n",
            "scripts do not run",
        ),
        ("Content-Security-Policy: sandbox allow-forms\r\n", "no script runs"),
        ("Content-Security-Policy: connect-src https://other.example\r\n", "cannot fetch its own files"),
    ] {
        let lines = with(policy);
        assert!(lines.iter().all(|line| line.contains("Content-Security-Policy has `")), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains(named)), "{lines:?}");
    }
    let address = host(&operator.site(), |_, answer| answer.headers += "Content-Security-Policy: trusted-types 'none'\r\n");
    let said = verify(&operator, &address, &[]).exits_with(0).out;
    assert!(
        said.contains("advice  Content-Security-Policy of index.html: ") && said.contains("add bilik to trusted-types"),
        "{said}"
    );
}

#[test]
fn a_label_on_plain_bytes_is_refused_and_a_right_one_is_read() {
    let operator = small();
    let address = host(&operator.site(), |_, answer| answer.headers += "Content-Encoding: gzip\r\n");
    let lines = refused(&operator, &address);
    for file in ["head.bilik", "site.json", "app.js", "sw.js", "pkg/bilik_bg.wasm"] {
        let of_file = lines.iter().filter(|line| line.starts_with(&format!("{file}: "))).collect::<Vec<_>>();
        assert_eq!(of_file.len(), 1, "{file}: {lines:?}");
        assert!(
            of_file[0].contains("Content-Encoding is `gzip`, but the bytes are not gzip") && of_file[0].contains("Fix: "),
            "{lines:?}"
        );
    }
    let address = host(&operator.site(), |_, answer| {
        answer.body = gzip(&answer.body);
        answer.headers += "Content-Encoding: gzip\r\n";
    });
    verify(&operator, &address, &[]).exits_with(0);
    RunOutput::of(&mut find(&address, &operator.public_key(), &[])).exits_with(0);
    let address = host(&operator.site(), |path, answer| {
        if path.starts_with("t/") {
            answer.headers += "Content-Encoding: br\r\n";
        }
    });
    let lines = refused(&operator, &address);
    assert!(lines.iter().all(|line| line.starts_with("t/") && line.contains("Content-Encoding is `br`")), "{lines:?}");
}

#[test]
fn the_service_worker_must_be_there_as_it_was_built() {
    let operator = small();
    let with = |change: fn(&mut Answer)| {
        let address = host(&operator.site(), move |path, answer| {
            if path == "sw.js" {
                change(answer);
            }
        });
        let lines = refused(&operator, &address);
        assert!(lines.iter().all(|line| line.starts_with("sw.js: ")), "{lines:?}");
        lines.join("\n")
    };
    assert!(with(|answer| answer.status = "404 Not Found").contains("no such file (404)"));
    let moved = |answer: &mut Answer| {
        answer.status = "301 Moved Permanently";
        answer.headers += "Location: /worker/sw.js\r\n";
    };
    assert!(with(moved).contains("redirects to /worker/sw.js"));
    assert!(
        with(|answer| answer.headers = answer.headers.replace("text/javascript", "text/plain"))
            .contains("Content-Type is `text/plain`")
    );
    assert!(with(|answer| answer.body.push(b'\n')).contains("sw.js: is not what this version of Bilik writes"));
    assert!(
        with(|answer| answer.headers += "Content-Security-Policy: default-src 'none'\r\n").contains("add 'self' to connect-src")
    );
}

#[test]
fn files_of_the_app_with_types_that_browsers_refuse_are_refused() {
    let operator = small();
    let address = host(&operator.site(), |_, answer| {
        answer.headers = answer.headers.replace("text/javascript", "text/plain").replace("text/css", "text/plain");
    });
    let lines = refused(&operator, &address);
    for file in ["app.js: ", "sw.js: ", "worker.js: ", "pkg/bilik.js: "] {
        assert!(
            lines.iter().any(|line| line.starts_with(file) && line.contains("Content-Type is `text/plain`")),
            "{file}: {lines:?}"
        );
    }
}

#[test]
fn scripts_that_a_cdn_defers_are_named() {
    let operator = small();
    let address = host(&operator.site(), |_, answer| {
        let text = String::from_utf8_lossy(&answer.body).replace("type=\"module\"", "type=\"0a1b-module\"");
        if text.starts_with("<!doctype html>") {
            answer.body = text.into_bytes();
        }
    });
    let lines = refused(&operator, &address);
    assert!(lines.iter().any(|line| line.starts_with("index.html: differs from the digest")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("rewritten to `0a1b-module`") && line.contains("Rocket Loader")), "{lines:?}");
}

#[test]
fn a_frame_that_partners_cannot_show_or_trust_is_refused() {
    let operator = small();
    let address = host(&operator.site(), |path, answer| {
        if path == "embed.html" {
            answer.headers += "X-Frame-Options: SAMEORIGIN\r\n";
        }
    });
    let lines = refused(&operator, &address);
    assert!(
        matches!(&lines[..], [line] if line.starts_with("embed.html: the header X-Frame-Options is `SAMEORIGIN`")),
        "{lines:?}"
    );
    let frame = operator.site().join("embed.html");
    let text = std::fs::read_to_string(&frame).unwrap();
    std::fs::write(&frame, text.replace("content=\"bilik-public-key:", "content=\"bilik-public-key:00 bilik-public-key:"))
        .unwrap();
    assert!(operator.run_verify(&[]).exits_with(1).out.contains("REFUSED embed.html: is not what this version"));
}

#[test]
fn an_address_that_no_browser_opens_is_explained() {
    let operator = Operator::new(BILIK);
    for (address, words) in [
        ("https://user:secret@a.example/", "user name"),
        ("https://a.example/?x", "query"),
        ("https://a.example:99999/", "65535"),
        ("ftp://a.example/", "https://"),
        ("https://a.example:6000/", "port 6000"),
    ] {
        let said = RunOutput::of(&mut find(address, &operator.public_key(), &[])).exits_with(2).err;
        assert!(said.contains(words) && said.contains("Fix: "), "{said}");
        assert!(verify(&operator, address, &[]).exits_with(2).err.contains(words));
    }
}
