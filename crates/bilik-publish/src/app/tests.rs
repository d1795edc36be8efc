use super::digest::hex_digest;
use super::list::{AppList, Kind};
use super::site_file::{PageElection, SITE_FILE, SiteFile};
use super::values::App;
use super::writer::{PAGE, VERSION_CHARS, recomposed, write};
use crate::config::{Logo, Organiser, Rights};
use bilik::format::{Election, PublicKey};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn election(name: &str) -> Election {
    let (help_phone, help_url) = (Some("0800-\"1".into()), None);
    Election { id: "demo".into(), name: name.into(), day: 0, opens: 0, closes: 1, demo: true, help_phone, help_url }
}

fn public_key(seed: u8) -> PublicKey {
    PublicKey::of(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).verifying_key())
}

fn written(app: &App) -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    write(site.path(), app).unwrap();
    site
}

fn site_file(site: &Path) -> SiteFile {
    SiteFile::parse(&fs::read(site.join(SITE_FILE)).unwrap()).unwrap()
}

static NO_RIGHTS: Rights = Rights::new();

fn plain(election: &Election) -> App<'_> {
    App {
        address: None,
        station_pages: true,
        mirrors: &[],
        public_keys: &[],
        threshold: 1,
        witnesses: None,
        election,
        organiser: None,
        legal_basis: None,
        rights: &NO_RIGHTS,
    }
}

#[test]
fn the_list_names_every_file_by_its_digest_and_only_slots_that_are_filled() {
    let list = AppList::carried().unwrap();
    for file in &list.files {
        assert_eq!(file.sha256, hex_digest(&file.bytes().unwrap()), "{}", file.path);
        assert!(file.template.is_some() || file.slots.is_empty(), "{}", file.path);
        assert!(matches!(file.kind, Kind::Page | Kind::Pack) == file.policy.is_some(), "{}: a page has a policy", file.path);
    }
    // A pack is filled in with more, by `pack_page`.
    let of_site = list.files.iter().filter(|file| file.kind != Kind::Pack);
    let slots: BTreeSet<&str> = of_site.flat_map(|file| file.slots.iter().map(String::as_str)).collect();
    let filled = [
        "address",
        "brand",
        "contact",
        "contact_link",
        "day",
        "day_en",
        "day_id",
        "demo",
        "election",
        "election_name",
        "help_phone",
        "help_url",
        "hours",
        "integrity",
        "legal_basis",
        "logo",
        "mirrors",
        "name",
        "organiser",
        "organiser_host",
        "organiser_url",
        "pages",
        "policy",
        "public_keys",
        "rights",
        "shell",
        "threshold",
        "version",
        "witnesses",
    ];
    assert_eq!(slots, BTreeSet::from(filled));
    let paths: BTreeSet<&str> = list.files.iter().map(|file| file.path.as_str()).collect();
    for path in [PAGE, "embed.html", "app.js", "worker.js", "sw.js", "element.js", "pkg/bilik.js", "pkg/bilik_bg.wasm"] {
        assert!(paths.contains(path), "{path}");
    }
}

#[test]
fn values_are_filled_in_and_escaped() {
    let mirrors = [String::from("./"), String::from("https://a.example/a&b/")];
    let keys = [public_key(1), public_key(2)];
    let name = "\"<&'>\\\u{7}";
    let site = written(&App { mirrors: &mirrors, public_keys: &keys, threshold: 2, ..plain(&election(name)) });
    let read = |path: &str| fs::read_to_string(site.path().join(path)).unwrap();
    let page = read(PAGE);
    assert!(page.contains("&#x2f;a&amp;b&#x2f;") && page.contains("0800-&quot;1"), "{page}");
    assert!(page.contains("connect-src &#x27;self&#x27; https:&#x2f;&#x2f;a.example; default-src"), "{page}");
    assert!(page.contains(&format!("content=\"{} {}\"", keys[0], keys[1])) && page.contains("content=\"2\""), "{page}");
    for path in [PAGE, "embed.html", "embed-code.html", "examples.html", "sw.js", "manifest.webmanifest"] {
        assert!(!read(path).contains("{{") && !read(path).contains("{%"), "{path}");
    }
    let manifest: serde_json::Value = serde_json::from_str(&read("manifest.webmanifest")).unwrap();
    assert_eq!(manifest["name"], format!("DEMO · {name}"));
    for icon in manifest["icons"].as_array().unwrap() {
        assert!(site.path().join(icon["src"].as_str().unwrap()).is_file(), "{icon}");
    }
}

