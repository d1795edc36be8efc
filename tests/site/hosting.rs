//! `verify` and `find` at an address: what a host must do, what it had better do, and servers that do neither.

use crate::damage::small;
use crate::support::{BILIK, Ran, World, bilik};
use bilik_cli::server::{self, Fault, Server};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn served(world: &World, fault: Option<&Fault>) -> (Server, String) {
    let server = server::start_with(world.site(), (Ipv4Addr::LOCALHOST, 0).into(), fault).unwrap();
    let address = format!("http://{}/", server.address());
    (server, address)
}

fn verify(world: &World, address: &str, more: &[&str]) -> Ran {
    let key = world.public_key();
    Ran::of(Command::new(BILIK).args(["verify", address, "--public-key"]).arg(key).args(more))
}

/// A host that serves a folder as it likes: the real answer of [`serve`], with another head of headers.
fn host(folder: &Path, headers: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, folder) = (stream.unwrap(), folder.clone());
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).unwrap_or_default();
                let request = String::from_utf8_lossy(&bytes[..read]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
                let path = if path.is_empty() { "index.html" } else { path };
                let answer = match std::fs::read(folder.join(path)) {
                    Ok(body) => [
                        format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())
                            .into_bytes(),
                        body,
                    ]
                    .concat(),
                    Err(_) => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
                };
                stream.write_all(&answer).unwrap_or_default();
            });
        }
    });
    address
}

#[test]
fn our_own_server_keeps_the_contract_and_has_one_piece_of_advice() {
    let world = small();
    let (_server, address) = served(&world, None);
    let verified = verify(&world, &address, &["--json"]).ends_with(0).json();
    let served = verified["hosting"]["served"].as_array().unwrap();
    let kinds: std::collections::BTreeSet<&str> =
        served.iter().map(|file| &file["file"].as_str().unwrap()[..1.min(file["file"].as_str().unwrap().len())]).collect();
    for kind in ["h", "m", "d", "t", "s", "n", "", "i", "p"] {
        assert!(kinds.contains(kind), "{kind}: {served:?}");
    }
    assert!(served.iter().all(|file| file["status"] == 200 && file["allowOrigin"] == "*"), "{served:?}");
    // It compresses by gzip, and says so of itself.
    let advice = verified["hosting"]["advice"].as_array().unwrap();
    assert!(!advice.is_empty() && advice.iter().all(|advice| advice["header"] == "Content-Encoding"), "{advice:?}");
    let words = verify(&world, &address, &[]).ends_with(0);
    assert!(words.out.contains("advice  Content-Encoding of index.html: gzip; brotli saves"), "{}", words.out);
    // A folder has no headers.
    assert!(world.run_verify(&[&"--json"]).ends_with(0).json().get("hosting").is_none());
}

#[test]
fn without_cors_a_mirror_is_none_and_each_kind_of_file_is_named() {
    let world = small();
    let address = host(&world.site(), "Cache-Control: no-cache\r\nContent-Type: application/octet-stream\r\n");
    let said = verify(&world, &address, &["--data-only"]).ends_with(1).out;
    for path in ["head.bilik", " m/", " d/", " t/", " s/", " n/"] {
        let refused = said
            .lines()
            .any(|line| line.starts_with("REFUSED") && line.contains(path) && line.contains("Access-Control-Allow-Origin"));
        assert!(refused, "{path}: {said}");
    }
    assert!(said.contains("advice  Cache-Control of t/") && said.contains("immutable"), "{said}");
    assert!(!said.contains("index.html"), "{said}");
}

#[test]
fn a_mirror_of_the_data_alone_is_said_to_be_one() {
    let world = small();
    for path in ["index.html", "pkg/bilik.js", "pkg/bilik_bg.wasm"] {
        std::fs::remove_file(world.site().join(path)).unwrap();
    }
    let (_server, address) = served(&world, None);
    assert!(verify(&world, &address, &[]).ends_with(1).out.contains("REFUSED index.html: there is no such file"));
    verify(&world, &address, &["--data-only"]).ends_with(0);
    world.run_verify(&[&"--data-only"]).ends_with(0);
}

#[test]
fn a_page_that_trusts_somebody_else_is_refused() {
    let (world, other) = (small(), World::new());
    let page = world.site().join("index.html");
    let key = |world: &World| std::fs::read_to_string(world.public_key()).unwrap().trim().to_owned();
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains(&key(&world)));
    // Whoever changes the page changes the service worker that names its digest.
    let _: std::io::Result<()> = std::fs::remove_file(world.site().join("sw.js"));
    std::fs::write(&page, text.replace(&key(&world), &format!("{} {}", key(&world), key(&other)))).unwrap();
    let said = world.run_verify(&[]).ends_with(1).out;
    assert!(
        said.contains("REFUSED index.html: the page trusts a key that was not given") && said.contains(&key(&other)),
        "{said}"
    );
    world.run_verify(&[&"--public-key", &other.public_key()]).ends_with(0);
}

