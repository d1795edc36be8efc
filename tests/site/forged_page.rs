//! `verify` and a page whose host changed `site.json` and every file with it, so that they agree with each other; and a site that
//! lacks files which only some visitors need.

use crate::hosting::verify;
use crate::{BILIK, bilik};
use bilik::format::PublicKey;
use bilik_publish::app::{self, SiteFile};
use bilik_publish::signing;
use bilik_testkit::{Election, Operator, RunOutput, Served};
use std::fs;
use std::path::Path;

/// Without pages of stations, which a forger would have to change, too.
const SETTINGS: &str = r#"help_phone = "0800 555 0100"
[tables]
min_voters = 1
[site]
station_pages = false
[organiser]
name = "Komisi Contoh"
url = "https://kpu.example/"
privacy_contact = "privasi@kpu.example"
logo = "logo.svg"
[rights.id]
dpk = "Aturan contoh."
"#;
const LOGO: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>"#;
const OTHER_LOGO: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>"#;

fn built() -> Operator {
    let election = Election::of_stations(&["3901012001001", "3902012001001"]).settings(SETTINGS).with("logo.svg", LOGO).voters(
        "3901011201900001,Budi Santoso,3901012001001,\n\
         3901011301900001,Dewi Lestari,3902012001001,3901012001\n",
    );
    let operator = election.operator(BILIK);
    operator.build();
    operator
}

/// What a forger changes.
type Change = fn(&mut app::PageElection);