#[test]
fn what_a_site_says_of_itself_is_read_back_as_it_was_written() {
    let mirrors = [String::from("./"), String::from("https://a.example/")];
    let keys = [public_key(1), public_key(2)];
    let site = written(&App { mirrors: &mirrors, public_keys: &keys, threshold: 2, ..plain(&election("Pemilu")) });
    let described = site_file(site.path());
    assert_eq!((&described.public_keys[..], described.threshold, &described.mirrors[..]), (&keys[..], 2, &mirrors[..]));
    assert_eq!(described.election, PageElection::of(&plain(&election("Pemilu"))));
    assert!(described.policy_header().contains("connect-src 'self' https://a.example; default-src 'none'"));
    let composed = recomposed(&described, None).unwrap().unwrap();
    assert_eq!(composed.site, described);
    for (path, content) in &composed.files {
        assert!(*content == fs::read(site.path().join(path)).unwrap(), "{path}");
    }
    let on_disk = walkdir::WalkDir::new(site.path()).into_iter().filter(|entry| entry.as_ref().unwrap().file_type().is_file());
    assert_eq!(on_disk.count(), composed.files.len() + 1, "nothing but these and site.json");
    let mut other = described.clone();
    other.app.clear();
    assert!(recomposed(&other, None).unwrap().is_none());
    let json = fs::read_to_string(site.path().join(SITE_FILE)).unwrap();
    assert!(SiteFile::parse(json.replace("\"format\": 1", "\"format\": 2").as_bytes()).is_err());
    assert!(SiteFile::parse(json.replace("bilik-public-key:", "not-a-key:").as_bytes()).is_err());
}

#[test]
fn unchanged_files_are_left_alone_and_changed_ones_replaced() {
    let election = election("Pemilu");
    let site = written(&plain(&election));
    let index = site.path().join(PAGE);
    let old = std::time::SystemTime::UNIX_EPOCH;
    fs::File::options().write(true).open(&index).unwrap().set_modified(old).unwrap();
    fs::write(site.path().join("app.js"), "changed").unwrap();
    write(site.path(), &plain(&election)).unwrap();
    assert_eq!(fs::metadata(&index).unwrap().modified().unwrap(), old);
    assert_ne!(fs::read(site.path().join("app.js")).unwrap(), b"changed");
    let left = fs::read_dir(site.path()).unwrap().filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(left.count(), 0);
}

#[test]
fn what_is_kept_is_named_by_its_digest_for_the_service_worker_too() {
    let site = written(&plain(&election("Pemilu")));
    let SiteFile { files, version, .. } = site_file(site.path());
    for (path, digest) in &files {
        assert_eq!(*digest, hex_digest(&fs::read(site.path().join(path)).unwrap()), "{path}");
    }
    for path in [PAGE, "app.js", "worker.js", "i18n/en.json", "icons/bilik.svg", "manifest.webmanifest", "pkg/bilik_bg.wasm"] {
        assert!(files.contains_key(path), "{path}: {files:?}");
    }
    for path in ["sw.js", SITE_FILE, "element.js", "embed.html", "icons/192.png"] {
        assert!(!files.contains_key(path), "{path}: {files:?}");
    }
    let worker = fs::read_to_string(site.path().join("sw.js")).unwrap();
    let line = worker.lines().next().unwrap().strip_prefix("const SHELL = ").unwrap().strip_suffix(';').unwrap();
    let shell: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(shell, serde_json::json!({ "version": version, "files": files }));
}

#[test]
fn another_byte_of_the_app_is_another_version_and_the_same_bytes_are_the_same() {
    let [pemilu, pilkada] = [election("Pemilu"), election("Pilkada")];
    let version = |election| site_file(written(&plain(election)).path()).version;
    assert_eq!(version(&pemilu), version(&pemilu));
    assert_ne!(version(&pemilu), version(&pilkada), "the name stands in the manifest");
    assert_eq!(version(&pemilu).len(), VERSION_CHARS);
}

#[test]
fn a_version_holds_what_runs_in_a_partners_page_and_nothing_else() {
    let site = written(&plain(&election("Pemilu")));
    let pinned = site.path().join(site_file(site.path()).pinned);
    for path in ["element.js", "inline.html", "app.js", "css/bilik.css", "i18n/en.json", "icons/bilik.svg", "pkg/bilik_bg.wasm"] {
        assert!(pinned.join(path).is_file(), "{path}");
    }
    for path in [PAGE, "sw.js", "embed.html", "form.html", "examples.html", "css/examples.css", "embed-code.js", "icons/192.png"]
    {
        assert!(!pinned.join(path).exists(), "{path}");
    }
}

