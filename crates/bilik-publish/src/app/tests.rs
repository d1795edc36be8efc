use super::*;

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

#[test]
fn placeholders_are_filled_and_escaped() {
    let mirrors = [String::from("./"), String::from("https://a.example/x?a=1&b=\"2\"")];
    let keys = [public_key(1), public_key(2)];
    let app = App { mirrors: &mirrors, public_keys: &keys, threshold: 2, election: &election("\"<&'>\\") };
    let page =
        "connect 'self' {{mirror_origins}};|{{mirrors}}|{{election}}|{{name}}|{{demo}}|{{help_phone}}|{{help_url}}|{{other}}";
    assert_eq!(
        fill(page, &app, escape),
        "connect 'self' https://a.example;|./ https://a.example/x?a=1&amp;b=&quot;2&quot;|demo|\
         DEMO · &quot;&lt;&amp;&#39;&gt;\\|true|0800-&quot;1||{{other}}"
    );
    assert_eq!(fill("{{public_key}}|{{threshold}}", &app, escape), format!("{} {}|2", keys[0], keys[1]));
    assert_eq!(fill("{{name}}", &app, escape_json), "DEMO · \\\"<&'>\\\\");
}

#[test]
fn origins_are_those_of_absolute_mirrors_each_once() {
    let mirrors = [
        "./",
        "/files/",
        "https://b.example:8443/x/",
        "https://b.example:8443/y/",
        "http://a.example",
        "https://user@c.example/",
        "ftp://d.example/",
        "https://bad.example;script-src *",
        "https:///x",
    ];
    let origins = origins(&mirrors.map(String::from));
    assert_eq!(origins, ["http://a.example", "https://b.example:8443", "https://c.example"]);
}

#[test]
fn what_only_developers_read_is_left_out() {
    for (name, is_in) in [
        ("index.html", true),
        ("i18n/id.json", true),
        ("bilik_bg.wasm", true),
        ("manifest.webmanifest", true),
        (".gitkeep", false),
        ("css/.draft.css", false),
        ("bilik.d.ts", false),
        ("README.md", false),
        ("package.json", false),
    ] {
        assert_eq!(is_for_visitors(name), is_in, "{name}");
    }
}

#[test]
fn the_page_is_written_and_unchanged_files_are_left_alone() {
    let (mirrors, keys) = ([String::from("https://a.example/")], vec![public_key(1), public_key(2)]);
    let app = App { mirrors: &mirrors, public_keys: &keys, threshold: 2, election: &election("Pemilu") };
    let site = written(&app);
    let index = site.path().join(PAGE);
    let page = fs::read_to_string(&index).unwrap();
    for page in [&page, &fs::read_to_string(site.path().join("embed.html")).unwrap()] {
        let pins = Pins { keys: keys.clone(), threshold: 2, mirrors: mirrors.to_vec() };
        assert_eq!(Pins::of(page.as_bytes()), pins);
    }
    assert!(page.contains(r#"name="bilik-election" content="demo""#) && !page.contains("{{"), "{page}");
    assert!(page.contains("connect-src 'self' https://a.example;"));
    let old = std::time::SystemTime::UNIX_EPOCH;
    fs::File::options().write(true).open(&index).unwrap().set_modified(old).unwrap();
    fs::write(site.path().join("app.js"), "changed").unwrap();
    write(site.path(), &app).unwrap();
    assert_eq!(fs::metadata(&index).unwrap().modified().unwrap(), old);
    assert_ne!(fs::read(site.path().join("app.js")).unwrap(), b"changed");
    let left = fs::read_dir(site.path()).unwrap().filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(left.count(), 0);
}

/// The files that the service worker of a site keeps, by their digests.
fn shell(site: &Path) -> (BTreeMap<String, String>, String) {
    let text = fs::read_to_string(site.join(SERVICE_WORKER)).unwrap();
    assert!(!text.contains("{{"), "{text}");
    let quoted = |name: &str| text.split_once(name).unwrap().1.split('\'').next().unwrap().to_owned();
    (serde_json::from_str(&quoted("JSON.parse('")).unwrap(), quoted("VERSION = '"))
}

#[test]
fn the_service_worker_names_what_lies_in_the_site_by_its_digest() {
    let site = written(&App { mirrors: &[], public_keys: &[], threshold: 1, election: &election("Pemilu") });
    let (files, _) = shell(site.path());
    for (name, digest) in &files {
        assert_eq!(*digest, hex(&Sha256::digest(fs::read(site.path().join(name)).unwrap())), "{name}");
    }
    for name in ["index.html", "app.js", "worker.js", "i18n/en.json", "icons/bilik.svg", "manifest.webmanifest"] {
        assert!(files.contains_key(name), "{name}: {files:?}");
    }
    assert_eq!(Pkg::iter().any(|name| is_wasm(&name)), files.contains_key("pkg/bilik_bg.wasm"));
    assert!(!files.contains_key(SERVICE_WORKER) && !files.keys().any(|name| name.ends_with(PICTURE)), "{files:?}");
}

#[test]
fn whatever_the_page_and_its_modules_import_is_kept_with_them() {
    let site = written(&App { mirrors: &[], public_keys: &[], threshold: 1, election: &election("Pemilu") });
    let (files, _) = shell(site.path());
    let is = |name: &str, what: &str| Path::new(name).extension().is_some_and(|extension| extension == what);
    for name in files.keys().filter(|name| is(name, "html") || is(name, "js") && !name.contains('/')) {
        let text = fs::read_to_string(site.path().join(name)).unwrap();
        let links = text.split("\"modulepreload\" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let imports = text.split("'./").skip(1).filter_map(|rest| rest.split('\'').next());
        for import in links.chain(imports).filter(|import| is(import, "js")) {
            assert!(files.contains_key(import), "{name} imports {import}: {files:?}");
        }
    }
}

#[test]
fn another_byte_of_the_app_is_another_version_and_the_same_bytes_are_the_same() {
    let [pemilu, pilkada] = [election("Pemilu"), election("Pilkada")];
    let version = |election| shell(written(&App { mirrors: &[], public_keys: &[], threshold: 1, election }).path()).1;
    assert_eq!(version(&pemilu), version(&pemilu));
    assert_ne!(version(&pemilu), version(&pilkada), "the name stands in the manifest");
    assert_eq!(version(&pemilu).len(), 16);
}

#[test]
fn the_manifest_is_named_after_the_election_whatever_its_name() {
    let name = "Pemilu \"baru\" \\ <b>\u{7}";
    let site = written(&App { mirrors: &[], public_keys: &[], threshold: 1, election: &election(name) });
    let text = fs::read_to_string(site.path().join("manifest.webmanifest")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(manifest["name"], format!("DEMO · {name}"));
    for icon in manifest["icons"].as_array().unwrap() {
        assert!(site.path().join(icon["src"].as_str().unwrap()).is_file(), "{icon}");
    }
}
