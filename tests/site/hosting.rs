//! `verify` and `find` at an address: what a host must do, what it had better do, and servers that do neither.

use crate::hosts::host;
use crate::{BILIK, bilik, small};
use bilik_cli::server::Fault;
use bilik_publish::app::{self, SiteFile};
use bilik_testkit::{Operator, RunOutput, Running, Served};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn served(operator: &Operator, fault: Option<Fault>) -> (Served, String) {
    let server = Served::start(operator.site(), fault);
    let address = server.address();
    (server, address)
}

pub(crate) fn verify(operator: &Operator, address: &str, more: &[&str]) -> RunOutput {
    let key = operator.public_key();
    RunOutput::of(BILIK.command().args(["verify", address, "--public-key"]).arg(key).args(more))
}

#[test]
fn our_own_server_passes_with_one_piece_of_advice() {
    let operator = small();
    let (_server, address) = served(&operator, None);
    let verified = verify(&operator, &address, &["--json"]).exits_with(0).json();
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
    let words = verify(&operator, &address, &[]).exits_with(0);
    assert!(words.out.contains("advice  Content-Encoding of index.html: gzip; brotli saves"), "{}", words.out);
    // A folder has no headers.
    assert!(operator.run_verify(&[&"--json"]).exits_with(0).json().get("hosting").is_none());
}

#[test]
fn a_mirror_without_cors_is_refused_and_each_kind_of_file_is_named() {
    let operator = small();
    let address = host(&operator.site(), |_, answer| answer.headers = "Content-Type: application/octet-stream\r\n".into());
    let said = verify(&operator, &address, &["--data-only"]).exits_with(1).out;
    for path in ["head.bilik", " m/", " p/", " d/", " t/", " s/", " n/"] {
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
    let operator = small();
    for path in ["index.html", "pkg/bilik.js", "pkg/bilik_bg.wasm"] {
        std::fs::remove_file(operator.site().join(path)).unwrap();
    }
    let (_server, address) = served(&operator, None);
    assert!(verify(&operator, &address, &[]).exits_with(1).out.contains("REFUSED index.html: there is no such file"));
    verify(&operator, &address, &["--data-only"]).exits_with(0);
    operator.run_verify(&[&"--data-only"]).exits_with(0);
}

#[test]
fn a_page_that_trusts_somebody_else_is_refused() {
    let (operator, other) = (small(), Operator::new(BILIK));
    let page = operator.site().join("index.html");
    let key = |operator: &Operator| std::fs::read_to_string(operator.public_key()).unwrap().trim().to_owned();
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains(&key(&operator)));
    std::fs::write(&page, text.replace(&key(&operator), &format!("{} {}", key(&operator), key(&other)))).unwrap();
    let changed = "REFUSED index.html: differs from the digest in site.json";
    assert!(operator.run_verify(&[]).exits_with(1).out.contains(changed));
    // A host that also changes the digest in site.json is detected, too.
    let described = operator.site().join("site.json");
    let json = std::fs::read_to_string(&described).unwrap();
    let digest = |text: &str| app::hex_digest(text.as_bytes());
    let now = digest(&std::fs::read_to_string(&page).unwrap());
    std::fs::write(&described, json.replace(&digest(&text), &now)).unwrap();
    let said = operator.run_verify(&[]).exits_with(1).out;
    assert!(said.contains("REFUSED index.html: is not what this version of Bilik writes"), "{said}");
    // A site that says whom its page trusts, as consistent as one that was built so.
    let keys = format!("\"{}\",\n    \"{}\"", key(&operator), key(&other));
    let json = json.replace(&format!("\"{}\"", key(&operator)), &keys);
    let composed = app::recomposed(&SiteFile::parse(json.as_bytes()).unwrap(), None).unwrap().unwrap();
    for (path, content) in &composed.files {
        std::fs::write(operator.site().join(path), content).unwrap();
    }
    std::fs::write(&described, serde_json::to_vec_pretty(&composed.site).unwrap()).unwrap();
    let said = operator.run_verify(&[]).exits_with(1).out;
    assert!(
        said.contains("REFUSED site.json: the page trusts a key that was not given") && said.contains(&key(&other)),
        "{said}"
    );
    operator.run_verify(&[&"--public-key", &other.public_key()]).exits_with(0);
}