/// Changes what a site says of itself, and composes all of its app from that.
fn forge(site: &Path, change: impl FnOnce(&mut SiteFile)) {
    let path = site.join("site.json");
    let mut described = SiteFile::parse(&fs::read(&path).unwrap()).unwrap();
    change(&mut described);
    let logo = fs::read(site.join("logo.svg")).ok();
    let composed = app::recomposed(&described, logo.as_deref()).unwrap().unwrap();
    for (path, content) in &composed.files {
        let path = site.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    fs::write(path, serde_json::to_vec_pretty(&composed.site).unwrap()).unwrap();
}

fn with_roll(operator: &Operator) -> RunOutput {
    operator.run_verify(&[&"--roll", &operator.election()])
}

#[test]
fn what_the_manifest_signs_is_compared_with_the_page() {
    let operator = built();
    let site = operator.site();
    operator.run_verify(&[]).exits_with(0);
    let described = fs::read(site.join("site.json")).unwrap();
    let original = SiteFile::parse(&described).unwrap();
    let changes: [(&str, &str, &str, Change); 7] = [
        ("helpPhone", r#""0900 1""#, r#""0800 555 0100""#, |page| page.help_phone = Some("0900 1".into())),
        ("helpPhone", "nothing", r#""0800 555 0100""#, |page| page.help_phone = None),
        ("helpUrl", r#""https://evil.example/""#, "nothing", |page| page.help_url = Some("https://evil.example/".into())),
        ("name", r#""Pemilu Lain""#, r#""Pemilu Uji""#, |page| page.name = "Pemilu Lain".into()),
        ("day", r#""2029-02-15""#, r#""2029-02-14""#, |page| page.day = "2029-02-15".into()),
        ("hours", r#"["09:00","13:00"]"#, r#"["07:00","13:00"]"#, |page| page.hours[0] = "09:00".into()),
        ("demo", "false", "true", |page| page.demo = false),
    ];
    for (name, said, signed, change) in changes {
        forge(&site, |page| change(&mut page.election));
        let out = operator.run_verify(&[]).exits_with(1).out;
        let refused = format!("REFUSED site.json: `election.{name}` is {said}, but the signed manifest says {signed}: ");
        assert!(out.contains(&refused), "{name}: {out}");
        let refusals = out.lines().filter(|line| line.starts_with("REFUSED")).count();
        assert_eq!(refusals, 1, "{name} is forged throughout: {out}");
        forge(&site, |page| *page = original.clone());
    }
    operator.run_verify(&[]).exits_with(0);
}

#[test]
fn what_nothing_signs_is_printed_and_compared_with_the_configuration() {
    let operator = built();
    let site = operator.site();
    let out = with_roll(&operator).exits_with(0).out;
    assert!(!out.contains("Nothing signs"), "{out}");
    let original = SiteFile::parse(&fs::read(site.join("site.json")).unwrap()).unwrap();
    let witness = signing::generate(&operator.path().join("W")).unwrap().0;
    let forged = |page: &mut SiteFile| {
        let organiser = page.election.organiser.as_mut().unwrap();
        organiser.url = "https://evil.example/".into();
        organiser.privacy_contact = "evil@evil.example".into();
        page.election.rights.get_mut("id").unwrap().insert("dpk".into(), "Tidak boleh.".into());
        page.election.legal_basis = Some("Undang-undang palsu".into());
        page.mirrors = vec!["./".into(), "https://evil.example/".into()];
        page.address = Some("https://evil.example/".into());
        let named = vec![app::PageWitness { name: "Saksi".into(), key: witness.to_string(), path: "w/0.bilik".into() }];
        page.witnesses = Some(app::PageWitnesses { threshold: 1, max_age: 86_400, named });
    };
    forge(&site, forged);
    // Nobody outside can know better, and is told what to compare.
    let out = operator.run_verify(&[]).exits_with(0).out;
    for line in [
        "Nothing signs what follows. Compare it with what the organiser says elsewhere, or verify with --roll:",
        "  organiser: Komisi Contoh (Komisi Contoh), https://evil.example/",
        "  asked about personal data: evil@evil.example",
        "  logo: logo.svg",
        "  legal basis: Undang-undang palsu",
        "  address: https://evil.example/",
        "  mirrors: ./ https://evil.example/",
        "  witnesses: 1 of 1, within 86400 s",
        &format!("  witness: Saksi, {witness}"),
        "  rights, id, dpk: Tidak boleh.",
    ] {
        assert!(out.lines().any(|one| one == line), "{line}: {out}");
    }
    let unsigned = &operator.run_verify(&[&"--json"]).exits_with(0).json()["unsigned"];
    assert_eq!(unsigned["organiser"]["privacyContact"], "evil@evil.example");
    assert_eq!(
        (&unsigned["mirrors"][1], &unsigned["rights"]["id"]["dpk"]),
        (&"https://evil.example/".into(), &"Tidak boleh.".into())
    );
    assert_eq!((&unsigned["legalBasis"], &unsigned["witnesses"]["threshold"]), (&"Undang-undang palsu".into(), &1.into()));
    // The operator does.
    let out = with_roll(&operator).exits_with(1).out;
    for said in [
        r#"`election.organiser.url` is "https://evil.example/", but election.toml says "https://kpu.example/": "#,
        r#"`election.organiser.privacyContact` is "evil@evil.example", but election.toml says "privasi@kpu.example": "#,
        r#"`election.rights.id.dpk` is "Tidak boleh.", but election.toml says "Aturan contoh.": "#,
        r#"`election.legalBasis` is "Undang-undang palsu", but election.toml says nothing: "#,
        r#"`mirrors` is ["./","https://evil.example/"], but election.toml says "#,
        r#"`address` is "https://evil.example/", but election.toml says nothing: "#,
        r#"`witnesses.named.1.name` is "Saksi", but election.toml says nothing: "#,
        "`witnesses.threshold` is 1, but election.toml says nothing: ",
        "`witnesses.maxAge` is 86400, but election.toml says nothing: ",
    ] {
        assert!(out.contains(&format!("REFUSED site.json: {said}")), "{said}: {out}");
    }
    assert!(out.contains("The roll was not checked"), "{out}");
    forge(&site, |page| *page = original.clone());
    // Another picture, of which the pinned folder's name tells.
    fs::write(site.join("logo.svg"), OTHER_LOGO).unwrap();
    forge(&site, |_| ());
    operator.run_verify(&[]).exits_with(0);
    let out = with_roll(&operator).exits_with(1).out;
    assert!(out.contains("REFUSED logo.svg: another picture than the logo that election.toml names"), "{out}");
    fs::write(site.join("logo.svg"), LOGO).unwrap();
    // A page that demands fewer signatures, or lacks a key, or has one more.
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    let key = |name: &str| fs::read_to_string(operator.path().join(name)).unwrap().trim().to_owned();
    let keys = format!("[site]\npublic_keys = [\"{}\", \"{}\"]\nthreshold = 2", key("KEY.pub"), key("W.pub"));
    forge(&site, |page| *page = original.clone());
    fs::write(&toml, text.replace("[site]", &keys)).unwrap();
    let out = with_roll(&operator).exits_with(1).out;
    assert!(out.contains(&format!("REFUSED site.json: `publicKeys` lacks {witness}, which is in election.toml")), "{out}");
    assert!(out.contains("`threshold` is 1, but election.toml says 2: "), "{out}");
    assert!(PublicKey::parse(&key("W.pub")) == Some(witness));
}

#[test]
fn every_file_of_a_site_must_be_there() {
    let operator = built();
    let site = operator.site();
    let pinned = SiteFile::parse(&fs::read(site.join("site.json")).unwrap()).unwrap().pinned;
    let aside = operator.path().join("aside");
    let paths =
        ["witness.js", "kiosk.js", "qr.js", "element.js", "embed.html", "custom-elements.json", "privacy.en.html", "logo.svg"];
    let of_pinned = format!("{pinned}/element.js");
    for path in paths.into_iter().chain([pinned.as_str(), &of_pinned]) {
        fs::rename(site.join(path), &aside).unwrap();
        let out = operator.run_verify(&[]).exits_with(1).out;
        let refused: Vec<_> =
            out.lines().filter(|line| line.starts_with(&format!("REFUSED {path}: there is no such file"))).collect();
        assert_eq!(refused.len(), 1, "{path}: {out}");
        assert!(refused[0].contains("every site has it") && refused[0].contains("--data-only"), "{out}");
        assert!(path == "logo.svg" || out.matches("REFUSED").count() == 1, "{path}: {out}");
        fs::rename(&aside, site.join(path)).unwrap();
    }
    operator.run_verify(&[]).exits_with(0);
    // A host says the same; and where there is no page at all, that alone.
    fs::remove_file(site.join("witness.js")).unwrap();
    let server = Served::start(site.clone(), None);
    let out = verify(&operator, &server.address(), &[]).exits_with(1).out;
    assert!(out.contains("REFUSED witness.js: there is no such file (404), and every site has it"), "{out}");
    fs::remove_file(site.join("index.html")).unwrap();
    let out = operator.run_verify(&[]).exits_with(1).out;
    assert!(out.contains("REFUSED index.html: ") && !out.contains("witness.js"), "{out}");
    bilik(&[&"verify", &site, &"--public-key", &operator.public_key(), &"--data-only"]).exits_with(0);
}
