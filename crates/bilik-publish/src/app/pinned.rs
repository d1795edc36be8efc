//! Pinned versions: the files that run in a partner's own page, once more under `v/<version>/`. The version has a digest of
//! all of them in its name, so that a path never gets other bytes; a site keeps the versions that it had. A partner's page
//! names `element.js` there, with its integrity.

use super::{App, hex};
use sha2::{Digest as _, Sha256, Sha384};
use std::collections::BTreeMap;

/// From a pinned version to the site: what a mirror's relative address goes through.
const UP: &str = "../../";
/// Pages of the site itself, and its worker, which no other page can run.
const OF_THE_SITE: [&str; 4] = ["sw.js", "custom-elements.json", "examples", "embed-code"];

/// The files of one version.
#[derive(Default)]
pub(super) struct Pinned(BTreeMap<String, Vec<u8>>);

impl Pinned {
    /// Whether a version holds that file: all that an inline lookup loads, and `embed.html`, from which it takes its form.
    pub(super) fn holds(name: &str) -> bool {
        let is_kind = [".js", ".css", ".json", ".svg", ".wasm"].iter().any(|end| name.ends_with(end));
        let file = name.rsplit('/').next().unwrap_or(name);
        name == "embed.html" || is_kind && !OF_THE_SITE.iter().any(|start| file.starts_with(start))
    }

    /// An election's addresses as they are two folders deeper.
    pub(super) fn deeper(mirrors: &[String]) -> Vec<String> {
        let is_relative = |mirror: &str| !mirror.contains("://") && !mirror.starts_with('/');
        mirrors.iter().map(|mirror| if is_relative(mirror) { format!("{UP}{mirror}") } else { mirror.clone() }).collect()
    }

    pub(super) fn add(&mut self, name: &str, content: &[u8]) {
        self.0.insert(name.to_owned(), content.to_vec());
    }

    /// Its name: the program's version, for people, and what makes it unique.
    pub(super) fn version(&self) -> String {
        let line = |(name, content): (&String, &Vec<u8>)| format!("{name} {}\n", hex(&Sha256::digest(content)));
        let lines: Vec<_> = self.0.iter().map(line).collect();
        let digest: String = hex(&Sha256::digest(lines.concat())).chars().take(12).collect();
        format!("{}-{digest}", env!("CARGO_PKG_VERSION"))
    }

    /// What a browser compares `element.js` with before it runs it.
    pub(super) fn integrity(&self) -> String {
        let element = self.0.get("element.js").map(Vec::as_slice).unwrap_or_default();
        format!("sha384-{}", base64(&Sha384::digest(element)))
    }

    /// The files with their paths in the site.
    pub(super) fn files(&self) -> impl Iterator<Item = (String, &[u8])> {
        let folder = format!("v/{}", self.version());
        self.0.iter().map(move |(name, content)| (format!("{folder}/{name}"), content.as_slice()))
    }
}

/// Puts the form of `index.html` into a page that asks for it, so that there is one form only.
pub(super) fn include(page: &str, index: &str) -> String {
    let body = index.split_once("<body>").and_then(|(_, rest)| rest.split_once("</body>")).map_or("", |(body, _)| body);
    let preload: Vec<_> = index.lines().filter(|line| line.contains("rel=\"modulepreload\"")).collect();
    page.replace("{{preload}}", &preload.join("\n")).replace("{{body}}", body.trim())
}

/// What pages say of a pinned version.
pub(super) fn fill(page: &str, pinned: &Pinned) -> String {
    page.replace("{{version}}", &pinned.version()).replace("{{integrity}}", &pinned.integrity())
}

/// Whether a page can be written only once the version is known.
pub(super) fn waits(page: &str) -> bool {
    page.contains("{{version}}") || page.contains("{{integrity}}")
}

