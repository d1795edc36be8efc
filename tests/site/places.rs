//! With the roll, `verify` compares what a site says of regions and stations with the operator's files; and `patch` names what it leaves.

use crate::{bilik, small};
use bilik_testkit::Operator;
use std::fs;

/// Changes a file of the election folder.
fn edit(operator: &Operator, file: &str, from: &str, to: &str) {
    let path = operator.election().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}:\n{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn verify(operator: &Operator, code: i32) -> String {
    operator.run_verify(&[&"--roll", &operator.election(), &"--all"]).exits_with(code).out
}

fn patch(operator: &Operator) -> String {
    let (election, key, site) = (operator.election(), operator.key(), operator.site());
    bilik(&[&"patch", &election, &"--key", &key, &"--out", &site]).exits_with(0).out
}

#[test]
fn a_patch_that_was_forgotten_is_noticed_though_everybody_is_led_to_their_station() {
    let operator = small();
    let certificate = operator.path().join("certificate.json");
    let certify = || operator.run_verify(&[&"--roll", &operator.election(), &"--certificate", &certificate]);
    edit(&operator, "stations.csv", "3901012001002,3901012001,002,Balai Contoh", "3901012001002,3901012001,003,SDN Contoh 2");
    let ran = certify().exits_with(1);
    let told = "station 3901012001002: stations.csv says otherwise: number, venue. Fix: `bilik patch`";
    assert!(ran.out.contains(told) && ran.out.contains("5 of 5 asked right"), "{}", ran.out);
    assert!(!certificate.exists() && ran.err.contains("no certificate was written"), "{}", ran.err);
    patch(&operator);
    certify().exits_with(0);
    assert!(certificate.exists());
    // Others of the same kind: a new station, one that is gone, one that is in another district now.
    let lines = fs::read_to_string(operator.election().join("stations.csv")).unwrap();
    let new = "3901012001901,3901012001,901,Lapas Contoh,Jl. Contoh No. 2,-6.4,106.8,,";
    fs::write(operator.election().join("stations.csv"), format!("{}\n{new}\n", lines.trim_end())).unwrap();
    assert!(verify(&operator, 1).contains("stations.csv: station 3901012001901 is in no list of the site."));
    fs::write(operator.election().join("stations.csv"), lines.replace("3902012001001,3902012001,", "3902012001001,3901012002,"))
        .unwrap();
    assert!(verify(&operator, 1).contains("station 3902012001001: stations.csv has it in village 3901012002."));
}

#[test]
fn another_time_zone_takes_a_build() {
    let operator = small();
    edit(&operator, "election.toml", "[tables]", "[time_zones]\n\"39\" = \"WIT\"\n\n[tables]");
    let (election, key, site) = (operator.election(), operator.key(), operator.site());
    let refused = bilik(&[&"patch", &election, &"--key", &key, &"--out", &site]).exits_with(2);
    assert!(refused.err.contains("election.toml: province 39 has the time zone WIT, but WIB in the site"), "{}", refused.err);
    assert!(verify(&operator, 1).contains("province 39 has the time zone WIB, but election.toml says WIT. Fix: build again"));
    operator.build();
    verify(&operator, 0);
}

#[test]
fn what_a_patch_leaves_as_it_was_is_named_by_it_and_by_verify() {
    for (file, from, to, ignored, told) in [
        ("regions.csv", "39,Contoh 39", "39,Lain", "regions", "region 39 is Contoh 39, but the regions file says Lain."),
        (
            "regions.csv",
            "3901,Contoh 3901",
            "3901,Lain",
            "regions",
            "region 3901 is Contoh 3901, but the regions file says Lain.",
        ),
        (
            "regions.csv",
            "3901012001,Contoh 3901012001",
            "3901012001,Lain",
            "regions",
            "region 3901012001 is Contoh 3901012001, but the regions file says Lain.",
        ),
    ] {
        let operator = small();
        assert!(!patch(&operator).contains("ignored"));
        edit(&operator, file, from, to);
        let out = patch(&operator);
        assert!(out.contains(&format!("run `bilik build` to apply them: {ignored}\n")), "{out}");
        let out = verify(&operator, 1);
        assert!(out.contains(told), "{out}");
        operator.build();
        verify(&operator, 0);
    }
}