#[test]
fn a_script_that_the_host_changed_together_with_its_digest_is_refused() {
    let operator = small();
    let site = operator.site();
    let originals =
        ["app.js", "site.json", "sw.js", "element.js"].map(|name| (name, std::fs::read_to_string(site.join(name)).unwrap()));
    let [(_, script), (_, json), (_, worker), _] = &originals;
    let changed = format!("{script}fetch('https://collector.example/');");
    let digest = |text: &str| app::hex_digest(text.as_bytes());
    let swap = |text: &str| text.replace(&digest(script), &digest(&changed));
    std::fs::write(site.join("app.js"), &changed).unwrap();
    std::fs::write(site.join("site.json"), swap(json)).unwrap();
    std::fs::write(site.join("sw.js"), swap(worker)).unwrap();
    let said = operator.run_verify(&[]).exits_with(1).out;
    for file in ["app.js", "site.json", "sw.js"] {
        assert!(said.contains(&format!("REFUSED {file}: ")), "{file}: {said}");
    }
    for (name, text) in &originals {
        std::fs::write(site.join(name), text).unwrap();
    }
    operator.run_verify(&[]).exits_with(0);
    // What only partners load has no digest in site.json, and is compared all the same; so is what they pinned.
    let pinned = SiteFile::parse(json.as_bytes()).unwrap().pinned;
    for name in ["element.js".to_owned(), format!("{pinned}/element.js")] {
        let whole = std::fs::read(site.join(&name)).unwrap();
        std::fs::write(site.join(&name), [&whole[..], b"\n"].concat()).unwrap();
        let said = operator.run_verify(&[]).exits_with(1).out;
        assert!(said.contains(&format!("REFUSED {name}: ")), "{name}: {said}");
        std::fs::write(site.join(&name), whole).unwrap();
    }
}

#[test]
fn a_page_of_another_version_of_bilik_is_refused() {
    let operator = small();
    let described = operator.site().join("site.json");
    let json = std::fs::read_to_string(&described).unwrap();
    let (_, rest) = json.split_once("\"app\": \"").expect("site.json names the app");
    let (app, _) = rest.split_once('"').unwrap();
    let other = app::hex_digest(b"another version");
    std::fs::write(&described, json.replace(app, &other)).unwrap();
    let said = operator.run_verify(&[]).exits_with(1).out;
    assert!(said.contains("REFUSED index.html: written by another version of Bilik"), "{said}");
}

#[test]
fn an_app_that_was_rewritten_on_the_way_is_refused() {
    let operator = small();
    let app = operator.site().join("app.js");
    let whole = std::fs::read(&app).unwrap();
    std::fs::write(&app, [&whole[..], b"\n"].concat()).unwrap();
    let said = operator.run_verify(&[]).exits_with(1).out;
    assert!(said.contains("REFUSED app.js: differs from the digest in site.json"), "{said}");
    std::fs::write(&app, whole).unwrap();
    operator.run_verify(&[]).exits_with(0);
}