/// Articles that somebody made up have no place in a site that people vote by.
pub(super) fn is_wanted(name: &str, app: &App) -> bool {
    app.election.demo || !name.rsplit('/').next().is_some_and(|file| file.starts_with("examples"))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().chain([0, 0].iter()).take(3).fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte));
        let digit = |shift: usize| DIGITS.get(bits >> shift & 63).map_or('=', |&digit| char::from(digit));
        let digits = [18, 12, 6, 0].map(digit);
        text.extend(digits.iter().take(three.len() + 1));
        text.extend(std::iter::repeat_n('=', 3 - three.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilik::format::Election;
    use std::fs;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let known = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, coded) in known {
            assert_eq!(base64(text.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xff, 0xef, 0xbe]), "/+++");
    }

    #[test]
    fn another_byte_in_any_file_is_another_version() {
        let of = |element: &str, other: &str| {
            let mut pinned = Pinned::default();
            pinned.add("element.js", element.as_bytes());
            pinned.add("app.js", other.as_bytes());
            (pinned.version(), pinned.integrity())
        };
        assert_eq!(of("a", "b"), of("a", "b"));
        assert_ne!(of("a", "b").0, of("a", "c").0);
        assert_eq!(of("a", "b").1, of("a", "c").1);
        assert_ne!(of("a", "b").1, of("c", "b").1);
        assert!(of("", "").1.starts_with("sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"));
    }

    #[test]
    fn a_version_holds_what_runs_in_a_partners_page_and_nothing_else() {
        for name in
            ["element.js", "embed.html", "app.js", "css/bilik.css", "i18n/id.json", "icons/bilik.svg", "pkg/bilik_bg.wasm"]
        {
            assert!(Pinned::holds(name), "{name}");
        }
        for name in ["index.html", "sw.js", "examples.html", "css/examples.css", "embed-code.js", "icons/192.png"] {
            assert!(!Pinned::holds(name), "{name}");
        }
    }

    #[test]
    fn addresses_are_those_of_the_site_from_two_folders_deeper() {
        let mirrors = ["./", "/files/", "https://a.example/x/"].map(String::from);
        assert_eq!(Pinned::deeper(&mirrors), ["../.././", "/files/", "https://a.example/x/"]);
    }

    #[test]
    fn a_page_takes_the_form_and_the_preloads_of_the_index() {
        let index = "<head>\n<link rel=\"modulepreload\" href=\"a.js\">\n</head>\n<body>\n<main></main>\n</body>";
        let page = include("{{preload}}|{{body}}|{{mirrors}}", index);
        assert_eq!(page, "<link rel=\"modulepreload\" href=\"a.js\">|<main></main>|{{mirrors}}");
    }

    #[test]
    fn a_site_has_its_version_whole_and_keeps_the_one_before() {
        let (help_phone, help_url) = (None, None);
        let election = |id: &str, demo| {
            let (help_phone, help_url) = (help_phone.clone(), help_url.clone());
            Election { id: id.into(), name: "Pemilu".into(), day: 0, opens: 0, closes: 1, demo, help_phone, help_url }
        };
        let site = tempfile::tempdir().unwrap();
        let mirrors = [String::from("./")];
        let versions = || fs::read_dir(site.path().join("v")).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        let write = |election: &Election| {
            super::super::write(site.path(), &App { mirrors: &mirrors, public_keys: &[], threshold: 1, election }).unwrap();
        };
        write(&election("one", false));
        assert!(!site.path().join("examples.html").exists());
        let first = versions();
        let page = fs::read_to_string(first[0].join("embed.html")).unwrap();
        assert!(page.contains("content=\"../.././\"") && page.contains("id=\"form\"") && !page.contains("{{"), "{page}");
        assert_eq!(fs::read(first[0].join("element.js")).unwrap(), fs::read(site.path().join("element.js")).unwrap());
        write(&election("one", false));
        assert_eq!(versions(), first);
        write(&election("two", true));
        assert_eq!(versions().len(), 2);
        assert!(first[0].is_dir() && site.path().join("examples.html").exists());
        let code = fs::read_to_string(site.path().join("embed-code.html")).unwrap();
        assert!(code.contains("integrity=") && !code.contains("{{"), "{code}");
    }
}