#[test]
fn a_site_has_its_version_whole_and_keeps_the_one_before() {
    let of = |id: &str, demo| Election { id: id.into(), demo, ..election("Pemilu") };
    let site = tempfile::tempdir().unwrap();
    let mirrors = [String::from("./")];
    let versions = || fs::read_dir(site.path().join("v")).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let write = |election: &Election| write(site.path(), &App { mirrors: &mirrors, ..plain(election) }).unwrap();
    write(&of("one", false));
    assert!(!site.path().join("examples.html").exists());
    let first = versions();
    let page = fs::read_to_string(first[0].join("inline.html")).unwrap();
    assert!(page.contains("id=\"form\""), "{page}");
    assert!(
        !page.contains("bilik-public-key") && !page.contains("bilik-mirrors"),
        "a key that is dropped is dropped everywhere: {page}"
    );
    assert_eq!(fs::read(first[0].join("element.js")).unwrap(), fs::read(site.path().join("element.js")).unwrap());
    write(&of("one", false));
    assert_eq!(versions(), first);
    write(&of("two", true));
    assert_eq!(versions().len(), 2);
    assert!(first[0].is_dir() && site.path().join("examples.html").exists());
    let code = fs::read_to_string(site.path().join("embed-code.html")).unwrap();
    assert!(code.contains("data-integrity=\"sha384-"), "{code}");
}

#[test]
fn the_pages_say_whose_they_are_before_any_script_runs() {
    let logo = Logo { path: "logo.svg", bytes: b"<svg></svg>".to_vec() };
    let organiser = Organiser {
        name: "Komisi Pemilihan <Contoh>".into(),
        short_name: "KP Contoh".into(),
        url: "https://kp.example/a".into(),
        privacy_contact: "privasi@kp.example".into(),
        logo: Some(logo.clone()),
    };
    let mut election = Election { day: 21_594, opens: 420, closes: 780, demo: false, ..election("Pemilu 2029") };
    let site = written(&App { organiser: Some(&organiser), legal_basis: Some("Keputusan 7."), ..plain(&election) });
    let read = |path: &str| fs::read_to_string(site.path().join(path)).unwrap();
    let page = read(PAGE);
    for text in
        ["<title>Cari TPS Anda · Pemilu 2029</title>", "<b>KP Contoh</b>", "Rabu, 14 Februari 2029", "07:00 13:00", "logo.svg"]
    {
        assert!(page.replace("&#x3a;", ":").contains(text), "{text}: {page}");
    }
    for path in ["privacy.html", "privacy.en.html"] {
        let page = read(path);
        for text in
            ["Komisi Pemilihan &lt;Contoh&gt;", "mailto:privasi@kp.example", "kp.example", "Keputusan 7", "penyelenggara di atas"]
        {
            let text = if path == "privacy.en.html" {
                text.replace("penyelenggara di atas", "organiser named above")
            } else {
                text.into()
            };
            assert!(page.contains(&text), "{path}: {text}: {page}");
        }
        assert!(!page.contains("Keputusan 7..") && !page.contains("7.</span>."), "{path}: {page}");
        assert!(!page.contains("<script") && !page.contains("{{") && !page.contains("{%"), "{path}");
    }
    assert_eq!(fs::read(site.path().join("logo.svg")).unwrap(), logo.bytes);
    let described = site_file(site.path());
    assert_eq!(fs::read(site.path().join(&described.pinned).join("logo.svg")).unwrap(), logo.bytes);
    let composed = recomposed(&described, Some(&logo.bytes)).unwrap().unwrap();
    assert_eq!(composed.site, described);
    assert!(composed.files.iter().any(|(path, content)| path == PAGE && content == page.as_bytes()));

    election.demo = true;
    let demo = written(&plain(&election));
    let page = fs::read_to_string(demo.path().join(PAGE)).unwrap();
    assert!(page.contains("<b>DEMO · Pemilu 2029</b>") && !page.contains("logo."), "{page}");
    for (path, named) in [("privacy.html", "penyelenggara di atas"), ("privacy.en.html", "organiser named above")] {
        let page = fs::read_to_string(demo.path().join(path)).unwrap();
        assert!(!page.contains(named), "nobody is named: {path}: {page}");
    }
}