#[test]
fn what_a_faulty_mirror_serves_is_refused_by_name() {
    let operator = small();
    for (fault, reason) in [
        (Fault::Flipped, "signature"),
        (Fault::Truncated, "bytes, got"),
        (Fault::Error, "status 500"),
        (Fault::Drop, "head.bilik"),
    ] {
        let (_server, address) = served(&operator, Some(fault.clone()));
        let said = verify(&operator, &address, &[]).exits_with(1).out;
        assert!(said.contains("REFUSED head.bilik") && said.contains(reason), "{fault}: {said}");
        let json = verify(&operator, &address, &["--json"]).exits_with(1).json();
        assert_eq!(json["problems"][0]["file"], "head.bilik", "{fault}");
    }
    // An older head is signed as well as any: only its serial tells.
    let old = operator.path().join("old.bilik");
    std::fs::copy(operator.site().join("head.bilik"), &old).unwrap();
    let serial = operator.head().serial;
    operator.build();
    let (_server, address) = served(&operator, Some(Fault::OlderHead(old)));
    assert_eq!(verify(&operator, &address, &["--json"]).exits_with(0).json()["serial"], serial);
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

pub(crate) fn find(address: &str, key: &Path, more: &[&str]) -> Command {
    let mut command = BILIK.command();
    command.args(["find", address, "--nik", "390101120190", "--name", "Budi Santoso", "--public-key"]).arg(key).args(more);
    command
}

#[test]
fn ctrl_c_ends_a_question_to_a_silent_server_at_once() {
    let (operator, address) = (Operator::new(BILIK), bad(b""));
    let key = operator.public_key();
    let mut verify = BILIK.command();
    verify.args(["verify", &address, "--public-key"]).arg(&key);
    for mut command in [find(&address, &key, &[]), verify] {
        let child = Running::start(&mut command);
        std::thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        child.signal("INT");
        let RunOutput { code, err, .. } = child.finish();
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert_eq!(code, 130, "{err}");
        assert!(err.contains("interrupted") && !err.contains("published"), "{err}");
    }
}

#[test]
fn a_silent_server_is_given_up_at_the_timeout() {
    let (operator, address) = (Operator::new(BILIK), bad(b""));
    let began = Instant::now();
    let said = RunOutput::of(&mut find(&address, &operator.public_key(), &["--timeout", "1"])).exits_with(2);
    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(said.err.contains("no answer within 1 s in total"), "{}", said.err);
}

#[test]
fn redirects_and_endless_heads_are_explained() {
    let operator = Operator::new(BILIK);
    let moved = bad(b"HTTP/1.1 301 Moved Permanently\r\nLocation: https://www.example/site/\r\nContent-Length: 0\r\n\r\n");
    let start = "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\nBILIKh\x01\x01";
    let endless = bad(format!("{start}{}", "A".repeat(4_000)).leak().as_bytes());
    for (address, words) in [(moved, "redirects to https://www.example/site/"), (endless, "the maximum for a head")] {
        let said = RunOutput::of(&mut find(&address, &operator.public_key(), &[])).exits_with(2);
        assert!(said.err.contains(words), "{}", said.err);
        let said = verify(&operator, &address, &[]).exits_with(1);
        assert!(said.out.contains(words), "{}", said.out);
    }
}

#[test]
fn with_json_errors_are_json_too() {
    let operator = small();
    let (site, key, nowhere) = (operator.site(), operator.public_key(), operator.path().join("nowhere"));
    let nobody = bilik(&[&"find", &nowhere, &"--public-key", &key, &"--json"]).exits_with(2).json();
    assert_eq!((&nobody["outcome"], &nobody["problems"][0]["file"]), (&"unreachable".into(), &"head.bilik".into()));
    for command in [&["find"][..], &["verify"]] {
        let no_key =
            RunOutput::of(BILIK.command().args(command).arg(&site).arg("--public-key").arg(&nowhere).arg("--json")).exits_with(2);
        assert!(no_key.json()["error"].as_str().unwrap().contains("public key"), "{}", no_key.out);
    }
    let no_site = bilik(&[&"verify", &nowhere, &"--public-key", &key, &"--json"]).exits_with(2).json();
    assert!(no_site["error"].as_str().unwrap().contains("folder or address"), "{no_site}");
}

#[test]
fn inspect_refuses_devices_pipes_folders_and_huge_files() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [Path::new("/dev/zero"), &pipe, folder.path()] {
        let said = bilik(&[&"inspect", &path]).exits_with(2);
        assert!(said.err.contains("not a regular file"), "{}", said.err);
    }
    let long = folder.path().join("long");
    std::fs::File::create(&long).unwrap().set_len(40 << 20).unwrap();
    assert!(bilik(&[&"inspect", &long]).exits_with(2).err.contains("not a Bilik file: longer than"));
}