/// As the service worker of a site names them, whether or not this build's page has one.
#[test]
fn an_app_that_was_rewritten_on_the_way_is_refused() {
    let world = small();
    let name = |digest: &str| {
        let text = format!("const FILES = JSON.parse('{{\"app.js\":\"{digest}\"}}');");
        std::fs::write(world.site().join("sw.js"), text).unwrap();
    };
    std::fs::write(world.site().join("app.js"), "let a = 1;\n").unwrap();
    name("edbc76abb8ea8e6e7c3b3a5c8b7ae7b21d8bb0a57ed6f67d0a7b4d2f2c8b5d5e");
    let said = world.run_verify(&[]).ends_with(1).out;
    assert!(said.contains("REFUSED app.js: it is not what sw.js names"), "{said}");
    name("dec9932ac327157f62d0e1829b89ffec6004cee770091de4881bde37c8d55009");
    world.run_verify(&[]).ends_with(0);
}

#[test]
fn what_a_faulty_mirror_serves_is_refused_by_name() {
    let world = small();
    for (fault, reason) in [
        (Fault::Flipped, "signature"),
        (Fault::Truncated, "bytes, expected"),
        (Fault::Error, "status 500"),
        (Fault::Drop, "head.bilik"),
    ] {
        let (_server, address) = served(&world, Some(&fault));
        let said = verify(&world, &address, &[]).ends_with(1).out;
        assert!(said.contains("REFUSED head.bilik") && said.contains(reason), "{fault}: {said}");
        let json = verify(&world, &address, &["--json"]).ends_with(1).json();
        assert_eq!(json["problems"][0]["file"], "head.bilik", "{fault}");
    }
    // An older head is signed as well as any: only its serial tells.
    let old = world.path().join("old.bilik");
    std::fs::copy(world.site().join("head.bilik"), &old).unwrap();
    let serial = world.head().serial;
    world.build();
    let (_server, address) = served(&world, Some(&Fault::OlderHead(old)));
    assert_eq!(verify(&world, &address, &["--json"]).ends_with(0).json()["serial"], serial);
}

/// Takes connections and says nothing, or redirects, or sends a head without an end.
fn bad(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.write_all(answer).unwrap_or_default();
            open.push(stream);
        }
    });
    address
}

fn find(address: &str, key: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(BILIK);
    command.args(["find", address, "--nik", "390101120190", "--name", "Budi Santoso", "--public-key"]).arg(key).args(more);
    command
}

#[test]
fn ctrl_c_ends_a_question_to_a_silent_server_at_once() {
    let (world, address) = (World::new(), bad(b""));
    let key = world.public_key();
    let mut verify = Command::new(BILIK);
    verify.args(["verify", &address, "--public-key"]).arg(&key);
    for mut command in [find(&address, &key, &[]), verify] {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert_eq!(output.status.code(), Some(130), "{err}");
        assert!(err.contains("interrupted") && !err.contains("published"), "{err}");
    }
}

#[test]
fn a_silent_server_is_waited_for_as_long_as_told() {
    let (world, address) = (World::new(), bad(b""));
    let began = Instant::now();
    let said = Ran::of(&mut find(&address, &world.public_key(), &["--timeout", "1"])).ends_with(2);
    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(said.err.contains("not within 1 s altogether"), "{}", said.err);
}

#[test]
fn redirects_and_heads_without_end_are_told_in_words() {
    let world = World::new();
    let moved = bad(b"HTTP/1.1 301 Moved Permanently\r\nLocation: https://www.example/site/\r\nContent-Length: 0\r\n\r\n");
    let endless = bad(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\nBILIKh\x01\x01AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    for (address, words) in [(moved, "redirects to https://www.example/site/"), (endless, "no head is")] {
        let said = Ran::of(&mut find(&address, &world.public_key(), &[])).ends_with(2);
        assert!(said.err.contains(words), "{}", said.err);
        let said = verify(&world, &address, &[]).ends_with(1);
        assert!(said.out.contains(words), "{}", said.out);
    }
}

#[test]
fn who_asks_for_json_gets_json_whatever_happens() {
    let world = small();
    let (site, key, nowhere) = (world.site(), world.public_key(), world.path().join("nowhere"));
    let nobody = bilik(&[&"find", &nowhere, &"--public-key", &key, &"--json"]).ends_with(2).json();
    assert_eq!((&nobody["outcome"], &nobody["problems"][0]["file"]), (&"unreachable".into(), &"head.bilik".into()));
    for command in [&["find"][..], &["verify"]] {
        let no_key =
            Ran::of(Command::new(BILIK).args(command).arg(&site).arg("--public-key").arg(&nowhere).arg("--json")).ends_with(2);
        assert!(no_key.json()["error"].as_str().unwrap().contains("public key"), "{}", no_key.out);
    }
    let no_site = bilik(&[&"verify", &nowhere, &"--public-key", &key, &"--json"]).ends_with(2).json();
    assert!(no_site["error"].as_str().unwrap().contains("folder or address"), "{no_site}");
}

#[test]
fn what_is_inspected_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [Path::new("/dev/zero"), &pipe, folder.path()] {
        let said = bilik(&[&"inspect", &path]).ends_with(2);
        assert!(said.err.contains("not a regular file"), "{}", said.err);
    }
    let long = folder.path().join("long");
    std::fs::File::create(&long).unwrap().set_len(40 << 20).unwrap();
    assert!(bilik(&[&"inspect", &long]).ends_with(2).err.contains("not a Bilik file: longer than"));
}
