//! Witnesses that `election.toml` names: what the page gets of them, and what is refused.

use crate::{bilik, small};
use bilik::format::WitnessStatement;
use bilik_publish::signing;
use bilik_testkit::Operator;
use std::fs;

/// The public half of a new key.
fn witness(operator: &Operator, name: &str) -> bilik::format::PublicKey {
    signing::generate(&operator.path().join(name)).unwrap().0
}

/// Says this of the site, and takes it back afterwards.
fn with(operator: &Operator, settings: &str, then: impl FnOnce()) {
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, format!("{text}\n[site]\n{settings}\n")).unwrap();
    then();
    fs::write(&toml, text).unwrap();
}

#[test]
fn a_page_carries_the_witnesses_that_are_named_and_no_other_page_says_a_word_of_any() {
    let operator = small();
    let page = |path: &str| fs::read_to_string(operator.site().join(path)).unwrap();
    let json = || -> serde_json::Value { serde_json::from_str(&page("site.json")).unwrap() };
    for path in ["index.html", "embed.html", "inline.html", "site.json"] {
        assert!(!page(path).contains("witness"), "{path}");
    }
    let key = witness(&operator, "W");
    let settings =
        format!("witnesses = [{{ name = \"Saksi <\\\"Satu\\\">\", public_key = \"{key}\" }}]\nwitness_max_age = \"2h\"\n");
    with(&operator, &settings, || {
        let (election, site, secret) = (operator.election(), operator.site(), operator.key());
        // A patch writes no page, and says so.
        let stations = election.join("stations.csv");
        let text = fs::read_to_string(&stations).unwrap();
        fs::write(&stations, text.replacen("Balai", "Gedung", 1)).unwrap();
        let patched = bilik(&[&"patch", &election, &"--key", &secret, &"--out", &site]).exits_with(0);
        let said = patched.printed();
        assert!(said.contains("ignored: these settings differ") && said.contains("witnesses"), "{said}");
        operator.build_again();
        let named =
            serde_json::json!([{ "name": "Saksi <\"Satu\">", "key": key.to_string(), "path": WitnessStatement::path(&key) }]);
        assert_eq!(json()["witnesses"], serde_json::json!({ "threshold": 1, "maxAge": 7_200, "named": named }));
        for path in ["index.html", "embed.html"] {
            let text = page(path);
            let (_, rest) = text.split_once("<meta name=\"bilik-witnesses\" content=\"").unwrap();
            let content = rest.split('"').next().unwrap().replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
            let content = content.replace("&#x2f;", "/").replace("&amp;", "&");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&content).unwrap(), json()["witnesses"], "{path}");
        }
        assert!(!page("inline.html").contains("bilik-witnesses"), "what partners pin has no keys");
        // The page is as its values say.
        operator.run_verify(&[]).exits_with(0);
    });
}

#[test]
fn witnesses_in_election_toml_are_validated() {
    let operator = small();
    let key = witness(&operator, "W");
    let one = format!("{{ name = \"Saksi\", public_key = \"{key}\" }}");
    let named = format!("witnesses = [{one}]\n");
    let nine =
        (0..9).map(|at| witness(&operator, &format!("W{at}"))).map(|key| format!("{{ name = \"S\", public_key = \"{key}\" }}"));
    for (said, expected) in [
        ("witnesses = [{ name = \"Saksi\", public_key = \"bilik-public-key:00\" }]".to_owned(), "invalid value for `public_key`"),
        (format!("witnesses = [{one}, {one}]"), "each witness once"),
        (format!("witnesses = [{{ name = \" \", public_key = \"{key}\" }}]"), "what people call the witness"),
        (format!("witnesses = [{}]", nine.collect::<Vec<_>>().join(", ")), "`witnesses` names 9. Expected: at most 8"),
        (format!("{named}witness_threshold = 0"), "invalid value for `witness_threshold`"),
        (format!("{named}witness_threshold = 2"), "1 to the number of `witnesses`"),
        ("witness_threshold = 1".to_owned(), "1 to the number of `witnesses`"),
        (format!("{named}witness_max_age = \"soon\""), "a length of time such as"),
        (format!("{named}witness_max_age = \"400d\""), "a length of time such as"),
        ("witnesses = [{ name = \"Saksi\" }]".to_owned(), "public_key"),
        (format!("witnesses = [{{ name = \"Saksi\", public_key = \"{key}\", url = \"x\" }}]"), "url"),
    ] {
        with(&operator, &said, || {
            let ran = operator.run_build(&[]);
            assert!(ran.code > 0 && ran.err.contains(expected), "{said}: {}", ran.printed());
        });
    }
}
